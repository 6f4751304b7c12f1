//! Rolls over a server: checked before they are paid, copied with their findings, signed.

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    super::{Desk, Ran, service::demo, text},
    INSPECTOR, SUPERVISOR, Twins, fixture, key,
};

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
