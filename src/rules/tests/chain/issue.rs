//! What an issue rests on: R21-R23 and R45 assessments, R25 and R33 the notice, R26 objections.

use super::super::super::scenario::{Log, day};
use super::super::flags;
use super::super::walk::{changed, designate, enrol, office, tell};
use super::rows;
use crate::value::Category;

#[test]
fn r21_r23_and_r45_what_the_issue_rests_on() {
    rows(&[
        ("no conclusion", &[("conclude", "")], "R21"),
        (
            "concluded: does not meet the standard",
            &[("conclude", "conclude seal-1 2026-03-06 grade=none")],
            "R21",
        ),
        (
            "concluded after the issue",
            &[("conclude", ""), ("seal ", "conclude seal-1 2026-03-24")],
            "R21",
        ),
        ("another level", &[("issue", "issue issuer-1 2026-03-20 grade=physical-1")], "R23"),
        ("another category", &[("issue", "issue issuer-1 2026-03-20 grade=visual-2")], "R23"),
        (
            "components in another order",
            &[
                ("conclude", "conclude seal-1 2026-03-06 grade=multiple-2"),
                ("issue", "issue issuer-1 2026-03-20 grade=multiple-2 reversed=yes"),
            ],
            "",
        ),
        (
            "assessed anew after an objection: the last conclusion counts",
            &[
                ("conclude", "conclude seal-1 2026-03-06 grade=physical-3"),
                (
                    "close",
                    "object clerk-1 2026-03-10 | resolve reviewer-1 2026-03-16 \
                     | close notice-1 2026-03-16 result=objection | assign reviewer-1 2026-03-17 \
                     | assess assessor-1 2026-03-18 | assess assessor-2 2026-03-18 \
                     | conclude seal-1 2026-03-18 | post notice-1 2026-03-18 \
                     | close notice-1 2026-03-25",
                ),
                ("review", "review reviewer-1 2026-03-26"),
                ("approve", "approve approver-1 2026-03-26"),
                ("print", "print issuer-1 2026-03-27"),
                ("issue", "issue issuer-1 2026-03-27"),
                ("seal ", ""),
            ],
            "",
        ),
    ]);
    let renewed = |by_sight: bool, changes: &[(&str, &str)]| {
        let mut log = Log::default();
        office(&mut log);
        log.card(1, 9, |card| {
            (card.issued, card.valid_to) = (day("2016-03-20"), day("2026-03-19"));
            if by_sight {
                (card.assessor_1, card.assessor_2, card.assessed_by_sight) = (None, None, true);
            }
        });
        let renewal = [
            ("submit", "submit clerk-1 2026-03-02 kind=renew present=9"),
            ("issue", "issue issuer-1 2026-03-20 present=9"),
        ];
        tell(&mut log, &changed(&[&renewal[..], changes].concat()));
        flags(&log)
    };
    assert_eq!(renewed(true, &[]), "");
    assert_eq!(renewed(true, &[("conclude", "")]), "R21, R45");
    assert_eq!(renewed(false, &[("conclude", "")]), "R21");
    let seen = ("assess assessor-1", "assess assessor-1 2026-03-05 method=by_sight");
    let both = [seen, ("assess assessor-2", "assess assessor-2 2026-03-05 method=by_sight")];
    assert_eq!(renewed(true, &[seen]), "", "the other doctor examined");
    assert_eq!(renewed(true, &both), "R45");
}

