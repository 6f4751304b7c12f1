//! Which roll it is: headers first, then title rows, sheet name and file name, then the hint.
//!
//! The living allowance and the nursing-care subsidy have the same columns, and so have the lists
//! of households and of persons in care: words decide, and where words disagree nothing is
//! guessed. Knows nothing of cells.

use std::collections::BTreeSet;

use super::{
    clean,
    error::{RollError, Source},
    kind::{Hint, Period, RollKind},
};
use crate::value::{Month, Programme};

/// What one place says, as a label.
pub(super) type Said<'a> = (Source, &'a str);

/// The kind, and the span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) kind: RollKind,
    pub(super) month: Option<Month>,
    pub(super) year: Option<i32>,
}

/// Words in titles and names, and the kinds each of them allows.
const WORDS: [(&[&str], &[RollKind]); 25] = {
    use Programme as P;
    use RollKind as K;
    [
        (
            &["生活补贴", "living_allowance"],
            &[K::LivingAllowance, K::BankResult(P::LIVING_ALLOWANCE)],
        ),
        (
            &["护理补贴", "nursing_care_subsidy"],
            &[K::NursingCareSubsidy, K::BankResult(P::NURSING_CARE_SUBSIDY)],
        ),
        (&["燃油", "fuel_subsidy"], &[K::FuelSubsidy, K::BankResult(P::FUEL_SUBSIDY)]),
        (&["低保", "最低生活保障", "dibao"], &[K::Dibao]),
        (&["特困", "extreme_poverty"], &[K::ExtremePoverty]),
        (&["孤儿", "orphan"], &[K::Orphan]),
        (&["工伤", "work_injury"], &[K::WorkInjuryNursing]),
        (&["死亡", "deaths"], &[K::Deaths]),
        (&["服刑", "在押", "prisoners"], &[K::Prisoners]),
        (&["机构账户", "机构账号", "institution_accounts"], &[K::InstitutionAccounts]),
        (
            &["持证人名册", "持证人员名册", "残疾人证名册", "残疾证名册", "certificate_roster"],
            &[K::CertificateRoster],
        ),
        (&["rates", "补贴标准"], &[K::Rates]),
        (&["康复训练", "child_rehab_aid"], &[K::Sessions(P::CHILD_REHAB_AID)]),
        (&["辅具", "辅助器具", "assistive_device"], &[K::Sessions(P::ASSISTIVE_DEVICE)]),
        (
            &["托养", "阳光家园", "care_placement"],
            &[
                K::Sessions(P::CARE_PLACEMENT),
                K::Placements(P::CARE_PLACEMENT),
                K::Departures(P::CARE_PLACEMENT),
            ],
        ),
        (
            &["日间照料", "day_care"],
            &[K::Sessions(P::DAY_CARE), K::Placements(P::DAY_CARE), K::Departures(P::DAY_CARE)],
        ),
        (&["社区康复", "community_rehabilitation"], &[K::Sessions(P::COMMUNITY_REHABILITATION)]),
        (&["技能培训", "就业培训", "vocational_training"], &[K::Sessions(P::VOCATIONAL_TRAINING)]),
        (
            &["居家就业", "互联网+就业", "remote_work"],
            &[K::Placements(P::REMOTE_WORK), K::Departures(P::REMOTE_WORK)],
        ),
        (&["就业", "employment"], &[K::Placements(P::EMPLOYMENT), K::Departures(P::EMPLOYMENT)]),
        (&["走访", "帮扶", "support_visits"], &[K::SupportVisits]),
        (&["危房", "house_renovation"], &[K::Works(P::HOUSE_RENOVATION)]),
        (&["无障碍", "home_adaptation"], &[K::Works(P::HOME_ADAPTATION)]),
        (&["家庭成员", "户成员", "households"], &[K::Households]),
        (
            &["回盘", "代发结果", "发放结果", "处理结果", "bank_result"],
            &[
                K::BankResult(P::LIVING_ALLOWANCE),
                K::BankResult(P::NURSING_CARE_SUBSIDY),
                K::BankResult(P::FUEL_SUBSIDY),
            ],
        ),
    ]
};

