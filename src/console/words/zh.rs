//! 中文。

use super::{Common, Frame, Nav, Overview, SignIn, Trouble, Words};
use crate::event::Role;

pub(super) static WORDS: Words = Words {
    frame: Frame {
        name: "明证",
        tagline: "残疾人证与补贴审计账本",
        skip: "跳到正文",
        demo: "演示账本：人员、号码和密钥均为虚构，不得录入真实信息。",
        menu: "功能",
        settings: "语言和外观",
        sign_in: "登录",
        sign_out: "退出",
        theme_system: "跟随系统",
        theme_light: "浅色",
        theme_dark: "深色",
        current_to: "本页依据账本条目数",
        judged_on: "判定日",
        checkpoint: "检查点",
        ledger: "账本",
    },
    nav: Nav {
        overview: "概览",
        people: "人员",
        certificates: "残疾人证",
        payments: "发放记录",
        flags: "疑点核查",
        report: "严格审核报告",
        programmes: "项目与政策",
        actors: "经办人员与密钥",
        looks: "谁查看了什么",
        entries: "账本条目",
        notices: "公示",
        check: "核验回执",
    },
    common: Common {
        nothing: "没有记录",
        next_page: "下一页",
        first_page: "回到第一页",
        search: "查找",
        filter: "筛选",
        clear: "清除筛选",
        show: "查看",
        all: "全部",
        any: "不限",
        yes: "是",
        no: "否",
        person: "人员",
        certificate: "残疾人证",
        division: "区划",
        province: "省级",
        prefecture: "市级",
        county: "县级",
        programme: "项目",
        month: "月份",
        amount: "金额（元）",
        date: "日期",
        status: "状态",
        kind: "类别",
        entry: "条目",
        actor: "经办人员",
        role: "角色",
        organisation: "单位",
        events: "事件",
        reset: "重置",
        optional: "可不填",
        from: "自",
        to: "至",
        details: "详情",
        download: "下载",
        back: "返回",
        unknown: "未记载",
    },
    sign_in: SignIn {
        title: "登录",
        what: "本系统没有密码。您的身份是账本上登记的密钥，密钥保存在这个浏览器里，网页用它签一个短时令牌来登录。",
        needs_script: "用自己的密钥登录需要启用浏览器脚本；登录后查看页面不需要。",
        actor: "经办人员",
        key_missing: "这个浏览器里还没有您的密钥。",
        make_key: "生成密钥",
        begin: "用密钥登录",
        once: "令牌只能用一次，五分钟内有效；页面打开期间会自动续期。",
        demo_title: "演示登录",
        demo_what: "这是演示账本，服务器保管全部演示密钥。选一个角色进入，看看各岗位分别能看什么、签什么。",
        demo_enter: "进入",
        ended: "尚未登录，或登录已到期。请重新登录，登录后回到刚才的页面。",
        clock: "即使本机时钟不准也能登录：令牌以服务器时间为准。",
    },
    trouble: Trouble {
        title: "无法完成",
        what_to_do: "怎么办",
        rule: "依据规则",
        code: "代码",
        to_sign_in: "去登录",
        to_overview: "回到概览",
        signed_in_as: "当前身份",
    },
    overview: Overview {
        title: "概览",
        welcome: "欢迎。左侧是您的角色可以使用的功能。",
        role_does: "您的角色",
    },
};

