//! Benefit cases, payrolls and the months in hand, as decisions need them.
//!
//! Everything here is ordered, by its keys or as it came, so that equal histories give equal states.
//! Each event that takes effect counts one *step*; spans, accounts and payrolls carry the step they
//! stem from, which says what a payroll's preparer could have known.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::delivery::Deliveries;
use super::months::{Hand, Months};
use super::payroll::{Authorised, Item, Payroll};
use crate::compact::RowMap;
use crate::event::{AccountHolder, Evidence, Opinion};
use crate::value::{
    ActorId, CaseId, ChainStep, Day, DivisionCode, EvidenceKind, Fen, HouseGrade, HouseholdId,
    Label, Month, PayrollId, Period, PersonId, Programme, RollId, Tag, Unit, VehicleId,
};

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Applied for, not determined.
    Applied,
    /// Granted; what is payable when is in the spans.
    Granted,
    /// Refused.
    Refused,
}

/// A review and who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The opinion.
    pub opinion: Opinion,
    /// The reviewer.
    pub actor: ActorId,
}

/// The reviews of a case, in the order of their steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviews(SmallVec<[(ChainStep, Review); 2]>);

impl Reviews {
    /// Says whether the step was signed.
    #[must_use]
    pub fn has(&self, step: ChainStep) -> bool {
        self.place(step).is_ok()
    }

    /// The reviews, in the order of their steps.
    pub fn iter(&self) -> impl Iterator<Item = &Review> {
        self.0.iter().map(|(_, review)| review)
    }

    pub(super) fn insert(&mut self, step: ChainStep, review: Review) {
        match self.place(step) {
            Ok(at) => self.0[at].1 = review,
            Err(at) => self.0.insert(at, (step, review)),
        }
    }

    fn place(&self, step: ChainStep) -> Result<usize, usize> {
        self.0.binary_search_by_key(&step, |(of, _)| *of)
    }
}

/// Months for which a decision entitles the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First month.
    pub from: Month,
    /// Last month, once stopped.
    pub until: Option<Month>,
    /// The month of the decision: earlier months of the span are back-pay.
    pub decided: Month,
    /// The step of the decision.
    pub step: u64,
}

impl Span {
    /// Says whether the month lies in the span.
    #[must_use]
    pub fn covers(&self, month: Month) -> bool {
        self.from <= month && self.until.is_none_or(|until| month <= until)
    }
}

/// A bound account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its tag.
    pub tag: Tag,
    /// Whose it is.
    pub holder: AccountHolder,
    /// The step that bound it.
    pub step: u64,
}

/// What a grant is for, by every name it has: limits count each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UnitKey {
    /// The person: a resident, child or student too.
    Person(PersonId),
    /// The household.
    Household(HouseholdId),
    /// The vehicle.
    Vehicle(VehicleId),
    /// A number on the vehicle: two ids of one vehicle share it.
    Number(Tag),
}

/// One benefit of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The person.
    pub person: PersonId,
    /// The division that decides.
    pub division: DivisionCode,
    /// The programme.
    pub programme: Programme,
    /// What one grant is for and how often it is granted, by the policy of the application.
    pub per: (Unit, Period),
    /// What this one is for.
    pub units: SmallVec<[UnitKey; 1]>,
    /// It rests on a certificate.
    pub has_certificate: bool,
    /// The item of the catalogue.
    pub item: Option<Label>,
    /// The appraised grade of the house.
    pub grade: Option<HouseGrade>,
    /// The month of the application.
    pub month: Month,
    /// Its day.
    pub applied_on: Day,
    /// Who took the application.
    pub applied_by: ActorId,
    /// The steps before the determination that were signed.
    pub reviews: Reviews,
    /// Kinds of papers that the application and the steps came with.
    pub papers: BTreeSet<EvidenceKind>,
    /// How far it has come.
    pub status: Status,
    /// Months entitled to, ascending.
    pub spans: SmallVec<[Span; 1]>,
    /// Amounts as decided, each from its month on; what is paid is the policy's amount.
    pub amounts: SmallVec<[(Month, Fen); 1]>,
    /// First unpaid month, while stopped.
    pub stopped: Option<Month>,
    /// Months of back-pay granted, ascending.
    pub back_pay: Vec<Month>,
    /// The bound account.
    pub account: Option<Account>,
}

