//! What was delivered, built and followed up: facts here, and what a payment rests on (I33).
//!
//! The facts are recorded whatever they say. A payment of a programme whose policy asks for
//! sessions, attendance, works or a placement is refused until the ledger has them, with the side
//! of the person: attendance, or an acceptance that the household signed, on paper or with a key.
//! What works cost is the most that is paid for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Case, Status, register::UnitKey};
use crate::domain::{State, refusal::refusals};
use crate::event::{
    PersonSide, PlacementEnded, PlacementStarted, Recorded, ServiceDelivered, SupportVisitLogged,
    WorksAccepted,
};
use crate::policy::ProgrammePolicy;
use crate::value::{
    ActorId, CaseId, ChainStep, Day, EvidenceKind, Fen, Hash, HouseGrade, Month, PersonId,
    Programme, Unit,
};

refusals! {
    /// Why a payment is refused for want of what it pays for.
    pub enum Refused {
        /// No session.
        NotDelivered { case: CaseId } = "I33", "service_not_delivered",
            "no delivered service of case {case} stands on the ledger",
            "have the provider record service.delivered with its attendance first",
            "账本上没有案件 {case} 已提供的服务",
            "请服务机构先记录服务及考勤";
        /// No attendance in the month.
        NoAttendance { case: CaseId, month: Month } = "I33", "no_attendance",
            "no attendance of case {case} in {month} stands on the ledger",
            "have the provider record service.delivered of that month, or leave it out",
            "账本上没有案件 {case} 在 {month} 的考勤",
            "请服务机构记录该月的服务，或去掉该月";
        /// No provider that is designated.
        NotDesignated { case: CaseId } = "I33", "provider_not_designated",
            "no session of case {case} was given by a designated institution",
            "have the institution designated, or the service given by one that is",
            "案件 {case} 没有一次服务是由指定机构提供的",
            "请先指定该机构，或由指定机构提供服务";
        /// No works, or not accepted by the household.
        NotAccepted { case: CaseId } = "I33", "works_not_accepted",
            "no works of case {case} are accepted by the household, with before and after",
            "have works.accepted recorded with the household's acceptance first",
            "案件 {case} 没有经家庭验收、附施工前后资料的工程",
            "请先记录工程验收及家庭的确认";
        /// Works of another grade.
        GradeDiffers { case: CaseId } = "I33", "works_grade_differs",
            "the accepted works of case {case} are of another grade than the grant",
            "have the works or the appraisal corrected",
            "案件 {case} 验收的工程等级与批准的不同",
            "请更正工程或鉴定";
        /// Nobody is placed.
        NotPlaced { case: CaseId, month: Month } = "I33", "not_placed",
            "no placement of case {case} covers {month}",
            "have placement.started recorded with its contract first",
            "案件 {case} 的安置没有覆盖 {month}",
            "请先记录安置开始及其合同";
        /// More than the facility may hold.
        OverCapacity { case: CaseId } = "I33", "over_capacity",
            "the placement of case {case} began beyond the facility's designated capacity",
            "place the person elsewhere, or have the capacity designated",
            "案件 {case} 的安置开始时已超过该机构核定床位",
            "请另行安置，或先核定床位";
    }
}

/// Works that were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Works {
    /// The household signed.
    pub accepted: bool,
    /// The grade the house had.
    pub grade: Option<HouseGrade>,
    /// What they cost.
    pub cost: Fen,
}

/// What stands for one case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// How many sessions each month has.
    pub sessions: BTreeMap<Month, u32>,
    /// A session was given by a designated institution.
    pub designated: bool,
    /// The latest works.
    pub works: Option<Works>,
    /// Its placements.
    pub placements: Vec<Hash>,
    /// The day it was followed up.
    pub followed_up: Option<Day>,
}

impl Delivered {
    fn drop_session(&mut self, month: Month) {
        if let Some(count) = self.sessions.get_mut(&month) {
            *count -= 1;
            if *count == 0 {
                self.sessions.remove(&month);
            }
        }
    }
}

/// One placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Who is placed, and for which programme.
    pub of: (PersonId, Programme),
    /// The facility's code.
    pub institution: Option<ActorId>,
    /// First day.
    pub from: Day,
    /// Last day, once ended.
    pub to: Option<Day>,
    /// The facility was designated and had room when it began.
    pub in_capacity: bool,
}

impl Placement {
    /// The bed is taken that night: who leaves that day gives it up.
    fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    fn touches(&self, month: Month) -> bool {
        self.from <= month.last_day() && self.to.is_none_or(|to| month.first_day() <= to)
    }
}

