//! Counts for Prometheus: requests by route and kind of answer, datasets, records. Never what anybody asked for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::ThinData;
use actix_web::{Error, HttpResponse};

use super::state::AppState;

/// Requests by route pattern and status class (2 for 2xx). Bounded: patterns come from the route table.
#[derive(Default)]
pub(super) struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), u64>>,
}

impl Metrics {
    fn count(&self, route: String, status_class: u16) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((route, status_class)).or_default() += 1;
    }

    fn write(&self, out: &mut String) {
        out.push_str("# HELP rollcall_requests_total Answered requests by route and status class.\n");
        out.push_str("# TYPE rollcall_requests_total counter\n");
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((route, class), count) in requests.iter() {
            // Routes are our own patterns: no quotes or backslashes to escape. Writing to a string cannot fail.
            let _ = writeln!(out, "rollcall_requests_total{{route=\"{route}\",status=\"{class}xx\"}} {count}");
        }
    }
}

/// Wraps the whole app.
pub(super) async fn count(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let response = next.call(request).await?;
    let request = response.request();
    if let Some(state) = request.app_data::<ThinData<AppState>>() {
        let route = request.match_pattern().filter(|pattern| !pattern.is_empty());
        state.metrics.count(route.unwrap_or_else(|| "none".to_owned()), response.status().as_u16() / 100);
    }
    Ok(response)
}

/// `GET /metrics`
pub(super) async fn page(ThinData(state): ThinData<AppState>) -> HttpResponse {
    let mut out = String::new();
    state.metrics.write(&mut out);
    out.push_str("# HELP rollcall_dataset_records Records that can be searched, by dataset.\n");
    out.push_str("# TYPE rollcall_dataset_records gauge\n");
    let datasets = state.engine.datasets();
    for dataset in &datasets {
        let slug = dataset.slug.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = writeln!(out, "rollcall_dataset_records{{dataset=\"{slug}\"}} {}", dataset.records);
    }
    out.push_str("# HELP rollcall_datasets Datasets that can be searched.\n# TYPE rollcall_datasets gauge\n");
    let _ = writeln!(out, "rollcall_datasets {}", datasets.len());
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(out)
}

/// `GET /healthz`: the process answers.
pub(super) async fn health() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// `GET /readyz`: the data directory is open, so searches can be answered.
pub(super) async fn ready(ThinData(state): ThinData<AppState>) -> HttpResponse {
    let n_datasets = state.engine.datasets().len();
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("ready: {n_datasets} datasets\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_and_status_class() {
        let metrics = Metrics::default();
        metrics.count("/search".into(), 2);
        metrics.count("/search".into(), 2);
        metrics.count("/search".into(), 4);
        let mut out = String::new();
        metrics.write(&mut out);
        assert!(out.contains("rollcall_requests_total{route=\"/search\",status=\"2xx\"} 2\n"), "{out}");
        assert!(out.contains("rollcall_requests_total{route=\"/search\",status=\"4xx\"} 1\n"), "{out}");
    }
}
