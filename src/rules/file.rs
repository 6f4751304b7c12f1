//! A person's file: the fold of all records of one person, as known now, judged on one day.
//!
//! Judged on a day D: only events with `at` up to D count, benefit months up to D's, and a status
//! that an old register dates later than D is not in force. Corrections and retractions are
//! knowledge: what is known now to be wrong counts on no day.

use std::sync::Arc;

use super::case::Case;
use super::certificate::Certificate;
use super::fold::Fold;
use super::grants::Grants;
use super::key::{ActorRef, Home, Key, StatementRef};
use super::looks::Look;
use super::record::{Fact, Paid, Record, What};
use super::step::{Tie, Turn};
use super::terms::Terms;
use super::view::Neighbours;
use crate::event::months_covered;
use crate::value::{
    CaseId, CertificateId, Day, DivisionCode, Fen, IdForm, Month, Period, PersonId, Programme, Tag,
};

/// A payment of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Index of its entry.
    pub index: u64,
    /// Its statement.
    pub statement: StatementRef,
    /// What it says.
    pub paid: Arc<Paid>,
}

impl Payment {
    /// The benefit months it covers: those it lists, else its own and those paid back before it;
    /// empty for yearly programmes.
    pub fn months(&self) -> impl Iterator<Item = Month> + '_ {
        let Paid { months, month, back_pay_months, .. } = &*self.paid;
        months_covered(months, *month, *back_pay_months)
    }

    /// How many months before its own it pays.
    #[must_use]
    pub fn back_pay_months(&self) -> u32 {
        let Paid { months, month, back_pay_months, .. } = &*self.paid;
        if months.is_empty() {
            return u32::from(*back_pay_months);
        }
        let earlier = months.iter().filter(|listed| month.is_none_or(|own| **listed < own));
        u32::try_from(earlier.count()).unwrap_or(u32::MAX)
    }

    /// The months for which the person has to hold a certificate, each with the money at risk:
    /// every month it lists; of a roll's row, which counts earlier months, the row's own.
    pub fn certified_months(&self) -> impl Iterator<Item = (Month, Fen)> + '_ {
        let listed = self.paid.months.iter().map(|month| (*month, self.share()));
        let own = self.paid.month.filter(|_| self.paid.months.is_empty());
        listed.chain(own.map(|month| (month, self.paid.amount)))
    }

    /// Says whether it pays a month: it names one, and policy, where there is one, grants by the
    /// month.
    #[must_use]
    pub fn is_monthly(&self, terms: &dyn Terms) -> bool {
        let Paid { programme, division, month, .. } = *self.paid;
        month.is_some_and(|month| {
            let per = terms.per(programme, division, month);
            per.is_none_or(|(_, period)| period == Period::Month)
        })
    }

    /// The part of the amount that one covered month has.
    #[must_use]
    pub fn share(&self) -> Fen {
        let count = match self.paid.months.len() {
            0 => i64::from(self.paid.back_pay_months) + 1,
            listed => i64::try_from(listed).unwrap_or(i64::MAX),
        };
        Fen(self.paid.amount.0 / count)
    }
}

/// A fact of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactEntry {
    /// Index of its entry.
    pub index: u64,
    /// Its statement.
    pub statement: StatementRef,
    /// What it says.
    pub fact: Fact,
}

/// Something that happened to a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnEntry {
    /// Index of the entry.
    pub index: u64,
    /// The day.
    pub at: Day,
    /// The certificate.
    pub certificate: CertificateId,
    /// What happened.
    pub turn: Turn,
    /// Who signed it.
    pub by: ActorRef,
}

/// A guardian of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guardian {
    /// Tag of the ID number.
    pub id: Option<Tag>,
    /// Tag of the name.
    pub name: Option<Tag>,
    /// The guardianship ended.
    pub ended: bool,
}

/// Who a person is and where to be reached, as one source gave it: what tells namesakes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    /// Index of the entry.
    pub index: u64,
    /// Tag of the name.
    pub name: Tag,
    /// Birth date.
    pub birth: Day,
    /// Tag of how the name sounds.
    pub sound: Option<Tag>,
    /// Tag of the telephone number.
    pub phone: Option<Tag>,
    /// Tag of the village.
    pub village: Option<Tag>,
}

impl Likeness {
    /// Where those of the same name, or one that sounds like it, and birth date are found.
    #[must_use]
    pub fn namesake(&self) -> Key {
        Key::Namesake(self.sound.unwrap_or(self.name), self.birth)
    }
}

/// All that rules know of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFile {
    /// The person.
    pub person: PersonId,
    /// Tags of the ID numbers that are this person's, first seen first.
    pub ids: Vec<Tag>,
    /// What an ID number's own form says, and the entry that says it.
    pub forms: Vec<(Tag, IdForm, u64)>,
    /// Tags of all names this person has had in the register.
    pub names: Vec<Tag>,
    /// Names that came by a correction of the person's record.
    pub renamed: Vec<Tag>,
    /// Birth date.
    pub birth: Option<Day>,
    /// Certificates, in the order they came.
    pub certificates: Vec<Certificate>,
    /// Payments, net of corrections and returns, in the order they came.
    pub payments: Vec<Payment>,
    /// What outside registers say of this person's ID numbers.
    pub facts: Vec<FactEntry>,
    /// Guardians, past ones too.
    pub guardians: Vec<Guardian>,
    /// Households.
    pub homes: Vec<Home>,
    /// Names with birth date, and telephone and village where they are known.
    pub likenesses: Vec<Likeness>,
    /// Valid ID numbers that a mistyped or old one of this person may stand for.
    pub meant: Vec<Tag>,
    /// Benefits applied for on the ledger, and whether one is granted, if decided.
    pub cases: Vec<(CaseId, Programme, Option<bool>)>,
    /// Months that two signers granted to be paid back, by case.
    pub back_pay: Vec<(CaseId, Month)>,
    /// Cases of the ledger, with their steps.
    pub chain: Vec<Case>,
    /// What else happened to certificates, in the order it came.
    pub turns: Vec<TurnEntry>,
    /// Days on which a certificate was cancelled for not meeting the standard.
    pub not_meeting: Vec<(u64, Day)>,
    /// Blanks used for this person's cards.
    pub blanks: Vec<(u64, Tag)>,
    /// Officers who are this person, or declared this person as a relative.
    pub ties: Vec<(u64, Tie)>,
    /// The village last given.
    pub village: Option<Tag>,
    /// Household-registration division, when known otherwise than by a certificate.
    pub(super) division: Option<DivisionCode>,
    /// Who looked at the person's data, long enough ago for a step to have followed.
    pub looks: Vec<Look>,
    /// Benefits as the ledger itself ran them.
    pub grants: Grants,
}

