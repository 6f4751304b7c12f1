//! The forms of the city's rolls: what each is called, who sends it, and how a scene's rows stand in
//! it.

use std::fmt::Write as _;

use crate::demo::city::scene::{Card, LIVING, List, Pay, REHAB, REHAB_YEARLY, Scene, YEARLY};
use crate::rolls::RollKind;
use crate::value::{Fen, HouseGrade, Month, Programme};

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
const LODGERS: &str = "户号,姓名,公民身份号码,与户主关系,加入日期,迁出日期";
const WORKS: &str = "户号,户主姓名,户主身份号码,房屋地址,改造前照片哈希,改造后照片哈希,验收单哈希,\
                     验收日期,工程造价(元),房屋等级";
const BANK: &str = "农商银行";
/// Payrolls go to the bank on this day.
const PAID_ON: i32 = 24;

/// A roll that the city sends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sheet {
    Roster,
    Institutions,
    List(List),
    Deaths,
    Sentences,
    Payments(Programme, Month),
    Fuel(i32),
    Rehab(i32),
    Households,
    Works(Programme),
}

impl Sheet {
    pub(super) const fn kind(self) -> RollKind {
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
            Self::Households => RollKind::Households,
            Self::Works(programme) => RollKind::Works(programme),
        }
    }

    /// The actor who would send it.
    pub(super) const fn sender(self) -> &'static str {
        match self {
            Self::Roster | Self::Institutions | Self::Households => "411700-clerk-1",
            Self::List(List::WorkInjury) => "411700-labour-1",
            Self::List(_) => "411700-welfare-1",
            Self::Deaths => "411700-police-1",
            Self::Sentences => "411700-justice-1",
            Self::Payments(..) | Self::Fuel(_) | Self::Rehab(_) => "411700-bank-1",
            Self::Works(_) => "411700-dpf-2",
        }
    }

    pub(super) fn header(self) -> &'static str {
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
            Self::Households => LODGERS,
            Self::Works(_) => WORKS,
        }
    }

    pub(super) fn name(self) -> String {
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
            Self::Households => "家庭成员名册".into(),
            Self::Works(programme) if programme == Programme::HOUSE_RENOVATION => {
                "危房改造验收名册".into()
            }
            Self::Works(_) => "家庭无障碍改造验收名册".into(),
        }
    }

    /// Writes the rows that a scene has for it.
    pub(super) fn write(self, scene: &Scene, out: &mut Table) {
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
            Self::Households => {
                for lodger in &scene.lodgers {
                    let relation = if lodger.is_head { "户主" } else { "其他亲属" };
                    let (from, to) = (lodger.from.to_string(), text(lodger.to));
                    let who = [&lodger.household, &lodger.name, &lodger.id].map(String::as_str);
                    out.row(who.into_iter().chain([relation, &from, &to]));
                }
            }
            Self::Works(programme) => {
                for works in scene.works.iter().filter(|works| works.programme == programme) {
                    out.row([
                        works.household.as_str(),
                        &works.name,
                        &works.id,
                        works.address.as_deref().unwrap_or_default(),
                        &works.before.to_string(),
                        &works.after.to_string(),
                        &works.acceptance.to_string(),
                        &works.accepted_on.to_string(),
                        &works.cost.to_string(),
                        works.grade.map_or("", HouseGrade::name),
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
pub(super) struct Table {
    pub(super) text: String,
    pub(super) rows: usize,
}

impl Table {
    pub(super) fn new(header: &str) -> Self {
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
