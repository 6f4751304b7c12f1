//! What a rule may look at: one person's file, and through it the files of others.
//!
//! Records come from a [`Neighbours`], in memory or from a store; files are folded once for each
//! view.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeSet,
    rc::Rc,
    sync::Arc,
};

use hashbrown::HashMap;

use super::batch::Batch;
use super::facility::Stay;
use super::file::{PersonFile, is_void};
use super::key::{ActorRef, Home, Key};
use super::record::{Record, What};
use super::step::{Designation, Officer, Tie};
use super::terms::Terms;
use crate::event::RollKind;
use crate::value::{Day, DivisionCode, Month, PayrollId, PersonId, Programme, Tag};

/// Records by key.
pub trait Neighbours {
    /// Shows every record under a key with the index of its event, in the order of the log.
    fn each(&self, key: &Key, take: &mut dyn FnMut(u64, &Record));
}

/// The rolls that are in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    rolls: BTreeSet<(RollKind, u32, Option<Month>)>,
    months: BTreeSet<(RollKind, Month)>,
    /// Programmes whose payments of a period are in, each period by its last month.
    paid: BTreeSet<(Programme, Month, u32)>,
    programmes: BTreeSet<Programme>,
    /// The same of payrolls that the ledger itself prepared.
    prepared: BTreeSet<(Programme, Month, u32)>,
    preparing: BTreeSet<Programme>,
}

impl Coverage {
    /// The rolls that are in, and payrolls prepared.
    #[must_use]
    pub fn of(from: &dyn Neighbours) -> Self {
        let mut coverage = Self::default();
        from.each(&Key::Rolls, &mut |_, record| match record.what {
            What::RollIn { kind, division, month, year, programme } => {
                coverage.add((kind, programme), division, Time { month, year });
            }
            What::PayrollIn { programme, division, month } => {
                coverage.preparing.insert(programme);
                coverage.prepared.insert((programme, month, division.number()));
            }
            _ => {}
        });
        coverage
    }

    fn add(&mut self, of: (RollKind, Option<Programme>), place: DivisionCode, last: Time) {
        let (kind, programme) = of;
        self.rolls.insert((kind, place.number(), last.month));
        self.months.extend(last.month.map(|month| (kind, month)));
        let general = matches!(kind, RollKind::MonthlyPayments | RollKind::YearlyPayments);
        let paid = paid_by(kind).or(programme.filter(|_| general));
        if let Some((programme, end)) = paid.zip(last.period_end()) {
            self.programmes.insert(programme);
            self.paid.insert((programme, end, place.number()));
        }
    }

    /// Programmes of which any roll of payments is in.
    pub fn programmes(&self) -> impl Iterator<Item = Programme> + '_ {
        self.programmes.iter().copied()
    }

    /// Programmes of which any roll of payments is in, or any payroll was prepared.
    #[must_use]
    pub fn all_programmes(&self) -> BTreeSet<Programme> {
        self.programmes.union(&self.preparing).copied().collect()
    }

    /// The last months of the periods up to `last` of which the division's rolls of a programme's
    /// payments are in, latest first.
    pub fn periods(
        &self,
        programme: Programme,
        division: DivisionCode,
        last: Month,
    ) -> impl Iterator<Item = Month> {
        periods(&self.paid, programme, division, last)
    }

    /// As [`periods`](Self::periods), with the months whose payroll the ledger prepared.
    #[must_use]
    pub fn all_periods(
        &self,
        programme: Programme,
        division: DivisionCode,
        last: Month,
    ) -> BTreeSet<Month> {
        let prepared = periods(&self.prepared, programme, division, last);
        self.periods(programme, division, last).chain(prepared).collect()
    }

    /// Says whether a list of this kind is in for the division, or for one above it.
    #[must_use]
    pub fn has(&self, kind: RollKind, division: DivisionCode, month: Option<Month>) -> bool {
        std::iter::successors(Some(division), |code| code.parent())
            .any(|code| self.rolls.contains(&(kind, code.number(), month)))
    }

    /// The months up to `last` for which the division's rolls of this kind are in, latest first.
    pub fn months(
        &self,
        kind: RollKind,
        division: DivisionCode,
        last: Month,
    ) -> impl Iterator<Item = Month> {
        let first = last.plus(i32::MIN);
        let known = self.months.range((kind, first)..=(kind, last)).rev();
        known.map(|(_, month)| *month).filter(move |month| self.has(kind, division, Some(*month)))
    }
}

fn periods(
    paid: &BTreeSet<(Programme, Month, u32)>,
    programme: Programme,
    division: DivisionCode,
    last: Month,
) -> impl Iterator<Item = Month> {
    let first = last.plus(i32::MIN);
    let known = paid.range((programme, first, 0)..=(programme, last, u32::MAX)).rev();
    let mut before = None;
    known.filter_map(move |(_, month, place)| {
        let mut above = std::iter::successors(Some(division), |code| code.parent());
        let is_news = before != Some(*month) && above.any(|code| code.number() == *place);
        is_news.then(|| *before.insert(*month))
    })
}

