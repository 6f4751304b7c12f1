//! `receipt verify`: checking a receipt without any ledger.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{
    error::CliError,
    folder,
    session::{SMALL_FILE_BYTES_MAX, Session},
};
use crate::audit;
use crate::tlog::NoteVerifier;
use crate::value::Day;

/// Offline receipts (回执)
#[derive(Subcommand)]
pub(super) enum Receipt {
    Verify(Verify),
}

/// Check that the ledger holds the entry a receipt carries; needs no ledger and no network
#[derive(Args)]
pub(super) struct Verify {
    /// The receipt
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    vkey: VkeyArg,
}

/// The ledger's note key, known from elsewhere.
#[derive(Args)]
pub(super) struct VkeyArg {
    /// The ledger's note key as `init` printed it, or a file that holds it
    #[arg(long, value_name = "KEY")]
    vkey: String,
}

/// Longest receipt that is read, in bytes: above the longest there is.
const RECEIPT_BYTES_MAX: u64 = 1 << 20;

impl Receipt {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let Self::Verify(Verify { file, vkey }) = self;
        let vkey = note_key(&vkey.vkey)?;
        let text = folder::read(file, RECEIPT_BYTES_MAX)?;
        let report = audit::receipt(&text, &vkey).map_err(|fault| {
            CliError::failed_check(format!("the receipt does not hold: {fault}"))
                .hinted("ask for a new receipt, and check that the note key is the ledger's")
        })?;
        let fields = [
            ("receipt 回执", "holds 有效".to_owned()),
            ("ledger 账本", report.origin.clone()),
            ("index 序号", report.index.to_string()),
            ("type 事项", report.name.to_owned()),
            ("subject 对象", report.sub.to_string()),
            ("day 日期", report.at.to_string()),
            ("recorded 入账", Day::of_millis(report.recorded_at_ms).to_string()),
            ("signed for 单位", report.iss.clone()),
            ("kid", report.kid.to_string()),
            ("statement", report.statement.to_string()),
            ("size", report.checkpoint_size.to_string()),
            ("root", report.root.to_string()),
        ];
        session.out.document(&report, &fields);
        Ok(())
    }
}

/// Reads a note key given as text or as the name of a file.
pub(super) fn note_key(given: &str) -> Result<NoteVerifier, CliError> {
    let of_text = given.parse::<NoteVerifier>();
    let text = match of_text {
        Ok(key) => return Ok(key),
        Err(_) if Path::new(given).is_file() => {
            folder::read_text(Path::new(given), SMALL_FILE_BYTES_MAX)?
        }
        Err(error) => return Err(CliError::usage(format!("--vkey: {error}"))),
    };
    text.trim_end().parse().map_err(|error| CliError::usage(format!("{given}: {error}")))
}
