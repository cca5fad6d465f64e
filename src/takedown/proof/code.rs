//! The code that a person publishes: made from the case and the claim with a secret of the portal's.
//!
//! It is the same whenever it is made, so nothing has to be kept; it names nobody; and who sees it on a page learns
//! neither the case nor the portal's secret from it.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::Kind;

/// Bytes of the portal's secret.
pub const SECRET_BYTES: usize = 32;
/// Bytes of a code: 120 bits, 24 letters and digits. Short enough for a profile, long enough that nobody guesses one.
const CODE_BYTES: usize = 15;
const PREFIX: &str = "rollcall-";
/// Crockford's letters and digits: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The code of a claim.
pub fn of(secret: &[u8; SECRET_BYTES], number: &str, kind: Kind, subject: &str) -> String {
    let message = format!("rollcall proof\n{number}\n{}\n{subject}", kind.name());
    // HMAC takes a key of any length: there is nothing that could fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(message.as_bytes());
    let digest = mac.finalize().into_bytes();
    let mut code = PREFIX.to_owned();
    for five in digest[..CODE_BYTES].chunks(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for at in (0..8).rev() {
            code.push(char::from(ALPHABET[(bits >> (at * 5) & 31) as usize]));
        }
    }
    code
}

/// Whether what somebody typed or wrote into a record is the code; spaces around it and capitals make no difference.
pub(super) fn is_same(written: &str, code: &str) -> bool {
    !code.is_empty() && written.trim().trim_matches('"').eq_ignore_ascii_case(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_belongs_to_one_claim_of_one_case_of_one_portal() {
        let code = of(&[1; 32], "K7Q2-M4XD", Kind::DnsTxt, "mira.example");
        assert_eq!(code, of(&[1; 32], "K7Q2-M4XD", Kind::DnsTxt, "mira.example"));
        assert_eq!(code.len(), PREFIX.len() + 24);
        assert!(code.bytes().all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit()), "{code}");
        for other in [
            of(&[2; 32], "K7Q2-M4XD", Kind::DnsTxt, "mira.example"),
            of(&[1; 32], "K7Q2-M4XE", Kind::DnsTxt, "mira.example"),
            of(&[1; 32], "K7Q2-M4XD", Kind::WellKnown, "mira.example"),
            of(&[1; 32], "K7Q2-M4XD", Kind::DnsTxt, "noor.example"),
        ] {
            assert_ne!(code, other);
        }
        assert!(is_same(&format!(" {} ", code.to_uppercase()), &code) && !is_same("", "") && !is_same("x", &code));
    }
}
