//! Reading policy texts: what ships, and every refusal.

use super::*;
use crate::value::{
    ApprovalLevel, Category, ChainRole, Criterion, FactKind, Fen, Lang, Month, Programme,
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn shipped(name: &str) -> &'static str {
    defaults::POLICIES.iter().find(|(found, _)| *found == name).unwrap().1
}

fn certificate() -> CertificatePolicy {
    match Policy::parse(defaults::CERTIFICATE).unwrap().body {
        PolicyBody::Certificate(body) => *body,
        other => panic!("{other:?}"),
    }
}

fn programme(name: &str) -> ProgrammePolicy {
    match Policy::parse(shipped(name)).unwrap().body {
        PolicyBody::Programme(body) => *body,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_shipped_text_is_a_policy_of_its_own_name() {
    for (name, text) in defaults::POLICIES {
        let policy = Policy::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(policy.name.to_string(), name);
        assert_eq!(policy.version, 1);
        assert!(text.len() < TEXT_MAX);
    }
    assert_eq!(defaults::defaults().count(), 1 + defaults::titles().len(), "each has titles");
    let title = |lang| defaults::title(Programme::FUEL_SUBSIDY, lang);
    assert_eq!(
        (&*title(Lang::Zh), &*title(Lang::En)),
        ("残疾人机动轮椅车燃油补贴", "fuel subsidy")
    );
    let unknown = "winter_coal".parse().unwrap();
    assert_eq!(defaults::title(unknown, Lang::Zh), "winter_coal");
    assert!(defaults::CALENDAR.len() < TEXT_MAX);
}

#[test]
fn only_the_fuel_subsidy_ships_with_an_amount() {
    for (name, ..) in defaults::titles() {
        let body = programme(name.name());
        assert_eq!(body.rates.is_empty(), *name != Programme::FUEL_SUBSIDY, "{name}");
    }
    let fuel = programme("fuel_subsidy");
    let rows = [
        ("2008-12", None),
        ("2009-01", Some(Fen(20_000))),
        ("2010-12", Some(Fen(20_000))),
        ("2011-01", Some(Fen(26_000))),
        ("2026-01", Some(Fen(26_000))),
    ];
    for (text, amount) in rows {
        assert_eq!(fuel.amount(month(text)), amount, "{text}");
    }
}

#[test]
fn every_programme_with_applications_has_somebody_who_decides() {
    let mut without = Vec::new();
    for (name, ..) in defaults::titles() {
        let body = programme(name.name());
        if body.chain.is_empty() {
            without.push(name.to_string());
        }
        for condition in &body.eligible {
            let spoken_of = condition.document().is_some() || condition.external().is_some();
            let of_records = [
                Criterion::HukouInDivision,
                Criterion::CertificateValid,
                Criterion::Level1Or2,
                Criterion::LongTermCare6Months,
                Criterion::TargetGroup,
                Criterion::Hardship,
                Criterion::Severe,
                Criterion::SevereOrIntellectualOrPsychiatric,
                Criterion::StudentOrParentWithCertificate,
            ];
            assert!(spoken_of || of_records.contains(condition), "{name}: {condition}");
        }
    }
    assert_eq!(without, ["paired_support"], "visits are logged, not applied for");
}

#[test]
fn the_two_subsidies_exclude_what_the_rule_says() {
    let living = programme("living_allowance");
    let nursing = programme("nursing_care_subsidy");
    assert!(living.exclude.contains(&FactKind::OrphanAllowance));
    assert!(!nursing.exclude.contains(&FactKind::OrphanAllowance));
    for body in [&living, &nursing] {
        assert!(body.exclude.contains(&FactKind::ExtremePovertySupport));
        assert!(body.exclude.contains(&FactKind::WorkInjuryNursingFee));
        assert_eq!(body.back_pay_cap_months, Some(3));
        let roles: Vec<_> = body.chain.iter().map(|step| step.role).collect();
        let expected =
            [ChainRole::TownshipReviewer, ChainRole::DpfReviewer, ChainRole::CivilAffairsOfficer];
        assert_eq!(roles, expected);
    }
    assert!(nursing.eligible.contains(&Criterion::LongTermCare6Months));
}

#[test]
fn a_certificate_ends_the_day_before_its_tenth_anniversary() {
    let policy = certificate();
    let rows = [
        ("2016-07-05", "2026-07-04"),
        ("2016-01-01", "2025-12-31"),
        ("2016-03-01", "2026-02-28"),
        ("2016-02-29", "2026-02-28"), // no such day in 2026: the month's last
        ("2018-03-01", "2028-02-29"),
    ];
    for (first, last) in rows {
        assert_eq!(policy.valid_to(day(first)), day(last), "{first}");
    }
    let text = defaults::CERTIFICATE.replace("day_before_anniversary", "anniversary");
    let PolicyBody::Certificate(inclusive) = Policy::parse(&text).unwrap().body else { panic!() };
    assert_eq!(inclusive.valid_to(day("2016-07-05")), day("2026-07-05"));
}

#[test]
fn approval_moved_to_the_county_in_2018() {
    let policy = certificate();
    let rows = [
        ("2009-06-01", ApprovalLevel::Prefecture, true),
        ("2017-12-31", ApprovalLevel::Prefecture, true),
        ("2018-01-01", ApprovalLevel::County, false),
        ("2026-11-23", ApprovalLevel::County, false),
    ];
    for (text, level, sight) in rows {
        assert_eq!(policy.approval_level(day(text)), level, "{text}");
        assert_eq!(policy.sight_allowed(day(text)), sight, "{text}");
    }
    assert!(policy.is_minor(day("2008-11-24"), day("2026-11-23")));
    assert!(!policy.is_minor(day("2008-11-23"), day("2026-11-23")));
}

#[test]
fn ages_are_counted_on_the_day_the_policy_names() {
    let fuel = programme("fuel_subsidy").age.unwrap();
    let rows = [
        ("2008-03-31", true),  // 18 on 31 March 2026
        ("2008-04-01", false), // 17
        ("1955-03-31", false), // 71
        ("1955-04-01", true),  // 70
        ("2026-05-01", false), // not born yet
    ];
    for (birth, covered) in rows {
        assert_eq!(fuel.covers(day(birth), day("2026-02-10")), covered, "{birth}");
    }
    let child = programme("child_rehab_aid").age.unwrap();
    assert!(child.covers(day("2019-01-02"), day("2026-06-01")));
    assert!(!child.covers(day("2019-01-01"), day("2026-06-01")));
    assert!(child.covers(day("2026-03-01"), day("2026-06-01")), "born this year");
    assert!(!child.covers(day("2026-07-01"), day("2026-06-01")), "not born yet");
    assert!("02-29".parse::<MonthDay>().is_err());
    assert_eq!("application_day".parse(), Ok(AgeDay::Application));
}

#[test]
fn categories_of_a_multiple_disability() {
    use Category::{Intellectual, Physical, Visual};
    let fuel = programme("fuel_subsidy");
    assert!(fuel.covers_categories(&[Physical]));
    assert!(fuel.covers_categories(&[Physical, Visual]));
    assert!(fuel.covers_categories(&[Physical, Intellectual]));
    assert!(!fuel.covers_categories(&[Visual, Intellectual]));
    let mut any = fuel;
    any.categories.clear();
    assert!(any.covers_categories(&[Visual, Intellectual]));
    assert!(!any.covers_categories(&[Intellectual]));
    assert!(!any.covers_categories(&[]));
}

/// What a text is refused for: the rule of a contradiction, or the kind of the form error.
fn refusal(text: &str) -> &'static str {
    match Policy::parse(text) {
        Ok(_) => "accepted",
        Err(PolicyError::TooLong { .. }) => "too_long",
        Err(PolicyError::NotCanonical) => "not_canonical",
        Err(PolicyError::Form { .. }) => "form",
        Err(PolicyError::CriterionUnknown { .. }) => "criterion_unknown",
        Err(PolicyError::Contradiction(found)) => found.rule(),
    }
}

/// Replaces a part that must be there, so that a row cannot pass by changing nothing.
fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the text has no {from}");
    text.replacen(from, to, 1)
}

