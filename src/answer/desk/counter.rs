//! What begins at the counter, and what a person asks for: an application, a correction, an appeal,
//! a restriction, an erasure.

use serde_json::{Value, json};

use super::form::{CATEGORIES, choices, one_of};
use super::probe::Step;
use super::{
    About, Field, Kind, Offer, Place, View, Waiting, apply, cards, changes, office, record,
};
use crate::domain::certificate::Stage;
use crate::event::{Recorded, Right, Role};
use crate::value::{CaseId, Hash, PersonId, Subject, Tag};

/// Working days in which an appeal is answered, when the clerk says nothing else.
const APPEAL_WORKING_DAYS: u32 = 30;

/// What the viewer may begin.
pub(super) fn offers(view: &View<'_>) -> Vec<Offer> {
    let division = view.signer.division;
    let mut data = json!({ "kind": "new" });
    if let Some(own) = own_tag(view) {
        data["id"] = json!(own);
    }
    let mut fields = vec![claimed()];
    if division.is_county() {
        data["hukou_division"] = json!(division);
    } else {
        fields.insert(0, changes::county(view));
    }
    let mut steps = vec![application(view, data.clone(), fields.clone())];
    steps.extend(ward(view, data, fields));
    steps.extend(office::steps(view));
    steps.into_iter().map(Step::not_due).filter_map(|step| step.offer(view)).collect()
}

/// A guardian with a key of their own applies for somebody whom the ledger does not know yet; whom it
/// knows it shows to their guardians, once the window has recorded them.
fn ward(view: &View<'_>, mut data: Value, fields: Vec<Field>) -> Option<Step> {
    let own = own_tag(view)?;
    data.as_object_mut()?.remove("id");
    data["guardian"] = json!({ "id": own });
    let mut step = application(view, data, fields).about(About::Ward);
    for field in &mut step.fields {
        field.required |= matches!(field.path, "guardian_name" | "guardian_id" | "evidence");
    }
    Some(step)
}

/// An application for whatever `data` says, with the fields that every application has.
pub(super) fn application(view: &View<'_>, mut data: Value, own: Vec<Field>) -> Step {
    let new = Subject::Case(CaseId([0; 16]));
    let by_the_person = view.signer.role == Role::Applicant;
    let mut fields = vec![
        Field::new("name", Kind::Personal, "姓名", "name"),
        Field::new("id_number", Kind::Personal, "公民身份号码", "ID number"),
        Field::new("phone", Kind::Personal, "电话", "telephone").optional(),
        Field::new("village", Kind::Personal, "村（社区）", "village").optional(),
        Field::new("guardian_name", Kind::Personal, "监护人姓名", "guardian's name").optional(),
        Field::new("guardian_id", Kind::Personal, "监护人公民身份号码", "guardian's ID number")
            .optional(),
        Field::new("residence_division", Kind::Division, "居住区划", "division of residence")
            .at_first(view.signer.division),
        Field::new("township", Kind::Text, "乡镇（街道）", "township").optional(),
    ];
    if by_the_person {
        data["channel"] = json!("online");
    } else {
        fields.extend([
            Field::new("channel", one_of(CHANNELS), "提交方式", "how it came in"),
            Field::new(
                "residence_permit",
                Kind::Paper("居住证"),
                "居住证（跨省通办时）",
                "residence permit, from another province",
            )
            .optional(),
        ]);
    }
    fields.extend(own);
    fields.push(papers("申请材料", "申请材料", "papers handed in").optional());
    Step::new("application.submitted", new, data).of_new_subject().not_due().fields(fields)
}

/// The tag of the ID number of a signer who is a person, not an office.
fn own_tag(view: &View<'_>) -> Option<Tag> {
    let is_person = view.signer.role == Role::Applicant;
    view.state.actors.find(&view.signer.actor).filter(|_| is_person)?.person
}

/// What is claimed.
pub(super) fn claimed() -> Field {
    let kind = Kind::Some(choices(CATEGORIES), 1);
    Field::new("claimed", kind, "申请的残疾类别", "what is claimed")
}

/// Papers that an act rests on.
pub(super) const fn papers(called: &'static str, zh: &'static str, en: &'static str) -> Field {
    Field::new("evidence", Kind::Papers(called), zh, en)
}

/// What may be done about a person.
pub(super) fn person_offers(view: &View<'_>, person: PersonId) -> Vec<Offer> {
    let Some(found) = view.state.people.find(&person) else { return Vec::new() };
    let subject = || Subject::Person(person);
    let reason = || Field::new("reason", Kind::Text, "更正依据", "why it is corrected");
    let mut steps =
        vec![Step::new("person.corrected", subject(), json!({ "person": person })).fields(vec![
            Field::new("name", Kind::Personal, "正确姓名", "right name").optional(),
            Field::new("phone", Kind::Personal, "正确电话", "right telephone").optional(),
            Field::new("village", Kind::Personal, "正确村（社区）", "right village").optional(),
            reason(),
        ])];
    if asked(view, person, Right::Restriction).is_none() {
        steps.push(restrict(person));
    }
    if asked(view, person, Right::Erasure).is_none() {
        steps.push(erase(view, person));
    }
    if let Some(wrong) = found.ids.last() {
        let data = json!({ "person": person, "from": wrong });
        steps.push(Step::new("identity.corrected", subject(), data).fields(vec![
            Field::new("id_number", Kind::Personal, "正确公民身份号码", "right ID number"),
            reason(),
        ]));
    }
    steps.extend(changes::of_holder(view, person));
    steps.extend(cards::of_person(view, person));
    steps.extend(record::of_person(view, person));
    steps.extend(appeals(view, person));
    steps.extend(apply::steps(view, person));
    steps.extend(RIGHTS.map(|right| ask_right(person, right)));
    let due = answers(view, person).into_iter().chain(cards::to_deliver(view, person, None));
    due.chain(steps.into_iter().map(Step::not_due)).filter_map(|it| it.offer(view)).collect()
}

