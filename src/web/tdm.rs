//! The portal's own reservation of text and data mining (Article 4(3) of Directive (EU) 2019/790), in the writing of the
//! TDM Reservation Protocol: a file, and a header on every answer.
//!
//! Pages and answers hold what people wrote and where they stand; they are reserved unless the operator says otherwise.
//! What was made to be read by machines so that people are left out of training is never reserved.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::ThinData;
use actix_web::{Error, http::header::CACHE_CONTROL};
use serde_json::{Value, json};

use super::state::AppState;
use crate::config::TdmConfig;

/// Places that are open to machines whatever the rest is.
const OPEN: [&str; 4] = ["/api/v1/removals/", "/api/v1/optouts", "/api/v2/query/urls/", "/.well-known/"];

const RESERVATION: HeaderName = HeaderName::from_static("tdm-reservation");
const POLICY: HeaderName = HeaderName::from_static("tdm-policy");

/// `GET /.well-known/tdmrep.json`
pub(super) async fn document(ThinData(state): ThinData<AppState>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-cache")).json(rules(&state.tdm))
}

/// Sets the headers on an answer.
pub(super) async fn declare(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let tdm = request.app_data::<ThinData<AppState>>().map(|state| state.tdm.clone());
    let is_open = OPEN.iter().any(|open| request.path().starts_with(open));
    let mut response = next.call(request).await?;
    if let Some(tdm) = tdm {
        let is_reserved = tdm.reserved && !is_open;
        let headers = response.headers_mut();
        headers.insert(RESERVATION, HeaderValue::from_static(if is_reserved { "1" } else { "0" }));
        let policy = tdm.policy.as_deref().filter(|_| is_reserved).and_then(|url| HeaderValue::from_str(url).ok());
        if let Some(policy) = policy {
            headers.insert(POLICY, policy);
        }
    }
    Ok(response)
}

/// The most particular place first: right for readers that take the first that fits and for those that take the longest.
fn rules(tdm: &TdmConfig) -> Vec<Value> {
    let mut rest = json!({ "location": "/", "tdm-reservation": u8::from(tdm.reserved) });
    if let Some(policy) = tdm.policy.as_deref().filter(|_| tdm.reserved) {
        rest["tdm-policy"] = json!(policy);
    }
    let open = OPEN.iter().map(|place| json!({ "location": place, "tdm-reservation": 0 }));
    let open = open.filter(|_| tdm.reserved);
    open.chain([rest]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_for_machines_stays_open() {
        let policy = Some("https://rollcall.example/terms".to_owned());
        let reserved = json!(rules(&TdmConfig { reserved: true, policy: policy.clone() }));
        assert_eq!(reserved[0], json!({"location": "/api/v1/removals/", "tdm-reservation": 0}));
        let last = json!({
            "location": "/", "tdm-reservation": 1, "tdm-policy": "https://rollcall.example/terms",
        });
        assert_eq!(reserved[4], last);
        let open = json!(rules(&TdmConfig { reserved: false, policy }));
        assert_eq!(open, json!([{"location": "/", "tdm-reservation": 0}]));
    }
}
