//! Names of a decision for use outside: always the same, and leading nobody to the case.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::person::normal_number;
use super::{Desk, DeskError};

/// Characters of a pseudonym: 128 bits, hexadecimal.
const CHARS: usize = 32;

impl Desk {
    /// A pseudonym of something of a case. The key is the salted hash of its passphrase, which nobody is ever shown: it
    /// stays what it is as long as the case does, whatever other keys are changed.
    pub async fn pseudonym(&self, number: &str, of: &str) -> Result<String, DeskError> {
        let secret = self.store.passphrase_hash(&normal_number(number)).await?.ok_or(DeskError::NoSuchCase)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| DeskError::NoSuchCase)?;
        mac.update(of.as_bytes());
        let mut name = hex::encode(mac.finalize().into_bytes());
        name.truncate(CHARS);
        Ok(name)
    }
}
