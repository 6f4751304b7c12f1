//! `list`: certificates, payments, actors or statistics.

use clap::{Args, ValueEnum};

use super::{
    actor,
    error::CliError,
    moment::When,
    reading::Reading,
    remote::{AskArgs, Query, Remote},
    session::Session,
};
use crate::answer::{CertificateLine, PaymentLine, SumLine, statistics as sums};

/// List certificates, payments, actors or statistics (列表)
#[derive(Args)]
pub(super) struct List {
    /// What to list
    what: What,
    #[command(flatten)]
    when: When,
    #[command(flatten)]
    ask: AskArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Every certificate with its status on the day
    Certificates,
    /// Every payment of the months up to the day
    Payments,
    /// Every enrolled actor, and whether its enrolment holds on the day; a suspension is shown as of now
    Actors,
    /// Events by type, certificates issued, and money, by month and division, as of now
    Statistics,
}

impl List {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self.what {
            What::Actors => self.when.now_only("actors")?,
            What::Statistics => self.when.none("statistics")?,
            What::Certificates | What::Payments => {}
        }
        if let Some(remote) = self.ask.open(session)? {
            return self.remote(session, &remote);
        }
        if matches!(self.what, What::Actors) {
            return actor::list(session, self.when.on);
        }
        let reading = Reading::open(session, false)?;
        if matches!(self.what, What::Statistics) {
            statistics(session, &sums(&reading.index)?);
            return Ok(());
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
            print_payments(session, payments);
        } else {
            print_certificates(session, certificates);
        }
        Ok(())
    }

    fn remote(&self, session: &mut Session, remote: &Remote) -> Result<(), CliError> {
        let query = Query::of(&self.when);
        match self.what {
            What::Actors => actor::print(session, &remote.all("/v1/actors", query)?.0),
            What::Statistics => statistics(session, &remote.all("/v1/statistics", query)?.0),
            What::Payments => {
                print_payments(session, remote.all("/v1/payments", query)?.0);
            }
            What::Certificates => {
                print_certificates(session, remote.all("/v1/certificates", query)?.0);
            }
        }
        Ok(())
    }
}

fn print_payments(session: &mut Session, mut payments: Vec<PaymentLine>) {
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
}

fn print_certificates(session: &mut Session, mut certificates: Vec<CertificateLine>) {
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

fn statistics(session: &mut Session, lines: &[SumLine]) {
    let heading = ["what", "name", "month", "division", "count", "yuan"];
    session.out.list(&heading, lines, |line| {
        vec![
            line.what.to_string(),
            line.name.clone(),
            line.month.map(|month| month.to_string()).unwrap_or_default(),
            line.division.map(|division| division.to_string()).unwrap_or_default(),
            line.sum.count.to_string(),
            if matches!(&*line.what, "events" | "issued") {
                String::new()
            } else {
                line.sum.fen.to_string()
            },
        ]
    });
}
