//! Whether a draft that somebody else laid out says what the roll says, before it is signed.
//!
//! A sender whose ledger is elsewhere reads the roll with the same code, makes each row's event
//! again and holds the draft against it: amounts, months, days, programme, division, and every
//! sealed name and number, to the letter. Five things the sender cannot know and takes from the
//! draft: tags, whose key is in the vault (where something is sealed, the ledger holds it against
//! its tag); the pseudonym of a person or a household; which earlier statement a row corrects or
//! ends; of a bank's answer the payroll it answers, with the months of its line; and the salted
//! hash of the file, which has to be the same throughout.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    super::{
        kind::RollKind,
        read::{Numbered, Roll},
        row::Row,
    },
    ImportOptions,
    bank::{Answered, PaidLine},
    draft::{self, Draft},
    plan::RowAct,
    rejected::base_name,
    terms::Terms,
};
use crate::{
    crypto::{RandomError, TagKey, TagKind, Tagger},
    event::{Body, OfficerRef, Payload, RowRef},
    ledger::Personal,
    policy::{Policy, RateRow, rates_policy},
    value::{ActorId, Hash, PolicyName, RollId, Subject, Tag},
};

/// How a draft differs from its roll.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// The first draft is not that this roll came in.
    #[error("the first draft does not say that this roll came in")]
    Roll,
    /// A draft is of a type or form that this roll does not bring.
    #[error("draft {number} is of a type or form that this roll does not bring")]
    Type {
        /// In the order of the drafts, from 0.
        number: usize,
    },
    /// A draft says something else than its row, or there is no such row.
    #[error("draft {number} says something else than row {row} of the roll")]
    Row {
        /// In the order of the drafts, from 0.
        number: usize,
        /// The row as a person counts it.
        row: u32,
    },
}

/// What a draft is, once it agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// That the roll came in.
    Received,
    /// A row, new.
    New(u32),
    /// A row, in place of what an earlier statement says.
    Corrects(u32),
    /// That a row is no longer in force.
    Retracts,
    /// A table of amounts.
    Rates,
}

/// A roll that drafts are held against, in their order.
pub struct Agreement<'a> {
    roll: &'a Roll,
    file_name: &'a str,
    options: &'a ImportOptions,
    /// Makes tags that say nothing: both sides' are left out of what is compared.
    tagger: Tagger,
    rows: HashMap<u32, Vec<&'a Numbered<Row>>>,
    used: HashSet<(usize, u32)>,
    id: Option<RollId>,
    paper: Option<Hash>,
    number: usize,
}

impl<'a> Agreement<'a> {
    /// Nothing is held against the roll yet.
    ///
    /// # Errors
    /// No random bytes.
    pub fn new(
        file_name: &'a str,
        roll: &'a Roll,
        options: &'a ImportOptions,
    ) -> Result<Self, RandomError> {
        let mut rows: HashMap<u32, Vec<&Numbered<Row>>> = HashMap::new();
        for row in &roll.rows {
            rows.entry(row.row).or_default().push(row);
        }
        let tagger = Tagger::new(&TagKey::generate()?, "");
        let (used, id, paper) = (HashSet::new(), None, None);
        Ok(Self { roll, file_name, options, tagger, rows, used, id, paper, number: 0 })
    }

