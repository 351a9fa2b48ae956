-- Generated from internal/article/declared.go by "go generate ./internal/schema". Do not edit.
-- Tables over the drops in a bucket, for Athena and the Glue catalogue. Parsed, not executed: no Athena is at hand.
--
-- Replace BUCKET/PREFIX by where v1/ lies, and 2026-01-01 by the day of the first drop. Athena runs one statement at a time.
--
-- attache_parquet     every row of every drop
-- attache_jsonl       the same rows from the other files; times are text, use from_iso8601_timestamp
-- attache_revisions   of each day, only the newest revision of the drop: read this one
-- attache_articles    the latest revision of each article; withdrawn ones are left out
--
-- Partitions are projected, none needs to be added. Give a range of drop_date where you can: each day is a hundred
-- places to look, one for each rev it may have. Athena shows times in milliseconds.

CREATE EXTERNAL TABLE IF NOT EXISTS attache_parquet (
  `article_id` string COMMENT 'Identity of the article: the source and the publisher’s own number for it',
  `revision` int COMMENT '1 for the first reading, one more for each later one that differs in title, lede, body or published time, and for a withdrawal',
  `change_type` string COMMENT 'What this revision is to the one before it',
  `change_reason` string COMMENT 'Whose doing the revision is: the publisher’s, by editing, ours, by reading the page with better rules, or the topic decision’s',
  `source` string COMMENT 'Id of the source',
  `url` string COMMENT 'The address as it was listed',
  `canonical_url` string COMMENT 'The address the page gives as its own, if that is of the same article, else the one it was fetched from',
  `title` string COMMENT 'The headline, without the name of the site',
  `lede` string COMMENT 'The paragraph the publisher sets apart above the text',
  `body_text` string COMMENT 'The text of the article: paragraphs with an empty line between two, without captions, related headlines, comments and advertisements',
  `language` string COMMENT 'Language of the text, BCP 47: the one declared for the source, else the page’s own, und when neither says',
  `authors` array<string> COMMENT 'The names in the byline, as printed, in their order',
  `section` string COMMENT 'The section the publisher files the article under, in the publisher’s words',
  `tags` array<string> COMMENT 'The publisher’s keywords, as printed',
  `images` array<struct<url:string,caption:string,credit:string>> COMMENT 'The pictures of the article, in the order of the page',
  `published_at` timestamp COMMENT 'When the publisher says the article appeared',
  `published_precision` string COMMENT 'How exactly the page gives published_at',
  `published_raw` string COMMENT 'The words that published_at was read from, as they stand on the page or in a list',
  `published_zone` string COMMENT 'The zone published_raw was read in: the offset the page itself gives, such as +07:00, else the IANA zone declared for the source',
  `modified_at` timestamp COMMENT 'When the publisher says the article was last changed',
  `attribution` struct<text:string,url:string> COMMENT 'The line that says the text was first published elsewhere',
  `extractor` struct<kind:string,rules_version:string,fields:array<struct<field:string,`by`:string>>> COMMENT 'How the page was read',
  `quality` array<struct<field:string,note:string>> COMMENT 'Doubts a reader should know of',
  `first_seen_at` timestamp COMMENT 'When attache first saw the address listed',
  `fetched_at` timestamp COMMENT 'When the page of this revision was fetched, of a withdrawal, when it was confirmed',
  `backfilled` boolean COMMENT 'True when the article was read from a publisher’s archive, not when it was news',
  `countries` array<string> COMMENT 'Countries the article names, ISO 3166-1 alpha-2, sorted',
  `acts` array<string> COMMENT 'What defence establishments do with each other in it, sorted: visit, talks, dialogue, exercise, patrol, port_call, agreement, arms, training, attache, peacekeeping, war_legacy, border, exhibition',
  `topic` struct<score:double,signals:array<struct<kind:string,text:string,place:string>>> COMMENT 'The decision that the article is about defence diplomacy',
  `duplicate_of` string COMMENT 'article_id of the article first seen with the same text',
  `same_story` array<string> COMMENT 'article_ids of other versions of this story, sorted: shortened, lengthened, translated, or another edition of it',
  `body_sha256` string COMMENT 'sha256 of body_text in UTF-8, lower-case hex',
  `raw_ref` struct<segment:string,offset:bigint> COMMENT 'Where the page is kept as the publisher sent it',
  `run_id` string COMMENT 'The run that made the row (a ULID), its key in attache’s logs',
  `schema_version` string COMMENT 'The version of this schema the row is written in, the same for all rows of a drop'
)
PARTITIONED BY (drop_date string, rev int)
STORED AS PARQUET
LOCATION 's3://BUCKET/PREFIX/v1/parquet/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.drop_date.type' = 'date',
  'projection.drop_date.format' = 'yyyy-MM-dd',
  'projection.drop_date.range' = '2026-01-01,NOW+1DAY',
  'projection.drop_date.interval' = '1',
  'projection.drop_date.interval.unit' = 'DAYS',
  'projection.rev.type' = 'integer',
  'projection.rev.range' = '0,99',
  'storage.location.template' = 's3://BUCKET/PREFIX/v1/parquet/drop_date=${drop_date}/rev=${rev}/'
);

