//! `appeal.filed`, `appeal.reassessed`, `appeal.concluded` (E23); `appeal.declined` in `declined`.
//!
//! ```text
//! filed -> assigned (the prefecture consents) -> recorded, concluded -> reassessed
//!       -> declined (it does not)
//!   -> filed again, within the term -> concluded, or declined, by the panel: final
//! ```
//!
//! A conclusion can be appealed within the policy's working days of the day it was told: that of
//! the conclusion while the case is open, that of the refusal or the issue after. The prefecture's
//! federation consents by assigning a designated institution's assessors who had no part in the
//! case; they record and the institution concludes like in any round, and the prefecture's answer
//! repeats what was concluded. Whoever disagrees, or got no answer in time, files again, and the
//! provincial panel's word is final. Nobody judges an appeal who took part in the case.
//!
//! While an appeal is before a judge its case is neither approved, refused, printed nor issued,
//! and no certificate of the person is cancelled for not meeting the standard (I21). What is
//! concluded takes effect at once: an open case goes on from the new conclusion, a refused one is
//! opened again, and the holder of a certificate that was issued may have it regraded.

pub(super) mod declined;

use serde::{Deserialize, Serialize};

use super::assessment::well_formed;
use super::assignment;
use super::case::{Case, ConcludedBy, Conclusion, Ending, Part, Progress, Round, Stage};
use super::gates::{self, Ask};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{
    AppealConcluded, AppealFiled, AppealReassessed, AssessmentAssigned, Grade, Recorded,
};
use crate::value::{ActorId, CaseId, Day, DivisionCode, Hash, PersonId};

refusals! {
    /// Why a step of an appeal is refused, or a step of the case because of one.
    pub enum Refused {
        /// Nothing was concluded, or it is too long ago.
        NothingToAppeal = "I21", "nothing_to_appeal",
            "this case has no conclusion that can be appealed",
            "wait for the conclusion; after its term a new application is the way",
            "本案没有可以申请复核评定的结论",
            "请等待结论；期限之后可以重新申请";
        /// A round of assessment is open.
        RoundOpen = "I21", "round_open", "the case is being assessed again",
            "wait for the conclusion of this round",
            "本案正在重新评定",
            "请等待本轮结论";
        /// The term of the appeal is over.
        TooLate { until: Day } = "I21", "appeal_too_late",
            "the conclusion could be appealed until {until}",
            "apply anew; a change for the worse opens a regrade",
            "该结论申请复核评定的期限到 {until} 为止",
            "请重新申请；情况加重可以申请变更";
        /// An appeal is open already.
        AppealOpen { due_by: Day } = "I21", "appeal_open",
            "an appeal of this person is open until {due_by}", "wait for its conclusion",
            "此人有一件复核评定申请，应于 {due_by} 前答复",
            "请等待其结论";
        /// The panel has concluded.
        Final = "I21", "appeal_final", "the provincial panel's conclusion is final",
            "it cannot be appealed",
            "省级专家组的结论为最终结论",
            "不能再申请复核评定";
        /// Another case of the person is open.
        OtherCaseOpen = "I21", "other_case_open",
            "another case of this person has been opened since", "end that case first",
            "此人此后又立了另一案件",
            "请先结束该案件";
        /// Too little time to answer.
        TermTooShort { least: Day } = "I21", "appeal_term_too_short",
            "the day to answer by is not before {least}", "correct data.due_by",
            "答复期限不得早于 {least}",
            "请更正期限（data.due_by）";
        /// No appeal is open.
        NoAppeal = "I21", "no_appeal_open", "no appeal of this case is before this judge",
            "record appeal.filed first",
            "没有等待该裁决人处理的本案复核评定",
            "请先记录申请复核评定";
        /// Assigned already.
        AssignedAlready = "I21", "appeal_assigned",
            "assessors were assigned to this appeal and one of them has recorded",
            "wait for their conclusion",
            "本次复核评定已指派评残医师，且其中一人已记录意见",
            "请等待其结论";
        /// Consented to already.
        Admitted = "I21", "appeal_admitted",
            "assessors were assigned to this appeal: it was taken on",
            "wait for their conclusion, and answer with it",
            "本次复核评定已指派评残医师，即已受理",
            "请等待评定结论，并据此答复";
        /// Not concluded yet.
        NotReassessed = "I21", "appeal_not_reassessed",
            "the reassessing institution has not concluded",
            "assign assessors, and wait for the institution's conclusion",
            "重新评定的机构尚未出具结论",
            "请指派评残医师，并等待机构的结论";
        /// Another conclusion than the institution's.
        ResultDiffers = "I21", "appeal_result_differs",
            "the answer is not just the conclusion of the reassessing institution",
            "name that conclusion in data.conclusion, and repeat its result",
            "答复与重新评定机构的结论不一致",
            "请写明该结论（data.conclusion），并照录其结果";
        /// Took part in the case.
        TookPart { actor: ActorId } = "I21", "took_part",
            "{actor} took part in this case and does not judge its appeal",
            "somebody without any part in the case has to judge",
            "{actor} 办理过本案，不能裁决其复核评定",
            "请由与本案无关的人员裁决";
        /// The appeal's term is running.
        TermRunning { until: Day } = "I21", "appeal_term_running",
            "the conclusion can be appealed until {until}", "wait until that day is over",
            "该结论在 {until} 之前可以申请复核评定",
            "请等到该日过后";
    }
}

