//! `objection.raised` and `objection.resolved` (E10): the public answers a notice.

use super::case::{Notice, Part};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{ObjectionOutcome, ObjectionResolved, Recorded};
use crate::value::{CaseId, Hash};

refusals! {
    /// Why an objection, or its resolution, is refused.
    pub enum Refused {
        /// No notice hangs.
        NotPosted = "I09", "notice_not_posted", "no notice of this case hangs",
            "after the notice closed, an appeal is the way",
            "本案没有正在进行的公示",
            "公示结束之后，可以申请复核评定";
        /// No such objection.
        NoSuchObjection { id: Hash } = "I09", "no_such_objection",
            "no objection {id} of this case waits to be resolved", "correct data.objection",
            "本案没有等待处理的异议 {id}",
            "请更正异议（data.objection）";
        /// Nothing was looked into.
        EvidenceMissing = "I09", "evidence_missing",
            "an objection is resolved on what was found", "attach the evidence",
            "处理异议须依据查明的情况",
            "请附上材料";
    }
}

pub(super) fn decide_raised(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    match ask.open(id)?.1.notice {
        Some(Notice::Hanging { .. }) => Ok(()),
        Some(Notice::Done(_)) | None => Err(Refused::NotPosted.into()),
    }
}

pub(super) fn decide_resolved(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &ObjectionResolved,
) -> Result<(), Rejection> {
    let (_, progress) = ask.open(id)?;
    let waits = match &progress.notice {
        Some(Notice::Hanging { open, .. }) => open.contains(&data.objection),
        Some(Notice::Done(_)) | None => false,
    };
    if !waits {
        return Err(Refused::NoSuchObjection { id: data.objection }.into());
    }
    if data.evidence.is_empty() {
        return Err(Refused::EvidenceMissing.into());
    }
    Ok(ask.apart(progress, Part::Review, &ask.event.signer.actor)?)
}

pub(super) fn evolve_raised(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((_, progress)) = state.certificates.progress_mut(id)
        && let Some(Notice::Hanging { open, .. }) = &mut progress.notice
    {
        open.push(event.id);
    }
}

pub(super) fn evolve_resolved(state: &mut State, id: &CaseId, data: &ObjectionResolved) {
    if let Some((_, progress)) = state.certificates.progress_mut(id)
        && let Some(Notice::Hanging { open, upheld, .. }) = &mut progress.notice
    {
        open.retain(|objection| *objection != data.objection);
        *upheld |= data.outcome == ObjectionOutcome::Upheld;
    }
}
