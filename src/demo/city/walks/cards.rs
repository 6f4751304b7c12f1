//! Certificates on the ledger: issued, regraded, replaced, appealed; what goes wrong with them and what
//! only looks so (R09, R34, R35, R43b, R44, R53).

use super::{Home, MILD, Walk};

/// The county of the review chain.
const HERE: Home = Home::County("411702");

pub(super) static WALKS: &[Walk] = &[
    Walk::lawful("issued_after_the_whole_chain", &[MILD], issued!("new"))
        .of(Home::Newcomer)
        .often(),
    Walk::lawful(
        "regraded_on_the_ledger",
        &[MILD],
        "160 ask a regrade level=other\n\
         159 verify a\n\
         157 accept a\n\
         156 consent a\n\
         155 assign a\n\
         150 assess a\n\
         149 conclude a\n\
         147 post a\n\
         120 close a\n\
         118 vet a\n\
         117 approve a\n\
         115 print a\n\
         114 issue a\n\
         112 deliver a\n\
         110 file a\n",
    )
    .of(HERE)
    .often(),
    Walk::lawful(
        "objected_and_resolved",
        &[MILD],
        "160 ask a new\n\
         159 verify a\n\
         157 accept a\n\
         155 assign a\n\
         150 assess a\n\
         149 conclude a\n\
         147 post a\n\
         145 object a\n\
         143 resolve a\n\
         120 close a\n\
         118 vet a\n\
         117 approve a\n\
         115 print a\n\
         114 issue a\n\
         112 deliver a\n",
    )
    .of(Home::Newcomer),
    Walk::wrong(
        "two_cards_on_one_blank",
        &[MILD, MILD],
        lost!(
            "115 replace a blank=one\n\
         114 replace b blank=one\n\
         ! R09 a\n\
         ! R09 b\n"
        ),
    )
    .of(HERE),
    Walk::lawful(
        "two_cards_lost_and_replaced",
        &[MILD, MILD],
        lost!(
            "115 replace a\n\
         114 replace b\n\
         113 deliver a\n\
         113 deliver b\n"
        ),
    )
    .of(HERE),
    Walk::wrong(
        "approved_long_after_the_notice",
        &[MILD],
        cleared!(
            "new"
            "80 vet a\n\
             79 approve a\n\
             77 print a\n\
             76 issue a\n\
             74 deliver a\n\
             ! R34 a\n"
        ),
    )
    .of(Home::Newcomer),
    Walk::wrong("notice_never_taken_down", &[MILD], hung!("! R53 a\n")).of(Home::Newcomer),
    Walk::wrong("notice_taken_down_late", &[MILD], hung!("108 unhang a\n! R53 a\n"))
        .of(Home::Newcomer),
    Walk::lawful("notice_taken_down_two_days_later", &[MILD], hung!("118 unhang a\n"))
        .of(Home::Newcomer),
    Walk::wrong("never_decided", &[MILD], cleared!("new" "! R34 a\n")).of(Home::Newcomer),
    Walk::lawful(
        "late_for_a_named_cause",
        &[MILD],
        cleared!(
            "new"
            "80 vet a delayed\n\
             79 approve a\n\
             77 print a\n\
             76 issue a\n\
             74 deliver a\n"
        ),
    )
    .of(Home::Newcomer),
    Walk::wrong("appeal_unanswered", &[MILD], appealed!("! R34 a\n")).of(Home::Newcomer),
    Walk::wrong("appeal_declined_after_its_day", &[MILD], appealed!("100 dismiss a\n! R34 a\n"))
        .of(Home::Newcomer),
    Walk::lawful("appeal_declined", &[MILD], appealed!("130 dismiss a\n")).of(Home::Newcomer),
    Walk::lawful(
        "appeal_declined_by_both",
        &[MILD],
        appealed!(
            "130 dismiss a\n\
             128 appeal a\n\
             120 dismiss a panel\n\
             118 file a\n"
        ),
    )
    .of(Home::Newcomer),
    Walk::wrong(
        "assessment_dated_back",
        &[MILD],
        "160 ask a new\n\
         159 verify a\n\
         157 accept a\n\
         140 assign a\n\
         138 assess a back=14\n\
         136 conclude a\n\
         ! R35 a\n",
    )
    .of(Home::Newcomer),
    Walk::lawful(
        "assessment_dated_back_and_explained",
        &[MILD],
        "160 ask a new\n\
         159 verify a\n\
         157 accept a\n\
         140 assign a\n\
         138 assess a back=14\n\
         137 explain a\n\
         136 conclude a\n",
    )
    .of(Home::Newcomer),
    Walk::lawful(
        "assessment_written_down_two_days_later",
        &[MILD],
        "160 ask a new\n\
         159 verify a\n\
         157 accept a\n\
         150 assign a\n\
         140 assess a back=2\n\
         136 conclude a\n",
    )
    .of(Home::Newcomer),
    Walk::wrong(
        "nobody_reminded_the_holder",
        &[MILD, MILD],
        lost!(
            "115 replace a\n\
         114 replace b\n\
         113 deliver a\n\
         113 deliver b\n\
         ! R43b a\n\
         ! R43b b\n"
        ),
    )
    .of(HERE)
    .expiring(120),
    Walk::lawful(
        "reminded_of_the_expiry",
        &[MILD, MILD],
        lost!(
            "115 replace a\n\
         114 replace b\n\
         113 deliver a\n\
         113 deliver b\n\
         100 remind a\n\
         99 remind b\n"
        ),
    )
    .of(HERE)
    .expiring(120),
    // The door opens again after twelve months; the paper says it was taken in before.
    Walk::wrong(
        "taken_in_before_the_year_was_over",
        &[MILD],
        "440 cancel a not_meeting\n\
         60 ask a new back=30\n\
         58 decline a\n\
         ! R44 a\n\
         ! R35 a\n",
    )
    .of(HERE),
    Walk::lawful(
        "applied_again_after_a_year",
        &[MILD],
        "440 cancel a not_meeting\n\
         60 ask a new\n\
         58 decline a\n",
    )
    .of(HERE),
];