#[test]
fn refused_certificate_policies() {
    let spans = |list: &str| {
        let head = defaults::CERTIFICATE.split("approval_authority =").next().unwrap();
        format!("{head}approval_authority = [{list}]\n")
    };
    let rows = [
        ("validity_years = 10", "validity_years = 0", "out_of_range"),
        ("validity_years = 10", "validity_years = 10.0", "form"),
        ("validity_years = 10", "validity_years = -1", "form"),
        ("validity_years = 10", "validity_yeers = 10", "form"),
        ("validity_years = 10", "validity_years = 10\nvalidity_years = 10", "form"),
        ("last_day = \"day_before_anniversary\"", "last_day = \"eve\"", "form"),
        ("notice_working_days = 5", "notice_working_days = 0", "out_of_range"),
        ("min_assessors = 2", "min_assessors = 0", "out_of_range"),
        ("min_assessors = 2  ", "# min_assessors ", "form"),
        ("review_working_days = 10", "review_working_days = 0", "out_of_range"),
        ("appeal_working_days = 10", "appeal_working_days = 0", "out_of_range"),
        ("minor_age_years = 18", "minor_age_years = 0", "out_of_range"),
        ("transfer_cancel_after_months = 12", "transfer_cancel_after_months = 5", "out_of_range"),
        ("expiry_reminder_months = 6", "expiry_reminder_months = 121", "out_of_range"),
        ("renew_window_months_before = 12", "renew_window_months_before = 0", "out_of_range"),
        ("proposal_lapse_days = 30", "proposal_lapse_days = 0", "out_of_range"),
        ("second_assessment_levels = [1, 2]", "second_assessment_levels = [1, 1]", "listed_twice"),
        ("second_assessment_levels = [1, 2]", "second_assessment_levels = [5]", "form"),
        ("version = 1", "version = 0", "out_of_range"),
        ("division = \"411700\"", "division = \"4117\"", "form"),
        ("valid_from = \"2008-01-01\"", "valid_from = 2008-01-01", "form"),
        (
            "valid_from = \"2008-01-01\"",
            "valid_from = \"2008-01-01\"\nvalid_to = \"2007-12-31\"",
            "span_reversed",
        ),
        ("document_number = \"残联发〔2017〕34号\"", "document_number = \" \"", "empty"),
        ("name = \"certificate\"", "name = \"rates\"", "body_not_of_name"),
        ("name = \"certificate\"", "name = \"living_allowance\"", "body_not_of_name"),
        ("name = \"certificate\"", "name = \"pension\"", "body_not_of_name"),
        ("name = \"certificate\"", "name = \"Pension\"", "form"),
        ("[certificate]", "[rates]\n[certificate]", "body_not_of_name"),
        ("[certificate]", "[licence]", "form"),
    ];
    for (from, to, expected) in rows {
        assert_eq!(refusal(&with(defaults::CERTIFICATE, from, to)), expected, "{to}");
    }
    let county = "level = \"county\"";
    let lists = [
        (String::new(), "empty"),
        (format!("{{ {county} }}"), "accepted"),
        (format!("{{ from = \"2018-01-01\", {county} }}"), "authority_unclear"),
        (format!("{{ until = \"2018-01-01\", {county} }}"), "authority_unclear"),
        (format!("{{ {county} }}, {{ from = \"2018-01-01\", {county} }}"), "authority_unclear"),
        (
            format!(
                "{{ until = \"2017-12-31\", {county} }}, {{ from = \"2018-01-02\", {county} }}"
            ),
            "authority_unclear",
        ),
        (
            format!(
                "{{ until = \"2017-12-31\", {county} }}, {{ from = \"2017-12-31\", {county} }}"
            ),
            "authority_unclear",
        ),
        (
            format!(
                "{{ until = \"2017-12-31\", {county} }}, \
                 {{ from = \"2018-01-01\", until = \"2016-01-01\", {county} }}"
            ),
            "span_reversed",
        ),
    ];
    for (list, expected) in lists {
        assert_eq!(refusal(&spans(&list)), expected, "{list}");
    }
}

