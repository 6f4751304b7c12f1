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
mod again;
mod amount;
mod blank;
mod batch;
mod book;
mod case;
mod certificate;
mod duties;
mod executed;
mod facility;
mod covered;
mod delivery;
mod file;
mod flag;
mod fold;
mod fuel;
mod gaps;
mod grant_step;
mod grants;
mod higher;
mod house;
mod identity;
mod issue;
mod key;
mod kin;
mod likeness;
mod late;
mod looks;
mod losses;
mod moved;
mod mark;
mod once;
mod outlier;
mod overtime;
mod pace;
mod packed;
mod payee;
mod prior;
mod public;
mod record;
mod register;
mod review;
mod robust;
mod standing;
mod step;
mod superseded;
mod stopped;
mod switched;
mod terms;
mod touch;
mod trace;
mod trail;
mod twice;
mod unpaid;
mod validity;
mod view;
mod words;
mod yearly;

#[cfg(test)]
mod scenario;
#[cfg(test)]
mod tests;

pub use case::{Case, Entry};
pub use certificate::{Certificate, Stop};
pub use file::{FactEntry, Guardian, Likeness, Payment, PersonFile, TurnEntry};
pub use flag::{Flag, FlagSubject, Rule, Why};
pub use grant_step::GrantStep;
pub use grants::{
    BatchItem, Binding, Grant, GrantStop, Grants, Meeting, Moment, Placement, Session,
};
pub use key::{ActorRef, Home, Key, StatementRef};
pub use looks::Look;
pub use mark::Mark;
pub use outlier::{Tallies, Tally};
pub use record::{Columns, Fact, Issued, Known, LegacyRow, Paid, Record, Returned, Trace, What};
pub use register::Register;
pub use step::{Designation, Officer, Step, StepGrade, StepKind, Tie, Turn};
pub use terms::{CaseTerms, FactKinds, GrantAge, Terms};
pub use touch::{Touched, touched};
pub use trace::traces;
pub use view::{Coverage, Neighbours, View};
pub use words::{Words, words};

use crate::value::{Day, PersonId};

/// Every rule, in the order of their numbers.
#[must_use]
pub fn list() -> &'static [&'static Rule] {
    static RULES: [&Rule; 70] = [
        &losses::R01,
        &standing::R02,
        &validity::R03,
        &validity::R04,
        &prior::R05,
        &identity::R06,
        &identity::R07,
        &likeness::R08,
        &blank::R09,
        &twice::R10,
        &losses::R11,
        &higher::R12,
        &validity::R13,
        &amount::R14,
        &amount::R14B,
        &losses::R15,
        &amount::R16,
        &twice::R17,
        &account::R18,
        &account::R19,
        &switched::R20,
        &issue::R21,
        &review::R22,
        &issue::R23,
        &review::R24,
        &review::R25,
        &issue::R26,
        &review::R27,
        &kin::R29,
        &kin::R30,
        &outlier::R31,
        &outlier::R32,
        &outlier::R32B,
        &outlier::R32C,
        &pace::R33,
        &overtime::R34,
        &pace::R35,
        &identity::R36,
        &identity::R36B,
        &identity::R36C,
        &fuel::R37,
        &covered::R37B,
        &covered::R37C,
        &fuel::R38,
        &once::R38B,
        &house::R39,
        &house::R39B,
        &delivery::R40,
        &delivery::R40B,
        &delivery::R40C,
        &facility::R40D,
        &delivery::R40E,
        &losses::R41,
        &moved::R42,
        &moved::R42B,
        &standing::R43,
        &standing::R43B,
        &again::R44,
        &issue::R45,
        &gaps::R46,
        &unpaid::R47,
        &stopped::R48,
        &late::R49,
        &prior::R50,
        &yearly::R51,
        &executed::R52,
        &public::R53,
        &looks::R54,
        &trail::R55,
        &payee::R56,
    ];
    &RULES
}

/// Earlier versions of rules, which can be run again.
#[must_use]
pub fn superseded() -> &'static [&'static Rule] {
    &superseded::OLD
}

/// The rule of a name such as `R32`, or `R32@1` for an earlier version.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let (id, version) = match name.split_once('@') {
        Some((id, version)) => (id, Some(version.parse::<u16>().ok()?)),
        None => (name, None),
    };
    let fits = |rule: &&&'static Rule| {
        rule.id.eq_ignore_ascii_case(id) && version.is_none_or(|version| rule.version == version)
    };
    list().iter().find(fits).or_else(|| superseded().iter().find(fits)).copied()
}

/// Judges one person by an earlier version of a rule.
#[must_use]
pub fn judge_person_by(rule: &'static Rule, person: PersonId, view: &View<'_>) -> Vec<Flag> {
    superseded::judge(rule, view, &view.file(person))
}

/// Judges assessors, institutions and villages by an earlier version of a rule.
#[must_use]
pub fn judge_tallies_by(rule: &'static Rule, tallies: &Tallies) -> Vec<Flag> {
    superseded::judge_tallies(rule, tallies)
}

/// Judges one person; the flags of assessors, institutions, villages and readers (R31, R32, R54)
/// are those of [`Tallies`].
#[must_use]
pub fn judge_person(person: PersonId, view: &View<'_>) -> Vec<Flag> {
    let file = view.file(person);
    let mut out = flag::Findings::of(&file);
    losses::judge(view, &file, &mut out);
    validity::judge(view, &file, &mut out);
    losses::judge_lasting(&mut out);
    standing::judge(view, &file, &mut out);
    identity::judge(view, &file, &mut out);
    likeness::judge(view, &file, &mut out);
    twice::judge(view, &file, &mut out);
    amount::judge(view, &file, &mut out);
    account::judge(view, &file, &mut out);
    review::judge(view, &file, &mut out);
    fuel::judge(view, &file, &mut out);
    unpaid::judge(view, &file, &mut out);
    payee::judge(view, &file, &mut out);
    issue::judge(&file, &mut out);
    duties::judge(view, &file, &mut out);
    pace::judge(view, &file, &mut out);
    overtime::judge(view, &file, &mut out);
    kin::judge(view, &file, &mut out);
    blank::judge(view, &file, &mut out);
    moved::judge(view, &file, &mut out);
    again::judge(view, &file, &mut out);
    gaps::judge(view, &file, &mut out);
    higher::judge(view, &file, &mut out);
    covered::judge(view, &file, &mut out);
    prior::judge(view, &file, &mut out);
    executed::judge(view, &file, &mut out);
    late::judge(view, &file, &mut out);
    switched::judge(view, &file, &mut out);
    once::judge(view, &file, &mut out);
    house::judge(view, &file, &mut out);
    delivery::judge(view, &file, &mut out);
    facility::judge(view, &file, &mut out);
    stopped::judge(view, &file, &mut out);
    yearly::judge(view, &file, &mut out);
    public::judge(view, &file, &mut out);
    out.finish()
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
