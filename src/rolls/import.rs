//! Rolls in: the rows of a read roll become signed events.
//!
//! The way of a roll: every row gets a key, what it is about, and a content tag (`keys`,
//! `content`); what the ledger knows of the key says whether the row is nothing new, a correction
//! or new (`place`, `plan`, `bank`); data keys of the people named become durable in one flush;
//! then rows become drafts, are sealed and signed in parallel and submitted in order, a few
//! chunks in flight (`draft`, `send`). Rates become one published policy (`rates`).
//!
//! Importing the same rows again adds nothing, in any encoding and order of columns and rows,
//! because only keys and contents are compared. A crash in the middle loses nothing: the next
//! import of the file goes on where the ledger stands. Rows that cannot become events are named
//! with a plain reason (`rejected`); nothing is guessed and nothing is written beside the rolls.

mod agree;
mod bank;
mod book;
mod content;
mod draft;
mod gaps;
mod homes;
mod indexed;
mod keys;
mod place;
mod plan;
mod preview;
mod rates;
mod rejected;
mod report;
mod send;
mod terms;

pub use agree::{Agreed, Agreement, Disagreement};
pub use indexed::IndexedRows;
pub use preview::{CheckedRow, Preview, Unchecked};
pub use rejected::{Rejected, Why, write_rejected};
pub use report::{Difference, DifferenceKind, ImportError, ImportReport, RefusedRow};
pub use send::LaidOut;

use terms::Terms;

use super::{kind::RollKind, read::Roll};
use crate::{
    crypto::{TagKind, random_bytes},
    domain::admission,
    event::{self, Role, Sector, rule_named},
    ledger::{Ledger, Pen, PersonalStore},
    value::{Day, DivisionCode, FactKind, Hash, Month, RollId, Subject, Tag},
};

/// The statement in force of an imported row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// Its entry.
    pub index: u64,
    /// Its statement.
    pub statement: Hash,
    /// Its content tag.
    pub content: Tag,
    /// Its subject.
    pub subject: Subject,
}

/// What the ledger already knows of imported rows: of each key the newest effective event with
/// that `data.row.key`, unless it was retracted.
pub trait KnownRows: Sync {
    /// The row in force under a key.
    fn row(&self, key: &Tag) -> Option<KnownRow>;

    /// The rows in force of a kind whose division is `division` or below it. The division is the
    /// event's own (`data.division`), or that of its roll where the event has none. The month is
    /// that of the roll the row came in, which can differ from the month a row pays; `None` for
    /// rolls without one.
    fn rows_of(
        &self,
        kind: event::RollKind,
        division: DivisionCode,
        month: Option<Month>,
    ) -> Vec<(Tag, KnownRow)>;

    /// Whether any row of a kind is in force in a roll of this month with exactly this division.
    fn any_of(&self, kind: event::RollKind, division: DivisionCode, month: Option<Month>) -> bool {
        !self.rows_of(kind, division, month).is_empty()
    }

    /// Says whether every look-up so far was answered in full. Asked before anything is written:
    /// a row that only seems unknown would be recorded twice.
    fn is_sound(&self) -> bool {
        true
    }
}

/// What the sender says about an import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The division the roll is sent for; rows with a division of their own keep that.
    pub division: DivisionCode,
    /// A full list: rows in force that it does not have are retracted.
    pub complete: bool,
    /// Only say what would change.
    pub dry_run: bool,
    /// The day of the import, not after the ledger's today: the day of the roll itself, and of
    /// rows that say no earlier day.
    pub at: Day,
}

/// Imports rolls for one sender.
pub struct Importer<'a> {
    /// Where events go.
    pub ledger: &'a Ledger,
    /// What came in before.
    pub known: &'a dyn KnownRows,
    /// Signs for the sender.
    pub pen: &'a Pen,
    /// What the sender says.
    pub options: ImportOptions,
}

