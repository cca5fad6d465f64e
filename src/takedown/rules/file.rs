//! The rule files as they are written, and what has to hold of them.
//!
//! What one value can get wrong is refused while it is read, so that the parser can name the line. What two files have
//! to agree on is checked in [`super`].

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::Operator;
use super::rule::{
    AfterPause, AppealRule, CounterNoticeRule, Deadline, Effect, Field, Pause, ProofRule, Rules, StatementRule, Suits,
};
use super::template::{LetterKind, Template, unknown_placeholder};
use crate::takedown::basis::Basis;
use crate::takedown::clock::{TERM_COUNT_MAX, Warnings};

/// Names a form field may have; a basis's own begin with `answers.`.
const FIELDS: [&str; 9] = [
    "records",
    "explanation",
    "signature",
    "requester.name",
    "requester.email",
    "requester.relationship",
    "requester.country",
    "requester.address",
    "requester.phone",
];
const STATEMENTS: [&str; 3] = ["good_faith", "accuracy", "perjury"];
/// Longest text of a rule file, bytes. A letter is a page or two.
const TEXT_BYTES_MAX: usize = 20_000;

/// `plain.toml` and its like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasisFile {
    #[serde(deserialize_with = "line")]
    title: String,
    #[serde(deserialize_with = "line")]
    short: String,
    #[serde(deserialize_with = "text")]
    explanation: String,
    law: String,
    reference: String,
    #[serde(deserialize_with = "line")]
    source: String,
    pub(super) region: Spanned<String>,
    suits: Suits,
    effect: Effect,
    hide_at_filing: bool,
    exact_location: bool,
    proof: ProofRule,
    proof_rows_min: Option<u32>,
    pause: Pause,
    after_pause: AfterPause,
    #[serde(deserialize_with = "notices")]
    notices: Vec<LetterKind>,
    #[serde(deserialize_with = "template_text")]
    redress: String,
    acknowledge: Option<Deadline>,
    decide: Deadline,
    extension: Option<Deadline>,
    appeal: Option<AppealRule>,
    counter_notice: Option<CounterNoticeRule>,
    expire: Deadline,
    fields: Vec<Field>,
    #[serde(default)]
    statements: Vec<StatementRule>,
    #[serde(default)]
    letters: BTreeMap<LetterKind, Template>,
    #[serde(default)]
    pub(super) variants: BTreeMap<String, VariantFile>,
}

/// `[variants.uk]`: what differs where somebody lives in one of the countries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantFile {
    #[serde(deserialize_with = "countries")]
    pub(super) countries: Vec<String>,
    title: Option<String>,
    short: Option<String>,
    explanation: Option<String>,
    law: Option<String>,
    reference: Option<String>,
    source: Option<String>,
    pub(super) region: Option<Spanned<String>>,
    after_pause: Option<AfterPause>,
    #[serde(default, deserialize_with = "some_template_text")]
    redress: Option<String>,
    acknowledge: Option<Deadline>,
    decide: Option<Deadline>,
    extension: Option<Deadline>,
    appeal: Option<AppealRule>,
    #[serde(default)]
    letters: BTreeMap<LetterKind, Template>,
}

/// `common.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommonFile {
    pub(super) placeholders: Vec<String>,
    pub(super) operator: Operator,
    #[serde(deserialize_with = "warnings")]
    pub(super) warnings: Warnings,
    pub(super) two_person: TwoPersonFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TwoPersonFile {
    enabled: bool,
    rows_min: u32,
}

impl CommonFile {
    pub(super) fn two_person_rows(&self) -> Option<u32> {
        self.two_person.enabled.then_some(self.two_person.rows_min)
    }
}

/// `letters.toml`: a template for every kind of letter.
pub(super) type LettersFile = BTreeMap<LetterKind, Template>;

impl BasisFile {
    /// The basis's own rules, complete.
    pub(super) fn rules(&self, basis: Basis, common: &CommonFile, letters: &LettersFile) -> Rules {
        let mut all = letters.clone();
        all.extend(self.letters.clone());
        Rules {
            basis,
            regime: String::new(),
            title: self.title.clone(),
            short: self.short.clone(),
            explanation: self.explanation.trim().to_owned(),
            law: self.law.clone(),
            reference: self.reference.clone(),
            source: self.source.clone(),
            region: self.region.get_ref().clone(),
            suits: self.suits.clone(),
            effect: self.effect,
            hide_at_filing: self.hide_at_filing,
            exact_location: self.exact_location,
            proof: self.proof,
            proof_rows_min: self.proof_rows_min,
            pause: self.pause,
            after_pause: self.after_pause,
            acknowledge: self.acknowledge.clone(),
            decide: self.decide.clone(),
            extension: self.extension.clone(),
            appeal: self.appeal.clone(),
            counter_notice: self.counter_notice.clone(),
            expire: self.expire.clone(),
            fields: self.fields.clone(),
            statements: self.statements.clone(),
            redress: self.redress.trim().to_owned(),
            letters: all,
            notices: self.notices.clone(),
            warnings: common.warnings,
            two_person_rows: common.two_person_rows(),
        }
    }
}

