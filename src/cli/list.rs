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
use crate::answer::{
    CertificateLine, PaymentLine, SumLine,
    narrow::{self, CertificateStatus},
    statistics as sums,
};
use crate::value::{DivisionCode, Month, Programme};

/// List certificates, payments, actors or statistics (列表)
#[derive(Args)]
pub(super) struct List {
    /// What to list
    what: What,
    #[command(flatten)]
    when: When,
    /// Only certificates that stand so: valid, expiring_soon, expired or closed
    #[arg(long, value_name = "STATUS")]
    status: Option<CertificateStatus>,
    /// Only payments of this programme
    #[arg(long, value_name = "NAME")]
    programme: Option<Programme>,
    /// Only certificates or payments of this division and those below it
    #[arg(long, value_name = "CODE")]
    division: Option<DivisionCode>,
    /// Only certificates issued in this month, or payments for it
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<Month>,
    #[command(flatten)]
    ask: AskArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Every certificate with its status on the day
    Certificates,
    /// Every payment of the months up to the day
    Payments,
    /// Every enrolled actor with its current key, and whether it may sign on the day
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
        self.expect_filters_that_fit()?;
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
        let (of_certificates, of_payments) = self.wanted();
        let (mut certificates, mut payments) = (Vec::new(), Vec::new());
        for file in moment.files(&reading.records(), &reading.index.persons()?)? {
            let person = file.person;
            let of = file.certificates.iter().filter(|certificate| certificate.issued <= on);
            let of = of.map(|found| CertificateLine::new(person, found, on));
            certificates.extend(of.filter(|line| of_certificates.wants(line)));
            let of = file.payments.iter().map(|found| PaymentLine::new(person, found));
            payments.extend(of.filter(|line| of_payments.wants(line)));
        }
        if matches!(self.what, What::Payments) {
            print_payments(session, payments);
        } else {
            print_certificates(session, certificates);
        }
        Ok(())
    }

    /// Refuses a filter that says nothing about what is listed.
    fn expect_filters_that_fit(&self) -> Result<(), CliError> {
        let is_of_persons = matches!(self.what, What::Certificates | What::Payments);
        let wrong = [
            ("status", self.status.is_some() && !matches!(self.what, What::Certificates)),
            ("programme", self.programme.is_some() && !matches!(self.what, What::Payments)),
            ("division", self.division.is_some() && !is_of_persons),
            ("month", self.month.is_some() && !is_of_persons),
        ];
        match wrong.iter().find(|(_, is_wrong)| *is_wrong) {
            None => Ok(()),
            Some((name, _)) => Err(CliError::usage(format!("--{name} says nothing about these"))
                .hinted(
                    "--status is of certificates, --programme of payments, --division and \
                         --month of both",
                )),
        }
    }

    fn wanted(&self) -> (narrow::Certificates, narrow::Payments) {
        let Self { status, programme, division, month, .. } = *self;
        (
            narrow::Certificates { status, division, month },
            narrow::Payments { programme, division, month },
        )
    }

    fn remote(&self, session: &mut Session, remote: &Remote) -> Result<(), CliError> {
        let mut query = Query::of(&self.when);
        query.add("status", self.status.map(CertificateStatus::name));
        query.add("programme", self.programme);
        query.add("division", self.division);
        query.add("month", self.month);
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
