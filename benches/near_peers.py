"""The same codes and queries with faiss: `near_peers.py DIR`, after `cargo bench --bench near -- DIR`.

Needs faiss-cpu and numpy from PyPI. One thread. Prints one JSON document.
"""

import json
import os
import sys
import time

import faiss
import numpy

folder = sys.argv[1]
faiss.omp_set_num_threads(1)
codes = numpy.fromfile(os.path.join(folder, "codes.bin"), dtype=numpy.uint8).reshape(-1, 32)
queries = numpy.fromfile(os.path.join(folder, "queries.bin"), dtype=numpy.uint8).reshape(-1, 32)
flat = faiss.IndexBinaryFlat(256)
flat.add(codes)
report = {"codes": len(codes), "faiss": faiss.__version__, "flat": {}}
for radius in (31, 48):
    times = []
    found = 0
    for query in queries[:40]:
        began = time.perf_counter()
        # faiss counts what lies strictly below its radius.
        limits, _, _ = flat.range_search(query[None], radius + 1)
        times.append(time.perf_counter() - began)
        found += int(limits[-1])
    times.sort()
    report["flat"][str(radius)] = {"p50_us": round(times[len(times) // 2] * 1e6, 1), "found_by_40": found}
print(json.dumps(report, indent=2))
