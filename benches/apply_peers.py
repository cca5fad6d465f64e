"""Copies the same parquet with pyarrow: `apply_peers.py DIR`, after `cargo bench --bench apply -- DIR`.

Needs pyarrow from PyPI. Once whole (read_table, write_table), once row group by row group with one thread. Prints one
JSON document.
"""

import json
import os
import sys
import time

import pyarrow
import pyarrow.parquet as parquet

folder = sys.argv[1]
source = os.path.join(folder, "manifest.parquet")
target = os.path.join(folder, "copy.parquet")
GROUP_ROWS = 250_000


def timed(copy):
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        copy()
        seconds.append(time.perf_counter() - began)
    return seconds


def whole():
    parquet.write_table(parquet.read_table(source), target, compression="snappy", row_group_size=GROUP_ROWS)


def one_thread():
    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    file = parquet.ParquetFile(source)
    with parquet.ParquetWriter(target, file.schema_arrow, compression="snappy") as writer:
        for group in range(file.num_row_groups):
            writer.write_table(file.read_row_group(group, use_threads=False), row_group_size=GROUP_ROWS)


report = {"pyarrow": pyarrow.__version__, "read_table_write_table": timed(whole), "row_groups_one_thread": timed(one_thread)}
print(json.dumps(report, indent=2))
