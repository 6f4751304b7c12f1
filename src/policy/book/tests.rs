use super::*;
use crate::policy::{CertificatePolicy, RateRow, defaults, rates_policy};

const LIVING: Programme = Programme::LIVING_ALLOWANCE;

fn division(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn living() -> &'static str {
    defaults::POLICIES.iter().find(|(name, _)| *name == "living_allowance").unwrap().1
}

/// The living allowance of a division from a month, with an amount or none.
fn text(version: u32, code: &str, from: &str, to: Option<&str>, fen: Option<i64>) -> String {
    let to = to.map_or_else(String::new, |to| format!("valid_to = \"{to}\"\n"));
    let rates = fen.map_or_else(String::new, |fen| {
        format!("rates = [{{ from = \"2016-01\", amount_fen = {fen} }}]\n")
    });
    living()
        .replace("version = 1\n", &format!("version = {version}\n"))
        .replace("\"411700\"", &format!("\"{code}\""))
        .replace("valid_from = \"2016-01-01\"\n", &format!("valid_from = \"{from}\"\n{to}"))
        .replace("annual_review", &format!("{rates}annual_review"))
}

fn rates(version: u32, code: &str, unit: &str, fen: i64) -> String {
    let row = RateRow {
        programme: "living_allowance",
        unit,
        amount: Fen(fen),
        valid_from: day("2016-01-01"),
        valid_to: None,
    };
    rates_policy(division(code), version, &[row]).unwrap()
}

fn book(texts: &[String]) -> PolicyBook {
    let mut book = PolicyBook::default();
    for (index, text) in (10..).zip(texts) {
        book.publish_text(text, index).unwrap();
    }
    book
}

#[test]
fn the_closest_division_whose_span_covers_the_month() {
    let texts = [
        text(1, "410000", "2016-01-01", None, Some(1)),
        text(1, "411700", "2018-01-01", Some("2025-12-31"), Some(2)),
        text(1, "411702", "2020-01-01", Some("2020-12-31"), Some(3)),
        text(2, "411700", "2026-01-01", None, Some(4)),
    ];
    let book = book(&texts);
    let rows = [
        ("411702", "2015-12", None),
        ("411702", "2016-01", Some(0)),
        ("411702", "2017-12", Some(0)),
        ("411702", "2018-01", Some(1)),
        ("411702", "2020-06", Some(2)),
        ("411702", "2021-01", Some(1)),
        ("411721", "2020-06", Some(1)),
        ("411700", "2020-06", Some(1)),
        ("411700", "2026-01", Some(3)),
        ("410100", "2026-01", Some(0)),
        ("320100", "2026-01", None),
    ];
    for (code, on, expected) in rows {
        let found = book.programme(LIVING, division(code), month(on)).map(|found| found.0.hash);
        assert_eq!(found, expected.map(|at: usize| hash(&texts[at])), "{code} {on}");
        let rate = book.rate(LIVING, division(code), month(on));
        let expected = expected.map(|at| Fen(i64::try_from(at).unwrap() + 1));
        assert_eq!(rate.map(|rate| rate.amount).ok(), expected, "{code} {on}");
    }
}

#[test]
fn of_equals_the_one_published_last() {
    let old = text(1, "411700", "2016-01-01", None, Some(1));
    let new = text(2, "411700", "2016-01-01", None, Some(2));
    let both = book(&[old.clone(), new.clone()]);
    let at = |book: &PolicyBook| {
        book.programme(LIVING, division("411702"), month("2020-01")).unwrap().0.hash
    };
    assert_eq!(at(&both), hash(&new));
    assert_eq!(at(&book(&[new.clone(), old.clone()])), hash(&old));
    // Publishing a text again does not bring it back.
    assert_eq!(at(&book(&[old.clone(), new.clone(), old])), hash(&new));
}

#[test]
fn an_amount_nobody_set_is_unset() {
    let code = division("411702");
    let unset = Err(Unset { programme: LIVING, division: code, month: month("2026-07") });
    assert_eq!(PolicyBook::default().rate(LIVING, code, month("2026-07")), unset);
    let shipped = book(&[living().to_owned()]);
    assert_eq!(shipped.rate(LIVING, code, month("2026-07")), unset);

    let table = rates(1, "411700", "person-month", 6000);
    let mut book = shipped;
    let policy = book.publish_text(&table, 20).unwrap();
    let rate = book.rate(LIVING, code, month("2026-07"));
    assert_eq!(rate, Ok(Rate { amount: Fen(6000), policy }));
    assert!(book.rate(LIVING, code, month("2015-12")).is_err());
    assert!(book.rate(Programme::NURSING_CARE_SUBSIDY, code, month("2026-07")).is_err());
    assert!(book.rate(LIVING, division("410100"), month("2026-07")).is_err());
}

