//! Actors and their keys: who could sign what, and when.
//!
//! Actor ids are stable, keys come and go. "The same officer" means the same actor; one key is
//! never two actors (I36). A key signs from the entry that gave it until it is rotated, its actor
//! suspended, or its validity over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::refusals;
use crate::crypto::PublicKey;
use crate::event::{ActorEnrolled, ActorKeyRotated, DeclaredRelation, Role, Root, Sector, Signer};
use crate::value::{ActorId, Day, DivisionCode, Hash, Label, Tag};

refusals! {
    /// Why a signature does not count, or an enrolment is refused.
    pub enum Refused {
        /// The key was never enrolled.
        UnknownKey = "I02", "unknown_key", "the signing key is not enrolled on this ledger",
            "have the key custodian and the supervisor enrol it",
            "签名密钥没有在本账本登记",
            "请密钥保管人和监督员登记该密钥";
        /// The key was replaced by a newer one.
        KeyRetired { actor: ActorId } = "I02", "key_retired",
            "the signing key of {actor} was replaced by a newer one", "sign with the newer key",
            "{actor} 的这把签名密钥已被更换",
            "请用新密钥签署";
        /// The actor is suspended.
        Suspended { actor: ActorId } = "I02", "actor_suspended", "{actor} is suspended",
            "another enrolled actor of the role has to sign",
            "{actor} 已被停用",
            "请由同岗位的其他在册人员签署";
        /// The actor's authority has not begun.
        NotYetValid { actor: ActorId, from: Day } = "I02", "actor_not_yet_valid",
            "the authority of {actor} begins on {from}", "wait, or have another actor sign",
            "{actor} 的权限自 {from} 起生效",
            "请等到该日，或由其他人员签署";
        /// The actor's authority is over.
        Expired { actor: ActorId, to: Day } = "I02", "actor_expired",
            "the authority of {actor} ended on {to}", "have the actor enrolled again",
            "{actor} 的权限已于 {to} 到期",
            "请重新登记该人员";
        /// The id is taken.
        AlreadyEnrolled { actor: ActorId } = "I36", "actor_exists", "{actor} is already enrolled",
            "choose another id, or rotate the key of this one",
            "{actor} 已经登记",
            "请换一个编号，或为该人员更换密钥";
        /// The key belongs to some actor already.
        KeyInUse = "I36", "key_in_use", "the key already belongs to an actor",
            "make a new key: one key is never two actors",
            "该密钥已属于另一名人员",
            "请生成新密钥：一把密钥只属于一个人";
        /// No such actor.
        UnknownActor { actor: ActorId } = "I02", "unknown_actor", "{actor} is not enrolled",
            "check the id, or enrol the actor first",
            "{actor} 没有登记",
            "请核对编号，或先登记该人员";
        /// A custodian without a register.
        SectorMissing = "I02", "sector_missing", "a data custodian needs the register it answers for",
            "set data.sector",
            "数据提供部门必须写明所负责的登记册",
            "请填写登记册（data.sector）";
        /// An assessor or seal without an institution.
        InstitutionMissing = "I05", "institution_missing",
            "an assessor or an institution's seal needs its institution", "set data.institution",
            "评残医师或机构印章必须写明所属机构",
            "请填写机构（data.institution）";
        /// The validity is empty.
        SpanEmpty = "I02", "span_empty", "the last day is before the first day",
            "correct data.valid_from or data.valid_to",
            "截止日早于起始日",
            "请更正起止日期（data.valid_from、data.valid_to）";
    }
}

/// One enrolled actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What it may do.
    pub role: Role,
    /// Whom it signs for.
    pub organisation: Label,
    /// It acts for this division and those below.
    pub division: DivisionCode,
    /// First day of its authority.
    pub valid_from: Day,
    /// Last day of its authority.
    pub valid_to: Option<Day>,
    /// Register of a data custodian.
    pub sector: Option<Sector>,
    /// Institution of an assessor or seal.
    pub institution: Option<ActorId>,
    /// Attending physician or higher.
    pub attending: bool,
    /// Tag of the officer's own ID number.
    pub person: Option<Tag>,
    /// Declared relatives.
    pub relations: Vec<DeclaredRelation>,
    /// The day since which it no longer signs.
    pub suspended_on: Option<Day>,
    /// All keys it ever had, the last one current.
    pub keys: Vec<PublicKey>,
}

