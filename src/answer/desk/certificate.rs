//! The forms of a certificate case, in the order of its chain (R05-R13).

mod waits;

pub(super) use waits::{to_hand_over, to_seal, waiting};

use serde_json::{Value, json};

use super::form::{actor, one_of};
use super::probe::Step;
use super::{About, Field, Kind, Offer, SecondRound, View};
use super::{appeal, cards, changes};
use crate::domain::certificate::draw;
use crate::domain::certificate::{Case, Notice, Progress, Round, Stage, second_round_due};
use crate::event::{ApplicationKind, Role, Sector};
use crate::policy::CertificatePolicy;
use crate::value::{CaseId, CertificateId, Hash, Subject};

/// One case as its forms see it.
struct Desk<'a> {
    view: &'a View<'a>,
    id: CaseId,
    case: &'a Case,
    progress: &'a Progress,
    /// The round of assessment that is open: of the case, or of its appeal.
    round: Option<&'a Round>,
    policy: Option<(Hash, &'a CertificatePolicy)>,
}

/// Every step that the viewer may take in a certificate case now.
pub(super) fn offers(view: &View<'_>, id: CaseId) -> Vec<Offer> {
    steps(view, id).into_iter().filter_map(|step| step.offer(view)).collect()
}

/// Every step of a certificate case, before the domain was asked.
pub(super) fn steps(view: &View<'_>, id: CaseId) -> Vec<Step> {
    let Some(case) = view.state.certificates.case(&id) else { return Vec::new() };
    let mut steps = Vec::new();
    let mut last = None;
    if let Some(progress) = case.progress.as_deref() {
        let policy = view.state.policies.certificate(case.division, view.today);
        let policy = policy.map(|(published, policy)| (published.hash, policy));
        let round = appeal::round(view, id, case).or(progress.round.as_ref());
        let desk = Desk { view, id, case, progress, round, policy };
        steps.extend(desk.steps());
        steps.extend(changes::of_case(view, id, case, progress));
        steps.extend(appeal::steps(view, id, case, progress, policy.map(|(_, policy)| policy)));
        last = Some(desk.declare_conflict());
    }
    steps.extend(cards::to_deliver(view, case.person, Some(id)));
    steps.extend(seal_file(view, id, case));
    steps.extend(last);
    steps
}

/// The second round of assessment of a case, where it is due or under way.
pub(super) fn second_round(view: &View<'_>, id: CaseId) -> Option<SecondRound> {
    let case = view.state.certificates.case(&id)?;
    let progress = case.progress.as_deref()?;
    let (_, policy) = view.state.policies.certificate(case.division, view.today)?;
    let is_on = match case.stage {
        Stage::Assessed => second_round_due(progress, policy),
        Stage::Assigned => progress.round.as_ref()?.first_round.is_some(),
        _ => false,
    };
    let level = progress.grade().filter(|_| is_on)?.level;
    Some(SecondRound { level, levels: policy.second_assessment_levels.clone() })
}

/// Whether the viewer, the ledger's automatic signer, may record a draw, of a case without a round.
pub(super) fn can_draw(view: &View<'_>, id: CaseId) -> bool {
    let Some(case) = view.state.certificates.case(&id) else { return false };
    let Ok(drawn) = draw::draw(view.state, &id, view.today) else { return false };
    let data = json!({
        "person": case.person, "institution": drawn.institution, "assessors": drawn.assessors,
        "draw_seed": drawn.seed,
    });
    let step = Step::new("assessment.assigned", Subject::Case(id), data).offer(view);
    case.stage != Stage::Assigned && step.is_some_and(|offer| offer.blocked.is_none())
}

/// Whether a case is the viewer's to work on: of their division or one below, by registration or
/// by residence; and of a transfer, the division that keeps the certificate.
pub(super) fn may_open(view: &View<'_>, case: &Case) -> bool {
    let covers = |division| view.signer.division.covers(division);
    covers(case.division)
        || case.progress.as_ref().is_some_and(|it| covers(it.residence))
        || changes::keeper(view, case).is_some_and(covers)
}

