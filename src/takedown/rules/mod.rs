//! What the law asks, from files the operator can edit.
//!
//! The files of `rules/` are compiled into the program. A directory of the operator's replaces them one by one: a file
//! of the same name stands in for the built-in one, whole. Everything is checked when it is read, and what is wrong is
//! named with file and line, so a server with a wrong rule does not start.

mod file;
mod holidays;
mod retention;
mod rule;
mod template;

pub use rule::{
    About, AfterPause, AppealRule, Binding, Choice, CounterNoticeRule, Deadline, Effect, Field, Pause, ProofRule,
    Rules, StatementRule, Suits,
};
pub use template::{LetterKind, PLACEHOLDERS, Template};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use self::file::{BasisFile, CommonFile, LettersFile};
use self::holidays::HolidaysFile;
use self::retention::RetentionFile;
use super::basis::Basis;
use super::clock::{Calendar, Calendars};
use super::retention::Terms;

/// Largest rule file, bytes. The longest of the built-in ones has 12,000.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The built-in files.
const FILES: [(&str, &str); 13] = [
    ("common.toml", include_str!("../../../rules/common.toml")),
    ("holidays.toml", include_str!("../../../rules/holidays.toml")),
    ("retention.toml", include_str!("../../../rules/retention.toml")),
    ("notice.toml", include_str!("../../../rules/notice.toml")),
    ("letters.toml", include_str!("../../../rules/letters.toml")),
    ("plain.toml", include_str!("../../../rules/plain.toml")),
    ("gdpr_erasure.toml", include_str!("../../../rules/gdpr_erasure.toml")),
    ("gdpr_objection.toml", include_str!("../../../rules/gdpr_objection.toml")),
    ("gdpr_access.toml", include_str!("../../../rules/gdpr_access.toml")),
    ("gdpr_restriction.toml", include_str!("../../../rules/gdpr_restriction.toml")),
    ("dmca.toml", include_str!("../../../rules/dmca.toml")),
    ("dsa.toml", include_str!("../../../rules/dsa.toml")),
    ("ccpa.toml", include_str!("../../../rules/ccpa.toml")),
];

/// The rules of every basis, and the calendars.
#[derive(Debug, Clone)]
pub struct RuleBook {
    /// For every basis its own rules, then its variants.
    rules: Vec<Rules>,
    variants: Vec<Variant>,
    calendars: Calendars,
    weekends: Calendar,
    /// How long what is personal stays, and the region by whose days that is counted.
    retention: (Terms, String),
    /// The notice to recipients of a dataset.
    notice: Template,
    pub operator: Operator,
    /// Texts that are no answer, such as `username`. In lower case.
    pub placeholders: Vec<String>,
}

/// Where a variant of a basis holds.
#[derive(Debug, Clone)]
struct Variant {
    basis: Basis,
    regime: String,
    countries: Vec<String>,
}

/// Who runs the portal, as letters name them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub name: String,
    /// How to reach them beside the case page.
    pub contact: String,
    /// The address people use; set by [`RuleBook::with_public_url`].
    #[serde(skip)]
    pub public_url: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("cannot read the rules in {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} is larger than {FILE_BYTES_MAX} bytes: that is no rule file")]
    TooLarge { path: PathBuf },
    #[error("{file}, line {line}: {what}")]
    Wrong { file: String, line: usize, what: String },
    #[error("{path} is no rule file; the names are: {known}")]
    UnknownFile { path: PathBuf, known: String },
}

impl RuleBook {
    /// The rules that come with the program.
    ///
    /// # Panics
    ///
    /// Never: a test reads the built-in files.
    pub fn built_in() -> Self {
        Self::read(&Texts::built_in()).expect("the built-in rules are read by a test")
    }

    /// The built-in rules, with the operator's files in the place of those they have the names of.
    pub fn load(directory: &Path) -> Result<Self, RulesError> {
        let mut texts = Texts::built_in();
        texts.take_from(directory)?;
        Self::read(&texts)
    }

