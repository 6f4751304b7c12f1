//! Which column stands where: the columns a kind of roll has, and a sheet's header row.
//!
//! A header row is looked for in the first rows of a sheet, behind title rows; a header in two
//! tiers (`监护人` over `姓名` and `身份证号`) is read as one. Order of columns does not matter.
//! Which kind it is when several fit is decided in `recognise`.

use super::{
    clean,
    column::Column,
    kind::RollKind,
    sheet::{Sheet, Value},
};

/// Rows searched for the header: titles, filling notes and logos take fewer than this.
pub(super) const HEADER_ROWS_MAX: usize = 30;

/// A row that may be the header, with what each of its cells may stand for.
pub(super) struct HeaderRow {
    /// Index in the sheet's rows of the first data row.
    pub(super) first_data_row: usize,
    /// Index of the first row that belongs to the header; those above are titles.
    pub(super) first_header_row: usize,
    texts: Vec<String>,
    meanings: Vec<Vec<Column>>,
}

/// Where the columns of one kind stand in one sheet.
pub(super) struct Layout {
    at: [Option<u16>; Column::COUNT],
    /// The place of the running number, which is not read.
    pub(super) serial: Option<usize>,
    /// Headers that mean nothing for this kind, as the file writes them.
    pub(super) unknown: Vec<String>,
    /// The first column that two headers claim.
    pub(super) twice: Option<Column>,
}

impl Layout {
    /// The place of a column.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.at[column as usize].map(usize::from)
    }

    /// Says whether the sheet has a column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    /// Columns the kind should have and the sheet lacks.
    pub(super) fn absent(&self, kind: RollKind) -> Vec<Column> {
        let joined = self.has(Column::Assessors);
        let covered = |c: Column| joined && matches!(c, Column::AssessorOne | Column::AssessorTwo);
        let (expected, _) = columns(kind);
        expected.iter().copied().filter(|c| !self.has(*c) && !covered(*c)).collect()
    }
}

impl HeaderRow {
    /// How many different columns are named. A group's header over two columns counts once.
    fn named(&self) -> usize {
        let mut first: Vec<Column> =
            self.meanings.iter().filter_map(|m| m.first().copied()).collect();
        first.sort_unstable();
        first.dedup();
        first.len()
    }

    /// Lays the columns of a kind over the header.
    pub(super) fn layout(&self, kind: RollKind) -> Layout {
        let (expected, optional) = columns(kind);
        let mut layout = Layout {
            at: [None; Column::COUNT],
            serial: self.meanings.iter().position(|m| m.contains(&Column::Serial)),
            unknown: Vec::new(),
            twice: None,
        };
        for (at, (text, meanings)) in self.texts.iter().zip(&self.meanings).enumerate() {
            let own = meanings.iter().find(|c| expected.contains(c) || optional.contains(c));
            match own {
                Some(column) => {
                    let place = &mut layout.at[*column as usize];
                    if place.is_some() {
                        layout.twice = layout.twice.or(Some(*column));
                    } else {
                        *place = u16::try_from(at).ok();
                    }
                }
                None if text.is_empty() || meanings.contains(&Column::Serial) => {}
                None => layout.unknown.push(text.clone()),
            }
        }
        layout
    }

    /// The kinds whose needed columns are all here and which no other column speaks against.
    pub(super) fn kinds(&self) -> Vec<RollKind> {
        let means = |column: &Column| self.meanings.iter().any(|m| m.first() == Some(column));
        let fits =
            |kind: &RollKind| self.missing(*kind).is_empty() && !demands(*kind).1.iter().any(means);
        RollKind::ALL.into_iter().filter(fits).collect()
    }

    /// What keeps the header from being this kind: for each need that is not met, the columns
    /// that would meet it.
    pub(super) fn missing(&self, kind: RollKind) -> Vec<Column> {
        let layout = self.layout(kind);
        let unmet = |need: &&&[Column]| !need.iter().any(|column| layout.has(*column));
        demands(kind).0.iter().filter(unmet).flat_map(|need| need.iter().copied()).collect()
    }

    /// Says whether a data row repeats the header, as printed pages do.
    pub(super) fn is_repeated_by(&self, sheet: &Sheet, row: usize) -> bool {
        let mut own = self.texts.iter().enumerate().filter(|(_, text)| !text.is_empty());
        own.all(|(at, text)| match sheet.value(row, at) {
            Value::Text(cell) => cell == text || clean::label(cell) == *text,
            Value::Empty | Value::Number(_) | Value::Day(_) | Value::Wrong => false,
        })
    }
}

