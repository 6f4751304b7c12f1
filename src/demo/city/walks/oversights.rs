//! Officers in the cases of people close to them, steps that came late and stops on a lead, and what
//! only looks so (R29, R30, R34, R48).

use super::{INTELLECTUAL, SEVERE, Walk};

pub(super) static WALKS: &[Walk] = &[
    Walk::wrong(
        "guardian_takes_the_application",
        &[INTELLECTUAL],
        "210 guardian a officer=clerk-3\n\
         200 apply a care_placement papers=entry_assessment,contract by=clerk-3\n\
         186 first a\n\
         179 second a\n\
         178 grant a 1500.00\n\
         ! R29 a\n\
         ! R30 a\n",
    ),
    Walk::lawful(
        "guardian_stepped_back",
        &[INTELLECTUAL],
        "210 guardian a officer=clerk-3\n\
         200 apply a care_placement papers=entry_assessment,contract\n\
         199 declare a by=clerk-3\n\
         186 first a\n\
         179 second a\n\
         178 grant a 1500.00\n",
    ),
    Walk::wrong(
        "first_review_overdue",
        &[SEVERE],
        "200 fact a long_term_care\n\
         200 apply a nursing_care_subsidy papers=application_form\n\
         150 first a\n\
         149 second a\n\
         148 grant a 60.00\n\
         ! R34 a nursing_care_subsidy 200\n",
    ),
    Walk::lawful(
        "first_review_overdue_and_explained",
        &[SEVERE],
        "200 fact a long_term_care\n\
         200 apply a nursing_care_subsidy papers=application_form\n\
         150 first a\n\
         149 explain a\n\
         149 second a\n\
         148 grant a 60.00\n",
    ),
    Walk::wrong(
        "stopped_for_a_death_that_was_none",
        &[SEVERE],
        nursing!(
            "120 fact a death since=0\n\
         119 stop a death from=120>1\n\
         60 retract a\n\
         ! R48 a nursing_care_subsidy 120>1\n"
        ),
    ),
    Walk::lawful(
        "stopped_in_error_and_resumed",
        &[SEVERE],
        nursing!(
            "120 fact a death since=0\n\
         119 stop a death from=120>1\n\
         70 retract a\n\
         60 resume a from=120>1\n"
        ),
    ),
    Walk::lawful(
        "given_up_by_the_holder",
        &[SEVERE],
        nursing!("120 stop a voluntary from=120>1 told\n"),
    ),
];
