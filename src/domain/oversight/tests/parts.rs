//! Who has a part, by whatever an event names its person, household, institution or village.

use super::{Office, flag, inspector, subject};
use crate::domain::testing::{actor, day, enrolment, evidence, label, outcome, person, tag};
use crate::event::{
    AnomalyAssigned, AnomalyRaised, Body, CorrectionRecorded, ExternalFactRecorded,
    ExternalFactRetracted, HouseholdMemberJoined, InstitutionDesignated, Payload, PersonCorrected,
    PersonSide, PlacementStarted, Remedy, Role, RollRowRetracted, RowRef, ServiceDelivered,
    WorksAccepted,
};
use crate::value::{
    FactKind, Fen, Hash, HouseholdId, IdForm, PersonId, Programme, RollId, Subject,
};

const HOME: HouseholdId = HouseholdId([9; 16]);

/// Whether the inspector who is the same human as that officer may take the flag about person 1.
fn may_judge(office: &Office, officer: &str) -> &'static str {
    let mut office = Office { world: office.world.clone() };
    inspector(&mut office, &format!("officer {officer}"), None);
    office.raise(1, Remedy::Recover, 6000, &["a"]).unwrap();
    outcome(&office.assign("supervisor", 1, "close"))
}

fn row() -> RowRef {
    let roll = RollId([7; 16]);
    RowRef { roll, row: 1, key: tag("row"), content: tag("content"), corrects: None }
}

fn death(of: Option<PersonId>, id: &str) -> ExternalFactRecorded {
    ExternalFactRecorded {
        person: of,
        id: tag(id),
        id_form: IdForm::Valid,
        name: None,
        kind: FactKind::Death,
        from: day("2026-02-01"),
        to: None,
        household_no: None,
        division: None,
        row: None,
    }
}

/// A second officer of a role, so that the first one's signature does not count for them.
fn second(office: &mut Office, name: &str, role: Role, organisation: &str, of: &str) {
    let data = enrolment(name, role, "411702", organisation, of);
    office.world.enrol(name, data);
}

#[test]
fn who_retracts_a_fact_has_a_part_wherever_the_fact_stands() {
    let of_roll = Subject::Roll(RollId([7; 16]));
    let known = (Some(person(1)), "id 1", subject(1));
    let by_number = (None, "id 1", of_roll.clone());
    for (of, id, about) in [known, by_number] {
        let mut office = Office::new();
        second(&mut office, "police-b", Role::DataCustodian, "police", "public_security");
        let fact = office.world.sign("police", &about, death(of, id)).unwrap();
        assert_eq!(may_judge(&office, "police"), "has_part_in_case", "{about}");
        assert_eq!(may_judge(&office, "police-b"), "ok", "{about}");
        let gone = ExternalFactRetracted { fact, reason: label("a namesake") };
        office.world.sign("police-b", &of_roll, gone).unwrap();
        assert_eq!(may_judge(&office, "police-b"), "has_part_in_case", "{about}");
    }
}

#[test]
fn who_reported_a_number_has_a_part_when_its_person_comes() {
    let mut office = Office::new();
    let about = Subject::Roll(RollId([7; 16]));
    office.world.sign("police", &about, death(None, "id 1 old")).unwrap();
    assert_eq!(may_judge(&office, "police"), "ok");
    let linked = crate::event::IdentityLinked {
        person: person(1),
        id: tag("id 1 old"),
        reason: label("upgraded"),
        evidence: vec![],
    };
    let id = office.world.sign("clerk-b", &subject(1), linked).unwrap();
    office.world.endorse("reviewer", id).unwrap();
    assert_eq!(may_judge(&office, "police"), "has_part_in_case");
}

fn joined(of: u8, in_a_roll: bool) -> HouseholdMemberJoined {
    let stated = HouseholdMemberJoined::stated(HOME, person(of), of == 1, day("2026-01-01"));
    HouseholdMemberJoined { row: in_a_roll.then(row), ..stated }
}

