//! Rules as they are listed, and the flags they raise.

use std::cmp::Reverse;

use serde::Serialize;

use super::certificate::Certificate;
use super::file::{Payment, PersonFile};
use super::key::ActorRef;
use crate::event::{FlagKind, Remedy, Severity};
use crate::value::{Fen, Hash, Month, PersonId, Programme, RollId, Tag};

/// One rule, as people read it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its number, such as `R01`.
    pub id: &'static str,
    /// Its version; another test is another version.
    pub version: u16,
    /// Its name in Chinese.
    pub title_zh: &'static str,
    /// Its name in English.
    pub title_en: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What it is worth as proof; a conclusive rule raises a lead where an input is unsure.
    pub kind: FlagKind,
    /// The exact test.
    pub test: &'static str,
    /// What must be on the ledger before the rule speaks.
    pub inputs: &'static str,
    /// Look-alikes it does not fire on.
    pub guards: &'static [&'static str],
    /// What an inspector does about it, in Chinese.
    pub todo_zh: &'static str,
    /// What an inspector does about it, in English.
    pub todo_en: &'static str,
}

/// Whom a flag is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
pub enum FlagSubject {
    /// A person.
    Person(PersonId),
    /// An officer who is not enrolled, by the tag of institution and name.
    Officer(Tag),
    /// An enrolled actor.
    Actor(ActorRef),
    /// An assessment institution.
    Institution(ActorRef),
    /// A village.
    Village(Tag),
}

impl std::fmt::Display for FlagSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Officer(tag) => write!(f, "officer:{tag}"),
            Self::Actor(id) => write!(f, "actor:{id}"),
            Self::Institution(code) => write!(f, "institution:{code}"),
            Self::Village(tag) => write!(f, "village:{tag}"),
        }
    }
}

/// Why a flag was raised: days, months, grades and amounts, never a name or a number of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Something a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Stable: the same rule, version, subject, programme and month give the same id.
    pub id: Hash,
    /// The rule.
    pub rule: &'static Rule,
    /// How grave it is: as the rule says, unless the rule says when it is graver or less grave.
    pub severity: Severity,
    /// What it is worth as proof.
    pub kind: FlagKind,
    /// Whom it is about.
    pub subject: FlagSubject,
    /// Tag of the person's ID number.
    pub id_tag: Option<Tag>,
    /// The programme, for payment rules.
    pub programme: Option<Programme>,
    /// The benefit month, for payment rules.
    pub month: Option<Month>,
    /// The roll of the row it is about.
    pub roll: Option<RollId>,
    /// That row, as a person counts it.
    pub row: Option<u32>,
    /// Indexes of the entries it was computed from, ascending; of very many the oldest.
    pub evidence: Vec<u64>,
    /// Where there are more than [`EVIDENCE_MAX`](Self::EVIDENCE_MAX): one hash of all of them, so
    /// that a newer one is news though it is not shown.
    pub all_evidence: Option<Hash>,
    /// Why.
    pub why: Why,
    /// The money that may be wrongly paid, or unpaid.
    pub money_at_risk: Fen,
}

impl Flag {
    /// Most entries a flag names; a rule over many rows names the first ones.
    pub const EVIDENCE_MAX: usize = 256;

    /// What it calls for, once confirmed.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        if HELP.contains(&self.rule.id) {
            Remedy::Help
        } else if self.money_at_risk > Fen(0) {
            Remedy::Recover
        } else {
            Remedy::Mend
        }
    }

    /// Shows the oldest entries, and keeps a hash of all where there are more.
    fn cut(mut self) -> Self {
        if self.evidence.len() > Self::EVIDENCE_MAX {
            let mut hasher = blake3::Hasher::new();
            for index in &self.evidence {
                hasher.update(&index.to_be_bytes());
            }
            self.all_evidence = Some(Hash(*hasher.finalize().as_bytes()));
            self.evidence.truncate(Self::EVIDENCE_MAX);
        }
        self
    }

    /// The queue's order: gravest first, then most money, then oldest.
    fn rank(&self) -> impl Ord + '_ {
        let oldest = self.evidence.first();
        let what = (self.rule.id, self.subject, self.programme, self.month);
        (self.severity, Reverse(self.money_at_risk), self.month, oldest, what)
    }
}

/// Rules that find somebody without what is theirs: their flags end in help.
const HELP: [&str; 2] = ["R43b", "R47"];

