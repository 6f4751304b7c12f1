//! From a flag to its end through the real binary: raised, assigned, judged, recovered or helped;
//! what was known at an earlier entry; and payrolls checked before they are paid.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mingzheng::rolls::{Hint, Row, read_roll};
use serde_json::Value;

use super::{Desk, text};

/// A demo ledger keeps its vault key in its own folder.
const VAULT: &str = "ledger/keys/vault.key";
/// The day the sample's labels are true on.
const AS_OF: &str = "2026-09-30";

fn sample(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sample")).join(name)
}

fn key(actor: &str) -> String {
    format!("ledger/keys/demo/{actor}.key")
}

/// A demo ledger with the sample's rolls of July and August; those of September are not paid yet.
fn before_september() -> Desk {
    let desk = Desk::new();
    let folder = desk.path("rolls");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(sample("")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.contains("2026-09") {
            fs::copy(&path, folder.join(name)).unwrap();
        }
    }
    let ran = desk.run(&["demo", "--rolls", "rolls"]);
    assert_eq!(ran.code, 0, "{}", ran.talk);
    desk
}

impl Desk {
    /// The lines of a list, with the vault open.
    fn lines(&self, args: &[&str]) -> Vec<Value> {
        let ran = self.run(&[&["--vault-key", VAULT, "--json"], args].concat());
        assert!(ran.code == 0 || args[0] == "check", "{args:?}: {ran:?}");
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The one document of a command, with the vault open.
    fn document(&self, args: &[&str]) -> Value {
        self.json(&[&["--vault-key", VAULT], args].concat())
    }

    /// The error of a command, with the vault open.
    fn fails(&self, code: i32, args: &[&str]) -> Value {
        self.error(code, &[&["--vault-key", VAULT], args].concat())
    }

    /// A command that one actor signs.
    fn act(&self, actor: &str, args: &[&str]) -> Value {
        let key = key(actor);
        self.json(&[&["--vault-key", VAULT], args, &["--key", &key]].concat())
    }

    /// The code of the rule that refuses a command.
    fn refused(&self, actor: &str, args: &[&str]) -> String {
        let key = key(actor);
        let error = self.error(1, &[&["--vault-key", VAULT], args, &["--key", &key]].concat());
        text(&error, "code").to_owned()
    }

    /// A flag of a person.
    fn flag(&self, person: &str, id: &str, more: &[&str]) -> Value {
        let shown = self.document(&[&["show", person, "--on", AS_OF], more].concat());
        let flags = shown["flags"].as_array().unwrap();
        flags.iter().find(|flag| flag["flag_id"] == id).unwrap().clone()
    }
}

/// One ledger for all of it: making it takes longest.
#[test]
fn from_a_payroll_that_is_checked_to_a_flag_that_is_closed() {
    let desk = before_september();
    payrolls_are_checked_before_they_are_paid(&desk);
    what_was_known_and_what_was_true_are_asked_apart(&desk);
    a_flag_s_whole_life(&desk);
}

fn a_flag_s_whole_life(desk: &Desk) {
    let raise = ["flags", "raise", "--on", AS_OF];
    let raised = desk.lines(&raise);
    let standing = desk.lines(&["flags", "--on", AS_OF]);
    assert_eq!(raised.len(), standing.len());
    assert!(raised.iter().all(|line| line["act"] == "raised"));
    assert_eq!(desk.lines(&raise).len(), 0, "raised twice");

    // The queue: gravest first, then most money.
    let queue = desk.lines(&["queue"]);
    assert_eq!(queue.len(), raised.len());
    let rank = |line: &Value| {
        let money = line["money_at_risk"].as_i64().unwrap();
        (text(line, "severity").to_owned(), std::cmp::Reverse(money))
    };
    assert!(queue.is_sorted_by_key(rank));
    let first_of = |rule: &str| {
        let found = queue.iter().find(|line| line["rule"] == rule);
        text(found.unwrap_or_else(|| panic!("no {rule}")), "flag_id").to_owned()
    };
    let (dead, doubtful) = (first_of("R01"), first_of("R18"));
    let before = desk.json(&["verify"])["entries"].as_u64().unwrap() - 1;

    // A verdict, by an inspector and nobody else.
    let (inspector, supervisor) = ("411700-inspector-1", "411700-supervisor-1");
    desk.act(supervisor, &["assign", &dead[..12], inspector]);
    let mine = desk.lines(&["queue", "--mine", inspector]);
    assert_eq!((mine.len(), &mine[0]["state"]), (1, &"assigned".into()));
    let wrong = desk.refused("411702-welfare-1", &["verdict", &dead, "confirmed", "--reason", "x"]);
    assert_eq!(wrong, "role_may_not_sign");
    let early = ["recover", "order", &dead, "--due", "2027-12-31"];
    let key_of_welfare = key("411702-welfare-1");
    let refused = desk.fails(1, &[&early[..], &["--key", &key_of_welfare]].concat());
    assert_eq!(text(&refused, "message"), "the flag has no confirmed verdict");
    desk.write("notes.txt", "走访记录");
    let field = ["verdict", &dead, "needs-field", "--reason", "去村里核实"];
    desk.act(inspector, &field);
    assert_eq!(desk.lines(&["queue", "--state", "needs_field"]).len(), 1);
    let confirmed = ["verdict", &dead, "confirmed", "--reason", "死亡属实"];
    let evidence = ["--evidence", "inquiry_record=notes.txt"];
    desk.act(inspector, &[&confirmed[..], &evidence].concat());

    // Money back: ordered by two, received, the rest waived by two.
    let waiting = desk.lines(&["queue", "recover"]);
    assert_eq!((waiting.len(), text(&waiting[0], "flag_id")), (1, dead.as_str()));
    let ordered = desk.act("411702-welfare-1", &early);
    let index = ordered["index"].to_string();
    let none = desk.fails(
        1,
        &["recover", "received", &dead, "--amount", "1", "--key", &key("411702-finance-1")],
    );
    assert_eq!(text(&none, "message"), "no recovery is in effect on the flag");
    desk.act(supervisor, &["endorse", &index]);
    let over = [&early[..], &["--amount", "0.01"]].concat();
    assert_eq!(desk.refused("411702-welfare-1", &over), "over_money_at_risk");
    desk.act("411702-finance-1", &["recover", "received", &dead, "--amount", "20.5"]);
    let order = desk.lines(&["queue", "recover"])[0]["orders"][0].clone();
    let rest = order["ordered"].as_i64().unwrap() - 2050;
    assert_eq!((&order["received"], &order["rest"]), (&2050.into(), &rest.into()));
    let waived =
        desk.act("411702-welfare-1", &["recover", "waive", &dead, "--ground", "家庭特别困难"]);
    desk.act(supervisor, &["endorse", &waived["index"].to_string()]);
    assert_eq!(desk.lines(&["queue", "recover"]).len(), 0);

    // Its whole life, now and as it was known before.
    let person = text(&mine[0], "subject");
    let flag = desk.flag(person, &dead, &[]);
    assert_eq!((text(&flag, "state"), &flag["orders"][0]["rest"]), ("closed", &0.into()));
    let steps: Vec<&str> =
        flag["life"].as_array().unwrap().iter().map(|step| text(step, "type")).collect();
    assert_eq!(
        steps,
        [
            "anomaly.raised",
            "anomaly.assigned",
            "anomaly.reviewed",
            "anomaly.reviewed",
            "recovery.ordered",
            "endorsed",
            "recovery.received",
            "recovery.waived",
            "endorsed",
        ]
    );
    for (as_of, state) in [
        (before.to_string(), "open"),
        ((before + 1).to_string(), "assigned"),
        (index.clone(), "confirmed"),
    ] {
        let known = desk.flag(person, &dead, &["--as-of", &as_of]);
        assert_eq!((text(&known, "state"), &known["orders"]), (state, &Value::Null), "{as_of}");
    }

    // A dismissed flag stays dismissed; nothing of it is raised again.
    let dismissed = ["verdict", &doubtful, "dismissed", "--reason", "同村代领"];
    desk.act(inspector, &dismissed);
    assert_eq!(desk.lines(&raise).len(), 0);
    let standing = desk.lines(&["flags", "--on", AS_OF, "--rule", "R18"]);
    let line = standing.iter().find(|flag| flag["flag_id"] == doubtful.as_str()).unwrap();
    assert_eq!(line["state"], "dismissed");
    assert_eq!(desk.json(&["verify"])["ok"], true);
}

/// Rule, file and row.
type Finding = (String, String, u64);

/// The labels of one month's payments, each with the rows it rests on.
fn labelled(files: &[&str], month: &str) -> BTreeSet<Finding> {
    let mut rows: Vec<(String, String, String, u64)> = Vec::new();
    for file in files {
        let bytes = fs::read(sample(file)).unwrap();
        let roll = read_roll(file, &bytes, &Hint::default()).unwrap();
        let programme = roll.kind.to_string();
        for row in &roll.rows {
            let Row::Payment(paid) = &row.value else { panic!("{file} is a payroll") };
            let id = paid.id.as_str().to_owned();
            rows.push((id, programme.clone(), (*file).to_owned(), row.row.into()));
        }
    }
    let labels = fs::read_to_string(sample("labels.csv")).unwrap();
    let labels = labels.trim_start_matches('\u{feff}').to_owned();
    let mut found = BTreeSet::new();
    for record in csv::Reader::from_reader(labels.as_bytes()).records() {
        let record = record.unwrap();
        let [rule, id, programme, of] = [0, 1, 2, 3].map(|at| record[at].to_owned());
        if of != month {
            continue;
        }
        let hit = rows
            .iter()
            .filter(|(of, paid, ..)| *of == id && (programme.is_empty() || *paid == programme));
        found.extend(hit.map(|(_, _, file, row)| (rule.clone(), file.clone(), *row)));
    }
    found
}

fn payrolls_are_checked_before_they_are_paid(desk: &Desk) {
    let files =
        ["困难残疾人生活补贴发放名册_2026-09.csv", "重度残疾人护理补贴发放名册_2026-09.xlsx"];
    let paths: Vec<String> =
        files.iter().map(|file| sample(file).to_str().unwrap().to_owned()).collect();
    let before = desk.json(&["verify"]);
    let args = ["check", &paths[0], &paths[1], "--on", AS_OF];
    let ran = desk.run(&[&["--vault-key", VAULT, "--json"][..], &args].concat());
    assert_eq!(ran.code, 1, "{}", ran.talk);
    let lines: Vec<Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let printed: BTreeSet<Finding> = lines
        .iter()
        .filter(|line| line["month"] == "2026-09")
        .map(|line| {
            let row = line["row"].as_u64().unwrap();
            (text(line, "rule").to_owned(), text(line, "file").to_owned(), row)
        })
        .collect();
    let labelled = labelled(&files, "2026-09");
    assert!(labelled.len() > 50, "{}", labelled.len());
    let missing: Vec<_> = labelled.difference(&printed).collect();
    let surplus: Vec<_> = printed.difference(&labelled).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?} surplus {surplus:?}");
    assert_eq!(desk.json(&["verify"])["root"], before["root"], "nothing was written");

