//! The rules in Chinese, and why each is there: what `rules explain` adds to the rule itself.

use serde::Serialize;

use super::flag::Rule;

/// What a rule tests in Chinese, and why, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The rule, such as `R01`.
    #[serde(skip)]
    pub id: &'static str,
    /// The test in Chinese.
    pub test_zh: &'static str,
    /// Why it is tested, in Chinese.
    pub why_zh: &'static str,
    /// Why it is tested, in English.
    pub why_en: &'static str,
    /// The guards in Chinese, in the rule's own order.
    pub guards_zh: &'static [&'static str],
}

/// The words of a rule; an earlier version is explained by its own English text only.
#[must_use]
pub fn words(rule: &Rule) -> Option<&'static Words> {
    let is_current = super::list().contains(&rule);
    WORDS.iter().find(|words| is_current && words.id == rule.id)
}

macro_rules! words {
    ($($id:literal: $test:literal, $why_zh:literal, $why_en:literal, [$($guard:literal),+];)+) => {
        static WORDS: &[Words] = &[$(Words {
            id: $id,
            test_zh: $test,
            why_zh: $why_zh,
            why_en: $why_en,
            guards_zh: &[$($guard),+],
        }),+];
    };
}

words! {
    "R01": "生活补贴或护理补贴的所属月份晚于死亡当月",
        "审计最常查出的问题：死亡信息未及时共享，补贴照发",
        "what audits find most: a death is not shared in time and the money goes on",
        ["死亡当月可发", "已退回的款项不算发放", "死亡信息误报并已撤回",
         "名单中的同名人：只按号码关联", "姓名不同或非数据部门上报：只作线索"];
    "R02": "死亡三十日后，证件在判定日仍未冻结或注销",
        "证件未注销，其名下补贴和优待可能被冒用",
        "an open card lets others draw on a dead person's name",
        ["死亡未满三十日", "名单中的同名人：只按号码关联", "姓名不同或非数据部门上报：只作线索"];
    "R03": "所属月份没有任何证件覆盖，且不早于首次发证月",
        "证件过期、冻结或注销后补贴应从次月停发",
        "benefits stop in the month after a card expires, is frozen or ends",
        [
            "失效当月可发",
            "按期换证的旧证覆盖其月份",
            "名册行只计补发月数的，只判断该行所属月份",
            "两人批准的补发，或换新证前空档期在限额内的补发",
            "状态无日期的不扣月份"
        ];
    "R04": "所属月份早于首次发证月，且不是补发",
        "没有证件就没有资格；提前发放多为先发后补手续",
        "without a card nobody is entitled; early money means papers made afterwards",
        ["当月较晚发证", "新证补发", "账本上已批准的补发"];
    "R05": "发放日（含）之前没有审定同意该项目；或银行自行回报的发放，当日（含）之前没有含该领取人的已审批清单",
        "先发后审，审定和审批就只是补手续",
        "paid first, the decision and the authorisation are papers made afterwards",
        ["旧名册的行，且账本上未申请过该待遇", "账本上已申请的待遇的名册行：只作线索", "同日审定、审批并发放"];
    "R06": "两本有效证件同一号码而姓名不同",
        "一个号码只属于一人，其中一本必有错或被冒用",
        "a number is one person's: one of the two is wrong or misused",
        ["已关闭的旧证", "更名", "已更正的误录号码"];
    "R07": "同一号码同一姓名有两本有效证件",
        "一人两证可重复享受待遇",
        "two cards of one person draw benefits twice",
        ["换证、变更或补办后旧证已关闭", "以后日期的状态"];
    "R08": "两个不同号码的人，各项比对权重之和达到30：姓名相同+10、仅同音+6、不同-8；出生日期相同+13、不同-6；电话相同+8、不同-1；村（社区）相同+7、不同-3；一方号码误录一位、相邻两位颠倒或为旧号且可能即对方号码+14",
        "误录或另立号码会使一人重复登记、重复领取",
        "a mistyped or second number registers and pays one person twice",
        ["双胞胎：姓名不同", "同名同生日但住另一村", "一家共用电话", "账本已关联的号码"];
    "R09": "同一空白证编号两次制证，或有效证件使用已声明遗失的证号",
        "空白证流失和遗失证冒用是假证的来源",
        "lost blanks and lost cards are where false cards come from",
        ["补办证有自己的后缀号", "遗失证已注销", "多条记录指同一次制证"];
    "R10": "同一人同一项目同一月份由两个区划发放",
        "户籍变动后两地都发",
        "after a move both places pay",
        ["已退回的款项", "后来更正的行", "两项不同补贴"];
    "R11": "发放月份与政策规定不得同享的待遇重叠",
        "特困供养、工伤护理费、孤儿生活费与补贴有互斥规定",
        "policy forbids these benefits beside the subsidies",
        ["互斥待遇先已结束或后来才开始", "孤儿可享护理补贴",
         "名单中的同名人：只按号码关联", "姓名不同或非数据部门上报：只作线索"];
    "R12": "发放月份内，本人享有政策规定须择高的另一项补贴",
        "两项只能享受较高的一项，部门间不比对就会两头领",
        "only the higher of the two is due; offices that do not compare pay both",
        ["另一项补贴当月之前已结束或之后才开始", "另一类补贴：生活类与护理类可同享", "信息已撤回", "姓名不同或非数据部门上报：只作线索"];
    "R13": "发放护理补贴，而覆盖当月的证件均为三、四级",
        "护理补贴面向一、二级；降级后应调整",
        "nursing care is for levels 1 and 2; a regrade changes it",
        ["当月或之前变更为一、二级", "当月变更为三、四级：旧证仍覆盖", "政策扩大范围"];
    "R14": "金额不等于当月标准与补发月份标准之和（燃油为当年标准）",
        "多发少发都是错误",
        "too much and too little are both wrong",
        ["补发月份计入金额", "标准未定"];
    "R14b": "住房工程的补助金额超过该项目最近一次验收载明的工程费用",
        "工程只花了这么多，多出的钱不知去向",
        "the works cost no more; nobody knows where the rest went",
        ["等于或少于工程费用", "同一住房另一项目的工程", "没有验收：无从比较"];
    "R15": "同一项目累计十二个月以上属R01、R03、R11、R13或R41的不应发放",
        "长期错发说明动态管理失效",
        "a year of wrong payments means nobody looks",
        ["同月多因只算一次", "线索不计"];
    "R16": "补发月数超过政策上限（三个月）；账本上申请的待遇，补发早于申请的月份",
        "补发有上限，超出的需要两人签署",
        "back-pay has a limit; beyond it two have to sign",
        ["不超过上限", "各月均经两人在账本批准", "账本上申请的待遇：申请当月及以后的任何月份"];
    "R17": "同一区划对同一人同一项目同一月份发放两次；或非按月发放的待遇，已审批清单中同一笔发放两次",
        "重复制册或补发已发月份",
        "rolls made twice, or back-pay of a paid month",
        ["退回后重发", "后来更正的行", "补发漏发月份"];
    "R18": "同月一个非机构账户为三人以上、分属三个以上家庭收款",
        "干部代管存折、集中套取",
        "officials who keep other people's bank books",
        ["夫妻和家人", "监护人代领", "已登记的机构账户", "不足三户"];
    "R19": "户名不是本人、监护人或同户人员，也不是机构",
        "补贴应直达本人账户",
        "the money belongs in the person's own account",
        ["只在低保名单中的同户人员", "监护人", "已登记的机构账户", "曾用名", "审定时载明的户名"];
    "R20": "待遇账户被换成另一账户后三十日内即有款项发入，且附签该变更的经办人前后三十日内还附签了另一人的变更",
        "经办人成批把领取人的账户换成自己掌握的，随即领款",
        "a clerk who swaps accounts for ones he holds swaps several, and draws at once",
        ["待遇的首个账户", "重新绑定同一账户", "只是一人变更，涉及其两项待遇", "不同经办人附签，或相隔更久", "新账户近期没有款项"];
    "R21": "首次办证、换领或变更的发证之前，案卷中没有符合标准的评定结论",
        "未经评定的证就是假证",
        "a card without an assessment is a false card",
        ["导入行：步骤不在账本上", "补办、换新沿用原证", "异议后有新结论的，旧结论不计"];
    "R22": "登记的不同评残医师少于规定人数；账本案卷中结论依据的不同医师不足、无主治医师以上，或机构当日未被指定评定该类别",
        "一人说了算或不合格的评定容易造假",
        "one doctor alone, or an unfit institution, is easily bought",
        ["登记表没有该列", "当时允许目测", "指派后指定才到期", "结论未依据的医师记录"];
    "R23": "证载类别、等级或明细与发证前最后的评定结论不一致",
        "审批环节改高等级可多领补贴",
        "a grade raised after the assessment draws more money",
        ["明细次序不同", "二次评定或重新评定以最后结论为准", "补办、换新"];
    "R24": "多重残疾不足两项，或等级不是其中最重一项",
        "办法第十三条规定的算法",
        "article 13 of the measures says how it adds up",
        ["登记表没有该列", "其他类别"];
    "R25": "成年人无公示或公示不足规定工作日；账本案卷无无异议结束的公示且无未成年人免公示",
        "公示让邻里能够提出异议",
        "the notice lets neighbours object",
        ["登记表没有该列", "未成年人", "节假日与调休", "异议成立后重新公示以最后一次为准"];
    "R26": "批准（无批准时为发证）之前提出的异议当时尚未处理",
        "带着异议批准等于取消监督",
        "approving over an objection takes the public's say away",
        ["批准前已处理", "批准后才提出"];
    "R27": "登记的受理人即批准人；账本上同一人担任受理、评定、审核、批准（含证件迁出、迁入）、制证中的两项，或补贴初审、复审、审定、拨付、发放中的两项",
        "岗位不分离，一人即可造出一本证",
        "one hand on two duties can make a card alone",
        ["登记表没有该列", "空白列不指任何人", "同一环节的几个步骤", "一人批准迁移的两地", "同一人员的其他案件"];
    "R29": "签署案件步骤的人是当事人本人、已申报当事人为亲属，或申报冲突后仍签署；是监护人、同户人员或签署后才申报的只作线索",
        "为自己和亲属办证办补贴",
        "officers grant cards and money to their own",
        ["申报冲突且未经办", "监护已终止", "仅姓名相同的同户人员"];
    "R30": "持有有效证件或领取补贴的人是在册工作人员本人，或其监护、同户人员是，而未申报",
        "干部亲属违规享受多因无人申报而漏查",
        "undeclared relatives of officials are what inspections find",
        ["登记或换钥时已申报亲属", "案件中已申报冲突", "已离户或监护终止"];
    "R31": "村（社区）有二十本以上有效证件，一二级占比高于本县同类村中位数三个稳健标准差以上，且同样多的村中仅因偶然出现的可能不足百分之一；因无人口数，不判每千人持证数",
        "成批购买的证常集中在一个村",
        "cards that were sold cluster in one village",
        ["不足二十本", "可比村不足八个", "偶然即可解释，比较的村越多门槛越高", "已关闭的证件"];
    "R32": "医师有三十例以上，一二级占比高于同类医师中位数四个稳健标准差以上",
        "受贿医师总是评得重",
        "a doctor who sells grades sells the severe ones",
        ["不足三十例", "可比医师不足五名", "偶然即可解释", "占比偏低"];
    "R32b": "机构在账本上有三十个以上结论，一二级占比高于同类机构中位数四个稳健标准差以上",
        "整个机构放松标准时，单看医师看不出",
        "where a whole house is lax no single doctor stands out",
        ["导入行的机构只是名称", "不足三十个结论", "可比机构不足五家", "同案已被后来结论取代"];
    "R32c": "医师在账本上有三十次以上评定，有评定之日的日均例数高于同类中位数四个稳健标准差以上",
        "一天评几十人，不可能都看过",
        "nobody examines dozens of people a day",
        ["导入行的日期常是场次日期", "不足三十次", "可比医师不足五名", "许多天中的一天较多"];
    "R33": "须公示的证件，从受理到发证的工作日少于公示期",
        "比公示还快，说明公示没有做",
        "faster than the notice means there was no notice",
        ["未成年人免公示", "补办、换新", "节假日与调休"];
    "R34": "公示结束后超过规定工作日仍未批准或拒绝，且审核未说明原因；或待遇的某一环节距上一环节（扣除村级公示天数）超过政策给定的工作日完成或仍未完成；或复核评定逾其载明的日期才答复（含不予复核）或仍未答复",
        "拖延使应得的人断档",
        "delay leaves people without what they are due",
        ["审核已说明原因", "更正记录说明了该步骤的原因", "退回补正的从重新受理起算", "未走完各环节即已审定的待遇，或申请人已死亡", "节假日与调休"];
    "R35": "步骤登记晚于其日期超过规定工作日，或日期早于其依据步骤的登记日",
        "事后补造的记录看起来总是齐全的",
        "records made afterwards always look complete",
        ["更正记录说明了原因", "并行的步骤", "依据步骤登记的当日", "导入行没有登记日"];
    "R36": "校验码错误，或号码中的出生日期不存在；以该号码发放过资金的为更严重（S1）",
        "错误号码无法与死亡等信息比对",
        "a wrong number escapes every comparison",
        ["十五位旧号", "已更正或非本人的号码"];
    "R36b": "出生日期晚于判定日，或年龄超过一百二十岁",
        "不可能的年龄说明号码有误或人已去世",
        "an impossible age means a wrong number, or a death nobody reported",
        ["已登记死亡", "号码中没有出生日期的属R36"];
    "R36c": "申请的出生日期与身份核验来源不一致",
        "年龄影响公示、监护和项目资格",
        "age decides on notices, guardians and programmes",
        ["已按申请日期再次核验", "已重新提交材料"];
    "R37": "燃油补贴发给没有肢体残疾的人，或当年三月三十一日不在十八至七十岁",
        "燃油补贴面向肢体残疾的车主",
        "the fuel subsidy is for drivers with a physical disability",
        ["多重残疾含肢体", "当日满十八或七十岁", "任一证件为肢体"];
    "R37b": "发放燃油补贴以外的项目，而领取人没有任何证件类别属政策范围，或政策计算日的年龄不在范围",
        "各项目有规定的类别和年龄，凑数的人常不符合",
        "each programme is for certain categories and ages, and those added to fill a list do not fit",
        ["多重残疾含所列类别", "恰为最低或最高年龄", "政策也接受诊断的，不以证件判断", "燃油补贴由R37判断"];
    "R37c": "账本上的申请人申请当日未成年，而登记表、申请和监护记录均未载明监护人",
        "没有监护人在册，就不知道谁代为申请、谁在领钱",
        "without a guardian on record nobody knows who applied and who receives",
        ["任何一处先后载明监护人", "申请当日已成年", "申请已被拒绝"];
    "R38": "同年一车架号或发动机号出现在两人的补贴中，或一人两车",
        "一车一补、一人一车",
        "one grant for a vehicle, one vehicle for a person",
        ["另一年：车已转让", "已退回的款项"];
    "R38b": "同一年一辆车有效的审定数超过政策规定（一次），或一人审定的车辆数超过规定（一辆）",
        "审定时就应发现一车多补、一人多车",
        "the second grant for one vehicle should be seen when it is determined",
        ["另一年：车已转让", "审定被拒，或首月之前已停发", "政策未设限额的项目"];
    "R39": "一户在只享受一次的项目中有两个有效审定；或其房屋的工程（有此审定，或账本上无人申请）验收所用改造前或改造后材料，也用于该房屋另一项目、另一次工程或另一户的工程",
        "一处工程报两次，最常见的是同一张照片交两次",
        "one work is claimed twice, mostly with the same photograph",
        ["两个项目各有工程：危房改造与无障碍改造", "两户工程各有影像", "已更正或撤回的工程", "审定被拒，或首月之前已停发", "按月或按年享受的项目"];
    "R39b": "同一县区两户在只享受一次的项目中各有有效审定（或账本上无人申请），且验收工程的地址（具体到门牌或房号）为同一住房",
        "一处住房分成两户各报一次；门牌可能两家共用，需现场核实",
        "one house is claimed by two households, often after a split on paper; neighbours may share a number, so it is looked at",
        ["同一楼的不同房号，或地址不到门牌", "同一住房的危房改造与无障碍改造", "先享受者在另一户工程之前已死亡、迁出户籍或离开该户，且两户为不同的人", "分户：住在谁家名下不作依据", "审定被拒，或首月之前已停发"];
    "R40": "发放政策要求考勤或服务记录的服务，所属月份或年度已过，账本上该期间既无本人的服务记录也无安置",
        "服务补贴发给没有发生的服务，家属往往不知情",
        "money for services is drawn where none was held, and the family does not know",
        ["月份或年度未过", "服务记录补录较晚", "安置只覆盖部分时间", "旧名册的行"];
    "R40b": "本人同一项目的两处安置在不同地点，重叠超过交接当日：政策为托养对象的项目为结论性，其他项目（如就业）只作S3级线索",
        "一人不能同时在两家机构，其中一家在虚报",
        "nobody lives in two places; one of them claims for an empty bed",
        ["一处结束当日另一处开始", "不同项目：就业兼日间照料", "同一地点重复登记", "两份兼职：可能均属实，只作线索"];
    "R40c": "两家机构同日都记录了同一项目的服务；或服务记录的日期按日历不是工作日，而本人当日按项目政策或安置记录不是托养对象（账本不载机构的营业日，只作S3级）",
        "补造的考勤往往不看日历",
        "attendance that is made up afterwards forgets the calendar",
        ["调休工作日", "同一机构一日两次", "托养对象：托养机构休息日照常", "休息日营业的机构：S3级，应询问其营业日"];
    "R40d": "本人入住机构当日，先到或先登记的其他在住人数已达到其核定容量；政策不是托养对象的项目不占床位",
        "超员安置多为虚报人数，或让人无床可住",
        "more names than beds: some are invented, or somebody has no bed",
        ["日间照料、培训或就业的人：不占床位", "当日离开的人", "同一人重复登记", "未核定容量的机构", "以后日期的安置或核定"];
    "R40e": "死亡次日起仍登记有服务、入住、帮扶走访或年度复核",
        "见不到的人被写成见过：补造的登记往往不知道人已去世",
        "who was never met is written down as met; records made up do not know of the death",
        ["死亡当日", "死亡前已做、事后补录", "死亡前已入住", "死亡信息误报并已撤回", "名单中的同名人：只按号码关联", "姓名不同或非数据部门上报：只作线索"];
    "R41": "发放月份晚于判决生效月、早于释放月",
        "服刑期间停发",
        "payment stops during a sentence",
        ["判决当月和释放当月可发", "当月之前已释放", "名单中的同名人：只按号码关联", "姓名不同或非数据部门上报：只作线索"];
    "R42": "户籍迁出本县超过规定月数，证件从未冻结或注销；或更久后仍冻结未注销",
        "迁出不转证，两地都不管",
        "a card left behind is looked after by neither county",
        ["已由迁入地接收，此后由其管理，或迁出后正在迁移", "迁回或县内迁移", "迁移信息已撤回", "姓名不同或非数据部门上报：只作线索"];
    "R42b": "户籍迁出当月之后，原区划仍发放",
        "迁移后原地停发、新地续发",
        "after a move the new place pays, the old one stops",
        ["迁出当月可发", "此前已迁回或县内迁移", "迁移信息已撤回",
         "姓名不同或非数据部门上报：只作线索"];
    "R43": "证件有效期已过，判定日仍为有效状态",
        "过期不处理，补贴继续错发",
        "an expired card left open goes on drawing money",
        ["最后一日有效", "已冻结、注销、换领或补办", "登记表没有状态列"];
    "R43b": "账本上发的证距到期不足规定月数或已过期仍有效，此前没有提醒记录",
        "没人提醒，证件过期补贴中断",
        "nobody told them: the card expires and the benefit stops",
        ["导入行：当时的提醒不在账本上", "到期前规定月数的当日", "已冻结、注销、换领或补办",
         "对被补办旧证的提醒"];
    "R44": "因不符合标准注销后未满规定月数又首次申请",
        "反复申请直到评上",
        "applying until some doctor agrees",
        ["其他原因注销", "申请被拒：办法只限注销", "满期当日", "导入的注销不知原因"];
    "R45": "目测的旧证换领时没有新结论，或新结论全部仍为目测",
        "目测证必须在换证时补上评定",
        "a card by sight is made good at renewal",
        ["结论中有一次非目测评定", "旧证有评残医师"];
    "R46": "不再允许目测后仍目测，或有列而受理人、批准人空白；或封存案卷注明缺项",
        "档案不全的证难以证明审核过",
        "what is not on file cannot be shown to have been reviewed",
        ["登记表没有该列", "允许目测时的目测证", "封存案卷无缺项"];
    "R47": "最近三个（至少两个）按月项目名册在账、或账本已编制发放清册的月份，或最近一个按年项目名册在账的全年，本人均有证件、年龄符合政策、符合账本能判断的全部条件且至少一项（除持证和户籍外）为账本所示、在世、无互斥或择高待遇、未服刑，而均未发放",
        "应享未享与错发同样要查",
        "who is entitled and gets nothing counts as much as who gets too much",
        ["护理补贴：三、四级，政策另有规定的除外", "生活补贴：不在低保名单，政策接受本人情况的除外", "死亡、服刑，或享有互斥、择高的待遇", "期间发证、到期或关闭", "由他地发放或后来补发", "账本上已申请、批准或拒绝", "账本上没有其车辆或服务"];
    "R48": "待遇依据一个没有有效核查结论确认的疑点，或依据另一项目的核查结论而停发，或所引信息产生的疑点已核查为不属实；或停发未书面告知本人，且账本没有其确切的死亡信息",
        "疑点只是线索，据以停发会伤害无辜的人",
        "a flag is a lead; to stop on it harms people who did nothing",
        ["监察已确认该项目（或不涉项目）的疑点，且已告知本人", "数据部门上报且未撤回的死亡", "已书面告知的一般停发", "从首月起已恢复的停发"];
    "R49": "账本上的待遇，某月的款项在该月结束三十日后才发放；或清单中的一行，在该月结束和清单编制均已过三十日后仍未发放",
        "钱滞留在途，既伤害本人也便于挪用",
        "money that lies on its way harms its owner and tempts its keeper",
        ["审定之前的月份，或两人批准补发的月份", "转账退回", "重新编制清单时去掉的行", "当月已停发、死亡或服刑", "旧名册的月份"];
    "R50": "发放未载明账户（现金），或账户当日未绑定于该待遇",
        "现金和他人账户最易截留",
        "cash, and accounts of others, are where money is kept back",
        ["旧名册的行，且账本上未申请过该待遇", "账本上已申请的待遇的名册行：只作线索", "已审批清单中本人一行的账户，送出后才变更", "已绑定的机构或监护人账户"];
    "R51": "政策要求年度复核的待遇在判定日仍在享受，距上次审定、恢复或复核已过十二个月",
        "没人复核，死亡和不再符合条件就没人发现",
        "where nobody looks, a death or a lost entitlement goes unseen",
        ["一年内审定或恢复", "已停发", "已登记死亡：由其他规则判断", "无年度复核的项目", "只有旧名册发放"];
    "R52": "发放所指的已审批清单中没有该领取人的行，或月份、金额、账户、所补月份与之不同；或发放了待遇未审定的月份：尚未开始或已停发；或金额与所发各月的审定金额不同",
        "审批后在银行明细里加人、加钱",
        "after the authorisation, people and money are added to the bank's list",
        ["旧名册的行，且账本上未申请过该待遇", "账本上已申请的待遇的名册行：只作线索", "重新编制的清单：以已审批的根为准", "两人批准补发的月份", "审定之前的发放由R05判断"];
    "R53": "账本上办理的公示属未成年人，依政策其评定结果不公示；或公示结束（已办结束，或公示期满且无未处理的异议）后，超过政策规定的期限（三个工作日）仍未登记撤下，或登记的撤下日期晚于该期限",
        "公示泄露个人信息是残联系统反复被通报的问题：未成年人被公示，结束后仍挂在墙上、网上",
        "notices that give people away are reported again and again: minors are published, and papers hang on after their time",
        ["期限内已撤下", "异议尚未处理：公示继续", "再次张贴的公示：原公示已更换", "张贴当日已成年", "导入的名册行：未载明公示内容", "超出脱敏范围的内容：公示页面不予显示"];
    "R54": "某工作人员查询了三十人以上的个人信息（查询已满三十日），其中本人在其办理、证件、发放中均未签署过任何步骤的比例，高于同一角色、查询同样多的人员的中位数四个稳健标准差以上（取绝对中位差的1.4826倍与二项标准误差中的较大者）",
        "查询留痕只有被人查看才起作用：无事由的查询往往先于信息泄露",
        "a log of looks works only when somebody reads it: looking without a reason comes before a leak",
        ["最近三十日的查询：相应的步骤可能尚未办理", "查询之前或之后本人签署过此人的任何步骤", "对同一人的多次查询只计一次", "查询不足三十人", "同一角色可比人员不足五名", "以查询为职责的角色，如督查员"];
    "R55": "由账本核验报告而不作疑点：链或树断裂、签名错误、签署时密钥已停用或失效、缺号",
        "证据链断了，其上算出的任何结论都不可信",
        "on a broken trail nothing that was computed can be trusted",
        ["从未确认的残尾：打开账本时截去并报告"];
    "R56": "领取人没有证件，或名册上的姓名、证号从不属于此人",
        "虚构人员和涂改证件",
        "invented people and altered cards",
        ["本区划登记表未入账", "曾用名或旧证号", "名册没有证号", "项目不限持证人的"];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::punctuation::has_half_width;

    /// Latin letters of a Chinese text, but for the rules and the severities it names.
    fn latin(text: &str) -> Vec<&str> {
        let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
        let is_rule = |run: &str| {
            run.strip_prefix(['R', 'I', 'S'])
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        runs.filter(|run| run.contains(|c: char| c.is_ascii_alphabetic()) && !is_rule(run))
            .collect()
    }

    #[test]
    fn each_language_stands_by_itself() {
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for rule in super::super::list() {
            let words = words(rule).unwrap_or_else(|| panic!("{} has no Chinese words", rule.id));
            let zh = [rule.title_zh, rule.todo_zh, words.test_zh, words.why_zh];
            for text in zh.iter().chain(words.guards_zh) {
                assert!(latin(text).is_empty(), "{} {text}", rule.id);
                assert!(!has_half_width(text), "{} {text}", rule.id);
            }
            let en = [rule.title_en, rule.todo_en, rule.test, rule.inputs, words.why_en];
            for text in en.iter().chain(rule.guards) {
                assert!(!text.contains(is_han), "{} {text}", rule.id);
            }
        }
    }
}