impl PersonFile {
    /// Folds a person's records into the file as judged on `on`.
    #[must_use]
    pub fn read(person: PersonId, from: &dyn Neighbours, on: Day) -> Self {
        let mut file = Self::of_own(person, from, on);
        for id in file.ids.clone() {
            from.each(&Key::Id(id), &mut |index, record| {
                if record.at > on || is_void(from, record) {
                    return;
                }
                match &record.what {
                    What::Fact(fact) => {
                        file.homes.extend(fact.household_no.map(Home::Number));
                        let (statement, fact) = (record.statement, (**fact).clone());
                        file.facts.push(FactEntry { index, statement, fact });
                    }
                    What::Tie(tie) => file.ties.push((index, *tie)),
                    _ => {}
                }
            });
        }
        file.homes.sort_unstable();
        file.homes.dedup();
        file.let_go(from);
        file
    }

    /// The division whose rolls a person belongs to, as [`division`](Self::division) of the file says
    /// it: it rests on the person's own records, so nothing else is read.
    #[must_use]
    pub fn division_of(person: PersonId, from: &dyn Neighbours, on: Day) -> Option<DivisionCode> {
        Self::of_own(person, from, on).division()
    }

    /// What the person's own records say.
    fn of_own(person: PersonId, from: &dyn Neighbours, on: Day) -> Self {
        let mut fold = Fold::new(person, on);
        from.each(&Key::Person(person), &mut |index, record| {
            if record.at <= on && !is_void(from, record) {
                let explained = matches!(record.what, What::Step(_)) && is_explained(from, record);
                fold.take(index, record, explained);
            }
        });
        fold.finish()
    }

    /// A certificate handed over to a county of another ledger has ended here.
    fn let_go(&mut self, from: &dyn Neighbours) {
        for card in &mut self.certificates {
            let Some((on, to)) = card.leaving.filter(|_| !card.ended) else { continue };
            let mut is_here = true;
            from.each(&Key::Ledger, &mut |_, record| {
                if let What::Founded(division) = record.what {
                    is_here = division.covers(to);
                }
            });
            if !is_here {
                card.end(on);
            }
        }
    }

    /// The division whose rolls this person belongs to: of the newest certificate, else of the
    /// person's record, else of the last payment.
    #[must_use]
    pub fn division(&self) -> Option<DivisionCode> {
        let newest = self.certificates.iter().max_by_key(|card| (card.issued, card.index));
        let paid = || self.payments.last().map(|payment| payment.paid.division);
        newest.map(|card| card.division).or(self.division).or_else(paid)
    }

    /// Facts of one kind.
    pub fn facts_of(
        &self,
        kinds: impl Fn(crate::value::FactKind) -> bool,
    ) -> impl Iterator<Item = &FactEntry> {
        self.facts.iter().filter(move |entry| kinds(entry.fact.kind))
    }

    /// Says whether a fact is surely about this person: recorded by its custodian, and the name it
    /// gives, if any, is one of this person's.
    #[must_use]
    pub fn is_sure(&self, fact: &Fact) -> bool {
        let names_agree =
            fact.name.is_none_or(|name| self.names.is_empty() || self.names.contains(&name));
        fact.by_custodian && names_agree
    }

    /// Monthly payments, of any programme.
    pub fn monthly<'f>(
        &'f self,
        terms: &'f dyn Terms,
    ) -> impl Iterator<Item = (Month, &'f Payment)> {
        let monthly = self.payments.iter().filter(|payment| payment.is_monthly(terms));
        monthly.filter_map(|payment| Some((payment.paid.month?, payment)))
    }

    /// Says whether back-pay of this programme was granted on the ledger for a month.
    #[must_use]
    pub fn back_pay_granted(&self, programme: Programme, month: Month) -> bool {
        self.back_pay.iter().any(|(case, granted)| {
            *granted == month
                && self.cases.iter().any(|(known, of, _)| known == case && *of == programme)
        })
    }
}

/// Says whether a correction names the statement: it says why it came late or was wrong.
pub(super) fn is_explained(from: &dyn Neighbours, record: &Record) -> bool {
    let mut explained = false;
    from.each(&Key::Statement(record.statement), &mut |_, found| {
        explained |= found.what == What::Explained;
    });
    explained
}

/// A statement that a later one corrected or retracted counts on no day.
pub(super) fn is_void(from: &dyn Neighbours, record: &Record) -> bool {
    let mut void = false;
    from.each(&Key::Statement(record.statement), &mut |_, found| {
        void |= found.what == What::Void;
    });
    void
}