/// The month or the year of a roll.
#[derive(Clone, Copy)]
struct Time {
    month: Option<Month>,
    year: Option<u16>,
}

impl Time {
    fn period_end(self) -> Option<Month> {
        let year = || Month::new(i32::from(self.year?), 12).ok();
        self.month.or_else(year)
    }
}

/// The programme whose payments a kind of roll has, for the kinds that have their own.
const fn paid_by(kind: RollKind) -> Option<Programme> {
    Some(match kind {
        RollKind::LivingAllowance => Programme::LIVING_ALLOWANCE,
        RollKind::NursingCareSubsidy => Programme::NURSING_CARE_SUBSIDY,
        RollKind::FuelSubsidy => Programme::FUEL_SUBSIDY,
        _ => return None,
    })
}

/// Records, terms and the day judged, with what was read so far.
pub struct View<'a> {
    from: &'a dyn Neighbours,
    /// The policy in force.
    pub terms: &'a dyn Terms,
    /// The day judged.
    pub on: Day,
    coverage: OnceCell<Arc<Coverage>>,
    files: RefCell<HashMap<PersonId, Rc<PersonFile>>>,
    institutions: RefCell<HashMap<Tag, bool>>,
    officers: RefCell<HashMap<ActorRef, Option<Rc<Officer>>>>,
    receivers: RefCell<HashMap<Tag, Rc<BTreeSet<PersonId>>>>,
    strangers: RefCell<Strangers>,
    periods: RefCell<Periods>,
    authorised: RefCell<HashMap<PayrollId, Option<ActorRef>>>,
    pub(super) facilities: RefCell<HashMap<ActorRef, Rc<Vec<Stay>>>>,
    pub(super) batches: RefCell<HashMap<PayrollId, Batch>>,
}

/// Whom an account receives for in a month, when they are strangers.
type Strangers = HashMap<(Tag, Month), Rc<Vec<PersonId>>>;

/// The latest periods of all programmes in a division up to a month, at most so many.
type Periods = HashMap<(u32, Month, usize), Rc<Vec<(Programme, Vec<Month>)>>>;

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("on", &self.on).finish_non_exhaustive()
    }
}

impl<'a> View<'a> {
    /// A view of all that `from` holds, as judged on `on`.
    #[must_use]
    pub fn new(from: &'a dyn Neighbours, terms: &'a dyn Terms, on: Day) -> Self {
        Self {
            from,
            terms,
            on,
            coverage: OnceCell::new(),
            files: RefCell::default(),
            institutions: RefCell::default(),
            officers: RefCell::default(),
            receivers: RefCell::default(),
            strangers: RefCell::default(),
            periods: RefCell::default(),
            authorised: RefCell::default(),
            facilities: RefCell::default(),
            batches: RefCell::default(),
        }
    }

    /// The same view, told which rolls are in.
    #[must_use]
    pub fn knowing(self, coverage: Arc<Coverage>) -> Self {
        Self { coverage: OnceCell::from(coverage), ..self }
    }

    /// A person's file.
    #[must_use]
    pub fn file(&self, person: PersonId) -> Rc<PersonFile> {
        if let Some(file) = self.files.borrow().get(&person) {
            return Rc::clone(file);
        }
        let file = Rc::new(PersonFile::read(person, self.from, self.on));
        self.files.borrow_mut().insert(person, Rc::clone(&file));
        file
    }

    /// Shows every record under a key.
    pub(super) fn each(&self, key: &Key, take: &mut dyn FnMut(u64, &Record)) {
        self.from.each(key, take);
    }

    /// Says whether a later statement corrected or retracted the record's.
    pub(super) fn is_void(&self, record: &Record) -> bool {
        is_void(self.from, record)
    }

    /// The persons whom an index names, each once, in order of their ids.
    #[must_use]
    pub fn persons(&self, key: &Key) -> BTreeSet<PersonId> {
        let mut persons = BTreeSet::new();
        self.each_person(key, &mut |person| {
            persons.insert(person);
        });
        persons
    }

    /// Shows the persons whom an index names, some of them more than once.
    pub(super) fn each_person(&self, key: &Key, take: &mut dyn FnMut(PersonId)) {
        self.from.each(key, &mut |_, record| match &record.what {
            What::Seen(person) => take(*person),
            What::SeenAll(named) => named.iter().for_each(|person| take(*person)),
            What::OfCase(case) => self.each_person(&Key::Case(*case), take),
            What::OfHouse(home) => self.each_person(&Key::House(*home), take),
            _ => {}
        });
    }

    /// Says whether the name is of somebody in the household.
    #[must_use]
    pub fn lives_in(&self, home: &Home, name: Tag) -> bool {
        let mut found = false;
        self.from.each(&Key::Home(*home), &mut |_, record| match &record.what {
            What::Member { name: Some(member) } if !found => {
                found = *member == name && !is_void(self.from, record);
            }
            What::Seen(person) if !found && matches!(home, Home::Ledger(_)) => {
                let file = self.file(*person);
                found = file.homes.contains(home) && file.names.contains(&name);
            }
            _ => {}
        });
        found
    }

