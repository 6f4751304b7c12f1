//! What a command can end with, and what to do next.
//!
//! An error has a kind, which decides the exit code, and where it helps a hint. A [`Rejection`],
//! the rules' "no", keeps its rule and code. Errors of the layers below get their kind and hint
//! here, in one place; their texts never hold personal data.

use std::{borrow::Cow, io, path::Path};

use anyhow::anyhow;

use crate::answer::AskError;
use crate::crypto::{PemError, RandomError};
use crate::demo::DemoError;
use crate::domain::Rejection;
use crate::ledger::{OpenError, PenError, PersonalError, ReadError, SubmitError};
use crate::log::{self, LogError};
use crate::projection::ProjectionError;
use crate::rolls::ImportError;
use crate::value::Malformed;
use crate::vault::{KeyFileError, Secret, VaultError};

pub(super) const OK: u8 = 0;
pub(super) const REFUSED: u8 = 1;
pub(super) const USAGE: u8 = 2;
pub(super) const BROKEN_PIPE: u8 = 3;
pub(super) const INTERNAL: u8 = 255;

/// What kind of end it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The command line, or a file it names, is not what the command takes.
    Usage,
    /// The rules, the ledger or the system said no.
    Refused,
    /// What was checked does not hold.
    FailedCheck,
    /// Nobody reads the output any more.
    BrokenPipe,
    /// Our own mistake.
    Internal,
}

impl Kind {
    pub(super) const fn exit_code(self) -> u8 {
        match self {
            Self::Refused | Self::FailedCheck => REFUSED,
            Self::Usage => USAGE,
            Self::BrokenPipe => BROKEN_PIPE,
            Self::Internal => INTERNAL,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Refused => "refused",
            Self::FailedCheck => "failed_check",
            Self::BrokenPipe => "broken_pipe",
            Self::Internal => "internal",
        }
    }
}

/// How a command ended that did not end well.
#[derive(Debug)]
pub(super) struct CliError {
    kind: Kind,
    error: anyhow::Error,
    hint: Option<String>,
    ruled: Option<Box<Ruled>>,
    in_chinese: Option<Box<InChinese>>,
}

/// The rule that says no, and its word for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ruled {
    pub(super) rule: Cow<'static, str>,
    pub(super) code: Cow<'static, str>,
}

/// A refusal's sentence and hint in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InChinese {
    pub(super) message: String,
    pub(super) hint: String,
}

impl CliError {
    fn new(kind: Kind, error: impl Into<anyhow::Error>) -> Self {
        Self { kind, error: error.into(), hint: None, ruled: None, in_chinese: None }
    }

    /// The command line, or a file it names, is not what the command takes.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, anyhow!(message.into()))
    }

    /// The ledger or the system said no.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, anyhow!(message.into()))
    }

    /// What was checked does not hold.
    pub(super) fn failed_check(message: impl Into<String>) -> Self {
        Self::new(Kind::FailedCheck, anyhow!(message.into()))
    }

    /// Nobody reads the output any more.
    pub(super) fn broken_pipe() -> Self {
        Self::new(Kind::BrokenPipe, anyhow!("nobody reads the output"))
    }

    /// The same with what to do next.
    pub(super) fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with its words in Chinese.
    pub(super) fn also_in_chinese(mut self, message: String, hint: impl Into<String>) -> Self {
        self.in_chinese = Some(Box::new(InChinese { message, hint: hint.into() }));
        self
    }

    /// The same, saying first what was being done.
    pub(super) fn during(mut self, doing: impl std::fmt::Display) -> Self {
        self.error = anyhow!("{doing}: {}", self.message());
        self
    }

    pub(super) const fn kind(&self) -> Kind {
        self.kind
    }

    /// The sentence, with the causes below it that it does not say itself.
    pub(super) fn message(&self) -> String {
        let mut said = self.error.to_string();
        for cause in self.error.chain().skip(1).map(ToString::to_string) {
            if !said.contains(&cause) {
                said = format!("{said}: {cause}");
            }
        }
        said
    }

    pub(super) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub(super) fn ruled(&self) -> Option<&Ruled> {
        self.ruled.as_deref()
    }

    /// A rule says no, here or on a server.
    pub(super) fn by_rule(ruled: Ruled, message: &str, hint: impl Into<String>) -> Self {
        let Ruled { rule, code } = &ruled;
        let error = Self::refused(format!("refused by {rule} ({code}): {message}")).hinted(hint);
        Self { ruled: Some(Box::new(ruled)), ..error }
    }

    pub(super) fn in_chinese(&self) -> Option<&InChinese> {
        self.in_chinese.as_deref()
    }
}

/// Names the file at which the system refused.
pub(super) fn at_file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CliError {
    move |error| CliError::refused(format!("{doing} {}: {error}", path.display()))
}

