//! Applications for benefits: one form for each programme in force, by what its policy grants for
//! (R14).
//!
//! What a programme wants shown before it decides is asked for by name, so that the determination
//! finds the papers on the case. The numbers on a vehicle are typed: they are sealed as the person's
//! own, and only their tags stand in clear.

use serde_json::json;

use super::form::Choice;
use super::payroll::programmes_in_force;
use super::probe::Step;
use super::{Field, Kind, View};
use crate::domain::benefit::Case;
use crate::policy::ProgrammePolicy;
use crate::value::{
    CaseId, EvidenceKind, HouseholdId, Lang, PersonId, Programme, Subject, Unit, VehicleId,
};

/// Every application that could be made for the person.
pub(super) fn steps(view: &View<'_>, person: PersonId) -> Vec<Step> {
    let state = view.state;
    let Some(found) = state.people.find(&person) else { return Vec::new() };
    let valid = found.certificates.iter().rev().find_map(|id| {
        let found = state.certificates.find(id)?;
        found.is_valid_on(view.today).then_some((*id, found.division))
    });
    let place = valid.map(|(_, division)| division).or(found.hukou_division);
    let Some(division) = place else { return Vec::new() };
    let month = view.today.month();
    let step = |programme: Programme, policy: &ProgrammePolicy, home: Option<HouseholdId>| {
        let mut data = json!({
            "person": person, "programme": programme, "division": division, "month": month,
        });
        if let Some((certificate, _)) = valid {
            data["certificate"] = json!(certificate);
        }
        if let Some(home) = home {
            data["household"] = json!(home);
        }
        let new = Subject::Case(CaseId([0; 16]));
        let step = Step::new("benefit.applied", new, data).of_new_subject();
        let step = step.fields(fields(policy, valid.is_some()));
        match policy.unit {
            // A draft draws its id.
            Unit::Vehicle => {
                step.with("vehicle", json!("new")).sample("vehicle", json!(VehicleId([0; 16])))
            }
            _ => step,
        }
    };
    let mut steps = Vec::new();
    for programme in programmes_in_force(view) {
        let Some((_, policy)) = state.policies.programme(programme, division, month) else {
            continue;
        };
        let single = match policy.unit {
            Unit::Household => policy.severe_adult_as_single_household,
            Unit::Person
            | Unit::Vehicle
            | Unit::Resident
            | Unit::Child
            | Unit::Student
            | Unit::Contact => true,
        };
        if policy.unit == Unit::Household {
            let homes = state.households.homes(&person);
            steps.extend(homes.map(|home| step(programme, policy, Some(home))));
        }
        steps.extend(single.then(|| step(programme, policy, None)));
    }
    steps
}

/// What is applied for, and the papers.
fn fields(policy: &ProgrammePolicy, has_certificate: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    if policy.unit == Unit::Vehicle {
        fields.push(Field::new("chassis", Kind::Personal, "车架号", "frame number"));
        let engine = Field::new("engine", Kind::Personal, "发动机号", "engine number");
        fields.push(engine.optional());
    }
    if !policy.catalogue.is_empty() {
        let items = policy.catalogue.iter().map(|it| same(it.item.as_str())).collect();
        fields.push(Field::new("asked.item", Kind::One(items), "申请的项目", "item"));
    }
    if !policy.grades.is_empty() {
        let grades = policy.grades.iter().map(|grade| Choice {
            value: grade.name().to_owned(),
            zh: grade.words(Lang::Zh).to_owned(),
            en: grade.words(Lang::En).to_owned(),
        });
        let kind = Kind::One(grades.collect());
        fields.push(Field::new(
            "asked.grade",
            kind,
            "房屋鉴定等级",
            "appraised grade of the house",
        ));
    }
    let form = Choice {
        value: "申请表".to_owned(),
        zh: "申请表".to_owned(),
        en: "application form".to_owned(),
    };
    let wanted = wanted(policy)
        .filter(|kind| !(has_certificate && *kind == EvidenceKind::CertificateOrDiagnosis));
    let papers = std::iter::once(form).chain(wanted.map(named)).collect();
    fields.push(Field::new("evidence", Kind::PapersOf(papers), "申请材料", "papers"));
    fields
}

/// The papers that a check of a case may still bring.
pub(super) fn missing(policy: &ProgrammePolicy, case: &Case) -> Vec<Choice> {
    let wanted = wanted(policy).filter(|kind| {
        let certified = case.has_certificate && *kind == EvidenceKind::CertificateOrDiagnosis;
        !certified && !case.papers.contains(kind)
    });
    wanted.map(named).collect()
}

/// What has to be shown before the determination: as the policy's evidence, or for a condition.
fn wanted(policy: &ProgrammePolicy) -> impl Iterator<Item = EvidenceKind> {
    let evidence = policy.evidence.iter().copied().filter(|kind| !kind.is_of_delivery());
    let documents = policy.eligible.iter().filter_map(|criterion| criterion.document());
    let mut all: Vec<_> = evidence.chain(documents).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
}

/// A diagnosis stands for a certificate where there is none.
fn named(kind: EvidenceKind) -> Choice {
    let kind = match kind {
        EvidenceKind::CertificateOrDiagnosis => EvidenceKind::Diagnosis,
        kind => kind,
    };
    Choice {
        value: kind.name().to_owned(),
        zh: kind.words(Lang::Zh).to_owned(),
        en: kind.words(Lang::En).to_owned(),
    }
}

fn same(text: &str) -> Choice {
    Choice { value: text.to_owned(), zh: text.to_owned(), en: text.to_owned() }
}
