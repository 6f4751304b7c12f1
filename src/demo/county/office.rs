//! The desk at which everybody of the demo signs: one day's statements go to the ledger together.
//!
//! A decision names the subject's latest statement. Within a day that may be one that waits here,
//! so the desk remembers the heads of what it has not sent yet; earlier ones the ledger knows.

use std::collections::HashMap;

use crate::crypto::{EvidenceSalt, TagKind, evidence_hash, random_bytes};
use crate::demo::{DemoError, DemoHouse};
use crate::domain::certificate::MaskedView;
use crate::domain::{State, benefit::propose, certificate::draw};
use crate::event::{
    Body, Endorsed, Evidence, Expect, Payload, PayrollItem, PolicyPublished, WrittenNotice,
};
use crate::ledger::{self, OpenError, Personal, PersonalError, PersonalStore, SetClock, Signed};
use crate::policy::{self, Policy, ProgrammePolicy};
use crate::value::{
    CaseId, Day, DivisionCode, Hash, Label, Malformed, Month, Programme, Subject, Tag,
    WorkingCalendar,
};

/// Statements of one submission: one frame of the log has room for far more.
const STATEMENTS_MAX: usize = 1000;
/// And their bytes, under the 8 MiB of a frame.
const BYTES_MAX: usize = 4 << 20;
/// Work begins at nine in the morning.
const OPENING_MS: u64 = 9 * 3_600_000;
/// Time that passes from one submission to the next of the same day.
const PAUSE_MS: u64 = 60_000;

/// The second signer of what the prefecture and the reviewers propose.
pub(in crate::demo) const SUPERVISOR: &str = "411700-supervisor-1";

/// What somebody signs, in the making.
pub(in crate::demo) struct Draft {
    body: Body,
    policy: Option<Hash>,
    sealed: Option<(Tag, Personal)>,
    refs: Vec<Hash>,
    at: Option<Day>,
}

impl Draft {
    pub(in crate::demo) fn of(body: impl Into<Body>) -> Self {
        Self { body: body.into(), policy: None, sealed: None, refs: Vec::new(), at: None }
    }

    /// Decided under that policy.
    pub(in crate::demo) const fn under(mut self, policy: Hash) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Resting on that statement.
    pub(in crate::demo) fn on(mut self, statement: Hash) -> Self {
        self.refs.push(statement);
        self
    }

    /// Saying that it happened on an earlier day.
    pub(in crate::demo) const fn said(mut self, day: Day) -> Self {
        self.at = Some(day);
        self
    }

    /// With personal data, sealed under the key of the person with that ID tag.
    pub(in crate::demo) fn sealed(mut self, person: Tag, personal: Personal) -> Self {
        self.sealed = Some((person, personal));
        self
    }
}

/// Where the demo's actors sign.
pub(in crate::demo) struct Office<'a> {
    house: &'a DemoHouse,
    clock: &'a SetClock,
    personal: &'a PersonalStore,
    today: Day,
    waiting: Vec<Signed>,
    waiting_bytes: usize,
    heads: HashMap<Subject, Hash>,
}

