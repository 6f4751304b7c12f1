//! Each programme from its payment or service on: something abnormal is flagged, raised, assigned
//! and judged.

use super::fuel::FUEL;
use super::script::{changed, walk, walk_at};

/// What follows every flag, under its rule's name.
fn to_its_verdict(table: &str, rule: &str) -> String {
    let life = "
        - raise a RULE             -> ok
        - judge RULE confirmed by=dpf-reviewer -> role_may_not_sign
        - assign RULE              -> ok
        - standing RULE            -> assigned
        - judge RULE confirmed     -> ok
        - standing RULE            -> confirmed";
    format!("{table}{}", life.replace("RULE", rule))
}

/// Granted the living allowance from March on and paid for it, 60 yuan a month.
const LIVING: &str = "
        2026-03-02 amount living_allowance person-month 60.00 2016-01-01   -> ok
        -          resident a                                              -> ok
        -          fact a dibao                                            -> ok
        -          apply a living_allowance                                -> ok
        2026-03-12 first a                                                 -> ok
        -          second a                                                -> ok
        -          grant a 60.00                                           -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 living_allowance a:60.00:bare by=civil -> ok
        -          authorise p1                                            -> ok
        2026-03-20 paid a living_allowance month=2026-03 by=p1             -> ok
        -          flags a                                                 ->
";

#[test]
fn a_subsidy_that_went_out_twice() {
    let table = "
        2026-03-25 paid a living_allowance month=2026-03 by=p1             -> ok
        -          flags a                                                 -> R17";
    walk(&to_its_verdict(&format!("{LIVING}{table}"), "R17"));
    let nursing = LIVING.replace("living_allowance", "nursing_care_subsidy");
    let nursing = nursing.replace("fact a dibao         ", "fact a long_term_care");
    let table = "
        2026-03-25 paid a nursing_care_subsidy month=2026-03 by=p1         -> ok
        -          flags a                                                 -> R17";
    walk(&to_its_verdict(&format!("{nursing}{table}"), "R17"));
}

#[test]
fn fuel_for_one_vehicle_and_year_that_went_out_twice() {
    let table = "
        2026-03-02 resident a level=3                                      -> ok
        -          apply a fuel_subsidy vehicle=v1 chassis=x papers=FUEL   -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 260.00                                          -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 fuel_subsidy a:260.00                -> ok
        -          authorise p1                                            -> ok
        2026-03-20 paid a fuel_subsidy year=2026 amount=260.00 by=p1       -> ok
        -          flags a                                                 ->
        2026-03-25 paid a fuel_subsidy year=2026 amount=260.00 by=p1       -> ok
        -          flags a                                                 -> R17";
    walk(&to_its_verdict(&table.replace("FUEL", FUEL), "R17"));
}

#[test]
fn a_house_paid_for_at_more_than_it_cost() {
    let papers = "household_register,only_house_statement,appraisal,contract";
    let table = "
        2026-03-02 amount house_renovation household-once 20000.00 2016-01-01 -> ok
        -          resident a                                              -> ok
        -          joins a h1                                              -> ok
        -          fact a dibao                                            -> ok
        -          apply a house_renovation household=h1 grade=D papers=P  -> ok
        2026-03-10 check a village_check papers=village_review             -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 20000.00                                        -> ok
        -          bind a                                                  -> ok
        2026-05-10 works h1 house_renovation grade=D cost=18000.00         -> ok
        -          prepare p1 2026-05 house_renovation a:18000.00          -> ok
        -          authorise p1                                            -> ok
        2026-05-20 paid a house_renovation month=2026-05 amount=20000.00 by=p1 -> ok
        -          flags a                                                 -> R52 R14b";
    walk(&to_its_verdict(&table.replace("papers=P", &format!("papers={papers}")), "R14b"));
}