impl From<Rejection> for CliError {
    fn from(rejection: Rejection) -> Self {
        let Rejection { rule, code, message, hint, message_zh, hint_zh } = rejection;
        Self::by_rule(Ruled { rule: rule.into(), code: code.into() }, &message, hint)
            .also_in_chinese(message_zh, hint_zh)
    }
}

impl From<OpenError> for CliError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Log(error) => error.into(),
            OpenError::Personal(error) => error.into(),
            OpenError::Founding(rejection) => rejection.into(),
            OpenError::Submit(error) => error.into(),
            OpenError::Pen(error) => error.into(),
            OpenError::NoVerifierKey { .. } => Self::new(Kind::Refused, error).hinted(NO_LEDGER),
            OpenError::OtherNoteKey => Self::new(Kind::Refused, error)
                .hinted("keys/note.key and keys/ledger.vkey belong together; restore both"),
            OpenError::BadVerifierKey => Self::new(Kind::Refused, error)
                .hinted("restore keys/ledger.vkey from a backup or from what `init` printed"),
            OpenError::NotFounded { .. } => Self::new(Kind::Refused, error)
                .hinted("nothing was ever recorded in it: remove the folder and found it again"),
            OpenError::Read(_)
            | OpenError::Replay(_)
            | OpenError::Checkpoint(_)
            | OpenError::NeverPublished
            | OpenError::Thread(_) => Self::new(Kind::Refused, error),
        }
    }
}

const NO_LEDGER: &str =
    "name the folder with --ledger or MINGZHENG_LEDGER, or make a ledger with `mingzheng init`";

impl From<log::OpenError> for CliError {
    fn from(error: log::OpenError) -> Self {
        use log::OpenError as E;
        let hint = match &error {
            E::InUse { .. } => {
                "end the command or service that has it open; `verify`, `checkpoint`, `prove`, \
                 `export` and `backup` work beside it"
            }
            E::NoLedger { .. } => NO_LEDGER,
            E::Exists { .. } => "choose another folder: a ledger is never overwritten",
            E::Damage(_) => {
                "`mingzheng verify` names every damaged place; restore a backup, or cut the rest \
                 off with `mingzheng repair --accept-loss`"
            }
            E::HeadMissing { .. }
            | E::HeadInvalid { .. }
            | E::Shorter { .. }
            | E::OtherRoot { .. }
            | E::OtherOrigin { .. } => {
                "do not go on writing: restore a backup; a ledger that truly lost entries is \
                 succeeded by one of a new origin"
            }
            E::NotKnown => "run the command again: the log is read whole then",
            E::Io { .. } => "look at the disk and at who may read the folder",
        };
        Self::new(Kind::Refused, error).hinted(hint)
    }
}

impl From<PersonalError> for CliError {
    fn from(error: PersonalError) -> Self {
        let hint = match &error {
            PersonalError::Vault(VaultError::WrongKey) | PersonalError::Wrap(_) => {
                "give the key of this ledger's vault with --vault-key or MINGZHENG_VAULT_KEY; after \
                 `vault rewrite` it is the new one, in a backup from before it the old one"
            }
            PersonalError::NoKey => "erased data stays erased; check the ledger and its vault",
            _ => "`mingzheng verify` does not need the vault; restore vault/ from a backup",
        };
        Self::new(Kind::Refused, error).hinted(hint)
    }
}

impl From<KeyFileError> for CliError {
    fn from(error: KeyFileError) -> Self {
        let hint = match &error {
            KeyFileError::Exists { .. } => "name another file",
            KeyFileError::Missing { what: Secret::Key, .. } => {
                "check the name, or make a key with `mingzheng key new`"
            }
            KeyFileError::Missing { .. } => "check the name",
            KeyFileError::OpenToOthers { what, .. } => match what {
                Secret::Key => {
                    "if others may have read it, rotate the key: `mingzheng actor rotate`"
                }
                Secret::VaultKey => {
                    "if others may have read it, change it: `mingzheng vault rewrite`"
                }
                Secret::Passphrases => {
                    "if others may have read it, write each key file anew under another \
                     passphrase (`openssl pkcs8 -topk8 -scrypt`); if they may have had the key \
                     file too, rotate the key"
                }
            },
            KeyFileError::NotAKeyFile { what, .. } => match what {
                Secret::Key => "key files are made by `mingzheng key new`",
                Secret::VaultKey => "a vault key is made by `mingzheng init`",
                Secret::Passphrases => "write one passphrase in a line",
            },
            KeyFileError::Io { .. } => "look at the disk and at who may read the file",
        };
        Self::new(Kind::Refused, error).hinted(hint)
    }
}

