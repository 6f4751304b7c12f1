//! R40d: more residents at a facility than it has places.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::Placement;
use super::key::{ActorRef, Key};
use super::view::View;
use crate::event::{FlagKind::Conclusive, Severity::S1};
use crate::value::{Day, Fen, Month, PersonId, Programme, Unit};

/// R40d: placed where no place was free.
pub(super) static R40D: Rule = Rule {
    id: "R40d",
    version: 2,
    title_zh: "超出机构核定容量安置",
    title_en: "placed beyond the facility's places",
    severity: S1,
    kind: Conclusive,
    test: "on the day the person's placement at an institution began, at least as many others as \
           its designation gives it places for lived there, who came on an earlier day or stand \
           before it on the log; a programme whose policy is not for residents takes no bed",
    inputs: "placements that name the institution; a designation, in force that day, that says how \
             many it may hold",
    guards: &[
        "who comes by day, is trained or works there: no bed is taken",
        "somebody who left that day",
        "one person placed there twice",
        "an institution without a designated number of places",
        "a placement or a designation of a later day",
    ],
    todo_zh: "清点在住人员，核实是否虚报，超员的另行安置",
    todo_en: "count who lives there; look for names without a bed, and place the rest elsewhere",
};

/// A placement at an institution, and whose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    person: PersonId,
    index: u64,
    from: Day,
    to: Option<Day>,
    /// Of a programme that houses people, as far as a policy says.
    bed: bool,
}

impl Stay {
    /// The person's bed is taken that night: who leaves that day gives it up.
    fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    judge_by(&R40D, view, file, |stay| stay.bed, out);
}

/// R40d as version 1 had it: whoever comes by day, or works there, counts too.
pub(super) fn judge_everybody(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    judge_by(rule, view, file, |_| true, out);
}

fn judge_by(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    counts: impl Fn(&Stay) -> bool,
    out: &mut Findings<'_>,
) {
    for placement in &file.grants.placements {
        let Some(code) = placement.institution else { continue };
        let capacity = view.designation(code, placement.from).and_then(|found| found.capacity);
        let Some(places) = capacity else { continue };
        let stays = view.stays(code);
        let own = |stay: &&Stay| stay.index == placement.index && counts(stay);
        if stays.iter().find(own).is_none() {
            continue;
        }
        let before: Vec<&Stay> = stays
            .iter()
            .filter(|stay| stay.person != file.person && stay.holds(placement.from))
            .filter(|stay| (stay.from, stay.index) < (placement.from, placement.index))
            .filter(|stay| counts(stay))
            .collect();
        let others: BTreeSet<PersonId> = before.iter().map(|stay| stay.person).collect();
        if others.len() < places as usize {
            continue;
        }
        let (day, count) = (placement.from, others.len());
        let zh = format!("{day} 入住时已有 {count} 人，核定 {places} 人");
        let en = format!("{count} others lived there on {day}; it has {places} places");
        let month = day.month();
        let finding = Finding::new(rule, zh, en).programme(Some(placement.programme));
        let finding = finding.month(Some(month)).seen(placement.index);
        let money = paid_for(file, placement.programme, month);
        out.add(finding.money(money).all_seen(before.iter().map(|stay| stay.index)));
    }
}

/// Says whether a placement takes a bed: not in a programme whose policy, where the institution is,
/// is for others than residents.
fn takes_a_bed(view: &View<'_>, code: ActorRef, placement: &Placement) -> bool {
    let policy = view.designation(code, placement.from).and_then(|found| {
        view.terms.policy(placement.programme, found.division, placement.from.month())
    });
    policy.is_none_or(|policy| policy.unit == Unit::Resident)
}

fn paid_for(file: &PersonFile, programme: Programme, month: Month) -> Fen {
    let of = |payment: &&super::file::Payment| {
        payment.paid.programme == programme && payment.months().any(|covered| covered == month)
    };
    file.payments.iter().filter(of).map(super::file::Payment::share).sum()
}

impl View<'_> {
    /// Who was ever placed at an institution.
    pub(super) fn stays(&self, code: ActorRef) -> Rc<Vec<Stay>> {
        if let Some(known) = self.facilities.borrow().get(&code) {
            return Rc::clone(known);
        }
        let mut stays = Vec::new();
        for person in self.persons(&Key::Facility(code)) {
            let file = self.file(person);
            let here = |placement: &&Placement| placement.institution == Some(code);
            stays.extend(file.grants.placements.iter().filter(here).map(|placement| {
                let Placement { index, from, to, .. } = *placement;
                Stay { person, index, from, to, bed: takes_a_bed(self, code, placement) }
            }));
        }
        let stays = Rc::new(stays);
        self.facilities.borrow_mut().insert(code, Rc::clone(&stays));
        stays
    }
}
