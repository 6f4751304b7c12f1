//! R47: entitled, as far as the ledger knows, and never paid. To help, not to blame.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::losses::is_in_prison;
use super::view::View;
use crate::event::{FlagKind::Lead, RollKind, Severity::S2};
use crate::value::{FactKind, Fen, Month, Programme};

/// R47: entitled but unpaid.
pub(super) static R47: Rule = Rule {
    id: "R47",
    version: 1,
    title_zh: "符合条件未享受护理补贴",
    title_en: "entitled to nursing care, not paid",
    severity: S2,
    kind: Lead,
    test: "in each of the last three months whose nursing-care roll is in (two at least) the \
           person has a certificate of level 1 or 2, is alive at its start, is in no excluding \
           benefit and not in prison; and none of them is paid",
    inputs: "nursing-care rolls of the person's division for two months or more",
    guards: &[
        "level 3 or 4",
        "died, in prison, in extreme-poverty support or with the work-injury nursing fee",
        "issued, expired or closed within those months",
        "a month paid by another division or paid back later",
        "a benefit applied for, granted or refused on the ledger",
    ],
    todo_zh: "上门告知政策,协助申请",
    todo_en: "visit, explain the benefit, help to apply",
};

const MONTHS_MAX: usize = 3;
const MONTHS_MIN: usize = 2;

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    if !file.certificates.iter().any(|card| card.level.is_severe()) {
        return;
    }
    let Some(division) = file.division() else { return };
    if file.cases.iter().any(|(_, programme, _)| *programme == Programme::NURSING_CARE_SUBSIDY) {
        return;
    }
    let rolls = view.coverage().months(RollKind::NursingCareSubsidy, division, view.on.month());
    let months: Vec<Month> = rolls.take(MONTHS_MAX).collect();
    if months.len() < MONTHS_MIN {
        return;
    }
    let paid = |month| {
        let nursing =
            file.payments.iter().filter(|p| p.paid.programme == Programme::NURSING_CARE_SUBSIDY);
        nursing.flat_map(super::file::Payment::months).any(|covered| covered == month)
    };
    let entitled = |month: Month| {
        let excluding = view.terms.exclusions(Programme::NURSING_CARE_SUBSIDY, division, month);
        let cards = &file.certificates;
        cards.iter().any(|card| card.covers(month) && card.level.is_severe())
            && !file.facts.iter().any(|entry| {
                let fact = &entry.fact;
                let lasts =
                    fact.from.month() <= month && fact.to.is_none_or(|to| month <= to.month());
                (fact.kind == FactKind::Death && fact.from < month.first_day())
                    || (excluding.contains(fact.kind) && lasts)
                    || is_in_prison(entry, month)
            })
    };
    if months.iter().all(|month| entitled(*month) && !paid(*month)) {
        let (last, count) = (months[0], months.len());
        let card =
            file.certificates.iter().find(|card| card.covers(last) && card.level.is_severe());
        let Some(card) = card else { return };
        let level = card.level.number();
        let zh = format!("等级 {level},{count} 个月均未发放");
        let en = format!("level {level}, none of {count} months paid");
        let rates =
            months.iter().map(|m| view.terms.rate(Programme::NURSING_CARE_SUBSIDY, division, *m));
        let money = rates.sum::<Option<Fen>>().unwrap_or_default();
        let finding =
            Finding::new(&R47, zh, en).card(card).programme(Some(Programme::NURSING_CARE_SUBSIDY));
        out.add(finding.money(money));
    }
}
