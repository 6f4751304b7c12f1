//! A small ledger in a temporary folder, with an enrolled actor for every sender of rolls.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use mingzheng::{
    crypto::{SecretKey, TagKey, VaultKey},
    domain::Rejection,
    event::{ActorEnrolled, Body, Endorsed, Payload, Recorded, Role, Root, RowRef, Sector},
    event::{ActorSuspended, RollKind},
    ledger::{Founding, Ledger, OpenError, Options, Pen, Personal, Secrets, SetClock, Signed},
    rolls::{
        Agreed, Agreement, Hint, ImportError, ImportOptions, ImportReport, Importer, KnownRow,
        KnownRows, Roll, read_roll,
    },
    value::{Day, DivisionCode, Hash, Month, Subject, Tag},
};
use tempfile::TempDir;

pub(crate) const ORIGIN: &str = "example.org/zhumadian";
pub(crate) const DIVISION: &str = "411700";
/// 2026-10-08 in Shanghai.
const NOW_MS: u64 = 1_791_400_000_000;

/// Actor, role, register, organisation.
const ACTORS: [(&str, Role, Option<Sector>, &str); 9] = [
    ("clerk", Role::Clerk, None, "federation"),
    ("clerk-2", Role::Clerk, None, "federation"),
    ("approver", Role::Approver, None, "federation"),
    ("bank", Role::BankAgent, None, "bank"),
    ("bank-2", Role::BankAgent, None, "another bank"),
    ("civil", Role::DataCustodian, Some(Sector::CivilAffairs), "civil affairs"),
    ("labour", Role::DataCustodian, Some(Sector::HumanResources), "human resources"),
    ("police", Role::DataCustodian, Some(Sector::PublicSecurity), "public security"),
    ("justice", Role::DataCustodian, Some(Sector::Justice), "justice"),
];

pub(crate) struct House {
    folder: TempDir,
    pub(crate) ledger: Ledger,
    pens: HashMap<&'static str, Pen>,
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

fn root(id: &str, role: Role, organisation: &str, seed: u8) -> Root {
    Root {
        actor: id.parse().unwrap(),
        role,
        organisation: organisation.parse().unwrap(),
        public_key: key(seed).public(),
    }
}

pub(crate) fn today() -> Day {
    Day::of_millis(NOW_MS)
}

fn options(clock: &SetClock) -> Options {
    let log = mingzheng::log::Options::small();
    Options { clock: Arc::new(clock.clone()), log, ..Options::default() }
}

impl House {
    pub(crate) fn new(demo: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = SetClock::at(NOW_MS);
        let founding = Founding {
            origin: ORIGIN.parse().unwrap(),
            division: DIVISION.parse().unwrap(),
            demo,
            system: root("411700-system", Role::System, "ledger", 1),
            roots: vec![
                root("411700-keys-1", Role::KeyCustodian, "federation", 2),
                root("411700-super-1", Role::Supervisor, "audit office", 3),
            ],
            system_key: key(1),
            note_key: key(9),
            vault_key: VaultKey::new([8; 32]),
            tag_key: TagKey::new(1, [7; 32]).unwrap(),
        };
        let options = options(&clock);
        let ledger = Ledger::create(&folder.path().join("ledger"), founding, options).unwrap();
        let pen = |seed, organisation: &str| {
            Pen::new(key(seed), organisation, ORIGIN, Arc::new(clock.clone()))
        };
        let mut pens = HashMap::new();
        pens.insert("keys", pen(2, "federation"));
        pens.insert("supervisor", pen(3, "audit office"));
        for (seed, (name, _, _, organisation)) in (20..).zip(ACTORS) {
            pens.insert(name, pen(seed, organisation));
        }
        let house = Self { folder, ledger, pens };
        for (seed, (name, role, sector, organisation)) in (20..).zip(ACTORS) {
            house.enrol(name, role, sector, organisation, seed);
        }
        house
    }

    fn enrol(&self, name: &str, role: Role, sector: Option<Sector>, organisation: &str, seed: u8) {
        let id = format!("411700-{name}");
        let subject = Subject::Actor(id.parse().unwrap());
        let data = ActorEnrolled {
            role,
            organisation: organisation.parse().unwrap(),
            division: DIVISION.parse().unwrap(),
            public_key: key(seed).public(),
            valid_from: "2020-01-01".parse().unwrap(),
            valid_to: None,
            sector,
            institution: None,
            attending: false,
            person: None,
            relations: Vec::new(),
            employment: None,
            certificate_serial: None,
        };
        let proposal = self.write("keys", &subject, data);
        self.send(&proposal).unwrap();
        self.endorse("supervisor", &subject, proposal.id).unwrap();
    }

