//! Typed rows: one struct per shape of roll, one field per column.
//!
//! `None` means that the cell was blank or its column is not in the file; which of the two is
//! said once per sheet (`SheetRead::absent_columns`): a missing column is a gap in the evidence,
//! a blank cell a finding. Everything that can name a person is `Personal`.

use super::personal::{Legacy, Personal};
use crate::{
    event::{LegacyStatus, Relation},
    value::{
        Category, CertificateNumber, CitizenId, Component, Day, DivisionCode, Fen, Hash,
        HouseGrade, Level, Month, Programme,
    },
};

/// A row of a roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Of a certificate roster.
    Certificate(Box<CertificateRow>),
    /// Of a monthly payment roll.
    Payment(Box<PaymentRow>),
    /// Of a yearly fuel roll.
    Fuel(Box<FuelRow>),
    /// Of a list of people in another scheme: dibao, extreme poverty, orphans, work injury.
    Member(Box<MemberRow>),
    /// Of a list of deaths.
    Death(Box<DeathRow>),
    /// Of a list of prisoners.
    Prisoner(Box<PrisonerRow>),
    /// Of a list of institution accounts.
    InstitutionAccount(Box<AccountRow>),
    /// Of a rates file.
    Rate(Box<RateRow>),
    /// Of a bank's result file.
    BankResult(Box<BankResultRow>),
    /// Of a list of what was done for people: sessions, placements, departures, visits.
    Service(Box<ServiceRow>),
    /// Of a list of works at homes.
    Works(Box<WorksRow>),
    /// Of a list of households.
    Household(Box<HouseholdRow>),
}

/// One certificate (持证人名册).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 残疾人证号
    pub certificate: Option<Legacy<CertificateNumber>>,
    /// 残疾类别
    pub category: Option<Category>,
    /// 残疾等级
    pub level: Option<Level>,
    /// 多重残疾明细, in the order written.
    pub components: Option<Vec<Component>>,
    /// 发证日期
    pub issued_on: Option<Day>,
    /// 有效期至
    pub expires_on: Option<Day>,
    /// 证件状态
    pub status: Option<LegacyStatus>,
    /// 状态日期
    pub status_on: Option<Day>,
    /// 户籍区划代码
    pub division: Option<DivisionCode>,
    /// 乡镇(街道)
    pub township: Option<Personal>,
    /// 村(社区)
    pub village: Option<Personal>,
    /// 联系电话
    pub phone: Option<Personal>,
    /// 监护人姓名
    pub guardian_name: Option<Personal>,
    /// 监护人身份号码
    pub guardian_id: Option<Legacy<CitizenId>>,
    /// 户号
    pub household_number: Option<Personal>,
    /// 评定机构
    pub institution: Option<Personal>,
    /// 评定医师, those that are named, in the order of their columns.
    pub assessors: Vec<Personal>,
    /// 评定日期
    pub assessed_on: Option<Day>,
    /// 受理人
    pub receiver: Option<Personal>,
    /// 审核人
    pub reviewer: Option<Personal>,
    /// 批准人
    pub approver: Option<Personal>,
    /// 公示起
    pub notice_from: Option<Day>,
    /// 公示止
    pub notice_to: Option<Day>,
}

/// One payment of a month (发放名册).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 残疾人证号
    pub certificate: Option<Legacy<CertificateNumber>>,
    /// 补贴月份; the roll's month where the file has no such column.
    pub month: Month,
    /// 金额, in fen.
    pub amount: Fen,
    /// 补发月数; 0 when blank.
    pub back_pay_months: u16,
    /// 补发原因
    pub back_pay_reason: Option<Personal>,
    /// 开户行
    pub bank: Option<Personal>,
    /// 银行账号
    pub account: Option<Personal>,
    /// 户名
    pub account_holder: Option<Personal>,
    /// 发放日期
    pub paid_on: Option<Day>,
    /// 发放区划代码
    pub division: Option<DivisionCode>,
}

