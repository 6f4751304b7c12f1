//! Commands over a server: each is run on a ledger of its own and, over HTTP, on a twin of it, and
//! has to say the same and end the same.

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    Desk, Ran,
    service::{Service, demo},
    text,
};

const INSPECTOR: &str = "411700-inspector-1";
const SUPERVISOR: &str = "411700-supervisor-1";
const WELFARE: &str = "411700-civil-1";

/// A ledger in `ledger`, and its twin in `twin`, which is served.
struct Twins {
    desk: Desk,
    service: Service,
}

fn key(actor: &str) -> String {
    format!("ledger/keys/demo/{actor}.key")
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/rolls/{name}", env!("CARGO_MANIFEST_DIR"))
}

impl Twins {
    fn of(desk: Desk) -> Self {
        copy(&desk.path("ledger"), &desk.path("twin"));
        let args = ["serve", "--listen", "127.0.0.1:0", "--json", "--ledger", "twin"];
        let many = ["--actor-burst", "10000", "--peer-burst", "10000"];
        let mut command = desk.command(&[&args[..], &many].concat());
        let service = Service::spawn(command.env_remove("MINGZHENG_VAULT_KEY"));
        Self { desk, service }
    }

    /// A demo ledger of the small rolls.
    fn of_rolls() -> Self {
        let desk = Desk::new();
        assert_eq!(demo(&desk, &["demo", "--rolls", &fixture("")]).code, 0);
        Self::of(desk)
    }

    fn own(&self, args: &[&str]) -> Ran {
        demo(&self.desk, &[args, &["--json"]].concat())
    }

    fn served(&self, actor: &str, args: &[&str]) -> Ran {
        let at = ["--server", &self.service.address, "--key", &key(actor), "--json"];
        demo(&self.desk, &[args, &at].concat())
    }

    /// Runs a command both ways; gives the last line of what both said.
    fn both(&self, own: &Ran, served: &Ran, args: &[&str]) -> Value {
        assert_eq!(own.code, served.code, "{args:?}\n{own:?}\n{served:?}");
        assert_eq!(alike(&own.out), alike(&served.out), "{args:?}\n{own:?}\n{served:?}");
        let last = own.out.lines().last().map(|line| serde_json::from_str(line).unwrap());
        if own.code != 0 && last.is_none() {
            // What is wrong is the last thing said.
            let said = |ran: &Ran| -> Value {
                serde_json::from_str(ran.talk.lines().last().unwrap()).unwrap()
            };
            assert_eq!(said(own), said(served), "{args:?}");
            return said(own)["error"].clone();
        }
        last.unwrap_or_default()
    }

    /// A command that asks: the server is asked as `actor`.
    fn ask(&self, actor: &str, args: &[&str]) -> Value {
        self.both(&self.own(args), &self.served(actor, args), args)
    }

    /// A command that `actor` signs; a server's command says what before.
    fn act(&self, actor: &str, args: &[&str]) -> Value {
        let (said, talk) = self.sign(actor, args);
        if said["index"].is_u64() {
            assert!(talk.contains("即将签署"), "{talk}");
        }
        said
    }

    /// A command that `actor` signs; gives the last line of what both said, and the server's talk.
    fn sign(&self, actor: &str, args: &[&str]) -> (Value, String) {
        let own = self.own(&[args, &["--key", &key(actor)]].concat());
        let served = self.served(actor, args);
        (self.both(&own, &served, args), served.talk)
    }

    /// A proposal, and the endorsement of its last statement.
    fn act_by_two(&self, actor: &str, args: &[&str], second: &str) {
        let index = self.act(actor, args)["index"].to_string();
        self.act(second, &["endorse", &index]);
    }
}

/// What was said, without what is drawn anew on each of two ledgers: ids, and the hashes of
/// statements that hold the random token of their signature.
fn alike(said: &str) -> String {
    let is_id = |word: &str| {
        [26, 52].contains(&word.len())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
    };
    let mut alike = String::new();
    for word in said.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        alike.push_str(&if is_id(bare) { word.replace(bare, "ID") } else { word.to_owned() });
    }
    alike
}

