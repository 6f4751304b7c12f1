//! `show`: one person's record as it stands on a day, or one entry.

use clap::Args;

use serde_json::json;

use super::{
    error::CliError,
    history,
    moment::When,
    reading::Reading,
    remote::{AskArgs, Named, One, Query, Remote},
    session::Session,
};
use crate::answer::{EventLine, Found, Moment, PersonRecord};
use crate::projection::Who;
use crate::value::{Day, Label, PersonId};

/// Show a person's certificates, payments, facts and flags on a day (查询)
///
/// For any other subject, and for an index, the events themselves are shown.
#[derive(Args)]
pub(super) struct Show {
    /// A citizen ID, a certificate number, a subject or an index
    #[arg(value_name = "WHO")]
    who: String,
    #[command(flatten)]
    when: When,
    /// Show personal data; with --server it takes a purpose, and the look is put on the ledger
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    purpose: Purpose,
    #[command(flatten)]
    ask: AskArgs,
}

/// What a look at personal data is for.
#[derive(Args)]
pub(super) struct Purpose {
    /// With --server and --reveal: for what; it stands on the ledger
    #[arg(long, value_name = "TEXT", requires = "server")]
    purpose: Option<Label>,
}

/// A look at personal data as a server answers it.
#[derive(serde::Deserialize)]
pub(super) struct Revealed {
    record: PersonRecord,
    pub(super) history: Option<Vec<EventLine>>,
}

impl Purpose {
    /// The purpose, which a look at a server's personal data has.
    pub(super) fn needed(&self) -> Result<&Label, CliError> {
        self.purpose.as_ref().ok_or_else(|| {
            CliError::usage("a look at personal data has a purpose").hinted("say --purpose TEXT")
        })
    }

    /// Asks a server to reveal a person.
    pub(super) fn reveal(
        &self,
        remote: &Remote,
        person: PersonId,
        on: Option<Day>,
        history: bool,
    ) -> Result<Revealed, CliError> {
        let purpose = self.needed()?;
        let mut body = json!({ "purpose": purpose, "history": history });
        if let Some(on) = on {
            body["on"] = json!(on);
        }
        let path = format!("/v1/people/{person}/reveal");
        Ok(remote.ask::<One<Revealed>>(&path, &body)?.data)
    }
}

impl Show {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        if let Some(remote) = self.ask.open(session)? {
            return self.remote(session, &remote);
        }
        let reading = Reading::open(session, self.reveal)?;
        let moment = self.when.moment(&reading)?;
        match reading.find(&self.who)? {
            Found::Who(Who::Person(person, _)) => self.person(session, &reading, &moment, person),
            Found::Who(who) => {
                let lines = self.events(&reading, &moment, &reading.index.history(&who)?)?;
                history::print(session, &lines);
                Ok(())
            }
            Found::Entry(index) => {
                let lines = self.events(&reading, &moment, &[index])?;
                history::print(session, &lines);
                Ok(())
            }
        }
    }

    fn remote(&self, session: &mut Session, remote: &Remote) -> Result<(), CliError> {
        let person = match remote.find(&self.who)? {
            Named::Person(person) => person,
            other => {
                let lines = history::asked(remote, &other, &self.when)?;
                history::print(session, &lines);
                return Ok(());
            }
        };
        let record = if self.reveal {
            self.when.now_only("looks at personal data")?;
            self.purpose.reveal(remote, person, self.when.on, false)?.record
        } else {
            remote.one(&format!("/v1/people/{person}{}", Query::of(&self.when)))?
        };
        session.out.document(&record, &fields(&record));
        Ok(())
    }

    fn events(
        &self,
        reading: &Reading,
        moment: &Moment,
        of: &[u64],
    ) -> Result<Vec<EventLine>, CliError> {
        let mut lines = Vec::new();
        for index in of.iter().filter(|index| moment.knows(**index)) {
            let event = reading.ledger.event(*index)?;
            if event.payload.at <= moment.on {
                lines.push(EventLine::of(&reading.ledger, event, self.reveal)?);
            }
        }
        Ok(lines)
    }

    fn person(
        &self,
        session: &mut Session,
        reading: &Reading,
        moment: &Moment,
        person: PersonId,
    ) -> Result<(), CliError> {
        let record = PersonRecord::of(&reading.records(), moment, person, self.reveal)?;
        session.out.document(&record, &fields(&record));
        Ok(())
    }
}

fn fields(record: &PersonRecord) -> Vec<(&'static str, String)> {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut fields = vec![("person", format!("person:{}", record.person))];
    if let Some(personal) = &record.personal {
        fields.push(("name 姓名", personal.name.clone().unwrap_or_default()));
        fields.push(("id 身份号码", personal.id_number.clone().unwrap_or_default()));
    }
    fields.push(("born 出生", day(record.birth_date)));
    fields.push(("division 区划", record.division.map(|d| d.to_string()).unwrap_or_default()));
    if let Some(found) = &record.restricted {
        fields
            .push(("restricted 限制处理", format!("since {}, entry {}", found.since, found.entry)));
    }
    if let Some(found) = &record.erased {
        fields.push(("erased 已删除", format!("since {}, entry {}", found.since, found.entry)));
    }
    for certificate in &record.certificates {
        fields.push(("certificate 残疾人证", certificate.text()));
    }
    for payment in &record.payments {
        let text = format!("{} {} {}", payment.programme, payment.period(), payment.amount);
        fields.push(("payment 发放", text));
    }
    fields.push(("paid in all 合计", format!("{} yuan", record.paid_fen)));
    for fact in &record.facts {
        let to = day(fact.to);
        fields.push(("fact 外部信息", format!("{} {} - {to}", fact.kind, fact.from)));
    }
    for flag in &record.flags {
        fields.push(("flag 疑点", flag.text()));
    }
    fields.push(("as of", format!("{}, entry {}", record.on, record.current_to)));
    fields
}