impl VariantFile {
    /// The basis's own rules with what differs here.
    pub(super) fn over(&self, own: &Rules, regime: &str) -> Rules {
        let mut rules = own.clone();
        regime.clone_into(&mut rules.regime);
        let texts = [
            (&mut rules.title, &self.title),
            (&mut rules.short, &self.short),
            (&mut rules.explanation, &self.explanation),
            (&mut rules.law, &self.law),
            (&mut rules.reference, &self.reference),
            (&mut rules.source, &self.source),
            (&mut rules.redress, &self.redress),
        ];
        for (to, from) in texts {
            if let Some(text) = from {
                text.trim().clone_into(to);
            }
        }
        if let Some(region) = &self.region {
            rules.region.clone_from(region.get_ref());
        }
        rules.after_pause = self.after_pause.unwrap_or(rules.after_pause);
        rules.acknowledge = self.acknowledge.clone().or(rules.acknowledge);
        rules.decide = self.decide.clone().unwrap_or(rules.decide);
        rules.extension = self.extension.clone().or(rules.extension);
        rules.appeal = self.appeal.clone().or(rules.appeal);
        rules.letters.extend(self.letters.clone());
        rules
    }
}

/// A template as it is written, before its placeholders are looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTemplate {
    #[serde(deserialize_with = "template_line")]
    subject: String,
    #[serde(deserialize_with = "template_text")]
    text: String,
}

impl From<RawTemplate> for Template {
    fn from(raw: RawTemplate) -> Self {
        Self { subject: raw.subject, text: format!("{}\n", raw.text.trim()) }
    }
}

/// A text of one line that says something.
pub(super) fn line<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let line = text(input)?;
    if line.contains('\n') { Err(D::Error::custom("this has to fit on one line")) } else { Ok(line) }
}

fn text<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let text = String::deserialize(input)?;
    if text.trim().is_empty() {
        return Err(D::Error::custom("this text is empty"));
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(D::Error::custom(format!("this text is longer than {TEXT_BYTES_MAX} bytes")));
    }
    Ok(text)
}

fn template_text<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let text = text(input)?;
    match unknown_placeholder(&text) {
        Some(unknown) => Err(D::Error::custom(format!(
            "{unknown} is no placeholder; the names are: {}",
            super::PLACEHOLDERS.join(", ")
        ))),
        None => Ok(text),
    }
}

fn template_line<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let line = template_text(input)?;
    if line.contains('\n') { Err(D::Error::custom("a subject has to fit on one line")) } else { Ok(line) }
}

fn some_template_text<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    template_text(input).map(Some)
}

fn notices<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<LetterKind>, D::Error> {
    let kinds = Vec::<LetterKind>::deserialize(input)?;
    let wrong = kinds.iter().find(|kind| !matches!(kind, LetterKind::Recipients | LetterKind::AffectedParty));
    match wrong {
        Some(kind) => Err(D::Error::custom(format!("{} is no letter to others", kind.name()))),
        None => Ok(kinds),
    }
}

/// Country codes, in capitals: `DE`, `US-CA`.
pub(super) fn countries<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
    let codes = Vec::<String>::deserialize(input)?;
    let is_code = |code: &str| {
        let (country, part) = code.split_once('-').unwrap_or((code, "A"));
        let parts = country.len() == 2 && (1..=3).contains(&part.len());
        parts && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
    };
    match codes.iter().find(|code| !is_code(code)) {
        Some(code) => Err(D::Error::custom(format!("{code:?} is no country code like DE or US-CA"))),
        None => Ok(codes),
    }
}

fn warnings<'de, D: Deserializer<'de>>(input: D) -> Result<Warnings, D::Error> {
    let warnings = Warnings::deserialize(input)?;
    if warnings.red_days > warnings.amber_days {
        return Err(D::Error::custom("red_days is more than amber_days: a case would never be amber"));
    }
    Ok(warnings)
}

/// A number of days or months that can be counted with.
pub(super) fn count<'de, D: Deserializer<'de>>(input: D) -> Result<u32, D::Error> {
    let count = u32::deserialize(input)?;
    if (1..=TERM_COUNT_MAX).contains(&count) {
        Ok(count)
    } else {
        Err(D::Error::custom(format!("a term is 1 to {TERM_COUNT_MAX}")))
    }
}

pub(super) fn field_name<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let name = line(input)?;
    if FIELDS.contains(&name.as_str()) || name.strip_prefix("answers.").is_some_and(is_word) {
        return Ok(name);
    }
    Err(D::Error::custom(format!("{name:?} is no field; the names are {} and answers.NAME", FIELDS.join(", "))))
}

pub(super) fn statement_name<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let name = line(input)?;
    if STATEMENTS.contains(&name.as_str()) {
        return Ok(name);
    }
    Err(D::Error::custom(format!("{name:?} is no statement; the names are {}", STATEMENTS.join(", "))))
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
