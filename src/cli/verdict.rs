//! `verdict`: an inspector says what a flag is worth.

use clap::{Args, ValueEnum};

use super::{
    acting::ActArgs,
    error::CliError,
    flag_arg,
    send::Batch,
    session::{Session, Vault},
};
use crate::event::{AnomalyReviewed, Verdict as Word};
use crate::value::Label;

/// Give the verdict on a flag (核查结论)
///
/// The inspector has no part in the person's cases. A later verdict replaces an earlier one, and
/// both stay on the log. Documents stay outside: the log refers to them by a salted hash.
#[derive(Args)]
pub(super) struct Verdict {
    /// The flag's id, the first characters of it, or an entry of its life
    #[arg(value_name = "FLAG")]
    flag: String,
    /// The verdict
    #[arg(value_name = "VERDICT")]
    verdict: Given,
    /// Why, without personal data
    #[arg(long, value_name = "TEXT")]
    reason: Label,
    /// A document it rests on; may be given more than once
    #[arg(long, value_name = "[KIND=]FILE")]
    evidence: Vec<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Given {
    /// 属实
    Confirmed,
    /// 不属实
    Dismissed,
    /// 需实地核查
    NeedsField,
}

impl Verdict {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let vault = if self.evidence.is_empty() { Vault::No } else { Vault::Needed };
        let (place, hand) = self.act.open(session, vault)?;
        let ground = place.ground();
        let flag = flag_arg::find(ground, &self.flag)?;
        let data = AnomalyReviewed {
            flag: flag.flag_id,
            verdict: match self.verdict {
                Given::Confirmed => Word::Confirmed,
                Given::Dismissed => Word::Dismissed,
                Given::NeedsField => Word::NeedsField,
            },
            reason: self.reason.clone(),
            evidence: flag_arg::evidence(ground, flag.person(), &self.evidence)?,
        };
        let mut batch = Batch::new(ground, &hand);
        batch.add(&flag.subject, data, vec![flag.raised])?;
        batch.send(session)
    }
}
