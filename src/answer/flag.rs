//! One flag as readers see it: what was found, why, and where it stands.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AskError, Moment, Records, Revealer, case::Case};
use crate::event::{FlagKind, Severity};
use crate::rules::{Flag, FlagSubject};
use crate::value::{Fen, Hash, Month};

/// One flag as it is shown.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct FlagLine {
    pub(crate) flag_id: Hash,
    pub(crate) rule: Cow<'static, str>,
    pub(crate) version: u16,
    pub(crate) severity: Severity,
    pub(crate) kind: FlagKind,
    pub(crate) subject: String,
    pub(crate) id_number: String,
    pub(crate) programme: String,
    pub(crate) month: Option<Month>,
    pub(crate) roll: Option<String>,
    pub(crate) row: Option<u32>,
    pub(crate) evidence: Vec<u64>,
    pub(crate) money_at_risk: Fen,
    pub(crate) title_zh: Cow<'static, str>,
    pub(crate) title_en: Cow<'static, str>,
    pub(crate) why: String,
    pub(crate) why_zh: String,
    #[serde(flatten)]
    pub(crate) case: Case,
}

impl FlagLine {
    /// A flag; with a revealer also whose it is.
    pub(crate) fn of(
        records: &Records<'_>,
        moment: &Moment,
        flag: Flag,
        revealer: Option<&mut Revealer<'_>>,
    ) -> Result<Self, AskError> {
        let mut id_number = String::new();
        let mut roll = flag.roll.map(|roll| format!("roll:{roll}"));
        if let Some(revealer) = revealer {
            if let FlagSubject::Person(person) = flag.subject
                && let Some(personal) = revealer.person(person)?
            {
                id_number = personal.id_number.clone().unwrap_or_default();
            }
            if let Some(id) = flag.roll {
                roll = revealer.roll(id)?.or(roll);
            }
        }
        Ok(Self {
            flag_id: flag.id,
            rule: flag.rule.id.into(),
            version: flag.rule.version,
            severity: flag.severity,
            kind: flag.kind,
            subject: flag.subject.to_string(),
            id_number,
            programme: flag.programme.map(|programme| programme.to_string()).unwrap_or_default(),
            month: flag.month,
            roll,
            row: flag.row,
            evidence: flag.evidence,
            money_at_risk: flag.money_at_risk,
            title_zh: flag.rule.title_zh.into(),
            title_en: flag.rule.title_en.into(),
            why: flag.why.en,
            why_zh: flag.why.zh,
            case: Case::of(records, moment, &flag.id)?,
        })
    }

    /// The flag in one line for people.
    pub(crate) fn text(&self) -> String {
        let month = self.month.map(|month| month.to_string()).unwrap_or_default();
        let Self { rule, severity, title_zh, why_zh, case, .. } = self;
        let life = case.text();
        let life = if life.is_empty() { life } else { format!(": {life}") };
        format!("{rule} {severity:?} {title_zh} {month} {why_zh} [{}{life}]", case.state_zh)
    }
}
