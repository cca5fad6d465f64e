//! What can be asked of the text index, as plain data; turned into tantivy's queries here.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::Fields;

/// Fields that hold words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordField {
    Caption,
    Author,
    /// Words of an address.
    Slug,
}

/// Fields that hold whole terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExactField {
    Ident,
    Host,
    Lang,
}

/// A condition on records.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// One folded word in one field.
    Word(WordField, String),
    /// A word that begins so: what a single character of an unspaced script stands for.
    Prefix(WordField, String),
    /// Words at these relative positions. Slugs have no positions: never ask a phrase of them.
    Phrase(WordField, Vec<(usize, String)>),
    Exact(ExactField, String),
    Key(u64),
    /// Milliseconds since 1970: from (inclusive), until (exclusive).
    Created(Option<i64>, Option<i64>),
    All(Vec<Clause>),
    /// At least one; scores add up.
    Any(Vec<Clause>),
    /// At least one; the best one's score counts.
    Best(Vec<Clause>),
    /// Everything that meets the first, ranked higher where it also meets the others.
    Prefer(Box<Clause>, Vec<Clause>),
    /// What meets the first and not the second.
    Without(Box<Clause>, Box<Clause>),
    /// The score multiplied.
    Boost(Box<Clause>, f32),
    /// The same score for all.
    Flat(Box<Clause>, f32),
    Everything,
    Nothing,
}

impl Clause {
    pub(super) fn to_query(&self, fields: &Fields) -> Box<dyn Query> {
        let word_field = |field: WordField| match field {
            WordField::Caption => fields.caption,
            WordField::Author => fields.author,
            WordField::Slug => fields.slug,
        };
        let all = |clauses: &[Self]| clauses.iter().map(|clause| clause.to_query(fields)).collect::<Vec<_>>();
        match self {
            Self::Word(field, word) => term(Term::from_field_text(word_field(*field), word), scoring(*field)),
            Self::Prefix(field, word) => {
                Box::new(PhrasePrefixQuery::new(vec![Term::from_field_text(word_field(*field), word)]))
            }
            Self::Phrase(field, words) => phrase(word_field(*field), words, scoring(*field)),
            Self::Exact(field, text) => {
                let field = match field {
                    ExactField::Ident => fields.ident,
                    ExactField::Host => fields.host,
                    ExactField::Lang => fields.lang,
                };
                term(Term::from_field_text(field, text), IndexRecordOption::Basic)
            }
            Self::Key(key) => term(Term::from_field_u64(fields.key, *key), IndexRecordOption::Basic),
            Self::Created(from, until) => {
                let bound = |at: i64| Term::from_field_i64(fields.created, at);
                let from = from.map_or(Bound::Unbounded, |at| Bound::Included(bound(at)));
                let until = until.map_or(Bound::Unbounded, |at| Bound::Excluded(bound(at)));
                // A range needs one bound to know its field.
                match (&from, &until) {
                    (Bound::Unbounded, Bound::Unbounded) => Box::new(AllQuery),
                    _ => Box::new(RangeQuery::new(from, until)),
                }
            }
            Self::All(clauses) if clauses.is_empty() => Box::new(AllQuery),
            Self::All(clauses) => Box::new(BooleanQuery::intersection(all(clauses))),
            Self::Any(clauses) if clauses.is_empty() => Box::new(EmptyQuery),
            Self::Any(clauses) => Box::new(BooleanQuery::union(all(clauses))),
            Self::Best(clauses) => Box::new(DisjunctionMaxQuery::new(all(clauses))),
            Self::Prefer(must, others) => {
                let mut clauses = vec![(Occur::Must, must.to_query(fields))];
                clauses.extend(others.iter().map(|other| (Occur::Should, other.to_query(fields))));
                Box::new(BooleanQuery::new(clauses))
            }
            Self::Without(yes, no) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, yes.to_query(fields)),
                (Occur::MustNot, no.to_query(fields)),
            ])),
            Self::Boost(clause, factor) => Box::new(BoostQuery::new(clause.to_query(fields), *factor)),
            Self::Flat(clause, score) => Box::new(ConstScoreQuery::new(clause.to_query(fields), *score)),
            Self::Everything => Box::new(AllQuery),
            Self::Nothing => Box::new(EmptyQuery),
        }
    }
}

fn scoring(field: WordField) -> IndexRecordOption {
    match field {
        WordField::Slug => IndexRecordOption::Basic,
        WordField::Caption | WordField::Author => IndexRecordOption::WithFreqs,
    }
}

fn term(term: Term, scoring: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, scoring))
}

fn phrase(field: Field, words: &[(usize, String)], scoring: IndexRecordOption) -> Box<dyn Query> {
    let mut terms: Vec<_> = words.iter().map(|(at, word)| (*at, Term::from_field_text(field, word))).collect();
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => term(terms.remove(0).1, scoring),
        _ => Box::new(PhraseQuery::new_with_offset(terms)),
    }
}