    /// Says whether the account lawfully receives for an institution's residents.
    #[must_use]
    pub fn is_institution(&self, account: Tag) -> bool {
        if let Some(known) = self.institutions.borrow().get(&account) {
            return *known;
        }
        let mut found = false;
        self.from.each(&Key::Account(account), &mut |_, record| {
            found |= record.what == What::Institution
                && record.at <= self.on
                && !is_void(self.from, record);
        });
        self.institutions.borrow_mut().insert(account, found);
        found
    }

    /// What is known of an officer; nothing of those who founded the ledger.
    #[must_use]
    pub fn officer(&self, actor: ActorRef) -> Option<Rc<Officer>> {
        if let Some(known) = self.officers.borrow().get(&actor) {
            return known.clone();
        }
        let mut found = None;
        self.from.each(&Key::Actor(actor), &mut |_, record| {
            if let What::Officer(officer) = &record.what {
                found = Some(Rc::new((**officer).clone()));
            }
        });
        self.officers.borrow_mut().insert(actor, found.clone());
        found
    }

    /// The ID number that an officer was enrolled with.
    pub(super) fn own(&self, actor: ActorRef) -> Option<Tag> {
        self.officer(actor).and_then(|officer| officer.person)
    }

    /// Says whether two actors are one human being: one actor, or two of one ID number.
    #[must_use]
    pub fn same_person(&self, one: ActorRef, other: ActorRef) -> bool {
        one == other || self.own(one).is_some_and(|tag| self.own(other) == Some(tag))
    }

    /// The enrolments that give this ID number as the officer's own, with their entries.
    pub(super) fn officers_of(&self, id: Tag) -> Vec<(u64, Tie)> {
        let mut officers = Vec::new();
        self.from.each(&Key::Id(id), &mut |index, record| match record.what {
            What::Tie(tie) if tie.is_self && record.at <= self.on => officers.push((index, tie)),
            _ => {}
        });
        officers
    }

    /// The designation of an institution that stands on a day.
    #[must_use]
    pub fn designation(&self, code: ActorRef, day: Day) -> Option<Designation> {
        let mut standing = None;
        self.from.each(&Key::Institution(code), &mut |_, record| match &record.what {
            What::Suspended if record.at <= day => standing = None,
            What::Designated(found) if found.from <= day && found.to.is_none_or(|to| day <= to) => {
                standing = Some((**found).clone());
            }
            _ => {}
        });
        standing
    }

    /// Who authorised a batch of payments.
    #[must_use]
    pub fn authorised_by(&self, batch: PayrollId) -> Option<ActorRef> {
        if let Some(known) = self.authorised.borrow().get(&batch) {
            return *known;
        }
        let mut found = None;
        self.from.each(&Key::Payroll(batch), &mut |_, record| {
            if let What::Authorised { by, .. } = record.what {
                found = Some(by);
            }
        });
        self.authorised.borrow_mut().insert(batch, found);
        found
    }

    /// The rolls that are in, and payrolls prepared: knowledge of today, whatever the day judged.
    pub fn coverage(&self) -> &Arc<Coverage> {
        self.coverage.get_or_init(|| Arc::new(Coverage::of(self.from)))
    }

    /// The persons who were ever paid into an account.
    pub(super) fn receivers(&self, account: Tag) -> Rc<BTreeSet<PersonId>> {
        if let Some(known) = self.receivers.borrow().get(&account) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.persons(&Key::Account(account)));
        self.receivers.borrow_mut().insert(account, Rc::clone(&found));
        found
    }

    /// Every programme of which anything is in for a division up to a month, with the latest of
    /// [`Coverage::all_periods`], latest first; worked out once.
    pub(super) fn latest_periods(
        &self,
        division: DivisionCode,
        last: Month,
        most: usize,
    ) -> Rc<Vec<(Programme, Vec<Month>)>> {
        let make = || {
            let coverage = self.coverage();
            let of = |programme| {
                let known = coverage.all_periods(programme, division, last);
                let latest: Vec<Month> = known.into_iter().rev().take(most).collect();
                (!latest.is_empty()).then_some((programme, latest))
            };
            Rc::new(coverage.all_programmes().into_iter().filter_map(of).collect())
        };
        let of = (division.number(), last, most);
        Rc::clone(self.periods.borrow_mut().entry(of).or_insert_with(make))
    }

    /// What `make` finds for an account and month, worked out once.
    pub(super) fn strangers(
        &self,
        account: Tag,
        month: Month,
        make: impl FnOnce() -> Vec<PersonId>,
    ) -> Rc<Vec<PersonId>> {
        if let Some(known) = self.strangers.borrow().get(&(account, month)) {
            return Rc::clone(known);
        }
        let found = Rc::new(make());
        self.strangers.borrow_mut().insert((account, month), Rc::clone(&found));
        found
    }
}