impl Desk<'_> {
    fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::from_iter(self.verify());
        steps.extend([self.accept(), self.not_accept()]);
        steps.extend([self.assign(), self.assess(), self.conclude()].into_iter().flatten());
        steps.extend(self.notice());
        steps.extend(self.review());
        steps.extend(self.approve());
        steps.push(self.refuse());
        steps.push(self.print());
        steps.extend(self.issue());
        steps
    }

    fn step(&self, name: &'static str, mut data: Value) -> Step {
        data["person"] = json!(self.case.person);
        Step::new(name, Subject::Case(self.id), data)
    }

    fn policy_hash(&self) -> Option<Hash> {
        self.policy.as_ref().map(|(hash, _)| *hash)
    }

    /// Of the outside registers only that of the police says who somebody is.
    fn verify(&self) -> Option<Step> {
        let signer = self.view.signer;
        let knows =
            signer.role != Role::DataCustodian || signer.sector == Some(Sector::PublicSecurity);
        let data = json!({ "birth_date": self.progress.birth_date });
        let step = self.step("identity.verified", data).fields(vec![
            Field::new("method", Kind::Text, "核实方式（如读卡器）", "how it was verified"),
            Field::new("photo_match", Kind::Flag, "人证相符", "the photograph is the person"),
            Field::new("hukou_match", Kind::Flag, "户籍相符", "the registration agrees"),
            Field::new(
                "id_confirmed",
                Kind::Flag,
                "公安核对公民身份号码一致",
                "the police confirm the number",
            )
            .optional(),
            Field::new("source", Kind::Paper("读卡记录"), "核实记录", "record of the check"),
        ]);
        knows.then_some(step)
    }

    fn accept(&self) -> Step {
        // Only where the applicant can be assessed: others would be a dead end.
        let able = draw::able(self.view.state, &self.id, self.view.today);
        let institutions: Vec<_> =
            able.iter().map(|(code, _)| actor(self.view.state, code)).collect();
        let mut fields = Vec::new();
        if !institutions.is_empty() && assessed(self.case.kind) {
            let kind = Kind::One(institutions);
            fields.push(Field::new("institution", kind, "评定机构", "institution").optional());
        }
        self.step("application.accepted", json!({})).fields(fields)
    }

    fn not_accept(&self) -> Step {
        self.step("application.not_accepted", json!({})).not_due().fields(vec![
            Field::new("reason", Kind::Text, "不予受理的理由", "why it is not accepted"),
            Field::new(
                "missing",
                Kind::Texts,
                "缺少的材料，每行一项",
                "missing papers, one a line",
            ),
            Field::new(
                "told",
                Kind::Told,
                "书面告知及送达凭证",
                "written notice and proof of delivery",
            ),
        ])
    }

    fn assign(&self) -> Option<Step> {
        // While a judge has the case, whom the judge assigns is the judge's own form.
        if appeal::is_judged(self.view, self.id, self.case) {
            return None;
        }
        let (_, policy) = self.policy.as_ref()?;
        let least = usize::try_from(policy.min_assessors).ok()?;
        // Where the applicant was sent; where too few are free there, the next one.
        let able = draw::able(self.view.state, &self.id, self.view.today);
        let asked = self.progress.institution.as_ref();
        let named = able.iter().find(|(code, _)| asked == Some(*code));
        let able = named.or_else(|| able.first()).map(|(code, _)| (*code).clone());
        let institution = able.or_else(|| asked.cloned())?;
        let of_it = |actor: &crate::domain::authority::Actor| {
            actor.role == Role::Assessor && actor.institution.as_ref() == Some(&institution)
        };
        // A second round is for others than the first, as the domain will say again; whoever recorded
        // in the round under way stays in it.
        let under_way = self.case.stage == Stage::Assigned;
        let round = self.progress.round.as_ref();
        let recorded: Vec<_> = round.iter().flat_map(|round| round.recorded_by()).collect();
        let first: Vec<_> =
            round.and_then(|round| round.first_round.as_ref()).into_iter().flatten().collect();
        let before = if under_way { &first } else { &recorded };
        let actors = self.view.state.actors.iter().filter(|(_, actor)| of_it(actor));
        let mut free: Vec<_> = actors.filter(|(id, _)| !before.contains(id)).collect();
        free.sort_by_key(|(id, _)| !(under_way && recorded.contains(id)));
        let free: Vec<_> = free.into_iter().map(|(id, _)| actor(self.view.state, id)).collect();
        let kind = Kind::Some(free, least);
        let data = json!({ "institution": institution });
        let step = self.step("assessment.assigned", data);
        let field = Field::new("assessors", kind, "评残医师", "assessors");
        let step = step.fields(vec![field]);
        // A round under way may get other assessors, but nothing waits for that: whoever may not do it
        // is told nothing.
        if under_way {
            return Some(step.not_due()).filter(|step| step.is_legal(self.view));
        }
        Some(step)
    }

    fn assess(&self) -> Option<Step> {
        let round = self.round?;
        let has = round.recorded_by().any(|actor| *actor == self.view.signer.actor);
        let claimed = About::Claimed(self.progress.claimed.clone());
        let step = self.step("assessment.recorded", json!({})).about(claimed).fields(vec![
            Field::new("meets", Kind::Flag, "符合残疾标准", "meets the standard"),
            Field::new("grade", Kind::Grade, "类别和等级", "category and level").only_if("meets"),
            Field::new("criterion", Kind::Text, "依据条款", "clause of the standard"),
            Field::new("standard", Kind::Text, "标准", "standard").at_first("GB/T 26341-2010"),
            Field::new("method", one_of(METHODS), "评定方式", "how it was assessed"),
            Field::new(
                "devices_removed",
                Kind::Flag,
                "已除去辅助器具",
                "assistive devices removed",
            ),
            Field::new("visit", Kind::Paper("入户记录"), "入户评定记录", "record of a home visit")
                .optional(),
            Field::new("evidence", Kind::Papers("评定表"), "评定材料", "papers of the assessment"),
        ]);
        (!has).then_some(step)
    }

    fn conclude(&self) -> Option<Step> {
        let round = self.round.filter(|round| !round.records.is_empty())?;
        let statements: Vec<_> = round.records.iter().map(|record| record.statement).collect();
        let first = round.records.first()?;
        let agreed = round.records.iter().all(|record| record.grade == first.grade);
        let mut data = json!({ "assessments": statements });
        if round.first_round.is_some() {
            data["second_round"] = json!(true);
        }
        let mut fields = Vec::new();
        if agreed {
            data["meets"] = json!(first.grade.is_some());
            if let Some(grade) = &first.grade {
                data["grade"] = json!(grade);
            }
        } else {
            fields.extend([
                Field::new("meets", Kind::Flag, "符合残疾标准", "meets the standard"),
                Field::new("grade", Kind::Grade, "类别和等级", "category and level")
                    .only_if("meets"),
                Field::new(
                    "reconciliation",
                    Kind::Paper("会商记录"),
                    "意见不一致的会商记录",
                    "record of how differing findings were settled",
                ),
            ]);
        }
        Some(self.step("assessment.concluded", data).fields(fields))
    }

    /// Posting or waiving the notice, what is said against it, closing and taking it down.
    fn notice(&self) -> Vec<Step> {
        let Some((hash, policy)) = self.policy else { return Vec::new() };
        let under = Some(hash);
        let today = self.view.today;
        let days = policy.notice_working_days;
        let last = self.view.state.policies.calendar().after(today, days);
        let minor =
            policy.notice_waived_for_minors && policy.is_minor(self.progress.birth_date, today);
        let post =
            self.step("notice.posted", json!({ "opens_on": today })).under(under).fields(vec![
                Field::new("place", Kind::Text, "公示地点", "where it hangs")
                    .at_first("村（社区）公示栏"),
                Field::new("closes_on", Kind::Day, "公示截止日", "last day")
                    .at_first(last)
                    .hinted(
                        format!("政策要求公示至少 {days} 个工作日，从张贴的次日起算：今天张贴的，最早为 {last}。"),
                        format!(
                            "The policy asks for at least {days} working days from the day after it is \
                             posted: posted today, {last} at the earliest."
                        ),
                    ),
                Field::new("photo", Kind::Paper("公示照片"), "公示照片", "photograph of it")
                    .optional(),
            ]);
        let down = || self.step("notice.taken_down", json!({ "removed_on": today })).not_due();
        let mut steps = if minor {
            let basis = Field::new("basis", Kind::Text, "免予公示的依据", "why it is waived")
                .at_first("未成年人，按规定不予公示");
            vec![self.step("notice.waived", json!({})).under(under).fields(vec![basis])]
        } else {
            vec![post]
        };
        // What was closed is taken down; a minor's never hung.
        if matches!(self.progress.notice, Some(Notice::Done(_))) && !minor {
            steps.push(down());
        }
        if let Some(Notice::Hanging { open, upheld, .. }) = &self.progress.notice {
            steps.push(self.step("objection.raised", json!({})).not_due().fields(vec![
                Field::new(
                    "ground",
                    Kind::Text,
                    "异议内容（不写个人信息）",
                    "the objection, without personal data",
                ),
                Field::new("evidence", Kind::Papers("异议材料"), "材料", "papers"),
            ]));
            steps.extend(open.iter().map(|objection| {
                self.step("objection.resolved", json!({ "objection": objection })).fields(vec![
                    Field::new("outcome", one_of(OUTCOMES), "处理结果", "outcome"),
                    Field::new("reason", Kind::Text, "理由", "reason"),
                    Field::new(
                        "evidence",
                        Kind::Papers("核查记录"),
                        "核查材料",
                        "papers of the inquiry",
                    ),
                ])
            }));
            let result = if *upheld { "objection" } else { "clear" };
            let closed = self.step("notice.closed", json!({ "result": result })).under(under);
            steps.push(closed);
        }
        steps
    }

    fn review(&self) -> Option<Step> {
        let Some(Notice::Done(notice)) = self.progress.notice else { return None };
        let checklist = json!({
            "application": self.progress.application,
            "acceptance": self.progress.acceptance?,
            "assessment": self.progress.conclusion.as_ref()?.statement,
            "notice": notice,
        });
        let step = self.step("review.completed", json!({ "checklist": checklist }));
        Some(step.under(self.policy_hash()).fields(vec![
                Field::new("opinion", one_of(OPINIONS), "审核意见", "opinion"),
                Field::new(
                    "reason",
                    Kind::Text,
                    "理由（不同意或退回时必填）",
                    "reason, needed unless you agree",
                )
                .optional(),
                Field::new("delay_cause", Kind::Text, "超期原因", "cause of a delay").optional(),
            ]))
    }

    fn approve(&self) -> Option<Step> {
        let grade = self.progress.grade()?;
        let data = json!({ "grade": grade, "review": self.progress.review? });
        Some(self.step("certificate.approved", data).under(self.policy_hash()))
    }

    fn refuse(&self) -> Step {
        let step = self.step("certificate.refused", json!({})).under(self.policy_hash());
        let step = step.fields(vec![
            Field::new("reason", Kind::Text, "不予发证的理由", "why it is refused"),
            Field::new(
                "told",
                Kind::Told,
                "书面告知及送达凭证",
                "written notice and proof of delivery",
            ),
        ]);
        let waits = matches!(self.case.stage, Stage::NotMeeting | Stage::Disagreed);
        if waits { step } else { step.not_due() }
    }

    fn print(&self) -> Step {
        self.step("certificate.printed", json!({})).fields(vec![
            Field::new("blank", Kind::Personal, "空白证编号", "number of the blank"),
            Field::new("printer", Kind::Text, "制证机", "printer").at_first("区残联一号制证机"),
            Field::new("seal", Kind::Text, "加盖印章", "seal").at_first("区残联证件专用章"),
        ])
    }

    fn issue(&self) -> Option<Step> {
        let (hash, policy) = self.policy?;
        let today = self.view.today;
        let mut data = json!({
            "person": self.case.person,
            "case": self.id,
            "id": self.progress.id,
            "grade": self.progress.grade()?,
            "replaced": 0,
            "generation": "third",
            "valid_from": today,
            "valid_to": policy.valid_to(today),
            "approving_division": self.progress.approved_in?,
        });
        let mut fields = Vec::from(changes::printed());
        if let Some(old) = self.progress.previous {
            data["supersedes"] = json!(old);
            fields.push(changes::old_card());
        }
        let new = Subject::Certificate(CertificateId([0; 16]));
        let step = Step::new("certificate.issued", new, data).of_new_subject();
        Some(step.under(Some(hash)).fields(fields))
    }

    fn declare_conflict(&self) -> Step {
        let relation =
            Field::new("relation", one_of(RELATIONS), "与当事人的关系", "relation to the person");
        self.step("conflict.declared", json!({})).not_due().fields(vec![relation])
    }
}

