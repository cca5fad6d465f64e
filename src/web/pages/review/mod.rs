//! The maintainers' pages, under `/review`: signing in, the queue, a case, many cases at once, one's own account.
//!
//! All of it works without a script; `static/review.js` adds keys. Nothing is stored by browsers, and every form ends on
//! a page that can be loaded again.

mod account;
mod acts;
mod bulk;
mod case;
mod case_view;
mod decision_form;
mod due;
mod exports;
mod picture;
mod proofs;
mod queue;
mod recipients;
mod record;
mod releases;
mod same_rows;
mod sign_in;
mod target_view;
mod views;

pub(in crate::web) use account::{begin_totp, confirm_totp, page as account, remove_totp, set_password};
pub(in crate::web) use acts::{act, attachment, decide, delete_attachment};
pub(in crate::web) use bulk::decide_many;
pub(in crate::web) use case::page as case;
pub(in crate::web) use exports::export;
pub(in crate::web) use picture::page as picture;
pub(in crate::web) use proofs::act as act_on_proof;
pub(in crate::web) use queue::{next, page as queue};
pub(in crate::web) use recipients::{add as add_recipient, page as recipients, remove as remove_recipient};
pub(in crate::web) use record::page as record;
pub(in crate::web) use releases::{form as release_form, look_through};
pub(in crate::web) use same_rows::{decide as decide_same_rows, page as same_rows};
pub(in crate::web) use sign_in::{enter, form as sign_in_form, sign_out};
pub(in crate::web) use views::{add as add_view, change as change_view};

use std::sync::Arc;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};

use crate::takedown::accounts::{Account, Role};
use crate::takedown::case::RecordRef;
use crate::web::error::AppError;
use crate::web::session;
use crate::web::state::AppState;

/// Who is signed in, for the head of every page.
pub(super) struct Staff {
    pub(super) name: String,
    pub(super) is_maintainer: bool,
}

impl Staff {
    fn new(account: &Account) -> Self {
        Self { name: account.name.clone(), is_maintainer: account.role >= Role::Maintainer }
    }
}

/// One of a few things to choose.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) is_chosen: bool,
}

impl Choice {
    fn new(value: impl Into<String>, words: impl Into<String>, chosen: &str) -> Self {
        let value = value.into();
        Self { is_chosen: value == chosen, words: words.into(), value }
    }
}

/// A row of a case that this account may read, by the record's id; with the account and the case's number.
async fn row_of(
    request: &HttpRequest,
    (number, id): (String, String),
    state: &AppState,
) -> Result<(Staff, String, Arc<RecordRef>), AppError> {
    let account = session::account(request, state).await?;
    let review = state.desk.review(&account, &number).await?;
    let mut rows = review.case.targets.iter().flat_map(|target| &target.rows);
    let row = rows.find(|row| row.record.id == id).ok_or(AppError::NoSuchRecord)?;
    Ok((Staff::new(&account), review.case.number.clone(), Arc::clone(&row.record)))
}

fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}
