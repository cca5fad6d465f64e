//! Asking an opened text index: the best records, how many there are, and which domains they stand on.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::path::{Path, PathBuf};

use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Weight};
use tantivy::schema::Field;
use tantivy::{Index, ReloadPolicy, Searcher, SegmentReader, Term};

use super::hidden::{HiddenDocs, HiddenIn};
use super::{Clause, Fields, schema, seal, tokenizers};
use crate::index::IndexError;

/// Most common domains looked at in each segment; what is counted for them is exact.
const DOMAIN_CANDIDATES: usize = 64;

/// An opened, immutable text index.
pub struct TextIndex {
    path: PathBuf,
    searcher: Searcher,
    fields: Fields,
    segments: Vec<Columns>,
}

/// The columns of one segment, opened once: opening them anew for every hit costs more than the search.
pub(super) struct Columns {
    pub(super) row: Column<u64>,
    /// Documents lie in the order of their ordinals.
    pub(super) is_in_order: bool,
    domain: Option<StrColumn>,
}

impl Columns {
    pub(super) fn docs(&self) -> u32 {
        self.row.num_docs()
    }
}

/// A question to one or several indexes.
#[derive(Debug, Clone)]
pub struct TextQuery {
    pub clause: Clause,
}

/// A record found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    pub score: f32,
    pub ordinal: u64,
}

/// Where a page begins: everything that ranks after this.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    /// From the top.
    Start,
    /// After this record of this index.
    Hit(Found),
    /// Strictly below this score: the place is in an index that ranks after this one at equal score.
    Below(f32),
    /// At this score or below: the place is in an index that ranks before this one at equal score.
    AtOrBelow(f32),
}

/// What one index answers.
#[derive(Debug, Default)]
pub struct Page {
    /// In rank order: score descending, then ordinal ascending.
    pub found: Vec<Found>,
    /// All records that meet the query, not only those of this page.
    pub total: u64,
    /// Domains with their number of records, most common first.
    pub domains: Vec<(String, u64)>,
}

impl Found {
    /// `Less` comes first on the page.
    pub fn rank(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.ordinal.cmp(&other.ordinal))
    }
}

impl TextIndex {
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        seal::check(path, false)?;
        let text = |error| IndexError::text(path)(error);
        let (schema, fields) = schema();
        let mut index = Index::open_in_dir(path).map_err(text)?;
        if index.schema() != schema {
            return Err(IndexError::damaged(path, "made by another version of this program"));
        }
        index.set_tokenizers(tokenizers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(text)?;
        let searcher = reader.searcher();
        let segments = searcher
            .segment_readers()
            .iter()
            .map(|segment| {
                let columns = segment.fast_fields();
                let row = columns.u64("row")?;
                Ok(Columns { is_in_order: is_in_order(&row), row, domain: columns.str("domain")? })
            })
            .collect::<tantivy::Result<_>>()
            .map_err(text)?;
        Ok(Self { path: path.to_owned(), searcher, fields, segments })
    }

    /// Reads every file through and compares checksums. Costs reading the whole index.
    pub fn verify(&self) -> Result<(), IndexError> {
        seal::check(&self.path, true)
    }

    /// The best `limit` records after a place, with totals. `all` are the indexes searched together: rarity of a word
    /// is judged over all of them, so that scores compare. What is `hidden` is neither found nor counted.
    pub fn page(
        &self,
        query: &TextQuery,
        all: &[&Self],
        limit: usize,
        after: After,
        hidden: &HiddenDocs,
    ) -> Result<Page, IndexError> {
        self.page_inner(query, all, limit, after, hidden).map_err(IndexError::text(&self.path))
    }

    /// How many records meet a query and are not hidden.
    pub fn count(&self, query: &TextQuery, hidden: &HiddenDocs) -> Result<u64, IndexError> {
        if hidden.is_empty() {
            let query = query.clause.to_query(&self.fields);
            return query.count(&self.searcher).map(|n| n as u64).map_err(IndexError::text(&self.path));
        }
        let mut total = 0;
        self.each(query, |segment, doc| total += u64::from(!hidden.of_segment(segment).has(doc)))?;
        Ok(total)
    }

    /// The ordinals of all records that meet a query.
    pub fn ordinals(&self, query: &TextQuery) -> Result<Vec<u64>, IndexError> {
        let mut ordinals = Vec::new();
        self.each(query, |segment, doc| ordinals.extend(self.segments[segment].row.first(doc)))?;
        Ok(ordinals)
    }