/// Decides what a sheet is.
///
/// # Errors
/// When the places disagree or do not decide; the error says which hint does.
pub(super) fn recognise(
    candidates: &[RollKind],
    said: &[Said<'_>],
    hint: &Hint,
) -> Result<Recognised, RollError> {
    let kind = match hint.kind {
        Some(kind) => kind,
        None => kind(candidates, said)?,
    };
    let told = span(kind, said);
    let Some(hint) = hint.month else { return told };
    let (month, year) = match kind.period() {
        Period::Month | Period::State => (Some(hint), Some(hint.year())),
        Period::Year => (None, Some(hint.year())),
    };
    // Where all that speak agree, another month is a slip: a roll sent again as that of another
    // month would correct the payments of both.
    match (told, kind.period()) {
        (Ok(told), Period::Month) if told.month != month => {
            Err(RollError::MonthContradicted { hint })
        }
        (Ok(told), Period::Year) if told.year != year => Err(RollError::MonthContradicted { hint }),
        _ => Ok(Recognised { kind, month, year }),
    }
}

fn kind(candidates: &[RollKind], said: &[Said<'_>]) -> Result<RollKind, RollError> {
    let mut left = candidates.to_vec();
    for (source, text) in said {
        let groups = groups(text);
        let fits = |kinds: &[RollKind]| candidates.iter().any(|kind| kinds.contains(kind));
        let speaking: Vec<&[RollKind]> = groups.iter().copied().filter(|g| fits(g)).collect();
        if !groups.is_empty() && speaking.is_empty() {
            return Err(RollError::KindDisagrees { source_named: *source });
        }
        let allowed = |kind: &RollKind| speaking.iter().all(|kinds| kinds.contains(kind));
        // A place that names two of the candidates (both subsidies) decides nothing.
        if candidates.iter().any(allowed) {
            let rest: Vec<RollKind> = left.iter().copied().filter(|k| allowed(k)).collect();
            if rest.is_empty() {
                return Err(RollError::KindDisagrees { source_named: *source });
            }
            left = rest;
        }
    }
    match left[..] {
        [kind] => Ok(kind),
        _ => Err(RollError::KindUndecided { candidates: left }),
    }
}

/// The kinds that each word of a text allows. A word within a longer one says nothing of its own: in
/// 居家就业 there is no 就业.
fn groups(text: &str) -> Vec<&'static [RollKind]> {
    let said: Vec<(&str, &[RollKind])> = WORDS
        .iter()
        .filter_map(|(words, kinds)| {
            Some((*words.iter().find(|word| text.contains(*word))?, *kinds))
        })
        .collect();
    let within = |word: &str| said.iter().any(|(other, _)| *other != word && other.contains(word));
    said.iter().filter(|(word, _)| !within(word)).map(|(_, kinds)| *kinds).collect()
}
fn span(kind: RollKind, said: &[Said<'_>]) -> Result<Recognised, RollError> {
    let spans: Vec<(Source, Span)> =
        said.iter().map(|(source, text)| (*source, Span::of(text))).collect();
    let mut month: Option<Month> = None;
    let mut year: Option<i32> = None;
    let mut disagrees = None;
    let mut open = false;
    let mut bare = BTreeSet::<u32>::new();
    for (source, span) in &spans {
        open |= span.open || span.months.len() > 1;
        bare.extend(&span.bare);
        for said in &span.months {
            let same = month.is_none_or(|m| m == *said) && year.is_none_or(|y| y == said.year());
            disagrees = disagrees.or((!same).then_some(*source));
            month = month.or(Some(*said));
        }
        for said in &span.years {
            let same = year.is_none_or(|y| y == *said);
            disagrees = disagrees.or((!same).then_some(*source));
            year = year.or(Some(*said));
        }
    }
    // `7月` alone may repeat the month, but never makes one.
    open |= bare.iter().any(|number| month.is_some_and(|month| month.month() != *number));
    match kind.period() {
        // A list's own day is not needed to read it; an unclear one is left out.
        Period::State if open || disagrees.is_some() => {
            Ok(Recognised { kind, month: None, year: None })
        }
        Period::State => Ok(Recognised { kind, month, year }),
        Period::Month if open => Err(RollError::MonthUndecided),
        Period::Month | Period::Year if disagrees.is_some() => {
            let source_named = disagrees.expect("matched");
            Err(RollError::MonthDisagrees { source_named })
        }
        Period::Month if month.is_none() => Err(RollError::MonthUndecided),
        Period::Year if year.is_none() => Err(RollError::YearUndecided),
        Period::Month => Ok(Recognised { kind, month, year }),
        Period::Year => Ok(Recognised { kind, month: None, year }),
    }
}

/// Months and years a text names. A day (`20260725`, `2026-07-25`) names neither: files are
/// often named after the day they were made.
#[derive(Debug, Default, PartialEq, Eq)]
struct Span {
    months: BTreeSet<Month>,
    years: BTreeSet<i32>,
    /// Numbers of months without a year (`7月`).
    bare: BTreeSet<u32>,
    /// Several months as a range (`2026年7-9月`).
    open: bool,
}

impl Span {
    fn of(text: &str) -> Self {
        let text = western_digits(&clean::label(text));
        let mut span = Self::default();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
            rest = &rest[at..];
            let (number, after) = digits(rest);
            rest = match number.len() {
                4 => span.year(number, after),
                6 => {
                    span.month(&number[..4], &number[4..]);
                    after
                }
                1 | 2 if after.starts_with('月') => {
                    span.bare.extend(number.parse::<u32>().ok());
                    after
                }
                _ => after,
            };
        }
        span
    }

    /// Reads on behind four digits; gives what is left.
    fn year<'a>(&mut self, year: &str, after: &'a str) -> &'a str {
        let Some(sign) = after.chars().next().filter(|c| "年-/._".contains(*c)) else {
            self.add_year(year);
            return after;
        };
        let (number, behind) = digits(&after[sign.len_utf8()..]);
        match (sign, number.len()) {
            ('年', 1 | 2) if behind.starts_with('月') => {
                let behind = &behind['月'.len_utf8()..];
                let (day, behind_day) = digits(behind);
                if !day.is_empty() && behind_day.starts_with(['日', '号']) {
                    return behind_day;
                }
                self.month(year, number);
                behind
            }
            ('年', 1 | 2) if behind.starts_with(['-', '~', '至', '、', '到']) => {
                self.add_year(year);
                self.open = true;
                behind
            }
            ('-' | '/' | '.' | '_', 1 | 2) => {
                let (day, behind_day) = behind.strip_prefix(sign).map_or(("", behind), digits);
                if matches!(day.len(), 1 | 2) {
                    return behind_day;
                }
                self.month(year, number);
                behind
            }
            _ => {
                self.add_year(year);
                after
            }
        }
    }

    fn add_year(&mut self, year: &str) {
        self.years.extend(year.parse::<i32>().ok().filter(|y| (1990..=2200).contains(y)));
    }

    fn month(&mut self, year: &str, month: &str) {
        let (Ok(year_number), Ok(month)) = (year.parse(), month.parse()) else { return };
        if let Some(month) = Month::new(year_number, month).ok().filter(|_| year_number >= 1990) {
            self.months.insert(month);
            self.years.insert(year_number);
        }
    }
}

