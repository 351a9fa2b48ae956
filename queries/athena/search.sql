-- Which articles say these words? Parsed, not executed; duckdb/search.sql asks the same.
-- One row an article whose title, lede and text hold all phrases, newest first. Case and diacritics do not matter on
-- either side, đ is d; words of a phrase stand together and are whole. For Chinese leave out the blanks around %.
-- Replace the phrases, and the drop dates to keep the scan small.
WITH plain AS (
    SELECT *, ' ' || regexp_replace(replace(regexp_replace(normalize(lower(title || ' ' || coalesce(lede, '') || ' ' || body_text), NFD), '\p{M}', ''), 'đ', 'd'), '[^\p{L}\p{N}]+', ' ') || ' ' AS words
    FROM attache_articles
    WHERE drop_date BETWEEN '2026-10-22' AND '2026-11-21')
SELECT published_at, source, language, title, url, article_id
FROM plain
WHERE words LIKE '% doi thoai %' AND words LIKE '% nhat ban %'
ORDER BY published_at DESC, article_id;
