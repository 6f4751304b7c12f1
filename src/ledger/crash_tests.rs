//! The whole ledger on a disk that fails: at every operation of log, head, vault, public files
//! and snapshot, in every way, what was acknowledged stands, and nobody's events stand twice.

use std::{collections::HashSet, fs, path::Path, sync::Arc};

use rayon::prelude::*;

use super::*;
use crate::audit::{self, Trail};
use crate::crypto::TagKind;
use crate::event::{ActorEnrolled, Endorsed, PersonRecorded, Role};
use crate::frame::HeadSlots;
use crate::log::{Fault, MemoryFiles, Outcome};
use crate::tlog::leaf_hash;
use crate::value::{Day, PersonId};

const ORIGIN: &str = "example.org/zhumadian";
const NOW_MS: u64 = 1_790_000_000_000;
const VAULT_KEY: [u8; 32] = [8; 32];

/// What a sender was told of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    Recorded(u64),
    NotWritten,
    Unknown,
}

/// What the world was told.
#[derive(Default)]
struct Told {
    founded: bool,
    sent: Vec<(Signed, Heard)>,
    checkpoints: Vec<Arc<SignedCheckpoint>>,
}

/// The people and their disk.
pub(super) struct Town {
    pub(super) files: MemoryFiles,
    pub(super) clock: SetClock,
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

impl Town {
    pub(super) fn new(files: MemoryFiles) -> Self {
        Self { files, clock: SetClock::at(NOW_MS) }
    }

    pub(super) fn options(&self, snapshot: bool) -> Options {
        let log = log::Options { segment_bytes: 128 << 10, step_bytes: 4 << 10, head_copy: None };
        let clock = Arc::new(self.clock.clone());
        Options { clock, log, queue_len: 8, snapshot, ..Options::default() }
    }

    pub(super) fn found(&self) -> Result<Ledger, OpenError> {
        let founding = Founding {
            origin: ORIGIN.parse().unwrap(),
            division: "411700".parse().unwrap(),
            demo: false,
            system: root("411700-system", Role::System, "ledger", 1),
            roots: vec![
                root("411700-keys-1", Role::KeyCustodian, "federation", 2),
                root("411700-super-1", Role::Supervisor, "audit office", 3),
            ],
            system_key: key(1),
            note_key: key(9),
            vault_key: VaultKey::new(VAULT_KEY),
            tag_key: TagKey::new(1, [7; 32]).unwrap(),
        };
        let files = Arc::new(self.files.clone());
        open::create_on(files, Path::new("memory"), founding, self.options(true))
    }

    pub(super) fn open(&self, snapshot: bool) -> Result<Ledger, OpenError> {
        let files = Arc::new(self.files.clone());
        open::open_on(files, Path::new("memory"), Self::secrets(), self.options(snapshot))
    }

    pub(super) fn secrets() -> Secrets {
        Secrets { note_key: Some(key(9)), vault_key: Some(VaultKey::new(VAULT_KEY)) }
    }

    /// For reading, from where the last close left off.
    pub(super) fn open_since_close(&self) -> Result<Ledger, OpenError> {
        let options = Options { since_close: true, ..self.options(true) };
        let files = Arc::new(self.files.clone());
        open::open_on(files, Path::new("memory"), Secrets::default(), options)
    }

    fn pen(&self, seed: u8, organisation: &str) -> Pen {
        Pen::new(key(seed), organisation, ORIGIN, Arc::new(self.clock.clone()))
    }

    /// Enrols a clerk and has it endorsed.
    pub(super) fn authority(&self) -> [Signed; 2] {
        let clerk = Subject::Actor("411702-dpf-1".parse().unwrap());
        let mut enrolled = Payload::new(
            Day::of_millis(NOW_MS),
            ActorEnrolled {
                role: Role::Clerk,
                organisation: "federation".parse().unwrap(),
                division: "411702".parse().unwrap(),
                public_key: key(20).public(),
                valid_from: "2020-01-01".parse().unwrap(),
                valid_to: None,
                sector: None,
                institution: None,
                attending: false,
                person: None,
                relations: Vec::new(),
                employment: None,
                certificate_serial: None,
            },
        );
        enrolled.expect = Some(Expect { head: None });
        let enrolled = self.pen(2, "federation").write(&clerk, &enrolled).unwrap();
        let mut endorsed = Payload::new(Day::of_millis(NOW_MS), Endorsed {});
        endorsed.refs = vec![enrolled.id];
        endorsed.expect = Some(Expect { head: Some(enrolled.id) });
        let endorsed = self.pen(3, "audit office").write(&clerk, &endorsed).unwrap();
        [enrolled, endorsed]
    }