impl Importer<'_> {
    /// Turns a read roll into events: first `roll.received`, then one event for each row that
    /// says something new, then the retractions. `progress` hears of statements done and the
    /// number of all.
    ///
    /// Blocks until everything is durable; not to be called from async code.
    ///
    /// # Errors
    /// [`ImportError`]: nothing was written, or, for [`ImportError::Submit`] and
    /// [`ImportError::Pen`], a part; importing the file again completes it. A row that the ledger
    /// refuses is no error: it is in [`ImportReport::refused`].
    pub fn import(
        &self,
        file_name: &str,
        file_bytes: &[u8],
        roll: &Roll,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportReport, ImportError> {
        let Ready { job, plan, file, mut report } = self.ready(file_bytes, roll)?;
        if report.roll.is_some() {
            job.send(&plan, file_name, file, &mut report, progress)?;
        }
        Ok(report)
    }

    /// Lays out what [`import`](Self::import) would sign, for a sender who signs elsewhere: first
    /// the roll, then each row that says something new, then the retractions. New data keys are
    /// durable when this returns; nothing is on the log.
    ///
    /// # Errors
    /// See [`ImportError`].
    pub fn lay_out(
        &self,
        file_name: &str,
        file_bytes: &[u8],
        roll: &Roll,
    ) -> Result<(ImportReport, Vec<LaidOut>), ImportError> {
        let Ready { job, plan, file, report } = self.ready(file_bytes, roll)?;
        let laid_out = match report.roll {
            Some(_) => job.lay_out_all(&plan, file_name, file)?,
            None => Vec::new(),
        };
        Ok((report, laid_out))
    }

    /// Plans a roll and reports the plan, which has an id when there is something to write.
    fn ready<'a>(&'a self, file_bytes: &[u8], roll: &'a Roll) -> Result<Ready<'a>, ImportError> {
        let store = self.ledger.personal().ok_or(ImportError::VaultClosed)?;
        self.may_send(roll.kind)?;
        let file = store.tagger().tag(TagKind::File, file_bytes);
        let id = RollId(random_bytes()?);
        let mut job = Job { importer: self, store, roll, id, paper: None };
        let plan = job.plan()?;
        if !self.known.is_sound() {
            return Err(ImportError::Index);
        }
        let mut report = job.report(&plan);
        if plan.changes() > 0 && !self.options.dry_run {
            report.roll = Some(job.id);
            if is_service(roll.kind) {
                job.paper = Some(store.evidence(None, file_bytes)?);
            }
        }
        Ok(Ready { job, plan, file, report })
    }

    fn today(&self) -> Day {
        Day::of_millis(self.ledger.clock().wall_ms())
    }

    /// The division that the sender acts for.
    fn own_division(&self) -> Result<DivisionCode, ImportError> {
        let today = self.today();
        let signer = self.ledger.with_state(|state| state.actors.signer(&self.pen.kid(), today))?;
        let signer = signer.map_err(|refused| ImportError::Refused(refused.into()))?;
        Ok(signer.division)
    }

    /// Asks once, before anything is written, what the ledger would ask of every row: a roll that
    /// came in must not stand without rows only because its sender may not send them.
    fn may_send(&self, kind: RollKind) -> Result<(), ImportError> {
        let today = self.today();
        let asked = self.ledger.with_state(|state| {
            let signer = state.actors.signer(&self.pen.kid(), today)?;
            let name = event_name(kind);
            let rule = rule_named(name).filter(|rule| rule.signers.contains(&signer.role));
            if rule.is_none() {
                let role = signer.role;
                return Err(admission::Refused::RoleMayNotSign { role, name }.into());
            }
            let reports = |fact| signer.sector.is_some_and(|sector| sector.reports(fact));
            if fact_kind(kind).is_some_and(|fact| !reports(fact)) {
                return Err(admission::Refused::WrongRegister.into());
            }
            let (own, other) = (signer.division, self.options.division);
            if !own.covers(other) {
                return Err(admission::Refused::WrongDivision { own, other }.into());
            }
            if self.options.at > today {
                let at = self.options.at;
                return Err(admission::Refused::FutureDay { at, today }.into());
            }
            Ok(())
        })?;
        asked.map_err(ImportError::Refused)?;
        let is_list =
            !matches!(kind, RollKind::Rates | RollKind::BankResult(_) | RollKind::Works(_))
                && !is_service(kind);
        if self.options.complete && !is_list {
            return Err(ImportError::NotAList { kind });
        }
        Ok(())
    }
}

