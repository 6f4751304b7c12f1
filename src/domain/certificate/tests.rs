//! Whole cases and every refusal, as text tables (see [`script`](super::script)).

mod appeals;
mod changes;
mod endings;
mod refusals;
mod steps;

use std::collections::BTreeSet;

use refusals::REFUSALS;

use super::script::{PRELUDES, play};
use super::{Ending, Stage, Status};
use crate::domain::State;
use crate::domain::testing::{case, certificate, day, division, person, tag};
use crate::event::{CancelGround, FreezeGround};

/// Cases that end lawfully.
const LAWFUL: [&[(&str, &str)]; 4] =
    [steps::LAWFUL, appeals::LAWFUL, changes::LAWFUL, endings::LAWFUL];

#[test]
fn lawful_cases() {
    for (_, script) in LAWFUL.into_iter().flatten() {
        play(script);
    }
}

#[test]
fn refusals() {
    for script in REFUSALS {
        play(script);
    }
}

/// A refusal that no table reaches is a rule that nobody knows to work.
#[test]
fn every_refusal_of_the_chain_is_in_a_table() {
    // A ledger without any policy has its own test below, a draw outside a case one beside it.
    const ELSEWHERE: [&str; 2] = ["policy_missing", "draw_no_case"];
    let scripts = LAWFUL.into_iter().flatten().map(|(_, script)| script).chain(REFUSALS);
    let seen: BTreeSet<&str> = scripts
        .flat_map(|script| script.lines())
        .filter_map(|line| line.split_whitespace().last())
        .chain(ELSEWHERE)
        .collect();
    let codes = [
        super::acceptance::Refused::CODES,
        super::appeal::Refused::CODES,
        super::application::Refused::CODES,
        super::approval::Refused::CODES,
        super::archive::Refused::CODES,
        super::assessment::Refused::CODES,
        super::assignment::Refused::CODES,
        super::conclusion::Refused::CODES,
        super::draw::Refused::CODES,
        super::ending::Refused::CODES,
        super::exchange::Refused::CODES,
        super::freezing::Refused::CODES,
        super::gates::Refused::CODES,
        super::identity::Refused::CODES,
        super::issue::Refused::CODES,
        super::notice::Refused::CODES,
        super::objection::Refused::CODES,
        super::printing::Refused::CODES,
        super::replacement::Refused::CODES,
        super::regrade::Refused::CODES,
        super::review::Refused::CODES,
        super::transfer::Refused::CODES,
    ];
    for (_, code) in codes.into_iter().flatten() {
        assert!(seen.contains(code), "{code}");
    }
}

#[test]
fn without_a_policy_nothing_is_assigned() {
    let mut run = play("@accepted");
    run.world.state.policies = std::sync::Arc::default();
    run.play("reviewer assign policy=none policy_missing");
}

#[test]
fn an_issue_holds_the_printed_certificate_and_ends_the_case() {
    let run = play("@issued");
    let certificates = &run.world.state.certificates;
    let issued = certificates.find(&certificate(1)).unwrap();
    assert!(issued.is_valid_on(day("2026-03-10")) && issued.is_valid_on(day("2036-03-09")));
    assert!(!issued.is_valid_on(day("2026-03-09")) && !issued.is_valid_on(day("2036-03-10")));
    let ended = certificates.case(&case(1)).unwrap();
    assert_eq!(ended.stage, Stage::Ended(Ending::Issued));
    assert_eq!(certificates.open_case_of(&person(1)), None);
    let holder = run.world.state.people.find(&person(1)).unwrap();
    assert_eq!(holder.certificates[..], [certificate(1)]);
    assert_eq!(holder.birth_date, Some(day("1980-01-01")));
}

#[test]
fn statuses_follow_the_chain() {
    let today = day("2026-03-10");
    let rows = [
        ("approver freeze ok", Status::Frozen(Some(FreezeGround::Investigation))),
        (
            "approver cancel ground=missing ok",
            Status::Cancelled(Some((CancelGround::Missing, today))),
        ),
        ("approver revoke ok", Status::Valid),
        ("approver revoke ok\nsupervisor endorse ok", Status::Revoked),
        ("clerk lost ok\nissuer replace cert=2 ok\napprover endorse ok", Status::Superseded),
    ];
    for (script, expected) in rows {
        let mut run = play("@issued");
        run.play(script);
        assert_eq!(run.status(1), expected, "{script}");
    }
}

#[test]
fn a_replacement_keeps_grade_and_last_day() {
    let run = play("@issued\nclerk lost ok\nissuer replace cert=2 ok\napprover endorse ok");
    let certificates = &run.world.state.certificates;
    let (old, new) = (certificates.find(&certificate(1)), certificates.find(&certificate(2)));
    let (old, new) = (old.unwrap(), new.unwrap());
    assert_eq!((&new.grade, new.valid_to, new.replaced), (&old.grade, old.valid_to, 1));
    assert!(new.is_valid_on(day("2026-03-10")) && !new.lost && old.lost);
}

