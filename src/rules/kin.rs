//! Officers among the people they serve: R29 an officer acts in a relative's case, R30 an officer's
//! household holds a card or a benefit and nobody said so.

use super::case::Case;
use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::key::{ActorRef, Key};
use super::step::{StepKind, Tie};
use super::view::View;
use crate::event::{
    FlagKind::{Conclusive, Lead},
    Severity::{S1, S2},
};
use crate::value::Tag;

/// R29: an officer in an own case.
pub(super) static R29: Rule = Rule {
    id: "R29",
    version: 2,
    title_zh: "经办人与当事人有亲属关系",
    title_en: "an officer acted in an own or a relative's case",
    severity: S1,
    kind: Conclusive,
    test: "who signed a step of a case is the person of the case, has declared that person as a \
           relative, in an enrolment or with a newer key, or signed after declaring a conflict in \
           the case; a lead when \
           the officer is the person's guardian or of the household, or declared the conflict \
           after the step",
    inputs: "steps of a case, or of a benefit, on the ledger; enrolments with the officer's ID tag, \
             and key rotations",
    guards: &[
        "an officer who declared a conflict and took no step",
        "a guardianship that ended",
        "an officer of the same household by name only: officers join by ID number",
    ],
    todo_zh: "由无关人员重新审核该案，核查是否应回避",
    todo_en: "have an officer with no part in it review the case; ask why nobody stepped back",
};

/// R30: undeclared.
pub(super) static R30: Rule = Rule {
    id: "R30",
    version: 2,
    title_zh: "工作人员或其家庭成员享受待遇未申报",
    title_en: "an officer's household holds a card or a benefit, undeclared",
    severity: S2,
    kind: Lead,
    test: "the person has an open certificate or a payment, an enrolled officer is that person, \
           the guardian or of the household, and that officer declared neither the relation, in an \
           enrolment or with a newer key, nor a conflict in a case of the person",
    inputs: "enrolments with the officer's ID tag; a certificate or a payment",
    guards: &[
        "a relation declared in the enrolment, or with a newer key",
        "a conflict declared in one of the person's cases",
        "a household or a guardianship that was left",
    ],
    todo_zh: "核实资格，补办申报；本人依法享受的不得停发",
    todo_en: "check the entitlement and have it declared; who is entitled stays paid",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    judge_by(Some(&R29), Some(&R30), view, file, |_| true, out);
}

/// By what enrolments declare only, as version 1 had R29.
pub(super) fn judge_enrolled_cases(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    judge_by(Some(rule), None, view, file, |tie| !tie.later, out);
}

/// By what enrolments declare only, as version 1 had R30.
pub(super) fn judge_enrolled_holders(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    judge_by(None, Some(rule), view, file, |tie| !tie.later, out);
}

/// Cases by one rule, what is held by another; by the ties that count.
fn judge_by(
    related: Option<&'static Rule>,
    silent: Option<&'static Rule>,
    view: &View<'_>,
    file: &PersonFile,
    counts: fn(&Tie) -> bool,
    out: &mut Findings<'_>,
) {
    let cards = file.certificates.iter().filter(|card| card.is_normal()).map(|card| card.index);
    let paid = file.payments.iter().map(|payment| payment.index);
    let held: Vec<u64> = cards.chain(paid).collect();
    if file.chain.is_empty() && held.is_empty() {
        return;
    }
    let family = Family::of(view, file);
    let ties: Vec<(u64, Tie)> = file.ties.iter().filter(|(_, tie)| counts(tie)).copied().collect();
    if let Some(rule) = related {
        for case in &file.chain {
            own_case(rule, view, (&ties, &family), case, out);
        }
    }
    if let Some(rule) = silent.filter(|_| !held.is_empty()) {
        undeclared(rule, view, file, (&ties, &family), &held, out);
    }
}

/// Officers of the person's family, by what joins them.
struct Family {
    /// Tags of the guardians' and of the household members' ID numbers.
    tags: Vec<Tag>,
}

impl Family {
    fn of(view: &View<'_>, file: &PersonFile) -> Self {
        let guardians = file.guardians.iter().filter(|guardian| !guardian.ended);
        let mut tags: Vec<Tag> = guardians.filter_map(|guardian| guardian.id).collect();
        for home in &file.homes {
            for person in view.persons(&Key::Home(*home)) {
                let other = view.file(person);
                if person != file.person && other.homes.contains(home) {
                    tags.extend(&other.ids);
                }
            }
        }
        tags.sort_unstable();
        tags.dedup();
        Self { tags }
    }
}

fn own_case(
    rule: &'static Rule,
    view: &View<'_>,
    (ties, family): (&[(u64, Tie)], &Family),
    case: &Case,
    out: &mut Findings<'_>,
) {
    for entry in case.steps.iter().filter(|entry| entry.step.kind != StepKind::Conflict) {
        let by = entry.step.by;
        let is_same = |officer| view.same_person(officer, by);
        let conflict = case
            .steps
            .iter()
            .find(|other| other.step.kind == StepKind::Conflict && is_same(other.step.by));
        let tie = ties.iter().find(|(_, tie)| is_same(tie.officer));
        let own = view.officer(by).and_then(|officer| officer.person);
        let (zh, en, sure, basis) = match (tie, conflict) {
            (Some((index, tie)), _) if tie.is_self => {
                ("经办人即当事人", "the officer is the person of the case", true, *index)
            }
            (Some((index, _)), _) => (
                "经办人申报当事人为其亲属",
                "the officer declared the person as a relative",
                true,
                *index,
            ),
            (None, Some(declared)) => {
                let zh = "经办人在本案申报过利益冲突";
                let en = "the officer declared a conflict in this case";
                (zh, en, declared.index < entry.index, declared.index)
            }
            (None, None) if own.is_some_and(|tag| family.tags.contains(&tag)) => {
                let zh = "经办人是当事人的监护人或同户人员";
                let en = "the officer is the person's guardian or of the household";
                (zh, en, false, entry.index)
            }
            (None, None) => continue,
        };
        out.add(Finding::new(rule, zh, en).seen(entry.index).seen(basis).sure(sure));
    }
}

fn undeclared(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    (ties, family): (&[(u64, Tie)], &Family),
    held: &[u64],
    out: &mut Findings<'_>,
) {
    let declared = |officer: ActorRef| {
        let by_tie =
            ties.iter().any(|(_, tie)| !tie.is_self && view.same_person(tie.officer, officer));
        by_tie
            || file.chain.iter().flat_map(|case| &case.steps).any(|entry| {
                entry.step.kind == StepKind::Conflict && view.same_person(entry.step.by, officer)
            })
    };
    let themselves = ties.iter().filter(|(_, tie)| tie.is_self).copied();
    let relatives = family.tags.iter().flat_map(|tag| view.officers_of(*tag));
    for (index, tie) in themselves.chain(relatives) {
        if !declared(tie.officer) {
            let zh = "名册中的工作人员是本人、监护人或同户人员，未申报";
            let en = "an enrolled officer is the person, the guardian or of the household";
            out.add(Finding::new(rule, zh, en).seen(index).all_seen(held.iter().copied()));
        }
    }
}
