//! Passphrases and key files of people.
//!
//! A key file is PKCS#8 PEM of mode 0600. Text before the PEM is a mark for people; a line that
//! begins with `DEMO` means that the key is for demo ledgers only. Passphrases come from a file
//! (one in a line; each is tried), from `MINGZHENG_PASSPHRASE`, or from a prompt without echo.

use std::{fs::File, io::Read, path::Path};

use zeroize::Zeroizing;

use super::error::{CliError, at_file};
use crate::crypto::{PemError, SecretKey};
use crate::vault::{Secret, read_secret, write_secret};

/// Where a passphrase may stand instead of a file.
const PASSPHRASE_VARIABLE: &str = "MINGZHENG_PASSPHRASE";
/// Most passphrases of one file: each costs a scrypt.
const PASSPHRASES_MAX: usize = 16;
/// Longest passphrase file, in bytes.
const PASSPHRASE_BYTES_MAX: u64 = 64 << 10;
/// What marks a key of demo ledgers.
const DEMO_MARK: &str = "DEMO key: for demo ledgers only, refused by every other (演示密钥)\n";

/// Passphrases that were given without asking.
#[derive(Default)]
pub(super) struct Passphrases(Vec<Zeroizing<String>>);

/// A key as its file has it.
pub(super) struct KeyFile {
    pub(super) key: SecretKey,
    /// Marked as a key of demo ledgers.
    pub(super) demo: bool,
}

impl Passphrases {
    /// Reads the file, or the variable when no file is named.
    pub(super) fn load(file: Option<&Path>) -> Result<Self, CliError> {
        let text = match file {
            Some(path) => passphrase_file(path)?,
            None => match std::env::var(PASSPHRASE_VARIABLE) {
                Ok(passphrase) => return Ok(Self(vec![Zeroizing::new(passphrase)])),
                Err(_) => return Ok(Self::default()),
            },
        };
        let lines = text.lines().filter(|line| !line.is_empty());
        let given: Vec<_> =
            lines.take(PASSPHRASES_MAX).map(|line| Zeroizing::new(line.to_owned())).collect();
        if given.is_empty() {
            return Err(CliError::refused("the passphrase file is empty"));
        }
        Ok(Self(given))
    }

    /// Opens a key file, asking for its passphrase when it has one and none was given.
    pub(super) fn open(&self, path: &Path) -> Result<KeyFile, CliError> {
        let text = read_secret(path, Secret::Key)?;
        let mark = text.split("-----BEGIN").next().unwrap_or_default();
        let demo = mark.lines().any(|line| line.starts_with("DEMO"));
        let of_file = |error: PemError| CliError::from(error).during(path.display());
        let key = match SecretKey::from_pem(&text, None) {
            Err(PemError::NeedsPassphrase) if self.0.is_empty() => {
                let asked = prompt(&format!("Passphrase of {} (口令): ", path.display()))?;
                SecretKey::from_pem(&text, Some(&asked)).map_err(of_file)?
            }
            Err(PemError::NeedsPassphrase) => self.try_each(&text).map_err(of_file)?,
            read => read.map_err(of_file)?,
        };
        Ok(KeyFile { key, demo })
    }

    fn try_each(&self, text: &str) -> Result<SecretKey, PemError> {
        for passphrase in &self.0 {
            match SecretKey::from_pem(text, Some(passphrase)) {
                Err(PemError::WrongPassphrase) => {}
                other => return other,
            }
        }
        Err(PemError::WrongPassphrase)
    }

    /// The passphrase for a key that is about to be written: the first one given, or asked for
    /// twice.
    pub(super) fn choose(&self) -> Result<Zeroizing<String>, CliError> {
        let chosen = match self.0.first() {
            Some(first) => first.clone(),
            None => prompt("New passphrase (新口令): ")?,
        };
        if chosen.is_empty() {
            return Err(PemError::EmptyPassphrase.into());
        }
        if self.0.is_empty() && *chosen != *prompt("The same again (再次输入): ")? {
            return Err(CliError::refused("the two passphrases differ")
                .hinted("nothing was written; try again"));
        }
        Ok(chosen)
    }
}

/// Writes a key into a new file; without a passphrase it is not encrypted.
pub(super) fn write_key(
    path: &Path,
    key: &SecretKey,
    passphrase: Option<&str>,
    demo: bool,
) -> Result<(), CliError> {
    let pem = key.to_pem(passphrase)?;
    let mark = if demo { DEMO_MARK } else { "" };
    let text = Zeroizing::new([mark, pem.as_str()].concat());
    Ok(write_secret(path, &text)?)
}

/// A passphrase file is a plain file that only its owner reads, or a pipe.
fn passphrase_file(path: &Path) -> Result<Zeroizing<String>, CliError> {
    let failed = || at_file("reading", path);
    let file = File::open(path).map_err(failed())?;
    if file.metadata().map_err(failed())?.is_file() {
        return Ok(read_secret(path, Secret::Passphrases)?);
    }
    let mut text = Zeroizing::new(String::with_capacity(4096));
    file.take(PASSPHRASE_BYTES_MAX).read_to_string(&mut text).map_err(failed())?;
    Ok(text)
}

fn prompt(question: &str) -> Result<Zeroizing<String>, CliError> {
    match rpassword::prompt_password(question) {
        Ok(answer) => Ok(Zeroizing::new(answer)),
        Err(_) => {
            Err(CliError::refused("a passphrase is needed and there is no terminal to ask at")
                .hinted("use --passphrase-file or MINGZHENG_PASSPHRASE"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(passphrases: &[&str]) -> Passphrases {
        Passphrases(passphrases.iter().map(|text| Zeroizing::new((*text).to_owned())).collect())
    }

    #[test]
    fn each_passphrase_is_tried_and_the_demo_mark_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, marked) = (folder.path().join("secret"), folder.path().join("marked"));
        let key = SecretKey::from_seed([9; 32]);
        write_key(&secret, &key, Some("second"), false).unwrap();
        write_key(&marked, &key, None, true).unwrap();

        let opened = with(&["first", "second"]).open(&secret).unwrap();
        assert_eq!((opened.key.public(), opened.demo), (key.public(), false));
        let error = with(&["first"]).open(&secret).err().unwrap();
        assert!(error.message().ends_with("the passphrase does not open the key"));
        let opened = with(&[]).open(&marked).unwrap();
        assert_eq!((opened.key.public(), opened.demo), (key.public(), true));
    }
}