#[test]
fn refused_programme_policies() {
    let living = shipped("living_allowance");
    let fuel = shipped("fuel_subsidy");
    let add = |line: &str| format!("annual_review = true\n{line}\n");
    let after = |line: &str| with(living, "annual_review = true", add(line).trim_end());
    let rates = |spans: &str| after(&format!("rates = [{spans}]"));
    let rows = [
        (
            with(living, "valid_from = \"2016-01-01\"", "valid_from = \"2016-01-02\""),
            "not_whole_months",
        ),
        (
            with(living, "document_number", "valid_to = \"2016-06-29\"\ndocument_number"),
            "not_whole_months",
        ),
        (
            with(living, "document_number", "valid_to = \"2015-12-31\"\ndocument_number"),
            "span_reversed",
        ),
        (after("inherits = \"nursing_care_subsidy\""), "form"),
        (after("unit = \"person\""), "form"),
        (with(living, "\"dibao_household\"", "\"dibao\""), "criterion_unknown"),
        (with(living, "\"orphan_allowance\"", "\"orphan\""), "form"),
        (with(living, "\"dibao_household\"", "\"certificate_valid\""), "listed_twice"),
        (with(living, "\"orphan_allowance\"", "\"extreme_poverty_support\""), "listed_twice"),
        (with(living, "\"orphan_allowance\"", "\"death\""), "not_an_allowance"),
        (with(living, "\"orphan_allowance\"", "\"dibao\""), "eligible_and_excluded"),
        (with(living, "\"orphan_allowance\"", "\"elderly_living\""), "excluded_and_compared"),
        (with(living, "\"retired_cadre_living\"", "\"employment\""), "not_an_allowance"),
        (
            after("extensions = [{ instead_of = \"lower_limb\", accept = [\"low_income\"] }]"),
            "extension_astray",
        ),
        (
            after("extensions = [{ instead_of = \"dibao_household\", accept = [] }]"),
            "extension_astray",
        ),
        (
            after(
                "extensions = [\n  { instead_of = \"dibao_household\", \
                 accept = [\"certificate_valid\"] },\n]",
            ),
            "extension_astray",
        ),
        (
            after("extensions = [{ instead_of = \"dibao_household\", accept = [\"low_income\"] }]"),
            "accepted",
        ),
        (rates("{ from = \"2016-01\", amount_fen = 6000 }"), "accepted"),
        (rates("{ from = \"2016-01\", amount_fen = 60.0 }"), "form"),
        (rates("{ from = \"2016-01\", amount_fen = -6000 }"), "amount_not_positive"),
        (rates("{ from = \"2016-01\", amount_fen = 0 }"), "amount_not_positive"),
        (rates("{ from = \"2016-02\", until = \"2016-01\", amount_fen = 1 }"), "span_reversed"),
        (
            rates("{ from = \"2020-01\", amount_fen = 2 }, { from = \"2016-01\", amount_fen = 1 }"),
            "rates_overlap",
        ),
        (
            rates(
                "{ from = \"2020-01\", amount_fen = 2 }, \
                 { from = \"2016-01\", until = \"2020-01\", amount_fen = 1 }",
            ),
            "rates_overlap",
        ),
        (
            rates(
                "{ from = \"2020-01\", amount_fen = 2 }, \
                 { from = \"2016-01\", until = \"2019-12\", amount_fen = 1 }",
            ),
            "accepted",
        ),
        (after("money = false"), "money_without_money"),
        (with(living, "title_en = \"living allowance\"\n", ""), "empty"),
        (with(living, "title_en = \"living allowance\"", "title_en = \" \""), "empty"),
        (after("blocks = [\"living_allowance\"]"), "blocks_itself"),
        (with(living, "working_days = 10", "working_days = 0"), "out_of_range"),
        (with(living, "step = \"second_review\"", "step = \"first_review\""), "listed_twice"),
        (with(living, "step = \"second_review\"", "step = \"follow_up\""), "chain_out_of_order"),
        (with(living, "facts_max_age_days = 31", "facts_max_age_days = 0"), "out_of_range"),
        (with(living, "notice_days = 7", "notice_days = 0"), "out_of_range"),
        (with(fuel, "min = 18, max = 70", "min = 71, max = 70"), "span_reversed"),
        (with(fuel, "min = 18, max = 70, ", ""), "empty"),
        (with(fuel, "on = \"03-31\"", "on = \"02-29\""), "form"),
        (with(fuel, "from = \"2011-01\"", "from = \"2011-02\""), "not_whole_years"),
        (with(fuel, "until = \"2010-12\"", "until = \"2011-12\""), "rates_overlap"),
        (with(fuel, "grants_per_unit_max = 1", "grants_per_unit_max = 0"), "out_of_range"),
        (with(living, "\"civil_affairs_officer\"", "\"clerk\""), "role_not_of_step"),
        (with(living, "role = \"township_reviewer\"", "role = \"assessor\""), "role_not_of_step"),
        (
            with(living, "  { step = \"determination\", role = \"civil_affairs_officer\" },\n", ""),
            "chain_without_determination",
        ),
        (with(living, "unit = \"person\"", "unit = \"person\"\nperiod_once = 1"), "form"),
        (with(living, "period = \"month\"", "period = \"once\""), "limit_astray"),
        (after("apply_by = \"03-31\""), "limit_astray"),
        (after("capacity_check = true"), "limit_astray"),
        (after("grades = [\"C\"]"), "limit_astray"),
        (after("units_per_person_max = 1"), "limit_astray"),
        (after("catalogue = [{ item = \"a\", amount_fen = 1, cycle_years = 3 }]"), "limit_astray"),
        (after("catalogue = [{ item = \"a\", amount_fen = 0 }]"), "amount_not_positive"),
        (after("catalogue = [{ item = \"a\" }, { item = \"a\" }]"), "listed_twice"),
        (after("catalogue = [{ item = \"a\" }, { item = \"b\" }]"), "accepted"),
        (
            with(
                fuel,
                "grants_per_unit_max = 1",
                "grants_per_unit_max = 1\ncatalogue = [{ item = \"a\" }]",
            ),
            "two_ways_to_an_amount",
        ),
        (with(fuel, "[\"physical\"]", "[\"psychiatric\"]"), "category_both_ways"),
        (with(fuel, "[\"physical\"]", "[\"visual\"]"), "nobody_qualifies"),
        (with(fuel, "[\"physical\"]", "[\"visual\", \"physical\"]"), "accepted"),
        (with(living, "\"411700\"", "\"410001\""), "division_unknown"),
        (with(living, "\"411700\"", "\"381700\""), "division_unknown"),
    ];
    for (text, expected) in rows {
        assert_eq!(refusal(&text), expected, "{text}");
    }
}

