//! Checks any signed document, offline, and says in plain sentences what is wrong and with which part.

use serde::Serialize;
use serde_json::{Map, Value};

use super::damage::part_at;
use super::document::{FORMAT, FORMATS, MADE_AT, PARTS, RECEIPT, SIGNATURE, file_bytes, fingerprints, signed_bytes};
use super::key_ring::PublishedKey;
use super::signing::{ALGORITHM, PublicKey, SigningError};
use super::well_known::PublishedRoot;
use super::{canonical, receipt};
use crate::timestamp::Timestamp;

/// What a fault is in, where it is in no part of its own.
const WHOLE_FILE: &str = "layout";
const IS_PDF: &str = "This is a PDF, and the pages of a PDF are not signed. The signed document is attached to it, as evidence.json or receipt.json: save that, and check it.";
/// Most faults told: a file that has nothing to do with its list of parts would otherwise tell hundreds.
const FAULTS_MAX: usize = 20;

/// Keys that a document may be signed by.
#[derive(Debug, Clone, Default)]
pub struct KnownKeys {
    keys: Vec<KnownKey>,
    /// Roots of removal sets that the portal publishes beside its keys.
    roots: Vec<PublishedRoot>,
}

#[derive(Debug, Clone)]
struct KnownKey {
    public: PublicKey,
    retired_at: Option<String>,
}

/// What came of a check.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub valid: bool,
    /// One sentence: what it is, and whether it holds.
    pub summary: String,
    pub format: Option<String>,
    /// The kind of document, in words.
    pub what: String,
    /// When it says it was made.
    pub made_at: Option<String>,
    pub key_id: Option<String>,
    /// What is known of the key it is signed by.
    pub key: KeyCheck,
    pub faults: Vec<Fault>,
}

/// How the key in a document compares with the keys that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyCheck {
    /// No key was given to compare with.
    NotCompared,
    Known,
    /// Known, and retired since.
    Retired,
    Other,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The part it is in: a member of the document, or `layout`.
    pub part: String,
    pub sentence: String,
}

impl Fault {
    pub(super) fn new(part: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { part: part.into(), sentence: sentence.into() }
    }
}

/// The well-known document, as far as it is needed.
#[derive(serde::Deserialize)]
struct Listed {
    keys: Vec<PublishedKey>,
    #[serde(default)]
    removal_sets: Vec<PublishedRoot>,
}

impl KnownKeys {
    /// Reads what `--key` names: a PEM public key, or a saved `/.well-known/rollcall.json`.
    pub fn read(text: &str) -> Result<Self, SigningError> {
        if !text.trim_start().starts_with('{') {
            return Ok(Self {
                keys: vec![KnownKey { public: PublicKey::from_pem(text)?, retired_at: None }],
                roots: Vec::new(),
            });
        }
        let listed: Listed = serde_json::from_str(text).map_err(|_| SigningError::NoPublicKey)?;
        Self::of(&listed.keys, listed.removal_sets)
    }

    /// The keys of a portal, and the roots it publishes.
    pub fn of(keys: &[PublishedKey], roots: Vec<PublishedRoot>) -> Result<Self, SigningError> {
        let known = |key: &PublishedKey| {
            Ok(KnownKey { public: PublicKey::from_hex(&key.public_key)?, retired_at: key.retired_at.clone() })
        };
        Ok(Self { keys: keys.iter().map(known).collect::<Result<_, SigningError>>()?, roots })
    }

    fn find(&self, public: PublicKey) -> Option<&KnownKey> {
        self.keys.iter().find(|known| known.public == public)
    }
}

impl Report {
    /// All of it as sentences, for people.
    pub fn sentences(&self) -> Vec<String> {
        let mut all = vec![self.summary.clone()];
        all.extend(self.faults.iter().map(|fault| fault.sentence.clone()));
        if let Some(made_at) = self.made_at.as_ref().filter(|_| self.valid) {
            all.push(format!("It says it was made at {made_at}."));
        }
        if let Some(key_id) = &self.key_id {
            all.push(match self.key {
                KeyCheck::NotCompared => format!(
                    "It carries the key {key_id} itself. That key was not compared with the portal's: get the portal's keys at its address, under /.well-known/rollcall.json, and give them with --key."
                ),
                _ if !self.valid => format!("It names the key {key_id}; what was found above says whether that can be believed."),
                KeyCheck::Known => format!("It is signed by the key {key_id}, which is one of those given."),
                KeyCheck::Retired => format!(
                    "It is signed by the key {key_id}, which is one of those given and was retired since; what it signed before stays valid."
                ),
                KeyCheck::Other => format!("The key it carries is {key_id}."),
            });
        }
        all
    }
}