impl Case {
    /// Says whether it is paid month by month, not once.
    #[must_use]
    pub fn is_monthly(&self) -> bool {
        self.per.1 == Period::Month
    }

    /// The month a grant that is paid once begins in, once granted and while not stopped.
    #[must_use]
    pub fn granted_from(&self) -> Option<Month> {
        self.spans.first().filter(|_| self.is_running()).map(|span| span.from)
    }

    /// Says whether a decision entitles the person to the month.
    #[must_use]
    pub fn is_entitled(&self, month: Month) -> bool {
        self.spans.iter().any(|span| span.covers(month))
    }

    /// Says whether the month is paid by its own payroll: entitled to, and decided by then.
    #[must_use]
    pub fn is_regular(&self, month: Month) -> bool {
        self.spans.iter().any(|span| span.covers(month) && span.decided <= month)
    }

    /// Says whether it is granted and not stopped.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status == Status::Granted && self.stopped.is_none()
    }

    /// The amount decided for a month.
    #[must_use]
    pub fn amount(&self, month: Month) -> Option<Fen> {
        self.amounts.iter().rev().find(|(from, _)| *from <= month).map(|(_, amount)| *amount)
    }

    /// Says whether its month was payable at a step: decided, with an account bound.
    fn was_payable(&self, month: Month, step: u64) -> bool {
        let decided = |span: &Span| span.covers(month) && span.decided <= month && span.step < step;
        self.spans.iter().any(decided) && self.account.is_some_and(|account| account.step < step)
    }

    pub(super) fn add_papers<'e>(&mut self, evidence: impl IntoIterator<Item = &'e Evidence>) {
        let kinds = evidence.into_iter().map(|paper| EvidenceKind::from_name(paper.kind.as_str()));
        self.papers.extend(kinds.flatten());
    }
}

/// Benefit cases, payrolls and months in hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefits {
    pub(super) cases: RowMap<CaseId, Case>,
    by_person: RowMap<PersonId, SmallVec<[CaseId; 1]>>,
    by_division: BTreeMap<(Programme, DivisionCode), BTreeSet<CaseId>>,
    pub(super) payrolls: BTreeMap<PayrollId, Payroll>,
    /// Of cases with items at the bank, the payrolls that sent them.
    sent: BTreeMap<CaseId, SmallVec<[PayrollId; 1]>>,
    /// The step of the last preparation of a programme, month and division.
    pub(super) prepared_at: BTreeMap<(Programme, Month, DivisionCode), u64>,
    months: BTreeMap<Programme, RowMap<PersonId, Months>>,
    /// Grants that are paid once, with the payroll that pays them and where that stands.
    pub(super) once: BTreeMap<CaseId, (PayrollId, Hand)>,
    /// How often a person was paid for a year by payments of no payroll.
    pub(super) years: BTreeMap<(PersonId, Programme, u16), u8>,
    by_unit: BTreeMap<Programme, RowMap<UnitKey, SmallVec<[CaseId; 1]>>>,
    /// What was delivered, built and followed up.
    pub(super) deliveries: Deliveries,
    /// Payment rolls, so that a retracted row of one names its month.
    pub(super) rolls: BTreeMap<RollId, (Programme, Month)>,
    step: u64,
}

impl Benefits {
    /// What stands for every case: sessions, works, placements.
    #[must_use]
    pub const fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// A row of a roll was corrected or retracted: what it delivered never was.
    pub(in crate::domain) fn retract_delivery(&mut self, statement: &crate::value::Hash) {
        self.deliveries.retract(statement);
    }