#[test]
fn a_home_adapted_with_the_photographs_of_its_renovation() {
    let table = "
        2026-03-02 amount home_adaptation household-once 3500.00 2016-01-01 -> ok
        -          resident a level=1                                      -> ok
        -          joins a h1                                              -> ok
        -          fact a low_income                                       -> ok
        -          apply a home_adaptation household=h1 papers=needs_survey -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 3500.00                                         -> ok
        -          bind a                                                  -> ok
        2026-05-12 works h1 home_adaptation cost=3500.00                   -> ok
        -          prepare p1 2026-05 home_adaptation a:3500.00            -> ok
        -          authorise p1                                            -> ok
        2026-05-20 paid a home_adaptation month=2026-05 amount=3500.00 by=p1 -> ok
        -          flags a                                                 ->
        2026-06-02 works h1 house_renovation grade=D cost=18000.00         -> ok
        -          flags a                                                 -> R39";
    walk(&to_its_verdict(table, "R39"));
}

#[test]
fn a_resident_of_two_homes() {
    let table = "
        2026-03-02 amount care_placement resident-month 1500.00 2016-01-01 -> ok
        -          facility h1 capacity=1                                  -> ok
        -          facility h2 capacity=1                                  -> ok
        -          resident a level=1                                      -> ok
        -          apply a care_placement papers=entry_assessment          -> ok
        2026-03-12 first a                                                 -> ok
        -          second a                                                -> ok
        -          grant a 1500.00                                         -> ok
        -          bind a                                                  -> ok
        -          place a care_placement at=h1                            -> ok
        -          session a care_placement by=carer-1                     -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> ok
        -          authorise p1                                            -> ok
        2026-03-31 paid a care_placement month=2026-03 amount=1500.00 by=p1 -> ok
        2026-04-02 flags a                                                 ->
        -          place a care_placement at=h2                            -> ok
        2026-04-03 flags a                                                 -> R40b";
    walk(&to_its_verdict(table, "R40b"));
}

#[test]
fn a_resident_for_whom_there_was_no_bed() {
    let table = "
        2026-03-02 facility h1 capacity=1                                  -> ok
        -          resident a level=1                                      -> ok
        -          resident b level=1                                      -> ok
        -          place a care_placement at=h1                            -> ok
        2026-03-03 place b care_placement at=h1                            -> ok
        -          flags a                                                 ->
        -          flags b                                                 -> R40d";
    walk(&to_its_verdict(table, "R40d").replace("raise a", "raise b"));
}

#[test]
fn a_child_s_session_on_a_saturday() {
    let table = "
        2026-03-02 facility h1                                             -> ok
        -          resident a born=2021-05-01                              -> ok
        -          guards b a                                              -> ok
        -          apply a child_rehab_aid papers=guardian                 -> ok
        2026-03-14 session a child_rehab_aid by=carer-1                    -> ok
        -          flags a                                                 -> R40c";
    walk(&to_its_verdict(table, "R40c"));
}

#[test]
fn aid_for_study_that_went_to_another_account() {
    let table = "
        2026-03-02 amount education_aid student-once 3000.00 2016-01-01    -> ok
        -          resident a level=4                                      -> ok
        -          fact a dibao_edge                                       -> ok
        -          apply a education_aid papers=admission_letter           -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 3000.00                                         -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 education_aid a:3000.00              -> ok
        -          authorise p1                                            -> ok
        -          paid a education_aid month=2026-03 amount=3000.00 account=b by=p1 -> ok
        -          flags a                                                 -> R52 R50";
    walk(&to_its_verdict(table, "R52"));
}

#[test]
fn a_device_paid_at_more_than_was_granted() {
    let catalogue =
        "catalogue = [{ item = \"wheelchair\", amount_fen = 150000 }]\nunit = \"person\"";
    let table = "
        2026-03-02 resident a                                              -> ok
        -          apply a assistive_device item=wheelchair                -> ok
        2026-03-03 check a village_check                                   -> ok
        2026-03-04 first a                                                 -> ok
        -          check a assessment                                      -> ok
        -          grant a 1200.00                                         -> ok
        -          bind a                                                  -> ok
        2026-03-20 session a assistive_device                              -> ok
        -          prepare p1 2026-03 assistive_device a:1200.00           -> ok
        -          authorise p1                                            -> ok
        -          paid a assistive_device month=2026-03 amount=1500.00 by=p1 -> ok
        -          visit a assistive_device                                -> ok
        -          flags a                                                 -> R52";
    let mut desk = changed("assistive_device", &[("unit = \"person\"", catalogue)]);
    walk_at(&mut desk, &to_its_verdict(table, "R52"));
}

