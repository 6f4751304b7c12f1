//! What offices call each event type.

/// The Chinese name of the type called `name`.
#[must_use]
pub fn title_of(name: &str) -> Option<&'static str> {
    TITLES.iter().find(|(known, _)| *known == name).map(|(_, title)| *title)
}

/// Dotted name and Chinese name, in the catalogue's order.
const TITLES: &[(&str, &str)] = &[
    ("ledger.created", "建立账本"),
    ("ledger.succeeds", "承接旧账本"),
    ("endorsed", "会签"),
    ("actor.enrolled", "登记经办人员"),
    ("actor.key_rotated", "更换签名密钥"),
    ("actor.suspended", "停用经办人员"),
    ("institution.designated", "指定评定机构"),
    ("institution.suspended", "暂停评定机构"),
    ("policy.published", "发布政策"),
    ("calendar.published", "发布工作日历"),
    ("checkpoint.anchored", "检查点见证存证"),
    ("correction.recorded", "更正记录"),
    ("application.submitted", "提出申请"),
    ("identity.verified", "核实身份"),
    ("application.accepted", "受理申请"),
    ("application.not_accepted", "不予受理"),
    ("regrade.consented", "同意变更评定"),
    ("conflict.declared", "申报回避"),
    ("assessment.assigned", "指派残疾评定"),
    ("assessment.recorded", "记录评定意见"),
    ("assessment.concluded", "出具评定结论"),
    ("notice.posted", "张贴公示"),
    ("notice.waived", "免予公示"),
    ("objection.raised", "提出公示异议"),
    ("objection.resolved", "处理公示异议"),
    ("notice.closed", "公示结束"),
    ("notice.taken_down", "撤下公示"),
    ("review.completed", "完成审核"),
    ("certificate.approved", "批准发证"),
    ("certificate.refused", "不予发证"),
    ("certificate.printed", "制证"),
    ("certificate.issued", "核发残疾人证"),
    ("certificate.delivered", "发放残疾人证"),
    ("certificate.frozen", "冻结残疾人证"),
    ("certificate.unfrozen", "解冻残疾人证"),
    ("certificate.cancelled", "注销残疾人证"),
    ("certificate.revoked", "撤销残疾人证"),
    ("certificate.lost", "残疾人证挂失"),
    ("certificate.replaced", "补办残疾人证"),
    ("certificate.transferred_out", "残疾人证迁出"),
    ("certificate.transferred_in", "残疾人证迁入"),
    ("reminder.sent", "发出提醒"),
    ("appeal.filed", "申请复核评定"),
    ("appeal.declined", "不予复核评定"),
    ("appeal.reassessed", "市级重新评定"),
    ("appeal.concluded", "省级最终评定"),
    ("case_file.sealed", "档案归档"),
    ("certificate.legacy_imported", "导入历史残疾人证"),
    ("external_fact.recorded", "登记外部事实"),
    ("external_fact.retracted", "撤回外部事实"),
    ("benefit.applied", "申请待遇"),
    ("benefit.first_reviewed", "待遇初审"),
    ("benefit.checked", "待遇核查"),
    ("benefit.second_reviewed", "待遇复审"),
    ("benefit.determined", "待遇审定"),
    ("benefit.amended", "变更待遇"),
    ("benefit.stopped", "停发待遇"),
    ("benefit.resumed", "恢复发放"),
    ("back_pay.granted", "批准补发"),
    ("payroll.prepared", "编制发放清册"),
    ("payroll.authorised", "批准拨付"),
    ("payment.executed", "发放到账"),
    ("payment.returned", "发放退回"),
    ("account.bound", "绑定账户"),
    ("account.unbound", "解绑账户"),
    ("annual_review.completed", "年度复核"),
    ("service.delivered", "提供服务"),
    ("works.accepted", "工程验收"),
    ("placement.started", "开始托养或就业"),
    ("placement.ended", "结束托养或就业"),
    ("support_visit.logged", "帮扶走访"),
    ("anomaly.raised", "提出疑点"),
    ("anomaly.assigned", "分派疑点"),
    ("anomaly.reviewed", "核查疑点"),
    ("recovery.ordered", "决定追缴"),
    ("recovery.received", "追缴入账"),
    ("recovery.waived", "免予追缴"),
    ("help.given", "落实救助"),
    ("disclosure.granted", "准予披露"),
    ("query.logged", "查询留痕"),
    ("personal_data.erased", "删除个人信息"),
    ("processing.restricted", "限制处理个人信息"),
    ("right.requested", "申请限制处理或删除"),
    ("right.declined", "不予限制处理或删除"),
    ("person.recorded", "登记人员信息"),
    ("person.corrected", "更正人员信息"),
    ("identity.linked", "关联身份号码"),
    ("identity.unlinked", "解除号码关联"),
    ("identity.corrected", "更正身份号码"),
    ("guardian.recorded", "登记监护人"),
    ("guardian.ended", "终止监护"),
    ("household.member_joined", "家庭成员增加"),
    ("household.member_left", "家庭成员减少"),
    ("institution_account.recorded", "登记机构账户"),
    ("roll.received", "接收名册"),
    ("roll.row_retracted", "撤回名册记录"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Body;

    #[test]
    fn every_type_has_its_title_in_the_catalogue_s_order() {
        let named: Vec<_> = TITLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, Body::NAMES);
        let titles: std::collections::BTreeSet<_> = TITLES.iter().map(|(_, title)| title).collect();
        assert_eq!(titles.len(), TITLES.len());
    }
}
