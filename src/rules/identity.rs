//! Who is who: R06 one ID number for two persons, R07 two certificates, R36 an ID number or a birth
//! date that cannot be.

use super::certificate::Certificate;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::key::Key;
use super::step::StepKind;
use super::view::View;
use crate::event::{
    FlagKind::Conclusive,
    Severity::{S1, S2},
};
use crate::value::{FactKind, IdForm, Tag};

/// R06: one ID number, two names.
pub(super) static R06: Rule = Rule {
    id: "R06",
    version: 1,
    title_zh: "一号两人",
    title_en: "one ID number, two persons",
    severity: S1,
    kind: Conclusive,
    test: "two open certificates have one ID number and different names",
    inputs: "certificates with names",
    guards: &[
        "an older certificate that was closed",
        "a name that the person's record corrects",
        "a mistyped number that was corrected",
    ],
    todo_zh: "核对两人身份，更正号码或注销冒用的证件",
    todo_en: "establish both identities; correct the number, or cancel the card that misuses it",
};

/// R07: two open certificates of one person.
pub(super) static R07: Rule = Rule {
    id: "R07",
    version: 1,
    title_zh: "一人两证",
    title_en: "one person, two open certificates",
    severity: S1,
    kind: Conclusive,
    test: "two open certificates have one ID number and the same name",
    inputs: "certificates with their status",
    guards: &["renewed, regraded or replaced: the older card is closed", "a status of a later day"],
    todo_zh: "保留有效证件，注销另一证，核查补贴",
    todo_en: "keep the card that is right, cancel the other, check the benefits",
};

/// R36: an ID number that cannot be.
pub(super) static R36: Rule = Rule {
    id: "R36",
    version: 2,
    title_zh: "身份号码错误",
    title_en: "impossible ID number",
    severity: S2,
    kind: Conclusive,
    test: "the check character is wrong, or the birth date in the number does not exist; graver \
           (S1) where money was paid under that number",
    inputs: "a certificate or an application with the number",
    guards: &[
        "15 digits of the old form",
        "a mistyped number that was corrected, or is not this person's",
    ],
    todo_zh: "按户籍登记更正号码",
    todo_en: "correct the number from the household register",
};

/// R36b: a birth date nobody living has.
pub(super) static R36B: Rule = Rule {
    id: "R36b",
    version: 1,
    title_zh: "出生日期不合常理",
    title_en: "an impossible age",
    severity: S2,
    kind: Conclusive,
    test: "the person's birth date lies after the day judged, or makes the person older than 120",
    inputs: "a certificate or an application with a birth date",
    guards: &["a death that is recorded", "an ID number without a birth date: R36"],
    todo_zh: "按户籍登记更正号码，核实是否在世",
    todo_en: "correct it from the household register, and ask whether the person is alive",
};

/// R36c: another birth date than the source says.
pub(super) static R36C: Rule = Rule {
    id: "R36c",
    version: 1,
    title_zh: "出生日期与核验来源不符",
    title_en: "another birth date than the verified one",
    severity: S2,
    kind: Conclusive,
    test: "the identity of an applicant was verified against a source with another birth date than \
           the application's; the sources say no sex, so it is not compared",
    inputs: "application and verification of one case on the ledger",
    guards: &["verified again with the application's date", "the papers handed in anew"],
    todo_zh: "核对户籍和身份证件后更正",
    todo_en: "compare household register and identity card, then correct",
};

/// Years nobody in the register has lived to see.
const AGE_MAX: i32 = 120;