/// Finds the header row of a sheet: the row that names the most columns among those that `fits`,
/// the first of equals.
pub(super) fn find(sheet: &Sheet, fits: impl Fn(&HeaderRow) -> bool) -> Option<HeaderRow> {
    let mut best: Option<(usize, HeaderRow)> = None;
    let mut above: Option<Vec<String>> = None;
    for row in 0..sheet.rows().min(HEADER_ROWS_MAX) {
        let texts = row_labels(sheet, row);
        let tiers = above.as_ref().map(|upper| joined(upper, &texts));
        let one = (row, texts.clone());
        let two = tiers.map(|texts| (row.saturating_sub(1), texts));
        for (first, texts) in std::iter::once(one).chain(two) {
            let candidate = header(first, row + 1, texts);
            let named = candidate.named();
            let better = best.as_ref().is_none_or(|(most, _)| named > *most);
            if named >= 2 && better && fits(&candidate) {
                best = Some((named, candidate));
            }
        }
        above = Some(texts);
    }
    best.map(|(_, header)| header)
}

fn header(first_header_row: usize, first_data_row: usize, texts: Vec<String>) -> HeaderRow {
    let meanings = texts.iter().map(|text| Column::of_header(text)).collect();
    HeaderRow { first_data_row, first_header_row, texts, meanings }
}

fn row_labels(sheet: &Sheet, row: usize) -> Vec<String> {
    let label = |value| match value {
        Value::Text(text) => clean::label(text),
        Value::Empty | Value::Number(_) | Value::Day(_) | Value::Wrong => String::new(),
    };
    (0..sheet.width(row)).map(|at| label(sheet.value(row, at))).collect()
}

/// Two header rows read as one: a cell merged over both is itself, a group and its member are
/// joined.
fn joined(upper: &[String], lower: &[String]) -> Vec<String> {
    let cell = |tier: &[String], at: usize| tier.get(at).cloned().unwrap_or_default();
    let joined = |at: usize| match (cell(upper, at), cell(lower, at)) {
        (above, below) if above == below || below.is_empty() => above,
        (above, below) => {
            let both = format!("{above}{below}");
            if Column::of_header(&both).is_empty() { below } else { both }
        }
    };
    (0..upper.len().max(lower.len())).map(joined).collect()
}

/// The columns a kind of roll should have, and those it may have besides.
pub(super) const fn columns(kind: RollKind) -> (&'static [Column], &'static [Column]) {
    use Column as C;
    match kind {
        RollKind::CertificateRoster => (
            &[
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
                C::AssessorOne,
                C::AssessorTwo,
                C::AssessedOn,
                C::Receiver,
                C::Reviewer,
                C::Approver,
                C::NoticeFrom,
                C::NoticeTo,
            ],
            &[C::Assessors],
        ),
        RollKind::LivingAllowance | RollKind::NursingCareSubsidy | RollKind::Monthly(_) => (
            &[
                C::Name,
                C::CitizenId,
                C::CertificateNumber,
                C::PaidMonth,
                C::Amount,
                C::BackPayMonths,
                C::BackPayReason,
                C::Bank,
                C::Account,
                C::AccountHolder,
                C::PaidOn,
                C::PayingDivision,
            ],
            &[],
        ),
        RollKind::FuelSubsidy => (
            &[
                C::Name,
                C::CitizenId,
                C::CertificateNumber,
                C::Chassis,
                C::Engine,
                C::Amount,
                C::Account,
            ],
            &[C::Bank, C::AccountHolder, C::PaidOn, C::PayingDivision],
        ),
        RollKind::Yearly(_) => (
            &[C::Name, C::CitizenId, C::CertificateNumber, C::Amount, C::Account],
            &[C::Bank, C::AccountHolder, C::PaidOn, C::PayingDivision, C::Chassis, C::Engine],
        ),
        RollKind::Dibao | RollKind::ExtremePoverty => {
            (&[C::HouseholdNumber, C::Name, C::CitizenId, C::FromMonth, C::ToMonth], &[])
        }
        RollKind::Orphan | RollKind::WorkInjuryNursing | RollKind::Register(_) => {
            (&[C::Name, C::CitizenId, C::FromMonth, C::ToMonth], &[C::HouseholdNumber])
        }
        RollKind::Deaths => (&[C::Name, C::CitizenId, C::DiedOn], &[]),
        RollKind::Prisoners => (&[C::Name, C::CitizenId, C::JudgmentOn, C::ReleasedOn], &[]),
        RollKind::InstitutionAccounts => (&[C::Account, C::InstitutionName], &[]),
        RollKind::Sessions(_) => (&[C::Name, C::CitizenId, C::SessionOn], &[C::InstitutionName]),
        RollKind::Placements(_) => {
            (&[C::Name, C::CitizenId, C::InstitutionName, C::PlacedOn], &[C::InstitutionCode])
        }
        RollKind::Departures(_) => {
            (&[C::Name, C::CitizenId, C::LeftOn, C::LeftReason], &[C::InstitutionName])
        }
        RollKind::SupportVisits => {
            (&[C::Name, C::CitizenId, C::VisitedOn, C::VisitKind, C::Helper], &[C::HelperUnit])
        }
        RollKind::Works(_) => (
            &[
                C::HouseholdNumber,
                C::Name,
                C::CitizenId,
                C::Address,
                C::Contractor,
                C::BeforeHash,
                C::AfterHash,
                C::AcceptanceHash,
                C::AcceptedOn,
                C::Amount,
            ],
            &[C::HouseGrade],
        ),
        RollKind::Households => (
            &[C::HouseholdNumber, C::Name, C::CitizenId, C::Relation],
            &[C::MemberFrom, C::MemberTo, C::HeadName, C::HeadId],
        ),
        RollKind::Rates => {
            (&[C::Programme, C::ProgrammeName, C::Unit, C::Rate, C::ValidFrom, C::ValidTo], &[])
        }
        RollKind::BankResult(_) => (
            &[
                C::Name,
                C::CitizenId,
                C::Account,
                C::AccountHolder,
                C::PaidMonth,
                C::Amount,
                C::Outcome,
                C::OutcomeReason,
                C::OutcomeOn,
            ],
            &[],
        ),
    }
}

