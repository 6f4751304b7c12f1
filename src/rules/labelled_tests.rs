//! The rules against a labelled sample: every anomaly found, nobody accused who is lawful.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::scenario::{Log, PREFECTURE, bytes, day, person, row_ref, tag};
use super::terms::sample::SampleTerms;
use super::*;
use crate::event::{
    CertificateLegacyImported, ExternalFactRecorded, FlagKind, GuardianTags, LegacyStatus,
    PaymentExecuted, Role, RollKind,
};
use crate::policy::{PolicyBook, RateRow, defaults, rates_policy};
use crate::value::{
    Category, CertificateId, Component, FactKind, Fen, Hash, IdForm, Level, Month, Sex, Subject,
    Tag,
};

const CERTIFICATES: &str = include_str!("../../tests/fixtures/labelled/certificates.csv");
const PAYMENTS: &str = include_str!("../../tests/fixtures/labelled/payments.csv");
const FACTS: &str = include_str!("../../tests/fixtures/labelled/facts.csv");
const INSTITUTIONS: &str = include_str!("../../tests/fixtures/labelled/institutions.csv");
const LABELS: &str = include_str!("../../tests/fixtures/labelled/labels.csv");
const CLEAN: &str = include_str!("../../tests/fixtures/labelled/clean.csv");

/// A row by column name; an empty field is none.
struct Row(BTreeMap<String, String>);

impl Row {
    fn text(&self, column: &str) -> Option<&str> {
        let text = self.0.get(column).unwrap_or_else(|| panic!("no column {column}"));
        Some(text.as_str()).filter(|text| !text.is_empty())
    }

    fn read<T: std::str::FromStr>(&self, column: &str) -> Option<T> {
        self.text(column).map(|text| text.parse().ok().expect("the fixture is well formed"))
    }

    fn tag(&self, kind: &str, column: &str) -> Option<Tag> {
        self.read::<u32>(column).map(|code| tag(kind, code))
    }

    fn need<T: std::str::FromStr>(&self, column: &str) -> T {
        self.read(column).expect("the column is filled")
    }
}

/// A table is read once for all tests.
static TABLES: LazyLock<BTreeMap<&str, Vec<Row>>> = LazyLock::new(|| {
    let texts = [CERTIFICATES, PAYMENTS, FACTS, INSTITUTIONS, LABELS, CLEAN];
    texts.into_iter().map(|text| (text, read(text))).collect()
});

fn rows(text: &'static str) -> &'static [Row] {
    &TABLES[text]
}

fn read(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let named = |record: csv::StringRecord| {
        Row(head.iter().zip(record.iter()).map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
    };
    reader.records().map(|record| named(record.unwrap())).collect()
}

/// What to leave out of the sample, to see who falls silent.
#[derive(Default, Clone, Copy)]
struct Without<'a> {
    rolls: &'a [RollKind],
    columns: &'a [&'a str],
}

impl Without<'_> {
    fn keeps(&self, kind: RollKind) -> bool {
        !self.rolls.contains(&kind)
    }
}

fn load(without: Without<'_>) -> Log {
    let mut log = Log::default();
    let mut rolls = vec![
        (RollKind::CertificateRoster, None),
        (RollKind::Dibao, None),
        (RollKind::ExtremePoverty, None),
        (RollKind::Orphan, None),
        (RollKind::WorkInjuryNursing, None),
        (RollKind::Deaths, None),
        (RollKind::Prisoners, None),
        (RollKind::InstitutionAccounts, None),
        (RollKind::FuelSubsidy, None),
    ];
    for month in ["2026-07", "2026-08", "2026-09"] {
        rolls.push((RollKind::LivingAllowance, Some(month)));
        rolls.push((RollKind::NursingCareSubsidy, Some(month)));
    }
    for (kind, month) in rolls {
        if without.keeps(kind) {
            log.roll(kind, month);
        }
    }
    if without.keeps(RollKind::CertificateRoster) {
        certificates(&mut log, without.columns);
    }
    facts(&mut log, without);
    if without.keeps(RollKind::InstitutionAccounts) {
        for row in rows(INSTITUTIONS) {
            log.institution(row.tag("account", "account").unwrap());
        }
    }
    payments(&mut log, without);
    log
}