#[test]
fn a_flag_is_worked_to_its_end_over_a_server() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    // The ledger's own key signs: here its file, there whoever asks the server.
    let raise = ["flags", "raise"];
    let raised = twins.ask(SUPERVISOR, &raise);
    assert_eq!(raised["act"], "raised");
    assert!(twins.ask(SUPERVISOR, &raise).is_null(), "raised twice");

    let queue = demo(desk, &["queue", "--json"]).out;
    let queue: Vec<Value> = queue.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |remedy: &str| {
        let found = queue.iter().find(|line| line["remedy"] == remedy);
        text(found.unwrap_or_else(|| panic!("{remedy}: {queue:?}")), "flag_id").to_owned()
    };
    let (paid, unpaid) = (of("recover"), of("help"));
    twins.act(SUPERVISOR, &["assign", &paid[..12], INSPECTOR]);
    let index = twins.act(INSPECTOR, &["verdict", &paid, "needs-field", "--reason", "去核实"]);
    // An entry of its life names a flag too.
    let index = index["index"].to_string();
    desk.write("notes.txt", "走访记录");
    let papers = ["--evidence", "inquiry_record=notes.txt"];
    let confirmed = ["verdict", &index, "confirmed", "--reason", "属实"];
    let given = twins.act(INSPECTOR, &[&confirmed[..], &papers].concat());
    let given = given["index"].to_string();
    let paper = twins.ask(INSPECTOR, &["evidence", "check", "notes.txt", "--entry", &given]);
    assert_eq!(paper["kind"], "inquiry_record");
    desk.write("other.txt", "别的");
    let other = twins.ask(INSPECTOR, &["evidence", "check", "other.txt", "--entry", &given]);
    assert!(text(&other, "message").starts_with("evidence_differs"), "{other}");
    let none = twins.ask(INSPECTOR, &["evidence", "check", "notes.txt", "--entry", "3"]);
    assert!(text(&none, "message").contains("refers to no document"), "{none}");

    let order = ["recover", "order", &paid, "--due", "2027-12-31"];
    twins.act_by_two(WELFARE, &order, SUPERVISOR);
    let over = [&order[..], &["--amount", "0.01"]].concat();
    assert_eq!(text(&twins.act(WELFARE, &over), "code"), "over_money_at_risk");
    twins.act("411700-finance-1", &["recover", "received", &paid, "--amount", "20.5"]);
    twins.act_by_two(WELFARE, &["recover", "waive", &paid, "--ground", "特别困难"], SUPERVISOR);
    twins.act(INSPECTOR, &["verdict", &unpaid, "confirmed", "--reason", "属实"]);
    twins.act("411702-clerk-1", &["aid", &unpaid, "granted", "--what", "已纳入", "--amount", "60"]);
    for which in ["recover", "help"] {
        assert!(twins.ask(INSPECTOR, &["queue", which]).is_null(), "{which}");
    }

    // Whoever may not is told the same, and nothing is signed that names no flag.
    let verdict = ["verdict", &paid, "dismissed", "--reason", "x"];
    assert_eq!(text(&twins.act(WELFARE, &verdict), "code"), "role_may_not_sign");
    for nobody in ["aaaaaaaaaaaa", "aaa", "3", "99999999", "../flags", ""] {
        let none = twins.act(INSPECTOR, &["verdict", nobody, "confirmed", "--reason", "x"]);
        assert_eq!(text(&none, "message"), "no flag on the log has that id", "{nobody}");
    }
    assert_eq!(twins.service.end(), 0);
    for ledger in ["ledger", "twin"] {
        assert_eq!(demo(desk, &["verify", "--strict", "--ledger", ledger]).code, 0);
    }
}

