-- How much is written about two countries together, month by month? Parsed, not executed; duckdb/pair.sql
-- asks the same.
-- One row a month with news: articles; first_told, those that neither repeat nor retell an earlier one; sources; acts; the
-- title with the highest score. Naming is not meeting.
-- Replace VN and CN, ISO 3166-1 codes, and the zone whose months are meant.
SELECT date_trunc('month', with_timezone(coalesce(published_at, first_seen_at), 'UTC') AT TIME ZONE 'Asia/Ho_Chi_Minh') AS month,
    count(*) AS articles,
    count_if(duplicate_of IS NULL AND cardinality(same_story) = 0) AS first_told,
    count(DISTINCT source) AS sources,
    array_sort(array_distinct(flatten(array_agg(acts)))) AS acts,
    max_by(title, topic.score) AS title
FROM attache_articles
WHERE contains(countries, 'VN') AND contains(countries, 'CN')
GROUP BY 1
ORDER BY 1;
