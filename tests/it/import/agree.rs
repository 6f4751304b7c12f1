//! Drafts that somebody else laid out: what agrees with the roll, and what is not signed.
//! That every kind of roll agrees with what importing it records, every import in these tests asks.

use mingzheng::{
    event::{Body, Payload},
    ledger::Personal,
    rolls::{Agreed, Agreement, Disagreement, Hint, ImportOptions, Roll, read_roll},
    value::{Fen, Hash, Subject},
};

use super::{NURSING, ONE, ROSTER, TWO, fixture, nursing, roster};
use crate::house::{DIVISION, House, today};

/// A statement to be signed, with what its sealed object holds.
type Drafted = (Subject, Payload, Vec<Personal>);

/// What is changed, how, and what holding it against the roll then says.
type Change = (&'static str, fn(&mut Drafted), Result<(), Disagreement>);

fn options() -> ImportOptions {
    let division = DIVISION.parse().unwrap();
    ImportOptions { division, complete: false, dry_run: false, at: today() }
}

/// What importing a roll lays out.
fn laid_out(house: &House, pen: &str, name: &str, text: &str) -> (Roll, Vec<Drafted>) {
    let roll = read_roll(name, text.as_bytes(), &Hint::default()).unwrap();
    let report = house.import_roll(pen, name, text.as_bytes(), &roll, |_| {}).unwrap();
    let drafted = house.events_of(&report).into_iter().map(|event| {
        let opened = event.payload.sealed.first().map(|_| house.open(&event));
        (event.subject.clone(), event.payload, opened.into_iter().collect())
    });
    (roll, drafted.collect())
}

/// Holds drafts against a roll, one by one, to the first that differs.
fn agree(name: &str, roll: &Roll, drafts: &[Drafted]) -> Result<Vec<Agreed>, Disagreement> {
    let options = options();
    let mut agreement = Agreement::new(name, roll, &options).unwrap();
    drafts
        .iter()
        .map(|(subject, payload, opened)| agreement.take(subject, payload, opened))
        .collect()
}

fn payment(payload: &mut Payload, change: impl FnOnce(&mut mingzheng::event::PaymentExecuted)) {
    let Body::PaymentExecuted(data) = &mut payload.body else { panic!("not a payment") };
    change(data);
}

#[test]
fn a_draft_that_says_anything_else_than_its_row_is_found() {
    let house = House::new(true);
    let text = nursing(&[("甲", ONE, "60", "2026-07-24"), ("乙", TWO, "80", "2026-07-25")]);
    let (roll, drafts) = laid_out(&house, "bank", NURSING, &text);
    let good = [Agreed::Received, Agreed::New(2), Agreed::New(3)];
    assert_eq!(agree(NURSING, &roll, &drafts).unwrap(), good);

    let row = |row| Err(Disagreement::Row { number: 1, row });
    let wrong_type = Err(Disagreement::Type { number: 1 });
    let changes: [Change; 14] = [
        ("amount", |draft| payment(&mut draft.1, |data| data.amount = Fen(6001)), row(2)),
        (
            "month",
            |draft| payment(&mut draft.1, |data| data.month = "2026-06".parse().ok()),
            row(2),
        ),
        ("day", |draft| payment(&mut draft.1, |data| data.paid_on = None), row(2)),
        (
            "for others",
            |draft| payment(&mut draft.1, |data| data.division = "411703".parse().unwrap()),
            row(2),
        ),
        ("back pay", |draft| payment(&mut draft.1, |data| data.back_pay_months = 3), row(2)),
        ("a tag less", |draft| payment(&mut draft.1, |data| data.account = None), row(2)),
        ("signing day", |draft| draft.1.at = today(), row(2)),
        ("name", |draft| draft.2[0].name = Some("丙".to_owned()), row(2)),
        ("account", |draft| draft.2[0].account = Some("99002".to_owned()), row(2)),
        ("nothing sealed", |draft| draft.2.clear(), wrong_type.clone()),
        ("refers", |draft| draft.1.refs.push(Hash([7; 32])), wrong_type.clone()),
        ("about", |draft| draft.1.about.push(Subject::Ledger), wrong_type.clone()),
        ("of another", |draft| draft.0 = Subject::Ledger, row(2)),
        ("row", |draft| payment(&mut draft.1, |data| data.row.as_mut().unwrap().row = 9), row(9)),
    ];
    for (what, change, expected) in changes {
        let mut changed = drafts.clone();
        change(&mut changed[1]);
        assert_eq!(agree(NURSING, &roll, &changed).map(|_| ()), expected, "{what}");
    }

    // Each row once, after that the roll came in, and nothing that it does not bring.
    let twice = [&drafts[..2], &drafts[1..2]].concat();
    let again = Err(Disagreement::Row { number: 2, row: 2 });
    assert_eq!(agree(NURSING, &roll, &twice).map(|_| ()), again);
    assert_eq!(agree(NURSING, &roll, &drafts[1..]), Err(Disagreement::Roll));
    assert_eq!(agree("护理补贴2026年8月.csv", &roll, &drafts), Err(Disagreement::Roll));
    let mut short = drafts.clone();
    let Body::RollReceived(data) = &mut short[0].1.body else { panic!() };
    data.total = Some(Fen(1));
    assert_eq!(agree(NURSING, &roll, &short), Err(Disagreement::Roll));
    let (_, others) =
        laid_out(&house, "bank", "护理补贴2026年9月.csv", &text.replace("60,", "61,"));
    let mixed = [&drafts[..1], &others[1..]].concat();
    assert_eq!(agree(NURSING, &roll, &mixed), Err(Disagreement::Type { number: 1 }));
}

#[test]
fn nothing_is_retracted_or_published_unasked() {
    let house = House::new(true);
    let both = roster(&[(ONE, "2020-01-01", "正常"), (TWO, "2020-01-01", "正常")]);
    house.import("clerk", ROSTER, &both);
    let one = roster(&[(ONE, "2020-01-01", "注销")]);
    let report = house.complete("clerk", ROSTER, &one).unwrap();
    let events = house.events_of(&report);
    let drafts: Vec<Drafted> = events
        .into_iter()
        .map(|event| {
            let opened = event.payload.sealed.first().map(|_| house.open(&event));
            (event.subject.clone(), event.payload, opened.into_iter().collect())
        })
        .collect();
    let roll = read_roll(ROSTER, one.as_bytes(), &Hint::default()).unwrap();
    // Laid out as a full list, but not asked for as one.
    assert_eq!(agree(ROSTER, &roll, &drafts), Err(Disagreement::Roll));
    let full = ImportOptions { complete: true, ..options() };
    let mut agreement = Agreement::new(ROSTER, &roll, &full).unwrap();
    let agreed: Result<Vec<_>, _> =
        drafts.iter().map(|(of, payload, opened)| agreement.take(of, payload, opened)).collect();
    assert_eq!(agreed.unwrap(), [Agreed::Received, Agreed::Corrects(2), Agreed::Retracts]);

    let text = String::from_utf8(fixture("rates.csv")).unwrap();
    let (roll, drafts) = laid_out(&house, "approver", "rates.csv", &text);
    assert_eq!(agree("rates.csv", &roll, &drafts).unwrap(), [Agreed::Received, Agreed::Rates]);
    let other = text.replacen("60.00", "90.00", 1);
    let raised = read_roll("rates.csv", other.as_bytes(), &Hint::default()).unwrap();
    let wrong = Err(Disagreement::Type { number: 1 });
    assert_eq!(agree("rates.csv", &raised, &drafts), wrong, "other amounts");
}
