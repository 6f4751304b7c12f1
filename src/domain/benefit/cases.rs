//! Whole cases as text: one line per step, its expected outcome last.
//!
//! `day verb who ...= outcome`. People are letters, payrolls `p1`, `p2`; `-` repeats the day.

use super::desk::{Desk, LIVING, NURSING, month};
use crate::domain::testing::{division, outcome, told};
use crate::event::{BackPayGround, Opinion, StopGround};
use crate::value::{FactKind, Programme};

fn run(table: &str) {
    let mut desk = Desk::new();
    run_at(&mut desk, table);
}

fn run_at(desk: &mut Desk, table: &str) {
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (step, expected) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        let words: Vec<&str> = step.split_whitespace().collect();
        if words[0] != "-" {
            desk.world.on(words[0]);
        }
        assert_eq!(take(desk, &words[1..]), expected.trim(), "{line}");
    }
}

fn take(desk: &mut Desk, words: &[&str]) -> String {
    let who = number(words.get(1).copied().unwrap_or("a"));
    let answer = match words {
        ["resident", _, level] => {
            desk.resident(who, level.parse().unwrap());
            return "ok".to_owned();
        }
        ["resident", _, level, at] => {
            desk.resident_of(who, level.parse().unwrap(), at);
            return "ok".to_owned();
        }
        ["reissue", _, from, to] => {
            desk.reissue(who, from, to);
            return "ok".to_owned();
        }
        ["fact", _, kind, from, to @ ..] => {
            desk.fact(who, FactKind::from_name(kind).unwrap(), from, to.first().copied());
            return "ok".to_owned();
        }
        ["ends", _, kind, from, to] => {
            desk.end_fact(who, FactKind::from_name(kind).unwrap(), from, to);
            return "ok".to_owned();
        }
        ["amount", programme, yuan, from] => {
            desk.publish_rates(2, &[(programme, fen(yuan))], from);
            return "ok".to_owned();
        }
        ["months", _, programme, of @ ..] => {
            let case = desk.case(who).person;
            let months = desk.world.state.benefits.months(case, programme_of(programme));
            let hands = of.iter().map(|of| {
                let hand = months.and_then(|months| months.hand(month(of)));
                format!("{hand:?}").replace("Some", "").replace(['(', ')'], "").to_lowercase()
            });
            return hands.collect::<Vec<_>>().join(" ");
        }
        ["apply", _, programme] => desk.apply(who, programme_of(programme)),
        ["first", _, opinion] => desk.first(who, opinion_of(opinion)),
        ["second", _, opinion] => desk.second(who, opinion_of(opinion)),
        ["grant", _] => desk.grant(who),
        ["grant", _, from, yuan] => {
            let mut data = desk.granted(who);
            data.from_month = Some(month(from));
            data.amount = Some(crate::value::Fen(fen(yuan)));
            desk.determine(who, data)
        }
        ["refuse", _, "untold"] => desk.refuse(who, None),
        ["refuse", _] => desk.refuse(who, Some(told())),
        ["bind", _] => {
            let data = desk.bound(who);
            desk.bind(who, data)
        }
        ["unbind", _] => desk.unbind(who, super::desk::account(who)),
        ["amend", _, from, yuan] => desk.amend(who, from, fen(yuan)),
        ["stop", _, ground, from, untold @ ..] => {
            let ground: StopGround = serde_json::from_value((*ground).into()).unwrap();
            let mut data = desk.stopped(who, ground, from);
            data.told = data.told.filter(|_| untold.is_empty());
            desk.stop(who, data)
        }
        ["resume", _, from] => desk.resume(who, from),
        ["back-pay", _, ground, months @ ..] => {
            let ground: BackPayGround = serde_json::from_value((*ground).into()).unwrap();
            desk.back_pay(who, ground, months)
        }
        ["prepare", p, of, programme, items @ ..] => {
            let items = items.iter().map(|text| item(desk, text)).collect();
            let mut data = desk.batch(of, items);
            data.programme = programme_of(programme);
            desk.prepare(number(&p[1..]), data)
        }
        ["prepare-city", p, of, items @ ..] => {
            let items = items.iter().map(|text| item(desk, text)).collect();
            let mut data = desk.batch(of, items);
            data.division = division("411700");
            desk.prepare_by("civil-city", number(&p[1..]), data)
        }
        ["authorise", p] => desk.authorise(number(&p[1..])),
        ["authorise", p, by] => desk.authorise_by(by, number(&p[1..])),
        ["paid", _, programme, of] => desk.pay(who, programme_of(programme), of),
        ["returned", _, programme, of] => desk.come_back(who, programme_of(programme), of),
        _ => panic!("no such step: {words:?}"),
    };
    outcome(&answer).to_owned()
}

