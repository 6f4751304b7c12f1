//! A person's file: the fold of all records of one person, as known now, judged on one day.
//!
//! Judged on a day D: only events with `at` up to D count, benefit months up to D's, and a status
//! that an old register dates later than D is not in force. Corrections and retractions are
//! knowledge: what is known now to be wrong counts on no day.

use super::certificate::Certificate;
use super::record::{
    Fact, Home, Key, Known, Paid, Programme, Record, Returned, StatementRef, What,
};
use super::view::Neighbours;
use crate::value::{
    CaseId, CertificateId, Day, DivisionCode, Fen, HouseholdId, IdForm, Month, PersonId, Tag,
};

/// A payment of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Index of its entry.
    pub index: u64,
    /// Its statement.
    pub statement: StatementRef,
    /// What it says.
    pub paid: Paid,
}

impl Payment {
    /// The benefit months it covers: its own, and those paid back before it; empty for yearly
    /// programmes.
    pub fn months(&self) -> impl Iterator<Item = Month> + '_ {
        let back = i32::from(self.paid.back_pay_months);
        self.paid.month.into_iter().flat_map(move |month| month.plus(-back).to(month))
    }

    /// The part of the amount that one covered month has.
    #[must_use]
    pub fn share(&self) -> Fen {
        Fen(self.paid.amount.0 / (i64::from(self.paid.back_pay_months) + 1))
    }
}

/// A fact of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactEntry {
    /// Index of its entry.
    pub index: u64,
    /// What it says.
    pub fact: Fact,
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

/// Where a person can be reached, as one source gave it: what tells namesakes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    /// Index of the entry.
    pub index: u64,
    /// Tag of the name.
    pub name: Tag,
    /// Birth date.
    pub birth: Day,
    /// Tag of the telephone number.
    pub phone: Tag,
    /// Tag of the village.
    pub village: Tag,
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
    /// Names with birth date, telephone and village.
    pub likenesses: Vec<Likeness>,
    /// Benefits applied for on the ledger, and whether one is granted, if decided.
    pub cases: Vec<(CaseId, Programme, Option<bool>)>,
    /// Months that two signers granted to be paid back, by case.
    pub back_pay: Vec<(CaseId, Month)>,
    /// Household-registration division, when known otherwise than by a certificate.
    division: Option<DivisionCode>,
}

