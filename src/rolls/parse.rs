//! Typed values from cell text: days, months, amounts, categories, levels, components, status.
//!
//! Each function takes one text or number and gives the value, or nothing when it is not one of
//! the accepted forms; nothing is guessed. Amounts go from digits to fen without a float.

use std::borrow::Cow;

use super::clean;
use crate::{
    event::{LegacyStatus, Relation},
    policy::defaults::titles,
    value::{Category, Component, Day, Fen, HouseGrade, Level, Month, Programme},
};

/// The most one row may pay: ten million yuan. Above it a cell is a total or a typing error, and
/// a spreadsheet's float no longer tells whole fen from others.
pub(super) const AMOUNT_MAX: Fen = Fen(1_000_000_000);

/// Back-paid months above this are not a count of months but another number in the wrong column.
const MONTHS_MAX: u16 = 999;

/// What offices type into a cell to say that nothing belongs there.
const BLANK_MARKS: [&str; 8] = ["/", "\\", "-", "--", "—", "——", "无", "空"];

/// Says whether the text stands for an empty cell.
pub(super) fn is_blank_mark(text: &str) -> bool {
    BLANK_MARKS.contains(&clean::words(text).as_ref())
}

/// `2026-07-05`, `2026/7/5`, `2026.7.5`, `20260705`, `2026年7月5日`, with or without a time.
pub(super) fn day(text: &str) -> Option<Day> {
    let cleaned = clean::words(text);
    let date = cleaned.split_once([' ', 'T']).map_or(&*cleaned, |(date, time)| {
        let is_time = time.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'));
        if is_time { date } else { &*cleaned }
    });
    if let Some(number) = digits(date) {
        return if date.len() == 8 { day_of_number(number) } else { None };
    }
    let parts = match date.strip_suffix(['日', '号']) {
        Some(body) => {
            let (year, rest) = body.split_once('年')?;
            let (month, day) = rest.split_once('月')?;
            [year, month, day]
        }
        None => separated::<3>(date, ['-', '/', '.'])?,
    };
    let [year, month, day] = parts;
    Day::new(year_of(year)?, one_or_two(month)?, one_or_two(day)?).ok()
}

/// A number cell of the form `20260705`.
pub(super) fn day_of_number(number: u64) -> Option<Day> {
    let number = u32::try_from(number).ok()?;
    Day::new((number / 10_000).cast_signed(), number / 100 % 100, number % 100).ok()
}

/// `2026-07`, `2026/7`, `2026.07`, `202607`, `2026年7月`, or a whole day of the month. `2026.1`
/// is refused: a spreadsheet makes it from `2026.10`.
pub(super) fn month(text: &str) -> Option<Month> {
    let cleaned = clean::words(text);
    if let Some(number) = digits(&cleaned).filter(|_| cleaned.len() == 6) {
        return month_of_number(number);
    }
    let body = cleaned.strip_suffix('份').unwrap_or(&cleaned);
    let parts = if let Some(body) = body.strip_suffix('月') {
        let (year, month) = body.split_once('年')?;
        [year, month]
    } else if let Some(parts) = separated::<2>(body, ['-', '/']) {
        parts
    } else if let Some(parts) = separated::<2>(body, ['.']).filter(|parts| parts[1].len() == 2) {
        parts
    } else {
        return day(&cleaned).map(Day::month);
    };
    Month::new(year_of(parts[0])?, one_or_two(parts[1])?).ok()
}

/// A number cell of the form `202607`.
pub(super) fn month_of_number(number: u64) -> Option<Month> {
    let number = u32::try_from(number).ok()?;
    Month::new((number / 100).cast_signed(), number % 100).ok()
}

