//! Names of what a roll does not prove (I42): the columns that it lacks, by the names that events
//! and rules use, and the steps of the review chain of which no old register holds any trace.

use super::super::column::Column;
use crate::value::Label;

/// Steps without a column in any register: the application, the identity check, the reviewer's
/// checklist, the printing with its blank, and the delivery.
const STEPS: [&str; 5] =
    ["application", "identity_verified", "review_checklist", "printing", "delivery"];

/// The labels of columns.
pub(super) fn of_columns(columns: &[Column]) -> Vec<Label> {
    columns.iter().map(|column| label(name(*column))).collect()
}

/// The gaps of a roster's row: its sheet's absent columns and the steps without proof.
pub(super) fn of_roster(absent: &[Column]) -> Vec<Label> {
    let mut gaps = of_columns(absent);
    gaps.extend(STEPS.map(label));
    gaps
}

fn label(name: &str) -> Label {
    name.parse().expect("the names below are short and plain")
}

/// A column's name in events.
pub(super) const fn name(column: Column) -> &'static str {
    match column {
        Column::Serial => "serial",
        Column::Name => "name",
        Column::CitizenId => "id_number",
        Column::CertificateNumber => "certificate_number",
        Column::Category => "category",
        Column::Level => "level",
        Column::Components => "components",
        Column::IssuedOn => "issued",
        Column::ExpiresOn => "valid_to",
        Column::Status => "status",
        Column::StatusOn => "status_date",
        Column::Division | Column::PayingDivision => "division",
        Column::Township => "township",
        Column::Village => "village",
        Column::Phone => "phone",
        Column::GuardianName => "guardian_name",
        Column::GuardianId => "guardian_id",
        Column::HouseholdNumber => "household_no",
        Column::Institution => "institution",
        Column::Assessors => "assessors",
        Column::AssessorOne => "assessor_1",
        Column::AssessorTwo => "assessor_2",
        Column::AssessedOn => "assessed_on",
        Column::Receiver => "receiver",
        Column::Reviewer => "reviewer",
        Column::Approver => "approver",
        Column::NoticeFrom => "notice_from",
        Column::NoticeTo => "notice_to",
        Column::PaidMonth => "month",
        Column::Amount | Column::Rate => "amount",
        Column::BackPayMonths => "back_pay_months",
        Column::BackPayReason => "back_pay_reason",
        Column::Bank => "bank",
        Column::Account => "account",
        Column::AccountHolder => "holder",
        Column::PaidOn => "paid_on",
        Column::Chassis => "chassis",
        Column::Engine => "engine",
        Column::FromMonth | Column::JudgmentOn | Column::ValidFrom => "from",
        Column::ToMonth | Column::ReleasedOn | Column::ValidTo => "to",
        Column::DiedOn => "died_on",
        Column::InstitutionName => "institution_name",
        Column::Programme => "programme",
        Column::ProgrammeName => "programme_name",
        Column::Unit => "unit",
        Column::Outcome => "outcome",
        Column::OutcomeReason => "outcome_reason",
        Column::OutcomeOn => "outcome_on",
        Column::SessionOn => "session_on",
        Column::PlacedOn => "placed_on",
        Column::LeftOn => "left_on",
        Column::LeftReason => "left_reason",
        Column::InstitutionCode => "institution_code",
        Column::VisitedOn => "visited_on",
        Column::VisitKind => "visit_kind",
        Column::HeadName => "head_name",
        Column::HeadId => "head_id",
        Column::Relation => "relation",
        Column::MemberFrom => "member_from",
        Column::MemberTo => "member_to",
        Column::Address => "address",
        Column::Contractor => "contractor",
        Column::HouseGrade => "house_grade",
        Column::BeforeHash => "before_hash",
        Column::AfterHash => "after_hash",
        Column::AcceptanceHash => "acceptance_hash",
        Column::AcceptedOn => "accepted_on",
        Column::Helper => "helper",
        Column::HelperUnit => "helper_unit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rolls::column;
    use crate::rules::Columns;

    #[test]
    fn every_column_has_a_label_and_rules_know_theirs() {
        assert_eq!(of_columns(&column::ALL).len(), column::ALL.len());
        assert_eq!(of_roster(&[]).len(), STEPS.len());
        for column in [
            Column::Components,
            Column::AssessorOne,
            Column::AssessorTwo,
            Column::NoticeFrom,
            Column::NoticeTo,
            Column::Receiver,
            Column::Approver,
            Column::GuardianName,
            Column::HouseholdNumber,
            Column::Status,
        ] {
            let known = Columns::of_gaps(std::iter::once(name(column)));
            assert_ne!(known, Columns::default(), "{column}");
        }
    }
}
