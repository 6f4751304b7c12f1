//! What the window writes down about a person: a name that no application brought, guardians, who
//! left a household, and numbers that are theirs too or are not.

use serde_json::json;

use super::counter::papers;
use super::form::one_of;
use super::probe::Step;
use super::{Field, Kind, View};
use crate::value::{PersonId, Subject};

/// Every such step about a person whom the ledger knows.
pub(super) fn of_person(view: &View<'_>, person: PersonId) -> Vec<Step> {
    let Some(found) = view.state.people.find(&person) else { return Vec::new() };
    let subject = || Subject::Person(person);
    let reason = |zh, en| Field::new("reason", Kind::Text, zh, en);
    let mut steps = vec![guardian(view, person)];
    steps.extend(found.name.is_none().then(|| contact(person)));
    steps.extend(view.state.households.homes(&person).map(|home| {
        let data = json!({ "household": home, "person": person });
        let last = Field::new("to", Kind::Day, "离开之日", "last day").at_first(view.today);
        Step::new("household.member_left", Subject::Household(home), data).fields(vec![last])
    }));
    // Names and numbers are sealed: which guardian is meant stands in the form as a tag.
    steps.extend(found.guardians.iter().map(|guardian| {
        let data = json!({ "person": person, "guardian": guardian });
        let last = Field::new("to", Kind::Day, "监护止", "last day").at_first(view.today);
        Step::new("guardian.ended", subject(), data).fields(vec![last])
    }));
    let linked = Step::new("identity.linked", subject(), json!({ "person": person }));
    steps.push(linked.fields(vec![
        Field::new("id_number", Kind::Personal, "另一公民身份号码", "the other ID number"),
        reason("关联理由", "why it is this person's too"),
        papers("身份证明", "证明材料", "proof"),
    ]));
    // The current number is corrected, not taken away.
    let others = found.ids.split_last().map_or(&[][..], |(_, others)| others);
    steps.extend(others.iter().map(|id| {
        let data = json!({ "person": person, "id": id });
        let why = reason("解除理由", "why it is not this person's");
        Step::new("identity.unlinked", subject(), data).fields(vec![why])
    }));
    steps
}

/// Of somebody who is known from a payment or a household alone.
fn contact(person: PersonId) -> Step {
    let data = json!({ "person": person });
    Step::new("person.recorded", Subject::Person(person), data).fields(vec![
        Field::new("name", Kind::Personal, "姓名", "name"),
        Field::new("id_number", Kind::Personal, "公民身份号码", "ID number"),
        Field::new("phone", Kind::Personal, "电话", "telephone").optional(),
        Field::new("village", Kind::Personal, "村（社区）", "village").optional(),
        Field::new("hukou_division", Kind::Division, "户籍区划", "household registration")
            .optional(),
    ])
}

fn guardian(view: &View<'_>, person: PersonId) -> Step {
    let data = json!({ "person": person });
    Step::new("guardian.recorded", Subject::Person(person), data).fields(vec![
        Field::new("guardian_name", Kind::Personal, "监护人姓名", "guardian's name"),
        Field::new("guardian_id", Kind::Personal, "监护人公民身份号码", "guardian's ID number"),
        Field::new("kind", one_of(GUARDIANS), "监护类型", "what it rests on"),
        Field::new("from", Kind::Day, "监护起", "first day").at_first(view.today),
        papers("监护关系证明", "监护关系证明", "proof of the guardianship"),
    ])
}

const GUARDIANS: &[(&str, &str, &str)] = &[
    ("statutory", "法定监护", "by law"),
    ("appointed", "指定监护", "appointed"),
    ("agreed", "协议监护", "by agreement"),
    ("organisation", "组织监护", "by an organisation"),
];
