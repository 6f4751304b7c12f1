//! The draft file: what travels from the ledger to the signer's machine.
//!
//! It holds keys that open the personal data of this one event, so it is written for its owner
//! only and its texts are wiped from memory.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::super::AskError;
use crate::crypto::EventKey;
use crate::event::Payload;
use crate::tlog::Origin;
use crate::value::{Cti, Hash, Label, Subject};

const FORMAT: &str = "mingzheng draft v1";

/// A draft.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftFile {
    format: String,
    /// What goes into the claims; the signer's client adds the time.
    pub(crate) claims: DraftClaims,
    /// The payload, byte for byte as it will be signed.
    pub(crate) payload: String,
    /// The key of each sealed object, base64.
    opens: Vec<String>,
}

/// The claims that the ledger fills in.
#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftClaims {
    /// The signer's organisation.
    pub(crate) iss: Label,
    /// The subject.
    pub(crate) sub: Subject,
    /// The ledger.
    pub(crate) aud: Origin,
    /// The key that signs.
    pub(crate) kid: Hash,
    /// The token id.
    pub(crate) cti: Cti,
}

impl DraftFile {
    pub(crate) fn new(
        claims: DraftClaims,
        payload: &Payload,
        keys: impl Iterator<Item = EventKey>,
    ) -> Self {
        let payload = String::from_utf8_lossy(&payload.to_json()).into_owned();
        let opens = keys.map(|key| BASE64.encode(key.expose())).collect();
        Self { format: FORMAT.to_owned(), claims, payload, opens }
    }

    /// The file's text.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let text = serde_json::to_string_pretty(self).expect("a draft is plain structs of texts");
        let mut text = Zeroizing::new(text);
        text.push('\n');
        text
    }

    /// What to say of the file when it opens personal data.
    pub(crate) fn opens_note(&self) -> &'static str {
        if self.opens.is_empty() { "" } else { "; the draft opens personal data, send it as such" }
    }

    /// Says whether it is of this version.
    pub(crate) fn is_known(&self) -> bool {
        self.format == FORMAT
    }

    /// The keys of the sealed objects.
    pub(crate) fn keys(&self) -> Result<Vec<EventKey>, AskError> {
        let key = |text: &String| {
            let bytes = BASE64.decode(text.as_bytes()).map(Zeroizing::new).ok()?;
            <[u8; 32]>::try_from(bytes.as_slice()).ok().map(EventKey::new)
        };
        let keys: Option<Vec<_>> = self.opens.iter().map(key).collect();
        keys.ok_or_else(|| AskError::refused("a key in the draft is not base64 of 32 bytes"))
    }
}

impl Drop for DraftFile {
    fn drop(&mut self) {
        self.opens.zeroize();
    }
}
