//! The pass that takes entries one after the other: chain, links, authority and rules.
//!
//! It evolves the same pure state as the ledger does, from the entries alone. After a violation
//! it goes on as if the entry had been lawful, so that what follows is judged by what the ledger
//! did and one fault is not reported many times.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::{
    Breach,
    anchor::AnchoredTree,
    findings::Findings,
    parse::{Line, Parsed, Said},
    report::{Tally, Violation},
    signatures::{BATCH_LEN, Signed, SignedBatch},
    tiles::Tiles,
};
use crate::{
    crypto::VerifyingKey,
    domain::{self, State, authority::Refused},
    event::{Body, LedgerCreated, Payload, PayloadError, Recorded, Signer, Standing},
    tlog::TreeHash,
    value::{ActorId, Cti, Day, Hash, Subject},
};

/// How far ahead of the recorded time a signer's clock may be, in milliseconds.
const AHEAD_MS_MAX: u64 = 5 * 60 * 1000;
/// How old a decision's signature may be, in milliseconds.
const DECISION_AGE_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1000;

/// Everything that is known of the entries before the next one.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) tally: Tally,
    pub(super) tree: AnchoredTree,
    pub(super) findings: Findings,
    origin: String,
    /// Below this index signatures and rules are not asked again.
    trusted_size: u64,
    genesis: Option<TreeHash>,
    tiles: Option<Tiles>,
    state: State,
    /// `prev` of the next entry.
    prev: Hash,
    next_index: u64,
    /// Signatures that are no full batch yet.
    batch: SignedBatch,
    recorded_at_ms: u64,
    /// The latest entry of each subject, and its statement.
    heads: HashMap<Subject, (u64, Hash)>,
    /// Every statement so far.
    ids: HashSet<Hash>,
    /// Statement numbers used, by the number of their key.
    used: HashSet<(u32, Cti)>,
    keys: HashMap<Hash, Key>,
    /// Entries whose statement could not be read: their subject is unknown.
    unreadable: HashSet<u64>,
}

/// A key that some entry named.
#[derive(Debug)]
struct Key {
    number: u32,
    /// Once it belongs to an actor.
    verifying: Option<Arc<VerifyingKey>>,
}

/// What the replay is told before it begins.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) origin: String,
    pub(super) trusted_size: u64,
    pub(super) genesis: Option<TreeHash>,
    pub(super) tiles: Option<Tiles>,
    /// About how many entries will come: room for them is made at once.
    pub(super) entries: usize,
}

impl Replay {
    pub(super) fn new(given: Given, tree: AnchoredTree, tally: Tally) -> Self {
        let Given { origin, trusted_size, genesis, tiles, entries } = given;
        let prev = crate::frame::genesis_prev(&origin);
        Self {
            tally,
            tree,
            findings: Findings::default(),
            origin,
            trusted_size,
            genesis,
            tiles,
            state: State::default(),
            prev,
            next_index: 0,
            batch: SignedBatch::default(),
            recorded_at_ms: 0,
            heads: HashMap::new(),
            ids: HashSet::with_capacity(entries),
            used: HashSet::with_capacity(entries),
            keys: HashMap::new(),
            unreadable: HashSet::new(),
        }
    }

    /// The ledger's name.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Index of the entry that comes next.
    pub(super) const fn next_index(&self) -> u64 {
        self.next_index
    }

    /// Hash of the last entry.
    pub(super) const fn chain(&self) -> Hash {
        self.prev
    }

    /// Takes a piece of the log; hands over the signatures that are still to be checked, once they
    /// are enough for a batch.
    pub(super) fn piece(&mut self, piece: Parsed, hand_over: impl Fn(SignedBatch)) {
        self.tally.extend(piece.violations);
        let mut signed = Vec::with_capacity(piece.lines.len());
        for line in piece.lines {
            self.line(line, &mut signed);
            if self.batch.len() + signed.len() == BATCH_LEN {
                let rest = Vec::with_capacity(signed.capacity() - signed.len());
                self.batch.push(piece.bytes.clone(), std::mem::replace(&mut signed, rest));
                hand_over(self.last_batch());
            }
        }
        self.batch.push(piece.bytes, signed);
    }

    /// What is left when the log is read.
    pub(super) fn last_batch(&mut self) -> SignedBatch {
        std::mem::take(&mut self.batch)
    }

