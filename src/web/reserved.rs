//! Domains that their owners have reserved whole, kept at hand for the many who ask whether an address is opted out.

use std::collections::HashSet;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::state::AppState;
use crate::web_address::{NormalizedUrl, host_and_parents};

/// As answers to those who train say it.
pub(super) const RESERVED: &str = "reserved by the domain's owner";
/// Granted, or hidden while an objection is decided.
pub(super) const REMOVED: &str = "removed or hidden here";

#[derive(Default)]
pub(super) struct Reserved {
    now: ArcSwap<Known>,
}

#[derive(Default)]
struct Known {
    version: (i64, i64, i64),
    domains: HashSet<String>,
}

impl Reserved {
    /// Whether an address lies on a reserved domain or below one.
    pub(super) fn has(&self, address: &str) -> bool {
        let known = self.now.load();
        if known.domains.is_empty() {
            return false;
        }
        let Some(address) = NormalizedUrl::parse(address) else { return false };
        host_and_parents(address.host()).any(|host| known.domains.contains(host))
    }
}

impl AppState {
    /// Takes in what was reserved or given up since, here or on another server that shares the store.
    pub(super) async fn follow_reservations(&self) -> anyhow::Result<()> {
        let version = self.desk.reservations_version().await?;
        if self.reserved.now.load().version == version {
            return Ok(());
        }
        let domains = self.desk.reservations().await?.into_iter().collect();
        self.reserved.now.store(Arc::new(Known { version, domains }));
        Ok(())
    }
}
