//! What stands in rows: every column kept, and rows refused with their reasons.

use mingzheng::{
    event::LegacyStatus,
    rolls::{Column, Fault, Reason, RollKind},
    value::{Category, IdForm},
};

use super::{certificate, faults, fixture, payment, read};

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
