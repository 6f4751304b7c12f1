//! Whether anybody at all can qualify under a programme's policy.
//!
//! What a certificate says is small enough to try out: every level, with every set of categories,
//! and no certificate. Registers and papers speak freely, except that a fact which excludes, or is
//! to be compared, cannot at the same time be what entitles.

use super::{Contradiction, ProgrammePolicy};
use crate::value::{Category, Criterion};

/// The categories that stand alone or together on a certificate.
const SINGLE: [Category; 6] = [
    Category::Visual,
    Category::Hearing,
    Category::Speech,
    Category::Physical,
    Category::Intellectual,
    Category::Psychiatric,
];

/// What one certificate says, as far as conditions look at it.
#[derive(Clone)]
struct Card {
    categories: Vec<Category>,
    severe: bool,
}

/// No certificate, and one of every kind.
fn cards() -> impl Iterator<Item = Option<Card>> {
    let sets = (1_u32..1 << SINGLE.len()).map(|set| {
        let chosen = (0..).zip(SINGLE).filter(move |(at, _)| set & (1 << at) != 0);
        chosen.map(|(_, category)| category).collect::<Vec<_>>()
    });
    let cards = sets.flat_map(|categories| {
        [true, false].map(|severe| Some(Card { categories: categories.clone(), severe }))
    });
    std::iter::once(None).chain(cards)
}

/// Refuses conditions that nobody can meet together.
pub(super) fn check(policy: &ProgrammePolicy) -> Result<(), Contradiction> {
    let conditions: Vec<_> = policy.conditions().collect();
    if can_meet(policy, &conditions) {
        return Ok(());
    }
    // The fewest that show it: one alone, two together, or all.
    let alone = conditions.iter().map(|one| vec![*one]);
    let pairs = conditions
        .iter()
        .enumerate()
        .flat_map(|(at, one)| conditions[at + 1..].iter().map(move |other| vec![*one, *other]));
    let few = alone.chain(pairs).find(|some| !can_meet(policy, some));
    let named = few.unwrap_or(conditions).into_iter().map(|(condition, _)| condition.name());
    Err(Contradiction::NobodyQualifies { items: named.collect::<Vec<_>>().join(", ") })
}

/// Says whether some person meets every one of these, each by itself or by what is accepted in its
/// place, and is covered.
fn can_meet(policy: &ProgrammePolicy, conditions: &[(Criterion, &[Criterion])]) -> bool {
    let covered = |card: &Card| policy.covers_categories(&card.categories);
    cards().filter(|card| card.as_ref().is_none_or(covered)).any(|card| {
        conditions.iter().all(|(condition, accepted)| {
            let mut ways = std::iter::once(condition).chain(*accepted);
            ways.any(|way| is_met(policy, *way, card.as_ref()))
        })
    })
}

fn is_met(policy: &ProgrammePolicy, condition: Criterion, card: Option<&Card>) -> bool {
    if let Some(kind) = condition.external() {
        return !policy.exclude.contains(&kind) && !policy.choose_higher_with.contains(&kind);
    }
    let severe = card.is_some_and(|card| card.severe);
    // A programme for one category asks nothing of another that stands beside it by chance.
    let is = |of: Category| {
        policy.covers_categories(&[of]) && card.is_some_and(|card| card.categories.contains(&of))
    };
    match condition {
        Criterion::CertificateValid => card.is_some(),
        Criterion::Level1Or2 | Criterion::Severe => severe,
        Criterion::IntellectualLevel3Or4 => is(Category::Intellectual) && !severe,
        Criterion::PsychiatricLevel3Or4 => is(Category::Psychiatric) && !severe,
        Criterion::SevereOrIntellectualOrPsychiatric => {
            severe || is(Category::Intellectual) || is(Category::Psychiatric)
        }
        Criterion::LowerLimb => is(Category::Physical),
        // The hukou, the household, a register or a paper: nothing here speaks against them.
        _ => true,
    }
}
