//! Flags as decisions need them: where each stands, and what was ordered on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parts::Parts;
use crate::event::{
    AnomalyRaised, Body, FlagKind, Recorded, RecoveryOrdered, Remedy, Severity, Verdict,
};
use crate::value::{
    ActorId, Day, Fen, Hash, Label, Malformed, Month, PersonId, Programme, Subject, Tag,
};

/// The verdict that stands on a flag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its statement.
    pub statement: Hash,
    /// The verdict.
    pub verdict: Verdict,
    /// Who gave it.
    pub by: ActorId,
    /// The day it was recorded.
    pub on: Day,
    /// What the flag had been raised on.
    pub basis: Hash,
}

/// A recovery in effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The flag it follows from.
    pub flag: Hash,
    /// The person.
    pub person: PersonId,
    /// What was ordered back.
    pub ordered: Fen,
    /// The last day for it.
    pub due: Day,
    /// What came.
    pub received: Fen,
    /// What was waived.
    pub waived: Fen,
}

impl Order {
    /// What is still to come; never less than nothing.
    #[must_use]
    pub fn rest(&self) -> Fen {
        Fen((self.ordered.0 - self.received.0 - self.waived.0).max(0))
    }

    /// Says whether something is still to come though its day is over.
    #[must_use]
    pub fn is_overdue(&self, on: Day) -> bool {
        self.rest() > Fen(0) && self.due < on
    }
}

/// Where a flag stands.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has it yet.
    Open,
    /// An inspector has it.
    Assigned,
    /// Somebody has to go and look.
    NeedsField,
    /// Confirmed: what follows is to be done.
    Confirmed,
    /// Dismissed on what it was raised on.
    Dismissed,
    /// Confirmed, and what follows was done.
    Closed,
}

impl Standing {
    /// Every one, in the order of a flag's life.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Assigned,
        Self::NeedsField,
        Self::Confirmed,
        Self::Dismissed,
        Self::Closed,
    ];

    /// Says whether it waits for a verdict.
    #[must_use]
    pub const fn awaits_verdict(self) -> bool {
        matches!(self, Self::Open | Self::Assigned | Self::NeedsField)
    }

    /// The word on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Assigned => "assigned",
            Self::NeedsField => "needs_field",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Closed => "closed",
        }
    }

    /// What offices call it.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Open => "待分派",
            Self::Assigned => "核查中",
            Self::NeedsField => "待实地核查",
            Self::Confirmed => "已属实",
            Self::Dismissed => "已排除",
            Self::Closed => "已办结",
        }
    }
}

impl std::str::FromStr for Standing {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let found = Self::ALL.into_iter().find(|standing| standing.name() == text);
        found.ok_or(Malformed::new(
            "state",
            "open, assigned, needs_field, confirmed, dismissed or closed",
        ))
    }
}

/// One flag that was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// The subject of everything about it.
    pub subject: Subject,
    /// The person, where there is one.
    pub person: Option<PersonId>,
    /// The officer by tag, where it is about one.
    pub officer: Option<Tag>,
    /// The enrolled actor it is about: nobody judges themselves.
    pub actor: Option<ActorId>,
    /// The institution it is about: nobody of it, or who signed about it, judges it.
    pub institution: Option<ActorId>,
    /// The village it is about: nobody who signed about its people judges it.
    pub village: Option<Tag>,
    /// The rule.
    pub rule: Label,
    /// Its version.
    pub version: u16,
    /// Severity.
    pub severity: Severity,
    /// Conclusive or lead.
    pub kind: FlagKind,
    /// What it calls for.
    pub remedy: Remedy,
    /// The programme.
    pub programme: Option<Programme>,
    /// The month.
    pub month: Option<Month>,
    /// The money that may be wrongly paid, or unpaid.
    pub money_at_risk: Fen,
    /// The statement that raised it last.
    pub raised: Hash,
    /// The day it was raised first.
    pub raised_on: Day,
    /// What it was raised on last ([`AnomalyRaised::basis`]).
    pub basis: Hash,
    /// The statements it was raised on last ([`AnomalyRaised::statements`]).
    pub statements: Hash,
    /// What it is about, whichever version of the rule ([`AnomalyRaised::about`]).
    pub about: Hash,
    /// The inspector who has it.
    pub assigned: Option<ActorId>,
    /// The verdict that was given last.
    pub review: Option<Review>,
    /// Recoveries ordered on it.
    pub orders: Vec<Hash>,
    /// Stops that rest on its verdict.
    pub stops: Vec<Hash>,
    /// Help given last.
    pub help: Option<Hash>,
}

