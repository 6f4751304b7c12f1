//! Pieces that several events share.

use serde::{Deserialize, Serialize};

use crate::value::{ActorId, Category, Component, Hash, Label, Level, PersonId, RollId, Tag};

/// Where an imported event came from: the roll and its row, with the keys that make importing the
/// same row again add nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowRef {
    /// The `roll.received` it belongs to.
    pub roll: RollId,
    /// The row as a person counts it in the file.
    pub row: u32,
    /// Tag of kind, division, month, person / certificate / vehicle / account and occurrence.
    pub key: Tag,
    /// Tag of the row's whole content.
    pub content: Tag,
    /// The earlier statement that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Hash>,
}

/// A document outside the ledger: BLAKE3 keyed with a per-item salt from the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What it is, such as `assessment_form` or `notice_photo`.
    pub kind: Label,
    /// Salted hash of the document.
    pub hash: Hash,
    /// Who keeps it, when not the signer's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custodian: Option<Label>,
}

/// A disability conclusion: category, level, and the components of a multiple disability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Category.
    pub category: Category,
    /// Level, 1 most severe.
    pub level: Level,
    /// Two or more for `multiple`, else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
}

impl Grade {
    /// Art. 13: a multiple disability has two or more components and the level of the most severe
    /// one; any other category has none.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        if self.category != Category::Multiple {
            return self.components.is_empty();
        }
        let most_severe = self.components.iter().map(|part| part.level).min();
        let distinct: std::collections::BTreeSet<_> =
            self.components.iter().map(|part| part.category).collect();
        distinct.len() >= 2
            && distinct.len() == self.components.len()
            && !distinct.contains(&Category::Multiple)
            && most_severe == Some(self.level)
    }

    /// Says whether the category, or a component of a multiple disability, is `wanted`.
    #[must_use]
    pub fn includes(&self, wanted: Category) -> bool {
        self.category == wanted || self.components.iter().any(|part| part.category == wanted)
    }
}

/// A guardian as an event names one: tags only; the name and number are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianTags {
    /// Tag of the guardian's ID number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Tag of the guardian's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Tag>,
}

/// How two people are related: a person of a case to an officer, a member to the head of the
/// household.
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
pub enum Relation {
    /// 配偶
    Spouse,
    /// 父母
    Parent,
    /// 子女
    Child,
    /// 兄弟姐妹
    Sibling,
    /// Any other relation.
    Other,
}

/// An officer's declared relative: the relation and the tag of the relative's ID number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclaredRelation {
    /// The relation.
    pub relation: Relation,
    /// Tag of the relative's ID number.
    pub person: Tag,
}

/// Something a decision told the person in writing (I22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenNotice {
    /// The written notice given to the person.
    pub notice: Evidence,
    /// Proof that it was told or delivered.
    pub proof: Evidence,
}

/// The other side of a conflict of interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counterparty {
    /// A person the ledger knows, such as the guardian.
    Person(PersonId),
    /// Another officer of the case.
    Actor(ActorId),
}

/// An officer of a step that was signed on paper: enrolled, or known by a tag only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfficerRef {
    /// An enrolled actor.
    Actor(ActorId),
    /// Tag of institution and name.
    Tag(Tag),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiple_disability_takes_the_most_severe_level() {
        let level = |n| Level::new(n).unwrap();
        let part = |category, n| Component { category, level: level(n) };
        let grade = |category, n, components| Grade { category, level: level(n), components };
        let two = vec![part(Category::Physical, 2), part(Category::Visual, 3)];
        assert!(grade(Category::Multiple, 2, two.clone()).is_consistent());
        assert!(!grade(Category::Multiple, 3, two.clone()).is_consistent());
        assert!(!grade(Category::Multiple, 2, two[..1].to_vec()).is_consistent());
        let same = vec![part(Category::Physical, 2), part(Category::Physical, 3)];
        assert!(!grade(Category::Multiple, 2, same).is_consistent());
        assert!(grade(Category::Visual, 1, vec![]).is_consistent());
        assert!(!grade(Category::Visual, 2, two).is_consistent());
    }
}
