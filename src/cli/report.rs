//! `report`: what the federation shows of its work.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{
    error::CliError,
    folder,
    output::talk,
    reading::Reading,
    remote::{self, AskArgs, Query, Remote},
    session::{Session, Vault, today},
};
use crate::answer::report::{Then, strict_review};
use crate::report::{StrictReviewReport, strict_review_page};
use crate::value::{Day, DivisionCode};

/// Reports that people read and check (报告)
#[derive(Subcommand)]
pub(super) enum Report {
    StrictReview(Strict),
}

/// How strictly certificates were reviewed (严格审核情况), every figure with its entries
///
/// Verifies the whole trail, then counts. One page to print, in Chinese and English; the same as
/// JSON with --json.
#[derive(Args)]
pub(super) struct Strict {
    /// The division, with all below it [default: the ledger's; with --server the asker's]
    #[arg(long, value_name = "CODE")]
    division: Option<DivisionCode>,
    /// First day
    #[arg(long, value_name = "DATE")]
    from: Day,
    /// Last day: what was true on it [default: today, or the day of the entry of --as-of]
    #[arg(long, value_name = "DATE", visible_alias = "on")]
    to: Option<Day>,
    /// By what the ledger knew: an entry's index, a day (its end), or "YYYY-MM-DD HH:MM"
    #[arg(long, value_name = "INDEX|TIME")]
    as_of: Option<String>,
    /// Where to write the page
    #[arg(short, long, value_name = "FILE", required_unless_present = "json")]
    output: Option<PathBuf>,
    #[command(flatten)]
    ask: AskArgs,
}

impl Report {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::StrictReview(command) => command.run(session),
        }
    }
}

impl Strict {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        if self.to.is_some_and(|to| to < self.from) {
            return Err(CliError::usage("--to is before --from"));
        }
        let report = match self.ask.open(session)? {
            Some(remote) => self.asked(&remote)?,
            None => self.made(session)?,
        };
        if let Some(path) = &self.output {
            folder::replace(path, strict_review_page(&report).as_bytes())?;
        }
        let figures = &report.figures;
        let file = self.output.as_ref().map(|path| path.display().to_string());
        let fields = [
            ("report 报告", file.unwrap_or_default()),
            ("division 区划", format!("{}, {} - {}", figures.division, figures.from, figures.to)),
            ("issued 核发", figures.issued.all.count.to_string()),
            ("all gates held 全程合规", figures.issued.gated.held.count.to_string()),
            ("imported 历史导入", figures.legacy_imported.count.to_string()),
            ("refused 不予发证", figures.outcomes.refused.count.to_string()),
            ("size", report.known.map_or(report.entries, |known| known.entries).to_string()),
        ];
        session.out.document(&report, &fields);
        if report.verified.ok {
            return Ok(());
        }
        Err(CliError::failed_check("the trail does not hold; the report says so")
            .hinted("`mingzheng verify` names each violation"))
    }

    fn made(&self, session: &mut Session) -> Result<StrictReviewReport, CliError> {
        let reading = Reading::of(session.open_to_read(Vault::No)?)?;
        let ledger = &reading.ledger;
        let own = ledger.with_state(|state| state.genesis.as_ref().map(|own| own.division))?;
        let division = self.division.or(own).ok_or_else(|| {
            CliError::refused("the ledger has no division").hinted("name one with --division")
        })?;
        let then = self.as_of.as_deref().map(|text| Then::find(&reading.records(), text));
        let then = then.transpose()?;
        let last = || then.as_ref().map_or_else(|| today(ledger), |then| then.day);
        let to = self.to.unwrap_or_else(last);
        if to < self.from {
            return Err(CliError::usage("--from is after the last day"));
        }
        talk("verifying the trail");
        Ok(strict_review(ledger, division, (self.from, to), then)?)
    }

    fn asked(&self, remote: &Remote) -> Result<StrictReviewReport, CliError> {
        let mut query = Query::default();
        query.add("from", Some(self.from));
        query.add("to", self.to);
        query.add("division", self.division);
        query.add("as_of", self.as_of.as_deref());
        talk("verifying the trail");
        remote::parse(&remote.text(&format!("/v1/reports/strict-review{query}"))?)
    }
}