    /// Sets the address that letters give.
    #[must_use]
    pub fn with_public_url(mut self, address: Option<&str>) -> Self {
        self.operator.public_url = address.map(|address| address.trim_end_matches('/').to_owned());
        self
    }

    /// Switches the two-person rule on for decisions over at least so many rows, or off.
    #[must_use]
    pub fn with_two_person(mut self, rows_min: Option<u32>) -> Self {
        for rules in &mut self.rules {
            rules.two_person_rows = rows_min;
        }
        self
    }

    /// The rules of a basis for somebody who lives in `country` (ISO 3166, also of a part: `GB-SCT`).
    pub fn of(&self, basis: Basis, country: Option<&str>) -> &Rules {
        let variant = self
            .variants
            .iter()
            .find(|variant| variant.basis == basis && country.is_some_and(|home| lives_in(home, &variant.countries)));
        self.regime(basis, variant.map_or("", |variant| &variant.regime))
    }

    /// The rules that a target was filed under: `target.memo.regime`. A regime that is gone gives the basis's own rules.
    ///
    /// # Panics
    ///
    /// Never: every basis has rules of its own.
    pub fn regime(&self, basis: Basis, regime: &str) -> &Rules {
        let of = |regime: &str| self.rules.iter().find(|rules| rules.basis == basis && rules.regime == regime);
        of(regime).or_else(|| of("")).expect("every basis has rules")
    }

    /// The calendar of the rules' region.
    pub fn calendar(&self, rules: &Rules) -> &Calendar {
        self.calendars.get(&rules.region).unwrap_or(&self.weekends)
    }

    /// How long what is personal stays after a case, and the calendar for it.
    pub fn retention(&self) -> (&Terms, &Calendar) {
        let (terms, region) = &self.retention;
        (terms, self.calendars.get(region).unwrap_or(&self.weekends))
    }

    /// The notice to those who received a dataset; filled in by [`super::recipient::write`].
    pub fn notice(&self) -> &Template {
        &self.notice
    }

    /// Every basis's own rules, in the order of [`Basis::ALL`].
    pub fn all(&self) -> impl Iterator<Item = &Rules> {
        self.rules.iter().filter(|rules| rules.regime.is_empty())
    }

    fn read(texts: &Texts) -> Result<Self, RulesError> {
        let common: CommonFile = texts.parse("common.toml")?;
        let calendars = texts.parse::<HolidaysFile>("holidays.toml")?.calendars();
        let letters: LettersFile = texts.parse("letters.toml")?;
        if let Some(kind) = LetterKind::ALL.into_iter().find(|kind| !letters.contains_key(kind)) {
            return Err(texts.wrong("letters.toml", 0, format!("the letter [{}] is missing", kind.name())));
        }
        let retention: RetentionFile = texts.parse("retention.toml")?;
        if let Some((at, what)) = retention.contradiction() {
            return Err(texts.wrong("retention.toml", at, what));
        }
        known_region(&calendars, &retention.region, "retention.toml", texts)?;
        let mut book = Self {
            notice: texts.parse("notice.toml")?,
            retention: (retention.terms(), retention.region.get_ref().clone()),
            rules: Vec::new(),
            variants: Vec::new(),
            calendars,
            weekends: Calendar::weekends_only(),
            operator: common.operator.clone(),
            placeholders: common.placeholders.iter().map(|text| text.trim().to_lowercase()).collect(),
        };
        for basis in Basis::ALL {
            book.add(basis, texts, &common, &letters)?;
        }
        Ok(book)
    }

