//! Refusals: the normal answer "the rules say no".
//!
//! Each use case has its own enum of refusals, so that its tests compare facts. Outside they are
//! all one [`Rejection`]: the rule, a stable code, a sentence, and what to do next, in English and in
//! Chinese. Both stand beside the rule itself: a refusal that lacks one does not compile.

use std::fmt;

use crate::crypto::StatementError;
use crate::event::{PayloadError, Role, title_of};
use crate::policy::{MonthDay, defaults};
use crate::tlog::TreeHash;
use crate::value::{
    ActorId, CaseId, ChainRole, ChainStep, Criterion, Day, DivisionCode, EvidenceKind, FactKind,
    Fen, Hash, KeyId, Lang, Month, Programme, Unit,
};

/// A fact for which a rule says no.
pub trait Refusal: std::error::Error {
    /// The rule or invariant, such as `I09`.
    fn rule(&self) -> &'static str;
    /// A stable word for programs, such as `notice_too_short`.
    fn code(&self) -> &'static str;
    /// What to do next.
    fn hint(&self) -> &'static str;
    /// The sentence in Chinese.
    fn sentence_zh(&self) -> String;
    /// What to do next, in Chinese.
    fn hint_zh(&self) -> &'static str;
}

/// A refusal as the submitter hears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The rule or invariant that says no.
    pub rule: &'static str,
    /// A stable word for programs.
    pub code: &'static str,
    /// What was wrong, without personal data.
    pub message: String,
    /// What to do next.
    pub hint: &'static str,
    /// What was wrong, in Chinese.
    pub message_zh: String,
    /// What to do next, in Chinese.
    pub hint_zh: &'static str,
}

impl<R: Refusal> From<R> for Rejection {
    fn from(refusal: R) -> Self {
        Self {
            rule: refusal.rule(),
            code: refusal.code(),
            message: refusal.to_string(),
            hint: refusal.hint(),
            message_zh: refusal.sentence_zh(),
            hint_zh: refusal.hint_zh(),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused by {} ({}): {}", self.rule, self.code, self.message)
    }
}

/// How a value stands in a Chinese sentence.
pub(crate) trait InChinese {
    /// The words.
    fn in_chinese(&self) -> String;
}

/// Values that are written the same in every language.
macro_rules! as_written {
    ($($type:ty),* $(,)?) => {
        $(impl InChinese for $type {
            fn in_chinese(&self) -> String {
                self.to_string()
            }
        })*
    };
}

as_written!(
    u8,
    u32,
    u64,
    usize,
    i32,
    String,
    ActorId,
    CaseId,
    Day,
    Fen,
    Hash,
    KeyId,
    Month,
    MonthDay,
    PayloadError,
    StatementError,
    TreeHash,
);

/// Names of a closed list, which has its words in both languages.
macro_rules! by_list {
    ($($type:ty),* $(,)?) => {
        $(impl InChinese for $type {
            fn in_chinese(&self) -> String {
                self.words(Lang::Zh).to_owned()
            }
        })*
    };
}

by_list!(ChainRole, ChainStep, Criterion, EvidenceKind, FactKind, Unit);

impl InChinese for Role {
    fn in_chinese(&self) -> String {
        self.zh().to_owned()
    }
}

impl InChinese for DivisionCode {
    fn in_chinese(&self) -> String {
        self.named(Lang::Zh)
    }
}

impl InChinese for Programme {
    fn in_chinese(&self) -> String {
        defaults::title(*self, Lang::Zh)
    }
}

/// Words that a sentence takes from the code: the name of an event type, or one of [`WORDS`].
impl InChinese for &'static str {
    fn in_chinese(&self) -> String {
        let word = || WORDS.iter().find(|(word, _)| word == self).map(|(_, zh)| *zh);
        title_of(self).or_else(word).unwrap_or(self).to_owned()
    }
}

const WORDS: &[(&str, &str)] = &[
    ("acceptance", "受理"),
    ("age", "年龄"),
    ("application", "申请"),
    ("assessment", "评定结论"),
    ("category", "残疾类别"),
    ("county", "县级"),
    ("level", "残疾等级"),
    ("notice", "公示"),
    ("prefecture", "市级"),
];

/// Declares an enum of refusals; each variant with its rule and code, and its sentence and hint in
/// English and in Chinese.
macro_rules! refusals {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($field:ident: $type:ty),* })? =
            $rule:literal, $code:literal, $message:literal, $hint:literal, $zh:literal,
            $hint_zh:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        $vis enum $name {
            $(
                $(#[$doc])*
                #[error($message)]
                #[allow(missing_docs, reason = "the sentence names its fields")]
                $variant $({ $($field: $type),* })?,
            )*
        }

        #[cfg(test)]
        impl $name {
            /// The rule and the code of every variant.
            #[allow(dead_code, reason = "asked for where a test goes through every refusal")]
            pub(crate) const CODES: &'static [(&'static str, &'static str)] = &[$(($rule, $code)),*];
        }

        #[cfg(test)]
        mod told_in_chinese {
            #[test]
            fn every_refusal_and_its_way_out() {
                $($crate::domain::refusal::tests::expect_told($code, $message, $zh, $hint_zh);)*
            }
        }

        impl $crate::domain::Refusal for $name {
            fn rule(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $rule,)*
                }
            }
            fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)*
                }
            }
            fn hint(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $hint,)*
                }
            }
            fn sentence_zh(&self) -> String {
                match self {
                    $(Self::$variant $({ $($field),* })? => {
                        $($(let $field = $crate::domain::refusal::InChinese::in_chinese($field);)*)?
                        format!($zh)
                    })*
                }
            }
            fn hint_zh(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $hint_zh,)*
                }
            }
        }
    };
}
pub(crate) use refusals;

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A refusal is told in Chinese, with the same particulars as in English.
    pub(crate) fn expect_told(code: &str, message: &str, zh: &str, hint_zh: &str) {
        for text in [zh, hint_zh] {
            assert!(text.chars().any(is_han), "{code}: {text}");
            assert!(!text.ends_with(['。', '.']), "{code}: whoever shows it ends the sentence");
        }
        assert_eq!(particulars(message), particulars(zh), "{code}");
    }

    fn is_han(c: char) -> bool {
        ('\u{4E00}'..='\u{9FFF}').contains(&c)
    }

    fn particulars(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn a_sentence_says_its_particulars_in_its_language() {
        use crate::domain::admission::Refused;
        let refused = Refused::RoleMayNotSign { role: Role::Clerk, name: "certificate.approved" };
        let rejection = Rejection::from(refused);
        assert_eq!(rejection.message, "a clerk may not sign certificate.approved");
        assert_eq!(rejection.message_zh, "受理人不能签署“批准发证”");
        assert!(rejection.hint_zh.contains("events/README.md"));
    }
}
