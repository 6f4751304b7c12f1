//! Refusals: the normal answer "the rules say no".
//!
//! Each use case has its own enum of refusals, so that its tests compare facts. Outside they are
//! all one [`Rejection`]: the rule, a stable code, a sentence, and what to do next.

use std::fmt;

/// A fact for which a rule says no.
pub trait Refusal: std::error::Error {
    /// The rule or invariant, such as `I09`.
    fn rule(&self) -> &'static str;
    /// A stable word for programs, such as `notice_too_short`.
    fn code(&self) -> &'static str;
    /// What to do next.
    fn hint(&self) -> &'static str;
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
}

impl<R: Refusal> From<R> for Rejection {
    fn from(refusal: R) -> Self {
        Self {
            rule: refusal.rule(),
            code: refusal.code(),
            message: refusal.to_string(),
            hint: refusal.hint(),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused by {} ({}): {}", self.rule, self.code, self.message)
    }
}

/// Declares an enum of refusals; each variant with its rule, code, sentence and hint.
macro_rules! refusals {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($field:ident: $type:ty),* })? =
            $rule:literal, $code:literal, $message:literal, $hint:literal;)*
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
        }
    };
}
pub(crate) use refusals;
