//! Signed notes: a text and the signatures of those who stand by it (c2sp.org/signed-note).
//!
//! ```text
//! This is an example message.
//!
//! — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm...
//! ```
//!
//! What is signed is the text with its final newline, without the blank line. Signatures by unknown
//! keys are kept and written out again unchanged. The text of a note means nothing until
//! [`SignedNote::verify`] has accepted a key the reader trusts.

use std::{fmt, str::FromStr};

use ed25519_dalek::Signer;

use super::{
    KeyName, NoteKeyId, base64_decode,
    vkey::{Vkey, VkeyError},
};

/// Longest note that is read, in bytes.
pub(super) const NOTE_LEN_MAX: usize = 1 << 20;
/// Most signatures a note may carry; the specification asks for at least 16.
const SIGNATURES_MAX: usize = 100;
/// Type byte of Ed25519 note signatures.
const KIND_ED25519: u8 = 0x01;
/// What begins a signature line: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// Why bytes are not a note, or a note is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note is longer than 1 MiB.
    #[error("the note is longer than {NOTE_LEN_MAX} bytes")]
    TooLong,
    /// The bytes are not UTF-8.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// There is a control character other than newline.
    #[error("the note has a control character other than newline")]
    ControlCharacter,
    /// The text is empty or its last line has no newline.
    #[error("the note's text does not end in a newline")]
    TextNotEnded,
    /// No blank line parts text and signatures, or no signature follows it.
    #[error("the note has no signatures")]
    NoSignatures,
    /// The last signature line has no newline.
    #[error("the note does not end in a newline")]
    NotEnded,
    /// A line behind the blank line is not a signature line.
    #[error("signature line {line} is malformed")]
    SignatureLine {
        /// Counted from 1.
        line: usize,
    },
    /// There are more than 100 signatures.
    #[error("the note has more than {SIGNATURES_MAX} signatures")]
    TooManySignatures,
    /// No signature names the key.
    #[error("the note is not signed by the key")]
    NotSigned,
    /// A signature names the key and is not its signature over this text.
    #[error("a signature in the key's name is not its signature over this text")]
    BadSignature,
}

/// Something that holds an Ed25519 key and signs with it.
pub trait Sign {
    /// The 32 bytes of the public key.
    fn public_key(&self) -> [u8; 32];
    /// Signs a message (RFC 8032, Ed25519).
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

/// The key wipes itself when dropped.
impl Sign for ed25519_dalek::SigningKey {
    fn public_key(&self) -> [u8; 32] {
        self.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        Signer::sign(self, message).to_bytes()
    }
}

/// A named key that signs notes, type 0x01.
pub struct NoteSigner<K> {
    verifier: NoteVerifier,
    key: K,
}

impl<K: Sign> NoteSigner<K> {
    /// Gives a key its name.
    ///
    /// # Errors
    /// A public key no verifier would take.
    pub fn new(name: KeyName, key: K) -> Result<Self, VkeyError> {
        Ok(Self { verifier: NoteVerifier::new(name, &key.public_key())?, key })
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &NoteVerifier {
        &self.verifier
    }
}

impl<K> fmt::Debug for NoteSigner<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NoteSigner").field(&self.verifier).finish()
    }
}

/// The public half of a [`NoteSigner`]; its text is the verifier key.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteVerifier(Vkey<KIND_ED25519>);

impl NoteVerifier {
    /// Gives a public key its name.
    ///
    /// # Errors
    /// A key that is not canonical or not in the prime-order group.
    pub fn new(name: KeyName, public_key: &[u8; 32]) -> Result<Self, VkeyError> {
        Ok(Self(Vkey::new(name, public_key)?))
    }

    /// The key's name.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.0.name
    }

    /// The key's id.
    #[must_use]
    pub const fn id(&self) -> NoteKeyId {
        self.0.id
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.0.key.as_bytes()
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for NoteVerifier {
    type Err = VkeyError;
    fn from_str(text: &str) -> Result<Self, VkeyError> {
        text.parse().map(Self)
    }
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: KeyName,
    /// Id of the key.
    pub id: NoteKeyId,
    /// What the key's type makes of the text; 64 bytes for type 0x01, 72 for type 0x04.
    pub bytes: Vec<u8>,
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.0.as_slice(), &self.bytes].concat();
        write!(f, "{DASH}{} {}", self.name, data_encoding::BASE64.encode(&bytes))
    }
}

