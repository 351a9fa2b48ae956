-- What is known of each article, as of a day?
-- One row an article: its latest revision, newest news first. An article that was withdrawn, by its publisher or
-- because it left the topic, is not there. Without as_of these are the rows of the view articles.
-- Variables: as_of  the last drop to be read, such as 2026-11-21; the newest when unset
SELECT article_id, revision, source, language, day_of(coalesce(published_at, first_seen_at)) AS day, countries, acts, title, url
FROM (
    SELECT * FROM revisions
    WHERE drop_date <= coalesce(getvariable('as_of')::DATE, 'infinity'::DATE)
    QUALIFY revision = max(revision) OVER (PARTITION BY article_id))
WHERE change_type <> 'withdrawn'
ORDER BY coalesce(published_at, first_seen_at) DESC, article_id;
