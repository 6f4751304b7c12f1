//! Programmes and certificates walked on the ledger, as text: from the application to the payment
//! or the card, and what goes wrong on the way.
//!
//! One line a step: `days-before-the-end verb who words key=value`. People are letters, households
//! `h1`, vehicles `v1`, batches `p1`. A line that begins with `!` is a flag that is due: rule, who,
//! and where it has them the programme and the day whose month it names (`>1`: the month after).

/// The subsidies' chain up to the bound account.
macro_rules! nursing {
    ($($more:literal)*) => {
        concat!(
            "200 fact a long_term_care\n\
             200 apply a nursing_care_subsidy papers=application_form\n\
             186 first a\n\
             179 second a\n\
             178 grant a 60.00\n\
             178 bind a\n",
            $($more),*
        )
    };
}

/// Granted, and paid by the payrolls of two months.
macro_rules! paid_twice {
    ($($more:literal)*) => {
        nursing!(
            $($more)*
            "175 prepare p1 nursing_care_subsidy a:60.00 by=welfare\n\
             174 authorise p1\n\
             172 paid a p1\n\
             140 prepare p2 nursing_care_subsidy a:60.00 by=welfare\n\
             139 authorise p2\n\
             137 paid a p2\n"
        )
    };
}

/// Placed, attended and granted care.
macro_rules! care {
    ($($more:literal)*) => {
        concat!(
            "200 apply a care_placement papers=entry_assessment,contract\n\
             186 first a\n\
             179 second a\n\
             178 grant a 1500.00\n\
             178 bind a\n\
             176 place a care_placement at=1\n\
             176 session a care_placement by=1\n",
            $($more),*
        )
    };
}

/// Cared for by day, up to the first attendance.
macro_rules! day_care {
    ($($more:literal)*) => {
        concat!(
            "200 apply a day_care papers=entry_assessment,contract\n\
             186 first a\n\
             179 second a\n\
             178 grant a 600.00\n\
             178 bind a\n\
             176 place a day_care at=1\n\
             176 session a day_care by=1\n",
            $($more),*
        )
    };
}

/// A course of training that is granted.
macro_rules! training {
    ($($more:literal)*) => {
        concat!(
            "230 apply a vocational_training papers=application_form\n\
             210 first a\n\
             209 grant a 1000.00\n\
             209 bind a\n",
            $($more),*
        )
    };
}

/// Rehabilitation in the community, up to the first session.
macro_rules! community {
    ($($more:literal)*) => {
        concat!(
            "260 apply a community_rehabilitation papers=needs_survey\n\
             250 check a village_check\n\
             245 first a\n\
             242 check a assessment\n\
             239 grant a 1200.00\n\
             239 bind a\n\
             200 session a community_rehabilitation by=1\n",
            $($more),*
        )
    };
}

/// A house to be renovated, up to the bound account.
macro_rules! renovation {
    ($($more:literal)*) => {
        concat!(
            "310 joins a h1\n\
             310 fact a dibao\n\
             310 apply a house_renovation household=h1 grade=D \
             papers=household_register,only_house_statement,appraisal,contract\n\
             290 check a village_check papers=village_review\n\
             288 first a\n\
             287 grant a 20000.00\n\
             287 bind a\n",
            $($more),*
        )
    };
}

/// Two works at one house, both granted.
macro_rules! works {
    ($($more:literal)*) => {
        concat!(
            "310 joins a h1\n\
             310 joins b h1\n\
             310 fact a dibao\n\
             310 fact b low_income\n\
             310 apply a house_renovation household=h1 grade=D \
             papers=household_register,only_house_statement,appraisal,contract\n\
             310 apply b home_adaptation household=h1 papers=needs_survey\n\
             290 check a village_check papers=village_review\n\
             288 first a\n\
             288 first b\n\
             287 grant a 20000.00\n\
             287 grant b 3500.00\n",
            $($more),*
        )
    };
}

/// Two households, each with an adaptation of its own that is granted.
macro_rules! two_homes {
    ($($more:literal)*) => {
        concat!(
            "310 joins a h1\n\
             310 joins b h2\n\
             310 fact a low_income\n\
             310 fact b low_income\n\
             310 apply a home_adaptation household=h1 papers=needs_survey\n\
             310 apply b home_adaptation household=h2 papers=needs_survey\n\
             288 first a\n\
             288 first b\n\
             287 grant a 3500.00\n\
             287 grant b 3500.00\n",
            $($more),*
        )
    };
}

/// An application for a card, accepted; the kind is named.
macro_rules! accepted {
    ($kind:literal $($more:literal)*) => {
        concat!(
            "160 ask a ", $kind, "\n\
             159 verify a\n\
             157 accept a\n",
            $($more),*
        )
    };
}

/// A case that is assessed and published.
macro_rules! cleared {
    ($kind:literal $($more:literal)*) => {
        accepted!(
            $kind
            "155 assign a\n\
             150 assess a\n\
             149 conclude a\n\
             147 post a\n\
             120 close a\n"
            $($more)*
        )
    };
}

