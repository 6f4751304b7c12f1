//! The policies and the calendar that ship with the program, as texts.
//!
//! They are made from the rules cited in each text; what no rule was found for stands as a comment
//! and, for amounts, is unset. They govern nothing until someone publishes them.

use std::sync::LazyLock;

use super::{Policy, PolicyBody};
use crate::value::{Lang, PolicyName, Programme};

/// The working-day calendar, 2018 to 2026.
pub const CALENDAR: &str = include_str!("data/calendar.toml");

/// The certificate policy.
pub const CERTIFICATE: &str = include_str!("data/certificate.toml");

/// The shipped policies, by file name, the certificate first.
pub const POLICIES: [(&str, &str); 19] = [
    ("certificate", CERTIFICATE),
    ("living_allowance", include_str!("data/living_allowance.toml")),
    ("nursing_care_subsidy", include_str!("data/nursing_care_subsidy.toml")),
    ("fuel_subsidy", include_str!("data/fuel_subsidy.toml")),
    ("dibao", include_str!("data/dibao.toml")),
    ("extreme_poverty_support", include_str!("data/extreme_poverty_support.toml")),
    ("poverty_register", include_str!("data/poverty_register.toml")),
    ("house_renovation", include_str!("data/house_renovation.toml")),
    ("home_adaptation", include_str!("data/home_adaptation.toml")),
    ("care_placement", include_str!("data/care_placement.toml")),
    ("day_care", include_str!("data/day_care.toml")),
    ("child_rehab_aid", include_str!("data/child_rehab_aid.toml")),
    ("community_rehabilitation", include_str!("data/community_rehabilitation.toml")),
    ("education_aid", include_str!("data/education_aid.toml")),
    ("assistive_device", include_str!("data/assistive_device.toml")),
    ("employment", include_str!("data/employment.toml")),
    ("remote_work", include_str!("data/remote_work.toml")),
    ("vocational_training", include_str!("data/vocational_training.toml")),
    ("paired_support", include_str!("data/paired_support.toml")),
];

/// The shipped programmes with their titles in Chinese and English, in the order of
/// [`POLICIES`]: words for a programme where no published policy is at hand.
pub fn titles() -> &'static [(Programme, String, String)] {
    static TITLES: LazyLock<Vec<(Programme, String, String)>> = LazyLock::new(|| {
        let titled = |text| {
            let policy = Policy::parse(text).expect("a shipped policy is checked by its tests");
            let (PolicyName::Programme(programme), PolicyBody::Programme(body)) =
                (policy.name, policy.body)
            else {
                return None;
            };
            Some((programme, body.title_zh?, body.title_en?))
        };
        defaults().filter_map(titled).collect()
    });
    &TITLES
}

/// What people call a shipped programme; any other goes by its name.
#[must_use]
pub fn title(programme: Programme, lang: Lang) -> String {
    let found = titles().iter().find(|(name, ..)| *name == programme);
    found.map_or_else(
        || programme.to_string(),
        |(_, zh, en)| match lang {
            Lang::Zh => zh.clone(),
            Lang::En => en.clone(),
        },
    )
}

/// The texts of the shipped policies, the certificate first.
pub fn defaults() -> impl Iterator<Item = &'static str> {
    POLICIES.into_iter().map(|(_, text)| text)
}