fn certificates(log: &mut Log, absent: &[&str]) {
    for row in rows(CERTIFICATES) {
        let id: u32 = row.need("id");
        let at: u32 = row.need("row");
        let kept = |column: &str| !absent.contains(&column);
        let component = |pair: &str| Component {
            category: Category::from_digit(pair.as_bytes()[0] - b'0').unwrap(),
            level: Level::new(pair.as_bytes()[1] - b'0').unwrap(),
        };
        let guardian = GuardianTags {
            id: row.tag("id", "guardian_id"),
            name: row.tag("name", "guardian_name"),
        };
        let issued = row.need("issued");
        let data = CertificateLegacyImported {
            person: person(id),
            id: tag("id", id),
            id_form: match row.text("form") {
                Some("V") => IdForm::Valid,
                Some("C") => IdForm::BadCheck,
                _ => IdForm::BadDate,
            },
            number: row.tag("number", "number"),
            name: row.tag("name", "name").unwrap(),
            birth_date: row.read("birth"),
            sex: Sex::Female,
            category: Category::from_digit(row.need("category")).unwrap(),
            level: Level::new(row.need("level")).unwrap(),
            components: row
                .text("components")
                .unwrap_or("")
                .split(' ')
                .filter(|pair| kept("components") && !pair.is_empty())
                .map(component)
                .collect(),
            issued,
            valid_to: row.need("valid_to"),
            status: match row.text("status") {
                Some("N") => LegacyStatus::Normal,
                Some("F") => LegacyStatus::Frozen,
                _ => LegacyStatus::Cancelled,
            },
            status_date: row.read("status_date"),
            division: row.need("division"),
            township: None,
            village: row.tag("village", "village"),
            phone: row.tag("phone", "phone"),
            guardian: (guardian.id.is_some() && kept("guardian")).then_some(guardian),
            household_no: row.tag("home", "household").filter(|_| kept("household_no")),
            institution: None,
            assessor_1: row.tag("officer", "assessor_1").filter(|_| kept("assessor_1")),
            assessor_2: row.tag("officer", "assessor_2").filter(|_| kept("assessor_2")),
            assessed_on: None,
            receiver: row.tag("officer", "receiver").filter(|_| kept("receiver")),
            reviewer: None,
            approver: row.tag("officer", "approver").filter(|_| kept("approver")),
            notice_from: row.read("notice_from").filter(|_| kept("notice_from")),
            notice_to: row.read("notice_to").filter(|_| kept("notice_to")),
            assessed_by_sight: false,
            gaps: absent.iter().map(|gap| gap.parse().unwrap()).collect(),
            row: row_ref("certificate", 0, at),
        };
        let certificate = CertificateId(bytes("certificate", at));
        log.add(Role::Clerk, Subject::Certificate(certificate), issued, data);
    }
}

fn facts(log: &mut Log, without: Without<'_>) {
    for row in rows(FACTS) {
        let (kind, roll) = match row.text("kind").unwrap() {
            "dibao" => (FactKind::Dibao, RollKind::Dibao),
            "extreme_poverty" => (FactKind::ExtremePovertySupport, RollKind::ExtremePoverty),
            "orphan" => (FactKind::OrphanAllowance, RollKind::Orphan),
            "work_injury_nursing" => (FactKind::WorkInjuryNursingFee, RollKind::WorkInjuryNursing),
            "death" => (FactKind::Death, RollKind::Deaths),
            "imprisonment" => (FactKind::Imprisonment, RollKind::Prisoners),
            other => panic!("{other}"),
        };
        if !without.keeps(roll) {
            continue;
        }
        let from = row.need("from");
        log.add(
            Role::DataCustodian,
            Subject::Ledger,
            from,
            ExternalFactRecorded {
                person: None,
                id: row.tag("id", "id").unwrap(),
                id_form: IdForm::Valid,
                name: row.tag("name", "name"),
                kind,
                from,
                to: row.read("to"),
                household_no: row.tag("home", "household"),
                division: None,
                row: None,
            },
        );
    }
}

fn payments(log: &mut Log, without: Without<'_>) {
    for row in rows(PAYMENTS) {
        let (programme, kind) = match row.text("programme").unwrap() {
            "l" => (Programme::Living, RollKind::LivingAllowance),
            "n" => (Programme::Nursing, RollKind::NursingCareSubsidy),
            _ => (Programme::Fuel, RollKind::FuelSubsidy),
        };
        if !without.keeps(kind) {
            continue;
        }
        let id: u32 = row.need("id");
        let year = (!programme.is_monthly()).then(|| row.need("month"));
        let month = programme.is_monthly().then(|| row.need::<Month>("month"));
        let paid_on = row.read("paid_on");
        let data = PaymentExecuted {
            person: person(id),
            id: tag("id", id),
            name: row.tag("name", "name").unwrap(),
            number: row.tag("number", "number"),
            programme: crate::value::Programme::from_name(programme.name()).unwrap(),
            month,
            year,
            amount: Fen(row.need("amount")),
            back_pay_months: row.need("back_pay"),
            back_pay_reason: row.text("reason") == Some("1"),
            account: row.tag("account", "account"),
            holder: row.tag("name", "holder"),
            bank: None,
            paid_on,
            division: row.read("division").unwrap_or_else(|| PREFECTURE.parse().unwrap()),
            chassis: row.tag("chassis", "chassis"),
            engine: row.tag("engine", "engine"),
            payroll: None,
            holder_match: None,
            row: Some(row_ref("payment", row.need("roll"), row.need("row"))),
        };
        let at = paid_on.unwrap_or_else(|| day("2026-06-30"));
        log.add(Role::BankAgent, Subject::Person(person(id)), at, data);
    }
}