impl Actor {
    fn as_signer(&self, id: &ActorId) -> Signer {
        Signer {
            actor: id.clone(),
            role: self.role,
            organisation: self.organisation.clone(),
            division: self.division,
            sector: self.sector,
        }
    }
}

/// The enrolled actors and whose each key is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actors {
    by_id: BTreeMap<ActorId, Actor>,
    by_key: BTreeMap<Hash, ActorId>,
}

impl Actors {
    /// The actor of that id.
    #[must_use]
    pub fn find(&self, id: &ActorId) -> Option<&Actor> {
        self.by_id.get(id)
    }

    /// Every actor with its id.
    pub fn iter(&self) -> impl Iterator<Item = (&ActorId, &Actor)> {
        self.by_id.iter()
    }

    /// The public key of a key id, whether or not it may still sign.
    #[must_use]
    pub fn public_key(&self, kid: &Hash) -> Option<PublicKey> {
        let actor = self.by_id.get(self.by_key.get(kid)?)?;
        actor.keys.iter().copied().find(|key| key.kid() == *kid)
    }

    /// Whose key it is, if it may sign on that day.
    ///
    /// # Errors
    /// The key is unknown or retired, or its actor suspended, not yet or no longer valid.
    pub fn signer(&self, kid: &Hash, today: Day) -> Result<Signer, Refused> {
        let id = self.by_key.get(kid).ok_or(Refused::UnknownKey)?;
        let actor = self.by_id.get(id).ok_or(Refused::UnknownKey)?;
        let named = || id.clone();
        if actor.keys.last().is_none_or(|key| key.kid() != *kid) {
            return Err(Refused::KeyRetired { actor: named() });
        }
        if actor.suspended_on.is_some() {
            return Err(Refused::Suspended { actor: named() });
        }
        if today < actor.valid_from {
            return Err(Refused::NotYetValid { actor: named(), from: actor.valid_from });
        }
        if let Some(to) = actor.valid_to.filter(|to| today > *to) {
            return Err(Refused::Expired { actor: named(), to });
        }
        Ok(actor.as_signer(id))
    }

    /// Whose key it is, whether or not it may sign now. A key is never two actors, so this is
    /// also who signed with it at any earlier time.
    #[must_use]
    pub fn owner(&self, kid: &Hash) -> Option<Signer> {
        let id = self.by_key.get(kid)?;
        Some(self.by_id.get(id)?.as_signer(id))
    }

    /// Says whether the actor is that person or declared a relation to that person (I35).
    #[must_use]
    pub fn is_related(&self, actor: &ActorId, person: &Tag) -> bool {
        self.by_id.get(actor).is_some_and(|actor| {
            actor.person.as_ref() == Some(person)
                || actor.relations.iter().any(|relation| relation.person == *person)
        })
    }

    /// Says whether two actors are one human being: the same actor, or two of one person tag.
    #[must_use]
    pub fn same_person(&self, one: &ActorId, other: &ActorId) -> bool {
        let person = |id| self.by_id.get(id).and_then(|actor: &Actor| actor.person);
        one == other || person(one).is_some_and(|tag| person(other) == Some(tag))
    }