#[test]
fn actors_policies_and_erasures_are_signed_over_a_server() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    let keys = "411700-keys-1";
    let public = desk.key("new");
    let enrol = ["actor", "enrol", "411702-new-1", "--role", "clerk", "--organisation", "区残联"];
    let of = ["--division", "411702", "--public-key", &public];
    let tagged = ["--person-id", "990000194912310026", "--relation", "spouse:990000194912310034"];
    twins.act_by_two(keys, &[&enrol[..], &of, &tagged].concat(), SUPERVISOR);
    // The tags are those that the vault makes: the same on both.
    let last = |ledger: &str| -> Value {
        let ran = demo(desk, &["history", "actor:411702-new-1", "--json", "--ledger", ledger]);
        serde_json::from_str(ran.out.lines().next().unwrap()).unwrap()
    };
    let wrong =
        twins.act(keys, &[&enrol[..], &of, &["--person-id", "990000194912310027"]].concat());
    assert!(text(&wrong, "message").contains("ID number"), "{wrong}");
    let public = desk.key("newer");
    let rotate = ["actor", "rotate", "411702-new-1", "--public-key", &public, "--reason", "旧钥"];
    twins.act_by_two(keys, &rotate, SUPERVISOR);
    twins.act(SUPERVISOR, &["actor", "suspend", "411702-new-1", "--reason", "调离"]);

    twins.act("411700-approver-1", &["calendar", "publish"]);
    let defaults = ["policy", "publish", "--defaults"];
    twins.act("411700-approver-1", &defaults);
    assert_eq!(
        text(&twins.act("411702-clerk-1", &["calendar", "publish"]), "code"),
        "role_may_not_sign"
    );

    let listed = demo(desk, &["list", "certificates", "--json"]).out;
    let first: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = format!("person:{}", text(&first, "person"));
    let certificate = format!("certificate:{}", text(&first, "certificate"));
    let erase = |who| ["erase", who, "--basis", "art. 47", "--final-on", "2027-01-31"];
    let index = twins.act("411700-privacy-1", &erase(&certificate))["index"].to_string();
    let own = twins.own(&["endorse", &index, "--key", &key(keys)]);
    let served = twins.served(keys, &["endorse", &index]);
    twins.both(&own, &served, &["endorse"]);
    assert!(own.talk.contains("vault rewrite") && served.talk.contains("vault rewrite"));
    let again = twins.act("411700-privacy-1", &erase(&person));
    assert!(text(&again, "message").contains("no data key"), "{again}");
    assert_eq!(twins.service.end(), 0);
    assert_eq!(last("ledger")["data"], last("twin")["data"]);
    for ledger in ["ledger", "twin"] {
        assert_eq!(demo(desk, &["verify", "--strict", "--ledger", ledger]).code, 0);
    }
}

#[test]
fn reports_packs_and_proofs_are_the_same() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    let same = |actor: &str, args: &[&str]| {
        let (own, served) = (twins.own(args), twins.served(actor, args));
        assert_eq!((own.code, served.code), (0, 0), "{args:?} {own:?} {served:?}");
        assert_eq!(own.out, served.out, "{args:?}");
        let last = own.out.lines().last().unwrap();
        serde_json::from_str::<Value>(last).unwrap()
    };
    let listed = same(INSPECTOR, &["list", "certificates"]);
    let certificate = format!("certificate:{}", text(&listed, "certificate"));
    let person = format!("person:{}", text(&listed, "person"));
    same(INSPECTOR, &["checkpoint"]);
    same(INSPECTOR, &["prove", "12"]);
    desk.write("paper", "材料");
    // A document about nobody alone, and one about somebody; the salts are the vault's.
    same(INSPECTOR, &["evidence", "hash", "paper"]);
    same(INSPECTOR, &["evidence", "hash", "paper", "--person", &person]);
    same(INSPECTOR, &["evidence", "hash", "paper", "--person", &certificate]);

    // Files that are written are the same to the byte.
    let written = |actor: &str, args: &[&str], name: &str| {
        let own = twins.own(&[args, &["-o", name]].concat());
        let bytes = fs::read(desk.path(name)).unwrap();
        fs::remove_file(desk.path(name)).unwrap();
        let served = twins.served(actor, &[args, &["-o", name]].concat());
        assert_eq!((own.code, &own.out), (served.code, &served.out), "{args:?}\n{served:?}");
        assert!(bytes == fs::read(desk.path(name)).unwrap(), "{args:?}: {name} differs");
        fs::remove_file(desk.path(name)).unwrap();
        bytes
    };
    let strict = ["report", "strict-review", "--from", "2020-01-01"];
    same(INSPECTOR, &strict);
    let page = written(INSPECTOR, &strict, "report.html");
    assert!(String::from_utf8(page).unwrap().contains("<!DOCTYPE html>"));
    for who in [&person, &certificate, "actor:411702-clerk-1", "programme:rates"] {
        written("411700-clerk-1", &["pack", who], "pack.zip");
    }
    let entry = twins.ask(INSPECTOR, &["pack", "3", "-o", "pack.zip"]);
    assert_eq!(text(&entry, "message"), "a pack is about a person, a certificate or a subject");

    // A name on a timeline is a look, which has a purpose and stands on the ledger.
    let named = ["pack", &person, "-o", "pack.zip", "--reveal"];
    assert_eq!(twins.served(INSPECTOR, &named).code, 2);
    let looked = twins.served(INSPECTOR, &[&named[..], &["--purpose", "核查"]].concat());
    assert_eq!(looked.code, 0, "{looked:?}");
    let history = twins.served(INSPECTOR, &["history", &person]);
    assert!(history.out.lines().last().unwrap().contains("query.logged"), "{history:?}");

    // Who covers another division gets nothing of it, and nothing is written.
    let listed = demo(desk, &["list", "payments", "--json"]).out;
    let mut paid = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let elsewhere = paid.find(|line| line["division"] == "411729").unwrap();
    let other = format!("person:{}", text(&elsewhere, "person"));
    let refused = twins.served("411702-clerk-1", &["pack", &other, "-o", "none.zip"]);
    assert!(refused.code == 1 && refused.talk.contains("does not cover"), "{refused:?}");
    let region =
        twins.served("411702-approver-1", &[&strict[..], &["--division", "411703"]].concat());
    assert!(region.code == 1 && region.talk.contains("does not cover"), "{region:?}");
    assert!(!desk.path("none.zip").exists());
    let address = twins.service.address.clone();
    assert_eq!(twins.service.end(), 0);
    // And when nobody answers.
    let key = key(INSPECTOR);
    let at = ["--server", &address, "--key", &key];
    for args in [&["checkpoint"][..], &["endorse", "3"], &["import", "paper"], &["flags", "raise"]]
    {
        let gone = demo(desk, &[args, &at].concat());
        assert!(gone.code == 1 && gone.talk.contains("asking the server"), "{args:?} {gone:?}");
    }
}

