//! Which roll it is: what a file says, what is asked for, and what is none.

use std::fs;

use mingzheng::{
    rolls::{Column, NotARoll, Reason, RollError, RollKind, Row, Source, read_roll, sort_folder},
    value::Programme,
};
use rust_xlsxwriter::{Workbook, Worksheet};

use super::{FIXTURES, PAYMENT_HEADER, PAYMENT_ROW, book, faults, fixture, hinted, put, read};

#[test]
fn all_sheets_of_one_roll_are_read_and_different_rolls_are_refused() {
    let fill = |sheet: &mut Worksheet, name: &str| {
        sheet.set_name(name).unwrap();
        for (row, line) in (0..).zip([PAYMENT_HEADER, PAYMENT_ROW]) {
            put(sheet, row, line);
        }
    };
    let two = |names: [&str; 2]| {
        let mut book = Workbook::new();
        for name in names {
            fill(book.add_worksheet(), name);
        }
        book.add_worksheet();
        book.save_to_buffer().unwrap()
    };
    let roll = read("生活补贴2026-07.xlsx", two(["驿城区", "西平县"])).unwrap();
    let places: Vec<_> = roll.rows.iter().map(|row| (row.sheet, row.row)).collect();
    assert_eq!(places, [(0, 2), (1, 2)]);
    assert_eq!(roll.sheets[1].name.as_deref(), Some("西平县"));
    assert_eq!(roll.unread_sheets, [""; 0]);
    let refused = read("两项补贴2026-07.xlsx", two(["生活补贴", "护理补贴"]));
    assert!(matches!(refused, Err(RollError::SheetsDiffer { .. })), "{refused:?}");
}

#[test]
fn what_files_do_not_say_is_asked_for_and_the_hint_settles_it() {
    let text = format!("{PAYMENT_HEADER}\n{PAYMENT_ROW}\n");
    let titled = |title: &str| format!("{title}\n{text}");
    let both = vec![RollKind::LivingAllowance, RollKind::NursingCareSubsidy];
    for (name, text, refusal) in [
        ("名册2026-07.csv", text.clone(), RollError::KindUndecided { candidates: both.clone() }),
        (
            "名册2026-07.csv",
            titled("残疾人两项补贴发放名册"),
            RollError::KindUndecided { candidates: both },
        ),
        (
            "护理补贴_2026-07.csv",
            titled("困难残疾人生活补贴"),
            RollError::KindDisagrees { source_named: Source::FileName },
        ),
        (
            "死亡人员名单_2026-07.csv",
            text.clone(),
            RollError::KindDisagrees { source_named: Source::FileName },
        ),
        ("护理补贴.csv", text.clone(), RollError::MonthUndecided),
        ("护理补贴_20260728.csv", text.clone(), RollError::MonthUndecided),
        ("护理补贴2026年7-9月.csv", text.clone(), RollError::MonthUndecided),
        ("护理补贴2026年7月-9月.csv", text.clone(), RollError::MonthUndecided),
        ("护理补贴7月.csv", text.clone(), RollError::MonthUndecided),
        (
            "护理补贴_2026-08.csv",
            titled("护理补贴2026年7月"),
            RollError::MonthDisagrees { source_named: Source::FileName },
        ),
    ] {
        assert_eq!(read(name, &text), Err(refusal), "{name}");
        let hint = hinted("nursing_care_subsidy", "2026-07");
        let roll = read_roll(name, text.as_bytes(), &hint).unwrap();
        assert_eq!((Some(roll.kind), roll.month), (hint.kind, hint.month), "{name}");
    }
    let fuel = "姓名,身份证号,车架号,金额\n甲,11010519491231002X,LZR1,260\n";
    assert_eq!(read("燃油.csv", fuel), Err(RollError::YearUndecided));
    let roll = read_roll("燃油.csv", fuel.as_bytes(), &hinted("", "2026-03")).unwrap();
    assert_eq!((roll.kind, roll.year), (RollKind::FuelSubsidy, Some(2026)));
    // A hint never turns one list into another.
    let refused = read_roll("a.csv", fuel.as_bytes(), &hinted("deaths", ""));
    assert_eq!(
        refused,
        Err(RollError::HintDoesNotFit { kind: RollKind::Deaths, missing: vec![Column::DiedOn] })
    );
}

