//! What is delivered: R40 paid for and not delivered, R40b in two places at once, R40c on a day of
//! rest, R40e to somebody who had died.

use super::file::PersonFile;
use super::flag::{Finding, Findings, Rule};
use super::grants::{Placement, Session};
use super::losses::{NAMESAKE, UNSURE};
use super::view::View;
use crate::event::{
    FlagKind::{Conclusive, Lead},
    Severity::{self, S1, S3},
};
use crate::value::{Day, FactKind, Month, Programme, Unit};

/// R40: paid, and nothing delivered.
pub(super) static R40: Rule = Rule {
    id: "R40",
    version: 1,
    title_zh: "服务未提供仍发放",
    title_en: "paid for a service not delivered",
    severity: S1,
    kind: Conclusive,
    test: "a service is paid for whose policy asks for attendance or a log of sessions, the month \
           or year paid is over, and in it the ledger has neither a session of the programme with \
           the person nor a placement",
    inputs: "a benefit determined on the ledger, whose deliveries are recorded there",
    guards: &[
        "a month or year that is not over",
        "a session recorded late",
        "a placement that covers part of the time",
        "a row of an old roll",
    ],
    todo_zh: "向本人和机构核实，未提供的追缴",
    todo_en: "ask the person and the provider; recover what was not delivered",
};

/// R40b: in two places at once.
pub(super) static R40B: Rule = Rule {
    id: "R40b",
    version: 2,
    title_zh: "同时在两处接受服务",
    title_en: "in two places at once",
    severity: S1,
    kind: Conclusive,
    test: "two placements of the person in one programme at different places overlap by more than \
           the day of the change: conclusive in a programme whose policy is for residents, who are \
           cared for in one place; in any other, such as employment, a lead of severity S3",
    inputs: "placements recorded on the ledger; a policy of the programme",
    guards: &[
        "one ends on the day the other begins",
        "placements of different programmes: a job beside a day centre",
        "the same place recorded again",
        "two part-time jobs: a lead only, for both may be true",
    ],
    todo_zh: "核实实际在哪一处，另一处追缴",
    todo_en: "find out where the person was; recover from the other place",
};

/// R40c: signs of sessions that were not held.
pub(super) static R40C: Rule = Rule {
    id: "R40c",
    version: 2,
    title_zh: "休息日或两处同日服务记录",
    title_en: "sessions on a day of rest, or of two providers on one day",
    severity: S1,
    kind: Lead,
    test: "two providers record a session of the same programme on one day; or a session is \
           recorded on a day that the calendar does not count as a working day, to somebody who is \
           no resident that day by the programme's policy or a placement: of severity S3, because \
           no record says on which days a provider is open",
    inputs: "sessions recorded on the ledger",
    guards: &[
        "a make-up workday",
        "two sessions of one provider on one day",
        "a resident: a home is open on days of rest",
        "a provider that is open on days of rest: severity S3, and its own days are to be asked",
    ],
    todo_zh: "核对签到原件，问本人和监护人",
    todo_en: "look at the attendance sheets; ask the person and the guardian",
};

/// R40e: served, visited or reviewed after death.
pub(super) static R40E: Rule = Rule {
    id: "R40e",
    version: 1,
    title_zh: "对已故人员登记服务、走访或复核",
    title_en: "a service, a visit or a review after the person's death",
    severity: S1,
    kind: Conclusive,
    test: "a session, a placement's first day, a support visit or a yearly review of the person is \
           recorded for a day after the death",
    inputs: "a death; sessions, placements, visits or yearly reviews on the ledger",
    guards: &[
        "the day of the death itself",
        "what was done before the death and recorded after it",
        "a placement that began before the death",
        "a death that was retracted",
        NAMESAKE,
        UNSURE,
    ],
    todo_zh: "核实登记是否虚构，查签字和影像",
    todo_en: "find out whether it was made up: ask for signatures and pictures",
};

pub(super) fn judge(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    after_death(file, out);
    undelivered(view, file, out);
    two_places(&R40B, file, out, |placement| is_of_residents(view, file, placement));
    doubtful(&R40C, view, file, out, |session| {
        let lives = |placement: &Placement| {
            placement.touches(session.day, session.day) && is_of_residents(view, file, placement)
        };
        let of_residents = is_for_residents(view, file, session.programme, session.day);
        let resident = of_residents || file.grants.placements.iter().any(lives);
        (!resident).then_some(S3)
    });
}

/// R40b as version 1 had it: conclusive of two jobs, too.
pub(super) fn judge_two_places(rule: &'static Rule, file: &PersonFile, out: &mut Findings<'_>) {
    two_places(rule, file, out, |_| true);
}

/// R40c as version 1 had it: any day of rest, of residents too, and as grave as two providers.
pub(super) fn judge_doubtful(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
) {
    doubtful(rule, view, file, out, |_| Some(rule.severity));
}

fn is_of_residents(view: &View<'_>, file: &PersonFile, placement: &Placement) -> bool {
    is_for_residents(view, file, placement.programme, placement.from)
}

/// Says whether the policy of the programme is for residents, who are cared for in one place.
fn is_for_residents(view: &View<'_>, file: &PersonFile, programme: Programme, day: Day) -> bool {
    let grant = file.grants.list.iter().rev().find(|grant| grant.programme == programme);
    let division = grant.map(|grant| grant.division).or_else(|| file.division());
    let policy = division.and_then(|division| view.terms.policy(programme, division, day.month()));
    policy.is_some_and(|policy| policy.unit == Unit::Resident)
}