fn works(office: &mut Office) -> Hash {
    let data = WorksAccepted {
        household: HOME,
        programme: "house_renovation".parse().unwrap(),
        before: evidence("before_photo"),
        after: evidence("after_photo"),
        acceptance: Some(evidence("acceptance")),
        side: PersonSide::Paper,
        grade: None,
        cost: Fen(2_000_000),
        person: None,
        contractor: None,
        dwelling: None,
        row: None,
    };
    office.world.sign("dpf-reviewer", &Subject::Household(HOME), data).unwrap()
}

#[test]
fn who_accepts_a_household_s_works_has_a_part_in_its_members_cases() {
    for joins_first in [true, false] {
        let mut office = Office::new();
        let join = |office: &mut Office| {
            office.world.sign("clerk-b", &Subject::Household(HOME), joined(1, false)).unwrap();
        };
        if joins_first {
            join(&mut office);
        }
        works(&mut office);
        if !joins_first {
            assert_eq!(may_judge(&office, "dpf-reviewer"), "ok", "of no household yet");
            join(&mut office);
        }
        assert_eq!(may_judge(&office, "dpf-reviewer"), "has_part_in_case", "{joins_first}");
        assert_eq!(may_judge(&office, "dpf-reviewer-b"), "ok", "{joins_first}");
    }
    let mut office = Office::new();
    office.world.sign("clerk-b", &Subject::Household(HOME), joined(2, false)).unwrap();
    works(&mut office);
    assert_eq!(may_judge(&office, "dpf-reviewer"), "ok", "another household");
}

#[test]
fn who_retracts_a_row_has_a_part_in_what_the_row_said() {
    let session = ServiceDelivered {
        person: person(1),
        programme: Programme::LIVING_ALLOWANCE,
        session_date: day("2026-02-02"),
        attendance: evidence("attendance"),
        side: PersonSide::Paper,
        row: Some(row()),
    };
    let placement = PlacementStarted {
        person: person(1),
        programme: "care_placement".parse().unwrap(),
        facility: label("home"),
        institution: Some(actor("home-1")),
        from: day("2026-02-02"),
        contract: evidence("contract"),
        row: Some(row()),
    };
    let home = Subject::Household(HOME);
    let rows: [(&str, &str, Subject, Body, Subject); 3] = [
        ("member", "clerk-b", home.clone(), joined(1, true).into(), home),
        ("session", "provider", subject(1), session.into(), subject(1)),
        ("placement", "provider", subject(1), placement.into(), Subject::Ledger),
    ];
    for (name, by, about, body, of) in rows {
        let mut office = Office::new();
        let target = office.world.sign(by, &about, body).unwrap();
        assert_eq!(may_judge(&office, "civil-b"), "ok", "{name}");
        let gone = RollRowRetracted { target, row: row(), certificate: None };
        office.world.sign("civil-b", &of, gone).unwrap();
        assert_eq!(may_judge(&office, "civil-b"), "has_part_in_case", "{name}");
    }
}

#[test]
fn who_corrects_has_a_part_in_what_is_corrected() {
    for about in [subject(1), Subject::Ledger] {
        let mut office = Office::new();
        let target = office.world.sign("police", &subject(1), death(None, "id 1")).unwrap();
        let data =
            CorrectionRecorded { target, field: label("from"), value: None, reason: label("typo") };
        let payload = Payload { refs: vec![target], ..Payload::new(office.world.today(), data) };
        let id = office.world.send("clerk-b", &about, payload).unwrap();
        office.world.endorse("reviewer", id).unwrap();
        for officer in ["clerk-b", "reviewer"] {
            assert_eq!(may_judge(&office, officer), "has_part_in_case", "{officer} {about}");
        }
    }
}

/// A flag about no person.
fn raised(office: &mut Office, about: impl FnOnce(&mut AnomalyRaised)) {
    let mut data = AnomalyRaised { person: None, ..office.raised(9) };
    about(&mut data);
    office.world.sign("system", &Subject::Ledger, data).unwrap();
}

/// Whether the same human as that officer may take flag 9.
fn may_take(office: &Office, human: &str, relation: Option<&str>) -> &'static str {
    let mut office = Office { world: office.world.clone() };
    inspector(&mut office, human, relation);
    let data = AnomalyAssigned { flag: flag(9), to: actor("close") };
    outcome(&office.world.sign("supervisor", &Subject::Ledger, data))
}