    /// Two people, recorded with their names and numbers under new data keys; `None` when the
    /// vault has to be opened again first.
    pub(super) fn people(&self, ledger: &Ledger, round: u8) -> Option<Vec<Signed>> {
        let store = ledger.personal().unwrap();
        let people = [0, 1].map(|second| round * 2 + second);
        let number = |n: u8| format!("41172519490101{n:04}");
        let tags = people.map(|n| store.tag(TagKind::Id, &number(n)));
        let keys = match store.keys_for(&tags) {
            Err(PersonalError::Vault(crate::vault::VaultError::Failed { .. })) => {
                store.keys_for(&tags).expect("one operation fails")
            }
            Err(PersonalError::Vault(crate::vault::VaultError::Unknown { .. })) => return None,
            keys => keys.unwrap(),
        };
        let mut signed = Vec::new();
        for ((n, id), key) in people.into_iter().zip(tags).zip(&keys) {
            let person = PersonId([n; 16]);
            let subject = Subject::Person(person);
            let mut personal = Personal::default();
            personal.name = Some(format!("name {n}"));
            personal.id_number = Some(number(n));
            let recorded = PersonRecorded {
                person,
                id,
                name: store.tag(TagKind::Name, &format!("name {n}")),
                name_sound: None,
                meant_ids: Vec::new(),
                phone: None,
                village: None,
                hukou_division: None,
            };
            let mut payload = Payload::new(Day::of_millis(NOW_MS), recorded);
            let sealed = store.seal(key, &subject, "person.recorded", &personal).unwrap();
            payload.sealed = vec![sealed];
            signed.push(self.pen(20, "federation").write(&subject, &payload).unwrap());
        }
        Some(signed)
    }
}

/// Sends a group, and notes what its sender is told. False: the ledger has to be opened again.
fn send(ledger: &Ledger, told: &mut Told, group: Vec<Signed>) -> bool {
    let bytes = group.iter().map(|signed| signed.bytes.clone()).collect();
    match ledger.submit(bytes).unwrap().wait() {
        Ok(answer) => {
            for (signed, result) in group.into_iter().zip(answer.results) {
                told.sent.push((signed, Heard::Recorded(result.unwrap().index)));
            }
            told.checkpoints.push(answer.checkpoint);
            true
        }
        Err(error) => {
            // A stopped ledger may say that it stopped, never that what it recorded is not there.
            for (signed, heard) in &told.sent {
                let found = ledger.find(&signed.id).map(|index| index.map(Heard::Recorded));
                let sound = found.as_ref().map_or(true, |found| *found == Some(*heard));
                assert!(sound, "{error}: {found:?}");
            }
            let heard = match error {
                SubmitError::OutcomeUnknown => Heard::Unknown,
                SubmitError::NotWritten(_) => Heard::NotWritten,
                other => panic!("{other}"),
            };
            told.sent.extend(group.into_iter().map(|signed| (signed, heard)));
            false
        }
    }
}

/// One life of a ledger: founded, written, closed, opened, written. Stops where a sender hears
/// that the ledger has to be opened again.
fn work(town: &Town, told: &mut Told) {
    let Ok(mut ledger) = town.found() else { return };
    told.founded = true;
    for signed in town.authority() {
        if !send(&ledger, told, vec![signed]) {
            return;
        }
    }
    for round in 0..4 {
        // A second later the writer makes the head durable after the next group.
        town.clock.advance_to(NOW_MS + 1_100 * u64::from(round));
        let Some(group) = town.people(&ledger, round) else { return };
        if !send(&ledger, told, group) {
            return;
        }
        if round == 2 {
            ledger.close();
            ledger = town.open(true).or_else(|_| town.open(true)).expect("one operation fails");
        }
    }
}

pub(super) fn len_of(ledger: &Ledger) -> usize {
    usize::try_from(ledger.len()).unwrap()
}

/// Root of a list of leaves by the definition of RFC 6962, without the tree's own code.
fn naive_root(leaves: &[TreeHash]) -> TreeHash {
    use sha2::{Digest, Sha256};
    match leaves {
        [] => TreeHash(Sha256::digest(b"").into()),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            let mut hasher = Sha256::new_with_prefix([1]);
            hasher.update(naive_root(left).0);
            hasher.update(naive_root(right).0);
            TreeHash(hasher.finalize().into())
        }
    }
}

/// The sizes that the disk shows as published: the head's and the checkpoint file's.
fn published(files: &MemoryFiles) -> (u64, u64) {
    let head = files.bytes("head").and_then(|bytes| HeadSlots::decode(&bytes).ok());
    let note = files.bytes(log::CHECKPOINT).and_then(|bytes| String::from_utf8(bytes).ok());
    let line =
        note.as_deref().and_then(|note| note.lines().nth(1)).map(|size| size.parse().unwrap());
    (head.map_or(0, |slots| slots.newest.size), line.unwrap_or(0))
}