/// A text with its chain taken out.
fn without_chain(text: &str) -> String {
    let (head, rest) = text.split_once("chain = [\n").unwrap();
    format!("{head}{}", rest.split_once("\n]\n").unwrap().1)
}

#[test]
fn money_that_nobody_can_grant_and_a_cap_to_nothing() {
    let device = shipped("assistive_device");
    let rates = "rates = [{ from = \"2026-01\", amount_fen = 100 }]\ncap_to_catalogue = true";
    let capped = |to: &str| with(device, "cap_to_catalogue = true", to);
    let rows = [
        (without_chain(shipped("living_allowance")), "paying_without_chain"),
        (without_chain(shipped("employment")), "accepted"),
        (capped(rates), "cap_without_catalogue"),
        (capped("catalogue = [{ item = \"a\" }]\ncap_to_catalogue = true"), "accepted"),
        (capped(&rates.replace("\ncap_to_catalogue = true", "")), "accepted"),
    ];
    for (text, expected) in rows {
        assert_eq!(refusal(&text), expected, "{text}");
    }
}

#[test]
fn conditions_that_nobody_can_meet() {
    let nursing = shipped("nursing_care_subsidy");
    let care = shipped("care_placement");
    let conditions = |list: &str| with(nursing, "\"long_term_care_6_months\"", list);
    let one = "severe_or_intellectual_or_psychiatric";
    let extended = |accept: &str| {
        let with_two = conditions("\"intellectual_level_3_4\"");
        let extension = format!(
            "extensions = [{{ instead_of = \"level_1_or_2\", accept = [\"{accept}\"] }}]\n\
             annual_review = true"
        );
        with(&with_two, "annual_review = true", &extension)
    };
    let rows = [
        (conditions("\"intellectual_level_3_4\""), Some("level_1_or_2, intellectual_level_3_4")),
        (conditions("\"severe\""), None),
        (conditions(&format!("\"{one}\"")), None),
        // Both at once on a multiple disability of level 3.
        (extended("psychiatric_level_3_4"), None),
        (extended("severe"), Some("level_1_or_2, intellectual_level_3_4")),
        (
            with(
                care,
                &format!("\"{one}\"]"),
                "\"intellectual_level_3_4\"]\ncategories = [\"visual\"]",
            ),
            Some("intellectual_level_3_4"),
        ),
        (
            with(care, &format!("\"{one}\"]"), &format!("\"{one}\"]\ncategories = [\"visual\"]")),
            None,
        ),
        (
            with(
                shipped("living_allowance"),
                "choose_higher_with = [",
                "choose_higher_with = [\"dibao\", ",
            ),
            Some("dibao_household"),
        ),
    ];
    for (text, expected) in rows {
        let found = match Policy::parse(&text) {
            Ok(_) => None,
            Err(PolicyError::Contradiction(Contradiction::NobodyQualifies { items })) => {
                Some(items)
            }
            Err(other) => panic!("{other}: {text}"),
        };
        assert_eq!(found.as_deref(), expected, "{text}");
        assert!(Policy::read(&text).is_ok(), "what was published stays readable");
    }
}