/// Checks the bytes of a file. Without known keys, the key inside is used, and the report says so.
pub fn verify(bytes: &[u8], known: Option<&KnownKeys>) -> Report {
    let members = match read(bytes) {
        Ok(members) => members,
        Err(fault) => return report(&Map::new(), KeyCheck::NotCompared, vec![fault]),
    };
    if ![PARTS, SIGNATURE, FORMAT].iter().any(|name| members.contains_key(*name)) {
        let fault = Fault::new(
            WHOLE_FILE,
            "This is no document that Rollcall signs: it has no format, no parts and no signature.",
        );
        return report(&members, KeyCheck::NotCompared, vec![fault]);
    }
    let mut faults = check_parts(&members);
    let mut key_check = KeyCheck::NotCompared;
    match signature(&members) {
        Ok(signature) => {
            faults = check_signature(&members, &signature, faults);
            if let Some(known) = known {
                key_check = check_key(&members, &signature, known, &mut faults);
            }
        }
        Err(fault) => faults.push(fault),
    }
    if let Ok(expected) = file_bytes(&members)
        && expected != bytes
    {
        faults.push(layout_fault(bytes, &expected));
    }
    if faults.is_empty() && members[FORMAT] == RECEIPT {
        faults.extend(receipt::check(&members));
        faults.extend(known.and_then(|known| check_root(&members, &known.roots)));
    }
    report(&members, key_check, faults)
}

fn report(members: &Map<String, Value>, key: KeyCheck, mut faults: Vec<Fault>) -> Report {
    faults.truncate(FAULTS_MAX);
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let format = text(FORMAT);
    let known = FORMATS.iter().find(|(name, _)| Some(*name) == format.as_deref());
    let what = known.map_or("a signed document of a kind this program does not know", |(_, words)| words);
    let summary = match faults.as_slice() {
        [] => format!("Valid: this is {what}, and not one byte of it was changed since it was signed."),
        [fault] if fault.sentence == IS_PDF => "Not checked.".to_owned(),
        _ => "NOT valid.".to_owned(),
    };
    let key_id = members.get(SIGNATURE).and_then(|signature| signature["key_id"].as_str()).map(str::to_owned);
    let what = what.to_owned();
    Report { valid: faults.is_empty(), summary, format, what, made_at: text(MADE_AT), key_id, key, faults }
}

fn read(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    if bytes.starts_with(b"%PDF") {
        return Err(Fault::new(WHOLE_FILE, IS_PDF));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| damaged(bytes, error.valid_up_to()))?;
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Fault::new(WHOLE_FILE, "This is no document that Rollcall signs: it is not a JSON object.")),
        Err(error) => {
            let line_start =
                text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            Err(damaged(bytes, line_start + error.column().saturating_sub(1)))
        }
    }
}

fn damaged(bytes: &[u8], at: usize) -> Fault {
    match part_at(bytes, at) {
        Some(part) => {
            let sentence = format!("“{part}” was changed: the file can no longer be read from byte {at} on.");
            Fault::new(part, sentence)
        }
        None => Fault::new(
            WHOLE_FILE,
            format!("The file's layout was changed: it can no longer be read at byte {at}, outside of all parts."),
        ),
    }
}

/// Compares every part with its listed fingerprint, and the list with the parts that are there.
fn check_parts(members: &Map<String, Value>) -> Vec<Fault> {
    let Some(listed) = members.get(PARTS).and_then(Value::as_object) else {
        return vec![Fault::new(PARTS, "“parts” is missing or was changed: the list of what was signed is not there.")];
    };
    let mut faults = Vec::new();
    for (name, part) in members.iter().filter(|(name, _)| ![PARTS, SIGNATURE].contains(&name.as_str())) {
        let found = canonical::to_bytes(part).map(|bytes| {
            use sha2::Digest as _;
            hex::encode(sha2::Sha256::digest(bytes))
        });
        match (listed.get(name), found) {
            (Some(listed), Ok(found)) if *listed == found => {}
            (Some(_), _) => faults.push(Fault::new(name, format!("“{name}” was changed."))),
            (None, _) => {
                faults.push(Fault::new(name, format!("“{name}” was added, or is a part whose name was changed.")));
            }
        }
    }
    for name in listed.keys().filter(|name| !members.contains_key(*name)) {
        faults.push(Fault::new(name, format!("“{name}” is missing.")));
    }
    if !members.contains_key(FORMAT) && faults.is_empty() {
        faults.push(Fault::new(FORMAT, "“format” is missing."));
    }
    faults
}

