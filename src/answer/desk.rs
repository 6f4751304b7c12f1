//! The officer's desk: which steps an actor may take now, each as a form to fill in.
//!
//! What is legal is the domain's word alone. For each step of the chain there is a form; it is
//! filled in with what is settled already (the statements it rests on, the policy in force, the
//! concluded grade) and, where a person has to say something, with a sample. That prototype is
//! put before [`crate::domain::decide`] as if the actor had signed it. What the domain lets pass is
//! offered. What it refuses to this actor alone, because another officer has to take the step, is
//! shown with the rule; every other refusal means that the step is not due, and nothing is shown.
//!
//! Nothing here is signed or recorded, and the prototype never leaves this module.

mod appeal;
mod apply;
mod benefit;
mod cards;
mod certificate;
mod changes;
mod counter;
mod endorse;
mod flag;
mod form;
mod granted;
mod known;
mod next;
mod office;
mod payroll;
mod probe;
mod record;

pub(crate) use payroll::{ToAuthorise, ToPrepare};

pub(crate) use known::{Known, known};
pub(crate) use next::{Next, next, next_of_flag};

pub(crate) use form::{CATEGORIES, Choice, Field, Kind, MULTIPLE};

use serde_json::{Map, Value};

use super::{AskError, today};
use crate::domain::{Rejection, State, certificate::owes_opinion};
use crate::event::{Grade, Role, Signer};
use crate::ledger::Ledger;
use crate::value::{
    CaseId, Category, Day, Hash, Label, Level, Month, PayrollId, PersonId, Programme, Subject,
};

/// One step that an actor may take, as a form.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// The event's dotted name.
    pub(crate) name: &'static str,
    /// What it will be about; a new certificate or case is `certificate:new`, `case:new`.
    pub(crate) subject: String,
    /// Statements it rests on.
    pub(crate) refs: Vec<Hash>,
    /// The policy it is made under.
    pub(crate) policy: Option<Hash>,
    /// What is settled.
    pub(crate) data: Map<String, Value>,
    /// What the signer has to say.
    pub(crate) fields: Vec<Field>,
    /// The case waits for this step: it is not only allowed.
    pub(crate) due: bool,
    /// Who has to endorse it.
    pub(crate) second: &'static [Role],
    /// Why this actor may not take it, where another may.
    pub(crate) blocked: Option<Rejection>,
    /// Which of several things of the page it is about.
    pub(crate) about: Option<About>,
}

/// What a form is about, where a page has forms about several things.
#[derive(Debug, Clone)]
pub(crate) enum About {
    /// A certificate, by what stands on it.
    Certificate {
        /// Category, level and parts.
        grade: Grade,
        /// Its last day.
        valid_to: Day,
    },
    /// A benefit.
    Benefit(Programme),
    /// What the applicant claims to have.
    Claimed(Vec<Category>),
    /// Somebody whom the ledger does not know, for whom a guardian acts.
    Ward,
}

/// Something on somebody's desk.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    /// What it is about.
    pub(crate) subject: Subject,
    /// Where it is worked on.
    pub(crate) place: Place,
    /// The person, to whom the caller's division must reach.
    pub(crate) person: Option<PersonId>,
    /// What it waits for, by the events' dotted names.
    pub(crate) steps: Vec<&'static str>,
    /// Since when, where that is known.
    pub(crate) since: Option<Day>,
    /// It is the second round of an assessment.
    pub(crate) second_round: bool,
}

/// Why a concluded case is assessed a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecondRound {
    /// The level that the first round concluded.
    pub(crate) level: Level,
    /// The levels for which the certificate policy asks for a second round.
    pub(crate) levels: Vec<Level>,
}

/// Where something is worked on.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// At the case.
    Case(CaseId),
    /// At the person.
    Person(PersonId),
    /// At the flag, which this rule raised.
    Flag(Hash, Label),
    /// In the queue of the flags that nobody has yet, which are so many.
    Unassigned(usize),
    /// Where the payroll of that programme and month is prepared.
    Prepare(Programme, Month),
    /// Where that payroll is authorised.
    Authorise(Programme, Month),
    /// Where that payroll is paid and reported.
    Pay(PayrollId, Programme, Month),
}

/// What the bank reports, by a roll.
const PAID: &str = "payment.executed";

/// Most cases on one desk: more cannot be read, and the oldest come first.
const WAITING_MAX: usize = 500;

/// Most files to be sealed on one desk: nobody waits for one, and they come together.
const FILES_MAX: usize = 50;