#[test]
fn an_unknown_condition_is_named_with_those_that_exist() {
    let text = with(shipped("living_allowance"), "\"dibao_household\"", "\"moon_walker\"");
    let error = Policy::parse(&text).unwrap_err();
    let line = 1 + text.lines().position(|line| line.contains("moon_walker")).unwrap();
    let said = error.to_string();
    assert_eq!(error.code(), "criterion_unknown");
    assert!(
        said.starts_with(&format!("line {line}: no condition is called moon_walker")),
        "{said}"
    );
    assert!(Criterion::ALL.iter().all(|known| said.contains(known.name())), "{said}");
}

#[test]
fn refused_tables_of_amounts() {
    let head =
        "name = \"rates\"\nversion = 1\ndivision = \"411700\"\nvalid_from = \"2016-01-01\"\n";
    let table = |name: &str, period: &str, spans: &str| {
        format!(
            "{head}[rates.{name}]\nunit = \"person\"\nperiod = \"{period}\"\nspans = [{spans}]\n"
        )
    };
    let one = "{ from = \"2016-01\", amount_fen = 6000 }";
    let rows = [
        (table("living_allowance", "month", one), "accepted"),
        (format!("{head}[rates]\n"), "empty"),
        (table("living_allowance", "month", ""), "empty"),
        (table("Pension", "month", one), "form"),
        (table("living_allowance", "week", one), "form"),
        (table("living_allowance", "month", &format!("{one}, {one}")), "rates_overlap"),
        (table("living_allowance", "month", one).replace("01-01", "01-15"), "not_whole_months"),
        (table("living_allowance", "year", &one.replace("-01", "-07")), "not_whole_years"),
    ];
    for (text, expected) in rows {
        assert_eq!(refusal(&text), expected, "{text}");
    }
}

