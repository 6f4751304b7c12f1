//! The name of a benefit programme: an open list, kept by the published policies.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Malformed;

/// A benefit programme, by its name on the wire.
///
/// Any name of the right form is a programme's name: what it grants, to whom and under which title
/// its published policy says, and a decision about one without a policy in force is refused. The
/// constants are the programmes that the code itself speaks of, because a roll or a rule is about
/// them alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Programme {
    /// The name, filled up with zeros: it orders as the name does.
    bytes: [u8; Self::LEN_MAX],
}

impl Programme {
    /// Shortest name.
    pub const LEN_MIN: usize = 2;
    /// Longest name.
    pub const LEN_MAX: usize = 32;
    /// The form of a name.
    pub const PATTERN: &'static str = "^[a-z][a-z0-9_]{1,31}$";

    /// 困难残疾人生活补贴
    pub const LIVING_ALLOWANCE: Self = Self::known("living_allowance");
    /// 重度残疾人护理补贴
    pub const NURSING_CARE_SUBSIDY: Self = Self::known("nursing_care_subsidy");
    /// 残疾人机动轮椅车燃油补贴
    pub const FUEL_SUBSIDY: Self = Self::known("fuel_subsidy");

    /// 残疾儿童康复救助
    pub const CHILD_REHAB_AID: Self = Self::known("child_rehab_aid");
    /// 辅助器具适配
    pub const ASSISTIVE_DEVICE: Self = Self::known("assistive_device");
    /// 社区康复服务
    pub const COMMUNITY_REHABILITATION: Self = Self::known("community_rehabilitation");
    /// 托养服务
    pub const CARE_PLACEMENT: Self = Self::known("care_placement");
    /// 日间照料服务
    pub const DAY_CARE: Self = Self::known("day_care");
    /// 危房改造
    pub const HOUSE_RENOVATION: Self = Self::known("house_renovation");
    /// 家庭无障碍改造
    pub const HOME_ADAPTATION: Self = Self::known("home_adaptation");
    /// 就业安置
    pub const EMPLOYMENT: Self = Self::known("employment");
    /// “互联网+”居家就业
    pub const REMOTE_WORK: Self = Self::known("remote_work");
    /// 职业技能培训
    pub const VOCATIONAL_TRAINING: Self = Self::known("vocational_training");

    /// The programme of a name written in the code.
    const fn known(name: &str) -> Self {
        match Self::parse(name.as_bytes()) {
            Some(programme) => programme,
            None => panic!("the name has the form of a programme's name"),
        }
    }

    const fn parse(name: &[u8]) -> Option<Self> {
        if name.len() < Self::LEN_MIN || name.len() > Self::LEN_MAX {
            return None;
        }
        let mut bytes = [0; Self::LEN_MAX];
        let mut at = 0;
        while at < name.len() {
            let is_letter = name[at].is_ascii_lowercase();
            if !is_letter && (at == 0 || !(name[at].is_ascii_digit() || name[at] == b'_')) {
                return None;
            }
            bytes[at] = name[at];
            at += 1;
        }
        Some(Self { bytes })
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        let len = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(Self::LEN_MAX);
        std::str::from_utf8(&self.bytes[..len]).expect("a name was parsed as ASCII")
    }

    /// The programme of a name on the wire, if it has the form of one.
    #[must_use]
    pub const fn from_name(name: &str) -> Option<Self> {
        Self::parse(name.as_bytes())
    }
}

impl fmt::Display for Programme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Programme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Programme {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let why = "2 to 32 small letters, digits and underscores, a letter first";
        Self::from_name(text).ok_or(Malformed::new("programme", why))
    }
}

/// Text everywhere: in stored rows too, where it is one byte longer than the name.
impl Serialize for Programme {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Programme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl de::Visitor<'_> for Name {
            type Value = Programme;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a programme")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Programme, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Name)
    }
}

impl schemars::JsonSchema for Programme {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Programme".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "title": "programme", "type": "string", "pattern": Self::PATTERN })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_form() {
        for good in ["living_allowance", "a1", "winter_fuel_2026", &"a".repeat(32)] {
            let programme: Programme = good.parse().unwrap();
            assert_eq!(programme.name(), good);
            assert_eq!(serde_json::to_string(&programme).unwrap(), format!("\"{good}\""));
        }
        for bad in ["", "a", "1a", "_a", "Living", "living-allowance", "生活", &"a".repeat(33)] {
            assert!(bad.parse::<Programme>().is_err(), "{bad}");
            assert!(serde_json::from_str::<Programme>(&format!("\"{bad}\"")).is_err(), "{bad}");
        }
        assert!("a\0".parse::<Programme>().is_err());
    }

    #[test]
    fn names_order_as_text_and_are_short_in_rows() {
        let mut names = ["fuel_subsidy", "fuel", "a_b", "ab", "dibao2", "dibao"];
        let mut programmes = names.map(|name| name.parse::<Programme>().unwrap());
        names.sort_unstable();
        programmes.sort_unstable();
        assert_eq!(programmes.map(|programme| programme.to_string()), names);
        let bytes = postcard::to_stdvec(&Programme::FUEL_SUBSIDY).unwrap();
        assert_eq!(bytes.len(), 1 + "fuel_subsidy".len());
        assert_eq!(postcard::from_bytes(&bytes), Ok(Programme::FUEL_SUBSIDY));
    }
}