#[test]
fn day_care_in_two_centres() {
    let table = "
        2026-03-02 amount day_care person-month 600.00 2016-01-01          -> ok
        -          facility h1 capacity=1                                  -> ok
        -          facility h2 capacity=1                                  -> ok
        -          resident a level=1                                      -> ok
        -          apply a day_care papers=entry_assessment                -> ok
        2026-03-12 first a                                                 -> ok
        -          second a                                                -> ok
        -          grant a 600.00                                          -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 day_care a:600.00                    -> not_placed
        -          place a day_care at=h1                                  -> ok
        -          prepare p1 2026-03 day_care a:600.00                    -> no_attendance
        -          session a day_care by=carer-1                           -> ok
        -          prepare p1 2026-03 day_care a:600.00                    -> ok
        -          authorise p1                                            -> ok
        2026-03-31 paid a day_care month=2026-03 amount=600.00 by=p1       -> ok
        2026-04-02 flags a                                                 ->
        -          place a day_care at=h2                                  -> ok
        2026-04-03 flags a                                                 -> R40b";
    walk(&to_its_verdict(table, "R40b"));
}

#[test]
fn who_comes_by_day_takes_no_bed() {
    let table = "
        2026-03-02 amount care_placement resident-month 1500.00 2016-01-01 -> ok
        -          facility h1 capacity=1                                  -> ok
        -          resident a level=1                                      -> ok
        -          resident b level=1                                      -> ok
        -          place b day_care at=h1                                  -> ok
        -          apply a care_placement papers=entry_assessment          -> ok
        2026-03-12 first a                                                 -> ok
        -          second a                                                -> ok
        -          grant a 1500.00                                         -> ok
        -          bind a                                                  -> ok
        -          place a care_placement at=h1                            -> ok
        -          session a care_placement by=carer-1                     -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> ok
        -          flags a                                                 ->
        2026-03-21 session b day_care by=carer-1                           -> ok
        -          flags b                                                 -> R40c";
    walk(&to_its_verdict(table, "R40c").replace("raise a", "raise b"));
}

#[test]
fn a_course_of_training_signed_for_by_two() {
    let table = "
        2026-03-02 amount vocational_training person-event 1000.00 2016-01-01 -> ok
        -          facility h1                                             -> ok
        -          facility h2                                             -> ok
        -          resident a level=4                                      -> ok
        -          resident b born=2012-01-01                              -> ok
        -          apply a vocational_training                             -> ok
        -          apply b vocational_training                             -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          grant b 1000.00                                         -> not_covered
        -          grant a 1000.00                                         -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 vocational_training a:1000.00        -> provider_not_designated
        2026-03-20 session a vocational_training by=carer-1                -> ok
        -          flags a                                                 ->
        -          session a vocational_training by=carer-2                -> ok
        -          prepare p1 2026-03 vocational_training a:1000.00        -> ok
        -          authorise p1                                            -> ok
        2026-03-25 paid a vocational_training month=2026-03 amount=1000.00 by=p1 -> ok
        2026-03-26 flags a                                                 -> R40c";
    walk(&to_its_verdict(table, "R40c"));
}

#[test]
fn remote_work_for_two_at_once() {
    let table = "
        2026-03-02 resident a                                              -> ok
        -          apply a remote_work papers=contract                     -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a                                                 -> ok
        -          place a remote_work                                     -> ok
        -          facility h1                                             -> ok
        -          place a remote_work at=h1                               -> ok
        2026-03-20 flags a                                                 -> R40b";
    walk(&to_its_verdict(table, "R40b"));
}