    /// Judges what can be judged only at the end.
    pub(super) fn finish(&mut self) {
        self.tree.finish(&mut self.tally);
        if let Some(tiles) = &self.tiles {
            tiles.finish(&mut self.tally);
        }
        if self.next_index > 0 {
            self.findings.finish(&self.state, Day::of_millis(self.recorded_at_ms));
        }
    }

    fn line(&mut self, line: Line, signed: &mut Vec<Signed>) {
        let Line { index, hash, leaf, frame_prev, entry } = line;
        // Behind a gap the chain cannot be compared; the gap itself is the violation.
        let follows = index == self.next_index;
        if index > self.next_index {
            let (from, to) = (self.next_index, index - 1);
            self.tally.breach(from, &Breach::Missing { from, to });
        }
        self.tree.push(leaf, &mut self.tally);
        if let Some(tiles) = &mut self.tiles {
            tiles.push(leaf, &mut self.tally);
        }
        if let Some(stated) = self.genesis.filter(|stated| index == 0 && *stated != leaf) {
            self.tally.breach(index, &Breach::Genesis { stated, found: leaf });
        }
        let prev = std::mem::replace(&mut self.prev, hash);
        self.next_index = index + 1;

        let parts = match entry {
            Ok(parts) => parts,
            Err(why) => {
                self.unreadable.insert(index);
                return self.tally.breach(index, &Breach::Entry { why });
            }
        };
        if parts.index != index {
            self.tally.breach(index, &Breach::Index { found: parts.index });
        }
        if follows && parts.prev != prev {
            self.tally.breach(index, &Breach::Chain);
        }
        if frame_prev.is_some_and(|frame_prev| frame_prev != parts.prev) {
            self.tally.breach(index, &Breach::FramePrev);
        }
        if parts.recorded_at_ms < self.recorded_at_ms {
            self.tally.breach(index, &Breach::Time);
        }
        self.recorded_at_ms = parts.recorded_at_ms;

        match parts.statement {
            Ok((said, payload)) => {
                self.statement(index, parts.subject_prev, said, payload, signed);
            }
            Err(why) => {
                self.unreadable.insert(index);
                self.tally.breach(index, &Breach::Statement { why });
            }
        }
    }

    fn statement(
        &mut self,
        index: u64,
        subject_prev: Option<u64>,
        said: Said,
        payload: Result<Payload, PayloadError>,
        signed: &mut Vec<Signed>,
    ) {
        let head = self.heads.insert(said.subject.clone(), (index, said.id));
        let expected = head.map(|(index, _)| index);
        // The subject of an unreadable entry may be this one.
        let known = subject_prev.is_none_or(|prev| !self.unreadable.contains(&prev));
        if known && subject_prev != expected {
            let breach = Breach::SubjectLink { found: subject_prev, expected };
            self.tally.breach(index, &breach);
        }
        self.claims(index, &said);

        match payload {
            Ok(payload) => {
                let head = head.map(|(_, id)| id);
                self.event(index, said, payload, known.then_some(head), signed);
            }
            Err(why) => {
                self.tally.breach(index, &Breach::Payload { why });
                // Its signature can still be right or wrong.
                if let Err(refused) = self.signer(&said.kid) {
                    self.tally.add(Violation::refused(index, refused.into()));
                }
                self.ids.insert(said.id);
                self.list_signature(index, said, None, signed);
            }
        }
    }

    /// What the claims must say whatever the payload is.
    fn claims(&mut self, index: u64, said: &Said) {
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let key = self.keys.entry(said.kid).or_insert(Key { number, verifying: None });
        if !self.used.insert((key.number, said.cti)) {
            self.tally.breach(index, &Breach::CtiReused);
        }
        if !said.for_this_ledger {
            self.tally.breach(index, &Breach::Audience);
        }
        let ahead = (said.iat * 1000).saturating_sub(self.recorded_at_ms);
        if ahead > AHEAD_MS_MAX {
            self.tally.breach(index, &Breach::SignedAhead { seconds: ahead / 1000 });
        }
    }