/// Asking that the person's data be restricted, or erased.
fn ask_right(person: PersonId, right: Right) -> Step {
    let data = json!({ "person": person, "right": right });
    let reason = Field::new("reason", Kind::Text, "理由", "why");
    Step::new("right.requested", Subject::Person(person), data).fields(vec![reason])
}

/// The request of that right that waits for its answer.
fn asked(view: &View<'_>, person: PersonId, right: Right) -> Option<Hash> {
    let waits = view.state.requests.of(&person).iter();
    waits.filter(|request| request.right == right).map(|request| request.statement).next()
}

/// Doing what was asked for, or declining it.
pub(super) fn answers(view: &View<'_>, person: PersonId) -> Vec<Step> {
    let requests = view.state.requests.of(&person).iter();
    let answers = requests.flat_map(|request| {
        let done = match request.right {
            Right::Restriction => restrict(person),
            Right::Erasure => erase(view, person),
        };
        let data = json!({ "person": person, "request": request.statement });
        let declined = Step::new("right.declined", Subject::Person(person), data).fields(vec![
            Field::new("reason", Kind::Text, "不予办理的理由", "why it is declined"),
            Field::new(
                "told",
                Kind::Told,
                "书面告知及送达凭证",
                "written notice and proof of delivery",
            ),
        ]);
        [done, declined].map(|step| step.resting_on(vec![request.statement]))
    });
    answers.collect()
}

/// The people who asked for something about their data and wait for the viewer.
pub(super) fn waiting<'a>(view: &'a View<'a>) -> impl Iterator<Item = Waiting> {
    let own = |person: &PersonId| {
        let place = view.state.people.find(person).and_then(|found| found.hukou_division);
        place.is_none_or(|place| view.signer.division.covers(place))
    };
    let requests = view.state.requests.iter().filter(move |(person, _)| own(person));
    requests.filter_map(move |(person, request)| {
        let due = answers(view, *person).into_iter().filter_map(|step| step.offer(view));
        let due = due.filter(|offer| offer.refs == [request.statement]);
        let steps: Vec<_> = due.map(|offer| offer.name).collect();
        (!steps.is_empty()).then_some(Waiting {
            subject: Subject::Person(*person),
            place: Place::Person(*person),
            person: Some(*person),
            steps,
            since: Some(request.on),
            second_round: false,
        })
    })
}

fn restrict(person: PersonId) -> Step {
    let data = json!({ "person": person });
    let basis = Field::new("basis", Kind::Text, "限制处理的依据", "why processing is restricted");
    Step::new("processing.restricted", Subject::Person(person), data).fields(vec![basis])
}

fn erase(view: &View<'_>, person: PersonId) -> Step {
    let mut keys = view.state.people.keys_of(&person);
    keys.retain(|key| !view.state.erased_keys.contains(key));
    let data = json!({ "person": person, "keys": keys });
    Step::new("personal_data.erased", Subject::Person(person), data).fields(vec![
        Field::new("basis", Kind::Text, "删除的法律依据", "legal basis of the erasure"),
        Field::new(
            "retention_check",
            Kind::Text,
            "保存期限核查结果",
            "what the check of retention found",
        )
        .optional(),
        Field::new(
            "final_on",
            Kind::Day,
            "最后一份备份失效之日",
            "the day the last backup with the keys ends",
        ),
    ])
}

const RIGHTS: [Right; 2] = [Right::Restriction, Right::Erasure];

/// A correction of what an event says: anybody may ask, a reviewer endorses.
pub(super) fn correction(view: &View<'_>, event: &Recorded) -> Option<Offer> {
    let data = json!({ "target": event.id });
    let step = Step::new("correction.recorded", event.subject.clone(), data);
    step.resting_on(vec![event.id])
        .fields(vec![
            Field::new("field", Kind::Text, "哪一项有误", "what is wrong"),
            Field::new(
                "value",
                Kind::Text,
                "正确内容（不写姓名和号码）",
                "what is right, without names or numbers",
            )
            .optional(),
            Field::new("reason", Kind::Text, "理由", "why"),
        ])
        .offer(view)
}

/// An appeal against a conclusion, while its term runs.
fn appeals(view: &View<'_>, person: PersonId) -> Vec<Step> {
    let due = view.state.policies.calendar().after(view.today, APPEAL_WORKING_DAYS);
    let open = view.state.certificates.open_case_of(&person);
    let ended = view
        .state
        .certificates
        .cases_retained()
        .filter(|(_, case)| case.person == person && matches!(case.stage, Stage::Ended(_)));
    let cases = open.into_iter().chain(ended.map(|(id, _)| *id));
    let step = |case: CaseId| {
        let data = json!({ "person": person });
        Step::new("appeal.filed", Subject::Case(case), data).fields(vec![
            Field::new("due_by", Kind::Day, "答复期限", "to be answered by").at_first(due),
            Field::new("evidence", Kind::Papers("复核申请"), "申请材料", "papers").optional(),
        ])
    };
    cases.map(step).collect()
}

const CHANNELS: &[(&str, &str, &str)] = &[
    ("window", "窗口", "at the window"),
    ("home_visit", "上门服务", "at the person's home"),
    ("online", "网上", "online"),
    ("cross_province", "跨省通办", "in another province"),
];