    fn add(
        &mut self,
        basis: Basis,
        texts: &Texts,
        common: &CommonFile,
        letters: &LettersFile,
    ) -> Result<(), RulesError> {
        let name = format!("{}.toml", basis.name());
        let file: BasisFile = texts.parse(&name)?;
        let regions = std::iter::once(&file.region).chain(file.variants.values().filter_map(|v| v.region.as_ref()));
        for region in regions {
            known_region(&self.calendars, region, &name, texts)?;
        }
        let own = file.rules(basis, common, letters);
        let variants: Vec<_> = file.variants.iter().map(|(regime, variant)| variant.over(&own, regime)).collect();
        for rules in std::iter::once(&own).chain(&variants) {
            if let Some(what) = contradiction(rules) {
                return Err(texts.wrong(&name, 0, what));
            }
        }
        self.variants.extend(file.variants.iter().map(|(regime, variant)| Variant {
            basis,
            regime: regime.clone(),
            countries: variant.countries.clone(),
        }));
        self.rules.push(own);
        self.rules.extend(variants);
        Ok(())
    }
}

fn known_region(
    calendars: &Calendars,
    region: &toml::Spanned<String>,
    file: &str,
    texts: &Texts,
) -> Result<(), RulesError> {
    if calendars.contains_key(region.get_ref()) {
        return Ok(());
    }
    let known = calendars.keys().cloned().collect::<Vec<_>>().join(", ");
    let what = format!("holidays.toml has no region {:?}; it has: {known}", region.get_ref());
    Err(texts.wrong(file, region.span().start, what))
}

/// `DE` is in a list with `DE`; `US-CA` in one with `US-CA` or `US`.
pub(in crate::takedown) fn lives_in(home: &str, countries: &[String]) -> bool {
    let country = home.split('-').next().unwrap_or(home);
    countries.iter().any(|listed| listed.eq_ignore_ascii_case(home) || listed.eq_ignore_ascii_case(country))
}

/// What cannot be true of one basis's rules at once.
fn contradiction(rules: &Rules) -> Option<String> {
    if let Some(extension) = &rules.extension
        && extension.unit != rules.decide.unit
    {
        return Some("extension and decide have to be in the same unit: they are added up".to_owned());
    }
    if let Some(rule) = &rules.counter_notice
        && (rule.not_before.unit != rule.not_after.unit || rule.not_before.count > rule.not_after.count)
    {
        return Some("counter_notice: not_before has to be at most not_after, in the same unit".to_owned());
    }
    let mut names: Vec<_> = rules.fields.iter().map(|field| &field.name).collect();
    names.sort();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    twice.map(|pair| format!("the field {} is there twice", pair[0]))
}

/// The texts of the files, by name.
struct Texts(BTreeMap<String, String>);

impl Texts {
    fn built_in() -> Self {
        Self(FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    fn take_from(&mut self, directory: &Path) -> Result<(), RulesError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| RulesError::Io { path, source }
        };
        for entry in std::fs::read_dir(directory).map_err(io(directory))? {
            let path = entry.map_err(io(directory))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let Some(text) = self.0.get_mut(&name) else {
                return Err(RulesError::UnknownFile { path, known: FILES.map(|(name, _)| name).join(", ") });
            };
            if std::fs::metadata(&path).map_err(io(&path))?.len() > FILE_BYTES_MAX {
                return Err(RulesError::TooLarge { path });
            }
            *text = std::fs::read_to_string(&path).map_err(io(&path))?;
        }
        Ok(())
    }

    fn text(&self, file: &str) -> &str {
        self.0.get(file).map_or("", String::as_str)
    }

    fn parse<T: serde::de::DeserializeOwned>(&self, file: &str) -> Result<T, RulesError> {
        toml::from_str(self.text(file)).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.wrong(file, at, error.message().to_owned())
        })
    }

    /// An error at a byte of a file.
    fn wrong(&self, file: &str, at: usize, what: String) -> RulesError {
        let text = self.text(file).as_bytes();
        let line = text.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        RulesError::Wrong { file: file.to_owned(), line, what }
    }
}

#[cfg(test)]
mod tests;
