//! `case_file.sealed` (E24) and `correction.recorded` (E52).
//!
//! A correction changes nothing here: it names what was wrong and why. That the statement it names
//! exists is asked where the history is, through `refs`.

use super::case::Stage;
use super::gates::{self, Ask};
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{CaseFileSealed, CorrectionRecorded};
use crate::value::CaseId;

refusals! {
    /// Why a file is not sealed, or a correction not recorded.
    pub enum Refused {
        /// Not over.
        NotEnded = "I04", "case_not_ended", "a case file is sealed after the case has ended",
            "end the case first",
            "案件结束之后才能封存案卷",
            "请先结束案件";
        /// Sealed already.
        SealedAlready = "I04", "case_file_sealed", "the case file is sealed already",
            "record what came later as a correction",
            "案卷已经封存",
            "后来的内容请记录为更正";
        /// data.case is another case.
        CaseDiffers = "I04", "case_differs", "data.case is not the case of the subject",
            "correct data.case",
            "所填案件不是该对象的案件",
            "请更正案件（data.case）";
        /// Nothing in it.
        Empty = "I04", "case_file_empty", "a case file holds at least its application",
            "correct data.items and data.manifest",
            "案卷至少要有申请",
            "请更正卷内目录（data.items、data.manifest）";
        /// The corrected statement is not among the references.
        TargetNotInRefs = "I03", "target_not_in_refs",
            "a correction rests on the statement it corrects", "put data.target into refs",
            "更正必须依据被更正的记录",
            "请把 data.target 列入依据（refs）";
    }
}

pub(super) fn decide_sealed(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &CaseFileSealed,
) -> Result<(), Rejection> {
    let case = ask.state.certificates.case(id).ok_or(gates::Refused::UnknownCase)?;
    if data.case != *id {
        return Err(Refused::CaseDiffers.into());
    }
    if !matches!(case.stage, Stage::Ended(_)) {
        return Err(Refused::NotEnded.into());
    }
    if case.sealed {
        return Err(Refused::SealedAlready.into());
    }
    if data.items == 0 {
        return Err(Refused::Empty.into());
    }
    Ok(())
}

pub(super) fn decide_correction(ask: &Ask<'_>, data: &CorrectionRecorded) -> Result<(), Rejection> {
    if ask.event.payload.refs.contains(&data.target) {
        Ok(())
    } else {
        Err(Refused::TargetNotInRefs.into())
    }
}

pub(super) fn evolve_sealed(state: &mut State, id: &CaseId) {
    state.certificates.seal(id);
}
