//! Decisions take effect: what was decided is hidden before the answer that says so is sent.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::{self, ThinData};

use super::error::AppError;
use super::state::AppState;

impl AppState {
    /// Takes in what has been decided since it last did, here or on another server that shares the store. When it
    /// returns, no new answer of this server shows what those decisions hide. Costs one look at the store where nothing
    /// was decided.
    pub(super) async fn follow_decisions(&self) -> anyhow::Result<()> {
        loop {
            let entries = self.desk.tombstones_after(self.engine.suppressed_through()).await?;
            if entries.is_empty() {
                return Ok(());
            }
            let engine = self.engine.clone();
            web::block(move || engine.suppress(entries)).await??;
        }
    }
}

/// After every request that may have changed something. A handler that decides need not think of it, and a new one cannot
/// forget it.
pub(super) async fn follow(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let state = request.app_data::<ThinData<AppState>>().map(|ThinData(state)| state.clone());
    let response = next.call(request).await?.map_into_boxed_body();
    if let (true, Some(state)) = (changes, state)
        && let Err(error) = state.follow_decisions().await
    {
        // What was asked is done and kept, but may still be seen: the answer must not say that it is hidden.
        let (request, _) = response.into_parts();
        return Ok(ServiceResponse::from_err(AppError::internal(&error), request));
    }
    Ok(response)
}
