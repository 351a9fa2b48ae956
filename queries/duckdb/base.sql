-- What the queries beside this file stand on. Read it after articles.sql, with the same variable:
--   SET VARIABLE drops = 'DIR';   -- the folder that holds v1/
--
-- Views: news       the view articles with two columns more: day, when it was published, else first seen;
--                   story, the article_id that it repeats or retells by duplicate_of and same_story, its own when it does not
--        manifests  the newest manifest of each drop
--        ledger     one row for each drop and source: what became of the addresses that were opened
--        missing    one row for each thing that is known to be missing, whatever says so; a ledger names the ten most
--                   frequent reasons of a source, what it does not name are other reasons
-- Macros: day_of(t)       the calendar day of an instant, in the variable zone; Asia/Ho_Chi_Minh when unset
--         in_period(day)  between the variables since and until, both included; a month up to the newest drop when unset
--         meets(acts, usual)  those that the variable acts names, separated by commas; usual when unset
--         fold(text)      small letters without diacritics, đ as d, one blank around each word

CREATE OR REPLACE MACRO day_of(t) AS (t AT TIME ZONE coalesce(getvariable('zone'), 'Asia/Ho_Chi_Minh'))::DATE;

CREATE OR REPLACE MACRO fold(text) AS
    ' ' || trim(regexp_replace(replace(strip_accents(lower(coalesce(text, ''))), 'đ', 'd'), '[^\p{L}\p{N}]+', ' ', 'g')) || ' ';

CREATE OR REPLACE MACRO meets(acts, usual) AS list_sort(list_intersect(acts, string_split(coalesce(getvariable('acts'), usual), ',')));

-- Links point back in time; an article may retell one that retells another. Of several first tellings the least id stands.
CREATE OR REPLACE VIEW news AS
WITH RECURSIVE
    link AS (SELECT article_id, unnest(list_append(same_story, duplicate_of)) AS earlier FROM articles),
    reached AS (
        SELECT * FROM link WHERE earlier IS NOT NULL
        UNION
        SELECT r.article_id, l.earlier FROM reached r JOIN link l ON r.earlier = l.article_id WHERE l.earlier IS NOT NULL),
    told AS (SELECT article_id, min(earlier) AS story FROM reached WHERE earlier NOT IN (SELECT article_id FROM reached) GROUP BY ALL)
SELECT a.*, day_of(coalesce(published_at, first_seen_at)) AS day, coalesce(story, article_id) AS story
FROM articles a LEFT JOIN told USING (article_id);

CREATE OR REPLACE VIEW manifests AS
SELECT *
FROM read_json(getvariable('drops') || '/v1/_manifests/*/r*.json', format = 'unstructured', hive_partitioning = false, columns = {
    drop_date: 'DATE', zone: 'VARCHAR', rev: 'INTEGER', reason: 'VARCHAR', schema_version: 'VARCHAR', producer: 'VARCHAR',
    "window": 'STRUCT("from" TIMESTAMPTZ, "to" TIMESTAMPTZ)', sealed_at: 'TIMESTAMPTZ', running: 'BOOLEAN', begins: 'BOOLEAN', rows: 'BIGINT',
    files: 'STRUCT("key" VARCHAR, "bytes" BIGINT, sha256 VARCHAR, "rows" BIGINT, format VARCHAR)[]',
    sources: 'MAP(VARCHAR, STRUCT("rows" BIGINT, watched BOOLEAN, rules VARCHAR[], robots MAP(VARCHAR, VARCHAR), terms VARCHAR,
        ledger STRUCT(carried_in BIGINT, opened MAP(VARCHAR, BIGINT), closed MAP(VARCHAR, BIGINT), carried_out BIGINT,
            missing STRUCT(outcome VARCHAR, reason VARCHAR, count BIGINT, example VARCHAR)[])))',
    gaps: 'STRUCT("from" TIMESTAMPTZ, "to" TIMESTAMPTZ, source VARCHAR, note VARCHAR)[]'})
QUALIFY rev = max(rev) OVER (PARTITION BY drop_date);

