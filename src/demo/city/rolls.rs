//! The city's rolls: texts as offices make them, read and imported like any file.
//!
//! One roll at a time is made, from the scenes of one county, and forgotten when it is in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::frame::{COUNTIES, Frame};
use super::scene::{Card, LIVING, List, NURSING, Pay, REHAB, REHAB_YEARLY, Scene, YEARLY};
use crate::demo::{DemoError, DemoHouse};
use crate::event::{self, Body};
use crate::rolls::{
    Hint, ImportOptions, Importer, KnownRow, KnownRows, RollError, RollKind, read_roll,
};
use crate::value::{
    CertificateId, Day, DivisionCode, Fen, Month, PersonId, Programme, Subject, Tag,
};

const ROSTER: &str = "序号,姓名,公民身份号码,残疾人证号,残疾类别,残疾等级,多重残疾明细,发证日期,\
                      有效期至,证件状态,状态日期,户籍区划代码,乡镇(街道),村(社区),联系电话,\
                      监护人姓名,监护人身份号码,户号,评定机构,评定医师1,评定医师2,评定日期,受理人,\
                      审核人,批准人,公示起,公示止";
const PAYMENTS: &str = "序号,姓名,公民身份号码,残疾人证号,补贴月份,金额(元),补发月数,补发原因,\
                        开户行,银行账号,户名,发放日期,发放区划代码";
const FUEL_ROWS: &str = "序号,姓名,公民身份号码,残疾人证号,车架号,发动机号,金额(元),银行账号";
const REHAB_ROWS: &str = "序号,姓名,公民身份号码,残疾人证号,金额(元),银行账号,户名";
const MEMBERS: &str = "户号,姓名,公民身份号码,纳入月份,退出月份";
const SPANS: &str = "姓名,公民身份号码,纳入月份,退出月份";
const DEATHS: &str = "姓名,公民身份号码,死亡日期";
const SENTENCES: &str = "姓名,公民身份号码,判决生效日期,释放日期";
const ACCOUNTS: &str = "银行账号,机构名称";
const BANK: &str = "农商银行";
/// Payrolls go to the bank on this day.
const PAID_ON: i32 = 24;

/// A roll that the city sends.
#[derive(Debug, Clone, Copy)]
enum Sheet {
    Roster,
    Institutions,
    List(List),
    Deaths,
    Sentences,
    Payments(Programme, Month),
    Fuel(i32),
    Rehab(i32),
}

impl Sheet {
    const fn kind(self) -> RollKind {
        match self {
            Self::Roster => RollKind::CertificateRoster,
            Self::Institutions => RollKind::InstitutionAccounts,
            Self::List(List::Dibao) => RollKind::Dibao,
            Self::List(List::ExtremePoverty) => RollKind::ExtremePoverty,
            Self::List(List::Orphan) => RollKind::Orphan,
            Self::List(List::WorkInjury) => RollKind::WorkInjuryNursing,
            Self::Deaths => RollKind::Deaths,
            Self::Sentences => RollKind::Prisoners,
            Self::Payments(..) => RollKind::NursingCareSubsidy,
            Self::Fuel(_) => RollKind::FuelSubsidy,
            Self::Rehab(_) => RollKind::Yearly(REHAB),
        }
    }