#[test]
fn payrolls_are_checked_over_a_server() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    let files = [
        "困难残疾人生活补贴发放名册_2026-09.csv",
        "重度残疾人护理补贴发放名册_2026-09.xlsx",
        "机动轮椅车燃油补贴_2026.csv",
    ]
    .map(fixture);
    let [csv, xlsx, fuel] = &files;
    let check = |args: &[&str]| {
        let (own, served) = (twins.own(args), twins.served(INSPECTOR, args));
        assert_eq!((own.code, &own.out), (served.code, &served.out), "{args:?}\n{served:?}");
        assert!(served.talk.contains("rows checked"), "{served:?}");
        own
    };
    for args in [
        &["check", csv.as_str()][..],
        &["check", csv, "--on", "2026-09-30"],
        &["check", csv, xlsx, fuel],
        &["check", fuel, "--division", "411702"],
    ] {
        let ran = check(args);
        assert!(!ran.out.is_empty(), "{args:?}");
    }
    assert_eq!(check(&["check", fuel]).code, 1, "conclusive findings stand");

    // The annotated copy, whatever form it comes in.
    for (roll, form) in [(csv, "csv"), (csv, "xlsx"), (xlsx, "xlsx"), (xlsx, "csv")] {
        let name = format!("copy.{form}");
        let args = ["check", roll, "-o", &name];
        let own = twins.own(&args);
        let copy = fs::read(desk.path(&name)).unwrap();
        fs::remove_file(desk.path(&name)).unwrap();
        let served = twins.served(INSPECTOR, &args);
        assert_eq!((own.code, &own.out), (served.code, &served.out));
        assert!(copy == fs::read(desk.path(&name)).unwrap(), "{roll} {form}");
        fs::remove_file(desk.path(&name)).unwrap();
    }
    let roster = fixture("持证人名册.xlsx");
    let refused = twins.served(INSPECTOR, &["check", &roster]);
    assert!(refused.code == 1 && refused.talk.contains("pays nobody"), "{refused:?}");
    let role = twins.served("411700-privacy-1", &["check", csv]);
    assert!(role.code == 1 && role.talk.contains("role may not"), "{role:?}");
    let other = twins.served("411702-clerk-1", &["check", csv, "--division", "411703"]);
    assert!(other.code == 1 && other.talk.contains("does not cover"), "{other:?}");
}

/// Names that a spreadsheet would run, or would take for the end of a cell that it runs.
const FORMULAS: [&str; 6] =
    ["=HYPERLINK(\"http://x\",\"甲\")", "+1+cmd", "-2+3", "@SUM(1)", "\t=1", "\r=1"];

