//! The forms of somebody who holds a certificate: renewal, replacement, exchange, regrade, transfer
//! and cancellation, and the steps that only these cases take (R08-R12).

use serde_json::{Value, json};

use super::counter::{application, papers};
use super::probe::Step;
use super::{Field, Kind, Offer, View};
use crate::domain::certificate::{Case, Certificate, Progress, Stage};
use crate::event::ApplicationKind;
use crate::value::{CaseId, Category, CertificateId, DivisionCode, Hash, PersonId, Subject};

/// What somebody who holds a certificate may apply for where it is kept, and the declaration of its
/// loss.
pub(super) fn of_holder(view: &View<'_>, person: PersonId) -> Vec<Step> {
    let mut steps = Vec::new();
    for (id, held) in standing(view, person) {
        steps.extend(lost(id, held));
        let kinds = ["renew", "replace", "exchange_damaged", "regrade", "cancel"];
        let here = held.division;
        steps.extend(kinds.map(|kind| applied(view, person, (id, held), kind, here)));
    }
    steps
}

/// The transfer of what another county keeps to the viewer's own, for a person who was found by
/// their number.
pub(super) fn transfers(view: &View<'_>, person: PersonId) -> Vec<Offer> {
    let own = view.signer.division;
    let steps = standing(view, person).map(|(id, held)| {
        let step = applied(view, person, (id, held), "transfer", own);
        if own.is_county() { step } else { step.fields_first(county(view)) }
    });
    steps.filter_map(|step| step.not_due().offer(view)).collect()
}

/// The county that decides, for an officer of a whole prefecture.
pub(super) fn county(view: &View<'_>) -> Field {
    let own = view.signer.division;
    let field = Field::new("hukou_division", Kind::Division, "户籍区划", "county of registration");
    match DivisionCode::known().find(|code| code.is_county() && own.covers(*code)) {
        Some(first) => field.at_first(first),
        None => field,
    }
}

fn standing<'a>(
    view: &'a View<'_>,
    person: PersonId,
) -> impl Iterator<Item = (CertificateId, &'a Certificate)> {
    let held = view.state.people.find(&person).map_or(&[][..], |found| &found.certificates);
    let held = held.iter().filter_map(|id| Some((*id, view.state.certificates.find(id)?)));
    held.filter(|(_, found)| found.stands())
}

fn applied(
    view: &View<'_>,
    person: PersonId,
    (id, held): (CertificateId, &Certificate),
    kind: &str,
    division: DivisionCode,
) -> Step {
    let current = view.state.people.find(&person).and_then(|found| found.ids.last());
    let mut data = json!({ "person": person, "kind": kind, "certificate": id, "id": current });
    if division.is_county() {
        data["hukou_division"] = json!(division);
    }
    let mut fields = Vec::new();
    match kind {
        "regrade" => fields.push(super::counter::claimed()),
        "renew" => data["claimed"] = json!(categories(held)),
        _ => data["claimed"] = json!([]),
    }
    application(view, data, fields)
}

/// The categories that a certificate is about.
fn categories(held: &Certificate) -> Vec<Category> {
    match held.grade.components.as_slice() {
        [] => vec![held.grade.category],
        parts => parts.iter().map(|part| part.category).collect(),
    }
}

fn lost(id: CertificateId, held: &Certificate) -> Option<Step> {
    let data = json!({ "person": held.person });
    let paper = Kind::Paper("挂失声明");
    let declared = Field::new("declaration", paper, "挂失声明", "declaration of the loss");
    let step = Step::new("certificate.lost", Subject::Certificate(id), data);
    (!held.lost).then(|| step.fields(vec![declared]))
}

/// The steps that only a case of this kind takes.
pub(super) fn of_case(view: &View<'_>, id: CaseId, case: &Case, progress: &Progress) -> Vec<Step> {
    let Some(previous) = progress.previous else { return Vec::new() };
    let Some(held) = view.state.certificates.find(&previous) else { return Vec::new() };
    let about = About { view, person: case.person, previous, held };
    let accepted = case.stage == Stage::Accepted;
    match case.kind {
        ApplicationKind::Regrade => vec![about.consent(id, case)],
        ApplicationKind::Replace if accepted => vec![about.replace(false)],
        ApplicationKind::ExchangeDamaged if accepted => vec![about.replace(true)],
        ApplicationKind::Transfer if accepted => about.transfer(case.division),
        ApplicationKind::Cancel if accepted => vec![about.cancel()],
        _ => Vec::new(),
    }
}

/// The division that keeps the certificate a case wants to have transferred: its officers take a
/// step of a case that is not theirs.
pub(super) fn keeper(view: &View<'_>, case: &Case) -> Option<DivisionCode> {
    let previous = case.progress.as_ref()?.previous?;
    let is_transfer = case.kind == ApplicationKind::Transfer;
    view.state.certificates.find(&previous).filter(|_| is_transfer).map(|held| held.division)
}