/// Who asks, of which state, when.
struct View<'a> {
    state: &'a State,
    signer: &'a Signer,
    now_ms: u64,
    today: Day,
}

/// Every step that an actor may take in a case now.
pub(crate) fn offers(
    ledger: &Ledger,
    signer: &Signer,
    case: CaseId,
) -> Result<Vec<Offer>, AskError> {
    look(ledger, signer, |view| {
        let mut offers = certificate::offers(view, case);
        offers.extend(benefit::offers(view, case));
        offers.extend(endorse::of_subject(view, &Subject::Case(case)));
        offers
    })
}

/// Whether an actor may open a case: none where there is no such case, else whether it is theirs to
/// work on, and whether it is of their own division to read.
pub(crate) fn opens(
    ledger: &Ledger,
    signer: &Signer,
    id: CaseId,
) -> Result<Option<Opens>, AskError> {
    look(ledger, signer, |view| {
        let division = view.state.division_of_case(&id)?;
        let case = view.state.certificates.case(&id);
        let reads = signer.division.covers(division);
        let works = reads || case.is_some_and(|case| certificate::may_open(view, case));
        let benefit = view.state.benefits.case(&id);
        let benefit = benefit.map(|case| (case.programme, benefit::stands(view, case)));
        let claimed = case.and_then(|case| case.progress.as_ref()).map(|it| it.claimed.clone());
        Some(Opens {
            works,
            reads,
            person: view.state.person_of_case(&id),
            benefit,
            claimed: claimed.unwrap_or_default(),
            owes_opinion: owes_opinion(view.state, &id, &signer.actor),
            second_round: certificate::second_round(view, id),
        })
    })
}

/// What an actor may do with a case.
#[derive(Debug, Clone)]
pub(crate) struct Opens {
    /// Take steps in it.
    pub(crate) works: bool,
    /// Read the whole of it.
    pub(crate) reads: bool,
    /// Whose it is.
    pub(crate) person: Option<PersonId>,
    /// The benefit that it is about, and where it stands; none of a certificate.
    pub(crate) benefit: Option<(Programme, Stands)>,
    /// The categories that the applicant claims.
    pub(crate) claimed: Vec<Category>,
    /// The actor has still to assess it, and may not read before what others found.
    pub(crate) owes_opinion: bool,
    /// The second round of assessment that is due or under way.
    pub(crate) second_round: Option<SecondRound>,
}

/// The transfer, to the actor's own county, of what a person holds.
pub(crate) fn transfer_offers(
    ledger: &Ledger,
    signer: &Signer,
    person: PersonId,
) -> Result<Vec<Offer>, AskError> {
    look(ledger, signer, |view| changes::transfers(view, person))
}

/// A case of a person, for whoever works on it.
#[derive(Debug, Clone)]
pub(crate) struct PersonsCase {
    /// Which.
    pub(crate) id: CaseId,
    /// The benefit that it is about; none of a certificate.
    pub(crate) programme: Option<Programme>,
    /// Where it stands.
    pub(crate) stands: Stands,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Not decided.
    Open,
    /// Granted, of a programme that pays no money.
    Granted,
    /// Granted, and no account to pay into stands on the ledger yet.
    Unbound,
    /// Granted, and paid into an account.
    Paid,
    /// Granted, and stopped from a month on.
    Stopped(Month),
    /// Refused.
    Refused,
}

/// The cases of a person that an actor may open: a certificate's that has not ended, and every
/// benefit's.
pub(crate) fn cases_of(
    ledger: &Ledger,
    signer: &Signer,
    person: PersonId,
) -> Result<Vec<PersonsCase>, AskError> {
    look(ledger, signer, |view| {
        let certificates = &view.state.certificates;
        let open = certificates.open_case_of(&person);
        let open = open.filter(|id| {
            certificates.case(id).is_some_and(|case| certificate::may_open(view, case))
        });
        let open = open.map(|id| PersonsCase { id, programme: None, stands: Stands::Open });
        let benefits = view.state.benefits.of_person(person);
        let own = benefits.filter(|(_, case)| view.signer.division.covers(case.division));
        let benefits = own.map(|(id, case)| PersonsCase {
            id: *id,
            programme: Some(case.programme),
            stands: benefit::stands(view, case),
        });
        open.into_iter().chain(benefits).collect()
    })
}

/// Whether the assessors of a case can be drawn now, by the ledger's automatic signer.
pub(crate) fn can_draw(ledger: &Ledger, case: CaseId) -> Result<bool, AskError> {
    let system = ledger.with_state(|state| {
        let found = state.actors.iter().find(|(_, actor)| actor.role == Role::System)?;
        state.actors.signer(&found.1.keys.last()?.kid(), today(ledger)).ok()
    })?;
    let Some(system) = system else { return Ok(false) };
    look(ledger, &system, |view| certificate::can_draw(view, case))
}

