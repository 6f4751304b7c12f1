//! How a name sounds: its pinyin without tones, so that names written with other characters of the
//! same sound are found.

use pinyin::ToPinyin;

/// The sound of a name, such as `zhangwei`: one reading for each character, without tones.
/// Letters and digits stand as they are, in lower case; marks between parts of a name do not count.
/// `None` when nothing is left.
#[must_use]
pub fn sound(name: &str) -> Option<String> {
    let mut sound = String::with_capacity(name.len() * 2);
    for (character, reading) in name.chars().zip(name.to_pinyin()) {
        match reading {
            Some(reading) => sound.push_str(reading.plain()),
            None if character.is_alphanumeric() => sound.extend(character.to_lowercase()),
            None => {}
        }
    }
    (!sound.is_empty()).then_some(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_one_sound_are_one() {
        for (one, other) in [("张伟", "章炜"), ("李丽", "黎莉"), ("买买提·艾力", "买买提艾力")]
        {
            assert_eq!(sound(one), sound(other));
        }
        assert_eq!(sound("张伟").as_deref(), Some("zhangwei"));
        assert_ne!(sound("张伟"), sound("张威武"));
        assert_eq!(sound("Wang A").as_deref(), Some("wanga"));
        assert_eq!(sound("·"), None);
    }
}