    pub(super) fn segments(&self) -> &[Columns] {
        &self.segments
    }

    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(super) fn key_field(&self) -> Field {
        self.fields.key
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn ordinal(&self, segment: usize, doc: u32) -> u64 {
        self.segments[segment].row.first(doc).unwrap_or(u64::MAX)
    }

    /// Every document that meets a query, with the number of its segment.
    fn each(&self, query: &TextQuery, mut each: impl FnMut(usize, u32)) -> Result<(), IndexError> {
        let query = query.clause.to_query(&self.fields);
        let mut run = || {
            let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
            for (number, segment) in self.searcher.segment_readers().iter().enumerate() {
                weight.for_each_no_score(segment, &mut |docs| docs.iter().for_each(|doc| each(number, *doc)))?;
            }
            Ok(())
        };
        run().map_err(|error: tantivy::TantivyError| IndexError::text(&self.path)(error))
    }

    fn page_inner(
        &self,
        query: &TextQuery,
        all: &[&Self],
        limit: usize,
        after: After,
        hidden: &HiddenDocs,
    ) -> tantivy::Result<Page> {
        let statistics = Together(all);
        let query: Box<dyn Query> = query.clause.to_query(&self.fields);
        let weight = query.weight(EnableScoring::enabled_from_statistics_provider(&statistics, &self.searcher))?;
        let mut page = Page::default();
        let mut best = Best { limit, after, heap: BinaryHeap::with_capacity(limit + 1) };
        let mut counts = Vec::with_capacity(self.segments.len());
        for (number, (segment, columns)) in self.searcher.segment_readers().iter().zip(&self.segments).enumerate() {
            let mut domains = DomainCounts::new(columns.domain.as_ref());
            let hidden = hidden.of_segment(number);
            page.total += collect(weight.as_ref(), segment, columns, hidden, &mut best, &mut domains)?;
            counts.push(domains.counts);
        }
        page.found = best.into_sorted();
        page.domains = self.common_domains(&counts)?;
        Ok(page)
    }

    /// Adds up the domains of all segments: candidates are the most common ones of each, their counts are exact.
    fn common_domains(&self, counts: &[HashMap<u64, u32>]) -> tantivy::Result<Vec<(String, u64)>> {
        let mut sums: HashMap<String, u64> = HashMap::new();
        for (columns, counts) in self.segments.iter().zip(counts) {
            let Some(domain) = &columns.domain else { continue };
            let mut top: Vec<(u32, u64)> = counts.iter().map(|(ord, n)| (*n, *ord)).collect();
            top.sort_unstable_by_key(|(n, ord)| (std::cmp::Reverse(*n), *ord));
            for (_, ord) in top.iter().take(DOMAIN_CANDIDATES) {
                let mut name = String::new();
                if domain.ord_to_str(*ord, &mut name)? {
                    sums.insert(name, 0);
                }
            }
        }
        for (columns, counts) in self.segments.iter().zip(counts) {
            let Some(domain) = &columns.domain else { continue };
            for (name, sum) in &mut sums {
                if let Some(ord) = domain.dictionary().term_ord(name.as_bytes())? {
                    *sum += u64::from(counts.get(&ord).copied().unwrap_or(0));
                }
            }
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(sums)
    }
}

fn collect(
    weight: &dyn Weight,
    segment: &SegmentReader,
    columns: &Columns,
    hidden: HiddenIn<'_>,
    best: &mut Best,
    domains: &mut DomainCounts<'_>,
) -> tantivy::Result<u64> {
    let mut total = 0;
    weight.for_each(segment, &mut |doc, score| {
        if hidden.has(doc) {
            return;
        }
        total += 1;
        domains.add(doc);
        if best.could_take(score) {
            best.offer(Found { score, ordinal: columns.row.first(doc).unwrap_or(u64::MAX) });
        }
    })?;
    Ok(total)
}

/// Whether each document's ordinal is above that of the one before it: read once when the index is opened, a few
/// milliseconds for a million.
fn is_in_order(row: &Column<u64>) -> bool {
    let mut before = None;
    (0..row.num_docs()).all(|doc| {
        let this = row.first(doc);
        let rises = before.is_none_or(|before| this > before);
        before = Some(this);
        rises
    })
}

struct DomainCounts<'a> {
    column: Option<&'a Column<u64>>,
    counts: HashMap<u64, u32>,
}

impl<'a> DomainCounts<'a> {
    fn new(domain: Option<&'a StrColumn>) -> Self {
        Self { column: domain.map(|domain| domain.ords()), counts: HashMap::new() }
    }

    fn add(&mut self, doc: u32) {
        if let Some(ord) = self.column.and_then(|column| column.first(doc)) {
            *self.counts.entry(ord).or_insert(0) += 1;
        }
    }
}

/// The best few, the worst of them on top of the heap.
struct Best {
    limit: usize,
    after: After,
    heap: BinaryHeap<Worst>,
}

struct Worst(Found);

impl Ord for Worst {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.rank(&other.0)
    }
}
impl PartialOrd for Worst {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Worst {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Worst {}

impl Best {
    /// Spares reading the ordinal of a record whose score alone keeps it off the page.
    fn could_take(&self, score: f32) -> bool {
        let late_enough = match self.after {
            After::Start => true,
            After::Hit(place) => score.total_cmp(&place.score).is_le(),
            After::Below(at) => score.total_cmp(&at).is_lt(),
            After::AtOrBelow(at) => score.total_cmp(&at).is_le(),
        };
        late_enough
            && (self.heap.len() < self.limit
                || self.heap.peek().is_some_and(|worst| score.total_cmp(&worst.0.score).is_ge()))
    }

    fn offer(&mut self, found: Found) {
        if let After::Hit(place) = self.after
            && place.rank(&found) != Ordering::Less
        {
            return;
        }
        self.heap.push(Worst(found));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    fn into_sorted(self) -> Vec<Found> {
        self.heap.into_sorted_vec().into_iter().map(|Worst(found)| found).collect()
    }
}

/// Word statistics over several indexes.
struct Together<'a>(&'a [&'a TextIndex]);

impl Bm25StatisticsProvider for Together<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.0.iter().map(|index| index.searcher.total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.0.iter().map(|index| index.searcher.total_num_docs()).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.0.iter().map(|index| Bm25StatisticsProvider::doc_freq(&index.searcher, term)).sum()
    }
}