impl<'a> Office<'a> {
    pub(in crate::demo) fn open(
        house: &'a DemoHouse,
        clock: &'a SetClock,
    ) -> Result<Self, DemoError> {
        let personal = house.ledger.personal().ok_or(personal_error(PersonalError::NoKey))?;
        Ok(Self {
            house,
            clock,
            personal,
            today: house.today(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            heads: HashMap::new(),
        })
    }

    /// Begins a day.
    pub(in crate::demo) fn begin(&mut self, day: Day) {
        self.clock.advance_to(day.start_millis() + OPENING_MS);
        self.today = day;
    }

    pub(in crate::demo) const fn today(&self) -> Day {
        self.today
    }

    pub(in crate::demo) fn tag(&self, kind: TagKind, text: &str) -> Tag {
        self.personal.tag(kind, text)
    }

    /// The hash of what a notice of somebody shows, by the salt of their number.
    pub(in crate::demo) fn notice_hash(
        &self,
        id: Tag,
        view: &MaskedView,
    ) -> Result<Hash, DemoError> {
        let document = view.to_string();
        self.personal.evidence(Some(&id), document.as_bytes()).map_err(personal_error)
    }

    /// Says whether an amount is published.
    pub(in crate::demo) fn has_amount(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Result<bool, DemoError> {
        let rate = |state: &State| state.policies.rate(programme, division, month).is_ok();
        Ok(self.house.ledger.with_state(rate)?)
    }

    /// Who would be paid by a payroll.
    pub(in crate::demo) fn propose(
        &self,
        programme: Programme,
        month: Month,
        division: DivisionCode,
    ) -> Result<Vec<PayrollItem>, DemoError> {
        let propose = |state: &State| propose::propose(state, programme, month, division).items;
        Ok(self.house.ledger.with_state(propose)?)
    }

    /// The policy of a programme for a month.
    pub(in crate::demo) fn policy(
        &self,
        programme: Programme,
        division: DivisionCode,
        month: Month,
    ) -> Result<(Hash, ProgrammePolicy), DemoError> {
        let found = self.house.ledger.with_state(|state| {
            let found = state.policies.programme(programme, division, month);
            found.map(|(published, policy)| (published.hash, policy.clone()))
        })?;
        found.ok_or_else(|| Malformed::new("published policies", "the shipped ones").into())
    }

    /// The hash of the certificate policy of a division.
    pub(in crate::demo) fn certificate_policy(
        &self,
        division: DivisionCode,
    ) -> Result<Hash, DemoError> {
        let today = self.today;
        let found = self.house.ledger.with_state(|state| {
            state.policies.certificate(division, today).map(|(published, _)| published.hash)
        })?;
        found.ok_or_else(|| Malformed::new("published policies", "the shipped ones").into())
    }

    /// The working calendar.
    pub(in crate::demo) fn calendar(&self) -> Result<WorkingCalendar, DemoError> {
        Ok(self.house.ledger.with_state(|state| state.policies.calendar().clone())?)
    }

    /// Draws the assessors of a case; none while nothing has fixed its draw.
    pub(in crate::demo) fn draw(&self, case: &CaseId) -> Result<Option<draw::Draw>, DemoError> {
        let today = self.today;
        Ok(self.house.ledger.with_state(|state| draw::draw(state, case, today))?.ok())
    }

    /// The tag of how a name sounds.
    pub(in crate::demo) fn sound(&self, name: &str) -> Option<Tag> {
        self.personal.tagger().name_sound(name)
    }

    /// The tag of the one home that an address names.
    pub(in crate::demo) fn dwelling(&self, address: &str) -> Option<Tag> {
        self.personal.tagger().dwelling(address)
    }

    /// Makes the data keys of people who are new, in one flush.
    pub(in crate::demo) fn prepare_keys(&self, people: &[Tag]) -> Result<(), DemoError> {
        self.personal.keys_for(people).map(|_| ()).map_err(personal_error)
    }

    /// The actor signs; the statement goes out with the day's others.
    pub(in crate::demo) fn sign(
        &mut self,
        actor: &str,
        subject: &Subject,
        draft: Draft,
    ) -> Result<Hash, DemoError> {
        let Draft { body, policy, sealed, refs, at } = draft;
        let at = at.unwrap_or(self.today);
        let mut payload = Payload { policy, refs, ..Payload::new(at, body) };
        if ledger::is_decision(&payload) {
            payload.expect = Some(self.seen(subject)?);
        }
        if let Some((person, personal)) = sealed {
            let keys = self.personal.keys_for(&[person]).map_err(personal_error)?;
            let key = keys.first().ok_or(personal_error(PersonalError::NoKey))?;
            let name = payload.body.name();
            let sealed = self.personal.seal(key, subject, name, &personal);
            payload.sealed.push(sealed.map_err(personal_error)?);
        }
        self.write(actor, subject, &payload)
    }

    /// A second actor endorses what waits for it.
    pub(in crate::demo) fn endorse(
        &mut self,
        actor: &str,
        subject: &Subject,
        proposal: Hash,
    ) -> Result<(), DemoError> {
        let mut payload = Payload::new(self.today, Endorsed {});
        (payload.refs, payload.expect) = (vec![proposal], Some(self.seen(subject)?));
        self.write(actor, subject, &payload).map(|_| ())
    }

    /// Publishes a policy: the prefecture's approver proposes, the supervisor endorses.
    pub(in crate::demo) fn publish(&mut self, text: &str) -> Result<(), DemoError> {
        let wrong = |_| Malformed::new("sample policy", "a policy's text");
        let name = Policy::parse(text).map_err(wrong)?.name.to_string();
        let subject = Subject::Programme(name);
        let published = PolicyPublished { text: text.to_owned(), hash: policy::hash(text) };
        let id = self.sign("411700-approver-1", &subject, Draft::of(published))?;
        self.endorse(SUPERVISOR, &subject, id)?;
        self.send()
    }

    /// Publishes the devices of a demo with their prices: the shipped policy names none.
    pub(in crate::demo) fn publish_catalogue(&mut self) -> Result<(), DemoError> {
        let shipped = policy::defaults::POLICIES;
        let found = shipped.iter().find(|(name, _)| *name == "assistive_device");
        let (_, text) = found.ok_or(Malformed::new("shipped policies", "with devices"))?;
        let catalogue = "catalogue = [{ item = \"轮椅\", amount_fen = 150000, \
                         cycle_years = 3 }]\nunit = \"person\"";
        let text = text.replacen("unit = \"person\"", catalogue, 1);
        self.publish(&text.replacen("version = 1\n", "version = 2\n", 1))
    }

    /// Sends what waits; the first refusal stops the demo with its rule.
    pub(in crate::demo) fn send(&mut self) -> Result<(), DemoError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.waiting_bytes = 0;
        self.heads.clear();
        self.house.submit(std::mem::take(&mut self.waiting))?;
        self.clock.advance_to(self.house_time() + PAUSE_MS);
        Ok(())
    }

    fn write(
        &mut self,
        actor: &str,
        subject: &Subject,
        payload: &Payload,
    ) -> Result<Hash, DemoError> {
        let signed = self.house.pen(actor)?.write(subject, payload)?;
        let id = signed.id;
        self.heads.insert(subject.clone(), id);
        self.waiting_bytes += signed.bytes.len();
        self.waiting.push(signed);
        if self.waiting.len() >= STATEMENTS_MAX || self.waiting_bytes >= BYTES_MAX {
            self.send()?;
        }
        Ok(id)
    }

    fn seen(&self, subject: &Subject) -> Result<Expect, DemoError> {
        match self.heads.get(subject) {
            Some(head) => Ok(Expect { head: Some(*head) }),
            None => Ok(self.house.ledger.expect(subject)?),
        }
    }

    fn house_time(&self) -> u64 {
        use crate::ledger::Clock as _;
        self.clock.wall_ms()
    }
}

/// A document that exists in this story only: its hash is that of nothing, under a salt that
/// nobody keeps.
pub(in crate::demo) fn evidence(kind: &str) -> Result<Evidence, DemoError> {
    let hash = evidence_hash(&EvidenceSalt::new(random_bytes()?), &random_bytes::<32>()?);
    Ok(Evidence { kind: label(kind)?, hash, custodian: None })
}

/// A written notice with the proof that it was delivered.
pub(in crate::demo) fn told() -> Result<WrittenNotice, DemoError> {
    Ok(WrittenNotice { notice: evidence("书面告知书")?, proof: evidence("送达回证")? })
}

pub(in crate::demo) fn label(text: &str) -> Result<Label, Malformed> {
    text.parse()
}

fn personal_error(error: PersonalError) -> DemoError {
    DemoError::Open(OpenError::Personal(error))
}
