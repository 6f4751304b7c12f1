//! What each column holds, in English, beside the header that offices write over it. A gloss is read
//! by people alone: a roll is known by its headers.

use super::column::Column;

/// The gloss of a column.
#[rustfmt::skip]
pub(super) const fn of(column: Column) -> &'static str {
    use Column as C;
    match column {
        C::Serial => "serial number",
        C::Name => "name",
        C::CitizenId => "citizen ID number",
        C::CertificateNumber => "disability certificate number",
        C::Category => "disability category",
        C::Level => "disability level",
        C::Components => "parts of a multiple disability",
        C::IssuedOn => "issued on",
        C::ExpiresOn => "valid to",
        C::Status => "status of the certificate",
        C::StatusOn => "status since",
        C::Division => "division of household registration, code",
        C::Township => "township or sub-district",
        C::Village => "village or community",
        C::Phone => "telephone",
        C::GuardianName => "guardian's name",
        C::GuardianId => "guardian's citizen ID number",
        C::HouseholdNumber => "household number",
        C::Institution => "assessment institution",
        C::Assessors => "assessors",
        C::AssessorOne => "first assessor",
        C::AssessorTwo => "second assessor",
        C::AssessedOn => "assessed on",
        C::Receiver => "accepted by",
        C::Reviewer => "reviewed by",
        C::Approver => "approved by",
        C::NoticeFrom => "public notice from",
        C::NoticeTo => "public notice to",
        C::PaidMonth => "benefit month",
        C::Amount => "amount, yuan",
        C::BackPayMonths => "months of back-pay",
        C::BackPayReason => "reason for back-pay",
        C::Bank => "bank",
        C::Account => "account number",
        C::AccountHolder => "account holder",
        C::PaidOn => "paid on",
        C::PayingDivision => "paying division, code",
        C::Chassis => "chassis number",
        C::Engine => "engine number",
        C::FromMonth => "first month",
        C::ToMonth => "last month",
        C::DiedOn => "died on",
        C::JudgmentOn => "judgment in force on",
        C::ReleasedOn => "released on",
        C::InstitutionName => "name of the institution",
        C::Programme => "programme, code",
        C::ProgrammeName => "name of the programme",
        C::Unit => "unit paid for",
        C::Rate => "amount per unit, yuan",
        C::ValidFrom => "in force from",
        C::ValidTo => "in force to",
        C::Outcome => "result of the payment",
        C::OutcomeReason => "why it failed",
        C::OutcomeOn => "result of that day",
        C::SessionOn => "day of the service",
        C::PlacedOn => "placed on",
        C::LeftOn => "left on",
        C::LeftReason => "reason for leaving",
        C::InstitutionCode => "institution, code",
        C::VisitedOn => "visited on",
        C::VisitKind => "kind of visit",
        C::HeadName => "name of the head of the household",
        C::HeadId => "citizen ID number of the head of the household",
        C::Relation => "relation to the head of the household",
        C::MemberFrom => "joined the household on",
        C::MemberTo => "left the household on",
        C::Address => "address",
        C::Contractor => "contractor",
        C::HouseGrade => "grade of the house",
        C::BeforeHash => "hash of the photograph before the works",
        C::AfterHash => "hash of the photograph after the works",
        C::AcceptanceHash => "hash of the acceptance record",
        C::AcceptedOn => "works accepted on",
        C::Helper => "helper",
        C::HelperUnit => "helper's organisation",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::column::ALL;
    use super::*;

    #[test]
    fn every_column_has_a_gloss_of_its_own_in_english() {
        let glosses: BTreeSet<_> = ALL.iter().map(|column| of(*column)).collect();
        assert_eq!(glosses.len(), ALL.len(), "two columns have one gloss");
        assert!(glosses.iter().all(|gloss| gloss.is_ascii() && !gloss.is_empty()));
    }
}