/// A case whose notice hangs on after it was over, and what became of it.
macro_rules! hung {
    ($more:literal) => {
        accepted!(
            "new"
            "155 assign a\n\
             150 assess a\n\
             149 conclude a\n\
             147 post a\n\
             120 close a hang\n\
             118 vet a\n\
             117 approve a\n\
             115 print a\n\
             114 issue a\n\
             112 deliver a\n"
            $more
        )
    };
}

/// A case up to the card in its holder's hand.
macro_rules! issued {
    ($kind:literal $($more:literal)*) => {
        cleared!(
            $kind
            "118 vet a\n\
             117 approve a\n\
             115 print a\n\
             114 issue a\n\
             112 deliver a\n\
             110 file a\n"
            $($more)*
        )
    };
}

/// A refusal in writing that is appealed.
macro_rules! appealed {
    ($($more:literal)*) => {
        concat!(
            "160 ask a new level=none\n\
             159 verify a\n\
             157 accept a\n\
             155 assign a\n\
             150 assess a\n\
             149 conclude a\n\
             147 refuse a\n\
             143 appeal a\n",
            $($more),*
        )
    };
}

/// Two cards that are lost and asked for again.
macro_rules! lost {
    ($($more:literal)*) => {
        concat!(
            "120 ask a replace\n\
             120 ask b replace\n\
             119 verify a\n\
             119 verify b\n\
             117 accept a\n\
             117 accept b\n\
             117 lose a\n\
             117 lose b\n",
            $($more),*
        )
    };
}

mod cards;
mod oversights;
mod payments;
mod programmes;
mod renewals;
mod services;
mod transfers;

use super::stage::{MILD, POOR, SEVERE_ONLY, Want};
use crate::value::Category;

/// A walk.
pub(super) struct Walk {
    pub(super) name: &'static str,
    /// Nothing is wrong, though it may look so.
    pub(super) is_lawful: bool,
    /// Who takes part; the letters in their order.
    pub(super) people: &'static [Want],
    /// Begins in February, as what is granted by the year does.
    pub(super) in_february: bool,
    /// Where its people live.
    pub(super) home: Home,
    /// Their cards end so many days after the story does.
    pub(super) expiring: Option<i32>,
    /// What a register that comes in at the end says of its people.
    pub(super) late: Option<Late>,
    /// The register names nobody who acts for a child.
    pub(super) without_guardian: bool,
    /// How many live through it in each round: what many people do.
    pub(super) times: usize,
    pub(super) text: &'static str,
}

/// A card as a register lists it that comes in at the end: of a newcomer, one of the county that was
/// left; of others, the first one again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Late {
    /// As if it were in force.
    Open,
    /// As cancelled.
    Closed,
}

/// Where the people of a walk live, and whether they have a card of the old register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// In a zone of the walk's own, with a card.
    Zone,
    /// In that county, with a card.
    County(&'static str),
    /// In the county of the review chain, without a card.
    Newcomer,
}

impl Walk {
    const fn new(name: &'static str, people: &'static [Want], text: &'static str) -> Self {
        Self {
            name,
            is_lawful: true,
            people,
            in_february: false,
            home: Home::Zone,
            expiring: None,
            late: None,
            without_guardian: false,
            times: 1,
            text,
        }
    }

    const fn lawful(name: &'static str, people: &'static [Want], text: &'static str) -> Self {
        Self::new(name, people, text)
    }

    const fn wrong(name: &'static str, people: &'static [Want], text: &'static str) -> Self {
        Self { is_lawful: false, ..Self::new(name, people, text) }
    }

    const fn often(self) -> Self {
        Self { times: 4, ..self }
    }

    const fn in_february(self) -> Self {
        Self { in_february: true, ..self }
    }

    const fn of(self, home: Home) -> Self {
        Self { home, ..self }
    }

    const fn expiring(self, days: i32) -> Self {
        Self { expiring: Some(days), ..self }
    }

    const fn late(self, late: Late) -> Self {
        Self { late: Some(late), ..self }
    }

    const fn without_guardian(self) -> Self {
        Self { without_guardian: true, ..self }
    }

    /// Somebody without a card; the steps are not text.
    pub(super) const fn session(name: &'static str) -> Self {
        Self::lawful(name, &[MILD], "").of(Home::Newcomer)
    }

    /// Says whether somebody is paid by a payroll, which has to hold everybody of its division.
    pub(super) fn has_payroll(&self) -> bool {
        self.text.contains(" prepare ")
    }
}

/// The walks, in the order in which they are taken up.
pub(super) fn all() -> impl Iterator<Item = &'static Walk> + Clone {
    static FAMILIES: [&[Walk]; 7] = [
        programmes::WALKS,
        payments::WALKS,
        services::WALKS,
        cards::WALKS,
        renewals::WALKS,
        transfers::WALKS,
        oversights::WALKS,
    ];
    FAMILIES.iter().flat_map(|family| family.iter())
}

const SEVERE: Want = SEVERE_ONLY;
const CHILD: Want = Want { age: (3, 3), category: Some(Category::Hearing), ..SEVERE_ONLY };
const SCHOOLCHILD: Want = Want { age: (9, 12), ..SEVERE_ONLY };
const DRIVER: Want = Want { category: Some(Category::Physical), ..MILD };
const INTELLECTUAL: Want = Want { category: Some(Category::Intellectual), ..MILD };
const HOUSEHOLDER: Want = POOR;
