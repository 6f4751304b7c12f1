//! The sample actors: one for every role at the prefecture, and the whole chain of one county.

use crate::event::{Role, Sector};
use crate::value::{ActorId, DivisionCode, Label};

/// An actor to enrol in a demo ledger.
#[derive(Debug, Clone)]
pub struct SampleActor {
    /// Its id.
    pub id: ActorId,
    /// Its role.
    pub role: Role,
    /// Whom it signs for.
    pub organisation: Label,
    /// Its division.
    pub division: DivisionCode,
    /// The register of a custodian.
    pub sector: Option<Sector>,
    /// The institution of an assessor or seal.
    pub institution: Option<ActorId>,
}

/// The prefecture of the demo.
pub(super) const PREFECTURE: &str = "411700";
/// The county of the demo's review chain.
pub(super) const COUNTY: &str = "411702";
/// The demo ledger's own automatic signer.
pub(super) const SYSTEM: &str = "411700-system";
/// The designated assessment institution of the demo's county.
pub(super) const INSTITUTION: &str = "411702-hospital-1";

type Row = (&'static str, &'static str, Role, &'static str, Option<Sector>);

#[rustfmt::skip]
const ACTORS: &[Row] = &[
    (PREFECTURE, "clerk-1", Role::Clerk, "市残联", None),
    (PREFECTURE, "approver-1", Role::Approver, "市残联", None),
    (PREFECTURE, "reviewer-1", Role::Reviewer, "市残联", None),
    (PREFECTURE, "dpf-1", Role::PrefectureDpf, "市残联评定办", None),
    (PREFECTURE, "bank-1", Role::BankAgent, "代发银行", None),
    (PREFECTURE, "police-1", Role::DataCustodian, "市公安局", Some(Sector::PublicSecurity)),
    (PREFECTURE, "welfare-1", Role::DataCustodian, "市民政局", Some(Sector::CivilAffairs)),
    (PREFECTURE, "labour-1", Role::DataCustodian, "市人社局", Some(Sector::HumanResources)),
    (PREFECTURE, "justice-1", Role::DataCustodian, "市司法局", Some(Sector::Justice)),
    (PREFECTURE, "health-1", Role::DataCustodian, "市卫健委", Some(Sector::Health)),
    (PREFECTURE, "finance-1", Role::FinanceOfficer, "市财政局", None),
    (PREFECTURE, "inspector-1", Role::Inspector, "市巡察办", None),
    (PREFECTURE, "privacy-1", Role::PrivacyOfficer, "市大数据局", None),
    (PREFECTURE, "panel-1", Role::ProvincialPanel, "省专家委员会", None),
    (PREFECTURE, "provider-1", Role::ServiceProvider, "阳光家园", None),
    (COUNTY, "clerk-1", Role::Clerk, "区残联窗口", None),
    (COUNTY, "clerk-2", Role::Clerk, "区残联窗口", None),
    (COUNTY, "reviewer-1", Role::Reviewer, "区残联", None),
    (COUNTY, "reviewer-2", Role::Reviewer, "区残联", None),
    (COUNTY, "approver-1", Role::Approver, "区残联", None),
    (COUNTY, "issuer-1", Role::Issuer, "区残联", None),
    (COUNTY, "notice-1", Role::NoticeOfficer, "区残联", None),
    (COUNTY, "assessor-1", Role::Assessor, "区评定医院", None),
    (COUNTY, "assessor-2", Role::Assessor, "区评定医院", None),
    (COUNTY, "assessor-3", Role::Assessor, "区评定医院", None),
    (COUNTY, "assessor-4", Role::Assessor, "区评定医院", None),
    (COUNTY, "seal-1", Role::InstitutionSeal, "区评定医院", None),
    (COUNTY, "township-1", Role::TownshipReviewer, "乡镇民政所", None),
    (COUNTY, "dpf-1", Role::DpfReviewer, "区残联", None),
    (COUNTY, "welfare-1", Role::CivilAffairsOfficer, "区民政局", None),
    (COUNTY, "finance-1", Role::FinanceOfficer, "区财政局", None),
    (COUNTY, "bank-1", Role::BankAgent, "代发银行", None),
    (PREFECTURE, "clerk-2", Role::Clerk, "市残联窗口", None),
    (PREFECTURE, "assessor-1", Role::Assessor, "区评定医院", None),
    (PREFECTURE, "township-1", Role::TownshipReviewer, "街道民政所", None),
    (PREFECTURE, "dpf-2", Role::DpfReviewer, "市残联", None),
    (PREFECTURE, "civil-1", Role::CivilAffairsOfficer, "市民政局", None),
    (PREFECTURE, "carer-1", Role::ServiceProvider, "第一托养中心", None),
    (PREFECTURE, "carer-2", Role::ServiceProvider, "第二托养中心", None),
];

/// Every sample actor, in the order they are enrolled.
#[must_use]
pub fn sample_actors() -> Vec<SampleActor> {
    ACTORS.iter().filter_map(actor).collect()
}

/// Who else acts in a synthetic city: an approver of a second county, a clerk close to one of the
/// people, and the hospitals of [`HOSPITALS`].
#[must_use]
pub(super) fn city_actors() -> Vec<SampleActor> {
    let mut actors: Vec<SampleActor> = CITY_ACTORS.iter().filter_map(actor).collect();
    for (hospital, assessors) in (1..).zip(HOSPITALS) {
        for number in 1..=assessors {
            let name = format!("h{hospital}-assessor-{number}");
            actors.extend(of_hospital(&name, Role::Assessor, hospital));
        }
        actors.extend(of_hospital(&format!("h{hospital}-seal-1"), Role::InstitutionSeal, hospital));
    }
    actors
}

/// How many assessors the hospitals of a city have: the last one many, so that none of them sees
/// enough people to be compared.
pub(super) const HOSPITALS: [u32; 6] = [2, 2, 2, 2, 2, 4];

#[rustfmt::skip]
const CITY_ACTORS: &[Row] = &[
    ("411721", "approver-1", Role::Approver, "西平县残联", None),
    (PREFECTURE, "clerk-3", Role::Clerk, "市残联窗口", None),
];

/// The id of a hospital of a city.
pub(super) fn hospital(number: u32) -> String {
    format!("{PREFECTURE}-hospital-{number}")
}

fn of_hospital(name: &str, role: Role, number: u32) -> Option<SampleActor> {
    Some(SampleActor {
        id: format!("{PREFECTURE}-{name}").parse().ok()?,
        role,
        organisation: format!("示例第{number}医院").parse().ok()?,
        division: PREFECTURE.parse().ok()?,
        sector: None,
        institution: hospital(number).parse().ok(),
    })
}

fn actor((division, name, role, organisation, sector): &Row) -> Option<SampleActor> {
    let institution = match *name {
        "carer-1" => Some("411700-home-1"),
        "carer-2" => Some("411700-home-2"),
        _ => matches!(role, Role::Assessor | Role::InstitutionSeal).then_some(INSTITUTION),
    };
    Some(SampleActor {
        id: format!("{division}-{name}").parse().ok()?,
        role: *role,
        organisation: organisation.parse().ok()?,
        division: division.parse().ok()?,
        sector: *sector,
        institution: institution.and_then(|code| code.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_but_the_roots_has_an_actor() {
        let actors = sample_actors();
        assert_eq!(actors.len(), ACTORS.len());
        for role in Role::ALL {
            // The roots are founded, and a person's own key is no office's.
            let other = matches!(
                role,
                Role::KeyCustodian | Role::Supervisor | Role::System | Role::Applicant
            );
            assert_eq!(actors.iter().any(|actor| actor.role == role), !other, "{role}");
        }
    }
}
