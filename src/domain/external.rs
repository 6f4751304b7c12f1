//! What outside registers reported, as determinations need it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeSeq};

use crate::compact::{Finder, Pieces, RowMap, read_each};
use crate::event::ExternalFactRecorded;
use crate::value::{Day, DivisionCode, FactKind, Hash, Tag};

/// One reported span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What.
    pub kind: FactKind,
    /// First day.
    pub from: Day,
    /// Last day, when known.
    pub to: Option<Day>,
    /// Where the person moved to, for a move of household registration.
    pub division: Option<DivisionCode>,
    /// The statement that reported it.
    pub statement: Hash,
}

impl Span {
    /// Says whether the day lies in the span.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// Facts by the tag of the ID number they name. The spans of one number are chained through one
/// list of all spans, because most numbers have one and some have a hundred.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    by_tag: RowMap<Tag, Chain>,
    spans: Pieces<Link>,
    by_statement: Finder,
    /// Places in `spans` that retracted facts left.
    free: Vec<u32>,
}

/// The first and the last span of a number, or twice [`END`].
#[derive(Debug, Clone, Copy)]
struct Chain {
    first: u32,
    last: u32,
}

#[derive(Debug, Clone, Copy)]
struct Link {
    span: Span,
    /// The row of its number.
    of: u32,
    /// The next span of that number, or [`END`].
    next: u32,
}

const END: u32 = u32::MAX;
const NONE: Chain = Chain { first: END, last: END };

impl Facts {
    /// Every span reported for that ID number, in the order they were recorded.
    pub fn of(&self, tag: &Tag) -> impl Iterator<Item = &Span> {
        self.chain(self.by_tag.get(tag).copied().unwrap_or(NONE))
    }

    /// Says whether a fact of that statement stands.
    #[must_use]
    pub fn stands(&self, statement: &Hash) -> bool {
        self.by_statement.find(statement, |at| &self.spans[at as usize].span.statement).is_some()
    }

    /// The ID number that the fact of a statement names, while it stands.
    pub(super) fn number_of(&self, statement: &Hash) -> Option<Tag> {
        let at = self.by_statement.find(statement, |at| &self.spans[at as usize].span.statement)?;
        self.by_tag.key_at(self.spans[at as usize].of).copied()
    }

    pub(super) fn record(&mut self, statement: Hash, fact: &ExternalFactRecorded) {
        if let Some(corrected) = fact.row.as_ref().and_then(|row| row.corrects) {
            self.retract(&corrected);
        }
        let ExternalFactRecorded { kind, from, to, division, .. } = *fact;
        self.add(fact.id, Span { kind, from, to, division, statement });
    }

    pub(super) fn retract(&mut self, statement: &Hash) {
        let spans = &self.spans;
        let statement_at = |at: u32| &spans[at as usize].span.statement;
        let Some(gone) = self.by_statement.remove(statement, statement_at) else { return };
        self.free.push(gone);
        let Link { of, next, .. } = self.spans[gone as usize];
        let Some(chain) = self.by_tag.at(of).copied() else { return };
        let before = self.places(chain).find(|at| self.spans[*at as usize].next == gone);
        if let Some(link) = before.and_then(|at| self.spans.get_mut(at as usize)) {
            link.next = next;
        }
        if let Some(chain) = self.by_tag.at_mut(of) {
            chain.first = if chain.first == gone { next } else { chain.first };
            chain.last = if chain.last == gone { before.unwrap_or(END) } else { chain.last };
        }
    }

    fn add(&mut self, tag: Tag, span: Span) {
        let of = self.by_tag.number_or_insert_with(tag, || NONE);
        let link = Link { span, of, next: END };
        let at = match self.free.pop() {
            Some(free) => free,
            None => u32::try_from(self.spans.len()).expect("fewer facts than entries of a ledger"),
        };
        match self.spans.get_mut(at as usize) {
            Some(place) => *place = link,
            None => self.spans.push(link),
        }
        self.by_statement.add(at, |at| &self.spans[at as usize].span.statement);
        if let Some(chain) = self.by_tag.at_mut(of) {
            let last = std::mem::replace(&mut chain.last, at);
            match self.spans.get_mut(last as usize) {
                Some(before) => before.next = at,
                None => chain.first = at,
            }
        }
    }

    fn chain(&self, chain: Chain) -> impl Iterator<Item = &Span> {
        self.places(chain).map(|at| &self.spans[at as usize].span)
    }

    fn places(&self, chain: Chain) -> impl Iterator<Item = u32> {
        let on = |at: u32| Some(at).filter(|at| *at != END);
        std::iter::successors(on(chain.first), move |at| on(self.spans[*at as usize].next))
    }
}

/// Equal when they say the same, wherever the spans stand.
impl PartialEq for Facts {
    fn eq(&self, other: &Self) -> bool {
        let both = self.by_tag.iter().zip(other.by_tag.iter());
        self.by_tag.len() == other.by_tag.len()
            && both.into_iter().all(|((tag, own), (its, chain))| {
                tag == its && self.chain(*own).eq(other.chain(*chain))
            })
    }
}

impl Eq for Facts {}

/// Numbers in their order, each with its spans.
impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.by_tag.len()))?;
        for (tag, chain) in self.by_tag.iter() {
            list.serialize_element(&(tag, self.chain(*chain).collect::<Vec<_>>()))?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut facts = Self::default();
        read_each(deserializer, |(tag, spans): (Tag, Vec<Span>)| {
            facts.by_tag.number_or_insert_with(tag, || NONE);
            for span in spans {
                if facts.stands(&span.statement) {
                    return Err("a fact comes twice");
                }
                facts.add(tag, span);
            }
            Ok(())
        })?;
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn span(statement: u8) -> Span {
        let from: Day = "2026-01-01".parse().unwrap();
        let statement = Hash([statement; 32]);
        Span { kind: FactKind::Dibao, from, to: None, division: None, statement }
    }

    fn tag(of: u8) -> Tag {
        Tag { version: 1, bytes: [of; 20] }
    }

    proptest! {
        #[test]
        fn facts_stand_until_they_are_retracted(
            steps in proptest::collection::vec((0_u8..4, any::<bool>(), 0_u8..20), 0..120),
        ) {
            let (mut facts, mut plain) = (Facts::default(), BTreeMap::<u8, Vec<Span>>::new());
            for (of, records, statement) in steps {
                if !records {
                    facts.retract(&Hash([statement; 32]));
                    plain.values_mut().for_each(|all| all.retain(|it| *it != span(statement)));
                } else if !facts.stands(&Hash([statement; 32])) {
                    facts.add(tag(of), span(statement));
                    plain.entry(of).or_default().push(span(statement));
                }
            }
            for of in 0..4 {
                let expected = plain.get(&of).map_or(&[][..], Vec::as_slice);
                prop_assert!(facts.of(&tag(of)).eq(expected));
            }
            let bytes = postcard::to_stdvec(&facts).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Facts>(&bytes).unwrap(), facts);
        }
    }
}
