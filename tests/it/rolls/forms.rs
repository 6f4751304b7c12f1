//! The forms of a file: encodings, headers, workbooks old and new.

use encoding_rs::GB18030;
use mingzheng::{
    rolls::{Column, Encoding, Reason, RollKind},
    value::{Category, Fen, IdForm},
};
use rust_xlsxwriter::{ExcelDateTime, Format};

use super::{PAYMENT_HEADER, PAYMENT_ROW, book, certificate, faults, fixture, payment, put, read};

#[test]
fn the_same_rows_in_any_encoding_are_the_same() {
    let name = "残疾人生活补贴2026年7月.csv";
    let text = format!("{PAYMENT_HEADER}\n{PAYMENT_ROW}\n");
    let utf8 = read(name, &text).unwrap();
    let marked = read(name, format!("\u{FEFF}{text}")).unwrap();
    let gbk = read(name, GB18030.encode(&text).0).unwrap();
    let tabs = read(name, text.replace(',', "\t").replace('\n', "\r\n")).unwrap();
    let workbook = book(|sheet| {
        for (row, line) in (0..).zip(text.lines()) {
            put(sheet, row, line);
        }
    });
    let workbook = read("残疾人生活补贴2026年7月.xlsx", workbook).unwrap();
    assert_eq!(utf8.encoding, Encoding::Utf8);
    assert_eq!(marked.encoding, Encoding::Utf8Bom);
    assert_eq!(gbk.encoding, Encoding::Gb18030);
    for other in [marked, gbk, tabs, workbook] {
        assert_eq!(other.rows, utf8.rows);
    }
}

#[test]
fn synonyms_title_rows_and_repeated_headers() {
    let text = "驿城区困难残疾人生活补贴发放表,,,,\n\
                制表日期：2026年7月28日,,,,\n\
                ,,,,\n\
                编 号,残疾人姓名,公民身份证号码,发放金额（元）,收款账号,所属月份,备注\n\
                1,买买提．艾力,'11010519491231002x,\"￥1,200.00\",99 0045 9652,2026年7月,甲\n\
                2,,,,,,\n\
                ,本页小计,,1200,,,\n\
                编号,残疾人姓名,公民身份证号码,发放金额(元),收款账号,所属月份,备注\n\
                \n\
                3,丁\u{3000}瑞,１１０１０５１９４９１２３１００２Ｘ,60元,9900,202607,\n\
                合    计：,,,1260.00,,,\n";
    let roll = read("上报2026年7月.csv", text).unwrap();
    assert_eq!(roll.kind, RollKind::LivingAllowance);
    assert_eq!(roll.title.as_deref(), Some("驿城区困难残疾人生活补贴发放表"));
    assert_eq!(faults(&roll), []);
    let found: Vec<_> = roll
        .rows
        .iter()
        .map(|row| {
            let paid = payment(&row.value);
            let name = paid.name.as_ref().unwrap().as_str();
            (row.row, name, paid.id.as_str(), paid.amount, paid.account.as_ref().unwrap().as_str())
        })
        .collect();
    assert_eq!(
        found,
        [
            (5, "买买提·艾力", "11010519491231002X", Fen(120_000), "9900459652"),
            (10, "丁瑞", "11010519491231002X", Fen(6000), "9900"),
        ]
    );
    let totals: Vec<_> = roll.totals.iter().map(|total| (total.row, total.amount)).collect();
    assert_eq!(totals, [(7, Some(Fen(120_000))), (11, Some(Fen(126_000)))]);
    // Row 6 has a running number only, row 9 nothing.
    assert_eq!((roll.skipped_blank, roll.repeated_headers), (2, 1));
    assert_eq!(roll.sheets[0].header_row, 4);
    assert_eq!(roll.sheets[0].unknown_headers, ["备注"]);
}

