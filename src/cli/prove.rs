//! `prove`: the offline receipt of an entry.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{error::CliError, folder, remote::AskArgs, session::Session};
use crate::tlog::TreeHash;

/// Write the receipt of an entry (回执): anybody checks it offline with the note key
///
/// Works beside a running writer, for what its newest head covers.
#[derive(Args)]
pub(super) struct Prove {
    /// The entry's index
    index: u64,
    /// Where to write the receipt [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    ask: AskArgs,
}

#[derive(Serialize)]
struct Proven {
    index: u64,
    size: u64,
    root: TreeHash,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

impl Prove {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let index = self.index;
        let text = match self.ask.open(session)? {
            Some(remote) => remote.text(&format!("/v1/entries/{index}/receipt"))?,
            None => session.open_or_follow()?.receipt(index)?.to_string(),
        };
        let (size, root) = stated(&text).ok_or_else(|| {
            CliError::refused("the receipt is not of the known form").hinted("ask again")
        })?;
        match &self.output {
            Some(path) => {
                folder::write_new(path, text.as_bytes())?;
                let file = path.display().to_string();
                let fields = [
                    ("index 序号", index.to_string()),
                    ("size", size.to_string()),
                    ("root", root.to_string()),
                    ("file 文件", file.clone()),
                ];
                let proven = Proven { index, size, root, file: Some(file), receipt: None };
                session.out.document(&proven, &fields);
            }
            None => {
                let receipt = Some(text.clone());
                session.out.text(&Proven { index, size, root, file: None, receipt }, &text);
            }
        }
        Ok(())
    }
}

/// Size and root that the checkpoint at the end of a receipt states.
fn stated(receipt: &str) -> Option<(u64, TreeHash)> {
    let mut lines = receipt.split_once("\n\n")?.1.lines().skip(1);
    Some((lines.next()?.parse().ok()?, lines.next()?.parse().ok()?))
}