fn undelivered(view: &View<'_>, file: &PersonFile, out: &mut Findings<'_>) {
    for payment in &file.payments {
        let paid = &payment.paid;
        let Some(end) = paid.period_end().filter(|_| paid.roll.is_none()) else { continue };
        let asks = |policy: &crate::policy::ProgrammePolicy| {
            policy.evidence.iter().any(|kind| kind.is_service())
        };
        let policy = view.terms.policy(paid.programme, paid.division, end);
        let grant = file.grants.behind(paid);
        if grant.is_none_or(|grant| grant.granted.is_empty()) || !policy.is_some_and(asks) {
            continue;
        }
        let yearly = paid.month.is_none();
        let months = if yearly { end.plus(-11).to(end) } else { end.to(end) };
        let back = payment.months().filter(|month| !yearly && *month != end);
        let span = |first: Month, last: Month| (first.first_day(), last.last_day());
        let (first, last) =
            months.fold((end, end), |(first, last), month| (first.min(month), last.max(month)));
        let mut spans = vec![(None, span(first, last))];
        spans.extend(back.map(|month| (Some(month), span(month, month))));
        for (month, (from, to)) in spans {
            if to >= view.on || is_served(file, paid.programme, from, to) {
                continue;
            }
            let zh = format!("{from} 至 {to} 无服务记录");
            let en = format!("nothing was delivered from {from} to {to}");
            let finding = Finding::new(&R40, zh, en).payment(payment).money(payment.share());
            out.add(finding.month(month.or(paid.month)));
        }
    }
}

/// Says whether the ledger has a session or a placement of the programme in a span of days.
pub(super) fn is_served(
    file: &PersonFile,
    programme: crate::value::Programme,
    from: Day,
    to: Day,
) -> bool {
    let held =
        |session: &Session| session.programme == programme && (from..=to).contains(&session.day);
    let placed =
        |placement: &Placement| placement.programme == programme && placement.touches(from, to);
    file.grants.sessions.iter().any(held) || file.grants.placements.iter().any(placed)
}

/// Every day on which somebody says to have met the person, against the surest and earliest death.
fn after_death(file: &PersonFile, out: &mut Findings<'_>) {
    let deaths = file.facts_of(|kind| kind == FactKind::Death);
    let Some(death) = deaths.min_by_key(|death| (!file.is_sure(&death.fact), death.fact.from))
    else {
        return;
    };
    let grants = &file.grants;
    let sessions = grants.sessions.iter().map(|it| (it.index, Some(it.programme), it.day));
    let placed = grants.placements.iter().map(|it| (it.index, Some(it.programme), it.from));
    let meetings = grants.meetings.iter().map(|it| (it.index, it.programme, it.day));
    let died = death.fact.from;
    for (index, programme, day) in sessions.chain(placed).chain(meetings) {
        if day > died {
            let zh = format!("死亡 {died}，登记 {day} 接受服务、走访或复核");
            let en = format!("died {died}, served, visited or reviewed on {day}");
            let finding = Finding::new(&R40E, zh, en).programme(programme);
            let finding = finding.month(Some(day.month())).seen(index).seen(death.index);
            out.add(finding.sure(file.is_sure(&death.fact)));
        }
    }
}

fn two_places(
    rule: &'static Rule,
    file: &PersonFile,
    out: &mut Findings<'_>,
    excludes: impl Fn(&Placement) -> bool,
) {
    let placements = &file.grants.placements;
    for (at, one) in placements.iter().enumerate() {
        for other in &placements[at + 1..] {
            // The day of the change is of both places.
            let first = one.from.max(other.from).plus_days(1);
            let overlap = first;
            let both = one.touches(overlap, overlap) && other.touches(overlap, overlap);
            if both && one.programme == other.programme && one.place != other.place {
                let sure = excludes(one);
                let (zh, en, severity) = if sure {
                    let en = format!("placed in two places on {overlap}");
                    (format!("{overlap} 同时在两处机构"), en, rule.severity)
                } else {
                    let en = format!("two placements on {overlap}, which may both be true");
                    (format!("{overlap} 有两处安置，可能均属实"), en, S3)
                };
                let finding = Finding::new(rule, zh, en).programme(Some(one.programme));
                let finding = finding.month(Some(overlap.month())).severity(severity).sure(sure);
                out.add(finding.seen(one.index).seen(other.index));
            }
        }
    }
}

/// `rest` says how grave a session on a day of rest is, if it is at all.
fn doubtful(
    rule: &'static Rule,
    view: &View<'_>,
    file: &PersonFile,
    out: &mut Findings<'_>,
    rest: impl Fn(&Session) -> Option<Severity>,
) {
    let sessions = &file.grants.sessions;
    for (at, session) in sessions.iter().enumerate() {
        let day = session.day;
        let about = |zh: String, en: String| {
            let finding = Finding::new(rule, zh, en).programme(Some(session.programme));
            finding.month(Some(day.month())).seen(session.index)
        };
        let is_rest = view.terms.working_days(day.plus_days(-1), day) == 0;
        if is_rest && let Some(severity) = rest(session) {
            let zh = format!("{day} 为休息日");
            out.add(about(zh, format!("{day} is a day of rest")).severity(severity));
        }
        let other = sessions[at + 1..].iter().find(|other| {
            (other.programme, other.day) == (session.programme, day)
                && other.provider != session.provider
        });
        if let Some(other) = other {
            let zh = format!("{day} 两家机构均有记录");
            let en = format!("two providers recorded a session on {day}");
            out.add(about(zh, en).seen(other.index));
        }
    }
}
