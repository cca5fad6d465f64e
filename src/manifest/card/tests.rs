#![expect(clippy::print_stdout, reason = "says that it skips where the real data are not there")]
use proptest::prelude::*;

use super::*;

fn read(name: &str, text: &str) -> Result<DatasetCard, CardError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    read_card(&path)
}

const README: &str = "---
pretty_name: Little Cats
license: other
license_name: cat-1.0
language:
- en
- no
source_datasets:
- original
- extended|big-cats
dataset_info:
  features:
  - name: image
    dtype: image
  - name: caption
    dtype: string
  splits:
  - name: train
    num_examples: 90
  - name: test
    num_examples: 10
  dataset_size: 1234
---

# Dataset Card for Little Cats

- **Homepage:** [the cats](https://cats.example/)
- **Point of Contact:** [Ann](mailto:ann@cats.example)

### Dataset Summary

A hundred cats,
photographed asleep.

More about them.
";

#[test]
fn a_readme_says_what_the_dataset_is() {
    let expected = DatasetCard {
        title: Some("Little Cats".to_owned()),
        description: Some("A hundred cats, photographed asleep.".to_owned()),
        licence: Some("cat-1.0".to_owned()),
        publisher: None,
        homepage: Some("https://cats.example/".to_owned()),
        contact: Some("ann@cats.example".to_owned()),
        sources: vec!["extended|big-cats".to_owned()],
        languages: vec!["en".to_owned(), "no".to_owned()],
        total_records: Some(100),
        total_bytes: Some(1234),
        columns: vec!["image".to_owned(), "caption".to_owned()],
    };
    assert_eq!(read("README.md", README).unwrap(), expected);
    assert_eq!(read("README.md", &README.replace('\n', "\r\n")).unwrap(), expected);
}

#[test]
fn an_older_readme_and_one_without_front_matter_are_read_too() {
    let card = read(
        "README.md",
        "---\nlanguages:\n  a:\n  - de\nlicenses:\n- cc-by-4.0\n- mit\n---\n# Cats\n\nAll of them.\n",
    )
    .unwrap();
    assert_eq!(card.licence.as_deref(), Some("cc-by-4.0, mit"));
    assert_eq!(card.languages, ["de"]);
    let card = read("README.md", "# Cats\n\nAll of them.\n").unwrap();
    assert_eq!((card.title.as_deref(), card.description.as_deref()), (Some("Cats"), Some("All of them.")));
}

#[test]
fn odd_front_matter_is_passed_over_or_refused_but_never_fatal() {
    assert_eq!(read("README.md", "---\n\t: [\n---\n# Cats\n").unwrap().title.as_deref(), Some("Cats"));
    for text in ["---\n\t: [\n---\n", "", "---\n---\n", "---\nno end"] {
        assert!(matches!(read("README.md", text), Err(CardError::Unreadable { .. })), "{text:?}");
    }
    let nested = format!("---\na: {}\n---\n# Cats\n", "[".repeat(100_000));
    assert_eq!(read("README.md", &nested).unwrap().title.as_deref(), Some("Cats"));
    let card =
        read("README.md", "---\nlicense: 3\nlanguage: {a: {b: [1, null]}}\ndataset_info: x\n1: 2\n---\n# Cats\n");
    assert_eq!(card.unwrap().title.as_deref(), Some("Cats"));
}

#[test]
fn dataset_infos_give_counts_and_columns() {
    let text = r#"{"default": {"description": "Cats.\n", "license": "CC BY 4.0", "homepage": "https://cats.example",
        "features": {"url": {"dtype": "string"}, "caption": {}}, "dataset_size": 7,
        "splits": {"train": {"num_examples": 3}, "test": {"num_examples": 2}}}}"#;
    let card = read("dataset_infos.json", text).unwrap();
    assert_eq!(card.description.as_deref(), Some("Cats."));
    assert_eq!((card.total_records, card.total_bytes), (Some(5), Some(7)));
    assert_eq!(card.columns, ["url", "caption"]);
    for text in ["{", "[]", "{\"a\": 1}", "null"] {
        assert!(matches!(read("dataset_infos.json", text), Err(CardError::Unreadable { .. })), "{text:?}");
    }
}