/// `a` is 1; digits are themselves.
fn number(word: &str) -> u8 {
    match word.as_bytes() {
        [letter @ b'a'..=b'z'] => letter - b'a' + 1,
        _ => word.parse().unwrap_or(0),
    }
}

fn fen(yuan: &str) -> i64 {
    yuan.replace('.', "").parse().unwrap()
}

fn programme_of(word: &str) -> Programme {
    if word == "nursing" { NURSING } else { LIVING }
}

fn opinion_of(word: &str) -> Opinion {
    if word == "agree" { Opinion::Agree } else { Opinion::Disagree }
}

/// `a:60.00` or, with back-pay, `a:180.00+2026-01+2026-02`.
fn item(desk: &Desk, text: &str) -> crate::event::PayrollItem {
    let mut parts = text.split('+');
    let (who, yuan) = parts.next().and_then(|first| first.split_once(':')).unwrap();
    desk.item(number(who), fen(yuan), &parts.collect::<Vec<_>>())
}

#[test]
fn a_lawful_living_allowance_is_paid_comes_back_and_is_paid_again() {
    run("
        2026-03-02 resident a 3                            = ok
        2026-03-03 apply a living                          = ok
        2026-03-12 first a agree                           = ok
        2026-03-20 second a agree                          = ok
        2026-04-02 grant a                                 = ok
        2026-04-03 prepare p1 2026-04 living a:60.00       = account_missing
        -          bind a                                  = ok
        -          prepare p1 2026-03 living a:60.00       = month_not_entitled
        -          prepare p1 2026-04 living a:120.00+2026-03 = back_pay_not_granted
        -          back-pay a application_month 2026-03    = ok
        -          prepare p1 2026-04 living a:120.00+2026-03 = ok
        2026-04-07 authorise p1                            = ok
        2026-04-10 paid a living 2026-04                   = ok
        -          months a living 2026-03 2026-04         = paid1 paid1
        2026-04-15 returned a living 2026-04               = ok
        -          months a living 2026-03 2026-04         = returned returned
        2026-05-04 prepare p2 2026-05 living a:120.00+2026-03 = ok
        2026-05-06 authorise p2                            = ok
        -          back-pay a returned_payment 2026-04     = ok
        2026-06-03 prepare p3 2026-06 living a:120.00+2026-04 = ok
        -          authorise p3                            = ok
        2026-06-10 paid a living 2026-05                   = ok
        -          paid a living 2026-06                   = ok
        -          months a living 2026-03 2026-04 2026-05 2026-06 = paid1 paid1 paid1 paid1
        2026-06-12 prepare p4 2026-06 living a:60.00       = month_in_hand
    ");
}

#[test]
fn a_returned_month_may_be_prepared_again_for_itself() {
    run("
        2026-03-02 resident a 3                            = ok
        2026-03-03 apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        -          prepare p1 2026-03 living a:60.00       = ok
        -          authorise p1                            = ok
        -          paid a living 2026-03                   = ok
        -          prepare p2 2026-03 living a:60.00       = month_in_hand
        2026-03-20 returned a living 2026-03               = ok
        -          prepare p2 2026-03 living a:60.00       = ok
        -          authorise p2                            = ok
        -          prepare p2 2026-03 living a:60.00       = payroll_authorised
        2026-03-25 paid a living 2026-03                   = ok
        -          months a living 2026-03                 = paid1
    ");
}

#[test]
fn a_nursing_subsidy_needs_level_and_care() {
    run("
        2026-03-02 resident a 3                            = ok
        -          resident b 2                            = ok
        -          apply a nursing                         = ok
        -          apply b nursing                         = ok
        2026-03-12 first a agree                           = ok
        -          first b agree                           = ok
        -          second a agree                          = ok
        -          second b agree                          = ok
        -          grant a                                 = criterion_not_met
        -          refuse a untold                         = not_told
        -          refuse a                                = ok
        -          grant b 2026-03 60.00                   = amount_differs
        -          grant b 2026-02 80.00                   = before_first_month
        -          grant b                                 = ok
        -          bind b                                  = ok
        -          prepare p1 2026-03 living b:80.00       = item_without_case
        -          prepare p1 2026-03 nursing b:80.00      = ok
        -          authorise p1                            = ok
        2026-03-30 paid b nursing 2026-03                  = ok
        -          bind a                                  = case_refused
        -          apply a nursing                         = case_exists
    ");
}

#[test]
fn an_exclusive_benefit_is_found() {
    run("
        2026-03-02 resident a 1                            = ok
        -          fact a extreme_poverty_support 2026-01-01 2026-03-31 = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = exclusive_benefit
        2026-04-02 grant a                                 = exclusive_benefit
        -          grant a 2026-04 60.00                   = ok
    ");
}

#[test]
fn nothing_is_paid_while_the_amount_is_unset() {
    let mut desk = Desk::without_amounts();
    run_at(
        &mut desk,
        "
        2026-03-02 resident a 1                            = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = amount_unset
    ",
    );
    let answer = desk.grant(1).unwrap_err();
    assert_eq!(answer.message, "no amount is set for living_allowance in 411702 for 2026-03");
    desk.publish_rates(1, &[("living_allowance", 6000)], "2026-01-01");
    run_at(&mut desk, "- grant a = ok");
}

#[test]
fn a_benefit_stops_when_dibao_ends_and_resumes_with_it() {
    run("
        2026-03-02 resident a 3                            = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        2026-06-01 stop a left_dibao 2026-06               = no_loss_on_ledger
        -          ends a dibao 2025-01-01 2026-05-31      = ok
        -          stop a left_dibao 2026-05               = month_still_payable
        -          stop a left_dibao 2026-08               = loss_ahead
        -          stop a left_dibao 2026-06 untold        = not_told
        -          stop a left_dibao 2026-06               = ok
        -          stop a left_dibao 2026-06               = already_stopped
        -          prepare p1 2026-06 living a:60.00       = month_not_entitled
        -          prepare p1 2026-05 living a:60.00       = ok
        -          resume a 2026-06                        = criterion_not_met
        2026-08-03 fact a dibao 2026-07-01                 = ok
        -          resume a 2026-05                        = before_stop
        -          resume a 2026-06                        = criterion_not_met
        -          resume a 2026-07                        = ok
        -          resume a 2026-08                        = not_stopped
        -          prepare p2 2026-07 living a:60.00       = month_not_entitled
        -          back-pay a missed_month 2026-06         = month_not_entitled
        -          back-pay a missed_month 2026-07         = ok
        -          prepare p2 2026-08 living a:120.00+2026-07 = ok
        -          authorise p2                            = ok
    ");
}

#[test]
fn a_death_needs_no_notice_and_takes_back_nothing_owed() {
    run("
        2026-03-02 resident a 3                            = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        2026-07-06 fact a death 2026-04-20                 = ok
        -          stop a death 2026-04 untold             = month_still_payable
        -          stop a death 2026-05 untold             = ok
        -          prepare p1 2026-05 living a:60.00       = month_not_entitled
        -          resume a 2026-07                        = entitlement_lost
    ");
}

#[test]
fn back_pay_after_a_reissue_is_capped() {
    run("
        2026-03-02 resident a 3                            = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        2030-01-15 stop a certificate_not_valid 2030-01    = month_still_payable
        -          stop a certificate_not_valid 2030-02    = ok
        2030-07-10 resume a 2030-07                        = certificate_not_valid
        -          reissue a 2030-07-08 2040-07-07         = ok
        -          resume a 2030-06                        = criterion_not_met
        -          resume a 2030-07                        = ok
        -          back-pay a reissue 2030-03 2030-04 2030-05 2030-06 = over_cap
        -          back-pay a missed_month 2030-06         = month_not_entitled
        -          back-pay a reissue 2030-07              = not_before_reissue
        -          back-pay a reissue 2030-04 2030-05 2030-06 = ok
        -          back-pay a reissue 2030-06              = already_granted
        -          prepare p1 2030-07 living a:240.00+2030-04+2030-05+2030-06 = ok
    ");
}

#[test]
fn a_payroll_in_two_batches_is_authorised_when_nobody_is_left_out() {
    run("
        2026-03-02 resident a 3                            = ok
        -          resident b 3                            = ok
        -          resident c 3                            = ok
        -          apply a living                          = ok
        -          apply b living                          = ok
        -          apply c living                          = ok
        2026-03-12 first a agree                           = ok
        -          first b agree                           = ok
        -          first c agree                           = ok
        -          second a agree                          = ok
        -          second b agree                          = ok
        -          second c agree                          = ok
        -          grant a                                 = ok
        -          grant b                                 = ok
        -          bind a                                  = ok
        -          bind b                                  = ok
        2026-03-16 prepare p1 2026-03 living a:60.00       = ok
        -          authorise p1                            = active_cases_missing
        -          prepare p2 2026-03 living a:60.00       = month_in_hand
        -          prepare p2 2026-03 living b:60.00       = ok
        -          grant c                                 = ok
        -          bind c                                  = ok
        -          authorise p1                            = ok
        -          authorise p2                            = ok
        2026-03-20 prepare p3 2026-03 living c:60.00       = ok
        -          authorise p3                            = ok
        -          months a living 2026-03                 = authorised
    ");
}

#[test]
fn a_late_run_does_not_wait_for_months_that_are_back_pay() {
    run("
        2026-03-02 resident a 3                            = ok
        -          resident b 3                            = ok
        -          apply a living                          = ok
        -          apply b living                          = ok
        2026-03-12 first a agree                           = ok
        -          first b agree                           = ok
        -          second a agree                          = ok
        -          second b agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        2026-04-02 grant b                                 = ok
        -          bind b                                  = ok
        -          prepare p1 2026-03 living a:60.00       = ok
        -          authorise p1                            = ok
        -          prepare p2 2026-04 living a:60.00       = ok
        -          authorise p2                            = active_cases_missing
    ");
}

#[test]
fn a_death_between_preparation_and_authorisation_stops_one_item() {
    run("
        2026-03-02 resident a 3                            = ok
        -          resident b 3                            = ok
        -          apply a living                          = ok
        -          apply b living                          = ok
        2026-03-12 first a agree                           = ok
        -          first b agree                           = ok
        -          second a agree                          = ok
        -          second b agree                          = ok
        -          grant a                                 = ok
        -          grant b                                 = ok
        -          bind a                                  = ok
        -          bind b                                  = ok
        2026-05-06 prepare p1 2026-05 living a:60.00 b:60.00 = ok
        2026-05-07 fact b death 2026-04-30                 = ok
        -          stop b death 2026-05 untold             = ok
        -          authorise p1                            = month_not_entitled
        -          prepare p1 2026-05 living a:60.00       = ok
        -          months b living 2026-05                 = none
        -          authorise p1                            = ok
    ");
}

#[test]
fn a_new_amount_holds_from_its_month_without_a_decision_for_each() {
    run("
        2026-03-02 resident a 3                            = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        -          amend a 2026-04 60.00                   = amount_unchanged
        2026-04-01 amount living_allowance 75.00 2026-05-01 = ok
        -          amend a 2026-04 75.00                   = amends_too_early
        -          amend a 2026-05 70.00                   = amount_differs
        -          prepare p1 2026-04 living a:75.00       = amount_differs
        -          prepare p1 2026-04 living a:60.00       = ok
        2026-05-06 prepare p2 2026-05 living a:60.00       = amount_differs
        -          prepare p2 2026-05 living a:75.00       = ok
        -          amend a 2026-06 75.00                   = ok
        -          amend a 2026-06 75.00                   = amount_unchanged
    ");
}

#[test]
fn the_city_pays_for_its_counties_and_no_month_twice() {
    run("
        2026-03-02 resident a 3                            = ok
        -          apply a living                          = ok
        2026-03-12 first a agree                           = ok
        -          second a agree                          = ok
        -          grant a                                 = ok
        -          bind a                                  = ok
        -          prepare-city p1 2026-03 a:60.00         = ok
        -          prepare p2 2026-03 living a:60.00       = month_in_hand
        2026-03-13 authorise p1 finance-city               = ok
    ");
}
