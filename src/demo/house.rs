//! Founding a demo ledger: roots, sample actors, policies, calendar, one institution.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use super::actors::{INSTITUTION, PREFECTURE, SYSTEM, SampleActor, city_actors, sample_actors};
use crate::crypto::{RandomError, SecretKey, TagKey, TagKind, VaultKey};
use crate::domain::Rejection;
use crate::event::{
    ActorEnrolled, Body, CalendarPublished, Endorsed, Expect, InstitutionDesignated, Payload,
    PolicyPublished, Role, Root,
};
use crate::ledger::{
    Answer, Clock, Founding, Ledger, OpenError, Options, Pen, PenError, ReadError, Signed,
    SubmitError,
};
use crate::policy::{self, Policy};
use crate::value::{ActorId, Category, CitizenId, Day, Hash, Label, Malformed, Subject, Tag};

/// Why a demo stops.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The ledger did not begin.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Something was not written.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Something could not be signed.
    #[error(transparent)]
    Pen(#[from] PenError),
    /// Something could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// A constant of the demo is not a value; a test holds that this does not happen.
    #[error(transparent)]
    Value(#[from] Malformed),
    /// A rule said no to the demo.
    #[error("{0}")]
    Refused(Rejection),
    /// A roll of the city did not come in whole.
    #[error("{name}: {why}")]
    Roll {
        /// The roll.
        name: String,
        /// Why.
        why: String,
    },
    /// No such sample actor.
    #[error("the demo has no actor {0}")]
    NoActor(String),
}

/// The person with a key of their own.
const PERSON: &str = "411702-person-1";

/// A founded demo ledger and the keys of everybody in it.
pub struct DemoHouse {
    /// The ledger.
    pub ledger: Ledger,
    /// Public texts of the ledger's own keys; the command line writes them to files.
    pub keys: DemoKeys,
    /// Everybody's pens.
    pub pens: Pens,
}

/// The pens of everybody in a demo ledger.
pub struct Pens {
    by_actor: BTreeMap<ActorId, Pen>,
    clock: Arc<dyn Clock>,
}

/// Every key of a demo ledger.
pub struct DemoKeys {
    /// Signs checkpoints.
    pub note: SecretKey,
    /// The automatic signer's.
    pub system: SecretKey,
    /// The vault's.
    pub vault: VaultKey,
    /// Each actor's.
    pub actors: Vec<(ActorId, SecretKey)>,
}

impl DemoHouse {
    /// Founds a demo ledger in a folder.
    ///
    /// # Errors
    /// The folder holds a ledger, or anything in [`DemoError`].
    pub fn found(folder: &Path, origin: &str, options: Options) -> Result<Self, DemoError> {
        Self::found_with(folder, origin, options, &sample_actors())
    }

    /// Founds the ledger of a synthetic city, which has more actors.
    ///
    /// # Errors
    /// See [`found`](Self::found).
    pub fn found_city(folder: &Path, origin: &str, options: Options) -> Result<Self, DemoError> {
        let actors: Vec<_> = sample_actors().into_iter().chain(city_actors()).collect();
        Self::found_with(folder, origin, options, &actors)
    }

    fn found_with(
        folder: &Path,
        origin: &str,
        options: Options,
        actors: &[SampleActor],
    ) -> Result<Self, DemoError> {
        let clock = Arc::clone(&options.clock);
        let mut keys = DemoKeys {
            note: SecretKey::generate()?,
            system: SecretKey::generate()?,
            vault: VaultKey::generate()?,
            actors: Vec::new(),
        };
        let roots = [
            (format!("{PREFECTURE}-keys-1"), Role::KeyCustodian, "市残联信息中心"),
            (format!("{PREFECTURE}-supervisor-1"), Role::Supervisor, "市纪委监委"),
        ];
        let mut pens = BTreeMap::new();
        let mut root_data = Vec::new();
        for (id, role, organisation) in roots {
            let (id, key): (ActorId, _) = (id.parse()?, SecretKey::generate()?);
            let organisation: Label = organisation.parse()?;
            root_data.push(Root {
                actor: id.clone(),
                role,
                organisation: organisation.clone(),
                public_key: key.public(),
            });
            let pen = Pen::new(key.clone(), organisation.as_str(), origin, Arc::clone(&clock));
            pens.insert(id.clone(), pen);
            keys.actors.push((id, key));
        }
        for actor in actors {
            let key = SecretKey::generate()?;
            let pen =
                Pen::new(key.clone(), actor.organisation.as_str(), origin, Arc::clone(&clock));
            pens.insert(actor.id.clone(), pen);
            keys.actors.push((actor.id.clone(), key));
        }
        let system: ActorId = SYSTEM.parse()?;
        let pen = Pen::new(keys.system.clone(), "ledger", origin, Arc::clone(&clock));
        pens.insert(system.clone(), pen);
        let founding = Founding {
            origin: origin.parse()?,
            division: PREFECTURE.parse()?,
            demo: true,
            system: Root {
                actor: system,
                role: Role::System,
                organisation: "ledger".parse()?,
                public_key: keys.system.public(),
            },
            roots: root_data,
            system_key: keys.system.clone(),
            note_key: keys.note.clone(),
            vault_key: keys.vault.clone(),
            tag_key: TagKey::generate()?,
        };
        let ledger = Ledger::create(folder, founding, options)?;
        let house = Self { ledger, keys, pens: Pens { by_actor: pens, clock } };
        house.enrol(actors)?;
        house.publish()?;
        house.designate()?;
        Ok(house)
    }

    /// The pen of an actor.
    ///
    /// # Errors
    /// [`DemoError::NoActor`].
    pub fn pen(&self, id: &str) -> Result<&Pen, DemoError> {
        self.pens.pen(id)
    }

    /// Gives a key of their own to somebody who was issued a certificate on this ledger and is
    /// paid, so that a visitor can see what a person sees; nobody when there is no such person.
    ///
    /// # Errors
    /// See [`submit`](Self::submit).
    pub fn give_key(&self) -> Result<Option<(ActorId, SecretKey)>, DemoError> {
        let Some(tag) = self.holder()? else { return Ok(None) };
        let (id, key): (ActorId, _) = (PERSON.parse()?, SecretKey::generate()?);
        let enrolled = ActorEnrolled {
            role: Role::Applicant,
            organisation: "本人".parse()?,
            division: super::actors::COUNTY.parse()?,
            public_key: key.public(),
            valid_from: self.today(),
            valid_to: None,
            sector: None,
            institution: None,
            attending: false,
            person: Some(tag),
            relations: Vec::new(),
            employment: None,
            certificate_serial: None,
        };
        let custodian = format!("{PREFECTURE}-keys-1");
        let proposal = self.proposal(&custodian, &Subject::Actor(id.clone()), enrolled)?;
        let proposed = proposal.id;
        self.submit(vec![proposal])?;
        self.endorse(&format!("{PREFECTURE}-supervisor-1"), &[proposed])?;
        Ok(Some((id, key)))
    }

    /// The tag of somebody who was issued a certificate here and was paid after it.
    fn holder(&self) -> Result<Option<Tag>, DemoError> {
        let mut issued = BTreeSet::new();
        let mut paid = None;
        for index in 0..self.ledger.len() {
            let body = self.ledger.event(index)?.payload.body;
            let Some(person) = body.person() else { continue };
            match body {
                Body::CertificateIssued(_) => _ = issued.insert(person),
                Body::PaymentExecuted(_) if issued.contains(&person) => paid = Some(person),
                _ => {}
            }
        }
        let Some(person) = paid else { return Ok(None) };
        Ok(self.ledger.with_state(|state| state.people.find(&person)?.ids.last().copied())?)
    }

    /// Today by the demo's clock.
    #[must_use]
    pub fn today(&self) -> Day {
        self.pens.today()
    }

    /// Submits statements and insists that each is accepted.
    ///
    /// # Errors
    /// The first refusal, or the ledger's.
    pub fn submit(&self, statements: Vec<Signed>) -> Result<Answer, DemoError> {
        submit(&self.ledger, statements)
    }

    /// Has an actor endorse proposals, each subject's by themselves.
    ///
    /// # Errors
    /// See [`submit`](Self::submit).
    pub fn endorse(&self, actor: &str, ids: &[Hash]) -> Result<(), DemoError> {
        self.pens.endorse(&self.ledger, actor, ids)
    }

    fn enrol(&self, actors: &[SampleActor]) -> Result<(), DemoError> {
        let custodian = format!("{PREFECTURE}-keys-1");
        let mut proposals = Vec::with_capacity(actors.len());
        for (number, actor) in actors.iter().enumerate() {
            let enrolled = ActorEnrolled {
                role: actor.role,
                organisation: actor.organisation.clone(),
                division: actor.division,
                public_key: self.public_key(&actor.id)?,
                valid_from: "2016-01-01".parse()?,
                valid_to: None,
                sector: actor.sector,
                institution: actor.institution.clone(),
                attending: actor.role == Role::Assessor,
                person: self.officer_tag(number),
                relations: Vec::new(),
                employment: None,
                certificate_serial: None,
            };
            let subject = Subject::Actor(actor.id.clone());
            proposals.push(self.proposal(&custodian, &subject, enrolled)?);
        }
        let ids: Vec<Hash> = proposals.iter().map(|signed| signed.id).collect();
        self.submit(proposals)?;
        self.endorse(&format!("{PREFECTURE}-supervisor-1"), &ids)
    }

    /// Every officer is a person of their own, with an ID number of the demo prefix that nobody
    /// in a roll or county has, but for the stories of officers who hold a card: so that nobody can be two officers of one case unseen.
    fn officer_tag(&self, number: usize) -> Option<Tag> {
        let store = self.ledger.personal()?;
        Some(store.tag(TagKind::Id, &number_of_officer(number)?))
    }

    fn publish(&self) -> Result<(), DemoError> {
        let approver = format!("{PREFECTURE}-approver-1");
        let mut proposals = Vec::new();
        for (_, text) in policy::defaults::POLICIES {
            let name = Policy::parse(text).map(|policy| policy.name.to_string());
            let name = name.map_err(|error| DemoError::NoActor(error.to_string()))?;
            let published = PolicyPublished { text: (*text).to_owned(), hash: policy::hash(text) };
            proposals.push(self.proposal(&approver, &Subject::Programme(name), published)?);
        }
        let text = policy::defaults::CALENDAR;
        let calendar = CalendarPublished { text: text.to_owned(), hash: policy::hash(text) };
        proposals.push(self.proposal(&approver, &Subject::Ledger, calendar)?);
        let ids: Vec<Hash> = proposals.iter().map(|signed| signed.id).collect();
        self.submit(proposals)?;
        self.endorse(&format!("{PREFECTURE}-supervisor-1"), &ids)
    }

    fn designate(&self) -> Result<(), DemoError> {
        let subject = Subject::Institution(INSTITUTION.parse()?);
        let designated = InstitutionDesignated {
            capacity: None,
            name: "示例区残疾评定定点医院".parse()?,
            division: super::actors::COUNTY.parse()?,
            categories: Category::ALL[..6].to_vec(),
            valid_from: "2016-01-01".parse()?,
            valid_to: None,
            document: "示例".parse()?,
        };
        let signed = self.proposal(&format!("{PREFECTURE}-dpf-1"), &subject, designated)?;
        self.submit(vec![signed])?;
        Ok(())
    }

    /// Signs an event that names the subject's head as it is now.
    fn proposal(
        &self,
        actor: &str,
        subject: &Subject,
        body: impl Into<Body>,
    ) -> Result<Signed, DemoError> {
        let mut payload = Payload::new(self.today(), body);
        let expect: Expect = self.ledger.expect(subject)?;
        payload.expect = Some(expect);
        Ok(self.pen(actor)?.write(subject, &payload)?)
    }

    fn public_key(&self, id: &ActorId) -> Result<crate::crypto::PublicKey, DemoError> {
        let found = self.keys.actors.iter().find(|(actor, _)| actor == id);
        found.map(|(_, key)| key.public()).ok_or_else(|| DemoError::NoActor(id.to_string()))
    }
}

fn number_of_officer(number: usize) -> Option<String> {
    let body = format!("99999919800101{:03}", number % 1000);
    let check = CitizenId::check_for(body.as_bytes().try_into().ok()?)?;
    Some(format!("{body}{check}"))
}

/// The ID number of the officer of that number; none when there are fewer.
pub(super) fn officer_id(number: u32) -> Option<String> {
    let number = number as usize;
    let known = number < sample_actors().len();
    known.then(|| number_of_officer(number)).flatten()
}

/// The ID number of an actor that only a city has.
pub(super) fn city_officer_id(actor: &str) -> Option<String> {
    let known = city_actors().iter().position(|known| known.id.as_str() == actor)?;
    number_of_officer(sample_actors().len() + known)
}

impl Pens {
    /// No pens, by a clock: for tests of ledgers that are no demo.
    #[cfg(test)]
    pub(crate) fn none(clock: Arc<dyn Clock>) -> Self {
        Self { by_actor: BTreeMap::new(), clock }
    }

    /// The pen of an actor.
    ///
    /// # Errors
    /// [`DemoError::NoActor`].
    pub fn pen(&self, id: &str) -> Result<&Pen, DemoError> {
        let found = id.parse::<ActorId>().ok().and_then(|id| self.by_actor.get(&id));
        found.ok_or_else(|| DemoError::NoActor(id.to_owned()))
    }

    /// Today by the demo's clock.
    #[must_use]
    pub fn today(&self) -> Day {
        Day::of_millis(self.clock.wall_ms())
    }

    /// Has an actor endorse proposals, each subject's by themselves.
    ///
    /// # Errors
    /// The first refusal, or the ledger's.
    pub fn endorse(&self, ledger: &Ledger, actor: &str, ids: &[Hash]) -> Result<(), DemoError> {
        let mut of_subject: BTreeMap<Subject, Vec<Hash>> = BTreeMap::new();
        for id in ids {
            let found = ledger.with_state(|state| {
                state.proposals.find(id).map(|proposal| proposal.subject.clone())
            })?;
            of_subject.entry(found.unwrap_or(Subject::Ledger)).or_default().push(*id);
        }
        let mut endorsements = Vec::with_capacity(of_subject.len());
        for (subject, ids) in of_subject {
            let mut payload = Payload::new(self.today(), Endorsed {});
            payload.expect = Some(ledger.expect(&subject)?);
            payload.refs = ids;
            endorsements.push(self.pen(actor)?.write(&subject, &payload)?);
        }
        submit(ledger, endorsements)?;
        Ok(())
    }
}

fn submit(ledger: &Ledger, statements: Vec<Signed>) -> Result<Answer, DemoError> {
    let bytes = statements.into_iter().map(|signed| signed.bytes).collect();
    let answer = ledger.submit_wait(bytes)?.wait()?;
    match answer.results.iter().find_map(|result| result.as_ref().err()) {
        Some(rejection) => Err(DemoError::Refused(rejection.clone())),
        None => Ok(answer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::SetClock;

    #[test]
    fn a_demo_ledger_is_founded_with_everybody_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            clock: Arc::new(SetClock::at(1_790_000_000_000)),
            log: crate::log::Options::small(),
            ..Options::default()
        };
        let path = folder.path().join("ledger");
        let house = DemoHouse::found(&path, "demo.example/zhumadian", options).unwrap();
        let (actors, policies) = house
            .ledger
            .with_state(|state| (state.actors.iter().count(), state.policies.policies().count()))
            .unwrap();
        assert_eq!(actors, sample_actors().len() + 3);
        assert_eq!(policies, policy::defaults::POLICIES.len());
    }
}
