//! The legal ground a request rests on.

use serde::{Deserialize, Serialize};

/// What a person asks under. Names are those of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A request without a law: the operator's promise.
    Plain,
    /// GDPR Article 17 (EU and UK).
    GdprErasure,
    /// GDPR Article 21.
    GdprObjection,
    /// GDPR Article 15.
    GdprAccess,
    /// GDPR Article 18.
    GdprRestriction,
    /// US Copyright Act, 17 U.S.C. § 512(c)(3).
    Dmca,
    /// Digital Services Act Article 16.
    Dsa,
    /// California Consumer Privacy Act.
    Ccpa,
}

impl Basis {
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::GdprErasure,
        Self::GdprObjection,
        Self::GdprAccess,
        Self::GdprRestriction,
        Self::Dmca,
        Self::Dsa,
        Self::Ccpa,
    ];

    /// The name in the API, the rule files and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::GdprErasure => "gdpr_erasure",
            Self::GdprObjection => "gdpr_objection",
            Self::GdprAccess => "gdpr_access",
            Self::GdprRestriction => "gdpr_restriction",
            Self::Dmca => "dmca",
            Self::Dsa => "dsa",
            Self::Ccpa => "ccpa",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.name() == name)
    }
}