    // The copy: two more columns, the findings beside their rows.
    let copy = ["check", &paths[1], "--on", AS_OF, "-o", "copy.xlsx"];
    let ran = desk.run(&[&["--vault-key", VAULT, "--json"][..], &copy].concat());
    assert_eq!(ran.code, 1, "{}", ran.talk);
    let bytes = fs::read(desk.path("copy.xlsx")).unwrap();
    let again = read_roll(files[1], &bytes, &Hint::default()).unwrap();
    let source = fs::read(sample(files[1])).unwrap();
    let source = read_roll(files[1], &source, &Hint::default()).unwrap();
    assert_eq!(again.rows, source.rows);
    assert!(again.sheets[0].unknown_headers.ends_with(&["疑点".to_owned(), "依据".to_owned()]));
    assert_eq!(desk.fails(2, &["check", &paths[0], "-o", "copy.pdf"])["kind"], "usage");

    // A roster pays nobody; August was paid as it stands, so its rows stand for themselves.
    let roster = sample("持证人名册.xlsx");
    let refused = desk.fails(1, &["check", roster.to_str().unwrap()]);
    assert!(text(&refused, "message").contains("pays nobody"), "{refused}");
    let paid = sample("困难残疾人生活补贴发放名册_2026-08.xlsx");
    let again = desk.lines(&["check", paid.to_str().unwrap(), "--on", AS_OF]);
    assert!(again.iter().all(|line| line["rule"] != "R17" || line["kind"] == "conclusive"));
    let standing = desk.lines(&["flags", "--on", AS_OF, "--rule", "R17"]);
    let august = |lines: &[Value]| {
        let of = |line: &&Value| {
            line["rule"] == "R17"
                && line["month"] == "2026-08"
                && line["programme"] == "living_allowance"
        };
        lines.iter().filter(of).count()
    };
    assert!(august(&again) >= august(&standing), "a payment twice is two rows");
    assert!(august(&again) <= 2 * august(&standing));
}

