//! Every programme from the application to what it gives, as it should be.

use super::{CHILD, DRIVER, INTELLECTUAL, MILD, POOR, SEVERE, Walk};

pub(super) static WALKS: &[Walk] = &[
    Walk::lawful(
        "nursing_walked",
        &[SEVERE],
        nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "fuel_walked",
        &[DRIVER],
        "310 apply a fuel_subsidy vehicle=v1 papers=lower_limb_assessment,ownership_proof,\
               vehicle_certificate,purchase_proof\n\
               290 first a\n\
               289 grant a 260.00\n\
               289 bind a\n\
               288 prepare p1 fuel_subsidy a:260.00\n\
               287 authorise p1\n\
               285 paid a p1\n",
    )
    .in_february(),
    Walk::lawful(
        "renovation_walked",
        &[POOR],
        "310 joins a h1\n\
               310 fact a dibao\n\
               310 apply a house_renovation household=h1 grade=D \
               papers=household_register,only_house_statement,appraisal,contract\n\
               290 check a village_check papers=village_review\n\
               288 first a\n\
               287 grant a 20000.00\n\
               287 bind a\n\
               220 works h1 house_renovation grade=D\n\
               219 prepare p1 house_renovation a:20000.00\n\
               218 authorise p1\n\
               216 paid a p1\n",
    ),
    Walk::lawful(
        "adaptation_walked",
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
               196 paid a p1\n",
    ),
    Walk::lawful(
        "placement_walked",
        &[SEVERE],
        care!(
            "176 prepare p1 care_placement a:1500.00\n\
             174 authorise p1\n\
             172 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "resident_moved_to_another_house",
        &[INTELLECTUAL],
        care!(
            "170 leaves a\n\
             170 place a care_placement at=2\n\
             169 session a care_placement by=2\n"
        ),
    ),
    Walk::lawful(
        "day_care_walked",
        &[INTELLECTUAL],
        day_care!(
            "176 prepare p1 day_care a:600.00\n\
             174 authorise p1\n\
             172 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "child_rehabilitation_walked",
        &[CHILD],
        "260 apply a child_rehab_aid papers=guardian,certificate_or_diagnosis\n\
               240 first a\n\
               239 grant a 12000.00\n\
               239 bind a\n\
               200 session a child_rehab_aid by=1\n\
               199 prepare p1 child_rehab_aid a:12000.00\n\
               198 authorise p1\n\
               196 paid a p1\n",
    )
    .in_february(),
    Walk::lawful(
        "device_walked",
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
               236 paid a p1\n\
               200 visit a assistive_device\n",
    ),
    Walk::lawful(
        "community_rehabilitation_walked",
        &[MILD],
        community!(
            "199 prepare p1 community_rehabilitation a:1200.00\n\
             198 authorise p1\n\
             196 paid a p1\n\
             195 visit a community_rehabilitation\n"
        ),
    )
    .in_february(),
    Walk::lawful(
        "training_walked",
        &[MILD],
        training!(
            "200 session a vocational_training by=1\n\
             199 prepare p1 vocational_training a:1000.00\n\
             198 authorise p1\n\
             196 paid a p1\n"
        ),
    ),
    Walk::lawful(
        "remote_work_walked",
        &[MILD],
        "230 apply a remote_work papers=contract\n\
               210 first a\n\
               209 grant a\n\
               208 place a remote_work\n",
    ),
    Walk::lawful(
        "education_walked",
        &[MILD],
        "130 fact a dibao_edge\n\
               130 apply a education_aid papers=admission_letter\n\
               110 first a\n\
               109 grant a 3000.00\n\
               109 bind a\n\
               108 prepare p1 education_aid a:3000.00\n\
               107 authorise p1\n\
               105 paid a p1\n",
    ),
    Walk::lawful(
        "employment_and_visits_walked",
        &[MILD],
        "230 apply a employment papers=contract\n\
               210 first a\n\
               209 grant a\n\
               208 place a employment\n\
               150 visit a paired_support\n",
    ),
    Walk::lawful(
        "reviewed_each_year",
        &[SEVERE],
        "450 fact a long_term_care\n\
               450 apply a nursing_care_subsidy papers=application_form\n\
               436 first a\n\
               429 second a\n\
               428 grant a 60.00\n\
               200 reviewed a\n",
    ),
    Walk::wrong(
        "nobody_told_the_neighbour",
        &[SEVERE, SEVERE],
        paid_twice!("200 fact b long_term_care\n! R47 b nursing_care_subsidy\n"),
    ),
    Walk::lawful(
        "the_neighbour_has_another_support",
        &[SEVERE, SEVERE],
        paid_twice!("200 fact b extreme_poverty_support\n"),
    ),
    Walk::lawful(
        "the_neighbour_was_refused",
        &[SEVERE, SEVERE],
        paid_twice!(
            "200 apply b nursing_care_subsidy papers=application_form\n\
             186 first b\n\
             179 second b\n\
             178 deny b\n"
        ),
    ),
    Walk::lawful(
        "dibao_topped_up",
        &[POOR],
        "200 joins a h1\n\
         200 apply a dibao household=h1\n\
         186 first a\n\
         178 grant a 250.00 income=300.00\n\
         178 bind a\n\
         175 prepare p1 dibao a:250.00 by=welfare\n\
         174 authorise p1\n\
         172 paid a p1\n",
    ),
];