impl PartialOrd for Flag {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Flag {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// The id of a flag.
fn flag_id(
    rule: &Rule,
    subject: FlagSubject,
    programme: Option<Programme>,
    month: Option<Month>,
) -> Hash {
    let programme = programme.as_ref().map_or("", Programme::name);
    let month = month.map(|month| month.to_string()).unwrap_or_default();
    let Rule { id, version, .. } = rule;
    Hash::blake3(format!("flag|{id}|{version}|{subject}|{programme}|{month}").as_bytes())
}

/// A flag in the making: what one test found.
pub(super) struct Finding {
    rule: &'static Rule,
    severity: Severity,
    kind: FlagKind,
    programme: Option<Programme>,
    month: Option<Month>,
    place: Option<(RollId, u32)>,
    evidence: Vec<u64>,
    why: Why,
    money: Fen,
}

impl Finding {
    pub(super) fn new(rule: &'static Rule, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            kind: rule.kind,
            programme: None,
            month: None,
            place: None,
            evidence: Vec::new(),
            why: Why { zh: zh.into(), en: en.into() },
            money: Fen(0),
        }
    }

    /// About a payment: its programme, month, row and whole amount.
    pub(super) fn payment(mut self, payment: &Payment) -> Self {
        let paid = &payment.paid;
        self.programme = Some(paid.programme);
        self.month = paid.month;
        self.place = paid.roll.zip(paid.row);
        self.money = paid.amount;
        self.seen(payment.index)
    }

    /// About a certificate: its row.
    pub(super) fn card(mut self, card: &Certificate) -> Self {
        self.place = self.place.or_else(|| card.row.as_ref().map(|row| (row.roll, row.row)));
        self.seen(card.index)
    }

    pub(super) fn seen(mut self, index: u64) -> Self {
        self.evidence.push(index);
        self
    }

    pub(super) fn all_seen(mut self, indexes: impl IntoIterator<Item = u64>) -> Self {
        self.evidence.extend(indexes);
        self
    }

    pub(super) const fn programme(mut self, programme: Option<Programme>) -> Self {
        self.programme = programme;
        self
    }

    pub(super) const fn month(mut self, month: Option<Month>) -> Self {
        self.month = month;
        self
    }

    pub(super) const fn money(mut self, money: Fen) -> Self {
        self.money = money;
        self
    }

    pub(super) const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// A lead, when an input is not sure.
    pub(super) fn sure(mut self, sure: bool) -> Self {
        if !sure {
            self.kind = FlagKind::Lead;
        }
        self
    }

    pub(super) fn flag(self, subject: FlagSubject, id_tag: Option<Tag>) -> Flag {
        self.whole(subject, id_tag).cut()
    }

    /// With every entry it was computed from.
    fn whole(self, subject: FlagSubject, id_tag: Option<Tag>) -> Flag {
        let Self { rule, severity, kind, programme, month, place, mut evidence, why, money } = self;
        evidence.sort_unstable();
        evidence.dedup();
        Flag {
            id: flag_id(rule, subject, programme, month),
            rule,
            severity,
            kind,
            subject,
            id_tag,
            programme,
            month,
            roll: place.map(|(roll, _)| roll),
            row: place.map(|(_, row)| row),
            evidence,
            all_evidence: None,
            why,
            money_at_risk: money,
        }
    }
}

/// The flags of one person, each with its whole evidence until they are finished: one for each
/// rule, programme and month.
pub(super) struct Findings<'a> {
    file: &'a PersonFile,
    pub(super) flags: Vec<Flag>,
}

impl<'a> Findings<'a> {
    pub(super) const fn of(file: &'a PersonFile) -> Self {
        Self { file, flags: Vec::new() }
    }

    /// Adds a finding; a second one of the same grain adds its evidence and money to the first.
    pub(super) fn add(&mut self, finding: Finding) {
        let subject = FlagSubject::Person(self.file.person);
        let same = self.flags.iter_mut().find(|flag| {
            (flag.rule.id, flag.programme, flag.month)
                == (finding.rule.id, finding.programme, finding.month)
        });
        let Some(flag) = same else {
            return self.flags.push(finding.whole(subject, self.file.ids.first().copied()));
        };
        flag.kind = flag.kind.min(finding.kind);
        flag.severity = flag.severity.min(finding.severity);
        flag.money_at_risk += finding.money;
        flag.evidence.extend(finding.evidence);
        flag.evidence.sort_unstable();
        flag.evidence.dedup();
    }

    /// The flags, gravest first.
    pub(super) fn finish(self) -> Vec<Flag> {
        let mut flags: Vec<Flag> = self.flags.into_iter().map(Flag::cut).collect();
        flags.sort_unstable();
        flags
    }
}