pub(super) const fn does(role: Role) -> &'static str {
    match role {
        Role::Clerk => "在窗口受理申请、核实身份。",
        Role::Assessor => "当面评定残疾并对医学结论签名。",
        Role::InstitutionSeal => "代表评定机构出具结论。",
        Role::NoticeOfficer => "张贴和结束公示。",
        Role::Reviewer => "审核申请材料、程序和公示结果。",
        Role::Approver => "批准或不予发证，发布政策。",
        Role::Issuer => "制证、发证。",
        Role::TownshipReviewer => "初审待遇申请。",
        Role::DpfReviewer => "复审待遇申请。",
        Role::CivilAffairsOfficer => "审定待遇申请，编制发放清册。",
        Role::FinanceOfficer => "批准拨付。",
        Role::BankAgent => "按清册发放到账并回报结果。",
        Role::ServiceProvider => "提供托养、康复等服务并签名记录。",
        Role::PrefectureDpf => "指定评定机构，受理复核申请。",
        Role::ProvincialPanel => "作出复核的最终结论。",
        Role::DataCustodian => "报送本部门登记的事实，如死亡、低保、服刑。",
        Role::Inspector => "核查疑点并作出结论。",
        Role::Supervisor => "监督全过程，会签人员与政策，独立核验账本。",
        Role::PrivacyOfficer => "限制处理、删除和披露个人信息。",
        Role::KeyCustodian => "登记经办人员，销毁数据密钥。",
        Role::System => "账本自身的自动签名。",
        Role::Applicant => "本人或监护人，查看自己的记录和谁查看过。",
    }
}

pub(super) fn fault(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "no_token" => ("请求没有附令牌。", "请重新登录。"),
        "bad_token" => ("令牌格式不对，或签名不成立。", "请重新登录；如仍不行，检查所选密钥。"),
        "foreign_token" => ("令牌是为另一个账本签的。", "在本页重新登录。"),
        "expired_token" => ("令牌已过期。", "请重新登录。"),
        "early_token" => ("令牌的时间在将来。", "刷新登录页后再试：令牌以服务器时间为准。"),
        "long_token" => ("令牌的有效期超过五分钟。", "刷新登录页后再试。"),
        "replayed_token" => ("令牌已经用过。", "请重新登录。"),
        "stale_token" => ("令牌早于本服务的启动时间。", "请重新登录。"),
        "no_session" => ("尚未登录，或登录已到期。", "请登录。"),
        "foreign_page" => ("这个表单不是从本系统的页面提交的。", "请在本系统打开页面后重新提交。"),
        "role_may_not" => {
            ("您的角色不能使用这一功能。", "换用有权限的身份，或向负责该项工作的同事询问。")
        }
        "other_division" => ("这属于您的区划以外。", "向该区划或上级单位询问。"),
        "processing_restricted" => ("此人的信息已被限制处理。", "向个人信息保护负责人询问。"),
        "no_route" => ("这个地址没有内容。", "从菜单重新进入。"),
        "not_found" => ("账本里没有这一项。", "核对号码或编号后再试。"),
        "wrong_method" => ("这个地址不接受这种操作。", "从菜单重新进入。"),
        "slow_body" => ("请求没有在时限内传完。", "重新提交；重复提交不会重复记录。"),
        "too_large" => ("提交的内容太大。", "分成几次提交，或用较小的文件。"),
        "wrong_type" => ("提交的内容类型不对。", "在页面上重新提交。"),
        "bad_body" => ("提交的内容有缺项或格式不对。", "返回上一页，按提示填写后再提交。"),
        "bad_query" => {
            ("地址中的条件不认识或格式不对。", "清除筛选条件后再试；日期写作 2026-09-30。")
        }
        "too_many_requests" => ("请求过于频繁。", "稍等一秒再试。"),
        "internal" => (
            "服务器出错；已确认的记录不会丢失。",
            "报告问题时请附请求编号（响应头 x-request-id）。",
        ),
        "busy" => ("账本正忙。", "稍后重新提交；重复提交不会重复记录。"),
        "crowded" => ("服务器正在处理的请求太多。", "稍后再试。"),
        "took_too_long" => ("处理超过了时限。", "缩小范围，或稍后再试。"),
        "not_writing" => {
            ("账本暂时不能写入，刚才提交的结果可能未知。", "恢复后原样重新提交：不会重复记录。")
        }
        "no_reveal" => {
            ("现在不能显示个人信息：保管库密钥或系统密钥没有打开。", "请管理员带密钥启动服务。")
        }
        _ => return None,
    })
}
