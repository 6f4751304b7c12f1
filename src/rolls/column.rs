//! The columns of all rolls and the headers offices write over them.
//!
//! Headers are compared as labels: half-width, lower-case, without spaces. A header can stand for
//! two columns (`状态` of a certificate, or of a payment); the kind of the roll decides, and the
//! first is its usual meaning.

use std::fmt;

use super::{clean, glosses, headers};

/// A column that some roll has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is explained by its header, see `Column::zh`")]
pub enum Column {
    Serial,
    Name,
    CitizenId,
    CertificateNumber,
    Category,
    Level,
    Components,
    IssuedOn,
    ExpiresOn,
    Status,
    StatusOn,
    Division,
    Township,
    Village,
    Phone,
    GuardianName,
    GuardianId,
    HouseholdNumber,
    Institution,
    Assessors,
    AssessorOne,
    AssessorTwo,
    AssessedOn,
    Receiver,
    Reviewer,
    Approver,
    NoticeFrom,
    NoticeTo,
    PaidMonth,
    Amount,
    BackPayMonths,
    BackPayReason,
    Bank,
    Account,
    AccountHolder,
    PaidOn,
    PayingDivision,
    Chassis,
    Engine,
    FromMonth,
    ToMonth,
    DiedOn,
    JudgmentOn,
    ReleasedOn,
    InstitutionName,
    Programme,
    ProgrammeName,
    Unit,
    Rate,
    ValidFrom,
    ValidTo,
    Outcome,
    OutcomeReason,
    OutcomeOn,
    SessionOn,
    PlacedOn,
    LeftOn,
    LeftReason,
    InstitutionCode,
    VisitedOn,
    VisitKind,
    HeadName,
    HeadId,
    Relation,
    MemberFrom,
    MemberTo,
    Address,
    Contractor,
    HouseGrade,
    BeforeHash,
    AfterHash,
    AcceptanceHash,
    AcceptedOn,
    Helper,
    HelperUnit,
}

impl Column {
    /// How many columns there are.
    pub(super) const COUNT: usize = Self::HelperUnit as usize + 1;

    /// The header as the sample rolls write it.
    #[must_use]
    pub fn zh(self) -> &'static str {
        headers::of(self)[0]
    }

    /// What it holds, in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        glosses::of(self)
    }

    /// Columns a header may stand for, its usual meaning first; empty when unknown.
    pub(super) fn of_header(header: &str) -> Vec<Self> {
        let label = clean::label(header);
        let label = label.trim_matches(['*', ':', '\u{feff}']);
        let exact = Self::of_label(label);
        if exact.is_empty() { Self::of_label(&without_brackets(label)) } else { exact }
    }

    fn of_label(label: &str) -> Vec<Self> {
        let named = |column: &Self| !label.is_empty() && headers::of(*column).contains(&label);
        let mut found: Vec<Self> = ALL.iter().copied().filter(named).collect();
        // Labels that one roll uses for a column which usually has another name.
        let also = match label {
            "状态" => Some(Self::Outcome),
            "区划代码" | "行政区划代码" | "所属区划" => Some(Self::PayingDivision),
            "发放日期" | "发放时间" | "支付日期" | "支付时间" | "入账日期" | "打款日期"
            | "拨付日期" | "打卡日期" => Some(Self::OutcomeOn),
            _ if found.contains(&Self::HeadName) => Some(Self::Name),
            _ if found.contains(&Self::HeadId) => Some(Self::CitizenId),
            _ => None,
        };
        found.extend(also.filter(|column| !found.contains(column)));
        found
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.zh())
    }
}

/// `补贴金额(元/月)` is `补贴金额`; but a bracket that changes the unit stays.
fn without_brackets(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    let mut rest = label;
    while let Some((before, after)) = rest.split_once(['(', '[', '【']) {
        let Some((inside, after)) = after.split_once([')', ']', '】']) else { break };
        if inside.contains(['万', '角', '分', '千', '百']) {
            return label.to_owned();
        }
        out.push_str(before);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Every column, in the order of the enum.
pub(super) const ALL: [Column; Column::COUNT] = {
    use Column as C;
    [
        C::Serial,
        C::Name,
        C::CitizenId,
        C::CertificateNumber,
        C::Category,
        C::Level,
        C::Components,
        C::IssuedOn,
        C::ExpiresOn,
        C::Status,
        C::StatusOn,
        C::Division,
        C::Township,
        C::Village,
        C::Phone,
        C::GuardianName,
        C::GuardianId,
        C::HouseholdNumber,
        C::Institution,
        C::Assessors,
        C::AssessorOne,
        C::AssessorTwo,
        C::AssessedOn,
        C::Receiver,
        C::Reviewer,
        C::Approver,
        C::NoticeFrom,
        C::NoticeTo,
        C::PaidMonth,
        C::Amount,
        C::BackPayMonths,
        C::BackPayReason,
        C::Bank,
        C::Account,
        C::AccountHolder,
        C::PaidOn,
        C::PayingDivision,
        C::Chassis,
        C::Engine,
        C::FromMonth,
        C::ToMonth,
        C::DiedOn,
        C::JudgmentOn,
        C::ReleasedOn,
        C::InstitutionName,
        C::Programme,
        C::ProgrammeName,
        C::Unit,
        C::Rate,
        C::ValidFrom,
        C::ValidTo,
        C::Outcome,
        C::OutcomeReason,
        C::OutcomeOn,
        C::SessionOn,
        C::PlacedOn,
        C::LeftOn,
        C::LeftReason,
        C::InstitutionCode,
        C::VisitedOn,
        C::VisitKind,
        C::HeadName,
        C::HeadId,
        C::Relation,
        C::MemberFrom,
        C::MemberTo,
        C::Address,
        C::Contractor,
        C::HouseGrade,
        C::BeforeHash,
        C::AfterHash,
        C::AcceptanceHash,
        C::AcceptedOn,
        C::Helper,
        C::HelperUnit,
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_means_its_column_first_and_no_other_column_has_it() {
        for (at, column) in ALL.into_iter().enumerate() {
            assert_eq!(column as usize, at);
            for header in headers::of(column) {
                assert_eq!(clean::label(header), *header, "headers are labels");
                let found = Column::of_header(header);
                assert!(found.contains(&column), "{header}");
                let own = ALL.iter().filter(|c| headers::of(**c).contains(header)).count();
                assert_eq!(own, 1, "{header} stands under two columns");
                assert_eq!(found[0], column, "{header}");
            }
        }
    }

    #[test]
    fn brackets_and_spaces_do_not_matter() {
        for header in
            ["金额（元）", "金 额 (元)", "补贴金额(元/月)", "发放金额【元】", "金额\n（元）"]
        {
            assert_eq!(Column::of_header(header), [Column::Amount], "{header}");
        }
        for header in ["* 身份证号：", "身份证号(必填)", "公 民 身 份 号 码"] {
            assert_eq!(Column::of_header(header), [Column::CitizenId], "{header}");
        }
        for header in ["金额(万元)", "金额(分)", "", "备注", "（）"] {
            assert_eq!(Column::of_header(header), [], "{header}");
        }
        assert_eq!(Column::of_header("评定医师①"), [Column::AssessorOne]);
    }
}
