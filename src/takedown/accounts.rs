//! Who works here: accounts, their roles, passwords, second factors, and how often a password may be tried.
//!
//! Pure: the desk keeps what these functions make. Secrets that we make ourselves (sessions, API tokens, links in
//! letters) have 256 bits, so their plain SHA-256 is what is kept of them; passwords that people choose get Argon2id.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret};

/// Memory and passes of a password's hash: OWASP's first recommendation for Argon2id (19 MiB, 2 passes, 1 lane).
const MEMORY_KIB: u32 = 19 << 10;
const PASSES: u32 = 2;
/// Shortest password, characters: NIST SP 800-63B asks for 15 where a password stands alone, 8 beside a second factor.
/// The second factor is the account's choice, so between the two.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, bytes: any sentence fits; nobody makes us hash a book.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Longest account name, characters.
pub const NAME_CHARS_MAX: usize = 40;
/// Wrong passwords in a row that cost nothing: people mistype.
const FREE_FAILURES: i64 = 5;
/// The wait after the first failure too many; it doubles with each further one ...
const WAIT_FIRST_MS: i64 = 2_000;
/// ... up to this: an attacker gets 96 guesses a day, and an owner who is locked out by one is back in a quarter hour.
const WAIT_MAX_MS: i64 = 15 * 60_000;
/// A session ends after this long without a request ...
pub const SESSION_IDLE_MS: i64 = 2 * 3_600_000;
/// ... and this long after signing in whatever happens: a working day.
pub const SESSION_MAX_MS: i64 = 12 * 3_600_000;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works on cases of its datasets: decides, writes to people, looks at proofs.
    Reviewer,
    /// All a reviewer may, and what reaches further: restoring rows, many cases at once, removal sets.
    Maintainer,
    /// All of that for every dataset, and accounts.
    Admin,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Reviewer, Self::Maintainer, Self::Admin];

    /// The name on the command line and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Maintainer => "maintainer",
            Self::Admin => "admin",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub role: Role,
    /// Datasets it works on; an admin, and an account made without any, works on all.
    pub datasets: Vec<String>,
    pub disabled: bool,
    /// A second factor is asked for.
    pub totp: bool,
    pub made_ms: i64,
}

impl Account {
    /// Whether it works on `dataset`.
    pub fn covers(&self, dataset: &str) -> bool {
        self.sees_all() || self.datasets.iter().any(|own| own == dataset)
    }

    pub fn sees_all(&self) -> bool {
        self.role == Role::Admin || self.datasets.is_empty()
    }
}

/// What is wrong with a name or a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    #[error("an account name is 1 to {NAME_CHARS_MAX} small letters, digits, '.', '-' or '_'")]
    Name,
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    #[error("the second factor's secret cannot be used: {0}")]
    Totp(String),
}

pub fn check_name(name: &str) -> Result<(), CredentialError> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@');
    let length = name.chars().count();
    if (1..=NAME_CHARS_MAX).contains(&length) && name.chars().all(fine) { Ok(()) } else { Err(CredentialError::Name) }
}

/// The hash to keep of a password. Takes some 20 ms: not for an async thread.
pub fn hash_password(password: &str, entropy: &dyn Fn(&mut [u8])) -> Result<String, CredentialError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(CredentialError::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(CredentialError::TooLong);
    }
    let told = |error: argon2::password_hash::Error| CredentialError::Hash(error.to_string());
    let mut salt = [0; 16];
    entropy(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(told)?;
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| CredentialError::Hash(error.to_string()))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(hasher.hash_password(password.as_bytes(), &salt).map_err(told)?.to_string())
}

/// Whether `password` is the one behind `hash`. As slow for a [`decoy`].
pub fn verify_password(password: &str, hash: &str) -> bool {
    password.len() <= PASSWORD_BYTES_MAX
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash that no password has, for names that do not exist.
pub fn decoy() -> &'static str {
    "$argon2id$v=19$m=19456,t=2,p=1$ZGVjb3kgc2FsdCBkZWNveQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
}

/// A secret of 256 bits in hexadecimal: a session, an API token, a link in a letter.
pub fn new_secret(entropy: &dyn Fn(&mut [u8])) -> String {
    let mut bytes = [0; 32];
    entropy(&mut bytes);
    hex::encode(bytes)
}

/// What is kept of a secret of ours.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// How long until a name may be tried again after `failures` in a row, the last one at `last_ms`; `None` at once.
pub fn wait_ms(failures: i64, last_ms: i64, now_ms: i64) -> Option<i64> {
    if failures < FREE_FAILURES {
        return None;
    }
    let doublings = (failures - FREE_FAILURES).min(20);
    let wait = (WAIT_FIRST_MS << doublings).min(WAIT_MAX_MS);
    let left = last_ms.saturating_add(wait) - now_ms;
    (left > 0).then_some(left)
}

/// A new secret for a second factor, in base32 as apps want it typed.
pub fn new_totp_secret(entropy: &dyn Fn(&mut [u8])) -> String {
    let mut bytes = [0; 20];
    entropy(&mut bytes);
    base32(&bytes)
}