/// The digits at the start, and the rest.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// `二〇二六年十一月` as `2026年11月`; only digits beside `年` or `月` change.
fn western_digits(text: &str) -> String {
    const ZH: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let value =
        |c: char| ZH.iter().position(|zh| *zh == c || (c == '零' || c == '○') && *zh == '〇');
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| value(**c).is_some() || **c == '十').count();
        let numeral = &chars[at..at + run];
        let western = match chars.get(at + run) {
            Some('年') if run == 4 => numeral
                .iter()
                .map(|c| value(*c))
                .collect::<Option<Vec<_>>>()
                .map(|digits| digits.iter().fold(0, |number, digit| number * 10 + digit)),
            Some('月') => match numeral {
                ['十'] => Some(10),
                ['十', one] => value(*one).map(|one| 10 + one),
                [one] => value(*one),
                _ => None,
            },
            Some(_) | None => None,
        };
        match western {
            Some(number) => out.push_str(&number.to_string()),
            None => out.extend(numeral),
        }
        at += run;
        if let Some(c) = chars.get(at) {
            out.push(*c);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span_text(text: &str) -> String {
        let Span { months, years, bare, open } = Span::of(text);
        let bare = if bare.is_empty() { String::new() } else { format!(" {bare:?}") };
        format!("{months:?} {years:?}{bare}{}", if open { " open" } else { "" })
    }

    #[test]
    fn months_and_years_are_found_in_titles_and_names() {
        for (text, expected) in [
            ("驻马店市困难残疾人生活补贴发放名册(2026年7月)", "{2026-07} {2026}"),
            ("困难残疾人生活补贴发放名册_2026-07", "{2026-07} {2026}"),
            ("生活补贴202607", "{2026-07} {2026}"),
            ("生活补贴2026.07", "{2026-07} {2026}"),
            ("二〇二六年七月份", "{2026-07} {2026}"),
            ("二零二六年十二月", "{2026-12} {2026}"),
            ("２０２６年７月", "{2026-07} {2026}"),
            ("机动轮椅车燃油补贴_2026", "{} {2026}"),
            ("2026年度", "{} {2026}"),
            ("20260725导出", "{} {}"),
            ("2026-07-25", "{} {}"),
            ("制表日期2026年7月25日", "{} {}"),
            ("2026年7-9月", "{} {2026} {9} open"),
            ("2026年7月-9月", "{2026-07} {2026} {9}"),
            ("7月", "{} {} {7}"),
            ("411702", "{} {}"),
            ("", "{} {}"),
        ] {
            assert_eq!(span_text(text), expected, "{text}");
        }
    }

    #[test]
    fn words_decide_disagree_or_leave_open() {
        use RollKind as K;
        let payment = [K::LivingAllowance, K::NursingCareSubsidy];
        let (title, file) = (Source::Title, Source::FileName);
        let undecided = || Err(RollError::KindUndecided { candidates: payment.to_vec() });
        let disagrees = |source_named| Err(RollError::KindDisagrees { source_named });
        for (said, expected) in [
            (vec![(title, "困难残疾人生活补贴")], Ok(K::LivingAllowance)),
            (vec![(file, "护理补贴")], Ok(K::NursingCareSubsidy)),
            (vec![(title, "低保对象残疾人生活补贴")], Ok(K::LivingAllowance)),
            (vec![(title, "两项补贴"), (file, "护理补贴")], Ok(K::NursingCareSubsidy)),
            (vec![], undecided()),
            (vec![(title, "残疾人两项补贴")], undecided()),
            (vec![(title, "生活补贴和护理补贴")], undecided()),
            (vec![(title, "生活补贴"), (file, "护理补贴")], disagrees(file)),
            (vec![(file, "死亡人员名单")], disagrees(file)),
        ] {
            assert_eq!(kind(&payment, &said), expected, "{said:?}");
        }
        assert_eq!(kind(&[K::Deaths], &[(file, "名单")]), Ok(K::Deaths));
        assert_eq!(kind(&[K::Deaths], &[(file, "服刑人员")]), disagrees(file));
    }

    #[test]
    fn a_hint_wins_over_words() {
        let said = [(Source::Title, "生活补贴2026年7月"), (Source::FileName, "护理补贴2026-08")];
        let both = [RollKind::LivingAllowance, RollKind::NursingCareSubsidy];
        let kind = Some(RollKind::NursingCareSubsidy);
        let month = "2026-08".parse().ok();
        assert!(recognise(&both, &said, &Hint { kind, month: None }).is_err());
        let found = recognise(&both, &said, &Hint { kind, month }).unwrap();
        assert_eq!((Some(found.kind), found.month, found.year), (kind, month, Some(2026)));
    }

    #[test]
    fn a_hint_does_not_win_over_words_that_agree() {
        let said = [(Source::Title, "生活补贴2026年7月"), (Source::FileName, "2026-07发放名册")];
        let hint = |month: &str| Hint { kind: None, month: month.parse().ok() };
        let of = |candidates: &[RollKind], said: &[Said<'_>], month: &str| {
            recognise(candidates, said, &hint(month)).map(|found| (found.month, found.year))
        };
        let living = [RollKind::LivingAllowance];
        let contradicted =
            |month: &str| Err(RollError::MonthContradicted { hint: month.parse().unwrap() });
        let july = "2026-07".parse().ok();
        assert_eq!(of(&living, &said, "2026-07"), Ok((july, Some(2026))));
        assert_eq!(of(&living, &said, "2026-08"), contradicted("2026-08"));
        let fuel = [(Source::Title, "2026年燃油补贴")];
        assert_eq!(of(&[RollKind::FuelSubsidy], &fuel, "2026-03"), Ok((None, Some(2026))));
        assert_eq!(of(&[RollKind::FuelSubsidy], &fuel, "2025-03"), contradicted("2025-03"));
        // A list is as of a day, which need not be the one in its name.
        assert!(of(&[RollKind::Deaths], &[(Source::FileName, "2026年7月死亡")], "2026-08").is_ok());
    }
}