    /// Holds the next draft against the roll; `opened` is what its sealed objects hold.
    ///
    /// # Errors
    /// It does not say what the roll says: nothing of the roll is to be signed.
    pub fn take(
        &mut self,
        subject: &Subject,
        payload: &Payload,
        opened: &[Personal],
    ) -> Result<Agreed, Disagreement> {
        let number = self.number;
        self.number += 1;
        let plain = payload.refs.is_empty()
            && payload.about.is_empty()
            && payload.policy.is_none()
            && payload.sealed.len() == opened.len()
            && opened.len() <= 1;
        let wrong = Disagreement::Type { number };
        let Some(id) = self.id else {
            let received = plain && self.received(subject, payload, opened);
            return if received { Ok(Agreed::Received) } else { Err(Disagreement::Roll) };
        };
        if !plain {
            return Err(wrong);
        }
        let retracts = self.options.complete || matches!(self.roll.kind, RollKind::BankResult(_));
        match &payload.body {
            Body::PolicyPublished(data) if self.roll.kind == RollKind::Rates => {
                let is_rates = *subject == Subject::Programme(PolicyName::Rates.to_string());
                let same = is_rates && opened.is_empty() && self.says_rates(&data.text, data.hash);
                if same { Ok(Agreed::Rates) } else { Err(wrong) }
            }
            Body::RollRowRetracted(data)
                if retracts && opened.is_empty() && (data.row.roll, data.row.row) == (id, 0) =>
            {
                Ok(Agreed::Retracts)
            }
            Body::ExternalFactRetracted(_) if retracts && opened.is_empty() => Ok(Agreed::Retracts),
            body => match body.row() {
                Some(place) if place.roll == id => {
                    let row = place.row;
                    if self.says(id, place, subject, payload, opened.first()) {
                        let corrects = place.corrects.is_some();
                        Ok(if corrects { Agreed::Corrects(row) } else { Agreed::New(row) })
                    } else {
                        Err(Disagreement::Row { number, row })
                    }
                }
                _ => Err(wrong),
            },
        }
    }

    fn terms(&self, id: RollId) -> Terms<'_> {
        let Self { roll, options, tagger, paper, .. } = self;
        Terms { roll, id, paper: *paper, options, tagger }
    }

    fn received(&mut self, subject: &Subject, payload: &Payload, opened: &[Personal]) -> bool {
        let (Body::RollReceived(data), Subject::Roll(id)) = (&payload.body, subject) else {
            return false;
        };
        let expected = self.terms(*id).received(data.file, data.accepted, data.rejected);
        let mut sealed = Personal::default();
        sealed.file_name = Some(base_name(self.file_name).to_owned());
        let same = Body::from(expected) == payload.body
            && payload.at == self.options.at
            && opened == [sealed];
        self.id = same.then_some(*id);
        same
    }

    /// The amounts follow from the rows and the version alone.
    fn says_rates(&self, text: &str, hash: Hash) -> bool {
        let Ok(policy) = Policy::parse(text) else { return false };
        let rates = self.roll.rows.iter().filter_map(|row| match &row.value {
            Row::Rate(rate) => Some(RateRow {
                programme: rate.programme.name(),
                unit: rate.unit.as_deref().unwrap_or_default(),
                amount: rate.amount,
                valid_from: rate.valid_from,
                valid_to: rate.valid_to,
            }),
            _ => None,
        });
        let rates: Vec<RateRow<'_>> = rates.collect();
        let own = rates_policy(self.options.division, policy.version, &rates);
        own.is_ok_and(|own| own == text) && crate::policy::hash(text) == hash
    }

    /// Says whether a draft says what a row of that number says that no draft has said yet.
    fn says(
        &mut self,
        id: RollId,
        place: &RowRef,
        subject: &Subject,
        payload: &Payload,
        opened: Option<&Personal>,
    ) -> bool {
        let paper = evidence_of(&payload.body);
        if self.paper.is_none() {
            self.paper = paper;
        }
        if paper.is_some() && paper != self.paper || !fits(subject, id, &payload.body) {
            return false;
        }
        let rows = self.rows.get(&place.row).map(Vec::as_slice).unwrap_or_default();
        let said = rows.iter().find(|row| {
            !self.used.contains(&(row.sheet, row.row))
                && self.is_said(id, row, place, subject, payload, opened)
        });
        let Some(row) = said else { return false };
        self.used.insert((row.sheet, row.row))
    }

    fn is_said(
        &self,
        id: RollId,
        row: &'a Numbered<Row>,
        place: &RowRef,
        subject: &Subject,
        payload: &Payload,
        opened: Option<&Personal>,
    ) -> bool {
        let terms = self.terms(id);
        let act = RowAct {
            row,
            key: place.key,
            content: place.content,
            corrects: place.corrects.map(|statement| (statement, 0)),
            subject: subject.clone(),
            person: payload.body.person(),
            // Says nothing, as all tags here.
            id: Some(self.tagger.tag(TagKind::Id, "")),
            answered: self.answered(&row.value, &payload.body, opened),
            placement: match &payload.body {
                Body::PlacementEnded(data) => Some(data.placement),
                _ => None,
            },
            helper: visited(&row.value, &payload.body),
        };
        let absent = &terms.sheet(row).absent_columns;
        if draft::check(&terms, &row.value, absent).is_err() {
            return false;
        }
        let Some(Draft { body, at, personal }) = draft::draft(&terms, &act) else { return false };
        at == payload.at
            && personal.as_ref() == opened
            && without_tags(&body) == without_tags(&payload.body)
    }

    /// What a bank's answer refers to, as the draft has it; the payee's number, where the row has
    /// none, is that of the payment.
    fn answered(&self, row: &Row, body: &Body, opened: Option<&Personal>) -> Option<Answered> {
        let (Row::BankResult(row), RollKind::BankResult(programme)) = (row, self.roll.kind) else {
            return None;
        };
        let (division, payment, line) = match body {
            Body::PaymentExecuted(data) => {
                let line = data.payroll.map(|payroll| PaidLine {
                    payroll,
                    months: data.months.clone(),
                    year: data.year,
                });
                (data.division, None, line)
            }
            Body::PaymentReturned(data) => (data.division, data.payment, None),
            _ => return None,
        };
        let number = opened.filter(|_| row.id.is_none()).and_then(|own| own.id_number.clone());
        let id_number = number.map(zeroize::Zeroizing::new);
        Some(Answered { programme, division, payment, line, id_number })
    }
}

