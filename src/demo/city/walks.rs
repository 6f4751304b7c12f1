//! Programmes walked on the ledger, as text: from the application to the payment or the service,
//! and what goes wrong on the way.
//!
//! One line a step: `days-before-the-end verb who words key=value`. People are letters, households
//! `h1`, vehicles `v1`, batches `p1`. A line that begins with `!` is a flag that is due: rule, who,
//! and where it has them the programme and the day whose month it names.

use super::stage::{MILD, POOR, SEVERE_ONLY, Want};
use crate::value::Category;

/// A walk.
pub(super) struct Walk {
    pub(super) name: &'static str,
    /// Nothing is wrong, though it may look so.
    pub(super) is_lawful: bool,
    /// Who takes part; the letters in their order.
    pub(super) people: &'static [Want],
    /// Begins in February, as what is granted by the year does.
    pub(super) in_february: bool,
    pub(super) text: &'static str,
}

const SEVERE: Want = SEVERE_ONLY;
const CHILD: Want = Want { age: (3, 3), category: Some(Category::Hearing), ..SEVERE_ONLY };
const DRIVER: Want = Want { category: Some(Category::Physical), ..MILD };
const INTELLECTUAL: Want = Want { category: Some(Category::Intellectual), ..MILD };

/// The subsidies' chain up to the bound account.
macro_rules! nursing {
    ($($more:literal)*) => {
        concat!(
            "200 fact a long_term_care\n\
             200 apply a nursing_care_subsidy papers=application_form\n\
             180 first a\n\
             179 second a\n\
             178 grant a 60.00\n\
             178 bind a\n",
            $($more),*
        )
    };
}

/// Placed, attended and granted care.
macro_rules! care {
    ($($more:literal)*) => {
        concat!(
            "200 apply a care_placement papers=entry_assessment,contract\n\
             180 first a\n\
             179 second a\n\
             178 grant a 1500.00\n\
             178 bind a\n\
             176 place a care_placement at=1\n\
             176 session a care_placement by=1\n",
            $($more),*
        )
    };
}