/// What stands for every case, and every placement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliveries {
    by_case: BTreeMap<CaseId, Delivered>,
    placements: BTreeMap<Hash, Placement>,
    /// Those that take a bed.
    by_facility: BTreeMap<ActorId, Vec<Hash>>,
    /// Sessions (of a month) and works that came in a roll, which may correct or retract them.
    rows: BTreeMap<Hash, (CaseId, Option<Month>)>,
}

impl Deliveries {
    /// What stands for a case.
    #[must_use]
    pub fn of(&self, case: &CaseId) -> Option<&Delivered> {
        self.by_case.get(case)
    }

    /// How many a facility houses on a day.
    #[must_use]
    pub fn housed(&self, facility: &ActorId, day: Day) -> usize {
        let ids = self.by_facility.get(facility).into_iter().flatten();
        ids.filter_map(|id| self.placements.get(id)).filter(|found| found.holds(day)).count()
    }

    /// The person's latest placement of the programme that had begun on a day and has not ended.
    #[must_use]
    pub fn standing(&self, person: PersonId, programme: Programme, on: Day) -> Option<Hash> {
        let own = self.placements.iter().filter(|(_, found)| found.of == (person, programme));
        let open = own.filter(|(_, found)| found.from <= on && found.to.is_none());
        open.max_by_key(|(id, found)| (found.from, **id)).map(|(id, _)| *id)
    }

    /// A row was corrected or retracted: what it delivered never was.
    pub(in crate::domain) fn retract(&mut self, statement: &Hash) {
        if let Some((case, month)) = self.rows.remove(statement)
            && let Some(found) = self.by_case.get_mut(&case)
        {
            match month {
                Some(month) => found.drop_session(month),
                None => found.works = None,
            }
        }
        if let Some(placed) = self.placements.remove(statement) {
            let facility = placed.institution.and_then(|code| self.by_facility.get_mut(&code));
            facility.into_iter().for_each(|all| all.retain(|id| id != statement));
        }
    }

    /// The case of a session or works of a roll, and the placement, of that statement.
    pub(super) fn row(&self, statement: &Hash) -> (Option<CaseId>, Option<&Placement>) {
        let case = self.rows.get(statement).map(|(case, _)| *case);
        (case, self.placements.get(statement))
    }

    fn placements_of(&self, case: &CaseId) -> impl Iterator<Item = &Placement> {
        let ids = self.of(case).map_or(&[][..], |found| &found.placements);
        ids.iter().filter_map(|id| self.placements.get(id))
    }
}