impl Flag {
    fn of(event: &Recorded, data: &AnomalyRaised) -> Self {
        Self {
            subject: event.subject.clone(),
            person: data.person,
            officer: data.officer,
            actor: data.actor.clone(),
            institution: data.institution.clone(),
            village: data.village,
            rule: data.rule.clone(),
            version: data.version,
            severity: data.severity,
            kind: data.kind,
            remedy: data.remedy,
            programme: data.programme,
            month: data.month,
            money_at_risk: data.money_at_risk,
            raised: event.id,
            raised_on: Day::of_millis(event.recorded_at_ms),
            basis: data.basis(),
            statements: data.statements(),
            about: data.about(),
            assigned: None,
            review: None,
            orders: Vec::new(),
            stops: Vec::new(),
            help: None,
        }
    }

    /// The verdict that stands: a dismissal only as long as nothing it was given on has changed.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        let review = self.review.as_ref()?;
        let lapsed = review.verdict == Verdict::Dismissed && review.basis != self.basis;
        (!lapsed).then_some(review.verdict)
    }
}

/// Everything raised, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oversight {
    pub(super) parts: Parts,
    flags: BTreeMap<Hash, Flag>,
    /// Flags by each statement that raised them.
    raised: BTreeMap<Hash, Hash>,
    /// Flags by the statement of their standing confirmed verdict.
    confirmed: BTreeMap<Hash, Hash>,
    /// By what they are about, what was dismissed last: on which statements, by which verdict.
    dismissed: BTreeMap<Hash, (Hash, Review)>,
    /// By what they are about, the flags that stand confirmed.
    about_confirmed: BTreeMap<Hash, Hash>,
    /// Ids under which another version of the rule raised a flag that stood confirmed, each with
    /// that flag's own.
    same: BTreeMap<Hash, Hash>,
    orders: BTreeMap<Hash, Order>,
}

impl Oversight {
    /// The flag of that id.
    #[must_use]
    pub fn flag(&self, id: &Hash) -> Option<&Flag> {
        self.flags.get(&self.own_id(id))
    }

    /// The id under which a flag was first raised: what another version of the rule finds about a
    /// thing that stands confirmed is that flag again.
    #[must_use]
    pub fn own_id(&self, id: &Hash) -> Hash {
        self.same.get(id).copied().unwrap_or(*id)
    }

    /// Every id that names a flag, those of other versions too.
    pub fn ids(&self) -> impl Iterator<Item = &Hash> {
        self.flags.keys().chain(self.same.keys())
    }

    /// The flag about the same thing that stands confirmed, whichever version of the rule raised it.
    #[must_use]
    pub fn confirmed_about(&self, about: &Hash) -> Option<&Flag> {
        self.flags.get(self.about_confirmed.get(about)?)
    }

    fn flag_mut(&mut self, id: &Hash) -> Option<&mut Flag> {
        self.flags.get_mut(&self.own_id(id))
    }

    /// Every flag with its id.
    pub fn flags(&self) -> impl Iterator<Item = (&Hash, &Flag)> {
        self.flags.iter()
    }

    /// The recovery of that statement.
    #[must_use]
    pub fn order(&self, id: &Hash) -> Option<&Order> {
        self.orders.get(id)
    }

