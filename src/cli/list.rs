//! `list`: certificates, payments, actors or statistics.

use clap::{Args, ValueEnum};

use super::{actor, error::CliError, moment::When, reading::Reading, session::Session};
use crate::answer::{CertificateLine, PaymentLine, statistics as sums};

/// List certificates, payments, actors or statistics (列表)
#[derive(Args)]
pub(super) struct List {
    /// What to list
    what: What,
    #[command(flatten)]
    when: When,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Every certificate with its status on the day
    Certificates,
    /// Every payment of the months up to the day
    Payments,
    /// Every enrolled actor
    Actors,
    /// Events by type, and money by programme, month and division
    Statistics,
}

impl List {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        if matches!(self.what, What::Actors | What::Statistics) {
            self.when.now_only("actors and statistics")?;
        }
        if matches!(self.what, What::Actors) {
            return actor::list(session);
        }
        let reading = Reading::open(session, false)?;
        if matches!(self.what, What::Statistics) {
            return statistics(session, &reading);
        }
        let moment = self.when.moment(&reading)?;
        let on = moment.on;
        let (mut certificates, mut payments) = (Vec::new(), Vec::new());
        for file in moment.files(&reading.records(), &reading.index.persons()?)? {
            let person = file.person;
            let of = file.certificates.iter().filter(|certificate| certificate.issued <= on);
            certificates.extend(of.map(|found| CertificateLine::new(person, found, on)));
            payments.extend(file.payments.iter().map(|found| PaymentLine::new(person, found)));
        }
        if matches!(self.what, What::Payments) {
            payments.sort_by_key(|line| line.entry);
            let heading = ["entry", "person", "programme", "period", "yuan", "paid on", "by"];
            session.out.list(&heading, &payments, |line| {
                vec![
                    line.entry.to_string(),
                    line.person.to_string(),
                    line.programme.to_string(),
                    line.period(),
                    line.amount.to_string(),
                    line.paid_on.map(|day| day.to_string()).unwrap_or_default(),
                    line.division.to_string(),
                ]
            });
        } else {
            certificates.sort_by_key(|line| line.entry);
            let heading = ["entry", "certificate", "person", "division", "what"];
            session.out.list(&heading, &certificates, |line| {
                vec![
                    line.entry.to_string(),
                    line.certificate.to_string(),
                    line.person.to_string(),
                    line.division.to_string(),
                    line.text(),
                ]
            });
        }
        Ok(())
    }
}

fn statistics(session: &mut Session, reading: &Reading) -> Result<(), CliError> {
    let lines = sums(&reading.index)?;
    let heading = ["what", "name", "month", "division", "count", "yuan"];
    session.out.list(&heading, &lines, |line| {
        vec![
            line.what.to_owned(),
            line.name.clone(),
            line.month.map(|month| month.to_string()).unwrap_or_default(),
            line.division.map(|division| division.to_string()).unwrap_or_default(),
            line.sum.count.to_string(),
            if line.what == "events" { String::new() } else { line.sum.fen.to_string() },
        ]
    });
    Ok(())
}
