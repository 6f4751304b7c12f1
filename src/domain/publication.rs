//! Policies, calendars and institutions: what decisions are made under (I41).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{State, refusal::refusals};
use crate::event::{
    CalendarPublished, InstitutionDesignated, InstitutionSuspended, PolicyPublished, Recorded,
};
use crate::policy::{self, CalendarData, Policy, PolicyError};
use crate::value::{ActorId, Category, Day, DivisionCode, Hash, Label, Subject};

refusals! {
    /// Why a publication is refused.
    pub enum Refused {
        /// The hash is not the text's.
        HashDiffers = "I41", "policy_hash_differs", "data.hash is not the hash of data.text",
            "compute the hash from the very text that is published",
            "所填哈希不是政策文本的哈希",
            "请按发布的文本计算哈希";
        /// The policy contradicts itself or cannot be read.
        BadPolicy { why: String } = "I41", "policy_refused", "the policy is refused: {why}",
            "correct the policy text",
            "政策不予接受：{why}",
            "请更正政策文本";
        /// The subject is not the policy's own programme.
        WrongProgramme = "I41", "policy_subject_differs",
            "the subject is not the programme that the policy names", "correct the subject",
            "对象不是政策所写的项目",
            "请更正对象";
        /// The policy is for a division that the signer does not cover.
        WrongDivision { own: DivisionCode, other: DivisionCode } = "I02", "wrong_division",
            "a signer of {own} may not publish for {other}",
            "an actor of that division, or of one above it, has to publish",
            "{own} 的签署人不能为 {other} 发布",
            "请由该区划或其上级区划的人员发布";
        /// The version stands for another text already.
        VersionTaken { version: u32 } = "I41", "policy_version_taken",
            "version {version} of this policy is published with another text",
            "give the new text the next version",
            "该政策的第 {version} 版已发布，文本不同",
            "请给新文本编下一版本";
        /// The calendar contradicts itself.
        BadCalendar { why: String } = "I41", "calendar_refused", "the calendar is refused: {why}",
            "correct the days",
            "工作日历不予接受：{why}",
            "请更正日期";
        /// A decision names a policy that is not published.
        PolicyUnknown { hash: Hash } = "I41", "policy_unknown", "policy {hash} is not published",
            "publish the policy first, or name the one in force",
            "政策 {hash} 没有发布",
            "请先发布该政策，或写明现行政策";
        /// The institution's span is empty.
        SpanEmpty = "I05", "span_empty", "the last day is before the first day", "correct the days",
            "截止日早于起始日",
            "请更正日期";
        /// No such institution.
        UnknownInstitution { code: ActorId } = "I05", "unknown_institution",
            "institution {code} is not designated", "have it designated first",
            "机构 {code} 没有指定",
            "请先指定该机构";
    }
}

/// A designated assessment institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Its name.
    pub name: Label,
    /// Its division.
    pub division: DivisionCode,
    /// The categories it may assess.
    pub categories: Vec<Category>,
    /// How many it may house or care for at once, when it is a facility of care.
    pub capacity: Option<u32>,
    /// First day.
    pub valid_from: Day,
    /// Last day.
    pub valid_to: Option<Day>,
    /// No longer designated.
    pub suspended: bool,
}

impl Institution {
    /// Says whether it is designated on that day.
    #[must_use]
    pub fn stands(&self, day: Day) -> bool {
        !self.suspended && self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Says whether it may assess that category on that day.
    #[must_use]
    pub fn may_assess(&self, category: Category, day: Day) -> bool {
        self.stands(day) && (category == Category::Multiple || self.categories.contains(&category))
    }
}

/// Every institution ever designated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institutions(BTreeMap<ActorId, Institution>);

impl Institutions {
    /// The institution of that code.
    #[must_use]
    pub fn find(&self, code: &ActorId) -> Option<&Institution> {
        self.0.get(code)
    }

    /// Every institution with its code.
    pub fn iter(&self) -> impl Iterator<Item = (&ActorId, &Institution)> {
        self.0.iter()
    }

    pub(super) fn decide_designated(data: &InstitutionDesignated) -> Result<(), Refused> {
        if data.valid_to.is_some_and(|to| to < data.valid_from) {
            return Err(Refused::SpanEmpty);
        }
        Ok(())
    }

    pub(super) fn decide_suspended(&self, code: &ActorId) -> Result<(), Refused> {
        if self.0.contains_key(code) {
            Ok(())
        } else {
            Err(Refused::UnknownInstitution { code: code.clone() })
        }
    }

    pub(super) fn designate(&mut self, code: &ActorId, data: &InstitutionDesignated) {
        let institution = Institution {
            name: data.name.clone(),
            division: data.division,
            categories: data.categories.clone(),
            capacity: data.capacity,
            valid_from: data.valid_from,
            valid_to: data.valid_to,
            suspended: false,
        };
        self.0.insert(code.clone(), institution);
    }

    pub(super) fn suspend(&mut self, code: &ActorId, _data: &InstitutionSuspended) {
        if let Some(institution) = self.0.get_mut(code) {
            institution.suspended = true;
        }
    }
}

/// Decides a `policy.published`.
pub(super) fn decide_policy(
    state: &State,
    event: &Recorded,
    data: &PolicyPublished,
) -> Result<(), Refused> {
    if policy::hash(&data.text) != data.hash {
        return Err(Refused::HashDiffers);
    }
    let policy =
        Policy::parse(&data.text).map_err(|error| Refused::BadPolicy { why: named(&error) })?;
    if event.subject != Subject::Programme(policy.name.to_string()) {
        return Err(Refused::WrongProgramme);
    }
    let own = event.signer.division;
    if !own.covers(policy.division) {
        return Err(Refused::WrongDivision { own, other: policy.division });
    }
    if state.policies.version_taken(&policy, &data.hash).is_some() {
        return Err(Refused::VersionTaken { version: policy.version });
    }
    Ok(())
}

/// Decides a `calendar.published`.
pub(super) fn decide_calendar(data: &CalendarPublished) -> Result<(), Refused> {
    if policy::hash(&data.text) != data.hash {
        return Err(Refused::HashDiffers);
    }
    CalendarData::parse(&data.text).map_err(|error| Refused::BadCalendar { why: named(&error) })?;
    Ok(())
}

/// What is wrong with a text, and the name of the rule that says so.
fn named(error: &PolicyError) -> String {
    format!("{error} ({})", error.code())
}

/// I41: a decision that names a policy names one that was published before it.
pub(super) fn decide_policy_named(state: &State, event: &Recorded) -> Result<(), Refused> {
    match event.payload.policy {
        Some(hash) if !state.policies.published_before(&hash, event.index) => {
            Err(Refused::PolicyUnknown { hash })
        }
        _ => Ok(()),
    }
}
