-- How much does each source give, and how late? Parsed, not executed; duckdb/coverage.sql asks the same.
-- One row a source: drops in which it had rows; articles at their latest revision; minutes from published_at to
-- first_seen_at, median and 90th percentile, without backfilled rows and pages that give no time of day.
-- What is missing is said by the manifests alone, which Athena cannot read as a table: use duckdb/missing.sql.
-- Replace the two drop dates, both included.
SELECT source, count(DISTINCT drop_date) AS drops_with_rows, max(drop_date) AS last_rows, count(*) AS articles,
    count_if(backfilled) AS backfilled, count_if(extractor.kind = 'fallback') AS fallback, count_if(published_at IS NULL) AS undated,
    approx_percentile(CASE WHEN NOT backfilled AND published_precision <> 'day' THEN date_diff('minute', published_at, first_seen_at) END, ARRAY[0.5, 0.9]) AS late
FROM attache_articles
WHERE drop_date BETWEEN '2026-10-22' AND '2026-11-21'
GROUP BY source
ORDER BY source;