#[test]
fn texts_too_long_or_spelt_otherwise_are_refused() {
    let text = defaults::CERTIFICATE;
    assert_eq!(refusal(&text.replace('\n', "\r\n")), "not_canonical");
    assert_eq!(refusal(&format!("\u{feff}{text}")), "not_canonical");
    assert_eq!(refusal(&format!("{text}\n")), "not_canonical");
    assert_eq!(refusal(text.trim_end()), "not_canonical");
    let fill = |length: usize| format!("{text}#{}\n", "x".repeat(length - text.len() - 2));
    assert_eq!(fill(TEXT_MAX).len(), TEXT_MAX);
    assert_eq!(refusal(&fill(TEXT_MAX)), "accepted");
    assert_eq!(refusal(&fill(TEXT_MAX + 1)), "too_long");
}

#[test]
fn a_form_error_names_its_line() {
    let text = with(defaults::CERTIFICATE, "min_assessors = 2", "min_assessors = \"two\"");
    let line = 1 + text.lines().position(|line| line.starts_with("min_assessors")).unwrap();
    match Policy::parse(&text) {
        Err(PolicyError::Form { line: found, .. }) => assert_eq!(found, line),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_hash_of_a_text_is_stable() {
    let text = "name = \"rates\"\nversion = 1\ndivision = \"411700\"\n\
                valid_from = \"2016-01-01\"\n\n\
                [rates.living_allowance]\nunit = \"person\"\nperiod = \"month\"\nspans = [\n  \
                { from = \"2016-01\", amount_fen = 6000 },\n]\n";
    let row = RateRow {
        programme: "living_allowance",
        unit: "person-month",
        amount: Fen(6000),
        valid_from: day("2016-01-01"),
        valid_to: None,
    };
    // The text an import makes is itself a format: same rows, same bytes, same hash.
    assert_eq!(rates_policy("411700".parse().unwrap(), 1, &[row]).unwrap(), text);
    assert_eq!(hash(text).to_string(), "r4hvtejfn3ylzum6tnls5v643a5k5yl3eevzoylq26h7fjackmha");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

    /// Whatever a text is cut or changed into is refused or followed, never a panic.
    #[test]
    fn no_change_of_a_text_makes_a_panic(
        which in 0..defaults::POLICIES.len(),
        at in 0_usize..4000,
        cut in 0_usize..40,
        put in "[ -~一-丁\n]{0,12}",
    ) {
        let chars: Vec<char> = defaults::POLICIES[which].1.chars().collect();
        let from = at % chars.len();
        let to = (from + cut).min(chars.len());
        let kept = |part: &[char]| part.iter().collect::<String>();
        let text = canonical(&format!("{}{put}{}", kept(&chars[..from]), kept(&chars[to..])));
        proptest::prop_assert_eq!(&canonical(&text), &text);
        if let Ok(policy) = Policy::parse(&text) {
            proptest::prop_assert!(!explain(&policy, Lang::Zh).is_empty());
        }
    }
}
