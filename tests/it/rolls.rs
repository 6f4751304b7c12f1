//! Office files in: sample rolls, messy files, refusals.

mod forms;
mod rows;
mod which;

use std::{fs, path::Path};

use mingzheng::rolls::{
    CertificateRow, Column, Encoding, Hint, PaymentRow, Reason, Roll, RollError, RollKind, Row,
    read_roll,
};
use proptest::prelude::*;
use rust_xlsxwriter::{Workbook, Worksheet};

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