#[test]
fn merged_cells_two_tier_headers_and_date_cells_of_a_workbook() {
    let bytes = book(|sheet| {
        let plain = Format::new();
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        sheet.merge_range(0, 0, 0, 9, "残疾人证名册", &plain).unwrap();
        sheet.merge_range(1, 0, 1, 9, "填报单位：县残联", &plain).unwrap();
        let headers = ["姓名", "身份证号", "残疾类别", "残疾等级", "发证日期", "户号"];
        for (column, header) in (0..).zip(headers) {
            sheet.merge_range(2, column, 3, column, header, &plain).unwrap();
        }
        sheet.merge_range(2, 6, 2, 7, "监护人", &plain).unwrap();
        sheet.write(3, 6, "姓名").unwrap();
        sheet.write(3, 7, "身份证号").unwrap();
        for (row, name) in [(4, "甲"), (5, "乙")] {
            sheet.write(row, 0, name).unwrap();
            sheet.write(row, 1, "11010519491231002X").unwrap();
            sheet.write(row, 2, 4).unwrap();
            sheet.write(row, 3, "三级").unwrap();
            let date = ExcelDateTime::from_ymd(2020, 2, 29).unwrap();
            sheet.write_with_format(row, 4, &date, &day).unwrap();
            sheet.write(row, 6, "丙").unwrap();
        }
        sheet.merge_range(4, 5, 5, 5, "4117020000015", &plain).unwrap();
    });
    let roll = read("a.xlsx", bytes).unwrap();
    assert_eq!(roll.kind, RollKind::CertificateRoster);
    assert_eq!(roll.title.as_deref(), Some("残疾人证名册"));
    assert_eq!(roll.sheets[0].header_row, 4);
    assert_eq!(faults(&roll), []);
    for (row, name) in roll.rows.iter().zip(["甲", "乙"]) {
        let row = certificate(&row.value);
        assert_eq!(row.name.as_ref().unwrap().as_str(), name);
        assert_eq!(row.guardian_name.as_ref().unwrap().as_str(), "丙");
        assert_eq!(row.household_number.as_ref().unwrap().as_str(), "4117020000015");
        assert_eq!(row.issued_on, "2020-02-29".parse().ok());
        assert_eq!((row.category, row.level.unwrap().number()), (Some(Category::Physical), 3));
    }
}

#[test]
fn number_cells_that_lost_digits_and_merged_amounts_are_rejected() {
    let bytes = book(|sheet| {
        put(sheet, 0, PAYMENT_HEADER);
        for row in 1..=6 {
            put(sheet, row, PAYMENT_ROW);
        }
        sheet.write(1, 1, 110_105_194_912_310_020_f64).unwrap();
        sheet.write(2, 2, 11_010_519_491_231_002_143_f64).unwrap();
        sheet.write(3, 5, 9_900_459_652_072_565_812_f64).unwrap();
        sheet.merge_range(4, 4, 5, 4, "120", &Format::new()).unwrap();
        // Fifteen digits are all there.
        sheet.write(6, 1, 110_105_491_231_002_f64).unwrap();
        sheet.write(6, 4, 60.1).unwrap();
        let month = Format::new().set_num_format("yyyy-mm");
        let july = ExcelDateTime::from_ymd(2026, 7, 1).unwrap();
        sheet.write_with_format(6, 3, &july, &month).unwrap();
    });
    let roll = read("生活补贴2026-07.xlsx", bytes).unwrap();
    assert_eq!(
        faults(&roll),
        [
            (2, Column::CitizenId, Reason::DigitsLost),
            (3, Column::CertificateNumber, Reason::DigitsLost),
            (4, Column::Account, Reason::DigitsLost),
            (5, Column::Amount, Reason::Merged),
            (6, Column::Amount, Reason::Merged),
        ]
    );
    let paid = payment(&roll.rows[0].value);
    assert_eq!((paid.id.form(), paid.amount), (IdForm::Old15, Fen(6010)));
    assert_eq!(paid.month.to_string(), "2026-07");
}

#[test]
fn an_old_workbook_with_a_summary_sheet() {
    let roll = read("护理补贴.xls", fixture("护理补贴.xls")).unwrap();
    assert_eq!((roll.kind, roll.encoding), (RollKind::NursingCareSubsidy, Encoding::Xls));
    assert_eq!(roll.month, "2026-07".parse().ok());
    assert_eq!(roll.unread_sheets, ["二季度汇总"]);
    assert_eq!(
        faults(&roll),
        [
            (6, Column::CitizenId, Reason::DigitsLost),
            (7, Column::Account, Reason::DigitsLost),
            (8, Column::Amount, Reason::Unreadable),
        ]
    );
    assert_eq!(roll.rejected[0].sheet.as_deref(), Some("7月"));
    assert_eq!(roll.rows.len(), 2);
    for row in &roll.rows {
        let paid = payment(&row.value);
        assert_eq!((paid.amount, paid.paid_on), (Fen(6000), "2026-07-24".parse().ok()));
        assert_eq!(paid.month.to_string(), "2026-07");
    }
    assert_eq!((roll.totals[0].row, roll.totals[0].amount), (9, Some(Fen(30_000))));
}