#[test]
fn croissant_gives_lineage_people_sizes_and_columns() {
    let text = r#"{"@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.1", "name": "cats",
        "description": "All  cats", "license": ["mit"], "url": "https://cats.example", "inLanguage": ["en", "de"],
        "creator": [{"@type": "sc:Person", "name": "Ann", "email": "ann@cats.example"}, {"name": "Bob"}],
        "prov:wasDerivedFrom": {"@id": "big", "prov:atLocation": "https://big.example"},
        "distribution": [{"@type": "cr:FileObject", "contentSize": "10 B"}, {"contentSize": "1.5 kB"},
            {"contentSize": "9 GB", "containedIn": {"@id": "x"}}],
        "recordSet": [{"field": [{"source": {"extract": {"column": "URL"}}},
            {"subField": [{"source": {"extract": {"column": "TEXT"}}}]}]}]}"#;
    let card = read("metadata.json", text).unwrap();
    assert_eq!(card.title.as_deref(), Some("cats"));
    assert_eq!(card.description.as_deref(), Some("All cats"));
    assert_eq!(card.licence.as_deref(), Some("mit"));
    assert_eq!(card.publisher.as_deref(), Some("Ann, Bob"));
    assert_eq!(card.contact.as_deref(), Some("ann@cats.example"));
    assert_eq!(card.sources, ["https://big.example"]);
    assert_eq!(card.languages, ["en", "de"]);
    assert_eq!(card.total_bytes, Some(1510));
    assert_eq!(card.columns, ["URL", "TEXT"]);
}

#[test]
fn a_card_too_large_is_refused() {
    let text = format!("# Cats\n{}", "x".repeat(5 << 20));
    assert!(matches!(read("README.md", &text), Err(CardError::TooLarge { .. })));
}

#[test]
fn the_card_beside_the_data_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let shard = data.join("a.parquet");
    std::fs::write(&shard, "").unwrap();
    let readme = folder.path().join("README.md");
    std::fs::write(&readme, "# a project's readme, not a card").unwrap();
    assert_eq!(find_card(std::slice::from_ref(&shard)), None);
    let infos = folder.path().join("dataset_infos.json");
    std::fs::write(&infos, "{}").unwrap();
    assert_eq!(find_card(std::slice::from_ref(&shard)), Some(infos));
    std::fs::write(folder.path().join("metadata.json"), "{\"label\": 1}").unwrap();
    let croissant = folder.path().join("croissant.json");
    std::fs::write(&croissant, "{\"conformsTo\": \"http://mlcommons.org/croissant/1.0\"}").unwrap();
    assert_eq!(find_card(&[folder.path().to_owned()]), Some(croissant));
    std::fs::write(&readme, README).unwrap();
    assert_eq!(find_card(&[shard]), Some(readme));
    assert_eq!(find_card(&[]), None);
}

#[test]
fn real_cards_are_read_where_they_are_at_hand() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/hf");
    let mut read = 0;
    for folder in ["cards", "croissant/1.0", "croissant/1.1"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries.flatten() {
            for name in ["README.md", "dataset_infos.json", "metadata.json"] {
                let path = entry.path().join(name);
                if path.is_file() {
                    let card = read_card(&path).unwrap();
                    assert!(card.title.is_some() || name == "dataset_infos.json", "{}", path.display());
                    assert!(card.description.is_some(), "{}", path.display());
                    read += 1;
                }
            }
        }
    }
    println!("{read} real cards read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_text_makes_a_card_panic(front in "[a-z:\\[\\]{}\\-#&*!|> \n\"']{0,80}", body in ".{0,80}") {
        let _ = hugging_face::readme(&format!("---\n{front}\n---\n{body}"));
    }
}