impl NoteSignature {
    /// Reads a signature line without its newline.
    fn parse(line: &str) -> Option<Self> {
        let (name, bytes) = line.strip_prefix(DASH)?.split_once(' ')?;
        let bytes = base64_decode(bytes)?;
        let (id, bytes) = bytes.split_first_chunk()?;
        if bytes.is_empty() {
            return None;
        }
        Some(Self { name: name.parse().ok()?, id: NoteKeyId(*id), bytes: bytes.to_vec() })
    }
}

/// A text and its signatures. `Display` gives the note's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// Signs a text.
    ///
    /// # Errors
    /// A text that does not end in a newline, has a control character, or is too long.
    pub fn sign<K: Sign>(text: String, signer: &NoteSigner<K>) -> Result<Self, NoteError> {
        refuse_controls(&text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::TextNotEnded);
        }
        let signature = NoteSignature {
            name: signer.verifier.name().clone(),
            id: signer.verifier.id(),
            bytes: signer.key.sign(text.as_bytes()).to_vec(),
        };
        let mut note = Self { text, signatures: Vec::new() };
        note.append(signature)?;
        Ok(note)
    }

    /// Reads a note. Its signatures are not checked.
    ///
    /// # Errors
    /// Any [`NoteError`] but the last two.
    pub fn parse(note: &[u8]) -> Result<Self, NoteError> {
        if note.len() > NOTE_LEN_MAX {
            return Err(NoteError::TooLong);
        }
        let note = str::from_utf8(note).map_err(|_| NoteError::NotUtf8)?;
        refuse_controls(note)?;
        // The text may have blank lines of its own: the last one parts it from the signatures.
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        if lines.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NotEnded)?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let signatures = (1..).zip(lines.split('\n')).map(|(line, signature)| {
            NoteSignature::parse(signature).ok_or(NoteError::SignatureLine { line })
        });
        Ok(Self { text: text.to_owned(), signatures: signatures.collect::<Result<_, _>>()? })
    }

    /// The text that is signed, with its final newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, by known and unknown keys, in order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature made elsewhere, unless the note has it. It is not checked.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`], [`NoteError::TooLong`]; the note is then as it was.
    pub fn append(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.signatures.contains(&signature) {
            return Ok(());
        }
        if self.signatures.len() == SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        if self.to_string().len() > NOTE_LEN_MAX {
            self.signatures.pop();
            return Err(NoteError::TooLong);
        }
        Ok(())
    }

    /// Checks that the key signed the text.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`]; [`NoteError::BadSignature`] if any signature in the key's name and
    /// id is not the key's, even beside a good one.
    pub fn verify(&self, key: &NoteVerifier) -> Result<(), NoteError> {
        let mut signed = false;
        for signature in self.signatures_of(key.name(), key.id()) {
            let bytes = signature.bytes.as_slice().try_into();
            let bytes = bytes.map_err(|_| NoteError::BadSignature)?;
            if !key.0.signed(self.text.as_bytes(), bytes) {
                return Err(NoteError::BadSignature);
            }
            signed = true;
        }
        if signed { Ok(()) } else { Err(NoteError::NotSigned) }
    }

    /// The signatures that name a key; name and id must both match.
    pub(super) fn signatures_of(
        &self,
        name: &KeyName,
        id: NoteKeyId,
    ) -> impl Iterator<Item = &NoteSignature> {
        self.signatures
            .iter()
            .filter(move |signature| signature.name == *name && signature.id == id)
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

fn refuse_controls(text: &str) -> Result<(), NoteError> {
    let control = text.bytes().any(|byte| byte < 0x20 && byte != b'\n');
    if control { Err(NoteError::ControlCharacter) } else { Ok(()) }
}
