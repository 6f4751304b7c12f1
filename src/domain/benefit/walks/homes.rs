//! Works at homes: renovation and adaptation.

use super::script::walk;

#[test]
fn a_house_is_renovated_once_and_paid_when_the_household_accepts_it() {
    let papers = "household_register,only_house_statement,appraisal";
    walk(
        &"
        2026-03-02 amount house_renovation household-once 20000.00 2016-01-01 -> ok
        -          resident a                                              -> ok
        -          apply a house_renovation household=h1 grade=D papers=P  -> not_of_household
        -          joins a h1                                              -> ok
        -          apply a house_renovation household=h1 papers=P          -> grade_not_covered
        -          apply a house_renovation household=h1 grade=D papers=P  -> ok
        2026-03-10 first a                                                 -> step_missing
        -          check a village_check by=clerk                          -> same_officer
        -          check a assessment by=assessor-a                        -> step_not_in_chain
        -          check a village_check papers=village_review             -> ok
        -          check a village_check papers=village_review             -> step_done
        2026-03-12 first a                                                 -> ok
        -          grant a 20000.00                                        -> criterion_not_met
        -          fact a dibao                                            -> ok
        -          grant a 20000.00                                        -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 house_renovation a:20000.00          -> not_placed
        2026-05-10 works h1 house_renovation grade=D unsigned              -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> not_placed
    "
        .replace("papers=P", &format!("papers={papers}")),
    );
}

#[test]
fn works_need_a_contract_the_grade_and_the_household_s_signature() {
    let papers = "household_register,only_house_statement,appraisal,contract";
    walk(
        &"
        2026-03-02 amount house_renovation household-once 20000.00 2016-01-01 -> ok
        -          resident a                                              -> ok
        -          resident b                                              -> ok
        -          joins a h1                                              -> ok
        -          joins b h1                                              -> ok
        -          fact a dibao                                            -> ok
        -          fact b dibao                                            -> ok
        -          apply a house_renovation household=h1 grade=D papers=P  -> ok
        -          apply b house_renovation household=h1 grade=D papers=P  -> case_open
        2026-03-10 check a village_check papers=village_review             -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 20000.00                                        -> ok
        -          bind a                                                  -> ok
        -          prepare p1 2026-03 house_renovation a:20000.00          -> works_not_accepted
        2026-05-10 works h1 house_renovation grade=D unsigned              -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> works_not_accepted
        2026-05-11 works h1 house_renovation grade=C                       -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> works_grade_differs
        2026-05-12 works h1 house_renovation grade=D cost=18000.00         -> ok
        -          prepare p1 2026-05 house_renovation a:20000.00          -> amount_differs
        -          prepare p1 2026-05 house_renovation a:18000.00          -> ok
        2026-05-13 works h1 house_renovation grade=D cost=21000.00         -> ok
        -          prepare p1 2026-05 house_renovation a:21000.00          -> amount_differs
        -          prepare p1 2026-05 house_renovation a:20000.00          -> ok
        -          authorise p1                                            -> ok
        2026-05-20 paid a house_renovation by=p1                           -> ok
        -          hand a                                                  -> paid(1)
        2027-05-01 apply b house_renovation household=h1 grade=D papers=P  -> ok
        2027-05-10 check b village_check papers=village_review             -> ok
        2027-05-12 first b                                                 -> ok
        -          grant b 20000.00                                        -> unit_granted_already
    "
        .replace("papers=P", &format!("papers={papers}")),
    );
}

#[test]
fn a_home_is_adapted_for_the_severely_disabled_in_hardship() {
    walk(
        "
        2026-03-02 resident a level=3                                      -> ok
        -          resident b level=1                                      -> ok
        -          joins a h1                                              -> ok
        -          joins b h2                                              -> ok
        -          fact a low_income                                       -> ok
        -          fact b low_income                                       -> ok
        -          apply a home_adaptation household=h1 papers=needs_survey -> ok
        -          apply b home_adaptation household=h2                    -> ok
        2026-03-12 first a                                                 -> ok
        -          first b                                                 -> ok
        -          grant a 3500.00                                         -> criterion_not_met
        -          grant b 3500.00                                         -> paper_missing
        -          refuse b                                                -> ok
        -          apply c home_adaptation for=b household=h2 papers=needs_survey -> ok
        2026-03-20 first c                                                 -> ok
        -          grant c 3500.00                                         -> amount_unset
        -          amount home_adaptation household-once 3500.00 2016-01-01 -> ok
        -          grant c 3500.00                                         -> ok
        -          bind c                                                  -> ok
        -          prepare p1 2026-03 home_adaptation c:3500.00            -> works_not_accepted
        2026-05-12 works h2 home_adaptation                                -> ok
        -          prepare p1 2026-05 home_adaptation c:3500.00            -> ok
        -          authorise p1                                            -> ok
    ",
    );
}

#[test]
fn the_household_accepts_works_with_a_key_of_its_own() {
    walk(
        "
        2026-03-02 amount home_adaptation household-once 3500.00 2016-01-01 -> ok
        -          resident a level=1                                      -> ok
        -          resident b                                              -> ok
        -          resident c                                              -> ok
        -          joins a h1                                              -> ok
        -          joins b h1                                              -> ok
        -          holder b                                                -> ok
        -          holder c                                                -> ok
        -          fact a low_income                                       -> ok
        -          apply a home_adaptation household=h1 papers=needs_survey -> ok
        2026-03-12 first a                                                 -> ok
        -          grant a 3500.00                                         -> ok
        -          bind a                                                  -> ok
        2026-05-12 works h1 home_adaptation unsigned key                   -> ok
        -          prepare p1 2026-05 home_adaptation a:3500.00            -> works_not_accepted
        -          signs c                                                 -> not_the_person_s_side
        -          signs b by=clerk                                        -> role_may_not_endorse
        -          signs b                                                 -> ok
        -          signs b                                                 -> no_such_proposal
        -          prepare p1 2026-05 home_adaptation a:3500.00            -> ok
    ",
    );
}