/// Sealing the file of a case that ended. It waits for the receipt of the card, and for the end of an
/// appeal: both belong into it.
fn seal_file(view: &View<'_>, id: CaseId, case: &Case) -> Option<Step> {
    let ended = matches!(case.stage, Stage::Ended(_)) && !case.sealed;
    let data = json!({ "person": case.person, "case": id });
    let step = Step::new("case_file.sealed", Subject::Case(id), data).fields(vec![
        Field::new("manifest", Kind::Digest, "案卷目录", "list of the file's papers"),
        Field::new("items", Kind::Count, "材料份数", "number of papers").at_first(1),
    ]);
    let grows = appeal::of(view, id, case).is_some()
        || cards::to_deliver(view, case.person, Some(id)).next().is_some();
    ended.then(|| if grows { step.not_due() } else { step })
}

const fn assessed(kind: ApplicationKind) -> bool {
    matches!(kind, ApplicationKind::New | ApplicationKind::Renew | ApplicationKind::Regrade)
}

const METHODS: &[(&str, &str, &str)] = &[
    ("in_person", "当面评定", "in person"),
    ("home_visit", "入户评定", "at the person's home"),
    ("by_sight", "目测", "by sight"),
];
const OPINIONS: &[(&str, &str, &str)] = &[
    ("agree", "同意", "agree"),
    ("return_for_correction", "退回补正", "return for correction"),
    ("disagree", "不同意", "disagree"),
];
const OUTCOMES: &[(&str, &str, &str)] =
    &[("dismissed", "异议不成立", "dismissed"), ("upheld", "异议成立", "upheld")];
const RELATIONS: &[(&str, &str, &str)] = &[
    ("spouse", "配偶", "spouse"),
    ("parent", "父母", "parent"),
    ("child", "子女", "child"),
    ("sibling", "兄弟姐妹", "sibling"),
    ("other", "其他利害关系", "other"),
];
