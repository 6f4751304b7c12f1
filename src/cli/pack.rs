//! `pack`: the evidence pack of a person or a certificate.

use std::{
    io::{Cursor, Read},
    path::PathBuf,
};

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zip::ZipArchive;

use super::{
    error::CliError,
    folder,
    reading::Reading,
    remote::{AskArgs, Named, Remote},
    session::Session,
    show::Purpose,
};
use crate::answer::{Found, Revealer, pack};
use crate::projection::Who;
use crate::tlog::Checkpoint;
use crate::value::Subject;

/// Write the evidence pack of one person or certificate (证据包), to be checked without us
///
/// A zip with every entry about them, those of the signers and policies they rest on, a proof of
/// each, a timeline in plain words, and a program that checks it all. Names are in it only with
/// `--reveal`.
#[derive(Args)]
pub(super) struct Pack {
    /// A citizen ID, a certificate number or a subject
    #[arg(value_name = "WHO")]
    who: String,
    /// Where to write the zip
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Put the person's name on the timeline; needs the vault key, with --server a purpose, and
    /// the look is put on the ledger
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    purpose: Purpose,
    #[command(flatten)]
    ask: AskArgs,
}

/// What a pack holds, read back from it.
#[derive(Serialize)]
struct Written {
    file: String,
    about: String,
    steps: usize,
    entries: usize,
    files: usize,
    size: u64,
}

/// What a pack's timeline says that is counted.
#[derive(Deserialize)]
struct Timeline {
    about: String,
    steps: Vec<serde::de::IgnoredAny>,
}

impl Pack {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let bytes = match self.ask.open(session)? {
            Some(remote) => self.asked(&remote)?,
            None => self.made(&Reading::open(session, self.reveal)?)?,
        };
        let file = self.output.display().to_string();
        let written = Written::read(&bytes, file).ok_or_else(|| {
            CliError::failed_check("the pack does not read").hinted("nothing was written")
        })?;
        folder::write_new(&self.output, &bytes)?;
        let fields = [
            ("pack 证据包", written.file.clone()),
            ("about 对象", written.about.clone()),
            ("steps 步骤", written.steps.to_string()),
            ("entries 条目", written.entries.to_string()),
            ("size", written.size.to_string()),
        ];
        session.out.document(&written, &fields);
        Ok(())
    }

    fn made(&self, reading: &Reading) -> Result<Vec<u8>, CliError> {
        let Found::Who(who) = reading.find(&self.who)? else { return Err(of_one_entry()) };
        let mut revealer = Revealer::new(reading.records());
        let name = match &who {
            Who::Person(person, _) if self.reveal => {
                revealer.person(*person)?.and_then(|personal| personal.name.clone())
            }
            _ => None,
        };
        Ok(pack(&reading.records(), &who, name.as_deref())?)
    }

    fn asked(&self, remote: &Remote) -> Result<Vec<u8>, CliError> {
        match remote.find(&self.who)? {
            Named::Person(person) if self.reveal => {
                let body = json!({ "purpose": self.purpose.needed()? }).to_string();
                let path = format!("/v1/people/{person}/pack");
                remote.post_bytes(&path, "application/json", body.as_bytes())
            }
            Named::Entry(_) => Err(of_one_entry()),
            Named::Person(person) => {
                remote.bytes(&format!("/v1/subjects/{}/pack", Subject::Person(person)))
            }
            Named::Subject(subject) => remote.bytes(&format!("/v1/subjects/{subject}/pack")),
        }
    }
}

fn of_one_entry() -> CliError {
    CliError::usage("a pack is about a person, a certificate or a subject")
        .hinted("`mingzheng prove INDEX` writes the receipt of one entry")
}

impl Written {
    fn read(bytes: &[u8], file: String) -> Option<Self> {
        /// Longest part that is read, in bytes.
        const PART_BYTES_MAX: u64 = 64 << 20;
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut part = |name: &str| {
            let mut text = String::new();
            let part = zip.by_name(name).ok()?;
            part.take(PART_BYTES_MAX).read_to_string(&mut text).ok()?;
            Some(text)
        };
        let timeline: Timeline = serde_json::from_str(&part("timeline.json")?).ok()?;
        let (checkpoint, vkey) = (part("checkpoint.txt")?, part("ledger.vkey")?);
        let vkey = vkey.trim_end().parse().ok()?;
        let checkpoint = Checkpoint::open(checkpoint.as_bytes(), &vkey).ok()?;
        Some(Self {
            file,
            about: timeline.about,
            steps: timeline.steps.len(),
            entries: zip
                .file_names()
                .filter(|name| name.as_ref().is_ok_and(|name| name.starts_with("receipts/")))
                .count(),
            files: zip.len(),
            size: checkpoint.checkpoint().size,
        })
    }
}
