//! Which one home an address names, whatever way it is written.
//!
//! An address is a home's only when it goes down to its door: a flat by building and room, or a
//! house of a village by its number. A street number is a building of many homes, and a village
//! alone is all of its houses: neither says that two households live under one roof.

/// Longest address that is read, in bytes.
const LEN_MAX: usize = 300;

/// What follows the number of a part of an address.
const UNITS: [char; 12] = ['组', '队', '号', '楼', '栋', '幢', '座', '排', '单', '室', '户', '层'];
/// What a part of an address below the county ends with.
const PLACES: [char; 7] = ['镇', '乡', '村', '街', '路', '庄', '屯'];
/// A `区` after one of these is an estate, not a district.
const ESTATES: [char; 7] = ['小', '社', '园', '校', '厂', '活', '属'];

/// The home that an address names, in one form: from the township down, without spaces and marks,
/// numbers in digits without leading zeros. `None` where it names no single home.
#[must_use]
pub fn dwelling(address: &str) -> Option<String> {
    if address.len() > LEN_MAX {
        return None;
    }
    let text: Vec<char> = digits(&plain(address));
    let text = below_county(&text);
    names_one(text).then(|| text.iter().collect())
}

/// Letters, digits and Chinese characters; a mark between two digits keeps them apart.
fn plain(address: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(address.len());
    let mut parted = false;
    for c in address.chars() {
        if !c.is_alphanumeric() {
            parted = true;
            continue;
        }
        let between = c.is_ascii_digit() && out.last().is_some_and(char::is_ascii_digit);
        if parted && between {
            out.push('-');
        }
        parted = false;
        out.extend(c.to_uppercase());
    }
    out
}

/// Numbers before a unit as digits: `第三组` and `03组` are `3组`.
fn digits(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text.get(at) {
        let end = |is: fn(&char) -> bool, from: usize| {
            text[from..].iter().position(|c| !is(c)).map_or(text.len(), |length| from + length)
        };
        let from = at + usize::from(*c == '第');
        let words_end = end(|c| numeral(*c).is_some(), from);
        let number_end = end(char::is_ascii_digit, from);
        let is_unit = |end: usize| text.get(end).is_some_and(|c| UNITS.contains(c));
        if words_end > from && is_unit(words_end) {
            out.extend(spelled(&text[from..words_end]));
            at = words_end;
        } else if number_end > from {
            let number = &text[from..number_end];
            let zeros = number.iter().take_while(|c| **c == '0').count();
            out.extend(&number[zeros.min(number.len() - 1)..]);
            at = number_end;
        } else {
            out.push(*c);
            at += 1;
        }
    }
    out
}

const fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// A spelled number under a hundred, or digits spelled one by one.
fn spelled(number: &[char]) -> Vec<char> {
    let digit = |c: &char| numeral(*c).and_then(|value| char::from_digit(value, 10));
    let Some(ten) = number.iter().position(|c| *c == '十') else {
        return number.iter().filter_map(digit).collect();
    };
    let (tens, ones) = (&number[..ten], &number[ten + 1..]);
    let mut out: Vec<char> =
        if tens.is_empty() { vec!['1'] } else { tens.iter().filter_map(digit).collect() };
    if ones.is_empty() {
        out.push('0');
    }
    out.extend(ones.iter().filter_map(digit));
    out
}

/// Without province, city, county or district, which lists write or leave out.
fn below_county(text: &[char]) -> &[char] {
    let mut rest = text;
    for end in ['省', '市', '市', '县', '区'] {
        // Their names have two to five characters.
        let found = rest.iter().take(6).position(|c| *c == end).filter(|at| *at >= 2);
        let Some(at) = found else { continue };
        let after = &rest[at + 1..];
        let is_estate = end == '区' && ESTATES.contains(&rest[at - 1]);
        if !is_estate && after.iter().any(|c| PLACES.contains(c)) {
            rest = after;
        }
    }
    rest
}

fn names_one(text: &[char]) -> bool {
    let Some((last, before)) = text.split_last() else { return false };
    let after_digit = before.last().is_some_and(char::is_ascii_digit);
    let has = |signs: &[char]| text.iter().any(|c| signs.contains(c));
    let in_building =
        has(&['楼', '栋', '幢', '座']) || text.windows(2).any(|two| two == ['单', '元']);
    let flat = match last {
        '室' => after_digit,
        '户' => true,
        c => c.is_ascii_digit(),
    };
    let house = matches!(last, '号' | '户') && after_digit;
    if in_building { flat } else { house && has(&['村', '组', '队', '屯']) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_home_is_one_text() {
        for (one, other) in [
            ("河南省驻马店市驿城区刘阁镇东村三组 5 号", "刘阁镇东村3组5号"),
            ("驻马店市 遂平县 城关镇 西街村 第十二组 07 号", "城关镇西街村12组7号"),
            ("幸福小区3号楼2单元301室", "幸福小区 3 号楼 2 单元 301 室"),
            ("东村二十组一号", "东村20组1号"),
            ("东村一〇一队10户", "东村101队10户"),
            ("文化路12号院4-2-301", "文化路12号院 4-2-301"),
        ] {
            assert_eq!(dwelling(one), dwelling(other), "{one}");
        }
        assert_eq!(
            dwelling("驻马店市驿城区刘阁镇东村三组5号").as_deref(),
            Some("刘阁镇东村3组5号")
        );
    }

    #[test]
    fn other_homes_are_other_texts() {
        for (one, other) in [
            ("幸福小区3号楼2单元301室", "幸福小区3号楼2单元302室"),
            ("幸福小区3号楼2单元301室", "安康小区3号楼2单元301室"),
            ("东村3组5号", "西村3组5号"),
            ("东村3组15号", "东村3组5号"),
            ("东村5楼3-12", "东村5楼31-2"),
        ] {
            let (one, other) = (dwelling(one).unwrap(), dwelling(other).unwrap());
            assert_ne!(one, other);
        }
    }

    #[test]
    fn what_holds_many_homes_is_none() {
        for address in [
            "",
            "驿城区刘阁镇东村",
            "刘阁镇东村3组",
            "文化路12号",
            "文化路12号院",
            "幸福小区3号楼",
            "幸福小区3号楼2单元",
            "刘阁镇东村3组5号院",
            "·",
        ] {
            assert_eq!(dwelling(address), None, "{address}");
        }
        assert_eq!(dwelling(&format!("{}村3组5号", "东".repeat(LEN_MAX))), None);
    }
}
