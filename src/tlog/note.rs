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

use std::fmt;

use super::{KeyName, NoteKeyId, NoteSigner, NoteVerifier, Sign, base64_decode};

/// Longest note that is read, in bytes.
pub(super) const NOTE_LEN_MAX: usize = 1 << 20;
/// Most signatures a note may carry; the specification asks for at least 16.
const SIGNATURES_MAX: usize = 100;
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
            name: signer.verifier().name().clone(),
            id: signer.verifier().id(),
            bytes: signer.sign(text.as_bytes()).to_vec(),
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
            if !key.signed(self.text.as_bytes(), bytes) {
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
