-- Who met whom? Parsed, not executed; duckdb/met.sql asks the same.
-- One row for each article about a meeting and each pair of countries it names, newest first. Rows with the same story
-- tell of one event. An article that names three countries gives three pairs: read the title before you call it a meeting.
-- Replace the two days, both included, their zone, and the acts that count as meeting.
WITH news AS (
    SELECT *, date(with_timezone(coalesce(published_at, first_seen_at), 'UTC') AT TIME ZONE 'Asia/Ho_Chi_Minh') AS day
    FROM attache_articles)
SELECT a, b, day, array_intersect(acts, ARRAY['visit', 'talks', 'dialogue']) AS acts, source, title, url,
    coalesce(duplicate_of, element_at(same_story, 1), article_id) AS story, article_id
FROM news
CROSS JOIN UNNEST(countries) AS x(a)
CROSS JOIN UNNEST(countries) AS y(b)
WHERE a < b AND arrays_overlap(acts, ARRAY['visit', 'talks', 'dialogue']) AND day BETWEEN DATE '2026-10-22' AND DATE '2026-11-21'
ORDER BY day DESC, a, b, article_id;
