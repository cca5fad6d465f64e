//! The figures that everybody may see, gathered for the page and the API: counted once in a while, not for each visitor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::error::AppError;
use super::state::AppState;
use crate::publishing::versions::VersionLine;
use crate::takedown::desk::ANY_DATASET;
use crate::takedown::desk::public_figures::ShownCheck;
use crate::takedown::statistics::{Figures, Shown};

/// Longest name of a dataset that is looked for, characters.
const SLUG_CHARS_MAX: usize = 200;

/// All figures as they were counted at one moment.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// ISO 8601.
    pub(super) counted_at: String,
    pub(super) datasets: Vec<DatasetReport>,
}

/// The figures of one dataset.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DatasetReport {
    pub(super) dataset: String,
    pub(super) title: String,
    #[serde(flatten)]
    pub(super) figures: Shown,
    pub(super) removal_sets: Vec<SetReport>,
    pub(super) releases_checked: Vec<CheckReport>,
}

/// One version of its removal set.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SetReport {
    pub(super) version: u32,
    pub(super) published_at: String,
    pub(super) sha256: String,
    /// Places in its tree, filled up to a power of two: an upper bound for the rows in it.
    pub(super) rows_at_most: Option<String>,
    pub(super) bytes: String,
}

/// One look at a later release.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CheckReport {
    #[serde(flatten)]
    pub(super) check: ShownCheck,
    pub(super) checked_at: String,
}

/// What was counted, and when. Those who ask while it is counted again wait for that one count.
#[derive(Default)]
pub(super) struct Kept {
    report: Mutex<Option<(Instant, Arc<Report>)>>,
    /// Versions never change: those that were read once are not read again. By dataset, oldest first.
    versions: Mutex<BTreeMap<String, Vec<VersionLine>>>,
}

/// The figures, at most as old as the settings allow.
pub(super) async fn report(state: &AppState) -> Result<Arc<Report>, AppError> {
    let mut kept = state.figures.report.lock().await;
    if let Some((at, report)) = kept.as_ref()
        && at.elapsed() < Duration::from_secs(state.limits.figures_seconds)
    {
        return Ok(report.clone());
    }
    let report = Arc::new(count(state).await?);
    *kept = Some((Instant::now(), report.clone()));
    Ok(report)
}

/// The figures of one dataset, or of all.
pub(super) async fn of(state: &AppState, dataset: Option<&str>) -> Result<Report, AppError> {
    let all = report(state).await?;
    let of_dataset = |known: &&DatasetReport| dataset.is_none_or(|slug| known.dataset == slug);
    let datasets: Vec<DatasetReport> = all.datasets.iter().filter(of_dataset).cloned().collect();
    match dataset {
        Some(slug) if datasets.is_empty() => Err(AppError::NoSuchDataset(slug.chars().take(SLUG_CHARS_MAX).collect())),
        _ => Ok(Report { counted_at: all.counted_at.clone(), datasets }),
    }
}

async fn count(state: &AppState) -> Result<Report, AppError> {
    let mut figures = state.desk.public_figures().await?;
    let held = state.engine.datasets();
    let versions = versions(state).await?;
    let slugs: BTreeSet<&String> =
        held.iter().map(|dataset| &dataset.slug).chain(figures.keys()).chain(versions.keys()).collect();
    let mut datasets = Vec::new();
    for slug in slugs.into_iter().cloned().collect::<Vec<_>>() {
        let title = held.iter().find(|dataset| dataset.slug == slug).map(|dataset| dataset.title.clone());
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| match slug.as_str() {
            ANY_DATASET => "Requests that name no dataset".to_owned(),
            other => other.to_owned(),
        });
        let checks = state.desk.release_checks(&slug).await?.into_iter();
        datasets.push(DatasetReport {
            title,
            figures: figures.remove(&slug).unwrap_or_else(|| Shown::of(&Figures::default())),
            removal_sets: versions.get(&slug).into_iter().flatten().rev().map(SetReport::new).collect(),
            releases_checked: checks
                .map(|check| CheckReport { checked_at: super::api::cases::moment(check.at_ms), check })
                .collect(),
            dataset: slug,
        });
    }
    datasets.sort_by_key(|dataset| dataset.title.to_lowercase());
    Ok(Report { counted_at: super::api::cases::moment((state.clock)()), datasets })
}

async fn versions(state: &AppState) -> Result<BTreeMap<String, Vec<VersionLine>>, AppError> {
    let mut known = state.figures.versions.lock().await;
    let (mut lines, on_disk) = (known.clone(), state.versions.clone());
    let read = web::block(move || {
        for slug in on_disk.datasets()? {
            let of_dataset = lines.entry(slug.clone()).or_default();
            let newest = of_dataset.last().map_or(0, |line| line.version);
            of_dataset.extend(on_disk.after(&slug, newest)?);
        }
        Ok::<_, crate::publishing::PublishingError>(lines)
    });
    let read = read.await.map_err(|error| AppError::internal(&error.into()))?;
    *known = read.map_err(|error| AppError::internal(&error.into()))?;
    Ok(known.clone())
}

impl SetReport {
    fn new(line: &VersionLine) -> Self {
        Self {
            version: line.version,
            published_at: line.created.clone(),
            sha256: line.sha256.clone(),
            rows_at_most: line.leaves.clone(),
            bytes: line.bytes.to_string(),
        }
    }
}
