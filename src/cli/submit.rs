//! `submit`: signed statements go to the ledger.

use std::path::PathBuf;

use clap::Args;

use super::{
    error::CliError,
    folder,
    send::send,
    session::{Session, Vault},
};

/// Submit signed statements (提交), in the order given
///
/// Each is accepted with its index or refused by the rule that says no; a refused one hurts only
/// those that rest on it. Sending the same bytes again is safe: the first answer comes back.
#[derive(Args)]
pub(super) struct Submit {
    /// Statements: one in a file, or several one after the other (a CBOR sequence)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Longest file of statements, in bytes.
const FILE_BYTES_MAX: u64 = 256 << 20;

impl Submit {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let mut statements = Vec::new();
        for path in &self.files {
            let bytes = folder::read(path, FILE_BYTES_MAX)?;
            let items = items(&bytes).ok_or_else(|| {
                CliError::refused(format!("{} is not a sequence of statements", path.display()))
                    .hinted("statements are written by `mingzheng sign`; nothing was submitted")
            })?;
            statements.extend(items.into_iter().map(<[u8]>::to_vec));
        }
        let ledger = session.open_to_write(Vault::IfThere)?;
        send(session, &ledger, statements)
    }
}

/// Cuts a CBOR sequence into its items; `None` when it is empty or does not end with one.
fn items(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let mut items = Vec::new();
    while decoder.position() < bytes.len() {
        let start = decoder.position();
        decoder.skip().ok()?;
        items.push(bytes.get(start..decoder.position())?);
    }
    if items.is_empty() { None } else { Some(items) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{Claims, SecretKey, sign};
    use crate::value::{Cti, Subject};

    #[test]
    fn a_sequence_is_cut_into_its_statements() {
        let statement = |cti| {
            let claims = Claims {
                iss: "federation",
                sub: Subject::Ledger,
                aud: "example.org/a",
                iat: 1,
                cti: Cti([cti; 16]),
            };
            sign(&SecretKey::from_seed([1; 32]), &claims, b"{}").unwrap()
        };
        let (one, two) = (statement(1), statement(2));
        let both = [one.as_slice(), two.as_slice()].concat();
        assert_eq!(items(&both), Some(vec![one.as_slice(), two.as_slice()]));
        assert_eq!(items(&both[..both.len() - 1]), None);
        assert_eq!(items(&[]), None);
    }
}
