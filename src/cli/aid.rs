//! `aid`: what was done to get a person what is theirs.

use clap::{Args, ValueEnum};

use super::{
    error::CliError,
    flag_arg,
    send::Batch,
    session::{KeyArg, Session, Vault},
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
    key: KeyArg,
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
        let ledger = session.open_to_write(vault)?;
        let hand = session.hand(&ledger, &self.key)?;
        let (id, flag) = flag_arg::find(&ledger, &self.flag)?;
        let person = flag.person.ok_or_else(|| {
            CliError::refused("the flag is about no person").hinted("nobody is helped under it")
        })?;
        let data = HelpGiven {
            person,
            flag: id,
            help: match self.how {
                How::BackPaid => HelpKind::BackPaid,
                How::Granted => HelpKind::Granted,
                How::CertificateRenewed => HelpKind::CertificateRenewed,
                How::ApplicationTaken => HelpKind::ApplicationTaken,
                How::Declined => HelpKind::Declined,
            },
            amount: self.amount,
            what: self.what.clone(),
            evidence: flag_arg::evidence(&ledger, flag.person, &self.evidence)?,
        };
        let refs = flag.review.as_ref().map(|review| review.statement).into_iter().collect();
        let mut batch = Batch::new(&ledger, &hand);
        batch.add(&flag.subject, data, refs)?;
        batch.send(session)
    }
}