/// The actor of the ledger who visited, where the draft says that it is the one the row names.
fn visited(row: &Row, body: &Body) -> Option<ActorId> {
    let (Row::Service(visit), Body::SupportVisitLogged(data)) = (row, body) else { return None };
    let Some(OfficerRef::Actor(actor)) = &data.helper else { return None };
    let is_named = visit.helper.as_ref().is_some_and(|name| name.as_str() == actor.as_str());
    is_named.then(|| actor.clone())
}

/// Whether a row's event may stand under a subject.
fn fits(subject: &Subject, id: RollId, body: &Body) -> bool {
    match subject {
        Subject::Person(person) => body.person() == Some(*person),
        Subject::Roll(roll) => *roll == id && body.person().is_none(),
        Subject::Certificate(_) => matches!(body, Body::CertificateLegacyImported(_)),
        Subject::Account(_) => matches!(body, Body::InstitutionAccountRecorded(_)),
        Subject::Household(_) => {
            matches!(body, Body::WorksAccepted(_) | Body::HouseholdMemberJoined(_))
        }
        _ => false,
    }
}

/// The hash by which a service's event refers to its list.
fn evidence_of(body: &Body) -> Option<Hash> {
    match body {
        Body::ServiceDelivered(data) => Some(data.attendance.hash),
        Body::PlacementStarted(data) => Some(data.contract.hash),
        _ => None,
    }
}

/// The data with a mark in the place of every tag.
fn without_tags(body: &Body) -> Option<Value> {
    let mut data = serde_json::from_str(&body.to_json()).ok()?;
    mark(&mut data);
    Some(data)
}

fn mark(value: &mut Value) {
    match value {
        Value::String(text) if text.parse::<Tag>().is_ok() => "tag".clone_into(text),
        Value::Array(values) => values.iter_mut().for_each(mark),
        Value::Object(fields) => fields.values_mut().for_each(mark),
        _ => {}
    }
}
