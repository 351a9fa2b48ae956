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