fn birth_dates(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let born =
        file.certificates.iter().find_map(|card| Some((card.row.as_ref()?.birth?, card.index)));
    let applied =
        file.chain.iter().flat_map(|case| &case.steps).find_map(|entry| match entry.step.kind {
            StepKind::Submitted { birth, .. } => Some((birth, entry.index)),
            _ => None,
        });
    let died = file.facts_of(|kind| kind == FactKind::Death).next().is_some();
    if let Some((birth, index)) = applied.or(born)
        && !died
        && (birth > view.on || view.on.age_from(birth) > AGE_MAX)
    {
        let finding =
            Finding::new(&R36B, "出生日期在将来或年龄超过 120 岁", "not born yet, or over 120");
        out.add(finding.seen(index));
    }
    for case in &file.chain {
        let claimed = case.last(u64::MAX, |kind| matches!(kind, StepKind::Submitted { .. }));
        let verified = case.last(u64::MAX, |kind| matches!(kind, StepKind::Verified { .. }));
        let (Some(claimed), Some(verified)) = (claimed, verified) else { continue };
        if claimed.index > verified.index {
            continue;
        }
        if let (StepKind::Submitted { birth, .. }, StepKind::Verified { birth: known }) =
            (&claimed.step.kind, &verified.step.kind)
            && birth != known
        {
            let finding = Finding::new(&R36C, "与核验来源不一致", "the source says another date");
            out.add(finding.seen(claimed.index).seen(verified.index));
        }
    }
}

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    two_cards(view, file, out);
    birth_dates(view, file, out);
    judge_numbers(&R36, file, |id| paid_under(file, id), out);
}

/// Each number that cannot be; graver where the payment that `paid` finds was made under it.
pub(super) fn judge_numbers(
    rule: &'static Rule,
    file: &PersonFile,
    paid: impl Fn(Tag) -> Option<u64>,
    out: &mut Findings<'_>,
) {
    for (id, form, index) in &file.forms {
        let (zh, en) = match form {
            IdForm::BadCheck => ("校验码错误", "the check character is wrong"),
            IdForm::BadDate => ("号码中的出生日期不存在", "its birth date does not exist"),
            IdForm::Valid | IdForm::Old15 => continue,
        };
        let mut finding = Finding::new(rule, zh, en);
        finding = match file.certificates.iter().find(|card| card.index == *index) {
            Some(card) => finding.card(card),
            None => finding.seen(*index),
        };
        if let Some(payment) = paid(*id) {
            finding = finding.severity(S1).seen(payment);
        }
        out.add(finding);
    }
}

/// The first payment under an ID number: a later one is no news.
fn paid_under(file: &PersonFile, id: Tag) -> Option<u64> {
    file.payments.iter().find(|payment| payment.paid.id == id).map(|payment| payment.index)
}

/// The name on a card of the register; one issued here is its file's person by construction.
fn name_on(card: &Certificate) -> Option<Tag> {
    card.row.as_ref().map(|row| row.name)
}

fn open(file: &PersonFile) -> impl Iterator<Item = &Certificate> {
    file.certificates.iter().filter(|card| card.is_normal())
}

fn two_cards(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    let cards: Vec<_> = open(file).collect();
    for (at, one) in cards.iter().enumerate() {
        for other in &cards[at + 1..] {
            let is_renamed = |name: &Tag| file.renamed.contains(name);
            let names = name_on(one).zip(name_on(other));
            let two_names = names.is_some_and(|(a, b)| a != b && ![a, b].iter().any(is_renamed));
            out.add(pair(two_names && one.id == other.id, one, other));
        }
    }
    if cards.is_empty() {
        return;
    }
    // Two persons of the ledger who were given one number.
    for id in &file.ids {
        for person in view.persons(&Key::Id(*id)) {
            if person == file.person {
                continue;
            }
            let other = view.file(person);
            for one in cards.iter().filter(|card| card.id == *id) {
                for theirs in open(&other).filter(|card| card.id == *id) {
                    out.add(pair(name_on(one) != name_on(theirs), one, theirs));
                }
            }
        }
    }
}

fn pair(two_names: bool, one: &Certificate, other: &Certificate) -> Finding {
    let finding = if two_names {
        let zh = "同一号码两本正常证件，姓名不同";
        Finding::new(&R06, zh, "two open certificates with one ID number, different names")
    } else {
        Finding::new(&R07, "同一人两本证件均为正常", "two open certificates of one person")
    };
    finding.card(one).card(other)
}