#[test]
fn which_amount_wins() {
    let own = text(1, "411700", "2016-01-01", None, Some(5000));
    let table = rates(1, "411700", "person-month", 6000);
    let county = rates(1, "411702", "person-month", 7000);
    let province = rates(1, "410000", "person-month", 4000);
    let yearly = rates(2, "411700", "person-year", 9000);
    let rows = [
        (vec![&own, &table], 6000),
        (vec![&table, &own], 5000),
        (vec![&county, &own, &table], 7000),
        (vec![&own, &province], 5000),
        (vec![&own, &yearly], 5000), // an amount for a year is no amount for a month
    ];
    for (texts, fen) in rows {
        let book = book(&texts.into_iter().cloned().collect::<Vec<_>>());
        let rate = book.rate(LIVING, division("411702"), month("2026-07")).unwrap();
        assert_eq!(rate.amount, Fen(fen));
    }
}

#[test]
fn versions_count_up_and_stand_for_one_text() {
    let first = rates(1, "411700", "person-month", 6000);
    let book = book(&[first.clone(), text(3, "411700", "2016-01-01", None, None)]);
    let (rates_name, living) = (PolicyName::Rates, PolicyName::Programme(LIVING));
    assert_eq!(book.next_version(rates_name, division("411700")), 2);
    assert_eq!(book.next_version(rates_name, division("411702")), 1);
    assert_eq!(book.next_version(living, division("411700")), 4);

    let other = rates(1, "411700", "person-month", 7000);
    let taken = |text: &str| {
        let policy = Policy::parse(text).unwrap();
        book.version_taken(&policy, &hash(text)).map(|found| found.index)
    };
    assert_eq!(taken(&other), Some(10));
    assert_eq!(taken(&first), None);
    assert_eq!(taken(&rates(2, "411700", "person-month", 7000)), None);
    assert_eq!(taken(&rates(1, "411702", "person-month", 7000)), None);
}

#[test]
fn a_decision_names_what_was_published_before_it() {
    let mut book = PolicyBook::default();
    let policy = book.publish_text(defaults::CERTIFICATE, 7).unwrap();
    let calendar = book.publish_calendar_text(defaults::CALENDAR, 8).unwrap();
    for (hash, at, known) in [
        (policy, 7, false),
        (policy, 8, true),
        (calendar, 8, false),
        (calendar, 9, true),
        (hash("other\n"), 100, false),
    ] {
        assert_eq!(book.published_before(&hash, at), known, "{at}");
    }
    assert_eq!(book.by_hash(&policy).unwrap().index, 7);
    assert_eq!(book.policies().count(), 1);
    let found = book.certificate(division("411702"), day("2026-07-05"));
    let (published, body): (&Published, &CertificatePolicy) = found.unwrap();
    assert_eq!((published.hash, body.min_assessors), (policy, 2));
    assert!(book.certificate(division("411702"), day("2007-12-31")).is_none());
    assert!(book.certificate(division("410100"), day("2026-07-05")).is_none());
}

#[test]
fn a_later_notice_replaces_its_own_year_only() {
    let mut book = PolicyBook::default();
    assert!(!book.calendar().has_year(2026));
    let shipped = book.publish_calendar_text(defaults::CALENDAR, 1).unwrap();
    let changed = "[[years]]\nyear = 2026\noff = [\"2026-01-01\"]\nwork = [\"2026-03-07\"]\n\
                   notices = [{ number = \"n\", date = \"2026-01-02\", address = \"a\" }]\n";
    let notice = book.publish_calendar_text(changed, 2).unwrap();
    let calendar = book.calendar();
    assert!(calendar.is_working_day(day("2026-01-02")), "off in the notice it replaces");
    assert!(calendar.is_working_day(day("2026-03-07")));
    assert!(!calendar.is_working_day(day("2026-01-04")), "worked in the notice it replaces");
    assert!(!calendar.is_working_day(day("2025-10-08")));
    assert_eq!(book.calendar_of_year(2025), Some(shipped));
    assert_eq!(book.calendar_of_year(2026), Some(notice));
    assert_eq!(book.calendar_of_year(2027), None);
}

#[test]
fn a_refused_text_changes_nothing() {
    let mut tried = book(&[living().to_owned()]);
    let before = tried.clone();
    assert!(tried.publish_text("name = \"rates\"\n", 20).is_err());
    assert!(tried.publish_calendar_text("years = []\n", 20).is_err());
    assert_eq!(tried, before);
}

#[test]
fn a_saved_book_is_the_same_book() {
    let mut book = book(&[rates(1, "411700", "person-month", 6000)]);
    for (index, text) in (20..).zip(defaults::defaults()) {
        book.publish_text(text, index).unwrap();
    }
    book.publish_calendar_text(defaults::CALENDAR, 40).unwrap();
    let bytes = postcard::to_stdvec(&book).unwrap();
    assert_eq!(postcard::from_bytes::<PolicyBook>(&bytes).unwrap(), book);
}