/// One import under way.
struct Job<'a> {
    importer: &'a Importer<'a>,
    store: &'a PersonalStore,
    roll: &'a Roll,
    /// The id it will have.
    id: RollId,
    /// Salted hash of the file, where its rows refer to it as their evidence.
    paper: Option<Hash>,
}

/// A job, and what it is going to do.
struct Ready<'a> {
    job: Job<'a>,
    plan: plan::Plan<'a>,
    /// The tag of the file.
    file: Tag,
    report: ImportReport,
}

impl<'a> Job<'a> {
    /// What is to be done: rates change what policies say, all other rolls are rows about people.
    fn plan(&self) -> Result<plan::Plan<'a>, ImportError> {
        match self.roll.kind {
            RollKind::Rates => self.plan_rates(),
            _ => self.plan_rows(),
        }
    }

    const fn options(&self) -> &ImportOptions {
        &self.importer.options
    }

    /// What its drafts are made from.
    const fn terms(&self) -> Terms<'a> {
        let (roll, id, paper) = (self.roll, self.id, self.paper);
        let (options, tagger) = (&self.importer.options, self.store.tagger());
        Terms { roll, id, paper, options, tagger }
    }
}

/// Says whether a list tells what was done for people, day by day.
const fn is_service(kind: RollKind) -> bool {
    matches!(
        kind,
        RollKind::Sessions(_)
            | RollKind::Placements(_)
            | RollKind::Departures(_)
            | RollKind::SupportVisits
    )
}

/// Says whether an actor of that role, of the register of that sector where it is one, may bring in
/// rolls of a kind.
#[must_use]
pub fn may_bring(kind: RollKind, role: Role, sector: Option<Sector>) -> bool {
    let signs = |name: &str| rule_named(name).is_some_and(|rule| rule.signers.contains(&role));
    let reports = |fact| sector.is_some_and(|sector| sector.reports(fact));
    signs("roll.received") && signs(event_name(kind)) && fact_kind(kind).is_none_or(reports)
}

/// The event that rows of a kind become.
const fn event_name(kind: RollKind) -> &'static str {
    match kind {
        RollKind::CertificateRoster => "certificate.legacy_imported",
        RollKind::LivingAllowance
        | RollKind::NursingCareSubsidy
        | RollKind::FuelSubsidy
        | RollKind::Monthly(_)
        | RollKind::Yearly(_)
        | RollKind::BankResult(_) => "payment.executed",
        RollKind::Dibao
        | RollKind::ExtremePoverty
        | RollKind::Orphan
        | RollKind::WorkInjuryNursing
        | RollKind::Deaths
        | RollKind::Prisoners
        | RollKind::Register(_) => "external_fact.recorded",
        RollKind::Sessions(_) => "service.delivered",
        RollKind::Placements(_) => "placement.started",
        RollKind::Departures(_) => "placement.ended",
        RollKind::SupportVisits => "support_visit.logged",
        RollKind::Works(_) => "works.accepted",
        RollKind::Households => "household.member_joined",
        RollKind::InstitutionAccounts => "institution_account.recorded",
        RollKind::Rates => "policy.published",
    }
}

/// What an outside register's list reports.
const fn fact_kind(kind: RollKind) -> Option<FactKind> {
    match kind {
        RollKind::Dibao => Some(FactKind::Dibao),
        RollKind::ExtremePoverty => Some(FactKind::ExtremePovertySupport),
        RollKind::Orphan => Some(FactKind::OrphanAllowance),
        RollKind::WorkInjuryNursing => Some(FactKind::WorkInjuryNursingFee),
        RollKind::Deaths => Some(FactKind::Death),
        RollKind::Prisoners => Some(FactKind::Imprisonment),
        RollKind::Register(kind) => Some(kind),
        RollKind::CertificateRoster
        | RollKind::LivingAllowance
        | RollKind::NursingCareSubsidy
        | RollKind::FuelSubsidy
        | RollKind::Monthly(_)
        | RollKind::Yearly(_)
        | RollKind::InstitutionAccounts
        | RollKind::Rates
        | RollKind::BankResult(_)
        | RollKind::Sessions(_)
        | RollKind::Placements(_)
        | RollKind::Departures(_)
        | RollKind::SupportVisits
        | RollKind::Works(_)
        | RollKind::Households => None,
    }
}
