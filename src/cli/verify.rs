//! `verify`: the whole trail, from files and public keys.

use std::{path::PathBuf, time::Instant};

use clap::Args;

use super::{
    error::CliError,
    folder,
    output::talk,
    receipt::note_key,
    session::{SMALL_FILE_BYTES_MAX, Session},
};
use crate::audit::{self, Options, Report, Trail, Trust};
use crate::tlog::TreeHash;

/// Check the whole trail (核验全部账本): signatures, chain, tree, authority, strict review
///
/// Reads files only and works beside a running writer. Without a note key and a genesis hash from
/// elsewhere the result is self-trusted: whoever made the folder also chose its key.
#[derive(Args)]
pub(super) struct Verify {
    /// A ledger's folder or an export [default: the ledger]
    #[arg(value_name = "DIR")]
    trail: Option<PathBuf>,
    /// The ledger's note key, as `init` printed it, or a file that holds it
    #[arg(long, value_name = "KEY")]
    vkey: Option<String>,
    /// The leaf hash of entry 0, as `init` printed it
    #[arg(long, value_name = "HASH")]
    genesis: Option<TreeHash>,
    /// A checkpoint verified before: below it signatures and rules are not asked again
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Check every signature by itself, strictly
    #[arg(long)]
    strict: bool,
}

impl Verify {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let trail = self.trail.clone().unwrap_or_else(|| session.folder().to_owned());
        let trail = Trail::open(&trail).map_err(|error| {
            CliError::refused(format!("{}: {error}", trail.display()))
                .hinted("name a ledger's folder or an export")
        })?;
        let from = self.from.as_ref().map(|path| folder::read(path, SMALL_FILE_BYTES_MAX));
        let options = Options {
            vkey: self.vkey.as_deref().map(note_key).transpose()?,
            genesis: self.genesis,
            from: from.transpose()?,
            strict: self.strict,
            ..Options::default()
        };
        let started = Instant::now();
        let mut report = audit::verify(&trail, &options);
        report.seconds = Some(started.elapsed().as_secs_f64());
        print(session, &report);
        if report.ok {
            return Ok(());
        }
        let count = report.violations_total;
        Err(CliError::failed_check(format!("the trail does not hold: {count} violations"))
            .hinted("each names its entry and rule; keep the folder as it is and restore a backup"))
    }
}

fn print(session: &mut Session, report: &Report) {
    let trust = match report.trust {
        Trust::OutsideKey => "outside key",
        Trust::SelfTrusted => "self-trusted",
    };
    let mut fields = vec![
        ("trail 账本", if report.ok { "holds 完好" } else { "DOES NOT HOLD 不符" }.to_owned()),
        ("ledger", report.origin.clone()),
        ("entries 条目", report.entries.to_string()),
        ("root", report.root.to_string()),
        ("chain", report.chain.to_string()),
        ("trust 信任", trust.to_owned()),
    ];
    for violation in &report.violations {
        let place = violation.index.map(|index| format!("entry {index}: ")).unwrap_or_default();
        let (rule, code) = (violation.rule, violation.code);
        fields.push(("violation 违规", format!("{place}{} [{rule} {code}]", violation.message)));
    }
    for finding in &report.findings {
        let (rule, count) = (finding.rule, finding.count);
        fields.push(("finding 发现", format!("{} [{rule}], {count} times", finding.message)));
    }
    if let Some(tail) = &report.unpublished_tail {
        fields.push(("unpublished", format!("{} entries beyond the head", tail.entries)));
    }
    if let Some(seconds) = report.seconds {
        fields.push(("seconds", format!("{seconds:.2}")));
    }
    session.out.document(report, &fields);
    if report.trust == Trust::SelfTrusted && !session.global.json {
        talk("Self-trusted: give --vkey and --genesis from elsewhere to check against the server.");
    }
}