impl From<PemError> for CliError {
    fn from(error: PemError) -> Self {
        let hint = match error {
            PemError::NeedsPassphrase | PemError::WrongPassphrase | PemError::EmptyPassphrase => {
                "give it at the prompt, with --passphrase-file or in MINGZHENG_PASSPHRASE"
            }
            PemError::Malformed | PemError::UnsupportedEncryption => {
                "key files are made by `mingzheng key new`, or by `openssl pkcs8 -topk8 -scrypt`"
            }
            PemError::Random(error) => return error.into(),
        };
        Self::new(Kind::Refused, error).hinted(hint)
    }
}

impl From<SubmitError> for CliError {
    fn from(error: SubmitError) -> Self {
        Self::new(Kind::Refused, error)
    }
}

impl From<PenError> for CliError {
    fn from(error: PenError) -> Self {
        Self::new(Kind::Refused, error)
    }
}

impl From<RandomError> for CliError {
    fn from(error: RandomError) -> Self {
        Self::new(Kind::Refused, error)
    }
}

impl From<LogError> for CliError {
    fn from(error: LogError) -> Self {
        let no_entry = matches!(error, LogError::NoSuchEntry { .. });
        let refused = Self::new(Kind::Refused, error);
        if no_entry { refused.hinted("indexes count from 0") } else { refused }
    }
}

impl From<ReadError> for CliError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Log(error) => error.into(),
            ReadError::Stopped => Self::new(Kind::Internal, error),
            ReadError::Replay(_)
            | ReadError::Tree(_)
            | ReadError::Receipt(_)
            | ReadError::Statements => Self::new(Kind::Refused, error),
        }
    }
}

impl From<ProjectionError> for CliError {
    fn from(error: ProjectionError) -> Self {
        match error {
            ProjectionError::Read(error) => error.into(),
            other => Self::new(Kind::Refused, other),
        }
    }
}

impl From<AskError> for CliError {
    fn from(error: AskError) -> Self {
        let hint = error.hint().map(ToOwned::to_owned);
        let asked = match error {
            AskError::Question { .. } => Self::new(Kind::Usage, error),
            AskError::Refused { .. } | AskError::Nobody | AskError::NoVault => {
                Self::new(Kind::Refused, error)
            }
            AskError::Rejected(rejection) => return rejection.into(),
            AskError::Read(error) => return error.into(),
            AskError::Index(error) => return error.into(),
            AskError::Personal(error) => return error.into(),
            AskError::Random(error) => return error.into(),
            AskError::Value(error) => return error.into(),
        };
        Self { hint, ..asked }
    }
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Refused(rejection) => rejection.into(),
            other => Self::new(Kind::Refused, other),
        }
    }
}

impl From<DemoError> for CliError {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Open(error) => error.into(),
            DemoError::Refused(rejection) => rejection.into(),
            other => Self::new(Kind::Refused, other),
        }
    }
}

impl From<Malformed> for CliError {
    fn from(error: Malformed) -> Self {
        Self::new(Kind::Usage, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_exit_code() {
        let codes =
            [Kind::Refused, Kind::FailedCheck, Kind::Usage, Kind::BrokenPipe, Kind::Internal]
                .map(Kind::exit_code);
        assert_eq!(codes, [1, 1, 2, 3, 255]);
    }

    #[test]
    fn a_rejection_keeps_its_rule_and_hint() {
        let rejection = Rejection {
            rule: "I36",
            code: "key_in_use",
            message: "the key already belongs to an actor".to_owned(),
            hint: "make a new key",
            message_zh: "该密钥已属于另一名人员".to_owned(),
            hint_zh: "请生成新密钥",
        };
        let error = CliError::from(rejection).during("line 3");
        let ruled = Ruled { rule: "I36".into(), code: "key_in_use".into() };
        assert_eq!(error.ruled(), Some(&ruled));
        assert_eq!(error.hint(), Some("make a new key"));
        let in_chinese = error.in_chinese().unwrap();
        assert_eq!(in_chinese.message, "该密钥已属于另一名人员");
        assert_eq!(in_chinese.hint, "请生成新密钥");
        assert!(error.message().starts_with("line 3: refused by I36 (key_in_use): "));
    }

    #[test]
    fn a_cause_is_said_once() {
        #[derive(Debug, thiserror::Error)]
        enum Outer {
            #[error("{0}; nothing was changed")]
            Says(#[source] io::Error),
            #[error("reading the log")]
            Leaves(#[source] io::Error),
        }
        let cause = || io::Error::other("the disk is gone");
        let said = |error: Outer| CliError::new(Kind::Refused, error).during("repair").message();
        assert_eq!(said(Outer::Says(cause())), "repair: the disk is gone; nothing was changed");
        assert_eq!(said(Outer::Leaves(cause())), "repair: reading the log: the disk is gone");
    }
}
