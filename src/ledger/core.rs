//! The ledger in memory: decision state, index of statements, tree. One step of it is the same
//! in live writing and in recovery.

use super::{door::Checked, index::Index};
use crate::crypto::{Statement, StatementError, VerifyingKey};
use crate::domain::{self, Rejection, State, authority::Actors, refusals};
use crate::event::{Body, Payload, PayloadError, Recorded, Role, Signer, Standing};
use crate::frame::{Entry, EntryError, entry_hash, genesis_prev};
use crate::value::{Cti, Day, Hash};

refusals! {
    /// Why the writer refuses a statement before its use case is asked.
    pub(super) enum Refused {
        /// The same token id with other content.
        TokenReused { index: u64 } = "I02", "cti_reused",
            "this token id was used for another statement, entry {index}",
            "draw a new token id (cti) and sign again",
            "该令牌编号已用于另一条记录（条目 {index}）",
            "请另取令牌编号（cti）后重新签署";
        /// The issuer is not the signer's organisation.
        WrongIssuer = "I02", "wrong_issuer", "iss is not the organisation the signer is enrolled for",
            "draft it again: iss is filled in from the enrolment",
            "签发机构（iss）不是签署人登记的机构",
            "请重新起草：iss 按登记填写";
        /// Signed in the future.
        SignedInFuture { seconds: u64 } = "I02", "signed_in_future",
            "the signer's clock is {seconds} s ahead", "set the signer's clock and sign again",
            "签署人的时钟快了 {seconds} 秒",
            "请校准时钟后重新签署";
        /// Signed too long ago.
        SignedTooLongAgo { days: u64 } = "I02", "signed_too_long_ago",
            "a decision signed {days} days ago is too old", "review it again and sign again",
            "{days} 天前签署的决定已过久",
            "请重新审看后签署";
        /// A reference to nothing.
        UnknownRef { id: Hash } = "I01", "unknown_ref", "no entry has the statement {id}",
            "submit that statement first, or correct refs",
            "没有条目是 {id} 这条记录",
            "请先提交该记录，或更正依据（refs）";
        /// A reference to something refused in this very batch.
        RestsOnRejected { id: Hash } = "I01", "depends_on_refused",
            "it rests on {id}, which was refused in the same batch",
            "mend that one first, then send this one again",
            "它依据的 {id} 在同一批中被拒绝",
            "请先改正那一条，再提交这一条";
        /// A decision that does not say what it saw.
        ExpectMissing = "I01", "expect_missing", "a decision names the latest statement it saw",
            "set expect.head to the subject's latest statement, or null for a new subject",
            "决定须写明签署人所见的最新记录",
            "请把 expect.head 设为该对象的最新记录；新对象为 null";
        /// Something happened since.
        StaleExpect = "I01", "stale_expect",
            "the subject has a newer statement than the one the signer saw",
            "look at the case again and sign what is there now",
            "该对象已有比签署人所见更新的记录",
            "请重新查看案件，按现在的内容签署";
        /// The signature does not hold.
        Signature = "I02", "bad_signature", "the signature does not hold for this key",
            "sign the same draft again with the enrolled key",
            "签名与该密钥不符",
            "请用登记的密钥重新签署同一草稿";
        /// The ledger holds all it can number.
        Full = "I01", "ledger_full", "the ledger holds all the entries it can number",
            "begin a new ledger that succeeds this one",
            "账本的条目编号已用完",
            "请另建承接它的账本";
        /// An entry over its limit.
        TooLarge = "I01", "entry_too_large", "the entry would be longer than 65,535 bytes",
            "leave attachments outside and refer to them by their salted hash",
            "条目将超过 65,535 字节",
            "附件请留在账本外，用加盐哈希引用";
    }
}

/// At most this much ahead of the recorded time, seconds.
const AHEAD_S_MAX: u64 = 300;
/// A decision is at most this old, seconds.
const DECISION_AGE_S_MAX: u64 = 7 * 24 * 3600;

/// Why a stored entry cannot be replayed: it was accepted once, so this is damage or a ledger of
/// a later program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The entry's form.
    #[error("entry {index}: {why}")]
    Entry {
        /// Where.
        index: u64,
        /// What.
        why: EntryError,
    },
    /// The statement's form.
    #[error("entry {index}: {why}")]
    Statement {
        /// Where.
        index: u64,
        /// What.
        why: StatementError,
    },
    /// The payload's form.
    #[error("entry {index}: {why}")]
    Payload {
        /// Where.
        index: u64,
        /// What.
        why: PayloadError,
    },
    /// The signer.
    #[error("entry {index}: the signer had no authority then")]
    Signer {
        /// Where.
        index: u64,
    },
}

/// State, index and the place of the next entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Core {
    pub(super) state: State,
    pub(super) index: Index,
    pub(super) prev: Hash,
    pub(super) len: u64,
    pub(super) last_ms: u64,
}

impl Core {
    /// An empty ledger.
    pub(super) fn new(origin: &str) -> Self {
        Self { prev: genesis_prev(origin), ..Self::default() }
    }