/// One fuel grant of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FuelRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 残疾人证号
    pub certificate: Option<Legacy<CertificateNumber>>,
    /// 车架号
    pub chassis: Option<Personal>,
    /// 发动机号
    pub engine: Option<Personal>,
    /// 金额, in fen.
    pub amount: Fen,
    /// 开户行, where the file has it.
    pub bank: Option<Personal>,
    /// 银行账号
    pub account: Option<Personal>,
    /// 户名, where the file has it.
    pub account_holder: Option<Personal>,
    /// 发放日期, where the file has it.
    pub paid_on: Option<Day>,
    /// 发放区划代码, where the file has it.
    pub division: Option<DivisionCode>,
}

/// One person's span in another scheme; both months are inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// 户号
    pub household_number: Option<Personal>,
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 纳入月份 or 起始月份
    pub from: Option<Month>,
    /// 退出月份 or 终止月份
    pub to: Option<Month>,
}

/// One death.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeathRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 死亡日期
    pub died_on: Day,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrisonerRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 判决生效日期
    pub judgment_on: Day,
    /// 释放日期; may lie in the future.
    pub released_on: Option<Day>,
}

/// One account of an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// 银行账号
    pub account: Personal,
    /// 机构名称
    pub institution: Option<Personal>,
}

/// The amount of a programme in a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// What is paid.
    pub programme: Programme,
    /// The programme's name as the file writes it.
    pub name: Option<String>,
    /// For what the amount is: `person-month`, `vehicle-year`.
    pub unit: Option<String>,
    /// The amount, in fen.
    pub amount: Fen,
    /// The first day.
    pub valid_from: Day,
    /// The last day, if one is set.
    pub valid_to: Option<Day>,
}

/// One answer of the bank. Has a citizen ID or an account, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankResultRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: Option<CitizenId>,
    /// 银行账号
    pub account: Option<Personal>,
    /// 户名
    pub account_holder: Option<Personal>,
    /// 补贴月份
    pub month: Option<Month>,
    /// 金额, in fen.
    pub amount: Fen,
    /// 发放结果: paid, or returned.
    pub is_paid: bool,
    /// 失败原因
    pub reason: Option<Personal>,
    /// 处理日期
    pub on: Option<Day>,
}

/// What was done for one person on a day: a session, the begin or the end of a placement, a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRow {
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 服务日期, 入住日期, 离开日期 or 走访日期
    pub on: Day,
    /// 机构名称
    pub institution: Option<Personal>,
    /// 机构代码
    pub code: Option<Personal>,
    /// 离开原因 or 走访方式
    pub what: Option<Personal>,
    /// 帮扶人: who visited.
    pub helper: Option<Personal>,
    /// 帮扶单位: the helper's office.
    pub helper_unit: Option<Personal>,
}

/// Works at one home that were accepted on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorksRow {
    /// 户号
    pub household_number: Option<Personal>,
    /// 户主姓名, or of the person for whom it was built
    pub name: Option<Personal>,
    /// 户主身份号码, or of the person for whom it was built
    pub id: CitizenId,
    /// 房屋地址
    pub address: Option<Personal>,
    /// 施工单位
    pub contractor: Option<Personal>,
    /// 房屋等级
    pub grade: Option<HouseGrade>,
    /// 改造前照片哈希: salted, as `mingzheng evidence` prints it.
    pub before: Hash,
    /// 改造后照片哈希
    pub after: Hash,
    /// 验收单哈希, signed by the household.
    pub acceptance: Option<Hash>,
    /// 验收日期
    pub accepted_on: Day,
    /// 工程造价, in fen.
    pub cost: Fen,
}

/// One member of one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdRow {
    /// 户号
    pub household_number: Personal,
    /// 姓名
    pub name: Option<Personal>,
    /// 公民身份号码
    pub id: CitizenId,
    /// 与户主关系; none for the head.
    pub relation: Option<Relation>,
    /// 加入日期, where the file has it.
    pub from: Option<Day>,
    /// 迁出日期, where the file has it.
    pub to: Option<Day>,
}

impl HouseholdRow {
    /// The head of the household.
    #[must_use]
    pub const fn is_head(&self) -> bool {
        self.relation.is_none()
    }
}