#[test]
fn rehabilitation_in_the_community_paid_at_more_than_was_granted() {
    let table = "
        2026-03-02 amount community_rehabilitation person-year 1200.00 2018-01-01 -> ok
        -          resident a level=4                                      -> ok
        -          apply a community_rehabilitation papers=needs_survey    -> ok
        2026-03-03 first a                                                 -> step_missing
        -          check a village_check                                   -> ok
        2026-03-04 first a                                                 -> ok
        -          check a assessment                                      -> ok
        -          grant a 1200.00                                         -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 community_rehabilitation a:1200.00   -> service_not_delivered
        2026-03-20 session a community_rehabilitation                      -> ok
        -          prepare p1 2026-03 community_rehabilitation a:1200.00   -> ok
        -          authorise p1                                            -> ok
        2026-03-25 paid a community_rehabilitation year=2026 amount=1500.00 by=p1 -> ok
        -          visit a community_rehabilitation                        -> ok
        -          flags a                                                 -> R52 R14";
    walk(&to_its_verdict(table, "R52"));
}

#[test]
fn dibao_for_a_month_that_was_not_determined() {
    let table = "
        2026-03-02 resident a                                              -> ok
        -          joins a h1                                              -> ok
        -          amount dibao household-month 550.00 2016-01-01          -> ok
        -          apply a dibao household=h1                              -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 250.00 income=300.00                            -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 dibao a:250.00 by=civil              -> ok
        -          authorise p1                                            -> ok
        2026-03-20 paid a dibao month=2026-02 amount=250.00 by=p1          -> ok
        -          flags a                                                 -> R52";
    walk(&to_its_verdict(table, "R52"));
}

#[test]
fn one_person_at_two_places_of_work() {
    let table = "
        2026-03-02 resident a                                              -> ok
        -          apply a employment papers=contract                      -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a                                                 -> ok
        -          place a employment                                      -> ok
        -          facility h1                                             -> ok
        -          place a employment at=h1                                -> ok
        2026-03-20 flags a                                                 -> R40b";
    walk(&to_its_verdict(table, "R40b"));
}

#[test]
fn paid_beside_extreme_poverty_support() {
    let table = "
        2026-03-25 fact a extreme_poverty_support                          -> ok
        -          flags a                                                 -> R11";
    walk(&to_its_verdict(&format!("{LIVING}{table}"), "R11"));
}

#[test]
fn a_household_registered_as_poor_on_papers_made_afterwards() {
    let mut desk = changed("poverty_register", &[("valid_to = \"2020-12-31\"", "# valid_to")]);
    let table = "
        2026-03-02 resident a                                              -> ok
        -          joins a h1                                              -> ok
        -          apply a poverty_register household=h1                   -> ok
        2026-03-26 check a village_check                                   -> ok
        -          first a back=15                                         -> ok
        -          second a                                                -> ok
        -          grant a                                                 -> ok
        -          flags a                                                 -> R35";
    walk_at(&mut desk, &to_its_verdict(table, "R35"));
}

#[test]
fn a_visit_to_somebody_who_had_died() {
    let table = "
        2026-03-02 resident a                                              -> ok
        2026-03-12 visit a paired_support                                  -> ok
        -          flags a                                                 ->
        -          fact a death                                            -> ok
        2026-03-20 flags a                                                 -> R40e R02";
    walk(&to_its_verdict(table, "R40e"));
}

#[test]
fn a_verdict_is_of_somebody_without_a_part_in_the_case() {
    let table = "
        2026-03-25 paid a living_allowance month=2026-03 by=p1             -> ok
        -          raise a R17                                             -> ok
        -          judge R17 dismissed                                     -> ok
        -          standing R17                                            -> dismissed
        -          paid a living_allowance month=2026-03 by=p1             -> ok
        -          raise a R17                                             -> ok
        -          standing R17                                            -> open";
    walk(&format!("{LIVING}{table}"));
}
