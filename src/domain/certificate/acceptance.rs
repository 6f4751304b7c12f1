//! `application.accepted` and `application.not_accepted` (E03).

use super::assignment::may_assess;
use super::case::{Ending, Notice, Part, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ApplicationAccepted, ApplicationKind, Recorded};
use crate::value::{ActorId, CaseId};

refusals! {
    /// Why an acceptance, or its refusal, is refused.
    pub enum Refused {
        /// The identity is not verified.
        NotVerified = "I04", "not_verified",
            "an application is accepted after the identity is verified",
            "record identity.verified first",
            "核实身份之后才能受理申请",
            "请先记录身份核实";
        /// The ID number's own form is wrong.
        IdInvalid = "I14", "id_form_invalid",
            "the ID number lacks its 18 characters, a real birth date or the right check character",
            "record application.not_accepted, and have the number corrected or upgraded",
            "公民身份号码不足 18 位、出生日期不存在或校验码不符",
            "请记录不予受理，并更正或升位号码";
        /// The institution is not designated.
        NotDesignated { institution: ActorId } = "I05", "institution_not_designated",
            "institution {institution} is not designated for what is claimed on this day",
            "send the applicant to an institution designated for the categories, or leave it open",
            "机构 {institution} 当天不是所申请类别的指定机构",
            "请选择对应类别的指定机构，或者不填";
        /// Too late not to accept it.
        AlreadyAccepted = "I04", "already_accepted", "the application was accepted",
            "the approver may refuse the case in writing",
            "该申请已经受理",
            "批准人可以书面不予批准";
    }
}

pub(super) fn decide_accepted(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &ApplicationAccepted,
) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    if case.stage != Stage::Verified {
        return Err(Refused::NotVerified.into());
    }
    if needs_assessment(case.kind) && !progress.id_valid {
        return Err(Refused::IdInvalid.into());
    }
    let fits = |code| {
        let found = ask.state.institutions.find(code);
        found.is_some_and(|found| may_assess(found, &progress.claimed, ask.today))
    };
    if let Some(code) = data.institution.as_ref().filter(|code| !fits(code)) {
        return Err(Refused::NotDesignated { institution: code.clone() }.into());
    }
    Ok(ask.apart(progress, Part::Accept, &ask.event.signer.actor)?)
}

pub(super) fn decide_not_accepted(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    let (case, _) = ask.open(id)?;
    match case.stage {
        Stage::Submitted | Stage::Verified | Stage::Returned => Ok(()),
        _ => Err(Refused::AlreadyAccepted.into()),
    }
}

/// A first certificate, a renewal and a regrade need an assessment; what else is decided here does
/// not.
pub(super) const fn needs_assessment(kind: ApplicationKind) -> bool {
    matches!(kind, ApplicationKind::New | ApplicationKind::Renew | ApplicationKind::Regrade)
}

pub(super) fn evolve_accepted(
    state: &mut State,
    event: &Recorded,
    id: &CaseId,
    data: &ApplicationAccepted,
) {
    let Some(case) = state.certificates.case(id) else { return };
    let (person, kind) = (case.person, case.kind);
    // What an appeal concluded about this certificate is not assessed once more.
    let known = state.certificates.concluded_on_appeal(&person).cloned();
    let known = known.filter(|_| kind == ApplicationKind::Regrade);
    let Some((stage, progress)) = state.certificates.progress_mut(id) else { return };
    // The completed papers of a returned case: its assessment and notice stand.
    let cleared = matches!(progress.notice, Some(Notice::Done(_)));
    *stage = if cleared { Stage::Cleared } else { Stage::Accepted };
    progress.acceptance = Some(event.id);
    progress.institution.clone_from(&data.institution);
    progress.took(Part::Accept, &event.signer.actor);
    let draws = progress.draw.is_none() && needs_assessment(kind);
    if known.is_some() {
        *stage = Stage::Assessed;
        progress.conclusion = known;
        state.certificates.conclude_on_appeal(person, None);
    }
    if draws {
        state.certificates.await_draw(*id, event.signer.organisation.clone());
    }
}

pub(super) fn evolve_not_accepted(state: &mut State, id: &CaseId) {
    state.certificates.end_case(id, Ending::NotAccepted);
}
