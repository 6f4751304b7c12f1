//! `sign`: offline, after re-opening and showing what is signed.

use std::{path::PathBuf, time::SystemTime};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    error::CliError,
    folder,
    output::talk,
    session::{KeyArg, Session},
};
use crate::answer::draft::{DraftFile, strict_file};
use crate::crypto::{Claims, Context, Statement, open_with_event_key, sign};
use crate::event::Payload;
use crate::ledger::Personal;
use crate::value::{Hash, Subject};

/// Sign a draft (签署); needs no ledger and no network
///
/// First the sealed data is opened again with the draft's keys, and what is about to be signed is
/// said in words. An encrypted key then asks for its passphrase: that is the consent.
#[derive(Args)]
pub(super) struct Sign {
    /// The draft
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    #[command(flatten)]
    key: KeyArg,
    /// Where to write the statement
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Serialize)]
struct SignedDraft {
    statement: Hash,
    file: String,
}

/// Longest draft that is read, in bytes: a statement's payload with its keys, in JSON.
const DRAFT_BYTES_MAX: u64 = 512 << 10;

impl Sign {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let text = Zeroizing::new(folder::read_text(&self.draft, DRAFT_BYTES_MAX)?);
        let draft: DraftFile = strict_file(&text, "the draft")?;
        if !draft.is_known() {
            return Err(CliError::refused("the draft is of another version")
                .hinted("draft it again with this program's version"));
        }
        let payload = Payload::from_json(draft.payload.as_bytes())
            .map_err(|error| CliError::refused(format!("the draft's payload: {error}")))?;
        let persons = open_all(&draft, &payload)?;
        let claims = &draft.claims;
        show((claims.iss.as_str(), &claims.sub, claims.aud.as_str()), &payload, &persons)?;

        let key = session.passphrases()?.open(&self.key.file)?.key;
        if key.public().kid() != claims.kid {
            return Err(CliError::refused(format!("the draft is for the key {}", claims.kid))
                .hinted("sign with that key, or draft it again for this one"));
        }
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let claims = Claims {
            iss: claims.iss.as_str(),
            sub: claims.sub.clone(),
            aud: claims.aud.as_str(),
            iat: since.as_secs(),
            cti: claims.cti,
        };
        let refused = |error: crate::crypto::StatementError| CliError::refused(error.to_string());
        let bytes = sign(&key, &claims, draft.payload.as_bytes()).map_err(refused)?;
        let statement = Statement::parse(&bytes).map_err(refused)?.id();
        folder::write_new(&self.output, &bytes)?;
        let file = self.output.display().to_string();
        let fields = [("statement", statement.to_string()), ("file 文件", file.clone())];
        session.out.document(&SignedDraft { statement, file }, &fields);
        Ok(())
    }
}

/// Opens every sealed object with the key that the draft gives for it.
pub(super) fn open_all(draft: &DraftFile, payload: &Payload) -> Result<Vec<Personal>, CliError> {
    let keys = draft.keys()?;
    if keys.len() != payload.sealed.len() {
        return Err(CliError::refused("the draft does not bring a key for each sealed object")
            .hinted("do not sign what you cannot read; draft it again"));
    }
    let opened = keys.iter().zip(&payload.sealed).map(|(key, sealed)| {
        let context = Context {
            origin: draft.claims.aud.as_str(),
            subject: &draft.claims.sub,
            event_type: payload.body.name(),
            key_id: sealed.key,
        };
        let text = open_with_event_key(key, &context, sealed).map_err(|error| {
            CliError::failed_check(format!("the sealed data of the draft: {error}"))
                .hinted("do not sign what you cannot read; draft it again")
        })?;
        let text = std::str::from_utf8(&text).unwrap_or_default();
        Ok(strict_file(text, "the sealed data of the draft")?)
    });
    opened.collect()
}

/// Says in words what is about to be signed: for which organisation, on what, on which ledger.
pub(super) fn show(
    (organisation, subject, ledger): (&str, &Subject, &str),
    payload: &Payload,
    persons: &[Personal],
) -> Result<(), CliError> {
    talk("You are about to sign (即将签署):");
    talk(format_args!("  event 事项     {}", payload.body.name()));
    talk(format_args!("  ledger 账本    {ledger}"));
    talk(format_args!("  signed for 单位 {organisation}"));
    talk(format_args!("  subject 对象   {subject}"));
    talk(format_args!("  day 日期       {}", payload.at));
    if let Some(expect) = payload.expect {
        let head = expect.head.map_or_else(|| "nothing yet 无".to_owned(), |id| id.to_string());
        talk(format_args!("  rests on 前一条 {head}"));
    }
    if let Some(policy) = payload.policy {
        talk(format_args!("  policy 政策    {policy}"));
    }
    for id in &payload.refs {
        talk(format_args!("  refers to 引用 {id}"));
    }
    for subject in &payload.about {
        talk(format_args!("  about 涉及     {subject}"));
    }
    show_fields("data 内容", &payload.body.to_json())?;
    for person in persons {
        let text = Zeroizing::new(serde_json::to_string(person).unwrap_or_default());
        show_fields("sealed 密封", &text)?;
    }
    Ok(())
}

/// A line for each field of a JSON object; texts without their quotes.
pub(super) fn show_fields(title: &str, json: &str) -> Result<(), CliError> {
    let value: Value = strict_file(json, "the event's data")?;
    talk(format_args!("  {title}:"));
    for (name, value) in value.as_object().into_iter().flatten() {
        match value.as_str() {
            Some(text) => talk(format_args!("    {name}: {text}")),
            None => talk(format_args!("    {name}: {value}")),
        }
    }
    Ok(())
}