/// What a header must have to be of a kind (one column of each group), and what speaks against
/// it when it stands there in its usual meaning.
pub(super) const fn demands(kind: RollKind) -> (&'static [&'static [Column]], &'static [Column]) {
    use Column as C;
    match kind {
        RollKind::CertificateRoster => (
            &[
                &[C::CitizenId],
                &[C::Category],
                &[C::Level],
                &[C::IssuedOn, C::ExpiresOn, C::Status],
            ],
            &[C::Amount, C::Outcome, C::DiedOn, C::JudgmentOn, C::FromMonth],
        ),
        RollKind::LivingAllowance | RollKind::NursingCareSubsidy | RollKind::Monthly(_) => (
            &[
                &[C::CitizenId],
                &[C::Amount],
                &[C::PaidMonth, C::BackPayMonths, C::Account, C::CertificateNumber],
            ],
            &[
                C::Outcome,
                C::Chassis,
                C::Engine,
                C::FromMonth,
                C::DiedOn,
                C::JudgmentOn,
                C::AcceptedOn,
            ],
        ),
        RollKind::Yearly(_) => (
            &[&[C::CitizenId], &[C::Amount], &[C::Account, C::CertificateNumber]],
            &[C::Outcome, C::PaidMonth, C::BackPayMonths, C::FromMonth, C::DiedOn, C::JudgmentOn],
        ),
        RollKind::FuelSubsidy => (
            &[
                &[C::CitizenId],
                &[C::Amount],
                &[C::Chassis, C::Engine, C::Account, C::CertificateNumber],
            ],
            &[
                C::Outcome,
                C::PaidMonth,
                C::BackPayMonths,
                C::FromMonth,
                C::DiedOn,
                C::JudgmentOn,
                C::AcceptedOn,
            ],
        ),
        RollKind::Dibao
        | RollKind::ExtremePoverty
        | RollKind::Orphan
        | RollKind::WorkInjuryNursing
        | RollKind::Register(_) => (
            &[&[C::CitizenId], &[C::FromMonth]],
            &[C::Outcome, C::PaidMonth, C::BackPayMonths, C::DiedOn, C::JudgmentOn, C::Chassis],
        ),
        RollKind::Deaths => {
            (&[&[C::CitizenId], &[C::DiedOn]], &[C::Outcome, C::PaidMonth, C::JudgmentOn])
        }
        RollKind::Prisoners => {
            (&[&[C::CitizenId], &[C::JudgmentOn]], &[C::Outcome, C::PaidMonth, C::DiedOn])
        }
        RollKind::Sessions(_) => (
            &[&[C::CitizenId], &[C::SessionOn]],
            &[C::Amount, C::PlacedOn, C::LeftOn, C::VisitedOn],
        ),
        RollKind::Placements(_) => (
            &[&[C::CitizenId], &[C::PlacedOn], &[C::InstitutionName]],
            &[C::Amount, C::LeftOn, C::SessionOn, C::VisitedOn],
        ),
        RollKind::Departures(_) => (
            &[&[C::CitizenId], &[C::LeftOn]],
            &[C::Amount, C::PlacedOn, C::SessionOn, C::VisitedOn],
        ),
        RollKind::SupportVisits => (
            &[&[C::CitizenId], &[C::VisitedOn], &[C::VisitKind]],
            &[C::Amount, C::PlacedOn, C::LeftOn, C::SessionOn],
        ),
        RollKind::Works(_) => (
            &[&[C::CitizenId], &[C::AcceptedOn], &[C::BeforeHash], &[C::AfterHash], &[C::Amount]],
            &[C::Outcome, C::PaidMonth, C::SessionOn, C::VisitedOn],
        ),
        RollKind::Households => (
            &[&[C::HouseholdNumber], &[C::CitizenId], &[C::Relation]],
            &[C::Amount, C::FromMonth, C::AcceptedOn, C::DiedOn, C::Level],
        ),
        RollKind::InstitutionAccounts => {
            (&[&[C::Account], &[C::InstitutionName]], &[C::CitizenId, C::Name, C::Amount])
        }
        RollKind::Rates => {
            (&[&[C::Programme, C::ProgrammeName], &[C::Rate], &[C::ValidFrom]], &[C::CitizenId])
        }
        RollKind::BankResult(_) => {
            (&[&[C::Account, C::CitizenId], &[C::Amount], &[C::Outcome]], &[C::IssuedOn])
        }
    }
}
