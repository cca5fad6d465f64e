//! The dataset cards of the demo, as Hugging Face's front matter has them.

/// `harbour-pairs`.
pub(super) const HARBOUR_PAIRS: &str = "\
---
pretty_name: Harbour pairs
license: cc-by-4.0
language:
- en
- nl
- es
- de
- fr
- ja
- zh
- ko
- th
- ar
tags:
- image-text
- demonstration
size_categories:
- 1K<n<10K
source_datasets:
- extended|lantern-shards
- original
task_categories:
- text-to-image
contact: removals@harbourlight.example
configs:
- config_name: default
  data_files:
  - split: train
    path: part-*.parquet
dataset_info:
  features:
  - name: URL
    dtype: string
  - name: TEXT
    dtype: string
  - name: WIDTH
    dtype: int32
  - name: HEIGHT
    dtype: int32
  - name: similarity
    dtype: float64
  - name: LICENSE
    dtype: string
  - name: NSFW
    dtype: string
  - name: LANGUAGE
    dtype: string
  - name: hash
    dtype: int64
  - name: punsafe
    dtype: float64
  - name: pwatermark
    dtype: float64
  splits:
  - name: train
    num_examples: 2000
---

# Harbour pairs

Two thousand addresses of pictures with their alternative texts, in ten languages, in the shape of the LAION sets.
Every row was invented by a program: no picture is behind any address, and no person in it exists.

## Removal

Write to removals@harbourlight.example with the addresses in question.
";

/// `orchard-prints`.
pub(super) const ORCHARD_PRINTS: &str = "\
---
pretty_name: Orchard prints
license: cc0-1.0
language:
- en
tags:
- image
- demonstration
size_categories:
- n<1K
source_datasets:
- original
task_categories:
- image-to-text
contact: hello@orchardnotes.example
homepage: https://orchardnotes.example/prints
configs:
- config_name: default
  data_files:
  - split: train
    path: train/*
dataset_info:
  features:
  - name: image
    dtype: image
  - name: text
    dtype: string
  - name: artist
    dtype: string
  - name: year
    dtype: int32
  splits:
  - name: train
    num_examples: 135
---

# Orchard prints

Pictures drawn by a program from a seed, with captions that say what is on them, credited to artists who do not exist.
A third of the files are copies of others, made smaller, compressed harder, mirrored or framed, as copies on the web are.
";
