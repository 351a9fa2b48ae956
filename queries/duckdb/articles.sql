-- Generated from internal/article/declared.go by "go generate ./internal/schema". Do not edit.
-- The rows of sealed drops as two views, for DuckDB 1.5.6 or later. First say where the drops are: the
-- folder that holds v1/, or a bucket by httpfs.
--
--   SET VARIABLE drops = '/data/attache';    -- or 's3://bucket/prefix'
--   .read queries/duckdb/articles.sql
--
-- revisions    every row of every drop once, with its drop_date and the drop's rev
-- articles     the latest revision of each article; withdrawn ones are left out
--
-- Only files named by the newest manifest of their day are read: no row comes twice while a drop is being
-- replaced. A file that a manifest names and that is not there goes unnoticed: attache drop verify finds it.

CREATE OR REPLACE VIEW revisions AS
WITH newest AS (
    SELECT files
    FROM read_json(getvariable('drops') || '/v1/_manifests/*/r*.json', format = 'unstructured', hive_partitioning = false,
        columns = {drop_date: 'DATE', rev: 'INTEGER', files: 'STRUCT("key" VARCHAR)[]'})
    QUALIFY rev = max(rev) OVER (PARTITION BY drop_date)
), sealed AS (
    SELECT unnest(files).key AS key FROM newest
)
SELECT * EXCLUDE (filename)
FROM read_parquet(getvariable('drops') || '/v1/parquet/*/*/*.parquet', filename = true, union_by_name = true,
    hive_partitioning = true, hive_types = {drop_date: DATE, rev: INTEGER})
WHERE regexp_extract(filename, 'v1/parquet/[^/]*/[^/]*/[^/]*$') IN (SELECT key FROM sealed);

CREATE OR REPLACE VIEW articles AS
SELECT *
FROM revisions
WHERE change_type <> 'withdrawn' AND (article_id, revision) IN (SELECT (article_id, max(revision)) FROM revisions GROUP BY article_id);

