//! Layer 2: flags as pure functions of the log, the policy and the day judged.
//!
//! An effective event leaves [`traces`]: small records under keys. A person's records fold into a
//! [`PersonFile`]; each rule reads that file, and through a [`View`] the files of those the person
//! shares an account, a number or a vehicle with. A rule speaks only where its inputs exist; one
//! flag is raised for each rule, person, programme and month.
//!
//! Rules know nothing of storage, the clock or sealed data, and never stop anything: a flag is
//! for a person to look at. Versioned like policies: another test is another version.

mod account;
mod amount;
mod book;
mod certificate;
mod file;
mod flag;
mod fold;
mod fuel;
mod identity;
mod key;
mod losses;
mod outlier;
mod packed;
mod payee;
mod record;
mod register;
mod review;
mod standing;
mod terms;
mod touch;
mod trace;
mod twice;
mod unpaid;
mod validity;
mod view;

#[cfg(test)]
mod scenario;
#[cfg(test)]
mod tests;

pub use certificate::{Certificate, Stop};
pub use file::{FactEntry, Guardian, Likeness, Payment, PersonFile};
pub use flag::{Flag, FlagSubject, Rule, Why};
pub use key::{Home, Key, StatementRef};
pub use outlier::{Tallies, Tally};
pub use record::{Columns, Fact, Issued, Known, LegacyRow, Paid, Record, Returned, Trace, What};
pub use register::Register;
pub use terms::{FactKinds, GrantAge, Terms};
pub use touch::{Touched, touched};
pub use trace::traces;
pub use view::{Coverage, Neighbours, View};

use crate::value::{Day, PersonId};

/// Every rule, in the order of their numbers.
#[must_use]
pub fn list() -> &'static [&'static Rule] {
    static RULES: [&Rule; 28] = [
        &losses::R01,
        &standing::R02,
        &validity::R03,
        &validity::R04,
        &identity::R06,
        &identity::R07,
        &identity::R08,
        &twice::R10,
        &losses::R11,
        &validity::R13,
        &amount::R14,
        &losses::R15,
        &amount::R16,
        &twice::R17,
        &account::R18,
        &account::R19,
        &review::R22,
        &review::R24,
        &review::R25,
        &review::R27,
        &outlier::R32,
        &identity::R36,
        &fuel::R37,
        &fuel::R38,
        &losses::R41,
        &standing::R43,
        &unpaid::R47,
        &payee::R56,
    ];
    &RULES
}

/// Judges one person; the flags of assessors (R32) are those of [`Tallies`].
#[must_use]
pub fn judge_person(person: PersonId, view: &View<'_>) -> Vec<Flag> {
    let file = view.file(person);
    let mut out = flag::Findings::of(&file);
    losses::judge(view, &file, &mut out);
    validity::judge(view, &file, &mut out);
    losses::judge_lasting(&mut out);
    standing::judge(view, &file, &mut out);
    identity::judge(view, &file, &mut out);
    twice::judge(view, &file, &mut out);
    amount::judge(view, &file, &mut out);
    account::judge(view, &file, &mut out);
    review::judge(view, &file, &mut out);
    fuel::judge(view, &file, &mut out);
    unpaid::judge(view, &file, &mut out);
    payee::judge(view, &file, &mut out);
    let mut flags = out.flags;
    flags.sort_unstable();
    flags
}

/// Judges everybody, in the order of the queue: gravest first, then most money, then oldest.
#[must_use]
pub fn judge_all(register: &Register, terms: &dyn Terms, on: Day) -> Vec<Flag> {
    let view = View::new(register, terms, on);
    let mut tallies = Tallies::default();
    let mut flags = Vec::new();
    for person in register.persons() {
        flags.extend(judge_person(person, &view));
        tallies.add(&view.file(person));
    }
    flags.extend(tallies.judge());
    flags.sort_unstable();
    flags
}
