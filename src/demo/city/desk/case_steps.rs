//! What is said in the steps of a certificate's case, and about a card, and who says it.

use super::cards::{APPROVER, CLERK, ISSUER, NOTICE_OFFICER, REVIEWER};
use super::{COUNTY, Life, PANEL, PREFECTURE_DPF, Step, wrong};
use crate::crypto::TagKind;
use crate::demo::DemoError;
use crate::demo::county::office::{Office, evidence, label, told};
use crate::domain::certificate::{MaskedView, masked};
use crate::event::{
    AppealDeclined, AppealFiled, ApplicationAccepted, ApplicationKind, ApplicationNotAccepted,
    AssessmentConcluded, Body, CancelGround, CaseFileSealed, CertificateApproved,
    CertificateCancelled, CertificateDelivered, CertificateFrozen, CertificateLost,
    CertificateRefused, CertificateTransferredIn, CertificateTransferredOut, FreezeGround,
    IdentityVerified, NoticeClosed, NoticePosted, NoticeResult, NoticeTakenDown, ObjectionOutcome,
    ObjectionRaised, ObjectionResolved, RegradeConsented, ReminderKind, ReminderSent,
    ReviewCompleted, ReviewOpinion,
};
use crate::value::{CertificateId, PersonId, Subject};

/// Of the county that people leave.
const APPROVER_THERE: &str = "411721-approver-1";
/// As the shipped policy has it; a shorter notice is refused.
const NOTICE_WORKING_DAYS: u32 = 5;
/// The prefecture gets so many for its answer.
const ANSWER_WORKING_DAYS: u32 = 20;

impl Life {
    /// Steps whose subject is the case.
    pub(super) fn of_the_case(
        &self,
        step: &Step<'_>,
        person: PersonId,
        office: &Office<'_>,
    ) -> Result<(String, Body), DemoError> {
        let case = self.card_case(step.letter())?;
        let today = office.today();
        let grade = case.grade.clone();
        let (by, body): (_, Body) = match step.word(0) {
            "verify" => {
                let (_, _, holder) = self.who(step.letter())?;
                let data = IdentityVerified {
                    person,
                    method: label("居民身份证读卡器")?,
                    photo_match: true,
                    hukou_match: true,
                    birth_date: holder.person().birth,
                    division_at_birth: None,
                    id_confirmed: Some(true),
                    source: evidence("读卡记录")?,
                };
                (CLERK, data.into())
            }
            "accept" => {
                use ApplicationKind::{New, Regrade, Renew};
                let assessed = matches!(case.kind, New | Regrade | Renew);
                let institution = assessed.then(|| case.institution()).transpose()?;
                (CLERK, ApplicationAccepted { person, institution }.into())
            }
            "decline" => {
                let reason = label("材料不全")?;
                let missing = vec![label("近期医学诊断资料")?];
                let data = ApplicationNotAccepted { person, reason, missing, told: told()? };
                (CLERK, data.into())
            }
            "consent" => {
                let certificate = case.old.ok_or(wrong("card"))?;
                (APPROVER, RegradeConsented { person, certificate }.into())
            }
            "conclude" => {
                let data = AssessmentConcluded {
                    person,
                    meets: grade.is_some(),
                    grade,
                    assessments: case.assessments.clone(),
                    second_round: false,
                    reconciliation: None,
                };
                return Ok((case.seal(), data.into()));
            }
            "post" => {
                let (_, _, holder) = self.who(step.letter())?;
                let id = office.tag(TagKind::Id, &holder.id());
                let closes_on = office.calendar()?.after(today, NOTICE_WORKING_DAYS);
                let view = MaskedView {
                    name: masked(&holder.person().name).unwrap_or_default(),
                    division: COUNTY.parse()?,
                    place: label("村(社区)公示栏")?,
                    opens_on: today,
                    closes_on,
                };
                let data = NoticePosted {
                    person,
                    view: office.notice_hash(id, &view)?,
                    place: view.place,
                    opens_on: today,
                    closes_on,
                    photo: Some(evidence("公示照片")?),
                };
                (NOTICE_OFFICER, data.into())
            }
            "object" => {
                let papers = vec![evidence("异议记录")?];
                let ground = label("反映其能正常劳动")?;
                (CLERK, ObjectionRaised { person, by: None, ground, evidence: papers }.into())
            }
            "resolve" => {
                let data = ObjectionResolved {
                    person,
                    objection: case.objection,
                    outcome: ObjectionOutcome::Dismissed,
                    reason: label("入户核实,与评定结论一致")?,
                    evidence: vec![evidence("入户核查记录")?],
                };
                (REVIEWER, data.into())
            }
            "close" => {
                (NOTICE_OFFICER, NoticeClosed { person, result: NoticeResult::Clear }.into())
            }
            "unhang" => (NOTICE_OFFICER, NoticeTakenDown { person, removed_on: today }.into()),
            "vet" => {
                let cause = step.has("delayed").then(|| label("审核系统升级停用")).transpose()?;
                let data = ReviewCompleted {
                    person,
                    checklist: case.checklist.clone(),
                    opinion: ReviewOpinion::Agree,
                    reason: None,
                    delay_cause: cause,
                };
                (REVIEWER, data.into())
            }
            "approve" => {
                let grade = grade.ok_or(wrong("grade"))?;
                (APPROVER, CertificateApproved { person, grade, review: case.review }.into())
            }
            "refuse" => {
                let reason = label("经评定不符合残疾标准")?;
                (APPROVER, CertificateRefused { person, reason, told: told()? }.into())
            }
            "appeal" => {
                let due_by = office.calendar()?.after(today, ANSWER_WORKING_DAYS);
                let papers = vec![evidence("复核申请书")?];
                (CLERK, AppealFiled { person, due_by, evidence: papers }.into())
            }
            "dismiss" => {
                let reason = label("所附材料与评定结论无关")?;
                let by = if step.has("panel") { PANEL } else { PREFECTURE_DPF };
                (by, AppealDeclined { person, reason, told: told()? }.into())
            }
            "file" => {
                let data = CaseFileSealed {
                    person,
                    case: case.id,
                    manifest: evidence("案卷目录")?.hash,
                    items: 5,
                    gaps: Vec::new(),
                    archivist: None,
                };
                (ISSUER, data.into())
            }
            _ => return Err(wrong("verb").into()),
        };
        Ok((by.to_owned(), body))
    }

