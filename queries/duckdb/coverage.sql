-- How much does each source give, how complete are its rows, and how late do they come?
-- One row a source:
--   watched    drops in whose window it was looked at; silent, those of them in which no address was opened
--   with_rows  drops in which it has rows; last_rows, the last of them
--   articles   at their latest revision, counted in the drop that holds it; backfilled, fallback, undated, without_lede of them
--   late_…     minutes from published_at to first_seen_at of what was news when it was read, without backfilled rows and
--              pages that give no time of day: half were seen by late_median, nine of ten by late_p90
--   opened     addresses; lost, those that ended failed, blocked or quarantined
-- Variables: since, until  drops, both included; the month up to the newest when unset
WITH days AS (
    SELECT source, count(*) FILTER (watched) AS watched, count(*) FILTER (watched AND coalesce(opened, 0) = 0) AS silent,
        count(*) FILTER (rows > 0) AS with_rows, max(drop_date) FILTER (rows > 0) AS last_rows,
        sum(opened)::BIGINT AS opened, sum(failed + blocked + quarantined)::BIGINT AS lost
    FROM ledger WHERE in_period(drop_date) GROUP BY source),
texts AS (
    SELECT source, count(*) AS articles, count(*) FILTER (backfilled) AS backfilled,
        count(*) FILTER (extractor.kind = 'fallback') AS fallback, count(*) FILTER (published_at IS NULL) AS undated,
        count(*) FILTER (lede IS NULL) AS without_lede,
        quantile_disc(date_diff('minute', published_at, first_seen_at), [0.5, 0.9]) FILTER (NOT backfilled AND published_precision <> 'day') AS late
    FROM articles WHERE in_period(drop_date) GROUP BY source)
SELECT source, watched, silent, with_rows, last_rows, coalesce(articles, 0) AS articles, backfilled, fallback, undated, without_lede,
    late[1] AS late_median, late[2] AS late_p90, opened, lost
FROM days LEFT JOIN texts USING (source)
ORDER BY source;