/// What an actor may do about a flag now.
pub(crate) fn flag_offers(
    ledger: &Ledger,
    signer: &Signer,
    flag: Hash,
) -> Result<Vec<Offer>, AskError> {
    look(ledger, signer, |view| {
        let mut offers = flag::offers(view, flag);
        if let Some(found) = view.state.oversight.flag(&flag) {
            offers.extend(endorse::of_subject(view, &found.subject));
        }
        offers
    })
}

/// What an actor may begin: an application at the counter, a request of the person.
pub(crate) fn new_offers(ledger: &Ledger, signer: &Signer) -> Result<Vec<Offer>, AskError> {
    look(ledger, signer, counter::offers)
}

/// Proposals of any subject that wait for this actor's endorsement.
pub(crate) fn endorsements(ledger: &Ledger, signer: &Signer) -> Result<Vec<Offer>, AskError> {
    look(ledger, signer, endorse::all)
}

/// Asking for a correction of what an entry says.
pub(crate) fn correction(
    ledger: &Ledger,
    signer: &Signer,
    index: u64,
) -> Result<Option<Offer>, AskError> {
    let event = ledger.event(index)?;
    look(ledger, signer, |view| counter::correction(view, &event))
}

/// Payrolls that wait for this actor's authorisation.
pub(crate) fn payrolls(ledger: &Ledger, signer: &Signer) -> Result<Vec<ToAuthorise>, AskError> {
    look(ledger, signer, payroll::all)
}

/// The programmes whose payrolls this actor prepares.
pub(crate) fn programmes_paid(
    ledger: &Ledger,
    signer: &Signer,
    month: Month,
) -> Result<Vec<Programme>, AskError> {
    look(ledger, signer, |view| payroll::programmes(view, month))
}

/// The payroll of a programme and month, as this actor may prepare it now.
pub(crate) fn payroll_to_prepare(
    ledger: &Ledger,
    signer: &Signer,
    programme: Programme,
    month: Month,
) -> Result<ToPrepare, AskError> {
    look(ledger, signer, |view| payroll::prepare(view, programme, month))
}

/// What may be done about a person by their own request, or the privacy officer's.
pub(crate) fn person_offers(
    ledger: &Ledger,
    signer: &Signer,
    person: PersonId,
) -> Result<Vec<Offer>, AskError> {
    look(ledger, signer, |view| {
        let mut offers = counter::person_offers(view, person);
        offers.extend(endorse::of_subject(view, &Subject::Person(person)));
        offers
    })
}

/// What waits for this actor, oldest first and what is about one person together, and whether there is
/// more. Files to be sealed stand behind what somebody waits for.
pub(crate) fn waiting(ledger: &Ledger, signer: &Signer) -> Result<(Vec<Waiting>, bool), AskError> {
    look(ledger, signer, |view| {
        let mut found: Vec<Waiting> = certificate::waiting(view).collect();
        found.extend(certificate::to_hand_over(view));
        found.extend(payroll::waiting(view));
        found.extend(flag::waiting(view, WAITING_MAX + 1));
        found.extend(flag::to_assign(view));
        found.extend(benefit::waiting(view));
        found.extend(counter::waiting(view));
        found.sort_by(|one, other| {
            let key = |it: &Waiting| (it.since, it.person);
            key(one).cmp(&key(other)).then_with(|| one.subject.cmp(&other.subject))
        });
        let mut files = certificate::to_seal(view, FILES_MAX + 1);
        let more = found.len() > WAITING_MAX || files.len() > FILES_MAX;
        found.truncate(WAITING_MAX);
        files.truncate(FILES_MAX);
        found.extend(files);
        (found, more)
    })
}

/// How many things wait for this actor, endorsements too, and whether there are more.
pub(crate) fn count(ledger: &Ledger, signer: &Signer) -> Result<(usize, bool), AskError> {
    let (found, more) = waiting(ledger, signer)?;
    Ok((found.len() + endorsements(ledger, signer)?.len(), more))
}

fn look<T>(
    ledger: &Ledger,
    signer: &Signer,
    ask: impl FnOnce(&View<'_>) -> T,
) -> Result<T, AskError> {
    let now_ms = ledger.clock().wall_ms();
    let today = today(ledger);
    Ok(ledger.with_state(|state| ask(&View { state, signer, now_ms, today }))?)
}