/// `60`, `60.00`, `60.00元`, `￥60.00`, `1,200.00`; never negative, at most `most`.
pub(super) fn amount(text: &str, most: Fen) -> Option<Fen> {
    let cleaned = clean::identifier(text);
    let body = ["¥", "人民币", "RMB"]
        .iter()
        .find_map(|sign| cleaned.strip_prefix(sign))
        .unwrap_or(&cleaned);
    let body = ["元整", "元"].iter().find_map(|unit| body.strip_suffix(unit)).unwrap_or(body);
    let (whole, part) = body.split_once('.').unwrap_or((body, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() == 1
        || (matches!(groups[0].len(), 1..=3) && groups[1..].iter().all(|g| g.len() == 3));
    let part_digits = part.trim_end_matches('0');
    if !grouped || part.is_empty() || part_digits.len() > 2 || !all_digits(part) {
        return None;
    }
    let yuan = digits(&groups.concat())?;
    let fen = digits(&format!("{part_digits:0<2}"))?;
    let total = i64::try_from(yuan.checked_mul(100)?.checked_add(fen)?).ok()?;
    (total <= most.0).then_some(Fen(total))
}

/// A number cell in yuan. A spreadsheet's sum may be off in the last binary digit: it must be
/// within a millionth of a fen of whole fen.
pub(super) fn amount_of_number(yuan: f64, most: Fen) -> Option<Fen> {
    let fen = yuan * 100.0;
    let whole = fen.round();
    // Integers below 2^53 are exact, so the cast loses nothing.
    #[expect(clippy::cast_precision_loss, reason = "the limit is far below 2^53")]
    let in_range = (0.0..=most.0 as f64).contains(&whole);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    (in_range && (fen - whole).abs() < 1e-6).then_some(Fen(whole as i64))
}

/// A count of months: `0`, `2`, `2个月`.
pub(super) fn months_count(text: &str) -> Option<u16> {
    let cleaned = clean::words(text);
    let body =
        ["个月", "月"].iter().find_map(|unit| cleaned.strip_suffix(unit)).unwrap_or(&cleaned);
    u16::try_from(digits(body)?).ok().filter(|count| *count <= MONTHS_MAX)
}

/// `C`, `C级`, `d级危房`.
pub(super) fn house_grade(text: &str) -> Option<HouseGrade> {
    let cleaned = clean::words(text);
    let body = cleaned.strip_suffix("危房").unwrap_or(&cleaned);
    let body = body.strip_suffix('级').unwrap_or(body);
    HouseGrade::from_name(&body.to_ascii_uppercase())
}

/// What a member is to the head of the household: nothing for the head, `Other` for a relation that
/// is none of the near ones. A text that speaks of the head in other words is none of them.
pub(super) fn relation_to_head(text: &str) -> Option<Option<Relation>> {
    const NEAR: [(Relation, &[&str]); 4] = [
        (Relation::Spouse, &["配偶", "夫", "妻", "丈夫", "妻子", "爱人"]),
        (Relation::Parent, &["父", "母", "父亲", "母亲", "父母", "养父", "养母", "继父", "继母"]),
        (
            Relation::Child,
            &[
                "子",
                "女",
                "儿子",
                "女儿",
                "子女",
                "独生子",
                "独生女",
                "长子",
                "长女",
                "次子",
                "次女",
                "二子",
                "二女",
                "三子",
                "三女",
                "四子",
                "四女",
                "五子",
                "五女",
                "养子",
                "养女",
                "继子",
                "继女",
            ],
        ),
        (
            Relation::Sibling,
            &["兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹", "兄弟", "姐妹", "兄弟姐妹"],
        ),
    ];
    let cleaned = clean::words(text);
    if matches!(&*cleaned, "户主" | "本人" | "户主本人" | "本人(户主)") {
        return Some(None);
    }
    if cleaned.contains("户主") || !cleaned.chars().all(clean::is_han) {
        return None;
    }
    let near = NEAR.into_iter().find(|(_, words)| words.contains(&&*cleaned));
    Some(Some(near.map_or(Relation::Other, |(relation, _)| relation)))
}

/// `肢体`, `肢体残疾`, `4`.
pub(super) fn category(text: &str) -> Option<Category> {
    let cleaned = clean::words(text);
    if let [digit @ b'1'..=b'7'] = cleaned.as_bytes() {
        return Category::from_digit(digit - b'0');
    }
    let body =
        ["残疾人", "残疾"].iter().find_map(|end| cleaned.strip_suffix(end)).unwrap_or(&cleaned);
    Category::ALL.into_iter().find(|category| category.zh() == body)
}

/// `二级`, `2级`, `2`, `Ⅱ级`, `II级`, `II`.
pub(super) fn level(text: &str) -> Option<Level> {
    let cleaned = clean::words(text);
    let level = match cleaned.strip_suffix('级').unwrap_or(&cleaned) {
        "1" | "一" | "壹" | "I" => 1,
        "2" | "二" | "贰" | "II" => 2,
        "3" | "三" | "叁" | "III" => 3,
        "4" | "四" | "肆" | "IV" => 4,
        _ => return None,
    };
    Level::new(level).ok()
}

/// `肢体二级;智力三级`, with `;`, `；`, `、`, `,`, `，`, `/` or `+` between the components, and the
/// level with or without `残疾` before it and brackets around it.
pub(super) fn components(text: &str) -> Option<Vec<Component>> {
    let cleaned = clean::words(text);
    cleaned
        .split([';', '、', ',', '/', '+', '。'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let category = Category::ALL.into_iter().find(|c| part.starts_with(c.zh()))?;
            let rest = &part[category.zh().len()..];
            let rest = rest.strip_prefix("残疾").unwrap_or(rest);
            let rest = rest.trim_start_matches(['(', ':']).trim_end_matches(')');
            let level = level(rest)?;
            (category != Category::Multiple).then_some(Component { category, level })
        })
        .collect::<Option<Vec<_>>>()
        .filter(|components| !components.is_empty())
}

/// `正常`, `冻结`, `注销`.
pub(super) fn status(text: &str) -> Option<LegacyStatus> {
    match &*clean::words(text) {
        "正常" | "有效" => Some(LegacyStatus::Normal),
        "冻结" | "已冻结" => Some(LegacyStatus::Frozen),
        "注销" | "已注销" => Some(LegacyStatus::Cancelled),
        _ => None,
    }
}

/// A programme by its name on the wire or the name offices use.
pub(super) fn programme(text: &str) -> Option<Programme> {
    let cleaned = clean::words(text);
    let titled = titles().iter().find(|(_, zh, _)| *zh == cleaned);
    titled.map_or_else(|| Programme::from_name(&cleaned), |(programme, ..)| Some(*programme))
}

/// A bank's answer: paid or returned.
pub(super) fn is_paid(text: &str) -> Option<bool> {
    let cleaned = clean::words(text);
    match &*cleaned {
        "成功" | "已发放" | "发放成功" | "交易成功" | "处理成功" | "入账成功" | "已入账"
        | "代发成功" | "已支付" | "paid" => Some(true),
        "失败" | "未发放" | "发放失败" | "交易失败" | "处理失败" | "入账失败" | "退回" | "退票"
        | "已退回" | "退汇" | "代发失败" | "returned" => Some(false),
        _ => None,
    }
}

/// Digits before and after letters as a spreadsheet writes a number it could not show:
/// `4.11702E+17`. The digits behind the sixteenth are gone.
pub(super) fn is_scientific(identifier: &str) -> bool {
    let Some((mantissa, exponent)) = identifier.split_once('E') else { return false };
    let marked = mantissa.contains('.') || exponent.starts_with('+');
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    marked && all_digits(&mantissa.replacen('.', "", 1)) && all_digits(exponent)
}

fn separated<const N: usize>(
    text: &str,
    signs: impl IntoIterator<Item = char>,
) -> Option<[&str; N]> {
    signs.into_iter().find_map(|sign| {
        let parts: Vec<&str> = text.split(sign).collect();
        parts.try_into().ok()
    })
}

fn year_of(text: &str) -> Option<i32> {
    if text.len() == 4 { i32::try_from(digits(text)?).ok() } else { None }
}

fn one_or_two(text: &str) -> Option<u32> {
    if matches!(text.len(), 1 | 2) { u32::try_from(digits(text)?).ok() } else { None }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn digits(text: &str) -> Option<u64> {
    if all_digits(text) { text.parse().ok() } else { None }
}

/// A division written as a code of six digits, or of nine or twelve whose first six are meant.
pub(super) fn division(text: &str) -> Option<crate::value::DivisionCode> {
    let cleaned: Cow<'_, str> = clean::identifier(text);
    let county = match cleaned.len() {
        6 => &*cleaned,
        9 | 12 if all_digits(&cleaned) => &cleaned[..6],
        _ => return None,
    };
    county.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days() {
        for text in [
            "2026-07-05",
            "2026/7/5",
            "2026.7.5",
            "20260705",
            "2026年7月5日",
            "2026年07月05号",
            " ２０２６－０７－０５ ",
            "2026-07-05 00:00:00",
            "2026-07-05T00:00:00",
            "2026 年 7 月 5 日",
        ] {
            assert_eq!(day(text).unwrap().to_string(), "2026-07-05", "{text}");
        }
        for bad in
            ["", "2026-07", "7/5/2026", "2026-02-30", "2026-7-5x", "202607050", "46208", "26-7-5"]
        {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn months() {
        for text in [
            "2026-07",
            "2026/7",
            "202607",
            "2026年7月",
            "2026年07月份",
            "2026.07",
            "２０２６年７月",
            "2026-07-01",
            "2026/7/31",
        ] {
            assert_eq!(month(text).unwrap().to_string(), "2026-07", "{text}");
        }
        for bad in ["", "2026", "2026.1", "2026-13", "7", "7月", "2026年", "2026-7-"] {
            assert_eq!(month(bad), None, "{bad}");
        }
    }

    #[test]
    fn amounts() {
        for (text, fen) in [
            ("60", 6000),
            ("60.0", 6000),
            ("60.00元", 6000),
            ("￥60.00", 6000),
            ("¥60", 6000),
            ("¥ 1,200.50", 120_050),
            ("60.000", 6000),
            ("0", 0),
            ("0.05", 5),
            ("6０．０0", 6000),
            ("10000000", 1_000_000_000),
        ] {
            assert_eq!(amount(text, AMOUNT_MAX), Some(Fen(fen)), "{text}");
        }
        for bad in [
            "",
            "-60",
            "60.005",
            "6,0",
            "1,20",
            "60.",
            ".5",
            "6e1",
            "六十",
            "60元0",
            "10000000.01",
            "99999999999999999999",
        ] {
            assert_eq!(amount(bad, AMOUNT_MAX), None, "{bad}");
        }
        assert_eq!(amount_of_number(60.0, AMOUNT_MAX), Some(Fen(6000)));
        assert_eq!(amount_of_number(0.1 + 0.2, AMOUNT_MAX), Some(Fen(30)));
        assert_eq!(amount_of_number(9_999_999.99, AMOUNT_MAX), Some(Fen(999_999_999)));
        for bad in [-60.0, 60.005, f64::NAN, f64::INFINITY, 1e15] {
            assert_eq!(amount_of_number(bad, AMOUNT_MAX), None, "{bad}");
        }
    }

    #[test]
    fn categories_levels_components() {
        for text in ["肢体", "肢体残疾", "4", "４", " 肢体 残疾"] {
            assert_eq!(category(text), Some(Category::Physical), "{text}");
        }
        for bad in ["", "0", "8", "肢", "肢体智力", "44"] {
            assert_eq!(category(bad), None, "{bad}");
        }
        for text in ["二级", "2", "2级", "Ⅱ级", "II级", "Ⅱ", "２级", "贰级"] {
            assert_eq!(level(text).map(Level::number), Some(2), "{text}");
        }
        for bad in ["", "0", "5", "级", "五级", "22"] {
            assert_eq!(level(bad), None, "{bad}");
        }
        for text in [
            "肢体二级;智力三级",
            "肢体二级；智力三级",
            "肢体二级、智力三级",
            "肢体残疾2级，智力残疾Ⅲ级",
            "肢体(二级);智力(三级);",
        ] {
            let found = components(text).unwrap();
            let found: Vec<_> = found.iter().map(|c| (c.category, c.level.number())).collect();
            assert_eq!(found, [(Category::Physical, 2), (Category::Intellectual, 3)], "{text}");
        }
        for bad in ["", ";", "肢体", "多重二级", "肢体二级智力三级"] {
            assert_eq!(components(bad), None, "{bad}");
        }
    }

    #[test]
    fn scientific_numbers_are_known() {
        for lost in ["4.11702E+17", "4E+17", "9.9E18"] {
            assert!(is_scientific(lost), "{lost}");
        }
        for kept in ["11010519491231002X", "E36616733", "6E12", "", "E+17", "1.2.3E+4"] {
            assert!(!is_scientific(kept), "{kept}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_dates_round_trip(
            text in "\\PC{0,16}",
            index in 0_u32..100_000,
        ) {
            let _ = (day(&text), month(&text), amount(&text, AMOUNT_MAX), category(&text));
            let _ = (level(&text), components(&text), status(&text), months_count(&text));
            let _ = (is_scientific(&text), division(&text));
            let date = Day::from_index(index);
            prop_assert_eq!(day(&date.to_string()), Some(date));
            prop_assert_eq!(month(&date.month().to_string()), Some(date.month()));
        }

        #[test]
        fn amounts_round_trip(fen in 0..=AMOUNT_MAX.0) {
            let text = Fen(fen).to_string();
            prop_assert_eq!(amount(&text, AMOUNT_MAX), Some(Fen(fen)));
            prop_assert_eq!(amount_of_number(text.parse().unwrap(), AMOUNT_MAX), Some(Fen(fen)));
        }
    }
}
