//! Pages, ties, counts and totals over several datasets, compared with counting by hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rollcall::search::engine::{Engine, TextRequest};
use rollcall::search::results::{FacetCount, Hit};

use crate::support::{Home, request, typed};

const WORDS: [&str; 5] = ["boat", "gull", "harbour", "lamp", "rope"];
const HOSTS: [&str; 7] =
    ["a.example", "b.example", "c.example", "img.a.example", "d.example", "e.example", "f.example"];

/// Three datasets of captions drawn from few words, so that many records rank alike.
fn datasets(home: &Home) -> Engine {
    let mut rng = rollcall::demo::Rng::for_part(5, "paging", 0);
    for (slug, rows, threads) in [("first", 60, 2), ("second", 45, 1), ("third", 30, 1)] {
        let mut text = String::from("url,caption\n");
        for row in 0..rows {
            let (one, two, host) = (rng.choose(&WORDS), rng.choose(&WORDS), rng.choose(&HOSTS));
            writeln!(text, "https://{host}/{slug}/{row}.jpg,{one} and {two}").unwrap();
        }
        let path = home.file(&format!("{slug}.csv"), text);
        let mut request = request(&[&path], slug, "r1");
        (request.threads, request.text_heap_bytes) = (threads, threads * (32 << 20));
        home.try_ingest(&request).unwrap();
    }
    home.engine()
}

/// Follows the cursor to the end; gives the ids in order.
fn page_through(engine: &Engine, request: &TextRequest, limit: usize) -> Vec<Hit> {
    let mut request = TextRequest { limit, ..request.clone() };
    let mut all = Vec::new();
    loop {
        let page = engine.text(&request).unwrap();
        assert!(page.hits.len() <= limit && page.total_is_exact);
        all.extend(page.hits);
        match page.next {
            Some(next) => request.cursor = Some(next),
            None => return all,
        }
        assert!(all.len() <= 1000, "the pages go in circles");
    }
}

fn ids(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| hit.id.clone()).collect()
}

#[test]
fn pages_of_any_size_give_every_hit_once_in_one_order() {
    let home = Home::new();
    let engine = datasets(&home);
    let everything = TextRequest { dataset: vec!["first".into(), "second".into(), "third".into()], ..typed("") };
    for request in [typed("boat"), typed("boat gull"), typed("domain:a.example"), typed("harbour -rope"), everything] {
        let whole = engine.text(&request).unwrap();
        assert!(whole.next.is_none() && whole.total > 4, "{}", request.q);
        assert_eq!(whole.total, whole.hits.len() as u64);
        assert!(whole.hits.is_sorted_by(|a, b| a.score >= b.score));
        for limit in [1, 2, 3, 7, 199] {
            assert_eq!(ids(&page_through(&engine, &request, limit)), ids(&whole.hits), "{} by {limit}", request.q);
        }
    }
}

#[test]
fn ties_keep_the_order_of_dataset_and_row_every_time() {
    let home = Home::new();
    let engine = datasets(&home);
    let place = |hit: &Hit| (hit.dataset.clone(), hit.row.parse::<u64>().unwrap());
    let hits = engine.text(&typed("boat")).unwrap().hits;
    for pair in hits.windows(2) {
        let tie = pair[0].score.to_bits() == pair[1].score.to_bits();
        assert!(!tie || place(&pair[0]) < place(&pair[1]), "{} and {}", pair[0].id, pair[1].id);
    }
    assert!(hits.windows(2).any(|pair| pair[0].score.to_bits() == pair[1].score.to_bits()));
    assert_eq!(ids(&engine.text(&typed("boat")).unwrap().hits), ids(&hits));
    assert_eq!(ids(&home.engine().text(&typed("boat")).unwrap().hits), ids(&hits), "an engine opened anew");
}

#[test]
fn counts_by_dataset_and_domain_are_those_counted_by_hand() {
    let home = Home::new();
    let engine = datasets(&home);
    for q in ["boat", "boat gull", "lamp -boat", "nothing-has-this"] {
        let results = engine.text(&typed(q)).unwrap();
        let (mut datasets, mut domains) = (BTreeMap::new(), BTreeMap::new());
        for hit in &results.hits {
            *datasets.entry(hit.dataset.clone()).or_insert(0) += 1;
            let host = hit.url.as_deref().unwrap().split('/').nth(2).unwrap();
            *domains.entry(host.trim_start_matches("img.").to_owned()).or_insert(0) += 1;
        }
        let counts = |facets: &[FacetCount]| -> BTreeMap<String, u64> {
            facets.iter().map(|facet| (facet.value.clone(), facet.count)).collect()
        };
        assert_eq!(counts(&results.facets.dataset), datasets, "{q}");
        assert_eq!(counts(&results.facets.domain), domains, "{q}");
        assert!(results.facets.domain.is_sorted_by(|a, b| a.count >= b.count));
    }
    // Of the other datasets the counts stay, so that one can be changed for another.
    let one = TextRequest { dataset: vec!["third".into()], ..typed("boat") };
    let (all, one) = (engine.text(&typed("boat")).unwrap(), engine.text(&one).unwrap());
    assert_eq!(one.facets.dataset.len(), 3);
    assert!(one.total < all.total && one.hits.iter().all(|hit| hit.dataset == "third"));
    assert_eq!(one.facets.domain.iter().map(|facet| facet.count).sum::<u64>(), one.total);
}

#[test]
fn a_cursor_into_a_revision_that_is_gone_is_told_so() {
    let home = Home::new();
    let engine = datasets(&home);
    let next = engine.text(&TextRequest { limit: 2, ..typed("boat") }).unwrap().next.unwrap();
    for (slug, rows) in [("first", "boat"), ("second", "boat"), ("third", "boat")] {
        let path = home.file(&format!("{slug}-2.csv"), format!("url,caption\nhttps://a.example/1,{rows}\n"));
        home.take_in(&[&path], slug, "r2");
    }
    assert!(engine.refresh().unwrap());
    let request = TextRequest { cursor: Some(next), ..typed("boat") };
    let error = engine.text(&request).unwrap_err().to_string();
    assert!(error.starts_with("cursor:") && error.contains("first page"), "{error}");
}