    pub(super) fn decide_enrolled(
        &self,
        id: &ActorId,
        data: &ActorEnrolled,
    ) -> Result<(), Refused> {
        if self.by_id.contains_key(id) {
            return Err(Refused::AlreadyEnrolled { actor: id.clone() });
        }
        if self.by_key.contains_key(&data.public_key.kid()) {
            return Err(Refused::KeyInUse);
        }
        if data.valid_to.is_some_and(|to| to < data.valid_from) {
            return Err(Refused::SpanEmpty);
        }
        if data.role == Role::DataCustodian && data.sector.is_none() {
            return Err(Refused::SectorMissing);
        }
        let needs_institution = matches!(data.role, Role::Assessor | Role::InstitutionSeal);
        if needs_institution && data.institution.is_none() {
            return Err(Refused::InstitutionMissing);
        }
        Ok(())
    }

    pub(super) fn decide_rotated(
        &self,
        id: &ActorId,
        data: &ActorKeyRotated,
    ) -> Result<(), Refused> {
        self.decide_known(id)?;
        if self.by_key.contains_key(&data.public_key.kid()) {
            return Err(Refused::KeyInUse);
        }
        Ok(())
    }

    pub(super) fn decide_known(&self, id: &ActorId) -> Result<(), Refused> {
        if self.by_id.contains_key(id) {
            Ok(())
        } else {
            Err(Refused::UnknownActor { actor: id.clone() })
        }
    }

    pub(super) fn enrol(&mut self, id: &ActorId, data: &ActorEnrolled) {
        self.by_key.insert(data.public_key.kid(), id.clone());
        let actor = Actor {
            role: data.role,
            organisation: data.organisation.clone(),
            division: data.division,
            valid_from: data.valid_from,
            valid_to: data.valid_to,
            sector: data.sector,
            institution: data.institution.clone(),
            attending: data.attending,
            person: data.person,
            relations: data.relations.clone(),
            suspended_on: None,
            keys: vec![data.public_key],
        };
        self.by_id.insert(id.clone(), actor);
    }

    pub(super) fn enrol_root(&mut self, root: &Root, division: DivisionCode, from: Day) {
        self.by_key.insert(root.public_key.kid(), root.actor.clone());
        let actor = Actor {
            role: root.role,
            organisation: root.organisation.clone(),
            division,
            valid_from: from,
            valid_to: None,
            sector: None,
            institution: None,
            attending: false,
            person: None,
            relations: Vec::new(),
            suspended_on: None,
            keys: vec![root.public_key],
        };
        self.by_id.insert(root.actor.clone(), actor);
    }

    pub(super) fn rotate(&mut self, id: &ActorId, data: &ActorKeyRotated) {
        self.by_key.insert(data.public_key.kid(), id.clone());
        if let Some(actor) = self.by_id.get_mut(id) {
            actor.keys.push(data.public_key);
            actor.relations.extend(data.relations.iter().cloned());
        }
    }

    pub(super) fn suspend(&mut self, id: &ActorId, on: Day) {
        if let Some(actor) = self.by_id.get_mut(id) {
            actor.suspended_on.get_or_insert(on);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::crypto::SecretKey;
    use crate::domain::testing::{World, actor, label, tag};
    use crate::event::{ActorKeyRotated, DeclaredRelation, Relation};
    use crate::value::Subject;

    #[test]
    fn a_relative_declared_with_a_new_key_counts_beside_the_earlier_ones() {
        let mut world = World::new();
        let (clerk, subject) = (actor("clerk"), Subject::Actor(actor("clerk")));
        for (seed, relative) in [(71, "first"), (72, "second")] {
            let data = ActorKeyRotated {
                public_key: SecretKey::from_seed([seed; 32]).public(),
                reason: label("yearly"),
                relations: vec![DeclaredRelation {
                    relation: Relation::Spouse,
                    person: tag(relative),
                }],
                certificate_serial: None,
            };
            let proposal = world.sign("custodian", &subject, data).unwrap();
            assert!(!world.state.actors.is_related(&clerk, &tag(relative)), "not before two sign");
            world.endorse("supervisor", proposal).unwrap();
        }
        for relative in ["first", "second"] {
            assert!(world.state.actors.is_related(&clerk, &tag(relative)));
        }
        assert!(!world.state.actors.is_related(&clerk, &tag("stranger")));
    }
}
