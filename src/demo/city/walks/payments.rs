//! What goes wrong with the money of a benefit, and what only looks so (R05, R14, R14b, R20, R49,
//! R50, R52).

use super::{HOUSEHOLDER, SEVERE, Walk};

pub(super) static WALKS: &[Walk] = &[
    Walk::wrong(
        "not_reviewed_for_a_year",
        &[SEVERE],
        "450 fact a long_term_care\n\
               450 apply a nursing_care_subsidy papers=application_form\n\
               436 first a\n\
               429 second a\n\
               428 grant a 60.00\n\
               ! R51 a nursing_care_subsidy\n",
    ),
    Walk::wrong(
        "paid_before_authorisation",
        &[SEVERE],
        nursing!(
            "172 paid a nursing_care_subsidy 60.00\n\
             ! R05 a nursing_care_subsidy 172\n"
        ),
    ),
    Walk::wrong(
        "accounts_switched_by_one_clerk",
        &[SEVERE, SEVERE],
        nursing!(
            "200 fact b long_term_care\n\
             200 apply b nursing_care_subsidy papers=application_form\n\
             186 first b\n\
             179 second b\n\
             178 grant b 60.00\n\
             178 bind b\n\
             150 bind a other\n\
             149 bind b other\n\
             148 prepare p1 nursing_care_subsidy a:60.00 b:60.00 by=welfare\n\
             147 authorise p1\n\
             145 paid a p1\n\
             145 paid b p1\n\
             ! R20 a nursing_care_subsidy 148\n\
             ! R20 b nursing_care_subsidy 148\n"
        ),
    ),
    Walk::wrong(
        "paid_in_cash",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1 cash\n\
             ! R50 a nursing_care_subsidy 175\n"
        ),
    ),
    Walk::wrong(
        "paid_more_than_authorised",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1 90.00\n\
             ! R52 a nursing_care_subsidy 175\n\
             ! R14 a nursing_care_subsidy 175\n"
        ),
    ),
    Walk::wrong(
        "paid_months_late",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             110 paid a p1\n\
             ! R49 a nursing_care_subsidy 175\n"
        ),
    ),
    Walk::wrong(
        "left_lying_in_a_batch",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             ! R49 a nursing_care_subsidy 175\n"
        ),
    ),
    Walk::wrong(
        "paid_more_than_the_works_cost",
        &[HOUSEHOLDER],
        renovation!(
            "220 works h1 house_renovation grade=D\n\
         219 prepare p1 house_renovation a:20000.00\n\
         218 authorise p1\n\
         216 paid a p1 25000.00\n\
         ! R14b a house_renovation\n\
         ! R52 a house_renovation\n"
        ),
    ),
    Walk::lawful(
        "decided_and_paid_on_one_day",
        &[SEVERE],
        nursing!(
            "178 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
         178 authorise p1\n\
         178 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "same_account_bound_again_and_paid",
        &[SEVERE, SEVERE],
        nursing!(
            "200 fact b long_term_care\n\
         200 apply b nursing_care_subsidy papers=application_form\n\
         186 first b\n\
         179 second b\n\
         178 grant b 60.00\n\
         178 bind b\n\
         150 bind a again\n\
         149 bind b again\n\
         148 prepare p1 nursing_care_subsidy a:60.00 b:60.00 by=welfare\n\
         147 authorise p1\n\
         145 paid a p1\n\
         145 paid b p1\n"
        ),
    ),
    Walk::lawful(
        "account_changed_long_before_payment",
        &[SEVERE],
        nursing!(
            "150 bind a other\n\
         105 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
         104 authorise p1\n\
         102 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "account_changed_after_the_batch_was_sent",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
         174 authorise p1\n\
         172 bind a other\n\
         170 paid a p1 old\n"
        ),
    ),
    Walk::lawful(
        "paid_four_weeks_later",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
         174 authorise p1\n\
         149 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "batch_prepared_again",
        &[SEVERE, SEVERE],
        nursing!(
            "178 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
         200 fact b long_term_care\n\
         200 apply b nursing_care_subsidy papers=application_form\n\
         186 first b\n\
         179 second b\n\
         178 grant b 60.00\n\
         178 bind b\n\
         178 prepare p1 nursing_care_subsidy a:60.00 b:60.00 by=welfare again\n\
         174 authorise p1\n\
         172 paid a p1\n\
         172 paid b p1\n"
        ),
    ),
    Walk::lawful(
        "paid_what_the_works_cost",
        &[HOUSEHOLDER],
        renovation!(
            "220 works h1 house_renovation grade=D cost=20000.00\n\
         219 prepare p1 house_renovation a:20000.00\n\
         218 authorise p1\n\
         216 paid a p1\n"
        ),
    ),
];
