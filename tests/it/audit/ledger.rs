//! A ledger made by hand: entries chained, framed and published with the bytes' own code, so that
//! any of them can be made wrong. Nothing here asks the rules.

use std::{collections::HashMap, fs, path::Path};

use mingzheng::{
    crypto::{Claims, SecretKey, Statement, sign},
    event::{
        ActorEnrolled, Body, Endorsed, Expect, LedgerCreated, Payload, PersonRecorded, Role, Root,
        Sector, Standing,
    },
    frame::{
        Entry, HeadRecord, SegmentHeader, encode_frame, entry_hash, frame_start, genesis_prev,
    },
    tlog::{
        Checkpoint, NoteSigner, NoteVerifier, Origin, Tree, TreeHash, leaf_hash,
        tile::{TileKind, TilePath, bundle_encode, tile_bytes, tiles_between},
    },
    value::{ActorId, Cti, Day, DivisionCode, Hash, PersonId, Subject, Tag},
};

pub(super) const ORIGIN: &str = "ledger.example/audit";
/// 2026-07-05 12:00 in Asia/Shanghai.
pub(super) const START_MS: u64 = 1_783_224_000_000;

/// Someone who signs.
pub(super) struct Actor {
    pub(super) id: ActorId,
    pub(super) key: SecretKey,
    pub(super) seed: [u8; 32],
    pub(super) role: Role,
    pub(super) organisation: &'static str,
    pub(super) division: &'static str,
}

/// How a statement differs from what an honest client signs now.
#[derive(Default)]
pub(super) struct Twist {
    pub(super) expect: Option<Option<Expect>>,
    pub(super) cti: Option<Cti>,
    pub(super) iat: Option<u64>,
    pub(super) iss: Option<&'static str>,
    pub(super) aud: Option<&'static str>,
    /// Signs with another key than the one it names.
    pub(super) forged_by: Option<SecretKey>,
    /// Adds a component of order 2 to R.
    pub(super) torsion: bool,
}

/// The ledger so far.
pub(super) struct Ledger {
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) tree: Tree,
    pub(super) now_ms: u64,
    heads: HashMap<Subject, (u64, Hash)>,
    prev: Hash,
    serial: u128,
}

pub(super) fn actor(
    seed: u8,
    role: Role,
    organisation: &'static str,
    division: &'static str,
) -> Actor {
    let seed_bytes = [seed; 32];
    let key = SecretKey::from_seed(seed_bytes);
    let id = format!("a-{seed}").parse().unwrap();
    Actor { id, key, seed: seed_bytes, role, organisation, division }
}

pub(super) fn custodian() -> Actor {
    actor(1, Role::KeyCustodian, "Key Office", "411700")
}

fn system() -> Actor {
    actor(190, Role::System, "Ledger", "411700")
}

pub(super) fn supervisor() -> Actor {
    actor(2, Role::Supervisor, "Audit Office", "411700")
}

pub(super) fn clerk() -> Actor {
    actor(3, Role::Clerk, "Federation", "411702")
}

pub(super) fn note_key() -> NoteSigner<ed25519_dalek::SigningKey> {
    named_key(ORIGIN, 200)
}

pub(super) fn named_key(name: &str, seed: u8) -> NoteSigner<ed25519_dalek::SigningKey> {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    NoteSigner::new(name.parse().unwrap(), key).unwrap()
}

pub(super) fn vkey() -> NoteVerifier {
    note_key().verifier().clone()
}

pub(super) fn tag(number: u64) -> Tag {
    let mut bytes = [0; 20];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Tag { version: 1, bytes }
}

pub(super) fn person(number: u64) -> (Subject, PersonRecorded) {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let data = PersonRecorded {
        person: PersonId(id),
        id: tag(number),
        name: tag(number + 1),
        name_sound: None,
        meant_ids: Vec::new(),
        phone: None,
        village: None,
        hukou_division: None,
    };
    (Subject::Person(PersonId(id)), data)
}

impl Actor {
    pub(super) fn enrolment(&self) -> ActorEnrolled {
        ActorEnrolled {
            role: self.role,
            organisation: self.organisation.parse().unwrap(),
            division: self.division.parse().unwrap(),
            public_key: self.key.public(),
            valid_from: "2026-01-01".parse().unwrap(),
            valid_to: None,
            sector: (self.role == Role::DataCustodian).then_some(Sector::CivilAffairs),
            institution: None,
            attending: false,
            person: None,
            relations: Vec::new(),
            employment: None,
            certificate_serial: None,
        }
    }
}

