"""Drops with pandas 2 or later, pyarrow and fsspec (s3fs for s3://). Not executed in the tests, nor ever over Parquet; run once
by hand with pandas 1.5 over the JSONL of the drops that test duckdb/, with like answers. Everything is held in memory:
for years of drops use DuckDB.

    from attache import Drops
    d = Drops("attache-demo/s3/objects/attache")     # what holds v1/, or s3://bucket/prefix
    d.partners("VN", since="2026-10-01", until="2026-10-31")

Each method is a question; it returns a DataFrame. Countries are ISO 3166-1 codes, days are "2026-10-31" in the
zone given, both ends included.
"""
import json
import re
import unicodedata

import fsspec
import pandas as pd


class Drops:
    def __init__(self, root: str, zone: str = "Asia/Ho_Chi_Minh"):
        self.root, self.zone = root.rstrip("/"), zone

    def manifests(self) -> pd.DataFrame:
        """The newest manifest of each drop."""
        every = []
        for file in fsspec.open_files(f"{self.root}/v1/_manifests/*/r*.json"):
            with file as f:
                every.append(json.load(f))
        return pd.DataFrame(every).sort_values(["drop_date", "rev"]).groupby("drop_date").tail(1)

    def revisions(self) -> pd.DataFrame:
        """All revisions of all articles, from the files that the newest manifests name."""
        parts = []
        for m in self.manifests().itertuples():
            for f in m.files:
                if f["format"] == "parquet":
                    parts.append(pd.read_parquet(f"{self.root}/{f['key']}", partitioning=None).assign(drop_date=m.drop_date, rev=m.rev))
        return pd.concat(parts, ignore_index=True)

    def articles(self, as_of: str = "9999-12-31") -> pd.DataFrame:
        """What is known of each article by the drop as_of: its latest revision, withdrawn ones left out."""
        r = self.revisions()
        r = r[r.drop_date <= as_of].sort_values("revision").groupby("article_id").tail(1)
        r = r[r.change_type != "withdrawn"].copy()
        r["day"] = r.published_at.fillna(r.first_seen_at).dt.tz_convert(self.zone).dt.strftime("%Y-%m-%d")
        r["first"] = r.duplicate_of.isna() & (r.same_story.map(len) == 0)
        r["score"] = r.topic.map(lambda t: t["score"])
        return r

    def during(self, since: str, until: str) -> pd.DataFrame:
        r = self.articles()
        return r[r.day.between(since, until)]

    def pair(self, a: str, b: str) -> pd.DataFrame:
        """How much is written about two countries together, month by month?"""
        r = self.articles()
        r = r[r.countries.map(lambda c: {a, b} <= set(c))].sort_values("score")
        return r.groupby(r.day.str[:7].rename("month")).agg(
            articles=("article_id", "size"), first_told=("first", "sum"), sources=("source", "nunique"),
            acts=("acts", lambda lists: sorted({act for acts in lists for act in acts})), title=("title", "last"))

    def met(self, since: str, until: str, acts=("visit", "talks", "dialogue")) -> pd.DataFrame:
        """Who met whom? A row for each article and each pair of countries it names: naming is not yet meeting."""
        r = self.during(since, until)
        r = r[r.acts.map(lambda have: bool(set(have) & set(acts)))].copy()
        r["story"] = [dup if isinstance(dup, str) else same[0] if len(same) else own for dup, same, own in zip(r.duplicate_of, r.same_story, r.article_id)]
        pairs = r.assign(a=r.countries).explode("a").assign(b=lambda x: x.countries).explode("b")
        columns = ["a", "b", "day", "acts", "source", "title", "url", "story", "article_id"]
        return pairs[pairs.a < pairs.b][columns].sort_values(["day", "a", "b"], ascending=[False, True, True])

    def partners(self, country: str, since: str, until: str, acts=("talks", "dialogue")) -> pd.DataFrame:
        """Which countries did one country hold talks with, and by which source do we know? See missing, too."""
        r = self.during(since, until)
        r = r[r.countries.map(lambda c: country in c) & r.acts.map(lambda have: bool(set(have) & set(acts)))]
        r = r.explode("countries").rename(columns={"countries": "partner"}).sort_values("day")
        told = r[r.partner != country].groupby("partner").agg(
            articles=("article_id", "size"), first_told=("first", "sum"), sources=("source", lambda s: dict(s.value_counts())),
            first_day=("day", "min"), last_day=("day", "max"), newest=("title", "last"))
        return told.sort_values("articles", ascending=False)

    def ledger(self, since: str, until: str) -> pd.DataFrame:
        """One row for each drop and source: what became of the addresses that were opened."""
        rows = []
        for m in self.manifests().itertuples():
            for source, s in m.sources.items():
                entry = s["ledger"] or {}
                rows.append({"drop_date": m.drop_date, "source": source, "rows": s["rows"], "missing": entry.get("missing") or [], "closed": entry.get("closed") or {},
                             "opened": sum((entry.get("opened") or {}).values()), "carried_out": entry.get("carried_out"), **(entry.get("closed") or {})})
        entries = pd.DataFrame(rows)
        return entries[entries.drop_date.between(since, until)]

    def coverage(self, since: str, until: str) -> pd.DataFrame:
        """How much does each source give, and how late? Minutes from published_at to first_seen_at."""
        r = self.articles()
        r = r[r.drop_date.between(since, until)]
        late = ((r.first_seen_at - r.published_at).dt.total_seconds() / 60).where(~r.backfilled & (r.published_precision != "day"))
        texts = r.assign(late=late, fallback=r.extractor.map(lambda e: e["kind"] == "fallback")).groupby("source").agg(
            articles=("article_id", "size"), backfilled=("backfilled", "sum"), fallback=("fallback", "sum"),
            late_median=("late", "median"), late_p90=("late", lambda s: s.quantile(0.9)))
        days = self.ledger(since, until).groupby("source").agg(drops=("rows", "size"), drops_with_rows=("rows", lambda n: (n > 0).sum()))
        return days.join(texts)

    def missing(self, since: str, until: str) -> pd.DataFrame:
        """What do manifests say is missing? Gaps, days on which nothing ran, addresses that gave no record. duckdb/missing.sql knows more."""
        rows = []
        for m in self.manifests().itertuples():
            rows += [] if m.running else [(m.drop_date, "", "attache was not running", None)]
            rows += [(m.drop_date, g["source"], f"gap from {g['from']} to {g['to']}: {g['note']}", None) for g in m.gaps]
        for e in self.ledger(since, until).itertuples():
            rows += [(e.drop_date, e.source, f"{x['outcome']}: {x['reason']}", x["count"]) for x in e.missing]
            for outcome in ("failed", "blocked", "quarantined"):  # missing names the ten most frequent reasons
                rest = e.closed.get(outcome, 0) - sum(x["count"] for x in e.missing if x["outcome"] == outcome)
                rows += [(e.drop_date, e.source, f"{outcome}: other reasons", rest)] if rest > 0 else []
        known = pd.DataFrame(rows, columns=["drop_date", "source", "what", "addresses"])
        return known[known.drop_date.between(since, until)]

    def search(self, *phrases: str) -> pd.DataFrame:
        """Which articles say all these phrases? Case and diacritics do not matter, đ is d."""
        r = self.articles()
        text = (r.title + "\n" + r.lede.fillna("") + "\n" + r.body_text).map(fold)
        wanted = [words(p) for p in phrases if fold(p).strip()]
        said = text.map(lambda t: bool(wanted) and all(w in t for w in wanted))
        return r[said][["day", "source", "title", "url", "article_id"]].sort_values("day", ascending=False)

    def scope(self, since: str, until: str, below: float = 0.6) -> dict:
        """What did the topic decision keep out (counted by source), let in by a hair, or take back?"""
        near, gone = self.articles(), self.revisions()
        entries = self.ledger(since, until)
        return {
            "out_of_scope": entries.get("out_of_scope", pd.Series(0, entries.index)).groupby(entries.source).sum(),
            "near": near[near.drop_date.between(since, until) & (near.score < below)],
            "left": gone[gone.drop_date.between(since, until) & (gone.change_type == "withdrawn") & (gone.change_reason == "topic")],
        }


def fold(text: str) -> str:
    """Small letters without diacritics, one blank around each word."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)).replace("đ", "d")
    return " " + " ".join(re.findall(r"\w+", plain)) + " "


def words(phrase: str) -> str:
    """Whole words, but for Chinese, which has no blanks."""
    return fold(phrase).strip() if re.search("[\u4e00-\u9fff]", phrase) else fold(phrase)