    /// `head` is the subject's latest statement, when it is known which that is.
    fn event(
        &mut self,
        index: u64,
        said: Said,
        payload: Payload,
        head: Option<Option<Hash>>,
        signed: &mut Vec<Signed>,
    ) {
        let rule = payload.body.rule();
        if rule.standing == Standing::Decision {
            self.decision(index, said.iat, &payload, head);
        }
        for (number, id) in payload.refs.iter().enumerate() {
            if !self.ids.contains(id) {
                self.tally.breach(index, &Breach::RefUnknown { number });
            }
        }
        self.ids.insert(said.id);

        let created = match &payload.body {
            Body::LedgerCreated(created) if index == 0 => Some(created.clone()),
            _ => None,
        };
        let signer = match &created {
            Some(created) => self.genesis_signer(created, &said.kid),
            None => self.signer(&said.kid).map(Some).unwrap_or_else(|refused| {
                let actor = actor_of(&refused).cloned();
                self.tally.add(Violation::refused(index, refused.into()));
                actor.and_then(|actor| self.signer_regardless(actor))
            }),
        };
        // The state cannot follow an event of nobody.
        let Some(signer) = signer else { return };
        if *said.iss != *signer.organisation.as_str() {
            self.tally.breach(index, &Breach::Issuer);
        }
        let event = Recorded {
            index,
            recorded_at_ms: self.recorded_at_ms,
            id: said.id,
            signed_at: said.iat,
            subject: said.subject.clone(),
            signer,
            payload,
        };
        if index >= self.trusted_size
            && let Err(rejection) = domain::decide(&self.state, &event)
        {
            self.tally.add(Violation::refused(index, rejection));
        }
        self.findings.observe(&self.state, &event);
        domain::evolve(&mut self.state, &event);
        self.list_signature(index, said, created.as_deref(), signed);
    }

    /// What a decision must say beside its rule's gates.
    fn decision(&mut self, index: u64, iat: u64, payload: &Payload, head: Option<Option<Hash>>) {
        let age = self.recorded_at_ms.saturating_sub(iat * 1000);
        if age > DECISION_AGE_MS_MAX {
            self.tally.breach(index, &Breach::SignedLongAgo { seconds: age / 1000 });
        }
        match payload.expect {
            None => self.tally.breach(index, &Breach::ExpectMissing),
            Some(expect) if head.is_some_and(|head| head != expect.head) => {
                self.tally.breach(index, &Breach::ExpectStale);
            }
            Some(_) => {}
        }
    }

    fn signer(&self, kid: &Hash) -> Result<Signer, Refused> {
        self.state.actors.signer(kid, Day::of_millis(self.recorded_at_ms))
    }

    /// The actor of a key that may not sign, as enrolled: what follows is judged by what it did.
    fn signer_regardless(&self, id: ActorId) -> Option<Signer> {
        let actor = self.state.actors.find(&id)?;
        Some(Signer {
            role: actor.role,
            organisation: actor.organisation.clone(),
            division: actor.division,
            sector: actor.sector,
            actor: id,
        })
    }

    /// Entry 0 brings its own signer: the ledger's System key.
    fn genesis_signer(&mut self, created: &LedgerCreated, kid: &Hash) -> Option<Signer> {
        if created.origin != self.origin || created.version != 1 {
            self.tally.breach(0, &Breach::GenesisOrigin);
        }
        let system = &created.system;
        if system.public_key.kid() != *kid {
            self.tally.breach(0, &Breach::GenesisSigner);
        }
        Some(Signer {
            actor: system.actor.clone(),
            role: system.role,
            organisation: system.organisation.clone(),
            division: created.division,
            sector: None,
        })
    }

    /// Puts a signature on the list of those to be checked, unless it is trusted or of no key.
    fn list_signature(
        &mut self,
        index: u64,
        said: Said,
        created: Option<&LedgerCreated>,
        signed: &mut Vec<Signed>,
    ) {
        if index < self.trusted_size {
            return;
        }
        let Some(key) = self.keys.get_mut(&said.kid) else { return };
        if key.verifying.is_none() {
            let system = created.map(|created| created.system.public_key);
            let public = system.filter(|key| key.kid() == said.kid);
            let public = public.or_else(|| self.state.actors.public_key(&said.kid));
            key.verifying = public.map(|public| Arc::new(public.verifying_key()));
        }
        if let Some(key) = &key.verifying {
            let Said { statement, layout, .. } = said;
            signed.push(Signed { index, key: key.clone(), statement, layout });
        }
    }
}

/// The actor of a key that is enrolled and may not sign.
const fn actor_of(refused: &Refused) -> Option<&ActorId> {
    match refused {
        Refused::KeyRetired { actor }
        | Refused::Suspended { actor }
        | Refused::NotYetValid { actor, .. }
        | Refused::Expired { actor, .. } => Some(actor),
        _ => None,
    }
}