CREATE EXTERNAL TABLE IF NOT EXISTS attache_jsonl (
  `article_id` string COMMENT 'Identity of the article: the source and the publisher’s own number for it',
  `revision` int COMMENT '1 for the first reading, one more for each later one that differs in title, lede, body or published time, and for a withdrawal',
  `change_type` string COMMENT 'What this revision is to the one before it',
  `change_reason` string COMMENT 'Whose doing the revision is: the publisher’s, by editing, ours, by reading the page with better rules, or the topic decision’s',
  `source` string COMMENT 'Id of the source',
  `url` string COMMENT 'The address as it was listed',
  `canonical_url` string COMMENT 'The address the page gives as its own, if that is of the same article, else the one it was fetched from',
  `title` string COMMENT 'The headline, without the name of the site',
  `lede` string COMMENT 'The paragraph the publisher sets apart above the text',
  `body_text` string COMMENT 'The text of the article: paragraphs with an empty line between two, without captions, related headlines, comments and advertisements',
  `language` string COMMENT 'Language of the text, BCP 47: the one declared for the source, else the page’s own, und when neither says',
  `authors` array<string> COMMENT 'The names in the byline, as printed, in their order',
  `section` string COMMENT 'The section the publisher files the article under, in the publisher’s words',
  `tags` array<string> COMMENT 'The publisher’s keywords, as printed',
  `images` array<struct<url:string,caption:string,credit:string>> COMMENT 'The pictures of the article, in the order of the page',
  `published_at` string COMMENT 'When the publisher says the article appeared',
  `published_precision` string COMMENT 'How exactly the page gives published_at',
  `published_raw` string COMMENT 'The words that published_at was read from, as they stand on the page or in a list',
  `published_zone` string COMMENT 'The zone published_raw was read in: the offset the page itself gives, such as +07:00, else the IANA zone declared for the source',
  `modified_at` string COMMENT 'When the publisher says the article was last changed',
  `attribution` struct<text:string,url:string> COMMENT 'The line that says the text was first published elsewhere',
  `extractor` struct<kind:string,rules_version:string,fields:array<struct<field:string,`by`:string>>> COMMENT 'How the page was read',
  `quality` array<struct<field:string,note:string>> COMMENT 'Doubts a reader should know of',
  `first_seen_at` string COMMENT 'When attache first saw the address listed',
  `fetched_at` string COMMENT 'When the page of this revision was fetched, of a withdrawal, when it was confirmed',
  `backfilled` boolean COMMENT 'True when the article was read from a publisher’s archive, not when it was news',
  `countries` array<string> COMMENT 'Countries the article names, ISO 3166-1 alpha-2, sorted',
  `acts` array<string> COMMENT 'What defence establishments do with each other in it, sorted: visit, talks, dialogue, exercise, patrol, port_call, agreement, arms, training, attache, peacekeeping, war_legacy, border, exhibition',
  `topic` struct<score:double,signals:array<struct<kind:string,text:string,place:string>>> COMMENT 'The decision that the article is about defence diplomacy',
  `duplicate_of` string COMMENT 'article_id of the article first seen with the same text',
  `same_story` array<string> COMMENT 'article_ids of other versions of this story, sorted: shortened, lengthened, translated, or another edition of it',
  `body_sha256` string COMMENT 'sha256 of body_text in UTF-8, lower-case hex',
  `raw_ref` struct<segment:string,offset:bigint> COMMENT 'Where the page is kept as the publisher sent it',
  `run_id` string COMMENT 'The run that made the row (a ULID), its key in attache’s logs',
  `schema_version` string COMMENT 'The version of this schema the row is written in, the same for all rows of a drop'
)
PARTITIONED BY (drop_date string, rev int)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://BUCKET/PREFIX/v1/jsonl/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.drop_date.type' = 'date',
  'projection.drop_date.format' = 'yyyy-MM-dd',
  'projection.drop_date.range' = '2026-01-01,NOW+1DAY',
  'projection.drop_date.interval' = '1',
  'projection.drop_date.interval.unit' = 'DAYS',
  'projection.rev.type' = 'integer',
  'projection.rev.range' = '0,99',
  'storage.location.template' = 's3://BUCKET/PREFIX/v1/jsonl/drop_date=${drop_date}/rev=${rev}/'
);

CREATE OR REPLACE VIEW attache_revisions AS
SELECT p.*
FROM attache_parquet p
JOIN (
  SELECT drop_date AS newest_date, max(rev) AS newest_rev
  FROM attache_parquet
  GROUP BY drop_date
) n ON p.drop_date = n.newest_date AND p.rev = n.newest_rev;

CREATE OR REPLACE VIEW attache_articles AS
SELECT r.*
FROM attache_revisions r
JOIN (
  SELECT article_id AS latest_id, max(revision) AS latest_revision
  FROM attache_revisions
  GROUP BY article_id
) l ON r.article_id = l.latest_id AND r.revision = l.latest_revision
WHERE r.change_type <> 'withdrawn';
