-- What is known of each article, as of a day? Parsed, not executed; duckdb/latest.sql asks the same.
-- One row an article: its latest revision, newest news first; withdrawn ones are not there.
-- Replace 2026-11-21 by the last drop to be read. For the newest state read attache_articles.
SELECT article_id, revision, source, language, coalesce(published_at, first_seen_at) AS at, countries, acts, title, url
FROM (
    SELECT *, row_number() OVER (PARTITION BY article_id ORDER BY revision DESC) AS n
    FROM attache_revisions
    WHERE drop_date <= '2026-11-21')
WHERE n = 1 AND change_type <> 'withdrawn'
ORDER BY at DESC, article_id;
