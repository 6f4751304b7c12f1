//! Cards that come to their end: renewed, frozen or forgotten, and what only looks wrong (R34, R43).

use super::{Home, Late, MILD, Walk};

const HERE: Home = Home::County("411702");

pub(super) static WALKS: &[Walk] = &[
    Walk::lawful("renewed_on_the_ledger", &[MILD], issued!("renew")).of(HERE).expiring(30).often(),
    Walk::wrong("renewal_begun_and_left", &[MILD], accepted!("renew" "! R43 a\n"))
        .of(HERE)
        .expiring(-30),
    Walk::lawful("renewed_after_the_last_day", &[MILD], issued!("renew")).of(HERE).expiring(-130),
    Walk::lawful("frozen_for_its_expiry", &[MILD], "50 freeze a expiry\n").of(HERE).expiring(-70),
    Walk::wrong(
        "renewal_approved_long_after_the_notice",
        &[MILD],
        cleared!(
            "renew"
            "80 vet a\n\
             79 approve a\n\
             77 print a\n\
             76 issue a\n\
             74 deliver a\n\
             ! R34 a\n"
        ),
    )
    .of(HERE)
    .expiring(30),
    Walk::lawful(
        "renewal_late_for_a_named_cause",
        &[MILD],
        cleared!(
            "renew"
            "80 vet a delayed\n\
             79 approve a\n\
             77 print a\n\
             76 issue a\n\
             74 deliver a\n"
        ),
    )
    .of(HERE)
    .expiring(30),
    // The old register is sent again with another telephone number; the card stays closed.
    Walk::lawful("renewed_and_still_listed", &[MILD], issued!("renew"))
        .of(HERE)
        .expiring(30)
        .late(Late::Open),
];
