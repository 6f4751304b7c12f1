//! The fuel subsidy: one vehicle, one year.

use super::script::walk;

/// The papers that show what a fuel grant rests on.
pub(super) const FUEL: &str =
    "lower_limb_assessment,ownership_proof,vehicle_certificate,purchase_proof";

#[test]
fn a_fuel_grant_is_of_one_vehicle_and_year() {
    walk(
        &"
        2026-03-02 resident a level=3                                     -> ok
        -          resident b level=3                                     -> ok
        -          apply a fuel_subsidy papers=FUEL                       -> unit_missing
        -          apply a fuel_subsidy vehicle=v1 chassis=x papers=FUEL  -> ok
        -          apply b fuel_subsidy vehicle=v1 papers=FUEL            -> case_open
        -          apply b fuel_subsidy vehicle=v2 chassis=x papers=FUEL  -> case_open
        2026-03-12 grant a 260.00                                         -> review_missing
        -          first a                                                -> ok
        -          second a by=dpf-reviewer                               -> step_not_in_chain
        -          grant a 260.00 by=civil                                -> role_not_of_step
        -          grant a 200.00                                         -> amount_differs
        -          grant a 260.00                                         -> ok
        -          apply b fuel_subsidy vehicle=v2 chassis=x papers=FUEL  -> ok
        -          first b                                                -> ok
        -          grant b 260.00                                         -> unit_granted_already
        -          refuse b                                               -> ok
        -          prepare p1 2026-03 fuel_subsidy a:260.00 by=civil      -> role_not_of_step
        -          prepare p1 2026-03 fuel_subsidy a:260.00               -> account_missing
        -          bind a                                                 -> ok
        -          prepare p1 2026-03 fuel_subsidy a:260.00:bare          -> unit_differs
        -          prepare p1 2026-03 fuel_subsidy a:261.00               -> amount_differs
        -          prepare p1 2026-03 fuel_subsidy a:260.00               -> ok
        -          hand a                                                 -> prepared, returned: false
        -          prepare p2 2026-03 fuel_subsidy a:260.00               -> paid_once
        -          authorise p1                                           -> ok
        2026-03-20 paid a fuel_subsidy year=2026 by=p1                    -> ok
        -          hand a                                                 -> paid(1)
        -          prepare p2 2026-03 fuel_subsidy a:260.00               -> paid_once
        2026-03-25 returned a fuel_subsidy year=2026                      -> ok
        -          prepare p2 2026-03 fuel_subsidy a:260.00               -> ok
        2026-03-30 apply c fuel_subsidy for=a vehicle=v3 papers=FUEL      -> ok
        2026-03-31 first c                                                -> ok
        -          grant c 260.00                                         -> units_per_person
        2026-04-01 apply d fuel_subsidy for=b vehicle=v4 papers=FUEL      -> applied_too_late
        2027-02-01 apply e fuel_subsidy for=a vehicle=v1 papers=FUEL      -> ok
        2027-02-12 first e                                                -> ok
        -          grant e 260.00                                         -> ok
    "
        .replace("FUEL", FUEL),
    );
}

#[test]
fn a_fuel_grant_rests_on_papers_category_and_age() {
    walk(
        &"
        2026-03-02 resident a born=1950-01-01                             -> ok
        -          resident b category=visual                             -> ok
        -          resident c                                             -> ok
        -          resident d                                             -> ok
        -          apply a fuel_subsidy vehicle=v1 papers=FUEL            -> ok
        -          apply b fuel_subsidy vehicle=v2 papers=FUEL            -> ok
        -          apply c fuel_subsidy vehicle=v3                        -> ok
        -          apply d fuel_subsidy vehicle=v4 papers=FUEL            -> ok
        -          paid d fuel_subsidy year=2026                          -> ok
        2026-03-12 first a                                                -> ok
        -          first b                                                -> ok
        -          first c                                                -> ok
        -          first d                                                -> ok
        -          grant a 260.00                                         -> not_covered
        -          grant b 260.00                                         -> not_covered
        -          grant c 260.00                                         -> criterion_not_met
        -          grant d 260.00                                         -> year_paid_already
    "
        .replace("FUEL", FUEL),
    );
}