/// An appeal that is not concluded yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// The case appealed.
    pub case: CaseId,
    /// The day by which it is to be answered.
    pub due_by: Day,
    /// Where it stands.
    pub step: AppealStep,
    /// The reassessment.
    pub round: Option<Round>,
    /// What the reassessing institution concluded.
    pub conclusion: Option<Conclusion>,
}

/// Where an appeal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppealStep {
    /// Before the prefecture's federation.
    Prefecture,
    /// Answered or declined by it; the panel may be asked until that day.
    Answered {
        /// The last day.
        until: Day,
    },
    /// Before the provincial panel.
    Panel,
}

impl Appeal {
    /// Says whether it holds back what it is about (I21).
    #[must_use]
    pub fn is_open(&self, today: Day) -> bool {
        match self.step {
            AppealStep::Answered { until } => today <= until,
            AppealStep::Prefecture | AppealStep::Panel => today <= self.due_by,
        }
    }

    /// Says whether it is before a judge.
    #[must_use]
    pub fn is_pending(&self, today: Day) -> bool {
        !matches!(self.step, AppealStep::Answered { .. }) && self.is_open(today)
    }

    /// Says whether it was answered and nobody asked the panel in time.
    pub(super) fn is_settled(&self, today: Day) -> bool {
        matches!(self.step, AppealStep::Answered { until } if until < today)
    }
}

pub(super) fn decide_filed(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AppealFiled,
) -> Result<(), Rejection> {
    let case = ask.state.certificates.case(id).ok_or(gates::Refused::UnknownCase)?;
    let progress = case.progress.as_deref().ok_or(Refused::NothingToAppeal)?;
    let conclusion = progress.conclusion.as_ref().ok_or(Refused::NothingToAppeal)?;
    if case.stage == Stage::Assigned {
        return Err(Refused::RoundOpen.into());
    }
    if conclusion.by == ConcludedBy::Panel {
        return Err(Refused::Final.into());
    }
    if ask.state.certificates.open_case_of(&case.person).is_some_and(|open| open != *id) {
        return Err(Refused::OtherCaseOpen.into());
    }
    let until = last_day(ask, id, case, progress, conclusion)?;
    if ask.today > until {
        return Err(Refused::TooLate { until }.into());
    }
    let least = term(ask.state, case.division, ask.today)
        .ok_or(gates::Refused::PolicyMissing { division: case.division })?;
    if data.due_by < least { Err(Refused::TermTooShort { least }.into()) } else { Ok(()) }
}