/// A flag or label by what the sample's labels say of it.
type Grain = (String, String, String, String);

fn grain(flag: &Flag, codes: &BTreeMap<Tag, String>) -> Grain {
    let who = match flag.subject {
        FlagSubject::Officer(tag) => tag,
        FlagSubject::Person(_) => flag.id_tag.expect("a person of the sample has an ID number"),
    };
    let programme = flag.programme.map_or("", Programme::name).to_owned();
    let month = flag.month.map(|month| month.to_string()).unwrap_or_default();
    (flag.rule.id.to_owned(), codes[&who].clone(), programme, month)
}

fn codes() -> BTreeMap<Tag, String> {
    let id = |code| (tag("id", code), code.to_string());
    let officer = |code| (tag("officer", code), format!("officer {code}"));
    (1..10_000).map(id).chain((1..10_000).map(officer)).collect()
}

fn labels() -> BTreeSet<Grain> {
    let text = |row: &Row, column| row.text(column).unwrap_or_default().to_owned();
    let grain = |row: &Row| {
        (text(row, "rule"), text(row, "id"), text(row, "programme"), text(row, "month"))
    };
    rows(LABELS).iter().map(grain).collect()
}

#[test]
fn every_label_is_found_and_nobody_lawful_is_accused() {
    compare(&SampleTerms);
}

#[test]
fn the_shipped_policies_and_the_sample_amounts_say_the_same() {
    let mut book = PolicyBook::default();
    book.publish_calendar_text(defaults::CALENDAR, 0).unwrap();
    for text in defaults::defaults() {
        book.publish_text(text, 0).unwrap();
    }
    let rate = |programme, unit, fen| RateRow {
        programme,
        unit,
        amount: Fen(fen),
        valid_from: day("2016-01-01"),
        valid_to: None,
    };
    let rows = [
        rate("living_allowance", "person-month", 6000),
        rate("nursing_care_subsidy", "person-month", 6000),
        rate("fuel_subsidy", "vehicle-year", 26000),
    ];
    book.publish_text(&rates_policy(PREFECTURE.parse().unwrap(), 1, &rows).unwrap(), 1).unwrap();
    compare(&book);
}

fn compare(terms: &dyn Terms) {
    let flags = judge_all(&load(Without::default()).register(), terms, day("2026-09-30"));
    let (codes, labels) = (codes(), labels());
    let found: BTreeSet<Grain> = flags.iter().map(|flag| grain(flag, &codes)).collect();
    assert_eq!(found.len(), flags.len(), "one flag for each grain");

    let clean: BTreeSet<String> =
        rows(CLEAN).iter().map(|row| row.text("id").unwrap().to_owned()).collect();
    let mut table = String::new();
    let mut wrong = Vec::new();
    for rule in list() {
        let of_rule = |set: &BTreeSet<Grain>| -> BTreeSet<Grain> {
            set.iter().filter(|grain| grain.0 == rule.id).cloned().collect()
        };
        let (expected, raised) = (of_rule(&labels), of_rule(&found));
        let right = expected.intersection(&raised).count();
        let line = format!("{} {} {} {right}\n", rule.id, expected.len(), raised.len());
        table.push_str(&line);
        let good = match rule.kind {
            FlagKind::Conclusive => expected == raised,
            // Recall 0.95 and precision 0.9, in whole numbers.
            FlagKind::Lead => right * 100 >= expected.len() * 95 && right * 10 >= raised.len() * 9,
        };
        if !good {
            wrong.extend(expected.symmetric_difference(&raised).cloned());
        }
    }
    assert!(wrong.is_empty(), "rule, labelled, raised, right:\n{table}{wrong:?}");
    for flag in flags.iter().filter(|flag| flag.kind == FlagKind::Conclusive) {
        let (rule, who, ..) = grain(flag, &codes);
        assert!(!clean.contains(&who), "{rule} accuses a lawful look-alike: {who}");
    }
}

