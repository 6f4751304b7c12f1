//! Office files in: sample rolls, messy files, refusals.

use std::{fs, path::Path};

use encoding_rs::GB18030;
use mingzheng::{
    event::LegacyStatus,
    rolls::{
        CertificateRow, Column, Encoding, Fault, Hint, NotARoll, PaymentRow, Reason, Roll,
        RollError, RollKind, Row, Source, read_roll, sort_folder,
    },
    value::{Category, Fen, IdForm, Programme},
};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rolls");

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(FIXTURES).join(name)).unwrap()
}

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Result<Roll, RollError> {
    read_roll(name, bytes.as_ref(), &Hint::default())
}

fn hinted(kind: &str, month: &str) -> Hint {
    Hint { kind: kind.parse().ok(), month: month.parse().ok() }
}

fn certificate(row: &Row) -> &CertificateRow {
    let Row::Certificate(row) = row else { panic!("not a certificate row") };
    row
}

fn payment(row: &Row) -> &PaymentRow {
    let Row::Payment(row) = row else { panic!("not a payment row") };
    row
}

fn faults(roll: &Roll) -> Vec<(u32, Column, Reason)> {
    roll.rejected.iter().map(|r| (r.row, r.reason.column, r.reason.reason)).collect()
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn put(sheet: &mut Worksheet, row: u32, line: &str) {
    for (column, cell) in (0..).zip(line.split(',')) {
        sheet.write(row, column, cell).unwrap();
    }
}

const PAYMENT_HEADER: &str = "姓名,身份证号,残疾证号,补贴月份,金额,银行账号,户名";
const PAYMENT_ROW: &str =
    "张三,11010519491231002X,11010519491231002X43,2026-07,60,9900459652072565812,张三";

#[test]
fn sample_rolls_are_read_row_for_row() {
    use Encoding as E;
    use RollKind as K;
    // Kind, month, year, encoding, data rows, stated totals, blank rows.
    for (name, kind, month, year, encoding, rows, totals, blank) in [
        ("rates.csv", K::Rates, "", 0, E::Utf8, 3, 0, 0),
        ("低保对象名册.csv", K::Dibao, "", 0, E::Utf8Bom, 24, 0, 0),
        ("特困供养人员名册.csv", K::ExtremePoverty, "", 0, E::Utf8, 22, 0, 1),
        ("孤儿保障名册.csv", K::Orphan, "", 0, E::Utf8Bom, 21, 0, 2),
        ("工伤护理费名册.csv", K::WorkInjuryNursing, "", 0, E::Utf8Bom, 24, 0, 0),
        ("死亡人员名单.csv", K::Deaths, "", 0, E::Gb18030, 24, 0, 0),
        ("服刑人员名单.csv", K::Prisoners, "", 0, E::Utf8, 23, 0, 0),
        ("机构账户.csv", K::InstitutionAccounts, "", 0, E::Utf8, 20, 0, 0),
        ("机动轮椅车燃油补贴_2026.csv", K::FuelSubsidy, "", 2026, E::Utf8, 23, 1, 0),
        ("持证人名册.xlsx", K::CertificateRoster, "", 0, E::Xlsx, 20, 0, 0),
        (
            "困难残疾人生活补贴发放名册_2026-07.csv",
            K::LivingAllowance,
            "2026-07",
            2026,
            E::Gb18030,
            22,
            1,
            0,
        ),
        (
            "困难残疾人生活补贴发放名册_2026-08.xlsx",
            K::LivingAllowance,
            "2026-08",
            2026,
            E::Xlsx,
            20,
            0,
            0,
        ),
        (
            "困难残疾人生活补贴发放名册_2026-09.csv",
            K::LivingAllowance,
            "2026-09",
            2026,
            E::Gb18030,
            22,
            1,
            0,
        ),
        (
            "重度残疾人护理补贴发放名册_2026-07.csv",
            K::NursingCareSubsidy,
            "2026-07",
            2026,
            E::Utf8,
            22,
            1,
            0,
        ),
        (
            "重度残疾人护理补贴发放名册_2026-08.csv",
            K::NursingCareSubsidy,
            "2026-08",
            2026,
            E::Gb18030,
            23,
            0,
            0,
        ),
        (
            "重度残疾人护理补贴发放名册_2026-09.xlsx",
            K::NursingCareSubsidy,
            "2026-09",
            2026,
            E::Xlsx,
            20,
            0,
            0,
        ),
    ] {
        let roll = read(name, fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(roll.kind, kind, "{name}");
        assert_eq!(roll.month, month.parse().ok(), "{name}");
        assert_eq!(roll.year.unwrap_or_default(), year, "{name}");
        assert_eq!(roll.encoding, encoding, "{name}");
        assert_eq!(roll.rows.len(), rows, "{name}");
        assert_eq!(roll.totals.len(), totals, "{name}");
        assert_eq!(roll.skipped_blank, blank, "{name}");
        assert_eq!(roll.rejected, [], "{name}");
        assert_eq!(roll.absent_columns(), [], "{name}");
        assert_eq!(roll.sheets[0].unknown_headers, [""; 0], "{name}");
        assert!(roll.rows.windows(2).all(|pair| pair[0].row < pair[1].row), "{name}");
    }
}

#[test]
fn every_column_of_a_certificate_is_kept() {
    let roll = read("持证人名册.xlsx", fixture("持证人名册.xlsx")).unwrap();
    let row = certificate(&roll.rows[1].value);
    assert_eq!(roll.rows[1].row, 3);
    let text = |value: &Option<mingzheng::rolls::Personal>| {
        value.as_ref().map_or(String::new(), |value| value.as_str().to_owned())
    };
    assert_eq!(text(&row.name), "钱杰");
    assert_eq!(row.id.as_str(), "991702198801240993");
    assert_eq!(row.id.form(), IdForm::Valid);
    let number = row.certificate.as_ref().unwrap();
    assert_eq!(number.text.as_str(), "99170219880124099342");
    assert_eq!(number.value.as_ref().unwrap().category, Category::Physical);
    assert_eq!(row.category, Some(Category::Physical));
    assert_eq!(row.level.unwrap().number(), 2);
    assert_eq!(row.components, None);
    assert_eq!(row.issued_on, "2018-09-04".parse().ok());
    assert_eq!(row.expires_on, "2028-09-03".parse().ok());
    assert_eq!(row.status, Some(LegacyStatus::Cancelled));
    assert_eq!(row.status_on, "2026-06-24".parse().ok());
    assert_eq!(row.division, "411702".parse().ok());
    assert_eq!((text(&row.township), text(&row.village)), ("东关镇".into(), "于营村".into()));
    assert_eq!(text(&row.phone), "10060837609");
    assert_eq!((&row.guardian_name, &row.guardian_id), (&None, &None));
    assert_eq!(text(&row.household_number), "4117020000009");
    assert_eq!(text(&row.institution), "驿城区残疾评定定点机构乙");
    let assessors: Vec<_> = row.assessors.iter().map(|name| name.as_str()).collect();
    assert_eq!(assessors, ["汪淑", "许贵"]);
    assert_eq!(row.assessed_on, "2018-08-11".parse().ok());
    let officers = [&row.receiver, &row.reviewer, &row.approver].map(text);
    assert_eq!(officers, ["黄贵珍", "严子语", "杜希希"]);
    assert_eq!(row.notice_from, "2018-08-16".parse().ok());
    assert_eq!(row.notice_to, "2018-08-23".parse().ok());
    // The first row has an outer space in its name, no status day and no notice.
    let first = certificate(&roll.rows[0].value);
    assert_eq!(text(&first.name), "江云静");
    assert_eq!((first.status_on, first.notice_from), (None, None));
}

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
fn an_absent_column_is_not_a_blank_cell() {
    let text = "姓名,身份证号,月份,金额,补发月数,户名\n\
                张三,11010519491231002X,2026-07,60,,\n\
                李四,11010519491231002X,2026-07,60,无,/\n";
    let roll = read("生活补贴202607.csv", text).unwrap();
    assert_eq!(
        roll.sheets[0].absent_columns,
        [
            Column::CertificateNumber,
            Column::BackPayReason,
            Column::Bank,
            Column::Account,
            Column::PaidOn,
            Column::PayingDivision,
        ]
    );
    for row in &roll.rows {
        let paid = payment(&row.value);
        assert_eq!((paid.back_pay_months, &paid.account_holder), (0, &None));
    }
    // Without a month column the roll's own month stands.
    let text = "身份证号,金额,账号\n11010519491231002X,60,9900\n";
    let roll = read("生活补贴202607.csv", text).unwrap();
    assert_eq!(payment(&roll.rows[0].value).month.to_string(), "2026-07");
    assert!(roll.absent_columns().contains(&Column::PaidMonth));
}

#[test]
fn unreadable_rows_are_rejected_with_row_and_reason_and_without_their_values() {
    use Reason as R;
    let cases = [
        (",60,2026-07,9900,2026-07-24", Some((Column::CitizenId, R::Blank))),
        ("123,60,2026-07,9900,", Some((Column::CitizenId, R::Unreadable))),
        ("4.11702E+17,60,2026-07,9900,", Some((Column::CitizenId, R::DigitsLost))),
        ("11010519491231002X,60,2026-07,9.90E+18,", Some((Column::Account, R::DigitsLost))),
        ("11010519491231002X,六十,2026-07,9900,", Some((Column::Amount, R::Unreadable))),
        ("11010519491231002X,-60,2026-07,9900,", Some((Column::Amount, R::Unreadable))),
        ("11010519491231002X,,2026-07,9900,", Some((Column::Amount, R::Blank))),
        ("11010519491231002X,60,2026-13,9900,", Some((Column::PaidMonth, R::Unreadable))),
        ("11010519491231002X,60,,9900,", Some((Column::PaidMonth, R::Blank))),
        ("11010519491231002X,60,2026-07,9900,不详", Some((Column::PaidOn, R::Unreadable))),
        // A reason that speaks of a total does not make the row one.
        (",60,2026-07,累计9900,", Some((Column::CitizenId, R::Blank))),
        // A wrong check character, an old number and another month are data.
        ("110105194912310021,60,2026-05,9900,", None),
        ("110105491231002,60,2026-07,,", None),
    ];
    let mut text = "身份证号,金额,补贴月份,账号,发放日期\n".to_owned();
    for (line, _) in cases {
        text.push_str(line);
        text.push('\n');
    }
    let roll = read("护理补贴_2026-07.csv", &text).unwrap();
    let expected: Vec<_> =
        (2..).zip(&cases).filter_map(|(row, (_, fault))| fault.map(|(c, r)| (row, c, r))).collect();
    assert_eq!(faults(&roll), expected);
    assert_eq!(roll.data_rows(), cases.len());
    let fault = Fault { column: Column::CitizenId, reason: R::DigitsLost };
    assert_eq!(fault.to_string(), "公民身份号码 digits lost by Excel");
    let shown = format!("{:?} {:?}", roll.rejected, roll.rows);
    for secret in ["4.11702", "六十", "110105", "9900", "不详"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn rows_swallowed_between_stray_quotes_are_not_lost_in_silence() {
    let text = "姓名,身份证号,死亡日期\n\
                \"甲,11010519491231002X,2026-07-01\n\
                乙\",11010519491231002X,2026-07-02\n\
                \"丙\n丙\",11010519491231002X,2026-07-03\n";
    let roll = read("死亡.csv", text).unwrap();
    assert_eq!(faults(&roll), [(2, Column::Name, Reason::Unreadable)]);
    // A line break alone is a wrapped name. Rows are counted as a spreadsheet shows them.
    assert_eq!((roll.rows.len(), roll.rows[0].row), (1, 3));
}

#[test]
fn malformed_certificate_numbers_keep_their_text() {
    let text = "姓名,身份证号,残疾证号,残疾类别,残疾等级,监护人身份证号,评定医师,发证日期\n\
                甲,11010519491231002X,豫残 1234-a,肢体,2,410,\"张玲丽、尹瑞贞\",2020.1.2\n\
                乙,11010519491231002X,37010119010203997343,4,Ⅱ级,11010519491231002x,,20200102\n";
    let roll = read("名册.csv", text).unwrap();
    assert_eq!(roll.kind, RollKind::CertificateRoster);
    let (first, second) = (certificate(&roll.rows[0].value), certificate(&roll.rows[1].value));
    let number = first.certificate.as_ref().unwrap();
    assert_eq!((number.text.as_str(), &number.value), ("豫残1234-A", &None));
    let guardian = first.guardian_id.as_ref().unwrap();
    assert_eq!((guardian.text.as_str(), &guardian.value), ("410", &None));
    // One column of assessors stands for both.
    assert_eq!(first.assessors.len(), 2);
    assert!(!roll.absent_columns().contains(&Column::AssessorTwo));
    // A number that is another person's is kept as it is.
    let number = second.certificate.as_ref().unwrap().value.as_ref().unwrap();
    assert_ne!(number.id, second.id);
    assert_eq!(first.issued_on, second.issued_on);
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

proptest! {
    #[test]
    fn the_order_of_columns_does_not_matter(
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let shuffle = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            order.iter().map(|at| cells[*at]).collect::<Vec<_>>().join(",")
        };
        let name = "护理补贴2026-07.csv";
        let plain = read(name, format!("{PAYMENT_HEADER}\n{PAYMENT_ROW}\n")).unwrap();
        let shuffled = format!("{}\n{}\n", shuffle(PAYMENT_HEADER), shuffle(PAYMENT_ROW));
        prop_assert_eq!(read(name, shuffled).unwrap().rows, plain.rows);
    }

    #[test]
    fn every_row_is_accounted_for(
        cells in prop::collection::vec("[0-9X年月./,元 \u{3000}甲合计\"\n-]{0,24}", 0..12),
    ) {
        let text = format!("身份证号,死亡日期\n{}\n", cells.join("\n"));
        if let Ok(roll) = read("死亡.csv", &text) {
            let other = roll.totals.len() + roll.skipped_blank + roll.repeated_headers;
            let numbers = roll.rows.iter().map(|row| row.row);
            let numbers = numbers.chain(roll.rejected.iter().map(|row| row.row));
            let last = numbers.chain(roll.totals.iter().map(|row| row.row)).max();
            prop_assert_eq!(roll.data_rows() + other, last.map_or(0, |last| last as usize - 1));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read("a.csv", &bytes);
        let hint = hinted("dibao", "");
        let _ = read_roll("a.csv", &bytes, &hint);
    }
}