impl PersonFile {
    /// Folds a person's records into the file as judged on `on`.
    #[must_use]
    pub fn read(person: PersonId, from: &dyn Neighbours, on: Day) -> Self {
        let mut fold = Fold::new(person, on);
        from.each(&Key::Person(person), &mut |index, record| {
            if record.at <= on && !is_void(from, record) {
                fold.take(index, record);
            }
        });
        let mut file = fold.finish();
        for id in file.ids.clone() {
            from.each(&Key::Id(id), &mut |index, record| {
                if let What::Fact(fact) = &record.what
                    && record.at <= on
                    && !is_void(from, record)
                {
                    file.facts.push(FactEntry { index, fact: (**fact).clone() });
                    file.homes.extend(fact.household_no.map(Home::Number));
                }
            });
        }
        file.homes.sort_unstable();
        file.homes.dedup();
        file
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

    /// Monthly payments of one programme, or of both subsidies.
    pub fn monthly(&self) -> impl Iterator<Item = (Month, &Payment)> {
        self.payments.iter().filter_map(|payment| {
            let month = payment.paid.month?;
            payment.paid.programme.is_monthly().then_some((month, payment))
        })
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

/// A statement that a later one corrected or retracted counts on no day.
pub(super) fn is_void(from: &dyn Neighbours, record: &Record) -> bool {
    let mut void = false;
    from.each(&Key::Statement(record.statement), &mut |_, found| {
        void |= found.what == What::Void;
    });
    void
}

struct Fold {
    file: PersonFile,
    on: Day,
    /// ID numbers that are not this person's, and what mistyped ones became.
    denied: Vec<Tag>,
    retyped: Vec<(Tag, Tag)>,
    /// Events about certificates wait until every certificate is there: the row that corrects an
    /// earlier one comes later than what was decided about it.
    lives: Vec<(u64, Day, StatementRef, What)>,
    returned: Vec<Returned>,
    current: Known,
    left: Vec<HouseholdId>,
}

impl Fold {
    fn new(person: PersonId, on: Day) -> Self {
        let file = PersonFile {
            person,
            ids: Vec::new(),
            forms: Vec::new(),
            names: Vec::new(),
            renamed: Vec::new(),
            birth: None,
            certificates: Vec::new(),
            payments: Vec::new(),
            facts: Vec::new(),
            guardians: Vec::new(),
            homes: Vec::new(),
            likenesses: Vec::new(),
            cases: Vec::new(),
            back_pay: Vec::new(),
            division: None,
        };
        Self {
            file,
            on,
            denied: Vec::new(),
            retyped: Vec::new(),
            lives: Vec::new(),
            returned: Vec::new(),
            current: Known::default(),
            left: Vec::new(),
        }
    }

    fn take(&mut self, index: u64, record: &Record) {
        let file = &mut self.file;
        match &record.what {
            What::Legacy(row) => {
                file.certificates.push(Certificate::of_row(index, record.statement, row, self.on));
                add(&mut file.ids, row.id);
                file.forms.push((row.id, row.id_form, index));
                file.homes.extend(row.household_no.map(Home::Number));
                let known = Known {
                    name: Some(row.name),
                    birth: row.birth,
                    village: row.village,
                    phone: row.phone,
                    guardian_id: row.guardian_id,
                    guardian_name: row.guardian_name,
                    ..Known::default()
                };
                self.know(index, &known, false);
            }
            What::Known(known) => {
                if let Some(id) = known.id {
                    add(&mut file.ids, id);
                    file.forms.extend(known.id_form.map(|form| (id, form, index)));
                }
                file.division = known.division.or(file.division);
                self.know(index, known, true);
            }
            What::Issued(_)
            | What::Replaced { .. }
            | What::Frozen { .. }
            | What::Unfrozen { .. }
            | What::Ended { .. } => {
                self.lives.push((index, record.at, record.statement, record.what.clone()));
            }
            What::Paid(paid) => {
                let in_time = paid.month.is_none_or(|month| month <= self.on.month())
                    && paid.year.is_none_or(|year| i32::from(year) <= self.on.year());
                if in_time {
                    let (statement, paid) = (record.statement, (**paid).clone());
                    add(&mut file.ids, paid.id);
                    file.payments.push(Payment { index, statement, paid });
                }
            }
            What::Returned(returned) => self.returned.push((**returned).clone()),
            What::Linked(id) => {
                add(&mut file.ids, *id);
                self.denied.retain(|denied| denied != id);
            }
            What::Unlinked(id) => add(&mut self.denied, *id),
            What::Retyped { from, to } => {
                add(&mut file.ids, *to);
                add(&mut self.denied, *from);
                self.denied.retain(|denied| denied != to);
                self.retyped.push((*from, *to));
            }
            What::Guardian { id, name } => {
                let guardian = Guardian { id: Some(*id), name: Some(*name), ended: false };
                file.guardians.push(guardian);
            }
            What::GuardianEnded { id } => {
                for guardian in file.guardians.iter_mut().filter(|g| g.id == Some(*id)) {
                    guardian.ended = true;
                }
            }
            What::Joined(household) => {
                file.homes.push(Home::Ledger(*household));
                self.left.retain(|left| left != household);
            }
            What::Left(household) => self.left.push(*household),
            What::Applied { case, programme } => file.cases.push((*case, *programme, None)),
            What::Decided { case, granted } => {
                for known in file.cases.iter_mut().filter(|known| known.0 == *case) {
                    known.2 = Some(*granted);
                }
            }
            What::BackPay { case, months } => {
                file.back_pay.extend(months.iter().map(|month| (*case, *month)));
            }
            // These stand under other keys than a person's.
            What::Fact(_)
            | What::Seen(_)
            | What::Member { .. }
            | What::Institution
            | What::RollIn { .. }
            | What::Void => {}
        }
    }

    /// Adds attributes; `carried` ones that a source leaves out are taken from the last source.
    fn know(&mut self, index: u64, known: &Known, carried: bool) {
        let file = &mut self.file;
        if let Some(name) = known.name {
            add(&mut file.names, name);
            if known.renamed {
                add(&mut file.renamed, name);
            }
        }
        file.birth = known.birth.or(file.birth);
        if known.guardian_id.is_some() || known.guardian_name.is_some() {
            let (id, name) = (known.guardian_id, known.guardian_name);
            file.guardians.push(Guardian { id, name, ended: false });
        }
        let last = if carried { std::mem::take(&mut self.current) } else { Known::default() };
        self.current = Known {
            name: known.name.or(last.name),
            birth: known.birth.or(last.birth),
            phone: known.phone.or(last.phone),
            village: known.village.or(last.village),
            ..Known::default()
        };
        let Known { name, birth, phone, village, .. } = self.current;
        if let (Some(name), Some(birth), Some(phone), Some(village)) = (name, birth, phone, village)
        {
            file.likenesses.push(Likeness { index, name, birth, phone, village });
        }
    }

    fn finish(mut self) -> PersonFile {
        for (index, at, statement, life) in std::mem::take(&mut self.lives) {
            self.live(index, at, statement, life);
        }
        let Self { mut file, denied, retyped, returned, left, .. } = self;
        let moved = |tag: Tag| {
            retyped.iter().fold(tag, |tag, (from, to)| if tag == *from { *to } else { tag })
        };
        for card in &mut file.certificates {
            card.id = moved(card.id);
        }
        file.ids.retain(|id| !denied.contains(id));
        file.forms.retain(|(id, ..)| !denied.contains(id));
        file.homes.retain(|home| !matches!(home, Home::Ledger(id) if left.contains(id)));
        for back in &returned {
            take_back(&mut file.payments, back);
        }
        file
    }

    fn live(&mut self, index: u64, at: Day, statement: StatementRef, life: What) {
        match life {
            What::Issued(issued) => {
                if let Some(old) = issued.supersedes.and_then(|old| self.card(old)) {
                    old.stop(at);
                }
                add(&mut self.file.ids, issued.id);
                self.file.certificates.push(Certificate {
                    certificate: issued.certificate,
                    index,
                    statement,
                    id: issued.id,
                    number: Some(issued.number),
                    category: issued.category,
                    level: issued.level,
                    components: issued.components,
                    issued: issued.valid_from,
                    valid_to: issued.valid_to,
                    division: issued.division,
                    stops: Vec::new(),
                    row: None,
                });
            }
            // The new card says what the lost one said, for as long.
            What::Replaced { certificate, lost, id, number } => {
                let Some(old) = self.card(lost) else { return };
                let mut new = old.clone();
                old.stop(at);
                let number = Some(number);
                new = Certificate { certificate, index, statement, id, number, ..new };
                (new.issued, new.row) = (at, None);
                new.stops.clear();
                self.file.certificates.push(new);
            }
            What::Frozen { certificate } | What::Ended { certificate } => {
                if let Some(card) = self.card(certificate) {
                    card.stop(at);
                }
            }
            What::Unfrozen { certificate } => {
                if let Some(card) = self.card(certificate) {
                    card.resume(at);
                }
            }
            _ => {}
        }
    }

    fn card(&mut self, certificate: CertificateId) -> Option<&mut Certificate> {
        self.file.certificates.iter_mut().find(|card| card.certificate == certificate)
    }
}

/// Takes a returned payment out: the one it names, else the latest earlier one of the same
/// programme, time and division. A return of less than the amount leaves the payment standing.
fn take_back(payments: &mut Vec<Payment>, back: &Returned) {
    let found = payments.iter().rposition(|payment| {
        let paid = &payment.paid;
        back.payment.map_or_else(
            || {
                (paid.programme, paid.month, paid.year, paid.division)
                    == (back.programme, back.month, back.year, back.division)
                    && paid.amount <= back.amount
            },
            |statement| payment.statement == statement && paid.amount <= back.amount,
        )
    });
    if let Some(at) = found {
        payments.remove(at);
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}