    /// Decides a statement at a recorded time, as the next entry.
    pub(super) fn decide(
        &self,
        checked: &Checked,
        now_ms: u64,
        refused_here: &dyn Fn(&Hash) -> bool,
    ) -> Result<Recorded, Rejection> {
        if self.len > super::index::ENTRIES_MAX - 1 {
            return Err(Refused::Full.into());
        }
        let signer = self.signer(&checked.kid, &checked.payload, now_ms)?;
        if !checked.signature_holds {
            self.check_signature(checked)?;
        }
        if checked.iss != signer.organisation.as_str() {
            return Err(Refused::WrongIssuer.into());
        }
        let rule = checked.payload.body.rule();
        let decision = rule.standing == Standing::Decision;
        check_signing_time(checked.iat, now_ms, decision)?;
        for id in &checked.payload.refs {
            if refused_here(id) {
                return Err(Refused::RestsOnRejected { id: *id }.into());
            }
            if self.index.of_statement(id).is_none() {
                return Err(Refused::UnknownRef { id: *id }.into());
            }
        }
        self.check_expect(checked, decision, refused_here)?;
        let event = Recorded {
            index: self.len,
            recorded_at_ms: now_ms,
            id: checked.id,
            signed_at: checked.iat,
            subject: checked.subject.clone(),
            signer,
            payload: checked.payload.clone(),
        };
        domain::decide(&self.state, &event)?;
        Ok(event)
    }

    fn check_signature(&self, checked: &Checked) -> Result<(), Refused> {
        let key = match &checked.payload.body {
            Body::LedgerCreated(data) if self.len == 0 => Some(data.system.public_key),
            _ => self.state.actors.public_key(&checked.kid),
        };
        let key: VerifyingKey = key.ok_or(Refused::Signature)?.verifying_key();
        let statement = Statement::parse(&checked.bytes).map_err(|_| Refused::Signature)?;
        statement.verify(&key).map_err(|_| Refused::Signature)
    }

    fn signer(&self, kid: &Hash, payload: &Payload, now_ms: u64) -> Result<Signer, Rejection> {
        match founder(self.len, payload, kid) {
            Some(signer) => Ok(signer),
            None => Ok(self.state.actors.signer(kid, Day::of_millis(now_ms))?),
        }
    }

    fn check_expect(
        &self,
        checked: &Checked,
        mandatory: bool,
        refused_here: &dyn Fn(&Hash) -> bool,
    ) -> Result<(), Refused> {
        let Some(expect) = checked.payload.expect else {
            return if mandatory { Err(Refused::ExpectMissing) } else { Ok(()) };
        };
        let head = self.index.head(&checked.subject);
        match expect.head {
            Some(id) if refused_here(&id) => Err(Refused::RestsOnRejected { id }),
            Some(id) if head.is_some() && self.index.of_statement(&id) == head => Ok(()),
            None if head.is_none() => Ok(()),
            _ => Err(Refused::StaleExpect),
        }
    }

    /// Packs a decided event as the next entry and takes it in. Returns the entry's bytes.
    pub(super) fn seal(
        &mut self,
        checked: &Checked,
        event: &Recorded,
    ) -> Result<Vec<u8>, EntryError> {
        let entry = Entry {
            index: self.len,
            recorded_at_ms: event.recorded_at_ms,
            prev: self.prev,
            subject_prev: self.index.head(&event.subject),
            statement: &checked.bytes,
        };
        let bytes = entry.encode()?;
        self.take_in(&bytes, event, &checked.kid, checked.cti);
        Ok(bytes)
    }

    /// Takes in an entry of the log: recovery's step.
    pub(super) fn replay(&mut self, bytes: &[u8]) -> Result<(), ReplayError> {
        let (event, kid, cti) = read(&self.state.actors, self.len, bytes)?;
        self.take_in(bytes, &event, &kid, cti);
        Ok(())
    }

    fn take_in(&mut self, bytes: &[u8], event: &Recorded, kid: &Hash, cti: Cti) {
        self.prev = entry_hash(bytes);
        self.last_ms = event.recorded_at_ms;
        self.index.add(event.index, event.id, kid, cti, &event.subject);
        domain::evolve(&mut self.state, event);
        self.len += 1;
    }
}

/// Reads an entry's event. The signer is whose key it is: that never changes, and whether it could
/// sign then was decided when the entry was written.
pub(super) fn recorded(actors: &Actors, index: u64, bytes: &[u8]) -> Result<Recorded, ReplayError> {
    read(actors, index, bytes).map(|(event, _, _)| event)
}

fn read(actors: &Actors, index: u64, bytes: &[u8]) -> Result<(Recorded, Hash, Cti), ReplayError> {
    let entry = Entry::decode(bytes).map_err(|why| ReplayError::Entry { index, why })?;
    let statement =
        Statement::parse(entry.statement).map_err(|why| ReplayError::Statement { index, why })?;
    let payload = Payload::from_json(statement.payload())
        .map_err(|why| ReplayError::Payload { index, why })?;
    let kid = *statement.kid();
    let signer = founder(index, &payload, &kid)
        .or_else(|| actors.owner(&kid))
        .ok_or(ReplayError::Signer { index })?;
    let claims = statement.claims();
    let event = Recorded {
        index,
        recorded_at_ms: entry.recorded_at_ms,
        id: statement.id(),
        signed_at: claims.iat,
        subject: claims.sub.clone(),
        signer,
        payload,
    };
    Ok((event, kid, claims.cti))
}

/// Entry 0 brings its own signer; it is trusted by its leaf hash, given from outside.
fn founder(index: u64, payload: &Payload, kid: &Hash) -> Option<Signer> {
    let Body::LedgerCreated(data) = &payload.body else { return None };
    (index == 0 && data.system.public_key.kid() == *kid).then(|| Signer {
        actor: data.system.actor.clone(),
        role: Role::System,
        organisation: data.system.organisation.clone(),
        division: data.division,
        sector: None,
    })
}

fn check_signing_time(iat: u64, now_ms: u64, decision: bool) -> Result<(), Refused> {
    let now = now_ms / 1000;
    if iat > now + AHEAD_S_MAX {
        return Err(Refused::SignedInFuture { seconds: iat - now });
    }
    if decision && iat + DECISION_AGE_S_MAX < now {
        return Err(Refused::SignedTooLongAgo { days: (now - iat) / 86_400 });
    }
    Ok(())
}