    /// The actor who would send it.
    const fn sender(self) -> &'static str {
        match self {
            Self::Roster | Self::Institutions => "411700-clerk-1",
            Self::List(List::WorkInjury) => "411700-labour-1",
            Self::List(_) => "411700-welfare-1",
            Self::Deaths => "411700-police-1",
            Self::Sentences => "411700-justice-1",
            Self::Payments(..) | Self::Fuel(_) | Self::Rehab(_) => "411700-bank-1",
        }
    }

    fn header(self) -> &'static str {
        match self {
            Self::Roster => ROSTER,
            Self::Institutions => ACCOUNTS,
            Self::List(List::Dibao | List::ExtremePoverty) => MEMBERS,
            Self::List(List::Orphan | List::WorkInjury) => SPANS,
            Self::Deaths => DEATHS,
            Self::Sentences => SENTENCES,
            Self::Payments(..) => PAYMENTS,
            Self::Fuel(_) => FUEL_ROWS,
            Self::Rehab(_) => REHAB_ROWS,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Roster => "持证人名册".into(),
            Self::Institutions => "机构账户".into(),
            Self::List(List::Dibao) => "低保对象名册".into(),
            Self::List(List::ExtremePoverty) => "特困供养人员名册".into(),
            Self::List(List::Orphan) => "孤儿保障名册".into(),
            Self::List(List::WorkInjury) => "工伤护理费名册".into(),
            Self::Deaths => "死亡人员名单".into(),
            Self::Sentences => "服刑人员名单".into(),
            Self::Payments(programme, month) if programme == LIVING => {
                format!("困难残疾人生活补贴发放名册_{month}")
            }
            Self::Payments(_, month) => format!("重度残疾人护理补贴发放名册_{month}"),
            Self::Fuel(year) => format!("机动轮椅车燃油补贴_{year}"),
            Self::Rehab(year) => format!("残疾儿童康复救助发放名册_{year}"),
        }
    }

    /// Writes the rows that a scene has for it.
    fn write(self, scene: &Scene, out: &mut Table) {
        match self {
            Self::Roster => scene.cards.iter().for_each(|card| roster_row(card, out)),
            Self::Institutions => {
                for (account, name) in &scene.institutions {
                    out.row([account, name]);
                }
            }
            Self::List(list) => {
                for member in scene.members.iter().filter(|member| member.list == list) {
                    let (from, to) = (member.from.to_string(), text(member.to));
                    let span = [&member.name, &member.id, &from, &to];
                    match list {
                        List::Dibao | List::ExtremePoverty => {
                            out.row(std::iter::once(&member.household).chain(span));
                        }
                        List::Orphan | List::WorkInjury => out.row(span),
                    }
                }
            }
            Self::Deaths => {
                for (name, id, day) in &scene.deaths {
                    out.row([name, id, &day.to_string()]);
                }
            }
            Self::Sentences => {
                for (name, id, from, to) in &scene.sentences {
                    out.row([name, id, &from.to_string(), &text(*to)]);
                }
            }
            Self::Payments(programme, month) => {
                let here = |pay: &&Pay| pay.programme == programme && pay.roll == month;
                for pay in scene.pays.iter().filter(here) {
                    let paid_on = pay.roll.first_day().plus_days(PAID_ON - 1);
                    out.numbered([
                        pay.name.as_str(),
                        &pay.id,
                        &pay.card,
                        &pay.month.to_string(),
                        &pay.amount.to_string(),
                        &pay.back.to_string(),
                        pay.reason,
                        BANK,
                        &pay.account,
                        &pay.holder,
                        &paid_on.to_string(),
                        pay.division,
                    ]);
                }
            }
            Self::Rehab(_) => {
                for row in &scene.rehab {
                    out.numbered([
                        row.person.name.as_str(),
                        &row.person.id,
                        &row.card,
                        &Fen(REHAB_YEARLY).to_string(),
                        &row.person.account,
                        &row.holder,
                    ]);
                }
            }
            Self::Fuel(_) => {
                for fuel in &scene.fuel {
                    out.numbered([
                        fuel.person.name.as_str(),
                        &fuel.person.id,
                        &fuel.card,
                        &fuel.chassis,
                        &fuel.engine,
                        &Fen(YEARLY).to_string(),
                        &fuel.person.account,
                    ]);
                }
            }
        }
    }
}

/// A text of comma-separated cells, none of which holds a comma.
struct Table {
    text: String,
    rows: usize,
}

