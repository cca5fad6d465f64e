//! Where cases lie.
/// What goes wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("--database must be a postgres:// address; leave it away for SQLite in the data directory")]
    Address,
}
