//! What belongs to which division, so that an actor sees its own division and those below.
//!
//! A person belongs where the newest certificate, else the household register, else the newest
//! payment says. What belongs to no division that is known is for those who cover the whole ledger.
//! Whoever signed something may read it, and a case's steps are for the division that decides it.
//!
//! A list is for the roles of its route. One entry may be asked for by its index by every office, so
//! the role is asked here: a bank, a register, a provider or a custodian of keys reads what it signed,
//! what waits for its endorsement, what names nobody, and a bank what is about payments; of others'
//! cases nothing.

use hashbrown::HashMap;

use super::{
    App,
    ahead::Ahead,
    problem::{Fault, Problem},
    roles,
    who::Caller,
};
use crate::answer::{Records, today};
use crate::domain::{certificate, endorsement};
use crate::event::{Recorded, Role};
use crate::value::{CertificateId, DivisionCode, PersonId, Subject};

/// To whom something is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Every actor.
    All,
    /// Those who cover a division; the whole ledger's where none is known.
    Division(Option<DivisionCode>),
}

/// A caller's view, with the divisions of the persons met on the way.
pub(crate) struct Scope<'a> {
    caller: &'a Caller,
    records: Records<'a>,
    /// What is known beyond the index.
    ahead: Option<&'a Ahead>,
    whole: DivisionCode,
    persons: HashMap<PersonId, Option<DivisionCode>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(app: &App, caller: &'a Caller, records: &Records<'a>) -> Self {
        let (records, persons) = (*records, HashMap::new());
        Self { caller, records, ahead: None, whole: app.whole, persons }
    }

    /// The same view, also of what the index does not hold yet.
    pub(crate) fn with(self, ahead: Option<&'a Ahead>) -> Self {
        Self { ahead, ..self }
    }

    /// Whether the caller covers the whole ledger.
    pub(crate) fn is_whole(&self) -> bool {
        self.caller.covers(None, self.whole)
    }

    /// Refuses a person of another division.
    pub(crate) fn expect_person(&mut self, person: PersonId) -> Result<(), Problem> {
        let sees = self.person(person)?;
        if sees { Ok(()) } else { Err(Fault::OtherDivision.into()) }
    }

    /// Refuses a person who is neither of the caller's division nor has a case there: somebody who
    /// moves in hands papers in at the new place.
    pub(crate) fn expect_worked_on(&mut self, person: PersonId) -> Result<(), Problem> {
        let open = self.records.ledger.with_state(|state| {
            let case = state.certificates.open_case_of(&person)?;
            state.division_of_case(&case)
        })?;
        let works = open.is_some_and(|division| self.division(division));
        if works { Ok(()) } else { self.expect_person(person) }
    }

    /// Whether the caller sees a person.
    pub(crate) fn person(&mut self, person: PersonId) -> Result<bool, Problem> {
        if self.is_whole() {
            return Ok(true);
        }
        let division = self.division_of(person)?;
        Ok(self.caller.covers(division, self.whole))
    }

    /// Refuses a certificate of another division.
    pub(crate) fn expect_certificate(&self, id: &CertificateId) -> Result<(), Problem> {
        let division = self
            .records
            .ledger
            .with_state(|state| state.certificates.find(id).map(|found| found.division))?;
        let sees = self.caller.covers(division, self.whole);
        if sees { Ok(()) } else { Err(Fault::OtherDivision.into()) }
    }

    /// Whether the caller sees what belongs to a division.
    pub(crate) fn division(&self, division: DivisionCode) -> bool {
        self.caller.covers(Some(division), self.whole)
    }

    /// The division of a person.
    pub(crate) fn division_of(
        &mut self,
        person: PersonId,
    ) -> Result<Option<DivisionCode>, Problem> {
        if let Some(known) = self.persons.get(&person) {
            return Ok(*known);
        }
        let (index, today) = (self.records.index, today(self.records.ledger));
        let division = match self.ahead {
            None => index.division_of(person, today)?,
            Some(ahead) => ahead.division_of(person, index, today)?,
        };
        self.persons.insert(person, division);
        Ok(division)
    }

    /// Whether an event is another's opinion, which the caller may not read before giving their own.
    pub(crate) fn withholds(&self, event: &Recorded) -> Result<bool, Problem> {
        let signer = &self.caller.signer;
        if signer.role != Role::Assessor {
            return Ok(false);
        }
        let ledger = self.records.ledger;
        Ok(ledger.with_state(|state| certificate::is_withheld(state, event, &signer.actor))?)
    }

    /// Whether the caller sees an event.
    pub(crate) fn event(&mut self, event: &Recorded) -> Result<bool, Problem> {
        if self.withholds(event)? {
            return Ok(false);
        }
        if self.is_whole() {
            return Ok(true);
        }
        if event.signer.actor == self.caller.signer.actor || self.decides(&event.subject)? {
            return Ok(true);
        }
        let open = match event.payload.body.person() {
            Some(person) => Open::Division(self.division_of(person)?),
            None => self.subject(event)?,
        };
        Ok(match open {
            Open::All => true,
            Open::Division(division) => self.caller.covers(division, self.whole),
        })
    }

    /// Refuses an entry that the caller may not open by itself.
    pub(crate) fn expect_entry(&mut self, event: &Recorded) -> Result<(), Problem> {
        if self.withholds(event)? {
            return Err(not_before_own());
        }
        match self.opens(event)? {
            None => Ok(()),
            Some(Fault::RoleMayNot) => Err(not_concerned()),
            Some(fault) => Err(fault.into()),
        }
    }

    /// Why the caller may not open an entry by itself; none where they may.
    pub(crate) fn opens(&mut self, event: &Recorded) -> Result<Option<Fault>, Problem> {
        let signer = &self.caller.signer;
        if event.signer.actor == signer.actor || self.may_endorse(event)? {
            return Ok(None);
        }
        if !concerns(signer.role, event) {
            return Ok(Some(Fault::RoleMayNot));
        }
        Ok((!self.event(event)?).then_some(Fault::OtherDivision))
    }

    /// Whether it waits for the caller's endorsement.
    fn may_endorse(&self, event: &Recorded) -> Result<bool, Problem> {
        let (ledger, signer) = (self.records.ledger, &self.caller.signer);
        let today = today(ledger);
        Ok(ledger.with_state(|state| endorsement::waits_for(state, event, signer, today))?)
    }

    /// Whether it is a case that the caller's division decides: somebody who moves in is still
    /// another's until the certificate has followed.
    fn decides(&self, subject: &Subject) -> Result<bool, Problem> {
        let Subject::Case(case) = subject else { return Ok(false) };
        let found = self.records.ledger.with_state(|state| state.division_of_case(case))?;
        Ok(found.is_some_and(|division| self.division(division)))
    }

    fn subject(&mut self, event: &Recorded) -> Result<Open, Problem> {
        let ledger = self.records.ledger;
        Ok(match &event.subject {
            // Flags of nobody alone are about officers.
            Subject::Ledger if event.payload.body.flag().is_some() => Open::Division(None),
            Subject::Actor(_)
            | Subject::Institution(_)
            | Subject::Programme(_)
            | Subject::Ledger => Open::All,
            Subject::Person(person) => Open::Division(self.division_of(*person)?),
            Subject::Case(case) => {
                Open::Division(ledger.with_state(|state| state.division_of_case(case))?)
            }
            Subject::Certificate(id) => Open::Division(
                ledger
                    .with_state(|state| state.certificates.find(id).map(|found| found.division))?,
            ),
            Subject::Payroll(id) => Open::Division(
                ledger
                    .with_state(|state| state.benefits.payroll(id).map(|found| found.division))?,
            ),
            Subject::Roll(id) => {
                let beyond = self.ahead.and_then(|ahead| ahead.roll(*id));
                Open::Division(match beyond {
                    None => self.records.index.roll(*id)?.map(|roll| roll.division),
                    beyond => beyond,
                })
            }
            Subject::Household(_) | Subject::Vehicle(_) | Subject::Account(_) => {
                Open::Division(Some(event.signer.division))
            }
        })
    }
}