fn what_was_known_and_what_was_true_are_asked_apart(desk: &Desk) {
    // A dead person who was paid: known since the list of deaths came in.
    let flags = desk.lines(&["flags", "--on", AS_OF, "--rule", "R01"]);
    let flag = &flags[0];
    let evidence = flag["evidence"].as_array().unwrap();
    let indexes: Vec<u64> = evidence.iter().map(|index| index.as_u64().unwrap()).collect();
    let (paid, died) = {
        let name = |index: &u64| {
            let line = &desk.lines(&["history", &index.to_string()])[0];
            text(line, "type").to_owned()
        };
        let of = |wanted: &str| *indexes.iter().find(|index| name(index) == wanted).unwrap();
        (of("payment.executed"), of("external_fact.recorded"))
    };
    let known = paid.max(died);
    let person = text(flag, "subject");
    let r01 = |more: &[&str]| {
        let shown = desk.document(&[&["show", person][..], more].concat());
        let flags = shown["flags"].as_array().unwrap();
        (flags.iter().filter(|flag| flag["rule"] == "R01").count(), shown)
    };
    let (now, _) = r01(&["--on", AS_OF]);
    assert!(now >= 1);
    let (before, shown) = r01(&["--on", AS_OF, "--as-of", &(known - 1).to_string()]);
    assert_eq!((before, &shown["current_to"]), (0, &known.into()), "not known yet");
    let (after, _) = r01(&["--on", AS_OF, "--as-of", &(known).to_string()]);
    assert_eq!(after, 1);
    // Known now, but true only later.
    assert_eq!(r01(&["--on", "2026-06-30"]).0, 0);
    // Lists and histories end at the entry.
    let payments = desk.lines(&["list", "payments", "--as-of", &paid.to_string(), "--on", AS_OF]);
    let entries: Vec<u64> = payments.iter().map(|line| line["entry"].as_u64().unwrap()).collect();
    assert_eq!(entries.last(), Some(&paid));
    let history = desk.lines(&["history", person, "--as-of", &(known - 1).to_string()]);
    assert!(history.iter().all(|line| line["index"].as_u64().unwrap() < known));

    // A retraction is knowledge too: before it, the flag stood.
    let statement = {
        let line = &desk.lines(&["history", &died.to_string()])[0];
        text(line, "statement").to_owned()
    };
    let retracted = serde_json::json!({
        "type": "external_fact.retracted",
        "subject": person,
        "data": { "fact": statement, "reason": "同名误报" },
    });
    desk.write("retract.json", &retracted.to_string());
    let police = "411700-police-1";
    let key = key(police);
    for args in [
        &["draft", "retract.json", "--actor", police, "-o", "draft.json"][..],
        &["sign", "draft.json", "--key", &key, "-o", "signed"],
    ] {
        let ran = desk.run(&[&["--vault-key", VAULT], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.talk);
    }
    let sent = desk.json(&["--vault-key", VAULT, "submit", "signed"]);
    let index = sent["index"].as_u64().unwrap();
    assert_eq!(r01(&["--on", AS_OF]).0, 0, "retracted");
    assert_eq!(r01(&["--on", AS_OF, "--as-of", &index.to_string()]).0, 0);
    assert_eq!(r01(&["--on", AS_OF, "--as-of", &(index - 1).to_string()]).0, now);

    // Times: the end of the day of the last entry knows everything, a day before the first none.
    let all = desk.lines(&["flags", "--on", AS_OF]);
    let same = desk.lines(&["flags", "--on", AS_OF, "--as-of", &index.to_string()]);
    assert_eq!(all, same, "the newest entry knows what is known now");
    let early = desk.fails(1, &["flags", "--as-of", "1999-12-31"]);
    assert_eq!(text(&early, "message"), "the ledger had no entry by then");
    for (args, kind) in [
        (["flags", "--as-of", "yesterday"], "usage"),
        (["flags", "--as-of", "999999999"], "refused"),
    ] {
        let code = if kind == "usage" { 2 } else { 1 };
        assert_eq!(desk.fails(code, &args)["kind"], kind);
    }
    assert_eq!(desk.fails(2, &["list", "statistics", "--as-of", "1"])["kind"], "usage");
}
