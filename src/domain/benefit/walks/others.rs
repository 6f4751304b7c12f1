//! Aid for study, Dibao, programmes without money, and one that nobody wrote code for.

use super::super::desk::Desk;
use super::script::{changed, walk, walk_at};

#[test]
fn a_student_is_aided_once_for_an_own_or_a_parent_s_certificate() {
    walk(
        "
        2026-03-02 amount education_aid student-once 3000.00 2016-01-01    -> ok
        -          resident a level=4                                      -> ok
        -          fact a dibao_edge                                       -> ok
        -          apply a education_aid papers=admission_letter           -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 3000.00                                         -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 education_aid a:3000.00              -> ok
        -          authorise p1                                            -> ok
        -          paid a education_aid by=p1                              -> ok
        2027-03-12 apply b education_aid for=a                             -> ok
        -          first b                                                 -> ok
        -          grant b 3000.00                                         -> criterion_not_met
    ",
    );
}

#[test]
fn dibao_is_the_gap_times_the_members() {
    let mut desk = Desk::without_amounts();
    walk_at(
        &mut desk,
        "
        2026-03-02 resident a                                              -> ok
        -          resident b                                              -> ok
        -          joins a h1                                              -> ok
        -          joins b h1                                              -> ok
        -          apply a dibao household=h1                              -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 500.00 income=300.00                            -> amount_unset
        -          amount dibao household-month 550.00 2016-01-01          -> ok
        -          grant a 500.00                                          -> income_missing
        -          grant a 250.00 income=300.00                            -> amount_differs
        -          grant a 500.00 income=300.00                            -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 dibao a:550.00 by=civil              -> amount_differs
        -          prepare p1 2026-03 dibao a:500.00 by=civil              -> ok
        -          authorise p1                                            -> ok
        -          apply b dibao                                           -> ok
        2026-03-13 first b                                                 -> ok
        -          grant b 250.00 income=300.00                            -> ok
    ",
    );
}

#[test]
fn dibao_follows_the_household_s_income() {
    walk(
        "
        2026-03-02 resident a                                              -> ok
        -          joins a h1                                              -> ok
        -          amount dibao household-month 550.00 2016-01-01          -> ok
        -          apply a dibao household=h1                              -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 0.00 income=550.00                              -> income_over_standard
        -          grant a -50.00 income=600.00                            -> income_over_standard
        -          grant a 250.00 income=300.00                            -> ok
        -          amend a 150.00 from=2026-04                             -> income_missing
        -          amend a 200.00 from=2026-04 income=400.00               -> amount_differs
        -          amend a 0.00 from=2026-04 income=550.00                 -> income_over_standard
        -          amend a 150.00 from=2026-04 income=400.00               -> ok
        -          bind a                                                  -> ok
        2026-04-02 prepare p1 2026-04 dibao a:250.00 by=civil              -> amount_differs
        -          prepare p1 2026-04 dibao a:150.00 by=civil              -> ok
    ",
    );
}

#[test]
fn programmes_without_money_end_in_placements_visits_and_a_status() {
    walk(
        "
        2026-03-02 resident a                                              -> ok
        -          apply a employment papers=contract                      -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 10.00                                           -> grant_incomplete
        -          grant a                                                 -> ok
        -          place a employment                                      -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 employment a:10.00                   -> amount_unset
        -          visit a paired_support                                  -> ok
        -          apply b paired_support for=a                            -> no_applications
        -          apply c poverty_register for=a household=h1             -> no_policy
    ",
    );
    let open = changed("poverty_register", &[("valid_to = \"2020-12-31\"", "# valid_to")]);
    walk_at(
        &mut { open },
        "
        2026-03-02 resident a                                              -> ok
        -          joins a h1                                              -> ok
        -          apply a poverty_register household=h1                   -> ok
        2026-03-10 check a village_check                                   -> ok
        2026-03-12 first a                                                 -> ok
        -          second a disagree                                       -> ok
        -          grant a                                                 -> reviewer_disagreed
        -          refuse a                                                -> ok
        -          apply b poverty_register for=a household=h1             -> ok
        2026-03-20 check b village_check                                   -> ok
        2026-03-22 first b                                                 -> ok
        -          second b                                                -> ok
        -          grant b                                                 -> ok
        2026-04-20 apply c poverty_register for=a household=h1             -> ok
        2026-04-28 check c village_check                                   -> ok
        -          first c                                                 -> ok
        -          second c                                                -> ok
        -          grant c                                                 -> unit_granted_already
    ",
    );
}

#[test]
fn a_new_programme_is_one_file_and_no_rust() {
    let text = "name = \"winter_coal\"\nversion = 1\ndivision = \"411702\"\n\
        valid_from = \"2026-01-01\"\n\n[programme]\ntitle_zh = \"冬季取暖补贴\"\n\
        title_en = \"winter coal\"\nunit = \"household\"\nperiod = \"year\"\n\
        rates = [{ from = \"2026-01\", amount_fen = 40000 }]\n\
        eligible = [\"certificate_valid\", \"severe\", \"hardship\"]\n\
        exclude = [\"extreme_poverty_support\"]\nnotice_days = 7\napply_by = \"10-31\"\n\
        evidence = [\"needs_survey\"]\n\
        chain = [\n  { step = \"first_review\", role = \"township_reviewer\" },\n  \
        { step = \"second_review\", role = \"dpf_reviewer\" },\n  \
        { step = \"determination\", role = \"approver\" },\n]\n";
    let mut desk = Desk::without_amounts();
    let apply = "2026-03-02 resident a -> ok
        - resident b level=3 -> ok
        - joins a h1 -> ok
        - joins b h2 -> ok
        - fact a dibao -> ok
        - fact b dibao -> ok";
    walk_at(&mut desk, apply);
    walk_at(&mut desk, "- apply a winter_coal household=h1 papers=needs_survey -> no_policy");
    desk.world.publish(text);
    walk_at(
        &mut desk,
        "
        2026-03-03 apply a winter_coal household=h1 papers=needs_survey    -> ok
        -          apply b winter_coal household=h2 papers=needs_survey    -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          second a                                                -> ok
        -          second b                                                -> ok
        -          grant b 400.00                                          -> criterion_not_met
        -          grant a 400.00                                          -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 winter_coal a:400.00                 -> ok
        -          authorise p1                                            -> ok
        2026-03-20 paid a winter_coal year=2026 by=p1                      -> ok
        -          hand a                                                  -> paid(1)
    ",
    );
    let title =
        desk.world.state.policies.title("winter_coal".parse().unwrap(), crate::value::Lang::Zh);
    assert_eq!(title, "冬季取暖补贴");
}