/// The last day to file: of the person's open appeal, the last day to ask the panel.
fn last_day(
    ask: &Ask<'_>,
    id: &CaseId,
    case: &Case,
    progress: &Progress,
    conclusion: &Conclusion,
) -> Result<Day, Rejection> {
    let missing = gates::Refused::PolicyMissing { division: case.division };
    match ask.state.certificates.appeal_of(&case.person) {
        Some(open) if open.case == *id => match open.step {
            AppealStep::Answered { until } => Ok(until),
            // No answer in time is one that may be taken to the panel.
            AppealStep::Prefecture if ask.today > open.due_by => {
                Ok(term(ask.state, case.division, open.due_by).ok_or(missing)?)
            }
            _ => Err(Refused::AppealOpen { due_by: open.due_by }.into()),
        },
        Some(other) if other.is_open(ask.today) => {
            Err(Refused::AppealOpen { due_by: other.due_by }.into())
        }
        _ => {
            let told = progress.appeal_until.filter(|_| matches!(case.stage, Stage::Ended(_)));
            let open = || term(ask.state, case.division, conclusion.on);
            Ok(told.or_else(open).ok_or(missing)?)
        }
    }
}

/// The last day of the appeal term of what is told on a day.
pub(super) fn term(state: &State, division: DivisionCode, told: Day) -> Option<Day> {
    let (_, policy) = state.policies.certificate(division, told)?;
    Some(state.policies.calendar().after(told, policy.appeal_working_days))
}

/// The prefecture's federation consents: it assigns assessors without any part in the case.
pub(super) fn decide_assigned(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AssessmentAssigned,
) -> Result<(), Rejection> {
    let (case, progress, appeal) = before(ask, id, AppealStep::Prefecture)?;
    judges(ask, progress, &ask.event.signer.actor, &[Part::Appeal])?;
    let recorded = appeal.round.as_ref().is_some_and(|round| !round.records.is_empty());
    if recorded || appeal.conclusion.is_some() {
        return Err(Refused::AssignedAlready.into());
    }
    let policy = ask.policy(case.division)?;
    assignment::decide_assessors(ask, id, progress, policy, data)?;
    for actor in &data.assessors {
        judges(ask, progress, actor, &[])?;
    }
    Ok(())
}

pub(super) fn decide_reassessed(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AppealReassessed,
) -> Result<(), Rejection> {
    let (_, progress, appeal) = before(ask, id, AppealStep::Prefecture)?;
    judges(ask, progress, &ask.event.signer.actor, &[Part::Appeal])?;
    well_formed(data.meets, data.grade.as_ref())?;
    let concluded = appeal.conclusion.as_ref().ok_or(Refused::NotReassessed)?;
    if data.conclusion != Some(concluded.statement) || data.grade != concluded.grade {
        return Err(Refused::ResultDiffers.into());
    }
    Ok(())
}

pub(super) fn decide_concluded(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &AppealConcluded,
) -> Result<(), Rejection> {
    let (_, progress, _) = before(ask, id, AppealStep::Panel)?;
    judges(ask, progress, &ask.event.signer.actor, &[])?;
    Ok(well_formed(data.meets, data.grade.as_ref())?)
}

/// The appeal of a case that is before that judge.
fn before<'a>(
    ask: &Ask<'a>,
    id: &CaseId,
    step: AppealStep,
) -> Result<(&'a Case, &'a Progress, &'a Appeal), Rejection> {
    let case = ask.state.certificates.case(id).ok_or(gates::Refused::UnknownCase)?;
    let appeal = ask.state.certificates.appeal_of(&case.person);
    let appeal = appeal.filter(|appeal| appeal.case == *id && appeal.step == step);
    let appeal = appeal.ok_or(Refused::NoAppeal)?;
    let progress = case.progress.as_deref().ok_or(Refused::NoAppeal)?;
    Ok((case, progress, appeal))
}