CREATE OR REPLACE MACRO until() AS coalesce(getvariable('until')::DATE, (SELECT max(drop_date) FROM manifests));
CREATE OR REPLACE MACRO since() AS coalesce(getvariable('since')::DATE, (until() - INTERVAL 1 MONTH)::DATE);
CREATE OR REPLACE MACRO in_period(day) AS day BETWEEN since() AND until();

-- The counts of a source without a ledger, which had no work in the drop's window, are null.
CREATE OR REPLACE MACRO total(l, counts) AS CASE WHEN l.carried_in IS NOT NULL THEN coalesce(list_sum(map_values(counts)), 0)::BIGINT END;
CREATE OR REPLACE MACRO closed(l, outcome) AS CASE WHEN l.carried_in IS NOT NULL THEN coalesce(l.closed[outcome], 0) END;

CREATE OR REPLACE VIEW ledger AS
WITH entries AS (SELECT drop_date, unnest(map_entries(sources)) AS e FROM manifests),
     ledgers AS (SELECT drop_date, e.key AS source, e.value.rows AS rows, e.value.watched AS watched, e.value.ledger AS l FROM entries)
SELECT drop_date, source, rows, watched, l.carried_in AS carried_in, total(l, l.opened) AS opened,
    closed(l, 'stored') AS stored, closed(l, 'revised') AS revised, closed(l, 'unchanged') AS unchanged,
    closed(l, 'duplicate') AS duplicate, closed(l, 'out_of_scope') AS out_of_scope, closed(l, 'quarantined') AS quarantined,
    closed(l, 'withdrawn') AS withdrawn, closed(l, 'blocked') AS blocked, closed(l, 'failed') AS failed,
    l.carried_out AS carried_out, l.carried_in + total(l, l.opened) = total(l, l.closed) + l.carried_out AS balances, l.missing AS missing
FROM ledgers;

CREATE OR REPLACE VIEW missing AS
SELECT drop_date, '' AS source, 'attache was not running' AS what, NULL::BIGINT AS addresses, NULL AS example FROM manifests WHERE NOT running
UNION ALL
SELECT drop_date, '', 'the state of the days before was lost: what was open then is not counted', NULL, NULL
FROM manifests WHERE begins AND drop_date > (SELECT min(drop_date) FROM manifests)
UNION ALL
SELECT day::DATE, '', 'no sealed drop', NULL, NULL
FROM (SELECT unnest(generate_series(min(drop_date), max(drop_date), INTERVAL 1 DAY)) AS day FROM manifests)
WHERE day::DATE NOT IN (SELECT drop_date FROM manifests)
UNION ALL
SELECT drop_date, g.source, 'gap from ' || strftime(g."from" AT TIME ZONE zone, '%d %b %H:%M') || ' to ' || strftime(g."to" AT TIME ZONE zone, '%d %b %H:%M') || ': ' || g.note, NULL, NULL
FROM (SELECT drop_date, zone, unnest(gaps) AS g FROM manifests)
UNION ALL
SELECT drop_date, source, m.outcome || ': ' || m.reason, m.count, m.example
FROM (SELECT drop_date, source, unnest(missing) AS m FROM ledger)
UNION ALL
SELECT drop_date, source, outcome || ': other reasons', n - named, NULL
FROM (
    SELECT drop_date, source, l.outcome, l.n, coalesce(list_sum([m.count FOR m IN missing IF m.outcome = l.outcome]), 0)::BIGINT AS named
    FROM ledger, unnest([{outcome: 'failed', n: failed}, {outcome: 'blocked', n: blocked}, {outcome: 'quarantined', n: quarantined}]) AS x(l))
WHERE n > named
UNION ALL
SELECT drop_date, source, 'still open at the end of the day', carried_out, NULL FROM ledger WHERE carried_out > 0
UNION ALL
SELECT drop_date, source, 'the ledger does not add up', NULL, NULL FROM ledger WHERE NOT balances
UNION ALL
SELECT drop_date, source, 'no ledger', NULL, NULL FROM ledger WHERE balances IS NULL AND rows > 0;
