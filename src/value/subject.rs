//! Subjects: what a statement is about.

use std::{fmt, str::FromStr};

use super::{
    ActorId, CaseId, CertificateId, HouseholdId, Malformed, PayrollId, PersonId, RollId, Tag,
    VehicleId, text_value,
};

/// The subject (`sub`) of a statement: its entries form one chain of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// `person:<id>`
    Person(PersonId),
    /// `case:<id>`: one application and what follows from it.
    Case(CaseId),
    /// `certificate:<id>`
    Certificate(CertificateId),
    /// `household:<id>`
    Household(HouseholdId),
    /// `vehicle:<id>`
    Vehicle(VehicleId),
    /// `institution:<code>`, code of a-z, 0-9 and -.
    Institution(ActorId),
    /// `actor:<id>`
    Actor(ActorId),
    /// `account:<tag>`
    Account(Tag),
    /// `payroll:<id>`
    Payroll(PayrollId),
    /// `roll:<id>`
    Roll(RollId),
    /// `programme:<name>`, name of a-z, 0-9 and _.
    Programme(String),
    /// `ledger`: the ledger itself.
    Ledger,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Case(id) => write!(f, "case:{id}"),
            Self::Certificate(id) => write!(f, "certificate:{id}"),
            Self::Household(id) => write!(f, "household:{id}"),
            Self::Vehicle(id) => write!(f, "vehicle:{id}"),
            Self::Institution(code) => write!(f, "institution:{code}"),
            Self::Actor(id) => write!(f, "actor:{id}"),
            Self::Account(tag) => write!(f, "account:{tag}"),
            Self::Payroll(id) => write!(f, "payroll:{id}"),
            Self::Roll(id) => write!(f, "roll:{id}"),
            Self::Programme(name) => write!(f, "programme:{name}"),
            Self::Ledger => f.write_str("ledger"),
        }
    }
}

impl FromStr for Subject {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text == "ledger" {
            return Ok(Self::Ledger);
        }
        let wrong = Malformed::new("subject", "kind:id, such as person:<id>, or ledger");
        let (kind, id) = text.split_once(':').ok_or(wrong)?;
        Ok(match kind {
            "person" => Self::Person(id.parse()?),
            "case" => Self::Case(id.parse()?),
            "certificate" => Self::Certificate(id.parse()?),
            "household" => Self::Household(id.parse()?),
            "vehicle" => Self::Vehicle(id.parse()?),
            "institution" => Self::Institution(id.parse()?),
            "actor" => Self::Actor(id.parse()?),
            "account" => Self::Account(id.parse()?),
            "payroll" => Self::Payroll(id.parse()?),
            "roll" => Self::Roll(id.parse()?),
            "programme" if is_name(id) => Self::Programme(id.to_owned()),
            _ => return Err(wrong),
        })
    }
}

fn is_name(text: &str) -> bool {
    (1..=48).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

const PATTERN: &str = concat!(
    "^(ledger|(person|case|certificate|household|vehicle|payroll|roll):[a-z2-7]{25}[aeimquy4]",
    "|(institution|actor):[a-z0-9][a-z0-9-]{0,47}|account:t[1-9][a-z2-7]{32}",
    "|programme:[a-z0-9_]{1,48})$"
);
text_value!(Subject, "subject", PATTERN);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_round_trip_and_refuse_others() {
        let id = "a".repeat(26);
        for text in [
            format!("person:{id}"),
            format!("case:{id}"),
            "institution:411702-h1".to_owned(),
            "actor:411702-dpf-0007".to_owned(),
            format!("account:t1{}", "a".repeat(32)),
            "programme:living_allowance".to_owned(),
            "ledger".to_owned(),
        ] {
            assert_eq!(text.parse::<Subject>().unwrap().to_string(), text);
        }
        for bad in ["person:x", "ledger:", "thing:a", "programme:A", "person", ""] {
            assert!(bad.parse::<Subject>().is_err(), "{bad}");
        }
    }
}