/// I21: nobody who took part judges, but for the parts named.
fn judges(
    ask: &Ask<'_>,
    progress: &Progress,
    actor: &ActorId,
    but: &[Part],
) -> Result<(), Refused> {
    let took = |(part, officer): &(Part, ActorId)| {
        !but.contains(part) && ask.state.actors.same_person(officer, actor)
    };
    if progress.officers.iter().any(took) {
        return Err(Refused::TookPart { actor: actor.clone() });
    }
    Ok(())
}

/// Says whether the panel concluded a case.
pub(super) fn is_final(state: &State, id: &CaseId) -> bool {
    let progress = state.certificates.case(id).and_then(|case| case.progress.as_ref());
    let conclusion = progress.and_then(|progress| progress.conclusion.as_ref());
    conclusion.is_some_and(|conclusion| conclusion.by == ConcludedBy::Panel)
}

/// The round of reassessment that is open in a case's appeal.
pub(super) fn round_of<'a>(state: &'a State, id: &CaseId) -> Option<&'a Round> {
    let person = state.certificates.case(id)?.person;
    let appeal = state.certificates.appeal_of(&person)?;
    let open = appeal.case == *id && appeal.step == AppealStep::Prefecture;
    appeal.round.as_ref().filter(|_| open && appeal.conclusion.is_none())
}

/// I21: a case under appeal is not decided.
pub(super) fn not_pending(ask: &Ask<'_>, id: &CaseId, person: &PersonId) -> Result<(), Refused> {
    let appeal = ask.state.certificates.appeal_of(person);
    match appeal.filter(|appeal| appeal.case == *id && appeal.is_pending(ask.today)) {
        Some(appeal) => Err(Refused::AppealOpen { due_by: appeal.due_by }),
        None => Ok(()),
    }
}

/// I21: no cancellation for not meeting the standard while an appeal is open, or while the
/// conclusion it rests on can still be appealed.
pub(super) fn holds_back(ask: &Ask<'_>, person: &PersonId) -> Result<(), Refused> {
    let certificates = &ask.state.certificates;
    if let Some(appeal) = certificates.appeal_of(person).filter(|open| open.is_open(ask.today)) {
        return Err(Refused::AppealOpen { due_by: appeal.due_by });
    }
    let open = certificates.open_case_of(person).and_then(|id| certificates.case(&id));
    let until = open.into_iter().chain(certificates.appealable_of(*person)).filter_map(|case| {
        let progress = case.progress.as_deref()?;
        let conclusion = progress.conclusion.as_ref().filter(|found| found.grade.is_none())?;
        match (conclusion.by, case.stage) {
            (ConcludedBy::Panel, _) => None,
            (_, Stage::Ended(_)) => progress.appeal_until,
            _ => term(ask.state, case.division, conclusion.on),
        }
    });
    match until.max().filter(|until| ask.today <= *until) {
        Some(until) => Err(Refused::TermRunning { until }),
        None => Ok(()),
    }
}

pub(super) fn evolve_filed(state: &mut State, event: &Recorded, id: &CaseId, data: &AppealFiled) {
    let Some(case) = state.certificates.case(id) else { return };
    let (person, division) = (case.person, case.division);
    let concluded = case.progress.as_ref().and_then(|progress| progress.conclusion.as_ref());
    let answered = concluded.is_some_and(|conclusion| conclusion.by == ConcludedBy::Prefecture);
    let again = state.certificates.appeal_of(&person).is_some_and(|appeal| appeal.case == *id);
    let step = if answered || again { AppealStep::Panel } else { AppealStep::Prefecture };
    let (due_by, today) = (data.due_by, Day::of_millis(event.recorded_at_ms));
    let appeal = Appeal { case: *id, due_by, step, round: None, conclusion: None };
    state.certificates.appeal(person, appeal);
    let until = term(state, division, due_by).unwrap_or(due_by);
    state.certificates.retain(id, until);
    state.certificates.forget_before(today);
}

