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
mod batch;
mod book;
mod certificate;
mod covered;
mod delivery;
mod file;
mod flag;
mod fold;
mod fuel;
mod grant_step;
mod grants;
mod higher;
mod identity;
mod key;
mod late;
mod losses;
mod mark;
mod once;
mod outlier;
mod packed;
mod payee;
mod prior;
mod record;
mod register;
mod review;
mod standing;
mod stopped;
mod switched;
mod terms;
mod touch;
mod trace;
mod twice;
mod unpaid;
mod validity;
mod view;
mod yearly;

#[cfg(test)]
mod scenario;
#[cfg(test)]
mod tests;

pub use certificate::{Certificate, Stop};
pub use file::{FactEntry, Guardian, Likeness, Payment, PersonFile};
pub use flag::{Flag, FlagSubject, Rule, Why};
pub use grant_step::GrantStep;
pub use grants::{BatchItem, Binding, Grant, GrantStop, Grants, Moment, Placement, Session};
pub use key::{Home, Key, StatementRef};
pub use mark::Mark;
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
    static RULES: [&Rule; 43] = [
        &losses::R01,
        &standing::R02,
        &validity::R03,
        &validity::R04,
        &prior::R05,
        &identity::R06,
        &identity::R07,
        &identity::R08,
        &twice::R10,
        &losses::R11,
        &higher::R12,
        &validity::R13,
        &amount::R14,
        &losses::R15,
        &amount::R16,
        &twice::R17,
        &account::R18,
        &account::R19,
        &switched::R20,
        &review::R22,
        &review::R24,
        &review::R25,
        &review::R27,
        &outlier::R32,
        &identity::R36,
        &fuel::R37,
        &covered::R37B,
        &covered::R37C,
        &fuel::R38,
        &once::R38B,
        &once::R39,
        &delivery::R40,
        &delivery::R40B,
        &delivery::R40C,
        &losses::R41,
        &standing::R43,
        &unpaid::R47,
        &stopped::R48,
        &late::R49,
        &prior::R50,
        &yearly::R51,
        &prior::R52,
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
    higher::judge(view, &file, &mut out);
    covered::judge(view, &file, &mut out);
    prior::judge(view, &file, &mut out);
    late::judge(view, &file, &mut out);
    switched::judge(view, &file, &mut out);
    once::judge(view, &file, &mut out);
    delivery::judge(view, &file, &mut out);
    stopped::judge(view, &file, &mut out);
    yearly::judge(view, &file, &mut out);
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
