-- What did the topic decision let in by a hair, or take back? Parsed, not executed; duckdb/scope.sql asks
-- the same, and also counts what was kept out, by the manifests, which Athena cannot read as a table.
-- kind 'near': kept with a score below 0.6 (the producer's threshold is 0.5 by default); 'left': withdrawn because it is
-- no longer about the topic.
-- Replace the drop dates, both included.
SELECT 'near' AS kind, source, topic.score AS score, drop_date, article_id, title
FROM attache_articles
WHERE topic.score < 0.6 AND drop_date BETWEEN '2026-10-22' AND '2026-11-21'
UNION ALL
SELECT 'left', source, topic.score, drop_date, article_id, title
FROM attache_revisions
WHERE change_type = 'withdrawn' AND change_reason = 'topic' AND drop_date BETWEEN '2026-10-22' AND '2026-11-21'
ORDER BY 1, 2, 3;