#[test]
fn no_name_in_an_annotated_copy_is_run_by_a_spreadsheet() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    let headers =
        ["姓名", "公民身份号码", "金额(元)", "备注", "银行账号", "残疾人证号", "补贴月份"];
    let ids = (0..).map(|number| format!("9917021960010{number:05}"));
    let rows: Vec<[String; 7]> = FORMULAS
        .iter()
        .zip(ids)
        .map(|(name, id)| [*name, &id, "60", name, "99001", "", "2026-09"].map(str::to_owned))
        .collect();
    let mut csv = csv::Writer::from_path(desk.path("roll.csv")).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    csv.write_record(headers).unwrap();
    for (column, header) in (0..).zip(headers) {
        page.write_string(0, column, header).unwrap();
    }
    for (at, row) in (1..).zip(&rows) {
        csv.write_record(row).unwrap();
        for (column, cell) in (0..).zip(row) {
            page.write_string(at, column, cell).unwrap();
        }
    }
    csv.flush().unwrap();
    book.save(desk.path("roll.xlsx")).unwrap();
    let of = ["--kind", "living_allowance", "--month", "2026-09"];
    for roll in ["roll.csv", "roll.xlsx"] {
        for (number, copy) in ["copy.csv", "copy.xlsx"].into_iter().enumerate() {
            let args = [&["check", roll, "-o", copy][..], &of].concat();
            let ran = if number == 0 { twins.own(&args) } else { twins.served(INSPECTOR, &args) };
            assert!(ran.talk.contains("6 rows checked"), "{ran:?}");
            let texts = cells(&desk.path(copy));
            for name in FORMULAS {
                let shown = texts.iter().filter(|text| text.ends_with(name.trim_start()));
                assert!(shown.count() >= 2, "{roll} {copy} lost {name:?}: {texts:?}");
            }
            fs::remove_file(desk.path(copy)).unwrap();
        }
    }
}

/// The texts of a copy's cells; fails where one would be run.
fn cells(copy: &Path) -> Vec<String> {
    if copy.extension().unwrap() == "csv" {
        let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(copy);
        let records = csv.as_mut().unwrap().records().map(Result::unwrap);
        let texts: Vec<String> = records
            .flat_map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let runs = |text: &&String| text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert_eq!(texts.iter().find(runs), None);
        return texts;
    }
    // A cell of a workbook is run when it is a formula; the mark keeps a text one when it is edited.
    let mut zip = zip::ZipArchive::new(fs::File::open(copy).unwrap()).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
        text
    };
    assert!(!part("xl/worksheets/sheet1.xml").contains("<f"), "a formula");
    assert!(part("xl/styles.xml").contains("quotePrefix=\"1\""));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(copy).unwrap();
    let page = calamine::Reader::worksheet_range_at(&mut book, 0).unwrap().unwrap();
    page.rows().flatten().map(ToString::to_string).collect()
}

/// A bank's answers to the payroll of 2026-07, of one person there and one who is not.
const ANSWERS: &str = "姓名,身份证号,银行账号,金额,发放结果,失败原因,处理日期\n\
    甲,ONE,,60,失败,账户已销户,2026-07-28\n戊,991702196001011265,99004,60,成功,,2026-07-28\n";