#[test]
fn r22_assessors_of_a_case() {
    rows(&[
        ("one assessor", &[("assess assessor-2", "")], "R22"),
        ("one assessor twice", &[("assess assessor-2", "assess assessor-1 2026-03-05")], "R22"),
        (
            "a designation that does not exist",
            &[("assign", "assign reviewer-1 2026-03-03 at=hospital-2")],
            "R22",
        ),
        (
            "no record is on the conclusion",
            &[("conclude", "assign reviewer-1 2026-03-05 | conclude seal-1 2026-03-06")],
            "R22",
        ),
    ]);
    let with = |prepare: &dyn Fn(&mut Log), changes: &[(&str, &str)]| {
        let mut log = Log::default();
        prepare(&mut log);
        tell(&mut log, &changed(changes));
        flags(&log)
    };
    let doctors = |log: &mut Log, second: u32| {
        enrol(log, "junior-1", Some(2001), &[]);
        enrol(log, "junior-2", Some(second), &[]);
        enrol(log, "assessor-1", Some(2003), &[]);
    };
    let juniors = [
        ("assess assessor-1", "assess junior-1 2026-03-05"),
        ("assess assessor-2", "assess junior-2 2026-03-05"),
    ];
    let hospital = |log: &mut Log, categories: &[Category], to| {
        doctors(log, 2002);
        designate(log, "hospital-1", categories, "2020-01-01", to);
    };
    let all = |log: &mut Log| hospital(log, &Category::ALL, None);
    assert_eq!(with(&all, &juniors), "R22", "none is attending");
    assert_eq!(with(&all, &juniors[1..]), "", "one is");
    let one_human = |log: &mut Log| {
        doctors(log, 2003);
        designate(log, "hospital-1", &Category::ALL, "2020-01-01", None);
    };
    assert_eq!(with(&one_human, &juniors[1..]), "R22", "two actors of one human being");
    let eyes = |log: &mut Log| hospital(log, &[Category::Visual], None);
    assert_eq!(with(&eyes, &juniors[1..]), "R22", "for another category");
    let ended = |log: &mut Log| hospital(log, &Category::ALL, Some("2026-03-02"));
    assert_eq!(with(&ended, &juniors[1..]), "R22", "the designation was over");
    let ends = |log: &mut Log| hospital(log, &Category::ALL, Some("2026-03-03"));
    assert_eq!(with(&ends, &juniors[1..]), "", "its last day was the assignment's");
}

#[test]
fn r25_and_r33_the_notice_of_a_case() {
    let child = ("submit", "submit clerk-1 2026-03-02 born=2010-01-01");
    let verified = ("verify", "verify clerk-1 2026-03-02 born=2010-01-01");
    rows(&[
        ("four working days", &[("close", "close notice-1 2026-03-13")], "R25"),
        ("no notice", &[("post", ""), ("close", "")], "R25"),
        ("closed, never posted", &[("post", "")], "R25"),
        (
            "closed by an objection",
            &[("close", "close notice-1 2026-03-16 result=objection")],
            "R25",
        ),
        (
            "an adult's notice waived",
            &[("post", "waive reviewer-1 2026-03-09"), ("close", "")],
            "R25",
        ),
        (
            "a minor's",
            &[child, verified, ("post", "waive reviewer-1 2026-03-09"), ("close", "")],
            "",
        ),
        (
            "issued within the days of a notice",
            &[
                ("post", "post notice-1 2026-03-06"),
                ("close", "close notice-1 2026-03-06"),
                ("down", "down notice-1 2026-03-06"),
                ("review", "review reviewer-1 2026-03-06"),
                ("approve", "approve approver-1 2026-03-06"),
                ("print", "print issuer-1 2026-03-06"),
                ("issue", "issue issuer-1 2026-03-06"),
            ],
            "R25, R33",
        ),
        (
            "so fast, but a minor",
            &[
                child,
                verified,
                ("post", "waive reviewer-1 2026-03-06"),
                ("close", ""),
                ("review", "review reviewer-1 2026-03-06"),
                ("approve", "approve approver-1 2026-03-06"),
                ("print", "print issuer-1 2026-03-06"),
                ("issue", "issue issuer-1 2026-03-06"),
            ],
            "",
        ),
    ]);
}

#[test]
fn r26_objections() {
    let raised = "post notice-1 2026-03-09 | object clerk-1 2026-03-10";
    let resolved = "post notice-1 2026-03-09 | object clerk-1 2026-03-10 \
                    | resolve reviewer-1 2026-03-13";
    rows(&[
        ("open at the approval", &[("post", raised)], "R26"),
        ("resolved before", &[("post", resolved)], ""),
        (
            "resolved after the approval",
            &[
                ("post", raised),
                ("print", "resolve reviewer-1 2026-03-20 | print issuer-1 2026-03-20"),
            ],
            "R26",
        ),
        ("raised after the issue", &[("seal ", "object clerk-1 2026-03-24")], ""),
    ]);
}
