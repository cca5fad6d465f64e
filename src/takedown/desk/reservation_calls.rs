//! Whole domains, reserved by whoever shows that they are theirs. No case, no account: what is public on the domain is
//! all that is asked for.

use serde_json::json;

use super::{Desk, DeskError};
use crate::takedown::case::Actor;
use crate::takedown::desk::types::Strength;
use crate::takedown::proof::code::SECRET_BYTES;
use crate::takedown::proof::{self, Claim, Kind, Outcome, Seen, Subject};

/// Looks an hour at one domain.
const CHECKS_AN_HOUR: i64 = 10;
const HOUR_MS: i64 = 3_600_000;

/// What a domain's owner wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    Reserve,
    GiveUp,
}

impl Wish {
    pub fn name(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::GiveUp => "give_up",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Reserve, Self::GiveUp].into_iter().find(|wish| wish.name() == name)
    }
}

impl Desk {
    /// The code to publish on a domain. That for giving up is another one: the first may still stand there for all to
    /// read, and whoever reads it must not be able to undo what it was put there for.
    pub async fn reservation_code(&self, kind: Kind, domain: &Subject, wish: Wish) -> Result<String, DeskError> {
        let secret = if let Some(secret) = self.store.proof_secret().await? {
            secret
        } else {
            let mut fresh = [0; SECRET_BYTES];
            (self.config.entropy)(&mut fresh);
            let mut writing = self.store.write().await?;
            let secret = writing.proof_secret(&fresh).await?;
            writing.commit().await?;
            secret
        };
        // No case has such a number.
        Ok(proof::code::of(&secret, wish.name(), kind, domain.as_str()))
    }

    /// Before a look at a domain: counts it.
    pub async fn begin_reservation(&self, domain: &Subject) -> Result<(), DeskError> {
        let now_ms = self.now_ms();
        let mut writing = self.store.write().await?;
        let name = format!("domain {}", domain.as_str());
        let oldest = writing.count_proof_check(&name, now_ms - HOUR_MS, CHECKS_AN_HOUR, now_ms).await?;
        if let Some(oldest) = oldest {
            return Err(DeskError::Throttled { seconds: (oldest + HOUR_MS - now_ms).max(1_000) / 1_000 });
        }
        Ok(writing.commit().await?)
    }

    /// After a look: reserves the domain or gives it up, where its code was found. Which domain it is stays out of the log
    /// that is never shortened.
    pub async fn end_reservation(
        &self,
        kind: Kind,
        domain: &Subject,
        wish: Wish,
        seen: &Seen,
    ) -> Result<Outcome, DeskError> {
        let code = self.reservation_code(kind, domain, wish).await?;
        let claim = Claim::new(String::new(), kind, domain.as_str(), 0);
        let outcome = proof::look(&[], &claim, &code, seen);
        let Outcome::Shown { .. } = outcome else { return Ok(outcome) };
        let mut writing = self.store.write().await?;
        let host = proof::host_of(domain);
        writing.keep_reservation(&host, kind.name(), wish == Wish::Reserve, self.now_ms()).await?;
        let (what, note) = match wish {
            Wish::Reserve => {
                (("reserved", "A domain was reserved by its owner."), "The code was found. The domain is reserved.")
            }
            Wish::GiveUp => (
                ("unreserved", "The owner of a domain gave its reservation up."),
                "The code was found. The domain is not reserved any more.",
            ),
        };
        self.log_one(&mut writing, ("", None), &Actor::Portal, what, &json!({ "proof": kind })).await?;
        writing.commit().await?;
        Ok(Outcome::Shown { strength: Strength::Strong, note: note.to_owned() })
    }

    /// Changes whenever [`Desk::reservations`] does.
    pub async fn reservations_version(&self) -> Result<(i64, i64, i64), DeskError> {
        Ok(self.store.reservations_version().await?)
    }

    /// Every domain that is reserved; what lies below it is, too.
    pub async fn reservations(&self) -> Result<Vec<String>, DeskError> {
        Ok(self.store.reservations().await?)
    }
}