#[test]
fn bank_results_belong_to_a_programme_and_month() {
    let text = "户名,账号,金额,处理结果,失败原因\n\
                张三,9900459652072565812,60.00,成功,\n\
                李四,9900459652072565813,60.00,退票,账号户名不符\n\
                王五,9900459652072565814,60.00,待定,\n";
    let roll = read("困难残疾人生活补贴回盘2026-07.csv", text).unwrap();
    assert_eq!(roll.kind, RollKind::BankResult(Programme::LIVING_ALLOWANCE));
    assert_eq!(roll.month, "2026-07".parse().ok());
    let answers: Vec<_> = roll
        .rows
        .iter()
        .map(|row| {
            let Row::BankResult(row) = &row.value else { panic!("not a bank's answer") };
            (row.is_paid, row.reason.as_ref().map(|reason| reason.as_str()))
        })
        .collect();
    assert_eq!(answers, [(true, None), (false, Some("账号户名不符"))]);
    assert_eq!(faults(&roll), [(4, Column::Outcome, Reason::Unreadable)]);
    assert!(matches!(read("回盘2026-07.csv", text), Err(RollError::KindUndecided { .. })));
}

#[test]
fn files_that_are_no_rolls_are_refused_with_what_they_are() {
    for (name, list) in [
        ("labels.csv", NotARoll::Labels),
        ("labels_clean.csv", NotARoll::Labels),
        ("rejected.csv", NotARoll::RejectedRows),
    ] {
        assert_eq!(read(name, fixture(name)), Err(RollError::NotARoll(list)), "{name}");
    }
    let wide = format!("{}x\n", ",".repeat(200));
    let lines = "x\n".repeat(1_000_001);
    let twice = "姓名,身份证号,死亡日期,身份证号码\n";
    for (name, bytes, refusal) in [
        ("死亡.csv", b"\xD0\xD5\xC3\xFB,\xFF\xFE".to_vec(), RollError::Undecodable),
        ("a.csv", b"\xFF\xFEa\0,\0".to_vec(), RollError::Undecodable),
        ("a.csv", Vec::new(), RollError::Empty),
        ("a.csv", b" ,\n\n".to_vec(), RollError::Empty),
        ("a.csv", "项目,人数\n甲,3\n".into(), RollError::NoHeader),
        ("a.csv", "a,\"b\nc".into(), RollError::UnclosedQuote { row: 1 }),
        ("a.xls", b"<html><table></table></html>".to_vec(), RollError::Markup),
        ("a.csv", wide.into(), RollError::TooManyColumns { limit: 200 }),
        ("a.csv", lines.into(), RollError::TooManyRows { limit: 1_000_000 }),
        ("a.csv", vec![b'x'; 40_000], RollError::CellTooLong { row: 1, limit: 32_768 }),
        ("a.csv", twice.into(), RollError::ColumnTwice { column: Column::CitizenId }),
        (
            "a.csv",
            vec![b'x'; (64 << 20) + 1],
            RollError::FileTooLarge { bytes: (64 << 20) + 1, limit: 64 << 20 },
        ),
        ("a.xlsx", b"PK\x03\x04nothing".to_vec(), RollError::Broken),
        ("a.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1nothing".to_vec(), RollError::Broken),
    ] {
        assert_eq!(read(name, bytes), Err(refusal), "{name}");
    }
    let far = book(|sheet| {
        sheet.write(1_048_575, 16_383, "x").unwrap();
    });
    assert_eq!(read("a.xlsx", far), Err(RollError::TooManyColumns { limit: 200 }));
}

#[test]
fn damaged_workbooks_are_refused_or_read_without_a_panic() {
    for name in ["护理补贴.xls", "困难残疾人生活补贴发放名册_2026-08.xlsx"] {
        let whole = fixture(name);
        let roll = read(name, &whole).unwrap();
        for at in (0..whole.len()).step_by(61) {
            // The last sector of an .xls may be cut in its padding; no row may be lost.
            if let Ok(cut) = read(name, &whole[..at]) {
                assert_eq!(cut, roll, "{name} cut at {at}");
            }
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            let _ = read(name, &flipped);
        }
        assert!(read(name, &whole[..whole.len() / 2]).is_err());
    }
}

#[test]
fn a_folder_is_sorted_and_nothing_is_forgotten() {
    let names = fs::read_dir(FIXTURES).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    let entries =
        sort_folder(names.iter().cloned().chain(["truth.json".into(), "README.md".into()]));
    assert_eq!(entries.len(), names.len() + 2);
    let skipped: Vec<_> =
        entries.iter().filter(|e| e.skipped.is_some()).map(|e| e.name.as_str()).collect();
    assert_eq!(skipped, ["truth.json", "README.md"]);
}