impl Ledger {
    fn empty() -> Self {
        Self {
            entries: Vec::new(),
            tree: Tree::new(),
            now_ms: START_MS,
            heads: HashMap::new(),
            prev: genesis_prev(ORIGIN),
            serial: 0,
        }
    }

    /// Entry 0 only.
    pub(super) fn created() -> Self {
        let mut ledger = Self::empty();
        let root = |actor: &Actor| Root {
            actor: actor.id.clone(),
            role: actor.role,
            organisation: actor.organisation.parse().unwrap(),
            public_key: actor.key.public(),
        };
        let created = LedgerCreated {
            origin: ORIGIN.to_owned(),
            version: 1,
            division: "411700".parse::<DivisionCode>().unwrap(),
            demo: true,
            system: root(&system()),
            roots: vec![root(&custodian()), root(&supervisor())],
        };
        ledger.say(&system(), &Subject::Ledger, created);
        ledger
    }

    /// Entry 0, a clerk enrolled and endorsed (1, 2), and so many persons recorded.
    pub(super) fn with_persons(count: u64) -> Self {
        let mut ledger = Self::created();
        ledger.enrol(&clerk());
        for number in 0..count {
            let (subject, data) = person(number);
            ledger.say(&clerk(), &subject, data);
        }
        ledger
    }

    /// Enrols an actor: two entries.
    pub(super) fn enrol(&mut self, actor: &Actor) {
        let subject = Subject::Actor(actor.id.clone());
        let proposal = self.say(&custodian(), &subject, actor.enrolment());
        self.endorse(&supervisor(), &subject, proposal);
    }

    pub(super) fn endorse(&mut self, by: &Actor, subject: &Subject, proposal: Hash) -> Hash {
        let mut payload = self.payload(subject, Endorsed {});
        payload.refs = vec![proposal];
        self.sign(by, subject, &payload, Twist::default())
    }

    pub(super) fn say(&mut self, by: &Actor, subject: &Subject, body: impl Into<Body>) -> Hash {
        self.say_twisted(by, subject, body, Twist::default())
    }

    pub(super) fn say_twisted(
        &mut self,
        by: &Actor,
        subject: &Subject,
        body: impl Into<Body>,
        twist: Twist,
    ) -> Hash {
        let mut payload = self.payload(subject, body);
        if let Some(expect) = twist.expect {
            payload.expect = expect;
        }
        self.sign(by, subject, &payload, twist)
    }

    /// The payload that an honest client builds now.
    pub(super) fn payload(&self, subject: &Subject, body: impl Into<Body>) -> Payload {
        let mut payload = Payload::new(Day::of_millis(self.now_ms), body);
        if payload.body.rule().standing == Standing::Decision {
            let head = self.heads.get(subject).map(|(_, id)| *id);
            payload.expect = Some(Expect { head });
        }
        payload
    }

    /// Signs a payload and appends it.
    pub(super) fn sign(
        &mut self,
        by: &Actor,
        subject: &Subject,
        payload: &Payload,
        twist: Twist,
    ) -> Hash {
        self.sign_json(by, subject, &payload.to_json(), twist)
    }

    /// Signs any bytes as a payload and appends the statement.
    pub(super) fn sign_json(
        &mut self,
        by: &Actor,
        subject: &Subject,
        json: &[u8],
        twist: Twist,
    ) -> Hash {
        self.serial += 1;
        let claims = Claims {
            iss: twist.iss.unwrap_or(by.organisation),
            sub: subject.clone(),
            aud: twist.aud.unwrap_or(ORIGIN),
            iat: twist.iat.unwrap_or(self.now_ms / 1000),
            cti: twist.cti.unwrap_or(Cti(self.serial.to_be_bytes())),
        };
        let mut statement = sign(&by.key, &claims, json).unwrap();
        let parsed = Statement::parse(&statement).unwrap();
        let (id, message) = (parsed.id(), parsed.to_be_signed());
        let at = statement.len() - 64;
        if let Some(other) = twist.forged_by {
            statement[at..].copy_from_slice(&other.sign(&message));
        }
        if twist.torsion {
            statement[at..].copy_from_slice(&super::forge::torsioned(&by.seed, &message));
        }
        self.append(subject, id, &statement);
        id
    }