/// The address that an authenticator app reads.
pub fn totp_address(account: &str, secret: &str) -> String {
    let account = utf8_percent_encode(account, NON_ALPHANUMERIC);
    format!("otpauth://totp/Rollcall:{account}?secret={secret}&issuer=Rollcall")
}

/// The step whose code was typed, one step early or late allowed (RFC 6238 section 5.2); `None` for a wrong code. The
/// caller accepts a step once.
pub fn totp_step(secret: &str, code: &str, now_ms: i64) -> Result<Option<i64>, CredentialError> {
    let told = |error: &dyn std::fmt::Display| CredentialError::Totp(error.to_string());
    let bytes = from_base32(secret).and_then(|bytes| <[u8; 20]>::try_from(bytes).ok());
    let bytes = bytes.ok_or_else(|| told(&"it is not 20 bytes in base32"))?;
    let totp = Builder::new().with_secret(Secret::new_stack(bytes)).build().map_err(|error| told(&error))?;
    let code: String = code.chars().filter(char::is_ascii_digit).take(12).collect();
    let step = totp.check(&code, now_ms.max(0).unsigned_abs() / 1_000);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// RFC 4648 base32 without padding.
fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let letter = |group: usize| {
        let value = (0..5).fold(0, |value, at| value << 1 | bit(group * 5 + at));
        char::from(BASE32[usize::from(value)])
    };
    (0..(bytes.len() * 8).div_ceil(5)).map(letter).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bits = Vec::with_capacity(text.len() * 5);
    for letter in text.bytes() {
        let value = BASE32.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        bits.extend((0..5).rev().map(|at| (value >> at & 1) as u8));
    }
    Some(bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(bytes: &mut [u8]) {
        bytes.fill(7);
    }

    #[test]
    fn a_password_opens_its_hash_and_no_other_does() {
        let kept = hash_password("correct horse battery", &fixed).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify_password("correct horse battery", &kept));
        assert!(!verify_password("correct horse batterz", &kept));
        assert!(!verify_password("correct horse battery", decoy()));
        assert!(PasswordHash::new(decoy()).is_ok());
    }

    #[test]
    fn passwords_that_are_short_or_huge_are_refused() {
        assert_eq!(hash_password("elevenchars", &fixed), Err(CredentialError::TooShort));
        assert_eq!(hash_password(&"x".repeat(1_025), &fixed), Err(CredentialError::TooLong));
        assert!(!verify_password(&"x".repeat(1_025), decoy()));
    }

    #[test]
    fn names_are_plain() {
        assert!(["mira", "m.okoye-2", "mira@example.org"].into_iter().all(|name| check_name(name).is_ok()));
        let long = "x".repeat(41);
        assert!(["", "Mira", "a b", "a/b", "é", long.as_str()].into_iter().all(|name| check_name(name).is_err()));
    }

    #[test]
    fn the_wait_after_wrong_passwords_doubles_to_a_quarter_of_an_hour_and_ends() {
        let table = [(0, None), (4, None), (5, Some(2_000)), (6, Some(4_000)), (9, Some(32_000)), (500, Some(900_000))];
        for (failures, wait) in table {
            assert_eq!(wait_ms(failures, 10_000, 10_000), wait, "{failures} failures");
        }
        assert_eq!(wait_ms(5, 10_000, 11_999), Some(1));
        assert_eq!(wait_ms(5, 10_000, 12_000), None);
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The RFC's secret, `12345678901234567890`, and the last six digits of its eight.
        let secret = base32(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let table = [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")];
        for (seconds, code) in table {
            assert_eq!(totp_step(&secret, code, seconds * 1_000).unwrap(), Some(seconds / 30), "{seconds}");
            assert_eq!(totp_step(&secret, code, (seconds + 30) * 1_000).unwrap(), Some(seconds / 30));
            assert_eq!(totp_step(&secret, code, (seconds + 90) * 1_000).unwrap(), None);
        }
        assert_eq!(totp_step(&secret, "287 082", 59_000).unwrap(), Some(1));
        assert_eq!(totp_step(&secret, "", 59_000).unwrap(), None);
    }

    #[test]
    fn an_app_is_given_the_secret_in_the_address_it_reads() {
        let secret = new_totp_secret(&fixed);
        let address = totp_address("mira@example.org", &secret);
        assert_eq!(address, format!("otpauth://totp/Rollcall:mira%40example%2Eorg?secret={secret}&issuer=Rollcall"));
        assert_eq!(secret.len(), 32);
    }

    #[test]
    fn an_account_without_datasets_covers_all_and_one_with_some_only_those() {
        let account = |role, datasets: &[&str]| Account {
            name: "mira".into(),
            role,
            datasets: datasets.iter().map(|&slug| slug.to_owned()).collect(),
            disabled: false,
            totp: false,
            made_ms: 0,
        };
        assert!(account(Role::Reviewer, &[]).covers("posts"));
        assert!(account(Role::Admin, &["pictures"]).covers("posts"));
        assert!(!account(Role::Maintainer, &["pictures"]).covers("posts"));
        assert!(account(Role::Maintainer, &["pictures"]).covers("pictures"));
    }
}
