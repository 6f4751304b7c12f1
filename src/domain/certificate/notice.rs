//! `notice.posted`, `notice.waived`, `notice.closed` (E08, E09, E11).
//!
//! The day after posting is day 1, and the notice closes after its last day is over. Days count
//! from the day the ledger recorded the posting, or from the first day if that is later: nobody
//! can prove a notice that hung before it was recorded. A year without a published calendar
//! counts Monday to Friday; that refuses nothing. Taking the view down is a fact and changes
//! nothing here.

use super::assignment::second_round_due;
use super::case::{Case, Notice, Part, Progress, Stage};
use super::gates::Ask;
use crate::domain::{Rejection, State, refusal::refusals};
use crate::event::{NoticeClosed, NoticePosted, NoticeResult, Recorded};
use crate::policy::CertificatePolicy;
use crate::value::{CaseId, Day};

refusals! {
    /// Why a step of the notice is refused.
    pub enum Refused {
        /// No conclusion that meets the standard.
        NotConcluded = "I04", "not_concluded",
            "a notice follows a conclusion that meets the standard",
            "take the steps of the case in order",
            "结论符合标准之后才公示",
            "请按顺序办理";
        /// The level needs a second assessment first.
        SecondRoundDue = "I05", "second_assessment_due",
            "the policy asks for a second assessment of this level before the notice",
            "assign other assessors for a second round",
            "政策要求此等级在公示前作第二轮评定",
            "请指派其他医师作第二轮评定";
        /// The last day is too early.
        TooShort { least: u32, until: Day } = "I09", "notice_too_short",
            "a notice recorded now stays open {least} full working days, until {until} or later",
            "set data.closes_on to that day or a later one",
            "现在张贴的公示须满 {least} 个工作日，至 {until} 或更晚",
            "请把公示截止日设为该日或之后";
        /// Opens after it closes.
        SpanEmpty = "I09", "span_empty", "the notice closes before it opens",
            "correct data.opens_on or data.closes_on",
            "公示截止日早于起始日",
            "请更正公示起止日期（data.opens_on、data.closes_on）";
        /// A minor's.
        MinorsNotice = "I09", "minor_not_published",
            "the policy in force publishes no minor", "have the reviewer waive the notice",
            "现行政策不公示未成年人",
            "请审核人免予公示";
        /// The policy publishes minors too.
        NoWaiver = "I09", "waiver_not_allowed", "the policy in force waives no notice",
            "post the notice",
            "现行政策不免除公示",
            "请张贴公示";
        /// Not a minor.
        NotAMinor = "I09", "not_a_minor", "a notice is waived for a minor only",
            "post the notice",
            "只有未成年人可以免予公示",
            "请张贴公示";
        /// No notice hangs.
        NotPosted = "I09", "notice_not_posted", "no notice of this case hangs",
            "record notice.posted first",
            "本案没有正在进行的公示",
            "请先张贴公示";
        /// Still open.
        StillOpen { until: Day } = "I09", "notice_still_open",
            "the notice stays open until the end of {until}", "close it after that day",
            "公示到 {until} 当天结束为止",
            "请在该日之后结束公示";
        /// An objection waits.
        ObjectionOpen = "I09", "objection_open", "an objection is not resolved",
            "have the reviewer resolve it first",
            "有一项异议尚未处理",
            "请审核人先处理异议";
        /// An objection was upheld, so it is not clear.
        ObjectionUpheld = "I09", "objection_upheld",
            "an objection was upheld, so the notice does not close clear",
            "close it with result objection; a new assessment or a refusal follows",
            "有一项异议成立，公示不能以无异议结束",
            "请以“有异议”结束；随后重新评定或不予批准";
        /// No objection was upheld.
        NoObjection = "I09", "no_objection_upheld",
            "no objection was upheld, so the notice does not close with one",
            "close it clear after its last day",
            "没有异议成立，公示不能以有异议结束",
            "请在末日之后以无异议结束";
    }
}

pub(super) fn decide_posted(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &NoticePosted,
) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy_named(case.division)?;
    concluded(case, progress, policy)?;
    if policy.notice_waived_for_minors && policy.is_minor(progress.birth_date, ask.today) {
        return Err(Refused::MinorsNotice.into());
    }
    if data.closes_on < data.opens_on {
        return Err(Refused::SpanEmpty.into());
    }
    let least = policy.notice_working_days;
    let until = ask.state.policies.calendar().after(data.opens_on.max(ask.today), least);
    if data.closes_on < until {
        return Err(Refused::TooShort { least, until }.into());
    }
    Ok(())
}

pub(super) fn decide_waived(ask: &Ask<'_>, id: &CaseId) -> Result<(), Rejection> {
    let (case, progress) = ask.open(id)?;
    let policy = ask.policy_named(case.division)?;
    concluded(case, progress, policy)?;
    if !policy.notice_waived_for_minors {
        return Err(Refused::NoWaiver.into());
    }
    if !policy.is_minor(progress.birth_date, ask.today) {
        return Err(Refused::NotAMinor.into());
    }
    Ok(ask.apart(progress, Part::Review, &ask.event.signer.actor)?)
}

pub(super) fn decide_closed(
    ask: &Ask<'_>,
    id: &CaseId,
    data: &NoticeClosed,
) -> Result<(), Rejection> {
    let (_, progress) = ask.open(id)?;
    let Some(Notice::Hanging { closes_on, open, upheld }) = &progress.notice else {
        return Err(Refused::NotPosted.into());
    };
    if !open.is_empty() {
        return Err(Refused::ObjectionOpen.into());
    }
    match (data.result, *upheld) {
        (NoticeResult::Clear, true) => Err(Refused::ObjectionUpheld.into()),
        (NoticeResult::Objection, false) => Err(Refused::NoObjection.into()),
        (NoticeResult::Clear, false) if ask.today <= *closes_on => {
            Err(Refused::StillOpen { until: *closes_on }.into())
        }
        _ => Ok(()),
    }
}

fn concluded(case: &Case, progress: &Progress, policy: &CertificatePolicy) -> Result<(), Refused> {
    if case.stage != Stage::Assessed {
        return Err(Refused::NotConcluded);
    }
    if second_round_due(progress, policy) {
        return Err(Refused::SecondRoundDue);
    }
    Ok(())
}

pub(super) fn evolve_posted(state: &mut State, id: &CaseId, data: &NoticePosted) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Noticed;
        progress.notice =
            Some(Notice::Hanging { closes_on: data.closes_on, open: Vec::new(), upheld: false });
    }
}

pub(super) fn evolve_waived(state: &mut State, event: &Recorded, id: &CaseId) {
    if let Some((stage, progress)) = state.certificates.progress_mut(id) {
        *stage = Stage::Cleared;
        progress.notice = Some(Notice::Done(event.id));
    }
}

pub(super) fn evolve_closed(state: &mut State, event: &Recorded, id: &CaseId, data: &NoticeClosed) {
    let Some((stage, progress)) = state.certificates.progress_mut(id) else { return };
    match data.result {
        NoticeResult::Clear => {
            *stage = Stage::Cleared;
            progress.notice = Some(Notice::Done(event.id));
        }
        NoticeResult::Objection => {
            *stage = Stage::Objected;
            progress.notice = None;
            if let Some(round) = &progress.round {
                progress.fallen.extend(round.recorded_by().cloned());
                progress.fallen.extend(round.first_round.iter().flatten().cloned());
            }
        }
    }
}