impl Table {
    fn new(header: &str) -> Self {
        Self { text: format!("{header}\n"), rows: 0 }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        self.rows += 1;
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.text.push_str(cell.as_ref());
        }
        self.text.push('\n');
    }

    /// A row that begins with its number.
    fn numbered(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        let _ = write!(self.text, "{},", self.rows + 1); // writing to a string does not fail
        self.row(cells);
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn roster_row(card: &Card, out: &mut Table) {
    let person = &card.person;
    let numeral = |level: u8| ["一级", "二级", "三级", "四级"][usize::from(level.clamp(1, 4)) - 1];
    let parts: Vec<String> = card
        .components
        .iter()
        .map(|part| format!("{}{}", part.category.zh(), numeral(part.level.number())))
        .collect();
    let (guardian, guardian_id) = card.guardian.clone().unwrap_or_default();
    let doctor = |at: usize| card.doctors.get(at).map_or("", String::as_str);
    let (from, to) = card.notice.unzip();
    out.numbered([
        person.name.as_str(),
        &person.id,
        &card.number(),
        card.category.zh(),
        numeral(card.level),
        &parts.join(";"),
        &card.issued.to_string(),
        &card.expires.to_string(),
        card.status.zh(),
        &text(card.status_on),
        &card.division,
        person.township,
        &person.village,
        &person.phone,
        &guardian,
        &guardian_id,
        &person.household,
        &card.institution,
        doctor(0),
        doctor(1),
        &text(card.assessed_on),
        &card.receiver,
        &card.reviewer,
        &card.approver,
        &text(from),
        &text(to),
    ]);
}

/// Sends every roll of the city: registers and lists before payments, month by month. Returns the
/// number of rows.
pub(super) fn send(
    house: &DemoHouse,
    frame: &Frame,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, DemoError> {
    let mut rows = 0;
    for sheet in sheets(frame) {
        for county in 0..frame.counties() {
            rows += one(house, frame, sheet, county)?;
            progress(rows);
        }
    }
    Ok(rows)
}

/// Writes every roll of the city as it is sent: its name and its text.
pub(super) fn write(
    frame: &Frame,
    out: &mut dyn FnMut(&str, &str) -> io::Result<()>,
) -> io::Result<u64> {
    let mut count = 0;
    for sheet in sheets(frame) {
        for county in 0..frame.counties() {
            if let Some((name, table)) = table(frame, sheet, county) {
                out(&name, &table.text)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Every roll, registers and lists before payments.
fn sheets(frame: &Frame) -> Vec<Sheet> {
    let lists = [List::Dibao, List::ExtremePoverty, List::Orphan, List::WorkInjury];
    let mut sheets = vec![Sheet::Roster, Sheet::Institutions];
    sheets.extend(lists.map(Sheet::List));
    sheets.extend([Sheet::Deaths, Sheet::Sentences]);
    for month in frame.all_months() {
        sheets.extend([LIVING, NURSING].map(|programme| Sheet::Payments(programme, month)));
    }
    let year = frame.last().year();
    sheets.extend([Sheet::Fuel(year), Sheet::Rehab(year)]);
    sheets
}

/// What a register left on the ledger.
#[derive(Default)]
pub(super) struct Listed {
    /// Whom the ledger knows its people as, by their ID tag.
    pub(super) people: BTreeMap<Tag, (PersonId, CertificateId)>,
    /// Its rows, by their keys.
    rows: BTreeMap<Tag, KnownRow>,
}

/// Sends the register of one scene, after what is listed already.
pub(super) fn register(
    house: &DemoHouse,
    scene: &Scene,
    division: &str,
    before_it: &Listed,
) -> Result<Listed, DemoError> {
    let mut table = Table::new(ROSTER);
    Sheet::Roster.write(scene, &mut table);
    let before = house.ledger.len();
    let name = "窗口持证人名册.csv".to_owned();
    bring_in(house, Sheet::Roster, division, (name, table), before_it)?;
    let mut listed = Listed::default();
    for index in before..house.ledger.len() {
        let event = house.ledger.event(index)?;
        if let (Body::CertificateLegacyImported(data), Subject::Certificate(id)) =
            (&event.payload.body, &event.subject)
        {
            listed.people.insert(data.id, (data.person, *id));
            let (statement, content) = (event.id, data.row.content);
            let subject = event.subject.clone();
            listed.rows.insert(data.row.key, KnownRow { index, statement, content, subject });
        }
    }
    Ok(listed)
}

/// One county's roll; none where an old month has no rows: it was never sent. An empty list was.
fn table(frame: &Frame, sheet: Sheet, county: u32) -> Option<(String, Table)> {
    let mut table = Table::new(sheet.header());
    for scene in frame.scenes_of(county) {
        sheet.write(&Scene::of(frame, scene), &mut table);
    }
    if table.rows == 0 && matches!(sheet, Sheet::Payments(..)) {
        return None;
    }
    let (_, place) = COUNTIES[county as usize];
    Some((format!("{place}{}.csv", sheet.name()), table))
}

fn one(house: &DemoHouse, frame: &Frame, sheet: Sheet, county: u32) -> Result<u64, DemoError> {
    let Some((name, table)) = table(frame, sheet, county) else { return Ok(0) };
    let (code, _) = COUNTIES[county as usize];
    // The rolls of counties are each sent once.
    bring_in(house, sheet, code, (name, table), &Listed::default())
}

/// Reads and imports a roll; every row of it has to come in.
fn bring_in(
    house: &DemoHouse,
    sheet: Sheet,
    division: &str,
    (name, table): (String, Table),
    known: &Listed,
) -> Result<u64, DemoError> {
    let (kind, month) = match sheet {
        Sheet::Payments(programme, month) if programme == LIVING => {
            (RollKind::LivingAllowance, Some(month))
        }
        Sheet::Payments(_, month) => (RollKind::NursingCareSubsidy, Some(month)),
        Sheet::Fuel(year) | Sheet::Rehab(year) => (sheet.kind(), Month::new(year, 1).ok()),
        _ => (sheet.kind(), None),
    };
    let bytes = table.text.into_bytes();
    let hint = Hint { kind: Some(kind), month };
    let roll = match read_roll(&name, &bytes, &hint) {
        Ok(roll) => roll,
        Err(RollError::NotARoll(_)) if table.rows == 0 => return Ok(0),
        Err(error) => return Err(DemoError::Roll { name, why: error.to_string() }),
    };
    let options = ImportOptions {
        division: division.parse::<DivisionCode>()?,
        complete: false,
        dry_run: false,
        at: Day::of_millis(house.ledger.clock().wall_ms()),
    };
    let pen = house.pen(sheet.sender())?;
    let importer = Importer { ledger: &house.ledger, known, pen, options };
    let report = importer
        .import(&name, &bytes, &roll, &mut |_, _| ())
        .map_err(|error| DemoError::Roll { name: name.clone(), why: error.to_string() })?;
    let refused = report.refused.first().map(|refused| refused.rejection.to_string());
    let rejected = report.rejected.first().map(|rejected| rejected.why.to_string());
    if let Some(why) = refused.or(rejected) {
        return Err(DemoError::Roll { name, why });
    }
    // Accounts of institutions count once the bank has said so, too.
    house.endorse("411700-bank-1", &report.waiting_endorsement)?;
    Ok(table.rows as u64)
}

impl KnownRows for Listed {
    fn row(&self, key: &Tag) -> Option<KnownRow> {
        self.rows.get(key).cloned()
    }

    /// Asked for full lists only, which a city has none of.
    fn rows_of(
        &self,
        _: event::RollKind,
        _: DivisionCode,
        _: Option<Month>,
    ) -> Vec<(Tag, KnownRow)> {
        Vec::new()
    }
}