    /// Seals a statement as the next entry.
    pub(super) fn append(&mut self, subject: &Subject, id: Hash, statement: &[u8]) {
        let index = self.entries.len() as u64;
        let subject_prev = self.heads.insert(subject.clone(), (index, id)).map(|(index, _)| index);
        let recorded_at_ms = self.now_ms;
        let prev = self.prev;
        let entry = Entry { index, recorded_at_ms, prev, subject_prev, statement };
        self.push(entry.encode().unwrap());
        self.now_ms += 60_000;
    }

    /// Takes the bytes of an entry as they are.
    pub(super) fn push(&mut self, entry: Vec<u8>) {
        self.prev = entry_hash(&entry);
        self.tree.push(leaf_hash(&entry));
        self.entries.push(entry);
    }

    /// The same ledger of other entries: chain and tree are made anew, nothing else.
    pub(super) fn of_entries(entries: Vec<Vec<u8>>) -> Self {
        let mut ledger = Self::empty();
        entries.into_iter().for_each(|entry| ledger.push(entry));
        ledger
    }

    pub(super) fn genesis(&self) -> TreeHash {
        self.tree.leaf(0).unwrap()
    }

    /// The signed checkpoint of the first `size` entries.
    pub(super) fn note(&self, size: u64) -> String {
        let origin: Origin = ORIGIN.parse().unwrap();
        let checkpoint = Checkpoint::new(origin, size, self.tree.root_at(size).unwrap());
        checkpoint.sign(&note_key()).unwrap().note().to_string()
    }

    pub(super) fn head(&self, size: u64) -> HeadRecord {
        let root = Hash(self.tree.root_at(size).unwrap().0);
        HeadRecord { size, root, note: self.note(size) }
    }

    /// One segment with frames of `per_frame` entries, and zeros behind them.
    pub(super) fn segment(&self, per_frame: usize) -> Vec<u8> {
        let header = SegmentHeader { origin: genesis_prev(ORIGIN), first_index: 0 };
        let mut segment = header.encode().to_vec();
        let mut prev = genesis_prev(ORIGIN);
        for (number, group) in self.entries.chunks(per_frame).enumerate() {
            segment.resize(next_frame(segment.len()), 0);
            let group: Vec<&[u8]> = group.iter().map(Vec::as_slice).collect();
            encode_frame(&mut segment, (number * per_frame) as u64, &prev, &group);
            prev = entry_hash(group.last().unwrap());
        }
        segment
    }

    /// Writes a ledger's folder, published up to `size`.
    pub(super) fn write(&self, folder: &Path, per_frame: usize, size: u64) {
        fs::create_dir_all(folder.join("log")).unwrap();
        fs::create_dir_all(folder.join("keys")).unwrap();
        let mut segment = self.segment(per_frame);
        segment.resize(segment.len() + 5000, 0);
        fs::write(folder.join("log/00000000000000000000.seg"), segment).unwrap();
        let older = self.head(size / 2).encode(6).unwrap();
        let newest = self.head(size).encode(7).unwrap();
        fs::write(folder.join("head"), [older, newest].concat()).unwrap();
        fs::write(folder.join("log/checkpoint"), self.note(size)).unwrap();
        fs::write(folder.join("keys/ledger.vkey"), format!("{}\n", vkey())).unwrap();
    }

    /// Writes an export of all entries.
    pub(super) fn export(&self, folder: &Path) {
        let put = |path: &str, bytes: &[u8]| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        let size = self.tree.len();
        put("checkpoint", self.note(size).as_bytes());
        put("keys/ledger.vkey", format!("{}\n", vkey()).as_bytes());
        for path in tiles_between(0, size) {
            let bytes = match path.kind() {
                TileKind::Entries => {
                    let first = usize::try_from(path.index()).unwrap() * 256;
                    bundle_encode(&self.entries[first..first + usize::from(path.width())]).unwrap()
                }
                TileKind::Hashes { .. } => tile_bytes(&self.tree, &path).unwrap(),
            };
            put(&TilePath::to_string(&path), &bytes);
        }
    }
}

/// Where the next frame begins in a segment of this length.
pub(super) fn next_frame(len: usize) -> usize {
    usize::try_from(frame_start(len as u64)).unwrap()
}