#[test]
fn rolls_are_signed_over_a_server() {
    let desk = Desk::new();
    assert_eq!(demo(&desk, &["demo", "--people", "3"]).code, 0);
    let twins = Twins::of(desk);
    let desk = &twins.desk;
    let clerk = "411700-clerk-1";
    let import = |actor: &str, name: &str, more: &[&str]| {
        let roll = if Path::new(name).is_absolute() || desk.path(name).exists() {
            name.to_owned()
        } else {
            fixture(name)
        };
        let (line, talk) = twins.sign(actor, &[&["import", &roll][..], more].concat());
        let signs = line["first_index"].is_u64();
        assert_eq!(talk.contains("signing (签署)"), signs, "{talk}");
        line
    };
    let counts = |line: &Value| {
        ["new", "unchanged", "corrected", "retracted", "rejected", "refused"]
            .map(|name| line[name].as_u64().unwrap_or_else(|| panic!("{name}: {line}")))
    };
    // Amounts, a register, lists of other offices, payrolls: each by whoever sends it.
    let (approver, bank) = ("411700-approver-1", "411700-bank-1");
    let dry = import(clerk, "持证人名册.xlsx", &["--dry-run"]);
    assert_eq!((&dry["new"], &dry["roll"]), (&20.into(), &Value::Null));
    let register = import(clerk, "持证人名册.xlsx", &[]);
    assert_eq!(counts(&register), [20, 0, 0, 0, 0, 0]);
    assert_eq!(counts(&import(clerk, "持证人名册.xlsx", &[])), [0, 20, 0, 0, 0, 0]);
    let rates = import(approver, "rates.csv", &[]);
    assert_eq!((counts(&rates)[0], &rates["waiting_endorsement"]), (3, &1.into()));
    for (actor, name) in [
        ("411700-welfare-1", "低保对象名册.csv"),
        ("411700-police-1", "死亡人员名单.csv"),
        ("411700-justice-1", "服刑人员名单.csv"),
        (bank, "困难残疾人生活补贴发放名册_2026-07.csv"),
        (bank, "困难残疾人生活补贴发放名册_2026-08.xlsx"),
        (bank, "机动轮椅车燃油补贴_2026.csv"),
    ] {
        let [new, .., refused] = counts(&import(actor, name, &[]));
        assert!(new >= 20 && refused == 0, "{name}");
    }
    assert_eq!(counts(&import(bank, "护理补贴.xls", &[]))[4], 3, "rows that cannot be read");

    // What came with a roll is endorsed together; its id is another on each ledger.
    let accounts = "机构账户.csv";
    let own = twins.own(&["import", &fixture(accounts), "--key", &key(clerk)]);
    let served = twins.served(clerk, &["import", &fixture(accounts)]);
    let line = twins.both(&own, &served, &["import", accounts]);
    assert_eq!(line["waiting_endorsement"], 20);
    let roll = |ran: &Ran| {
        let line: Value = serde_json::from_str(ran.out.trim_end()).unwrap();
        text(&line, "roll").to_owned()
    };
    let endorsed = twins.own(&["endorse", &roll(&own), "--key", &key(bank)]);
    let over = twins.served(bank, &["endorse", &roll(&served)]);
    twins.both(&endorsed, &over, &["endorse"]);
    assert!(over.talk.contains("20 proposals"), "{over:?}");

    // A full list, from which one is gone and one has changed.
    let list = fs::read_to_string(fixture("低保对象名册.csv")).unwrap();
    let lines: Vec<&str> = list.lines().collect();
    let changed = lines[2].replacen("2021年8月", "2021年9月", 1);
    assert_ne!(changed, lines[2]);
    let shorter = [&[lines[0]][..], &[&changed], &lines[3..]].concat().join("\n");
    desk.write("低保对象名册.csv", &shorter);
    let dry = import("411700-welfare-1", "低保对象名册.csv", &["--complete", "--dry-run"]);
    let complete = import("411700-welfare-1", "低保对象名册.csv", &["--complete"]);
    assert_eq!(counts(&complete), [0, 22, 1, 1, 0, 0]);
    assert_eq!(counts(&dry), counts(&complete));

    // What the bank says, and what was done for people.
    let listed = demo(desk, &["list", "payments", "--json"]).out;
    let paid: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let paid = paid
        .iter()
        .find(|line| line["programme"] == "living_allowance" && line["month"] == "2026-07");
    let shown = demo(
        desk,
        &["show", &format!("person:{}", text(paid.unwrap(), "person")), "--reveal", "--json"],
    );
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    let number = text(&shown["personal"], "id_number");
    desk.write("生活补贴代发结果2026年7月.csv", &ANSWERS.replace("ONE", number));
    let answers = import(bank, "生活补贴代发结果2026年7月.csv", &[]);
    assert_eq!(counts(&answers)[..2], [2, 0]);
    desk.write(
        "康复训练签到表2026年7月.csv",
        &format!("训练日期,身份证号码,姓名,康复机构\n2026-07-03,{number},甲,中心\n2026-07-06,{number},甲,中心\n"),
    );
    assert_eq!(counts(&import("411700-provider-1", "康复训练签到表2026年7月.csv", &[]))[0], 2);

    // Whoever may not send it, and for whom: the same end, and nothing is signed.
    // Counted by the server itself: the files of a running one are up to a second behind.
    let events = || twins.served(SUPERVISOR, &["list", "statistics"]).out;
    let before = events();
    for (actor, more) in
        [(clerk, &[][..]), (INSPECTOR, &[]), ("411702-clerk-1", &["--division", "411703"])]
    {
        import(actor, "死亡人员名单.csv", more);
    }
    assert!(before.contains("roll.received"), "{before}");
    assert_eq!(events(), before);
    assert_eq!(twins.service.end(), 0);
    for ledger in ["ledger", "twin"] {
        assert_eq!(demo(desk, &["verify", "--strict", "--ledger", ledger]).code, 0);
    }
}
