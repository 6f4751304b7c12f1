//! What outside registers reported, as determinations need it.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

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

/// Facts by the tag of the ID number they name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    by_tag: HashMap<Tag, Vec<Span>>,
    tag_of: HashMap<Hash, Tag>,
}

impl Facts {
    /// Every span reported for that ID number.
    #[must_use]
    pub fn of(&self, tag: &Tag) -> &[Span] {
        self.by_tag.get(tag).map_or(&[], Vec::as_slice)
    }

    /// Says whether a fact of that statement stands.
    #[must_use]
    pub fn stands(&self, statement: &Hash) -> bool {
        self.tag_of.contains_key(statement)
    }

    pub(super) fn record(&mut self, statement: Hash, fact: &ExternalFactRecorded) {
        if let Some(corrected) = fact.row.as_ref().and_then(|row| row.corrects) {
            self.retract(&corrected);
        }
        let ExternalFactRecorded { kind, from, to, division, .. } = *fact;
        let span = Span { kind, from, to, division, statement };
        self.by_tag.entry(fact.id).or_default().push(span);
        self.tag_of.insert(statement, fact.id);
    }

    pub(super) fn retract(&mut self, statement: &Hash) {
        if let Some(tag) = self.tag_of.remove(statement)
            && let Some(spans) = self.by_tag.get_mut(&tag)
        {
            spans.retain(|span| span.statement != *statement);
        }
    }
}