/// Opens what is left, holds it against what the world was told, and sends everything again.
fn check(town: &Town, told: &Told, case: &str) {
    let before = published(&town.files);
    let ledger = match town.open(true) {
        Ok(ledger) => ledger,
        Err(_) if !told.founded => return,
        Err(error) => panic!("{case}: {error}"),
    };
    let shown = published(&town.files);
    assert!(shown.0 >= before.0 && shown.1 >= before.1 && shown.1 == shown.0, "{case}: {shown:?}");

    // The tree is that of the entries, and whatever was signed is a beginning of it.
    let mut leaves = Vec::new();
    ledger.reader().scan(0, &mut |_, entry| leaves.push(leaf_hash(entry))).unwrap();
    let checkpoint = ledger.checkpoint().unwrap();
    assert_eq!(checkpoint.checkpoint().root, naive_root(&leaves), "{case}");
    for seen in &told.checkpoints {
        let (size, root) = (seen.checkpoint().size, seen.checkpoint().root);
        let beginning = leaves.get(..usize::try_from(size).unwrap());
        assert_eq!(beginning.map(naive_root), Some(root), "{case}: a checkpoint was taken back");
    }

    // Everybody finds what they were told of, and nothing else is there.
    let mut known: HashSet<Hash> = told.sent.iter().map(|(signed, _)| signed.id).collect();
    known.insert(ledger.event(0).unwrap().id);
    for (signed, heard) in &told.sent {
        let found = ledger.find(&signed.id).unwrap();
        match heard {
            Heard::Recorded(index) => assert_eq!(found, Some(*index), "{case}"),
            Heard::NotWritten => assert_eq!(found, None, "{case}"),
            Heard::Unknown => {}
        }
    }
    for index in 0..ledger.len() {
        let event = ledger.event(index).unwrap();
        assert!(known.remove(&event.id), "{case}: entry {index} twice, or out of nowhere");
        for sealed in &event.payload.sealed {
            let store = ledger.personal().unwrap();
            let opened = store.open_sealed(sealed, &event.subject, event.payload.body.name());
            assert!(opened.is_ok(), "{case}: the data key of entry {index} is lost");
        }
    }

    // The same bytes again: exactly one entry each, the first receipt for those that had one.
    for (signed, heard) in &told.sent {
        let answer = ledger.submit(vec![signed.bytes.clone()]).unwrap().wait().unwrap();
        let again = answer.results.into_iter().next().unwrap().unwrap();
        match heard {
            Heard::Recorded(index) => assert_eq!((again.index, again.again), (*index, true)),
            Heard::NotWritten => assert!(!again.again, "{case}"),
            Heard::Unknown => {}
        }
    }
    assert_eq!(len_of(&ledger), told.sent.len() + 1, "{case}");
    let state = ledger.with_state(Clone::clone).unwrap();
    let root = ledger.checkpoint().unwrap().checkpoint().root;
    ledger.close();

    // What is durable says the same, from the snapshot and from the log alone.
    let left = Town { files: town.files.power_cut(0), clock: town.clock.clone() };
    let size = told.sent.len() as u64 + 1;
    assert_eq!(published(&left.files), (size, size), "{case}");
    for snapshot in [true, false] {
        let ledger = left.open(snapshot).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(ledger.with_state(Clone::clone).unwrap(), state, "{case}");
        assert_eq!(ledger.checkpoint().unwrap().checkpoint().root, root, "{case}");
    }
    let reading = left.open_since_close().unwrap_or_else(|error| panic!("{case}: {error}"));
    assert_eq!(reading.with_state(Clone::clone).unwrap(), state, "{case}");
    assert_eq!(reading.checkpoint().unwrap().checkpoint().root, root, "{case}");
    for index in 0..size {
        reading.event(index).unwrap_or_else(|error| panic!("{case}: {error}"));
    }
}

/// The verifier's word on the files as they are on this disk.
fn verify(files: &MemoryFiles) -> audit::Report {
    let folder = tempfile::tempdir().unwrap();
    for name in files.names() {
        let path = folder.path().join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, files.bytes(&name).unwrap()).unwrap();
    }
    audit::verify(&Trail::open(folder.path()).unwrap(), &audit::Options::default())
}