    /// The person whom what was delivered by that statement is about, and the institution.
    pub(in crate::domain) fn of_delivery(
        &self,
        statement: &crate::value::Hash,
    ) -> (Option<PersonId>, Option<ActorId>) {
        let (case, placement) = self.deliveries.row(statement);
        let person = case.and_then(|case| self.case(&case)).map(|case| case.person);
        let placed = placement.map(|placement| placement.of.0);
        (person.or(placed), placement.and_then(|placement| placement.institution.clone()))
    }

    /// The case of that id.
    #[must_use]
    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id)
    }

    /// Every case with its id, as they were applied for.
    pub fn cases(&self) -> impl Iterator<Item = (&CaseId, &Case)> {
        self.cases.iter()
    }

    /// The cases of a programme in a division and those below it.
    pub fn cases_in(
        &self,
        programme: Programme,
        division: DivisionCode,
    ) -> impl Iterator<Item = (CaseId, &Case)> {
        let covered = self
            .by_division
            .iter()
            .filter(move |((of, own), _)| *of == programme && division.covers(*own));
        covered.flat_map(|(_, ids)| ids).filter_map(|id| Some((*id, self.cases.get(id)?)))
    }

    /// The payroll of that id.
    #[must_use]
    pub fn payroll(&self, id: &PayrollId) -> Option<&Payroll> {
        self.payrolls.get(id)
    }

    /// Payrolls that wait for their authorisation, with their ids.
    pub fn payrolls_to_authorise(&self) -> impl Iterator<Item = (&PayrollId, &Payroll)> {
        self.payrolls.iter().filter(|(_, payroll)| payroll.authorised.is_none())
    }

    /// Payrolls that were authorised and of which the bank has not reported every item, in the
    /// order of their ids, behind that id.
    pub fn payrolls_to_pay(
        &self,
        after: Option<PayrollId>,
    ) -> impl Iterator<Item = (&PayrollId, &Payroll, &Authorised)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let payrolls = self.payrolls.range((from, Bound::Unbounded));
        let open = payrolls.filter(|(_, payroll)| !payroll.items.is_empty());
        open.filter_map(|(id, payroll)| Some((id, payroll, payroll.authorised.as_ref()?)))
    }

    /// The items of a person and programme that are with the bank, oldest payroll first.
    pub fn sent_to(
        &self,
        person: PersonId,
        programme: Programme,
    ) -> impl Iterator<Item = (&PayrollId, &Payroll, &Item)> {
        let cases = self.cases_of(person, programme);
        cases.flat_map(|(case, _)| {
            let payrolls = self.sent.get(case).into_iter().flatten();
            payrolls.filter_map(|id| {
                let payroll = self.payrolls.get(id)?;
                let item = payroll.items.iter().find(|item| item.case == *case)?;
                Some((id, payroll, item))
            })
        })
    }

    /// Every case of the person.
    pub fn of_person(&self, person: PersonId) -> impl Iterator<Item = (&CaseId, &Case)> {
        let ids = self.by_person.get(&person).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.cases.get(id)?)))
    }

    /// The person's cases of a programme.
    pub fn cases_of(
        &self,
        person: PersonId,
        programme: Programme,
    ) -> impl Iterator<Item = (&CaseId, &Case)> {
        self.of_person(person).filter(move |(_, case)| case.programme == programme)
    }

    /// The cases of a programme for one unit, whoever applied.
    pub fn cases_for(
        &self,
        programme: Programme,
        unit: UnitKey,
    ) -> impl Iterator<Item = (&CaseId, &Case)> {
        let ids = self.by_unit.get(&programme).and_then(|of| of.get(&unit)).into_iter().flatten();
        ids.filter_map(|id| Some((id, self.cases.get(id)?)))
    }

    /// Where the payment of a grant that is paid once stands.
    #[must_use]
    pub fn once(&self, id: &CaseId) -> Option<Hand> {
        self.once.get(id).map(|(_, hand)| *hand)
    }

    /// The person's months in hand.
    #[must_use]
    pub fn months(&self, person: PersonId, programme: Programme) -> Option<&Months> {
        self.months.get(&programme)?.get(&person)
    }

    /// Cases that were payable for the month when the division's payrolls of it were last
    /// prepared, and are in none. A grant that is paid once waits for its works or services and
    /// holds nobody up.
    pub fn left_out(
        &self,
        programme: Programme,
        month: Month,
        division: DivisionCode,
    ) -> impl Iterator<Item = CaseId> {
        let step = self.prepared_at.get(&(programme, month, division)).copied().unwrap_or(0);
        let covered = self
            .by_division
            .iter()
            .filter(move |((of, own), _)| *of == programme && division.covers(*own));
        covered.flat_map(|(_, ids)| ids).copied().filter(move |id| {
            self.cases.get(id).is_some_and(|case| {
                case.is_monthly()
                    && case.was_payable(month, step)
                    && self
                        .months(case.person, programme)
                        .is_none_or(|found| found.hand(month).is_none())
            })
        })
    }

    /// Counts one step.
    pub(super) const fn take_step(&mut self) -> u64 {
        self.step += 1;
        self.step
    }

    pub(super) fn open(&mut self, id: CaseId, case: Case) {
        self.by_person.get_or_insert_with(case.person, SmallVec::new).push(id);
        self.by_division.entry((case.programme, case.division)).or_default().insert(id);
        for unit in &case.units {
            let of = self.by_unit.entry(case.programme).or_default();
            of.get_or_insert_with(*unit, SmallVec::new).push(id);
        }
        self.cases.insert(id, case);
    }

    /// The item of a case goes to the bank.
    pub(super) fn send(&mut self, case: CaseId, payroll: PayrollId) {
        self.sent.entry(case).or_default().push(payroll);
    }

    /// The bank said what became of the item of a case, in whichever of its payrolls `is` names.
    pub(super) fn report(&mut self, case: CaseId, is: impl Fn(&PayrollId, &Payroll) -> bool) {
        let Some(sent) = self.sent.get_mut(&case) else { return };
        let payrolls = &mut self.payrolls;
        sent.retain(|id| {
            let Some(payroll) = payrolls.get_mut(id) else { return false };
            let reported = is(id, payroll);
            if reported {
                payroll.items.retain(|item| item.case != case);
            }
            !reported
        });
        if sent.is_empty() {
            self.sent.remove(&case);
        }
    }

    /// The same of every case of the person and programme.
    pub(super) fn report_of(
        &mut self,
        person: PersonId,
        programme: Programme,
        is: impl Fn(&PayrollId, &Payroll) -> bool,
    ) {
        // Most payments are of old rolls, and nothing waits for them.
        if self.sent.is_empty() {
            return;
        }
        let cases: SmallVec<[CaseId; 4]> =
            self.cases_of(person, programme).map(|(id, _)| *id).collect();
        for case in cases {
            self.report(case, &is);
        }
    }

    /// Puts a grant that is paid once into a payroll.
    pub(super) fn prepare_once(&mut self, id: CaseId, payroll: PayrollId) {
        let returned = self.once(&id) == Some(Hand::Returned);
        self.once.insert(id, (payroll, Hand::Prepared { by: payroll, returned }));
    }

    /// Takes it out of that payroll again; a payment that went on since then, or went into another
    /// payroll, stays as it is.
    pub(super) fn release_once(&mut self, id: &CaseId, payroll: PayrollId) {
        if let Some((_, hand)) = self.once.get_mut(id)
            && let Hand::Prepared { by, returned } = *hand
            && by == payroll
        {
            if returned {
                *hand = Hand::Returned;
            } else {
                self.once.remove(id);
            }
        }
    }

    pub(super) fn months_mut(&mut self, person: PersonId, programme: Programme) -> &mut Months {
        let of = self.months.entry(programme).or_default();
        of.get_or_insert_with(person, Months::default)
    }
}