#[test]
fn a_corrected_row_moves_to_the_right_person() {
    let run = play("clerk import cert=9 ok\nclerk import cert=9 person=2 corrects=yes ok");
    let held = |n| run.world.state.people.find(&person(n)).unwrap().certificates.to_vec();
    assert_eq!((held(1), held(2)), (vec![], vec![certificate(9)]));
    assert_eq!(run.world.state.certificates.len(), 1);
}

#[test]
fn a_row_of_the_old_register_does_not_touch_what_was_issued_here() {
    let run = play("@issued\nclerk import status=cancelled ok\nclerk retract_row ok");
    assert_eq!(run.status(1), Status::Valid);
}

/// The snapshot is postcard, which names no fields: every state the chain passes must come back.
#[test]
fn every_state_of_the_chain_survives_the_snapshot() {
    let severe = "@assigned
        assessor-a assess grade=multiple3+physical3+hearing4 ok";
    let leaving = "@issued
        clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
        clerk-xiping verify case=2 ok
        clerk-xiping accept case=2 ok
        approver transfer_out ok";
    let answered = "@reassessing\nprefecture reassess ok";
    let scripts = PRELUDES.iter().map(|(name, _)| format!("@{name}"));
    let waiting = ["@printed\nissuer issue ok", severe, leaving, answered].map(str::to_owned);
    for script in scripts.chain(waiting) {
        let state = play(&script).world.state;
        let bytes = postcard::to_stdvec(&state).unwrap();
        assert_eq!(postcard::from_bytes::<State>(&bytes).unwrap(), state, "{script}");
    }
}

/// What an appeal may still need is kept to the last day of its term, and not longer.
#[test]
fn an_ended_case_forgets_what_it_knew_after_the_appeal_term() {
    let mut run = play("@issued");
    let kept = |run: &super::script::Run| {
        run.world.state.certificates.case(&case(1)).unwrap().progress.is_some()
    };
    assert!(kept(&run));
    // Ten working days after Tuesday 2026-03-10 are over on 2026-03-24; others are forgotten when
    // another case ends or is appealed.
    for (day, expected) in [("2026-03-24", true), ("2026-03-25", false)] {
        let mut run_until = play("@issued");
        run_until.play(&format!(
            "- on day={day} ok
             clerk submit case=2 person=2 ok
             clerk verify case=2 person=2 ok
             clerk accept case=2 person=2 ok
             reviewer assign case=2 person=2 ok
             approver refuse case=2 person=2 ok"
        ));
        assert_eq!(kept(&run_until), expected, "{day}");
    }
    run.play("- on day=2026-03-25 ok\nclerk appeal appeal_too_late");
}

#[test]
fn a_transferred_certificate_keeps_number_grade_and_days() {
    let before = play("@issued");
    let mut run = play("@issued");
    run.play(
        "clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
         clerk-xiping verify case=2 ok
         clerk-xiping accept case=2 ok
         approver transfer_out ok
         approver-xiping transfer_in ok",
    );
    let of = |run: &super::script::Run| {
        run.world.state.certificates.find(&certificate(1)).unwrap().clone()
    };
    let (old, new) = (of(&before), of(&run));
    assert_eq!((new.number, &new.grade, new.valid_to), (old.number, &old.grade, old.valid_to));
    assert_eq!((new.division, new.since), (division("411721"), day("2026-03-10")));
    let ended = run.world.state.certificates.case(&case(2)).unwrap();
    assert_eq!(ended.stage, Stage::Ended(Ending::Transferred));
    assert_eq!(run.world.state.certificates.open_case_of(&person(1)), None);
}

#[test]
fn an_exchanged_card_is_the_old_certificate_on_a_new_blank() {
    let run = play(
        "@issued
         clerk submit case=2 kind=exchange_damaged present=1 ok
         clerk verify case=2 ok
         clerk accept case=2 ok
         issuer replace cert=2 card=returned suffix=0 number=number blank=new ok
         approver endorse ok",
    );
    let certificates = &run.world.state.certificates;
    let old = certificates.find(&certificate(1)).unwrap().clone();
    let new = certificates.find(&certificate(2)).unwrap();
    assert_eq!(old.status, Status::Superseded);
    assert_eq!(new.blank, Some(tag("new")));
    let same = super::Certificate { status: new.status, blank: new.blank, ..old };
    assert_eq!(*new, same);
    assert_eq!(certificates.case(&case(2)).unwrap().stage, Stage::Ended(Ending::Replaced));
}