    /// Steps whose subject is the card itself.
    pub(super) fn of_the_card(
        &self,
        step: &Step<'_>,
        (person, certificate): (PersonId, CertificateId),
    ) -> Result<Option<(&'static str, Subject, Body)>, DemoError> {
        let county = || step.keys.get("from").copied().unwrap_or(COUNTY).parse();
        let (by, body): (_, Body) = match step.word(0) {
            "lose" => {
                (CLERK, CertificateLost { person, declaration: evidence("遗失声明")? }.into())
            }
            "deliver" => {
                let receipt = evidence("领证签收单")?;
                let data = CertificateDelivered { person, to_agent: false, mode: None, receipt };
                (CLERK, data.into())
            }
            "remind" => {
                let (kind, channel) = (ReminderKind::ExpirySixMonths, label("电话")?);
                (CLERK, ReminderSent { person, kind, channel }.into())
            }
            "cancel" => {
                let data = CertificateCancelled {
                    person,
                    ground: CancelGround::NotMeeting,
                    evidence: vec![evidence("复评结论")?],
                    told: Some(told()?),
                };
                (APPROVER, data.into())
            }
            "freeze" => {
                let ground = match step.word(2) {
                    "expiry" => FreezeGround::Expiry,
                    "overdue_transfer" => FreezeGround::OverdueTransfer,
                    _ => return Err(wrong("ground").into()),
                };
                let evidence = vec![evidence("冻结核查表")?];
                let by = if step.has("there") { APPROVER_THERE } else { APPROVER };
                (by, CertificateFrozen { person, ground, evidence, told: told()? }.into())
            }
            "leave" => {
                let file = evidence("迁出档案")?;
                let (from, to) = (county()?, COUNTY.parse()?);
                (APPROVER_THERE, CertificateTransferredOut { person, from, to, file }.into())
            }
            "arrive" => {
                let (from, to) = (county()?, COUNTY.parse()?);
                (APPROVER, CertificateTransferredIn { person, from, to, reassess: false }.into())
            }
            _ => return Ok(None),
        };
        Ok(Some((by, Subject::Certificate(certificate), body)))
    }
}
