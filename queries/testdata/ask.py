"""Asks pandas/attache.py over the drops in a folder. Each line it reads is a question as run.mjs takes it, such as
["duckdb/partners.sql", "country=LA"]; each line it prints is the answer, a JSON array of rows."""
import json
import pathlib
import sys

import pandas as pd

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "pandas"))
from attache import Drops

for line in sys.stdin:
    query, *variables = json.loads(line)
    given = dict(v.split("=", 1) for v in variables)
    drops = Drops(sys.argv[1], **{"zone": given.pop("zone")} if "zone" in given else {})
    phrases = given.pop("words", "").split(",")
    for name in given.keys() & {"a", "b", "country"}:
        given[name] = given[name].upper()
    for name in given.keys() & {"threshold", "margin"}:
        given[name] = float(given[name])
    if "acts" in given:
        given["acts"] = given["acts"].split(",")
    ask = getattr(drops, pathlib.Path(query).stem)
    table = ask(*phrases, **given) if query == "duckdb/search.sql" else ask(**given)
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    print(json.dumps(rows, default=lambda n: n.item()))
