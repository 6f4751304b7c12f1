//! R54: who looks at the personal data of people whose cases they have no part in, far more than
//! others of the same role.
//!
//! Every look through the service is on the ledger, with who looked and in which role. An inspector
//! has no part in anybody's case, and so stands out among inspectors no more than the others do.
//! Only a lead: a colleague may have been ill.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::file::PersonFile;
use super::flag::{Finding, Flag, FlagSubject, Rule};
use super::key::ActorRef;
use super::robust::{Peers, percent, share};
use crate::event::{FlagKind::Lead, Role, Severity::S3};

/// R54: unusual look-ups.
pub(super) static R54: Rule = Rule {
    id: "R54",
    version: 1,
    title_zh: "异常查询个人信息",
    title_en: "unusual look-ups",
    severity: S3,
    kind: Lead,
    test: "an officer looked at the personal data of 30 or more people, 30 days ago or longer, and \
           the share of those in whose cases, cards and payments the officer signed nothing exceeds \
           the median share of the officers of the same role with as many by more than 4 robust \
           standard deviations (the greater of 1.4826 median distances and the binomial standard \
           error)",
    inputs: "looks through the service, with who looked and in which role; 5 or more such officers \
             of the role",
    guards: &[
        "a look of the last 30 days: the step it was for may yet come",
        "a person in whose case the officer signed something, before the look or after it",
        "many looks at one person",
        "fewer than 30 people looked at",
        "fewer than 5 officers of the role to compare with",
        "a role whose work is to look, such as an inspector's",
    ],
    todo_zh: "请本人说明查询事由，并由个人信息保护负责人核对",
    todo_en: "have the officer explain the purpose, and the privacy officer compare it",
};

/// Days after which a look without a step of its own counts.
pub(super) const WAIT_DAYS: i32 = 30;
const PEOPLE_MIN: u64 = 30;
const PEERS_MIN: usize = 5;
const TIMES: u64 = 4;

/// Somebody looked at a person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Index of the entry.
    pub index: u64,
    /// Who looked.
    pub by: ActorRef,
    /// In which role.
    pub role: Role,
}

/// Whom an officer looked at: how many, how many of them without a part, and the entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Seen {
    people: u64,
    strangers: u64,
    indexes: BTreeSet<u64>,
}

impl Seen {
    fn share(&self) -> u64 {
        share(self.strangers, self.people)
    }
}

/// The looks of every officer, from the files of all persons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Looks(BTreeMap<Role, BTreeMap<ActorRef, Seen>>);

impl Looks {
    /// Adds who looked at one person, each once, or takes them away again.
    pub(super) fn count(&mut self, file: &PersonFile, add: bool) {
        let mut first: BTreeMap<(Role, ActorRef), u64> = BTreeMap::new();
        for look in &file.looks {
            first.entry((look.role, look.by)).or_insert(look.index);
        }
        for ((role, by), index) in first {
            let strangers = u64::from(!has_part(file, by));
            let officers = self.0.entry(role).or_default();
            let seen = officers.entry(by).or_default();
            if add {
                seen.people += 1;
                seen.strangers += strangers;
                seen.indexes.insert(index);
            } else {
                seen.people = seen.people.saturating_sub(1);
                seen.strangers = seen.strangers.saturating_sub(strangers);
                seen.indexes.remove(&index);
            }
            if seen.people == 0 {
                officers.remove(&by);
            }
            if officers.is_empty() {
                self.0.remove(&role);
            }
        }
    }

    /// Adds what others counted, of other persons.
    pub(super) fn join(&mut self, other: &Self) {
        for (role, officers) in &other.0 {
            let known = self.0.entry(*role).or_default();
            for (by, more) in officers {
                let seen = known.entry(*by).or_default();
                seen.people += more.people;
                seen.strangers += more.strangers;
                seen.indexes.extend(&more.indexes);
            }
        }
    }

    /// The officers who stand out of their role.
    pub(super) fn judge(&self) -> Vec<Flag> {
        let mut out = Vec::new();
        for (role, officers) in &self.0 {
            let known = || officers.iter().filter(|(_, seen)| seen.people >= PEOPLE_MIN);
            let Some(peers) = Peers::of(known().map(|(_, seen)| seen.share()), PEERS_MIN) else {
                continue;
            };
            let stands_out = |seen: &Seen| peers.share_stands_out(seen.share(), seen.people, TIMES);
            for (by, seen) in known().filter(|(_, seen)| stands_out(seen)) {
                let Seen { people, strangers, indexes } = seen;
                let (own, usual) = (percent(seen.share()), percent(peers.median));
                let count = peers.count;
                let zh = format!(
                    "查询 {people} 人，其中 {strangers} 人（{own}）未经其手，查询 {PEOPLE_MIN} 人以上的 \
                     {count} 名{}的中位数 {usual}",
                    role.zh()
                );
                let en = format!(
                    "looked at {people} people, {strangers} ({own}) without a part in their cases; \
                     median of {count} of the role {} with {PEOPLE_MIN} or more: {usual}",
                    role.name().replace('_', " ")
                );
                let finding = Finding::new(&R54, zh, en).all_seen(indexes.iter().copied());
                out.push(finding.flag(FlagSubject::Actor(*by), None));
            }
        }
        out
    }
}

/// Says whether an officer signed anything of this person.
fn has_part(file: &PersonFile, by: ActorRef) -> bool {
    file.chain.iter().flat_map(|case| &case.steps).any(|entry| entry.step.by == by)
        || file.turns.iter().any(|turn| turn.by == by)
        || file
            .payments
            .iter()
            .any(|payment| payment.paid.batch.as_ref().is_some_and(|(_, signer)| *signer == by))
}