/// Whether an entry is of a role's own work.
fn concerns(role: Role, event: &Recorded) -> bool {
    if roles::CASE.contains(&role) || roles::LOG.contains(&role) {
        return true;
    }
    let body = &event.payload.body;
    let is_payment =
        matches!(event.subject, Subject::Payroll(_)) || body.name().starts_with("payment.");
    let about_office = matches!(
        event.subject,
        Subject::Actor(_) | Subject::Institution(_) | Subject::Programme(_) | Subject::Ledger
    );
    let names_nobody = about_office && body.person().is_none() && body.flag().is_none();
    names_nobody || (is_payment && roles::MONEY.contains(&role))
}

/// To an assessor who still has to give an opinion.
pub(crate) fn not_before_own() -> Problem {
    let detail = "what another assessor found is shown once your own opinion is signed: each \
                  assesses independently";
    Problem::saying(Fault::RoleMayNot, detail)
        .in_chinese("各评残医师须独立评定：签署您本人的意见后，才能查看其他医师的意见".to_owned())
}

fn not_concerned() -> Problem {
    let detail = "an entry is for those who work on what it is about, whoever signed it, and those \
                  whose endorsement it waits for";
    Problem::saying(Fault::RoleMayNot, detail)
        .in_chinese("这条记录只对经办该事项的人员、签署人和会签人开放".to_owned())
}
