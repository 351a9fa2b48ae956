"""Drops with pandas and fsspec. The tests hold every answer to that of duckdb/ over the same drops, with pandas 1.5.3 of Debian 12
reading JSONL. Reading Parquet, S3 (s3fs) and pandas 2: not executed. Everything is held in memory; for years of drops use DuckDB.

    from attache import Drops
    d = Drops("attache-demo/s3/objects/attache")     # what holds v1/, or s3://bucket/prefix
    d.partners("VN", since="2026-10-01", until="2026-10-31")

Drops(…, format="parquet") reads the same rows from smaller files, with pyarrow.

Each method is a question and answers as the query of its name in duckdb/, whose head explains the columns. Countries are ISO 3166-1
codes; days are "2026-10-31", both ends included, by default the month up to the newest drop.
"""
import json
import math
import re
import unicodedata
from collections import Counter

import fsspec
import pandas as pd

TIMES = ["published_at", "modified_at", "first_seen_at", "fetched_at"]
COUNTS = ["stored", "revised", "unchanged", "duplicate", "out_of_scope", "quarantined", "withdrawn", "blocked", "failed"]


class Drops:
    def __init__(self, root: str, zone: str = "Asia/Ho_Chi_Minh", format: str = "jsonl.gz"):
        self.root, self.zone, self.format = root.rstrip("/"), zone, format

    def manifests(self) -> list:
        """The newest manifest of each drop, in the order of days."""
        every = []
        for file in fsspec.open_files(f"{self.root}/v1/_manifests/*/r*.json"):
            with file as f:
                every.append(json.load(f))
        return list({m["drop_date"]: m for m in sorted(every, key=lambda m: (m["drop_date"], m["rev"]))}.values())

    def revisions(self) -> pd.DataFrame:
        """Every row of every drop once, from the files that the newest manifests name."""
        rows = pd.concat([
            self.read(f"{self.root}/{f['key']}").assign(drop_date=m["drop_date"], rev=m["rev"])
            for m in self.manifests() for f in m["files"] if f["format"] == self.format], ignore_index=True)
        for column in TIMES:
            rows[column] = pd.to_datetime(rows[column].map(pd.Timestamp, na_action="ignore"), utc=True)
        return rows

    def read(self, path: str) -> pd.DataFrame:
        if self.format == "jsonl.gz":  # as it stands: a title of digits is no number
            return pd.read_json(path, lines=True, dtype=False, convert_dates=False)
        return pd.read_parquet(path, partitioning=None)

    def articles(self, as_of: str = "9999-12-31") -> pd.DataFrame:
        """What is known of each article by the drop as_of: its latest revision, withdrawn ones left out; newest news first."""
        r = self.revisions()
        r = r[r.drop_date <= as_of].sort_values("revision").groupby("article_id").tail(1)
        r = r[r.change_type != "withdrawn"].assign(at=lambda r: r.published_at.fillna(r.first_seen_at), score=lambda r: r.topic.map(lambda t: t["score"]))
        r["day"] = r["at"].dt.tz_convert(self.zone).dt.strftime("%Y-%m-%d")
        return r.sort_values(["at", "article_id"], ascending=[False, True])

    def news(self) -> pd.DataFrame:
        """The articles with the column story: the first telling that each repeats or retells, itself when it does not."""
        r = self.articles()
        links = {a.article_id: [*a.same_story, *([a.duplicate_of] if isinstance(a.duplicate_of, str) else [])] for a in r.itertuples()}
        return r.assign(story=r.article_id.map(lambda a: first_telling(a, links)))

    def period(self, days: pd.Series, since: str = None, until: str = None) -> pd.Series:
        until = until or self.manifests()[-1]["drop_date"]
        return days.between(since or (pd.Timestamp(until) - pd.DateOffset(months=1)).strftime("%Y-%m-%d"), until)

    def meetings(self, acts, since: str, until: str) -> pd.DataFrame:
        """The news of a period that shows one of the acts, with those acts only."""
        r = self.news()
        r["acts"] = r.acts.map(lambda have: sorted(set(have) & set(acts)))
        return r[self.period(r.day, since, until) & (r.acts.map(len) > 0)]

    def latest(self, as_of: str = "9999-12-31") -> pd.DataFrame:
        """What is known of each article, as of a day?"""
        return self.articles(as_of)[["article_id", "revision", "source", "language", "day", "countries", "acts", "title", "url"]]

    def pair(self, a: str = "VN", b: str = "CN") -> pd.DataFrame:
        """How much is written about two countries together, month by month?"""
        r = self.news()
        r = r[r.countries.map(lambda named: {a, b} <= set(named))].sort_values(["score", "article_id"])
        r["month"] = r.day.str[:8] + "01"
        return r.groupby("month", as_index=False).agg(
            articles=("article_id", "size"), stories=("story", "nunique"), sources=("source", "nunique"),
            acts=("acts", lambda lists: tally(act for acts in lists for act in acts)), title=("title", "last"))

    def met(self, country: str = None, acts=("visit", "talks", "dialogue"), since: str = None, until: str = None) -> pd.DataFrame:
        """Who met whom? A row for each article and each pair of countries it names: naming is not yet meeting."""
        r = self.meetings(acts, since, until)
        r = r.assign(a=r.countries).explode("a").assign(b=lambda r: r.countries).explode("b")
        r = r[(r.a < r.b) & (country is None or (r.a == country) | (r.b == country))]
        columns = ["a", "b", "day", "acts", "source", "title", "url", "story", "article_id"]
        return r[columns].sort_values(["day", "a", "b", "article_id"], ascending=[False, True, True, True])

    def partners(self, country: str = "VN", acts=("talks", "dialogue"), since: str = None, until: str = None) -> pd.DataFrame:
        """Which countries did one country hold talks with, and by which source do we know? The other half of the answer is missing."""
        r = self.meetings(acts, since, until)
        r = r[r.countries.map(lambda named: country in named)].assign(partner=lambda r: r.countries).explode("partner")
        told = r[r.partner != country].sort_values(["day", "article_id"]).groupby("partner", as_index=False).agg(
            stories=("story", "nunique"), articles=("article_id", "size"), sources=("source", tally),
            first_day=("day", "min"), last_day=("day", "max"), newest=("title", "last"))
        return told.sort_values(["stories", "articles", "partner"], ascending=[False, False, True])

    def ledger(self) -> pd.DataFrame:
        """A row for each drop and source: what became of its addresses; counts are missing where it had no work."""
        rows = []
        for m in self.manifests():
            for source, s in m["sources"].items():
                row, l = {"drop_date": m["drop_date"], "source": source, "rows": s["rows"], "watched": s["watched"], "missing": []}, s["ledger"]
                if l:
                    opened, closed = (l.get("opened") or {}), (l.get("closed") or {})
                    row |= {c: closed.get(c, 0) for c in COUNTS}
                    row |= {"carried_in": l["carried_in"], "opened": sum(opened.values()), "carried_out": l["carried_out"], "missing": l.get("missing") or []}
                    row["balances"] = l["carried_in"] + row["opened"] == sum(closed.values()) + l["carried_out"]
                rows.append(row)
        columns = ["drop_date", "source", "rows", "watched", "carried_in", "opened", *COUNTS, "carried_out", "balances", "missing"]
        numbers = dict.fromkeys(["carried_in", "opened", *COUNTS, "carried_out"], "Int64")
        return pd.DataFrame(rows, columns=columns).astype({**numbers, "balances": "boolean"})

    def coverage(self, since: str = None, until: str = None) -> pd.DataFrame:
        """How much does each source give, how complete are its rows, and how late do they come? Minutes from published_at to first_seen_at."""
        l, r = self.ledger(), self.articles()
        l, r = l[self.period(l.drop_date, since, until)], r[self.period(r.drop_date, since, until)]
        days = l.assign(
            silent=l.watched & (l.opened.fillna(0) == 0), with_rows=l.rows > 0, last_rows=l.drop_date.where(l.rows > 0),
            lost=l.failed + l.blocked + l.quarantined).groupby("source").agg(
            watched=("watched", "sum"), silent=("silent", "sum"), with_rows=("with_rows", "sum"), last_rows=("last_rows", lambda s: max(s.dropna(), default=None)),
            opened=("opened", total), lost=("lost", total))
        late = (r.first_seen_at.dt.floor("min") - r.published_at.dt.floor("min")).dt.total_seconds() / 60
        texts = r.assign(
            fallback=r.extractor.map(lambda e: e["kind"] == "fallback"), undated=r.published_at.isna(), without_lede=r.lede.isna(),
            late=late.where(~r.backfilled & (r.published_precision != "day"))).groupby("source").agg(
            articles=("article_id", "size"), backfilled=("backfilled", "sum"), fallback=("fallback", "sum"), undated=("undated", "sum"),
            without_lede=("without_lede", "sum"), late_median=("late", lambda s: share(s, 0.5)), late_p90=("late", lambda s: share(s, 0.9)))
        columns = ["source", "watched", "silent", "with_rows", "last_rows", *texts.columns, "opened", "lost"]
        return days.join(texts).fillna({"articles": 0}).convert_dtypes().reset_index()[columns]

    def missing(self, source: str = None, since: str = None, until: str = None) -> pd.DataFrame:
        """What is known to be missing? A row for each reason; no row is no promise."""
        rows, drops = [], {m["drop_date"]: m for m in self.manifests()}
        for day in pd.date_range(min(drops), max(drops)).strftime("%Y-%m-%d").difference(list(drops)):
            rows.append((day, "", "no sealed drop"))
        for day, m in drops.items():
            if not m["running"]:
                rows.append((day, "", "attache was not running"))
            if m["begins"] and day > min(drops):
                rows.append((day, "", "the state of the days before was lost: what was open then is not counted"))
            for g in m["gaps"]:
                start, end = (pd.Timestamp(g[k]).tz_convert(m["zone"]).strftime("%d %b %H:%M") for k in ("from", "to"))
                rows.append((day, g["source"], f"gap from {start} to {end}: {g['note']}"))
        for l in self.ledger().itertuples():
            rows += [(l.drop_date, l.source, f"{x['outcome']}: {x['reason']}", x["count"], x["example"]) for x in l.missing]
            if l.balances is pd.NA:
                rows += [(l.drop_date, l.source, "no ledger")] if l.rows > 0 else []
                continue
            for outcome in ("failed", "blocked", "quarantined"):  # missing names the ten most frequent reasons
                rest = getattr(l, outcome) - sum(x["count"] for x in l.missing if x["outcome"] == outcome)
                rows += [(l.drop_date, l.source, f"{outcome}: other reasons", rest)] if rest > 0 else []
            rows += [(l.drop_date, l.source, "still open at the end of the day", l.carried_out)] if l.carried_out > 0 else []
            rows += [] if l.balances else [(l.drop_date, l.source, "the ledger does not add up")]
        r = pd.DataFrame(rows, columns=["drop_date", "source", "what", "addresses", "example"]).astype({"addresses": "Int64"})
        r = r[self.period(r.drop_date, since, until) & (source is None or r.source.isin(["", source]))]
        r = r.groupby(["source", "what"], as_index=False).agg(
            drops=("drop_date", "size"), first_drop=("drop_date", "min"), last_drop=("drop_date", "max"), addresses=("addresses", total),
            example=("example", lambda s: min(s.dropna(), default=None)))
        return r.sort_values("what").sort_values("addresses", ascending=False, na_position="first", kind="stable").sort_values("source", kind="stable")

    def scope(self, threshold: float = 0.5, margin: float = 0.1, since: str = None, until: str = None) -> pd.DataFrame:
        """What did the topic decision keep out, let in by a hair, or take back?"""
        l, near, gone = self.ledger(), self.articles(), self.revisions()
        l = l[self.period(l.drop_date, since, until)].groupby("source", as_index=False)[COUNTS].sum()
        read = l.out_of_scope + l.stored + l.revised + l.unchanged + l.duplicate + l.quarantined
        out = l.assign(kind="out of scope", n=l.out_of_scope, score=(l.out_of_scope / read))[l.out_of_scope > 0]
        near = near[self.period(near.drop_date, since, until) & (near.score < threshold + margin)].assign(kind="near", n=1)
        gone = gone[self.period(gone.drop_date, since, until) & (gone.change_type == "withdrawn") & (gone.change_reason == "topic")]
        gone = gone.assign(kind="left", n=1, score=gone.topic.map(lambda t: t["score"]))
        every = pd.concat([out, near, gone])[["kind", "source", "n", "score", "drop_date", "article_id", "title"]].reset_index(drop=True)
        return every.assign(score=every.score.astype(float).round(2)).sort_values(["kind", "source", "score", "article_id"])

    def search(self, *phrases: str, since: str = None, until: str = None) -> pd.DataFrame:
        """Which articles say all these phrases? Case and diacritics do not matter, đ is d. A title counts 5, a lede 3, each place in the text 1."""
        r = self.news()
        r = r[self.period(r.day, since, until)]
        wanted = [whole(p) for p in phrases if fold(p).strip()]
        said = [[5 * (p in t) + 3 * (p in l) + b.count(p) for p in wanted] for t, l, b in zip(r.title.map(fold), r.lede.fillna("").map(fold), r.body_text.map(fold))]
        r = r.assign(points=[sum(points) if wanted and all(points) else 0 for points in said])
        columns = ["points", "day", "source", "language", "title", "url", "article_id"]
        return r[r.points > 0][columns].sort_values(["points", "day", "article_id"], ascending=[False, False, True])


def first_telling(article: str, links: dict) -> str:
    """Links point back in time; an article may retell one that retells another. Of several first tellings the least id stands."""
    seen, ahead = set(), [article]
    while ahead:
        new = set(links.get(ahead.pop(), ())) - seen
        seen |= new
        ahead += new
    return min((a for a in seen if not links.get(a)), default=article)


def tally(values) -> str:
    return ", ".join(f"{v} {n}" for v, n in sorted(Counter(values).items(), key=lambda of: (-of[1], of[0])))


def total(counts: pd.Series):
    """The sum, missing when every count is."""
    return counts.sum(min_count=1)


def share(values: pd.Series, of: float) -> float:
    """The value that a share of them does not exceed."""
    values = sorted(values.dropna())
    return values[math.ceil(of * len(values)) - 1] if values else math.nan


def fold(text: str) -> str:
    """Small letters without diacritics, one blank around each word."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)).replace("đ", "d")
    return " " + " ".join(re.findall(r"[^\W_]+", plain)) + " "


def whole(phrase: str) -> str:
    """Whole words, but for Chinese, which has no blanks."""
    return fold(phrase).strip() if re.search("[\u4e00-\u9fff]", phrase) else fold(phrase)