pub(super) fn evolve_assigned(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    data: &AssessmentAssigned,
) {
    if let Some(appeal) = state.certificates.appeal_of_case_mut(id) {
        appeal.round = Some(Round {
            institution: data.institution.clone(),
            assessors: data.assessors.clone(),
            first_round: None,
            records: Vec::new(),
        });
    }
    judged(state, event, id);
}

fn judged(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((_, progress)) = state.certificates.progress_mut(id) {
        progress.took(Part::Appeal, &event.signer.actor);
    }
}

pub(super) fn evolve_reassessed(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    data: &AppealReassessed,
) {
    judged(state, event, id);
    let Some(division) = state.certificates.case(id).map(|case| case.division) else { return };
    let told = Day::of_millis(event.recorded_at_ms);
    let until = term(state, division, told).unwrap_or(told);
    settle(state, event, id, data.grade.as_ref(), ConcludedBy::Prefecture);
    if let Some(appeal) = state.certificates.appeal_of_case_mut(id) {
        appeal.step = AppealStep::Answered { until };
    }
    state.certificates.retain(id, until);
}

pub(super) fn evolve_concluded(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    data: &AppealConcluded,
) {
    judged(state, event, id);
    settle(state, event, id, data.grade.as_ref(), ConcludedBy::Panel);
    state.certificates.close_appeal(&data.person, id);
    // What ended stays ended: nothing more can come of it.
    if let Some(Stage::Ended(ending)) = state.certificates.case(id).map(|case| case.stage) {
        state.certificates.end_case(id, ending);
    }
}

/// Gives a conclusion of the appeal its effect on the case.
fn settle(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    grade: Option<&Grade>,
    by: ConcludedBy,
) {
    let Some(case) = state.certificates.case(id) else { return };
    let (person, stage) = (case.person, case.stage);
    let Some(earlier) = case.progress.as_ref().and_then(|found| found.conclusion.clone()) else {
        return;
    };
    let on = Day::of_millis(event.recorded_at_ms);
    let statement: Hash = event.id;
    let new = Conclusion { statement, grade: grade.cloned(), second_round: true, on, by };
    match stage {
        Stage::Ended(Ending::Issued) => {
            let other = new.grade.is_some() && new.grade != earlier.grade;
            state.certificates.conclude_on_appeal(person, other.then_some(new));
            with_progress(state, id, |_, progress| {
                if let Some(conclusion) = &mut progress.conclusion {
                    (conclusion.on, conclusion.by) = (on, by);
                }
            });
        }
        Stage::Ended(_) if new.grade.is_some() => {
            go_on(state, id, new);
            state.certificates.reopen(id);
        }
        Stage::Ended(_) => with_progress(state, id, |_, progress| progress.conclusion = Some(new)),
        _ if new.grade == earlier.grade => with_progress(state, id, |_, progress| {
            // The statement stays: the notice and the review were about it.
            if let Some(conclusion) = &mut progress.conclusion {
                (conclusion.on, conclusion.by, conclusion.second_round) = (on, by, true);
            }
        }),
        _ => go_on(state, id, new),
    }
}

/// The case goes on from a new conclusion: notice and review have to come again.
fn go_on(state: &mut State, id: &CaseId, conclusion: Conclusion) {
    with_progress(state, id, |stage, progress| {
        *stage = if conclusion.grade.is_some() { Stage::Assessed } else { Stage::NotMeeting };
        (progress.notice, progress.review, progress.approved_in) = (None, None, None);
        progress.conclusion = Some(conclusion);
    });
}

fn with_progress(state: &mut State, id: &CaseId, change: impl FnOnce(&mut Stage, &mut Progress)) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        change(stage, progress);
    }
}