    /// Enrols somebody more.
    pub(crate) fn hire(&mut self, name: &'static str, role: Role, organisation: &str, seed: u8) {
        let clock = Arc::new(SetClock::at(NOW_MS));
        self.pens.insert(name, Pen::new(key(seed), organisation, ORIGIN, clock));
        self.enrol(name, role, None, organisation, seed);
    }

    /// Closes the ledger; the folder stays.
    pub(crate) fn close(self) -> TempDir {
        self.ledger.close();
        self.folder
    }

    /// Opens the ledger that was closed.
    pub(crate) fn open_again(folder: &TempDir, vault_key: VaultKey) -> Result<Ledger, OpenError> {
        let secrets = Secrets { note_key: Some(key(9)), vault_key: Some(vault_key) };
        Ledger::open(&folder.path().join("ledger"), secrets, options(&SetClock::at(NOW_MS)))
    }

    pub(crate) fn suspend(&self, name: &str) {
        let subject = Subject::Actor(format!("411700-{name}").parse().unwrap());
        let reason = "left".parse().unwrap();
        self.send(&self.write("supervisor", &subject, ActorSuspended { reason })).unwrap();
    }

    pub(crate) fn pen(&self, name: &str) -> &Pen {
        &self.pens[name]
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn write(&self, pen: &str, subject: &Subject, body: impl Into<Body>) -> Signed {
        let mut payload = Payload::new(today(), body);
        payload.expect = Some(self.ledger.expect(subject).unwrap());
        self.pen(pen).write(subject, &payload).unwrap()
    }

    pub(crate) fn send(&self, signed: &Signed) -> Result<u64, Rejection> {
        let answer = self.ledger.submit(vec![signed.bytes.clone()]).unwrap().wait().unwrap();
        answer.results.into_iter().next().unwrap().map(|accepted| accepted.index)
    }

    pub(crate) fn endorse(
        &self,
        pen: &str,
        subject: &Subject,
        proposal: Hash,
    ) -> Result<u64, Rejection> {
        let mut payload = Payload::new(today(), Endorsed {});
        payload.expect = Some(self.ledger.expect(subject).unwrap());
        payload.refs = vec![proposal];
        self.send(&self.pen(pen).write(subject, &payload).unwrap())
    }

    /// Every event, in order.
    pub(crate) fn events(&self) -> Vec<Recorded> {
        (0..self.ledger.len()).map(|index| self.ledger.event(index).unwrap()).collect()
    }

    /// The events of an import.
    pub(crate) fn events_of(&self, report: &ImportReport) -> Vec<Recorded> {
        let (first, last) = (report.first_index.unwrap(), report.last_index.unwrap());
        (first..=last).map(|index| self.ledger.event(index).unwrap()).collect()
    }

    /// Opens what an event seals.
    pub(crate) fn open(&self, event: &Recorded) -> Personal {
        let sealed = event.payload.sealed.first().unwrap();
        let store = self.ledger.personal().unwrap();
        store.open_sealed(sealed, &event.subject, event.payload.body.name()).unwrap()
    }

    pub(crate) fn tag(&self, kind: mingzheng::crypto::TagKind, text: &str) -> Tag {
        self.ledger.personal().unwrap().tag(kind, text)
    }

    /// Imports a read roll.
    pub(crate) fn import_roll(
        &self,
        pen: &str,
        name: &str,
        bytes: &[u8],
        roll: &Roll,
        change: impl FnOnce(&mut ImportOptions),
    ) -> Result<ImportReport, ImportError> {
        let mut options = ImportOptions {
            division: DIVISION.parse().unwrap(),
            complete: false,
            dry_run: false,
            at: today(),
        };
        change(&mut options);
        let known = Known::of(self);
        let (pen, own) = (self.pen(pen), options.clone());
        let importer = Importer { ledger: &self.ledger, known: &known, pen, options };
        let report = importer.import(name, bytes, roll, &mut |_, _| {})?;
        self.agrees(name, roll, &own, &report);
        Ok(report)
    }

    /// Holds what an import recorded against its roll, as a sender does who signs elsewhere.
    fn agrees(&self, name: &str, roll: &Roll, options: &ImportOptions, report: &ImportReport) {
        if report.first_index.is_none() {
            return;
        }
        let mut agreement = Agreement::new(name, roll, options).unwrap();
        let mut counts = [0; 3];
        for event in self.events_of(report) {
            let opened: Vec<_> =
                event.payload.sealed.first().map(|_| self.open(&event)).into_iter().collect();
            let agreed = agreement.take(&event.subject, &event.payload, &opened);
            match agreed.unwrap_or_else(|error| panic!("{name}: {error}: {:?}", event.payload)) {
                Agreed::Received => {}
                Agreed::New(_) => counts[0] += 1,
                Agreed::Corrects(_) => counts[1] += 1,
                Agreed::Retracts => counts[2] += 1,
                Agreed::Rates => counts[0] += report.new,
            }
        }
        assert_eq!(counts, [report.new, report.corrected, report.retracted], "{name}");
    }

    /// Reads and imports a file.
    pub(crate) fn import(&self, pen: &str, name: &str, bytes: impl AsRef<[u8]>) -> ImportReport {
        let bytes = bytes.as_ref();
        let roll = read_roll(name, bytes, &Hint::default()).unwrap();
        self.import_roll(pen, name, bytes, &roll, |_| {}).unwrap()
    }

    /// Reads and imports a file as a full list.
    pub(crate) fn complete(
        &self,
        pen: &str,
        name: &str,
        bytes: impl AsRef<[u8]>,
    ) -> Result<ImportReport, ImportError> {
        let bytes = bytes.as_ref();
        let roll = read_roll(name, bytes, &Hint::default()).unwrap();
        self.import_roll(pen, name, bytes, &roll, |options| options.complete = true)
    }
}

/// What the ledger knows of rows, computed from all its events: the double of the projection.
#[derive(Default)]
struct Known {
    by_key: HashMap<Tag, KnownRow>,
    place: HashMap<Tag, (RollKind, DivisionCode, Option<Month>)>,
}

impl Known {
    fn of(house: &House) -> Self {
        let mut known = Self::default();
        let mut rolls = HashMap::new();
        for event in house.events() {
            let body = &event.payload.body;
            if let Body::RollReceived(data) = body {
                rolls.insert(event.subject.clone(), (data.kind, data.division, data.month));
            }
            match body {
                Body::ExternalFactRetracted(data) => known.drop_statement(&data.fact),
                Body::RollRowRetracted(data) => known.drop_statement(&data.target),
                _ => {}
            }
            let waits =
                |id| house.ledger.with_state(|state| state.proposals.find(&id).is_some()).unwrap();
            let Some((row, division)) = row_of(body).filter(|_| !waits(event.id)) else { continue };
            let (kind, own, month) = rolls[&Subject::Roll(row.roll)];
            let found = KnownRow {
                index: event.index,
                statement: event.id,
                content: row.content,
                subject: event.subject.clone(),
            };
            if let Some(earlier) = row.corrects {
                known.drop_statement(&earlier);
            }
            known.by_key.insert(row.key, found);
            known.place.insert(row.key, (kind, division.unwrap_or(own), month));
        }
        known
    }

    fn drop_statement(&mut self, statement: &Hash) {
        self.by_key.retain(|_, row| row.statement != *statement);
    }
}

fn row_of(body: &Body) -> Option<(&RowRef, Option<DivisionCode>)> {
    match body {
        Body::CertificateLegacyImported(data) => Some((&data.row, Some(data.division))),
        Body::PaymentExecuted(data) => Some((data.row.as_ref()?, Some(data.division))),
        Body::PaymentReturned(data) => Some((data.row.as_ref()?, Some(data.division))),
        _ => Some((body.row()?, None)),
    }
}

impl KnownRows for Known {
    fn row(&self, key: &Tag) -> Option<KnownRow> {
        self.by_key.get(key).cloned()
    }

    fn rows_of(
        &self,
        kind: RollKind,
        division: DivisionCode,
        month: Option<Month>,
    ) -> Vec<(Tag, KnownRow)> {
        let fits = |key: &Tag| {
            let (of_kind, of_division, of_month) = self.place[key];
            of_kind == kind && division.covers(of_division) && of_month == month
        };
        self.by_key.iter().filter(|(key, _)| fits(key)).map(|(k, row)| (*k, row.clone())).collect()
    }
}