/// The numbers of the rules that raise anything.
fn speaking(without: Without<'_>) -> BTreeSet<&'static str> {
    let flags = judge_all(&load(without).register(), &SampleTerms, day("2026-09-30"));
    flags.iter().map(|flag| flag.rule.id).collect()
}

#[test]
fn a_rule_without_its_inputs_is_silent() {
    use RollKind::{CertificateRoster, Deaths, Dibao, NursingCareSubsidy, Prisoners};
    let all = speaking(Without::default());
    let silent = |rolls: &[RollKind], columns: &[&str]| {
        let heard = speaking(Without { rolls, columns });
        all.difference(&heard).copied().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(silent(&[Deaths], &[]), "R01 R02");
    assert_eq!(silent(&[Prisoners], &[]), "R41");
    assert_eq!(silent(&[Dibao], &[]), "R19");
    assert_eq!(silent(&[NursingCareSubsidy], &[]), "R13 R47");
    assert_eq!(
        silent(&[CertificateRoster], &[]),
        "R02 R03 R04 R06 R07 R08 R13 R19 R22 R24 R25 R27 R32 R36 R37 R43 R47"
    );
    assert_eq!(silent(&[], &["assessor_1", "assessor_2"]), "R22 R32");
    assert_eq!(silent(&[], &["assessor_2"]), "R22");
    assert_eq!(silent(&[], &["notice_from"]), "R25");
    assert_eq!(silent(&[], &["components"]), "R24");
    assert_eq!(silent(&[], &["approver"]), "R27");
    assert_eq!(silent(&[], &["guardian"]), "R19");
    assert_eq!(silent(&[], &["household_no"]), "R19");
}

#[test]
fn on_an_earlier_day_only_what_had_happened_counts() {
    let (codes, labels) = (codes(), labels());
    let flags = judge_all(&load(Without::default()).register(), &SampleTerms, day("2026-08-31"));
    let found: BTreeSet<Grain> = flags.iter().map(|flag| grain(flag, &codes)).collect();
    // Rules of one payment and facts of the past: August's flags are September's up to August.
    for rule in ["R01", "R03", "R10", "R11", "R13", "R14", "R16", "R18", "R41"] {
        let up_to_august = |grain: &&Grain| grain.0 == rule && grain.3.as_str() <= "2026-08";
        let expected: Vec<_> = labels.iter().filter(up_to_august).collect();
        let raised: Vec<_> = found.iter().filter(|grain| grain.0 == rule).collect();
        assert_eq!(raised, expected, "{rule}");
    }
}

#[test]
fn following_the_log_gives_the_flags_of_a_full_pass() {
    let (log, on) = (load(Without::default()), day("2026-09-30"));
    let full = judge_all(&log.register(), &SampleTerms, on);
    // Shuffled the same way on every run; the last ones are followed one by one.
    let mut events = log.events;
    events.sort_by_key(|event| event.id);
    (0..).zip(&mut events).for_each(|(index, event)| event.index = index);
    let (before, after) = events.split_at(events.len() - 400);
    // What was known before the event stands in a second register, one event behind.
    let (mut register, mut trailing) = (Register::default(), Register::default());
    for event in before {
        register.take(event);
        trailing.take(event);
    }
    let mut flags: BTreeMap<Hash, Flag> = BTreeMap::new();
    let mut tallies = Tallies::default();
    let view = View::new(&register, &SampleTerms, on);
    for person in register.persons() {
        flags.extend(judge_person(person, &view).into_iter().map(|flag| (flag.id, flag)));
        tallies.add(&view.file(person));
    }
    let everybody: BTreeSet<PersonId> = register.persons().collect();
    let mut rejudged = 0;
    for event in after {
        let traces = traces(event);
        register.take(event);
        let view = View::new(&register, &SampleTerms, on);
        let persons = match touched(&traces, &view) {
            Touched::All => everybody.clone(),
            Touched::Persons(persons) => persons,
        };
        let old = View::new(&trailing, &SampleTerms, on);
        for person in persons {
            rejudged += 1;
            tallies.remove(&old.file(person));
            tallies.add(&view.file(person));
            flags.retain(|_, flag| flag.subject != FlagSubject::Person(person));
            flags.extend(judge_person(person, &view).into_iter().map(|flag| (flag.id, flag)));
        }
        trailing.take(event);
    }
    flags.extend(tallies.judge().into_iter().map(|flag| (flag.id, flag)));
    let ids = |flags: &mut dyn Iterator<Item = &Flag>| flags.map(|flag| flag.id).collect();
    let (live, full): (BTreeSet<Hash>, BTreeSet<Hash>) =
        (ids(&mut flags.values()), ids(&mut full.iter()));
    assert_eq!(live, full);
    assert!(rejudged < 40 * after.len(), "{rejudged} persons for {} events", after.len());
}
