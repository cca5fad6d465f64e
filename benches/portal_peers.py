"""The same rows and questions with SQLite FTS5 and DuckDB FTS: `portal_peers.py DIR`, after `cargo bench --bench portal -- DIR`.

Needs pyarrow, duckdb and duckdb-extension-fts (of one version) from PyPI; SQLite is Python's own. Both take in caption and address with their full-text
extension as it comes, keep the rows, and are asked for the best 20 with the total. Prints one JSON document.
"""

import json
import os
import sqlite3
import sys
import time

import duckdb
import pyarrow.parquet as pq

folder = sys.argv[1]
manifest = os.path.join(folder, "laion.parquet")
questions = json.load(open(os.path.join(folder, "questions.json")))
CLASSES = ["common word", "usual word", "rare word", "two words", "phrase"]


def percentiles(times):
    times = sorted(times)
    return {"p50": round(times[len(times) // 2] * 1e6), "p90": round(times[int(len(times) * 0.9)] * 1e6)}


def timed(ask, words):
    ask(words)
    began = time.perf_counter()
    ask(words)
    return time.perf_counter() - began


def sqlite():
    path = os.path.join(folder, "peer.sqlite")
    if os.path.exists(path):
        os.remove(path)
    began = time.perf_counter()
    db = sqlite3.connect(path)
    db.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "CREATE VIRTUAL TABLE rows USING fts5(url, caption, width UNINDEXED, height UNINDEXED, similarity UNINDEXED,"
        " nsfw UNINDEXED, license UNINDEXED, language UNINDEXED, tokenize='unicode61 remove_diacritics 2');"
    )
    table = pq.ParquetFile(manifest)
    columns = ["URL", "TEXT", "WIDTH", "HEIGHT", "similarity", "NSFW", "LICENSE", "LANGUAGE"]
    for batch in table.iter_batches(batch_size=50_000, columns=columns):
        lists = [column.to_pylist() for column in batch.columns]
        db.executemany("INSERT INTO rows VALUES (?,?,?,?,?,?,?,?)", zip(*lists))
    db.commit()
    db.execute("INSERT INTO rows(rows) VALUES('optimize')")
    db.commit()
    seconds = time.perf_counter() - began

    def ask(words):
        match = words if words.startswith('"') else " ".join(f'"{word}"' for word in words.split())
        rows = db.execute("SELECT url, caption FROM rows WHERE rows MATCH ? ORDER BY rank LIMIT 20", (match,)).fetchall()
        total = db.execute("SELECT count(*) FROM rows WHERE rows MATCH ?", (match,)).fetchone()
        return rows, total

    queries = {name: percentiles([timed(ask, words) for words in questions[name][:20]]) for name in CLASSES}
    return {"seconds": seconds, "rows_a_second": table.metadata.num_rows / seconds, "bytes": os.path.getsize(path), "queries_us": queries}


def duck():
    path = os.path.join(folder, "peer.duckdb")
    if os.path.exists(path):
        os.remove(path)
    began = time.perf_counter()
    db = duckdb.connect(path)
    # The extension comes with the package duckdb-extension-fts of the same version; put it where DuckDB looks for it.
    db.execute("LOAD fts;")
    db.execute(
        f"CREATE TABLE rows AS SELECT row_number() OVER () AS id, URL AS url, TEXT AS caption, * EXCLUDE (URL, TEXT) FROM '{manifest}'"
    )
    db.execute("PRAGMA create_fts_index('rows', 'id', 'caption', 'url', stemmer='none', stopwords='none')")
    db.execute("CHECKPOINT")
    seconds = time.perf_counter() - began

    def ask(words):
        return db.execute(
            "SELECT url, caption, score FROM (SELECT *, fts_main_rows.match_bm25(id, ?, conjunctive := 1) AS score FROM rows)"
            " WHERE score IS NOT NULL ORDER BY score DESC LIMIT 20",
            [words.strip('"')],
        ).fetchall()

    # No phrases in DuckDB's extension.
    queries = {name: percentiles([timed(ask, words) for words in questions[name][:5]]) for name in CLASSES[:4]}
    rows = db.execute("SELECT count(*) FROM rows").fetchone()[0]
    db.close()
    return {"seconds": seconds, "rows_a_second": rows / seconds, "bytes": os.path.getsize(path), "queries_us": queries}


report = {}
for name, peer in [("sqlite fts5", sqlite), ("duckdb fts", duck)]:
    try:
        report[name] = peer()
    except Exception as error:
        report[name] = {"failed": str(error)}
report["versions"] = {"sqlite": sqlite3.sqlite_version, "duckdb": duckdb.__version__}
print(json.dumps(report, indent=2))