/// What the policy asks of a payment for a month stands on the ledger.
pub(super) fn decide(
    state: &State,
    (id, case): (CaseId, &Case),
    policy: &ProgrammePolicy,
    month: Month,
) -> Result<(), Refused> {
    let deliveries = &state.benefits.deliveries;
    let found = deliveries.of(&id);
    let sessions = found.is_some_and(|found| !found.sessions.is_empty());
    let placed = |placement: &&Placement| !case.is_monthly() || placement.touches(month);
    if policy.step(ChainStep::Delivery).is_some() && !sessions {
        return Err(Refused::NotDelivered { case: id });
    }
    if policy.capacity_check {
        let mut standing = deliveries.placements_of(&id).filter(placed).peekable();
        if standing.peek().is_none() {
            return Err(Refused::NotPlaced { case: id, month });
        }
        if !standing.any(|placement| placement.in_capacity) {
            return Err(Refused::OverCapacity { case: id });
        }
    }
    for kind in policy.evidence.iter().filter(|kind| kind.is_of_delivery()) {
        match kind {
            EvidenceKind::SessionLog if !sessions => {
                return Err(Refused::NotDelivered { case: id });
            }
            EvidenceKind::DesignatedInstitution if !found.is_some_and(|found| found.designated) => {
                return Err(Refused::NotDesignated { case: id });
            }
            EvidenceKind::Attendance
                if !found.is_some_and(|found| found.sessions.contains_key(&month)) =>
            {
                return Err(Refused::NoAttendance { case: id, month });
            }
            EvidenceKind::Contract
                if !case.papers.contains(kind)
                    && deliveries.placements_of(&id).find(placed).is_none() =>
            {
                return Err(Refused::NotPlaced { case: id, month });
            }
            EvidenceKind::BeforePhoto | EvidenceKind::AfterPhoto | EvidenceKind::Acceptance => {
                let works = found.and_then(|found| found.works);
                let Some(works) = works.filter(|works| works.accepted) else {
                    return Err(Refused::NotAccepted { case: id });
                };
                if !policy.grades.is_empty() && works.grade != case.grade {
                    return Err(Refused::GradeDiffers { case: id });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is due for a case: the amount determined, and no more than its works cost.
pub(super) fn at_most_cost(state: &State, id: &CaseId, due: Fen) -> Fen {
    let works = state.benefits.deliveries.of(id).and_then(|found| found.works);
    works.map_or(due, |works| due.min(works.cost))
}

/// The granted case that a fact about a person and programme speaks of: the latest.
fn case_of<'a>(cases: impl Iterator<Item = (&'a CaseId, &'a Case)>) -> Option<CaseId> {
    let granted = cases.filter(|(_, case)| case.status == Status::Granted);
    granted.max_by_key(|(id, case)| (case.applied_on, **id)).map(|(id, _)| *id)
}

pub(super) fn delivered(state: &mut State, event: &Recorded, data: &ServiceDelivered) {
    let Some(id) = case_of(state.benefits.cases_of(data.person, data.programme)) else { return };
    let provider = state.actors.find(&event.signer.actor);
    let institution = provider.and_then(|actor| actor.institution.as_ref());
    let designated = institution
        .and_then(|code| state.institutions.find(code))
        .is_some_and(|found| found.stands(data.session_date));
    let month = data.session_date.month();
    let deliveries = &mut state.benefits.deliveries;
    if data.row.is_some() {
        deliveries.rows.insert(event.id, (id, Some(month)));
    }
    let found = deliveries.by_case.entry(id).or_default();
    *found.sessions.entry(month).or_default() += 1;
    found.designated |= designated;
}

pub(super) fn accepted(state: &mut State, event: &Recorded, data: &WorksAccepted) {
    let unit = UnitKey::Household(data.household);
    let Some(id) = case_of(state.benefits.cases_for(data.programme, unit)) else { return };
    // Endorsed with a key of the household, it takes effect with that.
    let accepted = data.acceptance.is_some() || data.side == PersonSide::Key;
    let works = Works { accepted, grade: data.grade, cost: data.cost };
    let deliveries = &mut state.benefits.deliveries;
    if data.row.is_some() {
        deliveries.rows.insert(event.id, (id, None));
    }
    deliveries.by_case.entry(id).or_default().works = Some(works);
}

pub(super) fn placed(state: &mut State, event: &Recorded, data: &PlacementStarted) {
    let designated = data.institution.as_ref().and_then(|code| state.institutions.find(code));
    let capacity = designated.filter(|found| found.stands(data.from)).and_then(|it| it.capacity);
    let bed = takes_a_bed(state, data);
    let deliveries = &mut state.benefits.deliveries;
    let housed = data.institution.as_ref().map_or(0, |code| deliveries.housed(code, data.from));
    let placement = Placement {
        of: (data.person, data.programme),
        institution: data.institution.clone(),
        from: data.from,
        to: None,
        in_capacity: capacity.is_some_and(|capacity| housed < capacity as usize),
    };
    deliveries.placements.insert(event.id, placement);
    if let Some(code) = data.institution.as_ref().filter(|_| bed) {
        deliveries.by_facility.entry(code.clone()).or_default().push(event.id);
    }
    let cases = state.benefits.cases_of(data.person, data.programme);
    if let Some(id) = case_of(cases) {
        state.benefits.deliveries.by_case.entry(id).or_default().placements.push(event.id);
    }
}

/// Says whether a placement takes a bed: not where the programme's policy at the facility's place
/// is for others than residents, who come by day, are trained or work there.
fn takes_a_bed(state: &State, data: &PlacementStarted) -> bool {
    let facility = data.institution.as_ref().and_then(|code| state.institutions.find(code));
    let policy = facility.and_then(|facility| {
        state.policies.programme(data.programme, facility.division, data.from.month())
    });
    policy.is_none_or(|(_, policy)| policy.unit == Unit::Resident)
}

pub(super) fn ended(state: &mut State, data: &PlacementEnded) {
    if let Some(placement) = state.benefits.deliveries.placements.get_mut(&data.placement) {
        placement.to = Some(data.to);
    }
}

pub(super) fn visited(state: &mut State, data: &SupportVisitLogged) {
    let Some(programme) = data.programme else { return };
    if let Some(id) = case_of(state.benefits.cases_of(data.person, programme)) {
        let found = state.benefits.deliveries.by_case.entry(id).or_default();
        found.followed_up = found.followed_up.max(Some(data.visited_on));
    }
}