pub(super) static WALKS: &[Walk] = &[
    Walk {
        name: "nursing_walked",
        in_february: false,
        is_lawful: true,
        people: &[SEVERE],
        text: nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1\n"
        ),
    },
    Walk {
        name: "fuel_walked",
        in_february: true,
        is_lawful: true,
        people: &[DRIVER],
        text: "310 apply a fuel_subsidy vehicle=v1 papers=lower_limb_assessment,ownership_proof,\
               vehicle_certificate,purchase_proof\n\
               290 first a\n\
               289 grant a 260.00\n\
               289 bind a\n\
               288 prepare p1 fuel_subsidy a:260.00\n\
               287 authorise p1\n\
               285 paid a p1\n",
    },
    Walk {
        name: "renovation_walked",
        in_february: false,
        is_lawful: true,
        people: &[POOR],
        text: "310 joins a h1\n\
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
    },
    Walk {
        name: "adaptation_walked",
        in_february: false,
        is_lawful: true,
        people: &[SEVERE],
        text: "290 joins a h1\n\
               290 fact a low_income\n\
               290 apply a home_adaptation household=h1 papers=needs_survey\n\
               270 first a\n\
               269 grant a 3500.00\n\
               269 bind a\n\
               200 works h1 home_adaptation\n\
               199 prepare p1 home_adaptation a:3500.00\n\
               198 authorise p1\n\
               196 paid a p1\n",
    },
    Walk {
        name: "placement_walked",
        in_february: false,
        is_lawful: true,
        people: &[SEVERE],
        text: care!(
            "176 prepare p1 care_placement a:1500.00\n\
             174 authorise p1\n\
             172 paid a p1\n"
        ),
    },
    Walk {
        name: "day_care_moved_to_another_house",
        in_february: false,
        is_lawful: true,
        people: &[INTELLECTUAL],
        text: care!(
            "170 leaves a\n\
             170 place a care_placement at=2\n\
             169 session a care_placement by=2\n"
        ),
    },
    Walk {
        name: "child_rehabilitation_walked",
        in_february: true,
        is_lawful: true,
        people: &[CHILD],
        text: "260 apply a child_rehab_aid papers=guardian,certificate_or_diagnosis\n\
               240 first a\n\
               239 grant a 12000.00\n\
               239 bind a\n\
               200 session a child_rehab_aid by=1\n\
               199 prepare p1 child_rehab_aid a:12000.00\n\
               198 authorise p1\n\
               196 paid a p1\n",
    },
    Walk {
        name: "device_walked",
        in_february: false,
        is_lawful: true,
        people: &[MILD],
        text: "280 apply a assistive_device item=wheelchair\n\
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
    },
    Walk {
        name: "education_walked",
        in_february: false,
        is_lawful: true,
        people: &[MILD],
        text: "130 fact a dibao_edge\n\
               130 apply a education_aid papers=admission_letter\n\
               110 first a\n\
               109 grant a 3000.00\n\
               109 bind a\n\
               108 prepare p1 education_aid a:3000.00\n\
               107 authorise p1\n\
               105 paid a p1\n",
    },
    Walk {
        name: "employment_and_visits_walked",
        in_february: false,
        is_lawful: true,
        people: &[MILD],
        text: "230 apply a employment papers=contract\n\
               210 first a\n\
               209 grant a\n\
               208 place a employment\n\
               150 visit a paired_support\n",
    },
    Walk {
        name: "reviewed_each_year",
        in_february: false,
        is_lawful: true,
        people: &[SEVERE],
        text: "450 fact a long_term_care\n\
               450 apply a nursing_care_subsidy papers=application_form\n\
               430 first a\n\
               429 second a\n\
               428 grant a 60.00\n\
               200 reviewed a\n",
    },
    Walk {
        name: "not_reviewed_for_a_year",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: "450 fact a long_term_care\n\
               450 apply a nursing_care_subsidy papers=application_form\n\
               430 first a\n\
               429 second a\n\
               428 grant a 60.00\n\
               ! R51 a nursing_care_subsidy\n",
    },
    Walk {
        name: "paid_before_authorisation",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: nursing!(
            "172 paid a nursing_care_subsidy 60.00\n\
             ! R05 a nursing_care_subsidy 172\n"
        ),
    },
    Walk {
        name: "accounts_switched_by_one_clerk",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE, SEVERE],
        text: nursing!(
            "200 fact b long_term_care\n\
             200 apply b nursing_care_subsidy papers=application_form\n\
             180 first b\n\
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
    },
    Walk {
        name: "paid_in_cash",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1 cash\n\
             ! R50 a nursing_care_subsidy 175\n"
        ),
    },
    Walk {
        name: "paid_more_than_authorised",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1 90.00\n\
             ! R52 a nursing_care_subsidy 175\n\
             ! R14 a nursing_care_subsidy 175\n"
        ),
    },
    Walk {
        name: "paid_months_late",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             110 paid a p1\n\
             ! R49 a nursing_care_subsidy 175\n"
        ),
    },
    Walk {
        name: "left_lying_in_a_batch",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: nursing!(
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             ! R49 a nursing_care_subsidy 175\n"
        ),
    },
    Walk {
        name: "care_paid_and_not_given",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: "200 apply a care_placement papers=entry_assessment,contract\n\
               180 first a\n\
               179 second a\n\
               178 grant a 1500.00\n\
               178 bind a\n\
               172 paid a care_placement 1500.00\n\
               ! R05 a care_placement 172\n\
               ! R40 a care_placement 172\n",
    },
    Walk {
        name: "placed_in_two_houses",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: care!(
            "170 place a care_placement at=2\n\
             ! R40b a care_placement 170+1\n"
        ),
    },
    Walk {
        name: "sessions_of_two_houses_on_one_day",
        in_february: false,
        is_lawful: false,
        people: &[SEVERE],
        text: care!(
            "176 session a care_placement by=2\n\
             ! R40c a care_placement 176\n"
        ),
    },
    Walk {
        name: "one_photograph_for_two_works",
        in_february: false,
        is_lawful: false,
        people: &[POOR, SEVERE],
        text: "310 joins a h1\n\
               310 joins b h1\n\
               310 fact a dibao\n\
               310 fact b low_income\n\
               310 apply a house_renovation household=h1 grade=D \
               papers=household_register,only_house_statement,appraisal,contract\n\
               310 apply b home_adaptation household=h1 papers=needs_survey\n\
               290 check a village_check papers=village_review\n\
               288 first a\n\
               288 first b\n\
               287 grant a 20000.00\n\
               287 grant b 3500.00\n\
               220 works h1 house_renovation grade=D photo\n\
               210 works h1 home_adaptation photo\n\
               ! R39 a house_renovation\n\
               ! R39 b home_adaptation\n",
    },
];
