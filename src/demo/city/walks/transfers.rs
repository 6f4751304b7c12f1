//! Holders who move to another county: what becomes of their cards and benefits, and what only looks
//! wrong (R07, R35, R42, R42b).

use super::{Home, Late, MILD, SEVERE, Walk};

/// The county that they leave.
const THERE: Home = Home::County("411721");

pub(super) static WALKS: &[Walk] = &[
    Walk::lawful(
        "transferred_to_another_county",
        &[MILD],
        "160 fact a hukou_move since=20 to=411702\n\
         140 ask a transfer\n\
         139 verify a\n\
         137 accept a\n\
         135 leave a from=411721\n\
         130 arrive a from=411721\n\
         128 file a\n",
    )
    .of(THERE)
    .often(),
    Walk::wrong(
        "moved_and_never_transferred",
        &[MILD],
        "250 fact a hukou_move since=10 to=411702\n\
         ! R42 a\n",
    )
    .of(THERE),
    Walk::lawful(
        "on_the_way_to_the_new_county",
        &[MILD],
        "250 fact a hukou_move since=10 to=411702\n\
         140 ask a transfer\n\
         139 verify a\n\
         137 accept a\n\
         135 leave a from=411721\n",
    )
    .of(THERE),
    Walk::lawful(
        "moved_away_and_back",
        &[MILD],
        "250 fact a hukou_move since=10 to=411702\n\
         220 fact a hukou_move since=5 to=411721\n",
    )
    .of(THERE),
    Walk::wrong(
        "frozen_after_the_move_and_forgotten",
        &[MILD],
        "240 fact a hukou_move since=160 to=411702\n\
         200 freeze a overdue_transfer there\n\
         ! R42 a\n",
    )
    .of(THERE),
    Walk::lawful(
        "frozen_after_the_move",
        &[MILD],
        "210 fact a hukou_move since=40 to=411702\n\
         40 freeze a overdue_transfer there\n",
    )
    .of(THERE),
    Walk::wrong(
        "transfer_dated_back",
        &[MILD],
        "160 fact a hukou_move since=20 to=411702\n\
         140 ask a transfer back=14\n\
         138 verify a\n\
         136 accept a\n\
         134 leave a from=411721\n\
         130 arrive a from=411721\n\
         128 file a\n\
         ! R35 a\n",
    )
    .of(THERE),
    Walk::lawful(
        "transfer_dated_back_and_explained",
        &[MILD],
        "160 fact a hukou_move since=20 to=411702\n\
         140 ask a transfer back=14\n\
         139 explain a\n\
         138 verify a\n\
         136 accept a\n\
         134 leave a from=411721\n\
         130 arrive a from=411721\n\
         128 file a\n",
    )
    .of(THERE),
    // Who moved and applied anew, and whose card the old county lists at last.
    Walk::wrong("listed_by_the_old_county_too", &[MILD], issued!("new" "! R07 a\n"))
        .of(Home::Newcomer)
        .late(Late::Open),
    Walk::lawful("closed_by_the_old_county", &[MILD], issued!("new"))
        .of(Home::Newcomer)
        .late(Late::Closed),
    Walk::wrong(
        "paid_by_the_old_county",
        &[SEVERE],
        nursing!(
            "120 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             119 authorise p1\n\
             117 paid a p1\n\
             60 fact a hukou_move since=110 to=411702\n\
             ! R42b a nursing_care_subsidy 120\n"
        ),
    ),
    Walk::lawful(
        "paid_until_the_move",
        &[SEVERE],
        nursing!(
            "120 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             119 authorise p1\n\
             117 paid a p1\n\
             60 fact a hukou_move since=40 to=411702\n"
        ),
    ),
];
