//! How every command that works with cases opens the desk: where they lie, which rules hold, how letters leave.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;

use super::{WrongUse, now_ms};
use crate::search::engine::Engine;
use crate::takedown::desk::{Desk, DeskConfig, block_on};
use crate::takedown::post::{PostConfig, SmtpConfig};

#[derive(Debug, Args)]
pub(super) struct DeskArguments {
    /// Keep the cases in PostgreSQL (postgres://...) and not in the data directory.
    #[arg(long, env = "ROLLCALL_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(super) database: Option<String>,
    /// Directory of rule files of your own; each replaces the built-in one of its name.
    #[arg(long, env = "ROLLCALL_RULES", value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
    /// Mail server for letters: `smtp://host:587`, `smtps://host`, with `user:password@` where it asks. Without one, letters
    /// are files in the data directory.
    #[arg(long, env = "ROLLCALL_SMTP", value_name = "URL", hide_env_values = true)]
    pub(super) smtp: Option<String>,
    /// Sender of letters: Rollcall <rollcall@example.org>.
    #[arg(long, env = "ROLLCALL_SMTP_FROM", value_name = "ADDRESS")]
    pub(super) smtp_from: Option<String>,
    /// Where days begin and end, as a POSIX time zone: CET-1CEST,M3.5.0,M10.5.0/3.
    #[arg(long, env = "ROLLCALL_TIME_ZONE", value_name = "TZ", default_value = "UTC0")]
    pub(super) time_zone: String,
    /// Decisions over at least so many rows wait for a second reviewer; 0 asks for one always.
    #[arg(long, env = "ROLLCALL_TWO_PERSON", value_name = "ROWS")]
    pub(super) two_person: Option<u32>,
}

/// Where the cases lie, for commands that only read what has been decided.
#[derive(Debug, Args)]
pub(super) struct StoreArguments {
    /// Where the cases lie, if in PostgreSQL (`postgres://...`): what was decided there is left out of every answer.
    #[arg(long, env = "ROLLCALL_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(super) database: Option<String>,
}

impl StoreArguments {
    /// The datasets of a data directory, less what has been decided.
    pub(super) fn engine(&self, data: &Path) -> anyhow::Result<Engine> {
        match self.desk(data)? {
            Some(desk) => engine_less(data, &desk),
            None => Ok(Engine::open(data, Vec::new())?),
        }
    }

    /// The same, made where there is none yet: for commands that write.
    pub(super) fn desk_made(&self, data: &Path) -> anyhow::Result<Desk> {
        let config = DeskConfig::new(data.to_owned(), Arc::new(now_ms), Arc::new(entropy));
        Ok(Desk::open_blocking(DeskConfig { database: self.database.clone(), ..config })?)
    }

    /// Where cases are kept; `None` where none was ever filed: no store is made for a command that only looks.
    pub(super) fn desk(&self, data: &Path) -> anyhow::Result<Option<Desk>> {
        if self.database.is_none() && !Desk::is_in(data) {
            return Ok(None);
        }
        let config = DeskConfig::new(data.to_owned(), Arc::new(now_ms), Arc::new(entropy));
        Ok(Some(Desk::open_blocking(DeskConfig { database: self.database.clone(), ..config })?))
    }
}

/// The datasets of a data directory, less what this desk has decided.
pub(super) fn engine_less(data: &Path, desk: &Desk) -> anyhow::Result<Engine> {
    Ok(Engine::open(data, block_on(desk.all_tombstones())??)?)
}

impl DeskArguments {
    pub(super) fn config(&self, data: &Path, public_url: Option<String>) -> anyhow::Result<DeskConfig> {
        let time_zone = TimeZone::posix(&self.time_zone)
            .map_err(|error| WrongUse(format!("--time-zone {}: {error}", self.time_zone)))?;
        let post = match (&self.smtp, &self.smtp_from) {
            (None, _) => PostConfig::Files,
            (Some(url), Some(from)) => PostConfig::Smtp(SmtpConfig { url: url.clone(), from: from.clone() }),
            (Some(_), None) => return Err(WrongUse("--smtp needs --smtp-from, the sender of letters".into()).into()),
        };
        let config = DeskConfig::new(data.to_owned(), Arc::new(now_ms), Arc::new(entropy));
        Ok(DeskConfig {
            database: self.database.clone(),
            rules_dir: self.rules.clone(),
            time_zone,
            post,
            public_url,
            two_person_rows: self.two_person,
            ..config
        })
    }

    pub(super) fn open(&self, data: &Path) -> anyhow::Result<Desk> {
        Ok(Desk::open_blocking(self.config(data, None)?)?)
    }
}

/// Randomness of the system.
pub(super) fn entropy(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        // Without randomness nothing we would hand out is a secret. There is no way to go on.
        std::process::abort();
    }
}
