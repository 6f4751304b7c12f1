//! Services: care, the training of children, devices.

use super::script::{changed, walk, walk_at};
use crate::domain::testing::case;

#[test]
fn care_is_paid_by_the_month_while_placed_attended_and_within_capacity() {
    walk(
        "
        2026-03-02 amount care_placement resident-month 1500.00 2016-01-01 -> ok
        -          facility h1 capacity=1                                  -> ok
        -          resident a level=1                                      -> ok
        -          resident b level=4 category=intellectual                -> ok
        -          resident c level=3                                      -> ok
        -          apply a care_placement papers=entry_assessment          -> ok
        -          apply b care_placement papers=entry_assessment          -> ok
        -          apply c care_placement papers=entry_assessment          -> ok
        2026-03-10 first a                                                 -> ok
        -          first b                                                 -> ok
        -          first c                                                 -> ok
        -          second a                                                -> ok
        -          second b                                                -> ok
        -          second c                                                -> ok
        -          grant c 1500.00                                         -> criterion_not_met
        -          grant a 1500.00                                         -> ok
        -          grant b 1500.00                                         -> ok
        -          bind a                                                  -> ok
        -          bind b                                                  -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> not_placed
        -          place a care_placement at=h1                            -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> no_attendance
        2026-03-12 session a care_placement by=carer-1                     -> ok
        -          prepare p1 2026-03 care_placement a:1500.00             -> ok
        -          place b care_placement at=h1                            -> ok
        -          session b care_placement by=carer-1                     -> ok
        -          prepare p2 2026-03 care_placement b:1500.00             -> over_capacity
        2026-04-20 leaves a                                                -> ok
        -          leaves b                                                -> ok
        2026-04-21 place b care_placement at=h1                            -> ok
        -          session b care_placement by=carer-1                     -> ok
        -          prepare p2 2026-04 care_placement b:1500.00             -> ok
        2026-05-04 prepare p3 2026-05 care_placement a:1500.00             -> not_placed
        -          reviewed b                                              -> ok
        -          apply d care_placement for=b                            -> case_open
    ",
    );
}

#[test]
fn a_child_is_trained_by_a_designated_institution_before_anybody_is_paid() {
    walk(
        "
        2026-03-02 amount child_rehab_aid child-year 12000.00 2019-01-01   -> ok
        -          facility h1                                             -> ok
        -          resident a born=2021-05-01                              -> ok
        -          resident b born=2018-12-31                              -> ok
        -          apply a child_rehab_aid papers=guardian                 -> ok
        -          apply b child_rehab_aid papers=guardian                 -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          grant b 12000.00                                        -> not_covered
        -          grant a 12000.00                                        -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 child_rehab_aid a:12000.00           -> provider_not_designated
        -          session a child_rehab_aid                               -> ok
        -          prepare p1 2026-03 child_rehab_aid a:12000.00           -> provider_not_designated
        2026-04-12 session a child_rehab_aid by=carer-1                    -> ok
        -          prepare p1 2026-04 child_rehab_aid a:12000.00           -> ok
        -          authorise p1                                            -> ok
        2026-05-12 paid a child_rehab_aid year=2026 by=p1                  -> ok
        2026-06-01 apply c child_rehab_aid for=a papers=guardian           -> ok
        2026-06-12 first c                                                 -> ok
        -          grant c 12000.00                                        -> unit_granted_already
        -          refuse c                                                -> ok
        2027-06-01 apply d child_rehab_aid for=a papers=guardian           -> ok
        2027-06-12 first d                                                 -> ok
        -          grant d 12000.00                                        -> ok
    ",
    );
}

#[test]
fn a_device_goes_the_seven_steps_and_costs_at_most_its_catalogue_price() {
    let catalogue = "catalogue = [\n  { item = \"wheelchair\", amount_fen = 150000, \
                     cycle_years = 3 },\n  { item = \"cane\" },\n]\nunit = \"person\"";
    let mut desk = changed("assistive_device", &[("unit = \"person\"", catalogue)]);
    walk_at(
        &mut desk,
        "
        2026-03-02 resident a                                              -> ok
        -          apply a assistive_device item=car                       -> item_not_in_catalogue
        -          apply a assistive_device item=wheelchair                -> ok
        -          apply b assistive_device for=a item=cane                -> ok
        2026-03-03 check a assessment                                      -> step_missing
        -          check a village_check                                   -> ok
        2026-03-04 first a                                                 -> ok
        -          grant a 1200.00                                         -> review_missing
        -          check a assessment                                      -> ok
        -          grant a 1500.01                                         -> amount_differs
        -          grant a 1200.00                                         -> ok
        -          bind a                                                  -> ok
        -          check b village_check                                   -> ok
        -          first b                                                 -> ok
        -          check b assessment                                      -> ok
        -          grant b 50.00                                           -> amount_unset
        -          prepare p1 2026-03 assistive_device a:1200.00           -> service_not_delivered
        2026-03-20 session a assistive_device                              -> ok
        -          prepare p1 2026-03 assistive_device a:1500.00           -> amount_differs
        -          prepare p1 2026-03 assistive_device a:1200.00           -> ok
        -          authorise p1                                            -> ok
        2026-04-20 visit a assistive_device                                -> ok
        2028-03-02 apply c assistive_device for=a item=wheelchair          -> ok
        2028-03-03 check c village_check                                   -> ok
        -          first c                                                 -> ok
        -          check c assessment                                      -> ok
        -          grant c 1200.00                                         -> unit_granted_already
        2029-03-02 apply d assistive_device for=a item=wheelchair          -> case_open
        -          grant c 1200.00 from=2029-03                            -> ok
    ",
    );
    let followed = desk.world.state.benefits.deliveries.of(&case(1)).unwrap().followed_up;
    assert_eq!(followed, Some("2026-04-20".parse().unwrap()));
}

#[test]
fn a_session_counts_once_the_child_s_guardian_signed_with_a_key() {
    walk(
        "
        2026-03-02 amount child_rehab_aid child-year 12000.00 2019-01-01   -> ok
        -          facility h1                                             -> ok
        -          resident a born=2021-05-01                              -> ok
        -          holder b                                                -> ok
        -          holder c                                                -> ok
        -          guards b a                                              -> ok
        -          apply a child_rehab_aid papers=guardian                 -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 12000.00                                        -> ok
        -          bind a                                                  -> ok
        2026-04-12 session a child_rehab_aid by=carer-1 key                -> ok
        -          prepare p1 2026-04 child_rehab_aid a:12000.00           -> provider_not_designated
        -          signs c                                                 -> not_the_person_s_side
        -          signs b by=carer-1                                      -> own_proposal
        -          signs b                                                 -> ok
        -          prepare p1 2026-04 child_rehab_aid a:12000.00           -> ok
        2026-04-13 session a child_rehab_aid by=carer-1 key                -> ok
        2026-05-14 signs b                                                 -> proposal_lapsed
    ",
    );
}