#[test]
fn an_institution_is_not_judged_by_its_own_nor_by_who_designated_it() {
    let mut office = Office::new();
    let code = actor("home-1");
    let data = InstitutionDesignated {
        capacity: Some(20),
        name: label("home"),
        division: "411702".parse().unwrap(),
        categories: vec![],
        valid_from: day("2020-01-01"),
        valid_to: None,
        document: label("designation"),
    };
    second(&mut office, "city-b", Role::PrefectureDpf, "dpf-city", "");
    office.world.sign("city-b", &Subject::Institution(code.clone()), data).unwrap();
    second(&mut office, "provider-c", Role::ServiceProvider, "provider-1", "");
    second(&mut office, "provider-d", Role::ServiceProvider, "provider-2", "");
    let placement = PlacementStarted {
        person: person(1),
        programme: "care_placement".parse().unwrap(),
        facility: label("home"),
        institution: Some(code.clone()),
        from: day("2026-02-02"),
        contract: evidence("contract"),
        row: None,
    };
    office.world.sign("provider", &subject(1), placement).unwrap();
    raised(&mut office, |data| data.institution = Some(code));
    for (human, expected) in [
        ("officer provider", "has_part_in_case"),
        ("officer provider-c", "has_part_in_case"),
        ("officer provider-d", "ok"),
        ("officer city-b", "has_part_in_case"),
        ("officer assessor-a", "ok"),
        ("nobody else", "ok"),
    ] {
        assert_eq!(may_take(&office, human, None), expected, "{human}");
    }

    let mut office = Office::new();
    raised(&mut office, |data| data.institution = Some(actor("hospital-1")));
    for (human, relation, expected) in [
        ("officer assessor-a", None, "has_part_in_case"),
        ("officer seal", None, "has_part_in_case"),
        ("officer prefecture", None, "has_part_in_case"),
        ("officer assessor-eye", None, "ok"),
        ("nobody else", Some("officer assessor-a"), "has_part_in_case"),
        ("nobody else", Some("officer assessor-eye"), "ok"),
    ] {
        assert_eq!(may_take(&office, human, relation), expected, "{human} {relation:?}");
    }
}

#[test]
fn a_village_is_not_judged_by_who_signed_about_its_people() {
    let mut office = Office::new();
    let lives = |office: &mut Office, n: u8, village: &str| {
        let data = PersonCorrected {
            person: person(n),
            name: None,
            name_sound: None,
            phone: None,
            village: Some(tag(village)),
            hukou_division: None,
            reason: label("moved"),
        };
        office.world.sign("clerk-b", &subject(n), data).unwrap();
    };
    lives(&mut office, 1, "village");
    office.world.sign("police", &subject(1), death(Some(person(1)), "id 1")).unwrap();
    let listed = ExternalFactRecorded { kind: FactKind::Dibao, ..death(Some(person(2)), "id 2") };
    office.world.sign("civil-register", &subject(2), listed).unwrap();
    raised(&mut office, |data| data.village = Some(tag("village")));
    for (human, expected) in [
        ("officer clerk-b", "has_part_in_case"),
        ("officer police", "has_part_in_case"),
        ("officer civil-register", "ok"),
        ("nobody else", "ok"),
    ] {
        assert_eq!(may_take(&office, human, None), expected, "{human}");
    }
    lives(&mut office, 2, "village");
    assert_eq!(may_take(&office, "officer civil-register", None), "has_part_in_case");
}

#[test]
fn a_relation_of_the_officer_judged_has_a_part() {
    let mut office = Office::new();
    raised(&mut office, |data| data.actor = Some(actor("assessor-a")));
    for (human, relation, expected) in [
        ("officer assessor-a", None, "has_part_in_case"),
        ("nobody else", Some("officer assessor-a"), "has_part_in_case"),
        ("officer assessor-b", None, "ok"),
    ] {
        assert_eq!(may_take(&office, human, relation), expected, "{human} {relation:?}");
    }
}