    /// The recoveries ordered on a flag, oldest first.
    pub fn orders_of<'a>(&'a self, flag: &'a Flag) -> impl Iterator<Item = (&'a Hash, &'a Order)> {
        flag.orders.iter().filter_map(|id| Some((id, self.orders.get(id)?)))
    }

    /// Says whether that statement raised a flag.
    #[must_use]
    pub fn is_flag(&self, statement: &Hash) -> bool {
        self.raised.contains_key(statement)
    }

    /// The flag on which that statement is the standing confirmed verdict.
    #[must_use]
    pub fn confirmed_by(&self, statement: &Hash) -> Option<Hash> {
        self.confirmed.get(statement).copied()
    }

    /// Says whether that statement is a standing confirmed verdict on the person.
    #[must_use]
    pub fn is_confirmed(&self, statement: &Hash, person: PersonId) -> bool {
        let flag = self.confirmed.get(statement).and_then(|flag| self.flags.get(flag));
        flag.is_some_and(|flag| flag.person == Some(person))
    }

    /// Where a flag stands.
    #[must_use]
    pub fn standing(&self, flag: &Flag) -> Standing {
        match flag.verdict() {
            Some(Verdict::Confirmed) if self.is_settled(flag) => Standing::Closed,
            Some(Verdict::Confirmed) => Standing::Confirmed,
            Some(Verdict::Dismissed) => Standing::Dismissed,
            Some(Verdict::NeedsField) => Standing::NeedsField,
            None if flag.assigned.is_some() => Standing::Assigned,
            None => Standing::Open,
        }
    }

    /// Help was given, or recoveries were ordered and nothing of them is still to come.
    fn is_settled(&self, flag: &Flag) -> bool {
        let mut orders = self.orders_of(flag).peekable();
        let ordered = orders.peek().is_some();
        flag.help.is_some() || ordered && orders.all(|(_, order)| order.rest() == Fen(0))
    }

    /// Changes by an event that takes effect.
    pub(in crate::domain) fn take(&mut self, event: &Recorded) {
        match &event.payload.body {
            Body::AnomalyRaised(data) => self.raise(event, data),
            Body::AnomalyAssigned(data) => {
                if let Some(flag) = self.flag_mut(&data.flag) {
                    flag.assigned = Some(data.to.clone());
                }
            }
            Body::AnomalyReviewed(data) => self.review(event, data.flag, data.verdict),
            Body::BenefitStopped(data) => {
                let flag = data.verdict.and_then(|verdict| self.confirmed_by(&verdict));
                if let Some(flag) = flag.and_then(|flag| self.flags.get_mut(&flag)) {
                    flag.stops.push(event.id);
                }
            }
            Body::RecoveryOrdered(data) => self.ordered(event.id, data),
            Body::RecoveryReceived(data) => {
                if let Some(order) = self.order_of(&data.order, data.person) {
                    order.received += data.amount;
                }
            }
            Body::RecoveryWaived(data) => {
                if let Some(order) = self.order_of(&data.order, data.person) {
                    order.waived += data.amount;
                }
            }
            Body::HelpGiven(data) => {
                if let Some(flag) = self.flag_mut(&data.flag) {
                    flag.help = Some(event.id);
                }
            }
            _ => {}
        }
    }

    /// Raised again, a flag keeps its life and takes over what is news. One that nobody judged yet,
    /// as a new version of a rule raises it, takes over the dismissal of an earlier version's flag
    /// about the same thing as long as it rests on the same statements. What stands confirmed is not
    /// judged, recovered or helped twice: another version's flag about it is that flag again.
    fn raise(&mut self, event: &Recorded, data: &AnomalyRaised) {
        let new = Flag::of(event, data);
        let own = self.about_confirmed.get(&new.about).filter(|own| **own != data.flag).copied();
        if let Some(own) = own.filter(|_| !self.flags.contains_key(&data.flag)) {
            self.same.insert(data.flag, own);
        }
        let id = self.own_id(&data.flag);
        self.raised.insert(event.id, id);
        let flag = self.flags.entry(id).or_insert_with(|| new.clone());
        if flag.basis != new.basis {
            (flag.raised, flag.basis) = (new.raised, new.basis);
            (flag.statements, flag.version) = (new.statements, new.version);
            (flag.severity, flag.kind, flag.remedy) = (new.severity, new.kind, new.remedy);
            flag.money_at_risk = new.money_at_risk;
        }
        let earlier = self.dismissed.get(&flag.about).filter(|_| flag.review.is_none());
        if let Some((_, review)) = earlier.filter(|(on, _)| *on == flag.statements) {
            flag.review = Some(Review { basis: flag.basis, ..review.clone() });
        }
    }

    /// The latest verdict on a flag is the one that stands.
    fn review(&mut self, event: &Recorded, id: Hash, verdict: Verdict) {
        let id = self.own_id(&id);
        let Some(flag) = self.flags.get_mut(&id) else { return };
        let review = Review {
            statement: event.id,
            verdict,
            by: event.signer.actor.clone(),
            on: Day::of_millis(event.recorded_at_ms),
            basis: flag.basis,
        };
        if verdict == Verdict::Dismissed {
            self.dismissed.insert(flag.about, (flag.statements, review.clone()));
        } else {
            self.dismissed.remove(&flag.about);
        }
        if let Some(earlier) = flag.review.replace(review) {
            self.confirmed.remove(&earlier.statement);
        }
        if verdict == Verdict::Confirmed {
            self.confirmed.insert(event.id, id);
            self.about_confirmed.insert(flag.about, id);
        } else if self.about_confirmed.get(&flag.about) == Some(&id) {
            self.about_confirmed.remove(&flag.about);
        }
    }

    fn ordered(&mut self, id: Hash, data: &RecoveryOrdered) {
        let own = self.own_id(&data.flag);
        let Some(flag) = self.flags.get_mut(&own) else { return };
        flag.orders.push(id);
        let order = Order {
            flag: own,
            person: data.person,
            ordered: data.amount,
            due: data.due,
            received: Fen(0),
            waived: Fen(0),
        };
        self.orders.insert(id, order);
    }

    fn order_of(&mut self, id: &Hash, person: PersonId) -> Option<&mut Order> {
        self.orders.get_mut(id).filter(|order| order.person == person)
    }
}
