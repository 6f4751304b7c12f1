//! One scene: up to five neighbours with certificates, what the offices' lists say of them, and
//! the labels that are true of it.
//!
//! Rows only: how a scene is made is the stage's.

use crate::value::{
    Category, Component, Day, FactKind, Fen, Hash, HouseGrade, Level, Month, Programme, Sex,
};

pub(super) const LIVING: Programme = Programme::LIVING_ALLOWANCE;
pub(super) const NURSING: Programme = Programme::NURSING_CARE_SUBSIDY;
pub(super) const FUEL: Programme = Programme::FUEL_SUBSIDY;
/// A month of either subsidy.
pub(super) const MONTHLY: i64 = 6_000;
/// A child's year of rehabilitation.
pub(super) const REHAB: Programme = Programme::CHILD_REHAB_AID;
pub(super) const REHAB_YEARLY: i64 = 1_200_000;
/// A vehicle's year.
pub(super) const YEARLY: i64 = 26_000;

/// Somebody who lives in the city.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) birth: Day,
    pub(super) phone: String,
    pub(super) township: &'static str,
    pub(super) village: String,
    pub(super) household: String,
    pub(super) account: String,
    pub(super) number: u32,
    pub(super) sex: Sex,
}

/// The state of a card in the old register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Normal,
    Frozen,
    Cancelled,
}

impl Status {
    pub(super) const fn zh(self) -> &'static str {
        match self {
            Self::Normal => "正常",
            Self::Frozen => "冻结",
            Self::Cancelled => "注销",
        }
    }
}

/// A row of the certificate register.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) person: Person,
    pub(super) category: Category,
    pub(super) level: u8,
    pub(super) components: Vec<Component>,
    /// `B1` on a replaced card.
    pub(super) suffix: &'static str,
    pub(super) issued: Day,
    pub(super) expires: Day,
    pub(super) status: Status,
    pub(super) status_on: Option<Day>,
    /// Name and ID number.
    pub(super) guardian: Option<(String, String)>,
    pub(super) institution: String,
    pub(super) doctors: Vec<String>,
    pub(super) assessed_on: Option<Day>,
    pub(super) receiver: String,
    pub(super) reviewer: String,
    pub(super) approver: String,
    pub(super) notice: Option<(Day, Day)>,
    /// The doctor of the story who finds everybody severe.
    pub(super) lenient: bool,
    pub(super) division: String,
}

impl Card {
    pub(super) fn number(&self) -> String {
        let category = self.category.digit();
        format!("{}{category}{}{}", self.person.id, self.level, self.suffix)
    }

    pub(super) const fn is_severe(&self) -> bool {
        self.level <= 2
    }

    /// Issued on that day, with everything that went before it.
    pub(super) fn issue(&mut self, day: Day) {
        self.issued = day;
        self.expires = day.plus_months(120).plus_days(-1);
        self.assessed_on = Some(day.plus_days(-45));
        self.notice = self.notice.map(|_| (day.plus_days(-35), day.plus_days(-10)));
    }

    pub(super) const fn close(&mut self, status: Status, day: Day) {
        (self.status, self.status_on) = (status, Some(day));
    }
}

/// A row of a monthly payment roll.
#[derive(Debug, Clone)]
pub(super) struct Pay {
    pub(super) programme: Programme,
    /// The roll it stands in.
    pub(super) roll: Month,
    pub(super) month: Month,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) card: String,
    pub(super) amount: Fen,
    pub(super) back: i64,
    pub(super) reason: &'static str,
    pub(super) account: String,
    pub(super) holder: String,
    pub(super) division: &'static str,
}

impl Pay {
    /// Pays so many earlier months, too.
    pub(super) fn back(mut self, months: i64, reason: &'static str) -> Self {
        (self.back, self.reason) = (months, reason);
        self.amount = Fen(MONTHLY * (1 + months));
        self
    }
}

/// A row of a yearly fuel roll.
#[derive(Debug, Clone)]
pub(super) struct Fuel {
    pub(super) person: Person,
    pub(super) card: String,
    pub(super) chassis: String,
    pub(super) engine: String,
}

/// A row of a yearly roll of child rehabilitation.
#[derive(Debug, Clone)]
pub(super) struct Rehab {
    pub(super) person: Person,
    pub(super) card: String,
    /// Whose name the account is in.
    pub(super) holder: String,
}

/// A list of people in another scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Dibao,
    ExtremePoverty,
    Orphan,
    WorkInjury,
}

/// A row of such a list.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) list: List,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) household: String,
    pub(super) from: Month,
    pub(super) to: Option<Month>,
}

/// What a custodian reports of one person.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) kind: FactKind,
    pub(super) from: Day,
    /// Where to, of a move.
    pub(super) division: Option<&'static str>,
}

/// Somebody of a household of the ledger.
#[derive(Debug, Clone)]
pub(super) struct Lodger {
    /// The number that its list gives it.
    pub(super) household: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) is_head: bool,
    pub(super) from: Day,
    pub(super) to: Option<Day>,
}

/// Works at a home of the ledger that were accepted.
#[derive(Debug, Clone)]
pub(super) struct Works {
    pub(super) household: String,
    /// Of whom they are: name and ID number.
    pub(super) name: String,
    pub(super) id: String,
    pub(super) programme: Programme,
    pub(super) address: Option<String>,
    pub(super) before: Hash,
    pub(super) after: Hash,
    pub(super) acceptance: Hash,
    pub(super) accepted_on: Day,
    pub(super) cost: Fen,
    pub(super) grade: Option<HouseGrade>,
}

/// A flag that is due on the day the story ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label {
    pub(super) rule: &'static str,
    pub(super) id: String,
    pub(super) programme: Option<Programme>,
    pub(super) month: Option<Month>,
}

/// Everything a scene says.
#[derive(Debug, Default)]
pub(super) struct Scene {
    pub(super) cards: Vec<Card>,
    pub(super) pays: Vec<Pay>,
    pub(super) fuel: Vec<Fuel>,
    pub(super) rehab: Vec<Rehab>,
    pub(super) members: Vec<Member>,
    /// Name, ID number, day.
    pub(super) deaths: Vec<(String, String, Day)>,
    /// Name, ID number, judgment, release.
    pub(super) sentences: Vec<(String, String, Day, Option<Day>)>,
    /// What custodians report one by one.
    pub(super) reports: Vec<Report>,
    /// Homes of the ledger, as its lists would have them.
    pub(super) lodgers: Vec<Lodger>,
    pub(super) works: Vec<Works>,
    /// Account and name.
    pub(super) institutions: Vec<(String, String)>,
    pub(super) labels: Vec<Label>,
    /// What looks like something and is lawful, and on whom.
    pub(super) lawful: Vec<(&'static str, String)>,
}

/// Components of a multiple disability.
pub(super) fn components(parts: &[(Category, u8)]) -> Vec<Component> {
    let component = |(category, level): &(Category, u8)| {
        let level = Level::new(*level).ok()?;
        Some(Component { category: *category, level })
    };
    parts.iter().filter_map(component).collect()
}
