"""How many pictures a second one thread of Python hashes, with imagehash and with pdqhash; JSON on standard output.

    python benches/hash_peers.py FOLDER

Needs imagehash and pdqhash. Measures as hash_images.rs does: files in memory, one pass to warm up, then whole passes for
at least three seconds, decoding included.
"""

import io
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import imagehash
import numpy
import pdqhash
from PIL import Image

SECONDS_MIN = 3.0


def read_pictures(folder):
    pictures = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            continue
        with open(path, "rb") as file:
            data = file.read()
        try:
            Image.open(io.BytesIO(data)).load()
        except OSError:
            continue
        pictures.append(data)
    return pictures


def phash(data):
    return imagehash.phash(Image.open(io.BytesIO(data)))


def dhash(data):
    return imagehash.dhash(Image.open(io.BytesIO(data)))


def pdq(data):
    return pdqhash.compute(numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB")))


def measure(pictures, hash_picture):
    for data in pictures:
        hash_picture(data)
    start, n_passes = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS_MIN:
        for data in pictures:
            hash_picture(data)
        n_passes += 1
    seconds = time.perf_counter() - start
    n_images = len(pictures) * n_passes
    n_bytes = sum(map(len, pictures)) * n_passes
    return {
        "images_per_s": round(n_images / seconds),
        "mb_per_s": round(n_bytes / seconds / 1e6, 1),
        "ms_per_image": round(seconds / n_images * 1000, 2),
    }


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.environ["ROLLCALL_BENCH_IMAGES"]
    pictures = read_pictures(folder)
    result = {"pictures": len(pictures), "bytes": sum(map(len, pictures)), "threads": 1}
    for name, function in (("imagehash_phash", phash), ("imagehash_dhash", dhash), ("pdqhash", pdq)):
        result[name] = measure(pictures, function)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
