//! Cleaning of cell text: the same value typed in two ways becomes one text.
//!
//! Three kinds of text are cleaned: words (places, institutions, reasons), names of people, and
//! identifiers (citizen ID, certificate, account, telephone, vehicle numbers). Each function
//! gives back the text itself when nothing had to change, never panics, and changes nothing when
//! applied a second time. Knows nothing of columns or files.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use zeroize::Zeroize;

/// Words: full-width letters and signs made half-width, invisible characters dropped, outer
/// spaces dropped, inner spaces dropped beside a Han character and joined to one elsewhere.
#[must_use]
pub fn words(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    settle(text, |text| {
        let folded = fold(text);
        let mut out = String::with_capacity(folded.len());
        let mut gap = false;
        for c in folded.chars() {
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if gap && out.chars().next_back().is_some_and(|last| !is_han(last) && !is_han(c)) {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        }
        out
    })
}

/// A person's name: words, with every sign used as a middle dot written `·` (U+00B7).
#[must_use]
pub fn name(text: &str) -> Cow<'_, str> {
    let cleaned = words(text);
    if !cleaned.chars().any(|c| is_dot(c) || c == '.') {
        return cleaned;
    }
    let chars: Vec<char> = cleaned.chars().collect();
    let between_han = |at: usize| {
        at > 0 && is_han(chars[at - 1]) && chars.get(at + 1).is_some_and(|c| is_han(*c))
    };
    let dotted = chars.iter().enumerate().map(|(at, c)| match *c {
        '.' if between_han(at) => '·',
        c if is_dot(c) => '·',
        c => c,
    });
    Cow::Owned(dotted.collect())
}

/// An identifier: half-width, without any space, capital letters; the marks that spreadsheets put
/// around numbers kept as text (a leading apostrophe, `="..."`) are dropped.
#[must_use]
pub fn identifier(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    settle(text, |text| {
        let mut folded = fold(text);
        let bare: String =
            folded.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        folded.zeroize();
        let bare = zeroize::Zeroizing::new(bare);
        bare.trim_start_matches(['\'', '`', '\u{2018}', '\u{2019}', '=', '"'])
            .trim_end_matches('"')
            .to_owned()
    })
}

/// A label (header, title, file name) for comparison: folded, lower-case, without spaces.
#[must_use]
pub(super) fn label(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Nothing but spaces and invisible characters.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// A Chinese character.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Repeats `pass` until the text stays: dropping a character can bring two others together that
/// compose. Every pass that changes something shortens the text or its decomposition.
fn settle(text: &str, pass: impl Fn(&str) -> String) -> Cow<'_, str> {
    let mut now = pass(text);
    if now == text {
        now.zeroize();
        return Cow::Borrowed(text);
    }
    loop {
        let mut next = pass(&now);
        if next == now {
            next.zeroize();
            return Cow::Owned(now);
        }
        now.zeroize();
        now = next;
    }
}

/// Compatibility composition (full-width to half-width, `Ⅱ` to `II`) without invisible characters.
fn fold(text: &str) -> String {
    let visible = || text.chars().filter(|c| !is_invisible(*c));
    if is_nfkc_quick(visible()) == IsNormalized::Yes {
        visible().collect()
    } else {
        visible().nfkc().collect()
    }
}

/// Characters that every cleaning leaves as they are: printable ASCII and the common Han block.
const fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{4E00}'..='\u{9FFF}')
}

/// Zero-width and direction marks, soft hyphens and control characters other than spaces.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{FEFF}')
        || (c.is_control() && !c.is_whitespace())
}

/// Signs that keyboards give for the middle dot of transcribed names.
const fn is_dot(c: char) -> bool {
    matches!(c, '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_names() {
        for (typed, expected) in [
            ("李生林　", "李生林"),
            ("　范 艳", "范艳"),
            ("丁\u{3000}瑞", "丁瑞"),
            ("\u{200B}丁瑞\u{FEFF}", "丁瑞"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("阿依古丽・买买提", "阿依古丽·买买提"),
            ("阿依古丽．买买提", "阿依古丽·买买提"),
            ("阿依古丽 · 买买提", "阿依古丽·买买提"),
            ("Anna  Maria", "Anna Maria"),
            ("Ａｎｎａ", "Anna"),
            ("J. Smith", "J. Smith"),
            ("", ""),
        ] {
            assert_eq!(name(typed), expected, "{typed:?}");
        }
        assert_eq!(words("县医院（东院）"), "县医院(东院)");
        assert!(matches!(words("县医院"), Cow::Borrowed(_)));
    }

    #[test]
    fn identifiers() {
        for typed in [
            "11010519491231002X",
            "11010519491231002x",
            " 110105 19491231 002X\t",
            "'11010519491231002X",
            "＇11010519491231002Ｘ",
            "１１０１０５１９４９１２３１００２Ｘ",
            "=\"11010519491231002X\"",
            "11010519491231002X\u{A0}",
            "\u{202D}11010519491231002X\u{202C}",
        ] {
            assert_eq!(identifier(typed), "11010519491231002X", "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_is_idempotent(
            text in "\\PC{0,12}|[ \u{3000}\u{200B}'\"=·・.xX１Ⅱ張e\u{301}a]{0,12}",
        ) {
            for clean in [words, name, identifier] {
                let once = clean(&text).into_owned();
                prop_assert_eq!(&*clean(&once), &once);
            }
        }
    }
}