#[test]
fn every_operation_fails_in_every_way_and_nobody_is_told_a_falsehood() {
    let calm = Town::new(MemoryFiles::new());
    let mut told = Told::default();
    work(&calm, &mut told);
    assert_eq!(told.sent.len(), 10);
    assert!(told.sent.iter().all(|(_, heard)| matches!(heard, Heard::Recorded(_))));
    let operations = calm.files.operations();
    assert!(operations > 40, "{operations}");

    let torn = [0x5555_5555_5555_5555, !1].map(Outcome::Torn);
    let outcomes = [Outcome::Lost, Outcome::Kept].into_iter().chain(torn).collect::<Vec<_>>();
    let cases = (0..operations).flat_map(|at| outcomes.iter().map(move |outcome| (at, *outcome)));
    let cases = cases.collect::<Vec<_>>();
    let heard = cases.par_iter().map(|&(at, outcome)| {
        let mut unknown = [0; 3];
        for power in [None, Some(0), Some(0x3333_3333_3333_3333)] {
            let town = Town::new(MemoryFiles::new());
            town.files.fail(Fault { at, outcome });
            let mut told = Told::default();
            work(&town, &mut told);
            let last = told.sent.last().map(|(_, heard)| *heard);
            unknown[0] += u32::from(!told.founded);
            unknown[1] += u32::from(last == Some(Heard::Unknown));
            unknown[2] += u32::from(last == Some(Heard::NotWritten));
            let files = power.map_or_else(|| town.files.clone(), |mask| town.files.power_cut(mask));
            let town = Town { files, ..town };
            check(&town, &told, &format!("operation {at} {outcome:?}, power cut {power:?}"));
            if told.founded && power.is_none() && at.is_multiple_of(4) {
                let report = verify(&town.files);
                assert_eq!(report.violations, [], "operation {at} {outcome:?}");
            }
        }
        unknown
    });
    let heard = heard.reduce(|| [0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]]);
    // The test would prove little if nobody ever heard these.
    assert!(heard.iter().all(|count| *count > 5), "{heard:?}");
}

#[test]
fn the_public_checkpoint_follows_the_head_and_is_never_taken_back() {
    let town = Town::new(MemoryFiles::new());
    work(&town, &mut Told::default());
    let (newest, files) = (town.files.bytes(log::CHECKPOINT).unwrap(), &town.files);
    assert_eq!(published(files), (11, 11));
    // Missing or unreadable, as a crash before its first writing leaves it: as the head says.
    files.take(log::CHECKPOINT);
    drop(town.open(true).unwrap());
    assert_eq!(files.bytes(log::CHECKPOINT).unwrap(), newest);
    files.put(log::CHECKPOINT, b"nothing");
    drop(town.open(true).unwrap());
    assert_eq!(files.bytes(log::CHECKPOINT).unwrap(), newest);

    // Log and head taken back together, to where only entry 0 and two more stood.
    let earlier = Town::new(MemoryFiles::new());
    let ledger = earlier.found().unwrap();
    let mut told = Told::default();
    for signed in earlier.authority() {
        assert!(send(&ledger, &mut told, vec![signed]));
    }
    ledger.close();
    earlier.files.put(log::CHECKPOINT, &newest);
    let refused = earlier.open(true).err();
    let shorter = log::OpenError::Shorter { len: 3, head: 11 };
    assert!(matches!(refused, Some(OpenError::Log(error)) if error == shorter));
    assert_eq!(earlier.files.bytes(log::CHECKPOINT).unwrap(), newest);
}

#[test]
fn a_real_ledger_refuses_demo_numbers_from_its_first_hour() {
    let town = Town::new(MemoryFiles::new());
    let ledger = town.found().unwrap();
    for signed in town.authority() {
        assert!(send(&ledger, &mut Told::default(), vec![signed]));
    }
    let store = ledger.personal().unwrap();
    let (person, number) = (PersonId([1; 16]), "991702196001011230");
    let tag = store.tag(TagKind::Id, number);
    let mut personal = Personal::default();
    personal.id_number = Some(number.to_owned());
    personal.name = Some("name".to_owned());
    let recorded = PersonRecorded {
        person,
        id: tag,
        name: store.tag(TagKind::Name, "name"),
        name_sound: None,
        meant_ids: Vec::new(),
        phone: None,
        village: None,
        hukou_division: None,
    };
    let key = store.keys_for(&[tag]).unwrap().remove(0);
    let subject = Subject::Person(person);
    let mut payload = Payload::new(Day::of_millis(NOW_MS), recorded);
    payload.sealed = vec![store.seal(&key, &subject, "person.recorded", &personal).unwrap()];
    let signed = town.pen(20, "federation").write(&subject, &payload).unwrap();
    let answer = ledger.submit(vec![signed.bytes]).unwrap().wait().unwrap();
    assert_eq!(answer.results[0].as_ref().unwrap_err().code, "demo_number");
}