/// What a case is about.
struct About<'a> {
    view: &'a View<'a>,
    person: PersonId,
    previous: CertificateId,
    held: &'a Certificate,
}

impl About<'_> {
    fn policy(&self, division: DivisionCode) -> Option<Hash> {
        let found = self.view.state.policies.certificate(division, self.view.today);
        found.map(|(published, _)| published.hash)
    }

    fn of_certificate(&self, name: &'static str, mut data: Value) -> Step {
        data["person"] = json!(self.person);
        Step::new(name, Subject::Certificate(self.previous), data)
    }

    fn consent(&self, id: CaseId, case: &Case) -> Step {
        let data = json!({ "person": self.person, "certificate": self.previous });
        let step = Step::new("regrade.consented", Subject::Case(id), data);
        step.under(self.policy(case.division))
    }

    /// The next card of a lost one, or the same card again of a damaged one.
    fn replace(&self, damaged: bool) -> Step {
        let current = self.view.state.people.find(&self.person).and_then(|it| it.ids.last());
        let mut data = json!({ "person": self.person, "lost": self.previous, "id": current });
        let [_, id_number, number] = printed();
        let blank = Field::new("blank", Kind::Personal, "空白证编号", "number of the blank");
        let mut fields = vec![id_number, number, blank];
        if damaged {
            data["old_card"] = json!("returned");
            data["replaced"] = json!(self.held.replaced);
            if let Some(number) = self.held.number {
                data["number"] = json!(number);
            }
        } else if self.held.legacy {
            // The suffix of an imported certificate stands only inside its number.
            let next = u64::from(self.held.replaced) + 1;
            let suffix = Field::new("replaced", Kind::Count, "补办次数（后缀 B）", "suffix B");
            fields.push(suffix.at_first(next));
        } else {
            data["replaced"] = json!(self.held.replaced.saturating_add(1));
        }
        let new = Subject::Certificate(CertificateId([0; 16]));
        Step::new("certificate.replaced", new, data).of_new_subject().fields(fields)
    }

    /// Handing over, which the county that keeps the certificate signs, and taking over.
    fn transfer(&self, to: DivisionCode) -> Vec<Step> {
        let from = self.held.division;
        let data = || json!({ "from": from, "to": to });
        let file = Kind::Paper("移交的案卷");
        let out = self.of_certificate("certificate.transferred_out", data());
        let out = out.under(self.policy(from)).fields(vec![Field::new(
            "file",
            file,
            "移交的案卷",
            "the file that is handed over",
        )]);
        let taken = self.of_certificate("certificate.transferred_in", data());
        let asks = Field::new("reassess", Kind::Flag, "要求重新评定", "ask for a new assessment");
        vec![out, taken.under(self.policy(to)).fields(vec![asks])]
    }

    fn cancel(&self) -> Step {
        let data = json!({ "ground": "voluntary" });
        let step = self.of_certificate("certificate.cancelled", data);
        step.under(self.policy(self.held.division)).fields(vec![
            papers("注销申请", "注销申请及材料", "the request and its papers"),
            Field::new(
                "told",
                Kind::Told,
                "书面告知及送达凭证",
                "written notice and proof of delivery",
            ),
        ])
    }
}

/// What is printed on a card: name, ID number, certificate number. They are sealed, and whoever
/// issues the card looks them up by a look that stands on the ledger.
pub(super) fn printed() -> [Field; 3] {
    [
        Field::new("name", Kind::Personal, "姓名", "name").hinted(
            "申请上的全名：打开此人的页面，填写用途后可查看。",
            "The full name of the application: open the person's page and look it up, with a purpose.",
        ),
        Field::new("id_number", Kind::Personal, "公民身份号码", "ID number").hinted(
            "此人现行的 18 位号码，在此人的页面上同样查看。",
            "The person's current number, 18 characters; it is looked up on the person's page, too.",
        ),
        Field::new("certificate_number", Kind::Personal, "残疾人证号", "certificate number").hinted(
            "公民身份号码，接类别代码一位（视力1、听力2、言语3、肢体4、智力5、精神6、多重7）和等级一位（1至4）；补办的再接 B 和次数。例：肢体三级，末两位为 43。换新损坏的证件，照旧证号。",
            "The ID number, the digit of the category (visual 1, hearing 2, speech 3, physical 4, intellectual 5, psychiatric 6, multiple 7) and of the level (1 to 4); of a replacement, B and how many there were. Physical, level 3, ends in 43. A damaged card is exchanged under its old number.",
        ),
    ]
}

/// What became of the old card that a new one replaces.
pub(super) fn old_card() -> Field {
    let kind = Kind::OldCard;
    Field::new("old_card", kind, "旧证", "old card")
}