COMMENT ON COLUMN revisions.article_id IS 'Identity of the article: the source and the publisher''s own number for it. The same article keeps it when its address or title changes.';
COMMENT ON COLUMN revisions.revision IS '1 for the first reading, one more for each later one that differs in title, lede, body or published time, and for a withdrawal. article_id and revision together are unique over all drops.';
COMMENT ON COLUMN revisions.change_type IS 'What this revision is to the one before it. A withdrawn revision repeats the last text; the article is no longer there, or no longer on the topic.';
COMMENT ON COLUMN revisions.change_reason IS 'Whose doing the revision is: the publisher''s, by editing; ours, by reading the page with better rules; or the topic decision''s. A takedown is nobody''s edit: the row is a tombstone, without its text and with the reason in quality.';
COMMENT ON COLUMN revisions.source IS 'Id of the source. One publisher''s language editions are sources of their own.';
COMMENT ON COLUMN revisions.url IS 'The address as it was listed.';
COMMENT ON COLUMN revisions.canonical_url IS 'The address the page gives as its own, if that is of the same article; else the one it was fetched from.';
COMMENT ON COLUMN revisions.title IS 'The headline, without the name of the site.';
COMMENT ON COLUMN revisions.lede IS 'The paragraph the publisher sets apart above the text. It is not repeated in body_text. Null when there is none.';
COMMENT ON COLUMN revisions.body_text IS 'The text of the article: paragraphs with an empty line between two, without captions, related headlines, comments and advertisements.';
COMMENT ON COLUMN revisions.language IS 'Language of the text, BCP 47: the one declared for the source, else the page''s own; und when neither says.';
COMMENT ON COLUMN revisions.authors IS 'The names in the byline, as printed, in their order.';
COMMENT ON COLUMN revisions.section IS 'The section the publisher files the article under, in the publisher''s words.';
COMMENT ON COLUMN revisions.tags IS 'The publisher''s keywords, as printed.';
COMMENT ON COLUMN revisions.images IS 'The pictures of the article, in the order of the page. Addresses only: no picture is kept.';
COMMENT ON COLUMN revisions.published_at IS 'When the publisher says the article appeared. Null when the page does not say. See published_precision: of a day alone it is the first moment, in published_zone.';
COMMENT ON COLUMN revisions.published_precision IS 'How exactly the page gives published_at. Null with it.';
COMMENT ON COLUMN revisions.published_raw IS 'The words that published_at was read from, as they stand on the page or in a list.';
COMMENT ON COLUMN revisions.published_zone IS 'The zone published_raw was read in: the offset the page itself gives, such as +07:00, else the IANA zone declared for the source.';
COMMENT ON COLUMN revisions.modified_at IS 'When the publisher says the article was last changed. Many never say; revisions do not depend on it.';
COMMENT ON COLUMN revisions.attribution IS 'The line that says the text was first published elsewhere.';
COMMENT ON COLUMN revisions.extractor IS 'How the page was read.';
COMMENT ON COLUMN revisions.quality IS 'Doubts a reader should know of. Empty when there are none. A record whose text was taken down says so here: field record, note redacted and the reason; title and body_text are then empty.';
COMMENT ON COLUMN revisions.first_seen_at IS 'When attache first saw the address listed. With published_at it tells how late the news came.';
COMMENT ON COLUMN revisions.fetched_at IS 'When the page of this revision was fetched; of a withdrawal, when it was confirmed.';
COMMENT ON COLUMN revisions.backfilled IS 'True when the article was read from a publisher''s archive, not when it was news. Leave such rows out when counting what a day brought.';
COMMENT ON COLUMN revisions.countries IS 'Countries the article names, ISO 3166-1 alpha-2, sorted. Found by words, in any role: two of them need not have met.';
COMMENT ON COLUMN revisions.acts IS 'What defence establishments do with each other in it, sorted: visit, talks, dialogue, exercise, patrol, port_call, agreement, arms, training, attache, peacekeeping, war_legacy, border, exhibition. A later version may name further ones.';
COMMENT ON COLUMN revisions.topic IS 'The decision that the article is about defence diplomacy.';
COMMENT ON COLUMN revisions.duplicate_of IS 'article_id of the article first seen with the same text. Null when this is the first.';
COMMENT ON COLUMN revisions.same_story IS 'article_ids of other versions of this story, sorted: shortened, lengthened, translated, or another edition of it.';
COMMENT ON COLUMN revisions.body_sha256 IS 'sha256 of body_text in UTF-8, lower-case hex.';
COMMENT ON COLUMN revisions.raw_ref IS 'Where the page is kept as the publisher sent it. Null for withdrawals and takedowns, and when captures are switched off.';
COMMENT ON COLUMN revisions.run_id IS 'The run that made the row (a ULID); its key in attache''s logs.';
COMMENT ON COLUMN revisions.schema_version IS 'The version of this schema the row is written in; the same for all rows of a drop.';
COMMENT ON COLUMN articles.article_id IS 'Identity of the article: the source and the publisher''s own number for it. The same article keeps it when its address or title changes.';
COMMENT ON COLUMN articles.revision IS '1 for the first reading, one more for each later one that differs in title, lede, body or published time, and for a withdrawal. article_id and revision together are unique over all drops.';
COMMENT ON COLUMN articles.change_type IS 'What this revision is to the one before it. A withdrawn revision repeats the last text; the article is no longer there, or no longer on the topic.';
COMMENT ON COLUMN articles.change_reason IS 'Whose doing the revision is: the publisher''s, by editing; ours, by reading the page with better rules; or the topic decision''s. A takedown is nobody''s edit: the row is a tombstone, without its text and with the reason in quality.';
COMMENT ON COLUMN articles.source IS 'Id of the source. One publisher''s language editions are sources of their own.';
COMMENT ON COLUMN articles.url IS 'The address as it was listed.';
COMMENT ON COLUMN articles.canonical_url IS 'The address the page gives as its own, if that is of the same article; else the one it was fetched from.';
COMMENT ON COLUMN articles.title IS 'The headline, without the name of the site.';
COMMENT ON COLUMN articles.lede IS 'The paragraph the publisher sets apart above the text. It is not repeated in body_text. Null when there is none.';
COMMENT ON COLUMN articles.body_text IS 'The text of the article: paragraphs with an empty line between two, without captions, related headlines, comments and advertisements.';
COMMENT ON COLUMN articles.language IS 'Language of the text, BCP 47: the one declared for the source, else the page''s own; und when neither says.';
COMMENT ON COLUMN articles.authors IS 'The names in the byline, as printed, in their order.';
COMMENT ON COLUMN articles.section IS 'The section the publisher files the article under, in the publisher''s words.';
COMMENT ON COLUMN articles.tags IS 'The publisher''s keywords, as printed.';
COMMENT ON COLUMN articles.images IS 'The pictures of the article, in the order of the page. Addresses only: no picture is kept.';
COMMENT ON COLUMN articles.published_at IS 'When the publisher says the article appeared. Null when the page does not say. See published_precision: of a day alone it is the first moment, in published_zone.';
COMMENT ON COLUMN articles.published_precision IS 'How exactly the page gives published_at. Null with it.';
COMMENT ON COLUMN articles.published_raw IS 'The words that published_at was read from, as they stand on the page or in a list.';
COMMENT ON COLUMN articles.published_zone IS 'The zone published_raw was read in: the offset the page itself gives, such as +07:00, else the IANA zone declared for the source.';
COMMENT ON COLUMN articles.modified_at IS 'When the publisher says the article was last changed. Many never say; revisions do not depend on it.';
COMMENT ON COLUMN articles.attribution IS 'The line that says the text was first published elsewhere.';
COMMENT ON COLUMN articles.extractor IS 'How the page was read.';
COMMENT ON COLUMN articles.quality IS 'Doubts a reader should know of. Empty when there are none. A record whose text was taken down says so here: field record, note redacted and the reason; title and body_text are then empty.';
COMMENT ON COLUMN articles.first_seen_at IS 'When attache first saw the address listed. With published_at it tells how late the news came.';
COMMENT ON COLUMN articles.fetched_at IS 'When the page of this revision was fetched; of a withdrawal, when it was confirmed.';
COMMENT ON COLUMN articles.backfilled IS 'True when the article was read from a publisher''s archive, not when it was news. Leave such rows out when counting what a day brought.';
COMMENT ON COLUMN articles.countries IS 'Countries the article names, ISO 3166-1 alpha-2, sorted. Found by words, in any role: two of them need not have met.';
COMMENT ON COLUMN articles.acts IS 'What defence establishments do with each other in it, sorted: visit, talks, dialogue, exercise, patrol, port_call, agreement, arms, training, attache, peacekeeping, war_legacy, border, exhibition. A later version may name further ones.';
COMMENT ON COLUMN articles.topic IS 'The decision that the article is about defence diplomacy.';
COMMENT ON COLUMN articles.duplicate_of IS 'article_id of the article first seen with the same text. Null when this is the first.';
COMMENT ON COLUMN articles.same_story IS 'article_ids of other versions of this story, sorted: shortened, lengthened, translated, or another edition of it.';
COMMENT ON COLUMN articles.body_sha256 IS 'sha256 of body_text in UTF-8, lower-case hex.';
COMMENT ON COLUMN articles.raw_ref IS 'Where the page is kept as the publisher sent it. Null for withdrawals and takedowns, and when captures are switched off.';
COMMENT ON COLUMN articles.run_id IS 'The run that made the row (a ULID); its key in attache''s logs.';
COMMENT ON COLUMN articles.schema_version IS 'The version of this schema the row is written in; the same for all rows of a drop.';
