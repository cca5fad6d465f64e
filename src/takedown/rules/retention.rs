//! `retention.toml`: how long after the end of a case what is personal stays.

use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::file;
use crate::takedown::clock::{Term, Unit};
use crate::takedown::retention::{Part, Terms};

/// Days of a month where terms in different units are compared.
const DAYS_OF_MONTH: u32 = 30;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetentionFile {
    pub(super) region: Spanned<String>,
    contact: Keep,
    messages: Keep,
    attachments: Keep,
    letters: Spanned<Keep>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    #[serde(deserialize_with = "file::count")]
    count: u32,
    #[serde(deserialize_with = "calendar_unit")]
    unit: Unit,
}

impl Keep {
    fn term(self) -> Term {
        Term { count: self.count, unit: self.unit }
    }

    fn days(self) -> u32 {
        match self.unit {
            Unit::Months => self.count.saturating_mul(DAYS_OF_MONTH),
            Unit::Days | Unit::BusinessDays => self.count,
        }
    }
}

impl RetentionFile {
    pub(super) fn terms(&self) -> Terms {
        Terms::new(|part| match part {
            Part::Contact => self.contact.term(),
            Part::Messages => self.messages.term(),
            Part::Attachments => self.attachments.term(),
            Part::Letters => self.letters.get_ref().term(),
        })
    }

    /// What cannot be meant, and where it stands.
    pub(super) fn contradiction(&self) -> Option<(usize, String)> {
        let longer = self.letters.get_ref().days() > self.contact.days();
        longer.then(|| {
            let what = "letters are kept longer than contact data here, and they name the person".to_owned();
            (self.letters.span().start, what)
        })
    }
}

/// Business days are for answers; nothing is kept by them.
fn calendar_unit<'de, D: Deserializer<'de>>(input: D) -> Result<Unit, D::Error> {
    match Unit::deserialize(input)? {
        Unit::BusinessDays => Err(serde::de::Error::custom("this is counted in months or days")),
        unit => Ok(unit),
    }
}
