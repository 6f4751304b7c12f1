//! Every word of the pages. A group is declared here and filled in both files: a word that one
//! language lacks does not compile.

mod en;
mod zh;

use crate::event::Role;
use crate::value::Lang;

/// Declares the groups: name, type, words.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $group:ident: $type:ident { $($word:ident),* $(,)? })*) => {
        /// Every word, in groups.
        pub(super) struct Words {
            $(pub(super) $group: $type,)*
        }

        $(
            $(#[$doc])*
            pub(super) struct $type {
                $(pub(super) $word: &'static str,)*
            }
        )*
    };
}

catalogue! {
    /// What stands around every page.
    frame: Frame {
        name, tagline, skip, demo, menu, settings, sign_in, sign_out, theme_system, theme_light,
        theme_dark, current_to, judged_on, checkpoint, ledger,
    }
    /// The menu.
    nav: Nav {
        overview, people, certificates, payments, flags, report, programmes, actors, looks,
        entries, notices, check,
    }
    /// Words that many pages use.
    common: Common {
        nothing, next_page, first_page, search, filter, clear, show, all, any, yes, no, person,
        certificate, division, province, prefecture, county, programme, month, amount, date,
        status, kind, entry, actor, role, organisation, events, reset, optional, from, to, details,
        download, back, unknown,
    }
    /// Signing in.
    sign_in: SignIn {
        title, what, needs_script, actor, key_missing, make_key, begin, once, demo_title,
        demo_what, demo_enter, ended, clock,
    }
    /// A problem.
    trouble: Trouble { title, what_to_do, rule, code, to_sign_in, to_overview, signed_in_as }
    /// The overview.
    overview: Overview { title, welcome, role_does }
}

/// The words of a language.
pub(super) const fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &zh::WORDS,
        Lang::En => &en::WORDS,
    }
}

/// What a role does, in a sentence.
pub(super) const fn does(lang: Lang, role: Role) -> &'static str {
    match lang {
        Lang::Zh => zh::does(role),
        Lang::En => en::does(role),
    }
}

/// A fault of a request in words, and what to do, by its code; none for what the rules say, which
/// they say in English.
pub(super) fn fault(lang: Lang, code: &str) -> Option<(&'static str, &'static str)> {
    match lang {
        Lang::Zh => zh::fault(code),
        Lang::En => en::fault(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::problem::Fault;

    #[test]
    fn every_fault_is_told_in_both_languages() {
        for fault in Fault::ALL {
            for lang in [Lang::Zh, Lang::En] {
                assert!(fault_words(lang, *fault), "{fault:?}");
            }
        }
    }

    fn fault_words(lang: Lang, known: Fault) -> bool {
        fault(lang, known.code())
            .is_some_and(|(detail, hint)| !detail.is_empty() && !hint.is_empty())
    }
}
