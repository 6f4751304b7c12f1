//! `aid`: what was done to get a person what is theirs.

use clap::{Args, ValueEnum};

use super::{
    acting::ActArgs,
    error::CliError,
    flag_arg,
    send::Batch,
    session::{Session, Vault},
};
use crate::event::{HelpGiven, HelpKind};
use crate::value::{Fen, Label};

/// Record what got a person what is theirs, under a confirmed flag (落实救助)
#[derive(Args)]
pub(super) struct Aid {
    /// The flag's id, the first characters of it, or an entry of its life
    #[arg(value_name = "FLAG")]
    flag: String,
    /// What was done
    #[arg(value_name = "HOW")]
    how: How,
    /// In words, without personal data
    #[arg(long, value_name = "TEXT")]
    what: Label,
    /// What reached the person by it, in yuan
    #[arg(long, value_name = "YUAN")]
    amount: Option<Fen>,
    /// A document that shows it; may be given more than once
    #[arg(long, value_name = "[KIND=]FILE")]
    evidence: Vec<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    /// 已补发
    BackPaid,
    /// 已纳入待遇
    Granted,
    /// 已换发证件
    CertificateRenewed,
    /// 已协助申请
    ApplicationTaken,
    /// 已告知，本人放弃
    Declined,
}

impl Aid {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let vault = if self.evidence.is_empty() { Vault::No } else { Vault::Needed };
        let (place, hand) = self.act.open(session, vault)?;
        let ground = place.ground();
        let flag = flag_arg::find(ground, &self.flag)?;
        let person = flag.person().ok_or_else(|| {
            CliError::refused("the flag is about no person").hinted("nobody is helped under it")
        })?;
        let data = HelpGiven {
            person,
            flag: flag.flag_id,
            help: match self.how {
                How::BackPaid => HelpKind::BackPaid,
                How::Granted => HelpKind::Granted,
                How::CertificateRenewed => HelpKind::CertificateRenewed,
                How::ApplicationTaken => HelpKind::ApplicationTaken,
                How::Declined => HelpKind::Declined,
            },
            amount: self.amount,
            what: self.what.clone(),
            evidence: flag_arg::evidence(ground, flag.person(), &self.evidence)?,
        };
        let refs = flag.review.into_iter().collect();
        let mut batch = Batch::new(ground, &hand);
        batch.add(&flag.subject, data, refs)?;
        batch.send(session)
    }
}
