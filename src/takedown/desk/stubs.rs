//! Signatures, to be filled.
use super::types::*;
use super::*;
use crate::takedown::accounts::{Account, Role};
use crate::takedown::case::{Actor, Case, RecordRef};
use crate::takedown::decision::{Act, CounterNotice, Ruling};
use crate::takedown::filing::{Check, Filing, check as missing_check};
use crate::takedown::reasons::Reasons;
use crate::takedown::tombstone::Tombstone;
impl Desk {
    // --- the person (desk/person.rs) ---
    /// Takes in a case: one target a dataset of `records` (and one for each of `datasets` that no record names), each
    /// with its clock. On the disk before it returns. [`DeskError::Missing`] says what the basis lacks.
    pub async fn file(&self, filing: Filing, records: Vec<RecordRef>) -> Result<Filed, DeskError> {
        let _ = (self, filing, records);
        Err(DeskError::NoSession)
    }
    /// The same, asking datasets too in which the person could not name a row.
    pub async fn file_with(
        &self,
        filing: Filing,
        records: Vec<RecordRef>,
        datasets: Vec<String>,
    ) -> Result<Filed, DeskError> {
        let _ = (self, filing, records, datasets);
        Err(DeskError::NoSession)
    }
    /// What [`Desk::file`] would find missing.
    pub fn check(&self, filing: &Filing, n_records: usize) -> Check {
        missing_check(filing, &self.rules, n_records)
    }
    pub async fn case(&self, number: &str, passphrase: &str) -> Result<Case, DeskError> {
        let _ = (self, number, passphrase);
        Err(DeskError::NoSession)
    }
    /// The case with its letters and attachments.
    pub async fn follow(&self, number: &str, passphrase: &str) -> Result<Followed, DeskError> {
        let _ = (self, number, passphrase);
        Err(DeskError::NoSession)
    }
    pub async fn message(
        &self,
        number: &str,
        passphrase: &str,
        text: &str,
        attachments: Vec<Attachment>,
    ) -> Result<Case, DeskError> {
        let _ = (self, number, passphrase, text, attachments);
        Err(DeskError::NoSession)
    }
    pub async fn withdraw(&self, number: &str, passphrase: &str, dataset: Option<&str>) -> Result<Case, DeskError> {
        let _ = (self, number, passphrase, dataset);
        Err(DeskError::NoSession)
    }
    pub async fn appeal(
        &self,
        number: &str,
        passphrase: &str,
        dataset: Option<&str>,
        why: &str,
    ) -> Result<Case, DeskError> {
        let _ = (self, number, passphrase, dataset, why);
        Err(DeskError::NoSession)
    }
    pub async fn narrow(&self, number: &str, passphrase: &str, drop_ids: &[String]) -> Result<Case, DeskError> {
        let _ = (self, number, passphrase, drop_ids);
        Err(DeskError::NoSession)
    }
    pub async fn attachment(&self, number: &str, passphrase: &str, id: &str) -> Result<Attachment, DeskError> {
        let _ = (self, number, passphrase, id);
        Err(DeskError::NoSession)
    }
    pub async fn counter_notice(
        &self,
        number: &str,
        dataset: &str,
        notice: CounterNotice,
        by: Actor,
    ) -> Result<(), DeskError> {
        let _ = (self, number, dataset, notice, by);
        Err(DeskError::NoSession)
    }
    pub async fn confirm_email(&self, token: &str) -> Result<String, DeskError> {
        let _ = (self, token);
        Err(DeskError::NoSession)
    }
    // --- staff (desk/staff.rs) ---
    pub async fn queue(&self, account: &Account, filter: &QueueFilter) -> Result<Queue, DeskError> {
        let _ = (self, account, filter);
        Err(DeskError::NoSession)
    }
    pub async fn review(&self, account: &Account, number: &str) -> Result<Review, DeskError> {
        let _ = (self, account, number);
        Err(DeskError::NoSession)
    }
    pub async fn staff_attachment(&self, account: &Account, number: &str, id: &str) -> Result<Attachment, DeskError> {
        let _ = (self, account, number, id);
        Err(DeskError::NoSession)
    }
    pub async fn delete_attachment(&self, account: &Account, number: &str, id: &str) -> Result<Review, DeskError> {
        let _ = (self, account, number, id);
        Err(DeskError::NoSession)
    }
    pub async fn decide(&self, account: &Account, number: &str, order: &DecisionOrder) -> Result<Review, DeskError> {
        let _ = (self, account, number, order);
        Err(DeskError::NoSession)
    }
    /// One order for many cases (`order.dataset` of each); each is its own transaction and has its own outcome.
    pub async fn decide_many(
        &self,
        account: &Account,
        numbers: &[String],
        order: &DecisionOrder,
    ) -> Result<Vec<(String, Result<(), DeskError>)>, DeskError> {
        let _ = (self, account, numbers, order);
        Err(DeskError::NoSession)
    }
    /// Anything else the state machine knows ([`Act`]); `by` names are replaced by the account's.
    pub async fn act(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        act: Act,
        expected_version: Option<i64>,
    ) -> Result<Review, DeskError> {
        let _ = (self, account, number, dataset, act, expected_version);
        Err(DeskError::NoSession)
    }
    pub async fn reply(&self, account: &Account, number: &str, dataset: &str, text: &str) -> Result<Review, DeskError> {
        let _ = (self, account, number, dataset, text);
        Err(DeskError::NoSession)
    }
    pub async fn decide_appeal(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        ruling: Ruling,
        reasons: Reasons,
    ) -> Result<Review, DeskError> {
        let _ = (self, account, number, dataset, ruling, reasons);
        Err(DeskError::NoSession)
    }
    pub async fn restore(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        reasons: Reasons,
    ) -> Result<Review, DeskError> {
        let _ = (self, account, number, dataset, reasons);
        Err(DeskError::NoSession)
    }
    /// `to`: an account's name, `None` for nobody.
    pub async fn assign(
        &self,
        account: &Account,
        number: &str,
        dataset: &str,
        to: Option<&str>,
    ) -> Result<Review, DeskError> {
        let _ = (self, account, number, dataset, to);
        Err(DeskError::NoSession)
    }
    pub async fn add_proof(&self, number: &str, proof: Proof, by: Actor) -> Result<(), DeskError> {
        let _ = (self, number, proof, by);
        Err(DeskError::NoSession)
    }
    // --- accounts (desk/account_calls.rs, desk/sign_in.rs) ---
    pub async fn add_account(
        &self,
        name: &str,
        role: Role,
        datasets: Vec<String>,
        password: &str,
    ) -> Result<Account, DeskError> {
        let _ = (self, name, role, datasets, password);
        Err(DeskError::NoSession)
    }
    pub async fn accounts(&self) -> Result<Vec<Account>, DeskError> {
        let _ = self;
        Err(DeskError::NoSession)
    }
    pub async fn disable_account(&self, name: &str) -> Result<(), DeskError> {
        let _ = (self, name);
        Err(DeskError::NoSession)
    }
    pub async fn set_password(&self, name: &str, password: &str) -> Result<(), DeskError> {
        let _ = (self, name, password);
        Err(DeskError::NoSession)
    }
    /// An API token, shown this once.
    pub async fn make_token(&self, name: &str) -> Result<String, DeskError> {
        let _ = (self, name);
        Err(DeskError::NoSession)
    }
    /// A new second factor, in force once [`Desk::confirm_totp`] was given a code of it.
    pub async fn enroll_totp(&self, account: &Account) -> Result<Enrolment, DeskError> {
        let _ = (self, account);
        Err(DeskError::NoSession)
    }
    pub async fn confirm_totp(&self, account: &Account, code: &str) -> Result<(), DeskError> {
        let _ = (self, account, code);
        Err(DeskError::NoSession)
    }
    /// Takes the second factor away; asks for the password again.
    pub async fn remove_totp(&self, account: &Account, password: &str) -> Result<(), DeskError> {
        let _ = (self, account, password);
        Err(DeskError::NoSession)
    }
    pub async fn sign_in(&self, name: &str, password: &str, totp: Option<&str>) -> Result<SignedIn, DeskError> {
        let _ = (self, name, password, totp);
        Err(DeskError::NoSession)
    }
    pub async fn session(&self, token: &str) -> Result<Account, DeskError> {
        let _ = (self, token);
        Err(DeskError::NoSession)
    }
    pub async fn sign_out(&self, token: &str) -> Result<(), DeskError> {
        let _ = (self, token);
        Err(DeskError::NoSession)
    }
    pub async fn account_by_token(&self, bearer: &str) -> Result<Account, DeskError> {
        let _ = (self, bearer);
        Err(DeskError::NoSession)
    }
    // --- feeds (desk/feeds.rs) ---
    pub async fn tombstones_after(&self, seq: i64) -> Result<Vec<Tombstone>, DeskError> {
        let _ = (self, seq);
        Err(DeskError::NoSession)
    }
    pub async fn granted_rows(&self, dataset: &str) -> Result<Vec<GrantedRow>, DeskError> {
        let _ = (self, dataset);
        Err(DeskError::NoSession)
    }
    pub async fn verify_log(&self) -> Result<LogCheck, DeskError> {
        let _ = self;
        Err(DeskError::NoSession)
    }
    pub async fn statistics(&self, dataset: Option<&str>) -> Result<Statistics, DeskError> {
        let _ = (self, dataset);
        Err(DeskError::NoSession)
    }
    // --- the portal's own doing (desk/mail_calls.rs) ---
    /// Posts what is queued and due; to be called every few seconds. Gives how many letters went out.
    pub async fn post_letters(&self) -> Result<usize, DeskError> {
        let _ = self;
        Err(DeskError::NoSession)
    }
    /// Closes what waited too long for an answer; to be called now and then.
    pub async fn run_clocks(&self) -> Result<usize, DeskError> {
        let _ = self;
        Err(DeskError::NoSession)
    }
}
