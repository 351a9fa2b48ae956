"""Drops with PySpark 3.4 or later. Its SQL is parsed, the rest not executed: no Spark is at hand. duckdb/ asks the same and is tested.

    from attache import Drops
    d = Drops(spark, "s3a://bucket/prefix")      # what holds v1/, a folder too
    d.partners("VN", since="2026-10-01", until="2026-10-31").show(truncate=False)

Each method is a question; it returns a DataFrame. Countries are ISO 3166-1 codes, days are "2026-10-31" in the
zone given, both ends included.
"""
import re
import unicodedata

from pyspark.sql import DataFrame, SparkSession, Window, functions as F

LEDGER = """struct<carried_in:bigint, opened:map<string,bigint>, closed:map<string,bigint>, carried_out:bigint,
    missing:array<struct<outcome:string, reason:string, count:bigint, example:string>>>"""
MANIFEST = f"""drop_date date, zone string, rev int, reason string, running boolean, rows bigint,
    files array<struct<key:string, rows:bigint, format:string>>,
    sources map<string, struct<rows:bigint, ledger:{LEDGER}>>,
    gaps array<struct<`from`:timestamp, `to`:timestamp, source:string, note:string>>"""


class Drops:
    def __init__(self, spark: SparkSession, root: str, zone: str = "Asia/Ho_Chi_Minh"):
        self.spark, self.root, self.zone = spark, root.rstrip("/"), zone
        spark.conf.set("spark.sql.session.timeZone", "UTC")

    def manifests(self) -> DataFrame:
        """The newest manifest of each drop."""
        every = self.spark.read.schema(MANIFEST).option("multiLine", True).json(f"{self.root}/v1/_manifests/*/r*.json")
        return latest_of(every, "drop_date", "rev")

    def revisions(self) -> DataFrame:
        """All revisions of all articles, from the files that the newest manifests name."""
        named = self.manifests().select(F.explode("files").alias("f")).where("f.format = 'parquet'").select("f.key").collect()
        return self.spark.read.option("basePath", f"{self.root}/v1/parquet").parquet(*[f"{self.root}/{r.key}" for r in named])

    def articles(self, as_of: str = "9999-12-31") -> DataFrame:
        """What is known of each article by the drop as_of: its latest revision, withdrawn ones left out."""
        known = latest_of(self.revisions().where(F.col("drop_date") <= F.lit(as_of).cast("date")), "article_id", "revision")
        day = F.from_utc_timestamp(F.coalesce("published_at", "first_seen_at"), self.zone).cast("date")
        return (known.where("change_type <> 'withdrawn'").withColumn("day", day)
                .withColumn("first", F.expr("duplicate_of IS NULL AND size(same_story) = 0")))

    def pair(self, a: str, b: str) -> DataFrame:
        """How much is written about two countries together, month by month?"""
        named = self.articles().where(F.array_contains("countries", a) & F.array_contains("countries", b))
        return (named.groupBy(F.trunc("day", "month").alias("month"))
                .agg(F.count("*").alias("articles"), F.sum(F.col("first").cast("int")).alias("first_told"),
                     F.countDistinct("source").alias("sources"), F.array_sort(F.array_distinct(F.flatten(F.collect_list("acts")))).alias("acts"),
                     F.max_by("title", "topic.score").alias("title"))
                .orderBy("month"))

    def met(self, since: str, until: str, acts=("visit", "talks", "dialogue")) -> DataFrame:
        """Who met whom? A row for each article and each pair of countries it names: naming is not yet meeting."""
        told = self.during(since, until).where(F.arrays_overlap("acts", F.array(*map(F.lit, acts))))
        pairs = told.withColumn("a", F.explode("countries")).withColumn("b", F.explode("countries")).where("a < b")
        story = F.coalesce("duplicate_of", F.get("same_story", F.lit(0)), "article_id").alias("story")
        return pairs.select("a", "b", "day", "acts", "source", "title", "url", story, "article_id").orderBy(F.desc("day"), "a", "b", "article_id")

    def partners(self, country: str, since: str, until: str, acts=("talks", "dialogue")) -> DataFrame:
        """Which countries did one country hold talks with, and by which source do we know? See missing, too."""
        told = self.during(since, until).where(F.array_contains("countries", country) & F.arrays_overlap("acts", F.array(*map(F.lit, acts))))
        return (told.withColumn("partner", F.explode("countries")).where(F.col("partner") != country).groupBy("partner")
                .agg(F.count("*").alias("articles"), F.sum(F.col("first").cast("int")).alias("first_told"),
                     F.array_sort(F.collect_set("source")).alias("sources"), F.min("day").alias("first_day"), F.max("day").alias("last_day"),
                     F.max_by("title", "day").alias("newest"))
                .orderBy(F.desc("articles"), "partner"))

    def coverage(self, since: str, until: str) -> DataFrame:
        """How much does each source give, and how late? Minutes from published_at to first_seen_at."""
        late = (F.col("first_seen_at").cast("double") - F.col("published_at").cast("double")) / 60
        on_time = F.expr("NOT backfilled AND published_precision <> 'day'")
        texts = self.articles().where(F.col("drop_date").between(since, until)).groupBy("source").agg(
            F.count("*").alias("articles"), F.sum(F.col("backfilled").cast("int")).alias("backfilled"),
            F.sum((F.col("extractor.kind") == "fallback").cast("int")).alias("fallback"),
            F.percentile_approx(F.when(on_time, late), [0.5, 0.9]).alias("late"))
        days = self.ledger(since, until).groupBy("source").agg(
            F.count("*").alias("drops"), F.sum((F.col("rows") > 0).cast("int")).alias("drops_with_rows"))
        return days.join(texts, "source", "left").orderBy("source")

    def missing(self, since: str, until: str) -> DataFrame:
        """What do manifests say is missing? Gaps, days on which nothing ran, addresses that gave no record. duckdb/missing.sql knows more."""
        m = self.manifests().where(F.col("drop_date").between(since, until))
        idle = m.where("NOT running").selectExpr("drop_date", "'' source", "'attache was not running' what", "CAST(NULL AS bigint) addresses")
        gaps = m.select("drop_date", F.explode("gaps").alias("g")).selectExpr("drop_date", "g.source", "concat('gap: ', g.note)", "CAST(NULL AS bigint)")
        ledger = self.ledger(since, until)
        lost = (ledger.select("drop_date", "source", F.explode("ledger.missing").alias("m"))
                .selectExpr("drop_date", "source", "concat(m.outcome, ': ', m.reason)", "m.count"))
        rest = (ledger.withColumn("outcome", F.explode(F.array(F.lit("failed"), F.lit("blocked"), F.lit("quarantined"))))
                .selectExpr("drop_date", "source", "concat(outcome, ': other reasons')", "coalesce(element_at(ledger.closed, outcome), 0L)"
                            " - coalesce(aggregate(filter(ledger.missing, m -> m.outcome = outcome), 0L, (n, m) -> n + m.count), 0L) AS addresses")
                .where("addresses > 0"))  # missing names the ten most frequent reasons
        return idle.union(gaps).union(lost).union(rest).orderBy("drop_date", "source")

    def search(self, *phrases: str) -> DataFrame:
        """Which articles say all these phrases? Case and diacritics do not matter, đ is d."""
        found = self.articles().withColumn("text", F.udf(fold, "string")(F.concat_ws("\n", "title", "lede", "body_text")))
        wanted = [words(p) for p in phrases if fold(p).strip()]
        found = found if wanted else found.where("false")
        for word in wanted:
            found = found.where(F.col("text").contains(word))
        return found.select("day", "source", "title", "url", "article_id").orderBy(F.desc("day"), "article_id")

    def scope(self, since: str, until: str, below: float = 0.6) -> DataFrame:
        """What did the topic decision keep out (counted), let in by a hair, or take back?"""
        out = self.ledger(since, until).groupBy("source").agg(F.sum(F.element_at("ledger.closed", "out_of_scope")).alias("n"))
        out = out.where("n > 0").selectExpr("'out of scope' kind", "source", "n", "CAST(NULL AS double) score", "CAST(NULL AS string) article_id")
        near = self.articles().where(F.col("drop_date").between(since, until) & (F.col("topic.score") < below))
        left = self.revisions().where(F.col("drop_date").between(since, until)).where("change_type = 'withdrawn' AND change_reason = 'topic'")
        row = ("source", "1L", "topic.score", "article_id")
        return out.union(near.selectExpr("'near'", *row)).union(left.selectExpr("'left'", *row)).orderBy("kind", "source")

    def during(self, since: str, until: str) -> DataFrame:
        return self.articles().where(F.col("day").between(since, until))

    def ledger(self, since: str, until: str) -> DataFrame:
        """One row for each drop and source."""
        m = self.manifests().where(F.col("drop_date").between(since, until))
        return m.select("drop_date", F.explode("sources").alias("source", "s")).select("drop_date", "source", "s.rows", "s.ledger")


def latest_of(rows: DataFrame, key: str, version: str) -> DataFrame:
    newest = Window.partitionBy(key).orderBy(F.desc(version))
    return rows.withColumn("_n", F.row_number().over(newest)).where("_n = 1").drop("_n")


def fold(text: str) -> str:
    """Small letters without diacritics, one blank around each word."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)).replace("đ", "d")
    return " " + " ".join(re.findall(r"\w+", plain)) + " "


def words(phrase: str) -> str:
    """Whole words, but for Chinese, which has no blanks."""
    return fold(phrase).strip() if re.search("[\u4e00-\u9fff]", phrase) else fold(phrase)