struct Signature {
    public: PublicKey,
    value: Vec<u8>,
}

fn signature(members: &Map<String, Value>) -> Result<Signature, Fault> {
    let broken = |what: &str| Fault::new(SIGNATURE, format!("“signature” was changed: {what}."));
    let Some(object) = members.get(SIGNATURE).and_then(Value::as_object) else {
        return Err(Fault::new(SIGNATURE, "“signature” is missing."));
    };
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    if object.len() != 4 || text("algorithm") != ALGORITHM {
        return Err(broken("it is not made of an algorithm (Ed25519), a key and a value"));
    }
    let public = PublicKey::from_hex(text("public_key")).map_err(|_| broken("the key in it is none"))?;
    // Upper-case digits would be another file with the same meaning.
    if public.to_hex() != text("public_key") || public.id() != text("key_id") {
        return Err(broken("the key's name does not belong to the key"));
    }
    match hex::decode(text("value")) {
        Ok(value) if hex::encode(&value) == text("value") => Ok(Signature { public, value }),
        _ => Err(broken("its value is none")),
    }
}

/// Where parts do not fit their list, the signature tells which of the two was changed; where they fit, whether all was
/// rewritten together.
fn check_signature(members: &Map<String, Value>, signature: &Signature, faults: Vec<Fault>) -> Vec<Fault> {
    let fits = |members: &Map<String, Value>| {
        signed_bytes(members).is_ok_and(|message| signature.public.verify(&message, &signature.value))
    };
    if faults.is_empty() {
        return if fits(members) {
            faults
        } else {
            vec![Fault::new(
                SIGNATURE,
                "The signature does not fit: it was changed, or the content was rewritten together with its list of parts.",
            )]
        };
    }
    let Ok(recomputed) = fingerprints(members) else { return faults };
    let mut mended = members.clone();
    mended.insert(PARTS.to_owned(), Value::Object(recomputed));
    if fits(&mended) {
        vec![Fault::new(PARTS, "“parts”, the list of fingerprints, was changed; the parts themselves were not.")]
    } else {
        faults
    }
}

fn check_key(
    members: &Map<String, Value>,
    signature: &Signature,
    known: &KnownKeys,
    faults: &mut Vec<Fault>,
) -> KeyCheck {
    let Some(key) = known.find(signature.public) else {
        let sentence = "It is signed by a key that is not the given one: it does not come from where that key belongs, or that list of keys is older than the document.";
        faults.push(Fault::new(SIGNATURE, sentence));
        return KeyCheck::Other;
    };
    let Some(retired_at) = &key.retired_at else { return KeyCheck::Known };
    let made_at = members.get(MADE_AT).and_then(Value::as_str);
    if let (Some(made), Some(retired)) = (made_at.and_then(Timestamp::parse), Timestamp::parse(retired_at))
        && made > retired
    {
        let sentence = format!("It says it was made at {made}, but its key had been retired at {retired}.");
        faults.push(Fault::new(SIGNATURE, sentence));
    }
    KeyCheck::Retired
}

/// A receipt whose set the portal publishes must lead to the root that it publishes.
fn check_root(members: &Map<String, Value>, roots: &[PublishedRoot]) -> Option<Fault> {
    let [dataset, version, root] = receipt::root_of(members)?;
    let published = roots.iter().find(|known| known.dataset == dataset && known.version == version)?;
    let sentence = format!("The portal publishes another root for version {version} of the removal set of {dataset}.");
    (published.root != root).then(|| Fault::new("set", sentence))
}

fn layout_fault(bytes: &[u8], expected: &[u8]) -> Fault {
    let at = bytes.iter().zip(expected).take_while(|(found, expected)| found == expected).count();
    let place = match part_at(bytes, at) {
        Some(part) => format!("at byte {at}, in “{part}”"),
        None => format!("at byte {at}"),
    };
    let sentence = format!(
        "The file's layout was changed {place}: it reads the same, but is not byte for byte what was signed (spaces, line ends, order, or a doubled member)."
    );
    Fault::new(WHOLE_FILE, sentence)
}
