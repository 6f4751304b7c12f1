//! What goes wrong with the money of a benefit, and what only looks so (R05, R14, R14b, R20, R49,
//! R50, R52).

use super::{CHILD, DRIVER, HOUSEHOLDER, MILD, POOR, SEVERE, Walk};

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
    Walk::wrong(
        "fuel_paid_in_cash",
        &[DRIVER],
        "310 apply a fuel_subsidy vehicle=v1 papers=lower_limb_assessment,ownership_proof,\
               vehicle_certificate,purchase_proof\n\
               290 first a\n\
               289 grant a 260.00\n\
               289 bind a\n\
               288 prepare p1 fuel_subsidy a:260.00\n\
               287 authorise p1\n\
               285 paid a p1 cash\n\
               ! R50 a fuel_subsidy\n",
    )
    .in_february(),
    Walk::wrong(
        "adaptation_paid_in_cash",
        &[SEVERE],
        "290 joins a h1\n\
               290 fact a low_income\n\
               290 apply a home_adaptation household=h1 papers=needs_survey\n\
               270 first a\n\
               269 grant a 3500.00\n\
               269 bind a\n\
               200 works h1 home_adaptation\n\
               199 prepare p1 home_adaptation a:3500.00\n\
               198 authorise p1\n\
               196 paid a p1 cash\n\
               ! R50 a home_adaptation\n",
    ),
    Walk::wrong(
        "child_rehabilitation_paid_in_cash",
        &[CHILD],
        "260 apply a child_rehab_aid papers=guardian,certificate_or_diagnosis\n\
               240 first a\n\
               239 grant a 12000.00\n\
               239 bind a\n\
               200 session a child_rehab_aid by=1\n\
               199 prepare p1 child_rehab_aid a:12000.00\n\
               198 authorise p1\n\
               196 paid a p1 cash\n\
               ! R50 a child_rehab_aid\n",
    )
    .in_february(),
    Walk::wrong(
        "device_paid_in_cash",
        &[MILD],
        "280 apply a assistive_device item=轮椅\n\
               259 check a village_check\n\
               258 first a\n\
               257 check a assessment\n\
               256 grant a 1200.00\n\
               256 bind a\n\
               240 session a assistive_device\n\
               239 prepare p1 assistive_device a:1200.00\n\
               238 authorise p1\n\
               236 paid a p1 cash\n\
               ! R50 a assistive_device\n",
    ),
    Walk::wrong(
        "study_aid_paid_in_cash",
        &[MILD],
        "130 fact a dibao_edge\n\
               130 apply a education_aid papers=admission_letter\n\
               110 first a\n\
               109 grant a 3000.00\n\
               109 bind a\n\
               108 prepare p1 education_aid a:3000.00\n\
               107 authorise p1\n\
               105 paid a p1 cash\n\
               ! R50 a education_aid\n",
    ),
    Walk::wrong(
        "dibao_paid_in_cash",
        &[POOR],
        "200 joins a h1\n\
         200 apply a dibao household=h1\n\
         186 first a\n\
         178 grant a 250.00 income=300.00\n\
         178 bind a\n\
         175 prepare p1 dibao a:250.00 by=welfare\n\
         174 authorise p1\n\
         172 paid a p1 cash\n\
         ! R50 a dibao 175\n",
    ),
    Walk::wrong(
        "extreme_poverty_support_paid_in_cash",
        &[MILD],
        "200 apply a extreme_poverty_support\n\
         186 first a\n\
         178 grant a 800.00\n\
         178 bind a\n\
         175 prepare p1 extreme_poverty_support a:800.00 by=welfare\n\
         174 authorise p1\n\
         172 paid a p1 cash\n\
         ! R50 a extreme_poverty_support 175\n",
    ),
    Walk::wrong(
        "living_allowance_paid_in_cash",
        &[POOR],
        "200 fact a dibao\n\
         200 apply a living_allowance papers=application_form\n\
         186 first a\n\
         179 second a\n\
         178 grant a 60.00\n\
         178 bind a\n\
         175 prepare p1 living_allowance a:60.00 by=welfare\n\
         174 authorise p1\n\
         172 paid a p1 cash\n\
         ! R50 a living_allowance 175\n",
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
