//! Words of the pages on which somebody signs or verifies, each in both languages.

use crate::value::Lang;

/// Declares the words: name, Chinese, English. One that lacks a language does not compile.
macro_rules! words {
    ($($word:ident: $zh:literal, $en:literal;)*) => {
        /// Every word of those pages.
        pub(in crate::console) struct Desk {
            $(pub(in crate::console) $word: &'static str,)*
        }

        static ZH: Desk = Desk { $($word: $zh,)* };
        static EN: Desk = Desk { $($word: $en,)* };
    };
}

words! {
    desk: "我的工作台", "My desk";
    desk_what: "等待您处理的事项。账本只列出现在合法的步骤；签署前会用通俗文字显示您将签署的内容。",
        "What waits for you. Only steps that are legal now are listed; before you sign, what you sign is shown in plain words.";
    waiting: "等待我处理的事项", "What waits for me";
    waiting_none: "目前没有等待您处理的事项。轮到您这一步时会出现在这里。",
        "Nothing waits for you now. What comes to your step appears here.";
    matter: "事项", "Matter";
    matter_flag: "疑点", "Flag";
    matter_unassigned: "尚未指派的疑点", "Flags not assigned";
    for_me: "等待我处理：", "Waiting for me: ";
    for_me_items: "项", "items";
    waiting_more: "只显示最早的部分，处理后会继续列出。", "Only the oldest are shown; the rest follow as these are done.";
    case: "案件", "Case";
    case_of: "事项", "About";
    case_certificate: "残疾人证", "certificate";
    claimed: "申请的残疾类别", "What is claimed";
    independent: "独立评定：其他医师在本案中的意见，在您签署自己的意见之后才显示。",
        "Independent assessment: what other assessors found in this case is shown once your own opinion is signed.";
    case_open: "办理中", "not decided";
    case_granted: "已批准", "granted";
    case_unbound: "已批准，待登记账户", "granted, waiting for an account";
    case_paid: "发放中", "being paid";
    case_stopped: "已停发，自", "stopped from";
    case_refused: "未批准", "refused";
    cases: "此人的案件", "Cases of this person";
    group_certificate: "残疾人证", "Certificate";
    group_benefit: "待遇", "Benefits";
    group_record: "人员信息", "The person's record";
    group_rights: "个人信息权利", "Rights about personal data";
    since: "自何日起", "Since";
    next_step: "下一步", "Next step";
    endorse: "等待我会签", "Proposals that wait for my endorsement";
    endorse_none: "没有等待您会签的事项。", "Nothing waits for your endorsement.";
    begin: "办理新事项", "Begin something new";
    work: "办理", "Open";
    steps_none: "您现在没有可以签署的步骤。下一步由其他岗位办理，或需等到规定的日期。",
        "There is no step for you to sign now: another role takes the next one, or a day has to come first.";
    waits_for: "案件现在等待", "What the case waits for now";
    waits_for_nothing: "没有等待办理的步骤。", "It waits for no step.";
    waits_by: "由", "by";
    waits_yours: "轮到您", "your turn";
    waits_flag: "现在轮到谁", "Whose turn it is";
    waits_choice: "也可以：", "Or: ";
    waits_then: "再由", "then endorsed by";
    waits_then_end: "会签", "";
    waits_endorse: "会签：", "Endorse: ";
    waits_flag_nothing: "账本上没有等待办理的后续步骤；请按“该做什么”更正记录。",
        "No step on the ledger is waited for; mend the record as the guidance says.";
    not_yet: "还不能办理：", "Not yet: ";
    first_day: "最早可办日期", "first possible day";
    second_round: "第二轮评定", "Second round of assessment";
    other_steps: "其他可办事项", "Other things you may do";
    history: "案件全程", "The whole case";
    blocked: "这一步须由其他人员办理", "Another officer has to take this step";
    second: "签署后还需会签，由", "Takes effect when endorsed, by";
    referred: "所依据的记录和内容：", "What it rests on, and what that says:";
    referred_unread: "所依据的记录现在读不出，请不要签署，并告知系统管理员。",
        "What it rests on cannot be read now: do not sign, and tell whoever runs the ledger.";
    masked_name: "姓名（脱敏）", "name (masked)";
    number: "残疾人证号", "certificate number";
    number_begins: "公民身份号码＋", "ID number + ";
    row_count: "笔数", "rows";
    policy_says: "政策内容", "the policy says";
    policy_certificate: "办证政策", "certificate policy";
    policy_rates: "补贴标准", "amounts";
    policy_version: "第几版：", "version";
    actor: "经办人员编号", "actor";
    role: "岗位", "role";
    organisation: "单位", "organisation";
    key_print: "公钥指纹", "fingerprint of the public key";
    keys_gone: "将销毁的数据密钥（把）", "data keys to be destroyed";
    final_on: "最后一份备份失效之日", "last backup with them ends on";
    choose: "请选择", "choose";
    old_card: "旧证是否交回", "was the old card handed in";
    old_card_returned: "已交回", "handed in";
    old_card_kept: "未交回", "not handed in";
    old_card_why: "未交回的原因", "why it was not handed in";
    show_first: "核对并显示将签署的内容", "Check, and show what I sign";
    sign: "用我的密钥签署", "Sign with my key";
    needs_script: "签署在您的浏览器中完成，需要启用脚本。", "Signing happens in your browser and needs scripts.";
    choose_some: "至少选择", "Choose at least";
    paper_hint: "文件只用于计算校验值，不会保存；原件由您保管。", "The file is hashed and not kept; you keep the original.";
    demo_number: "演示可用的公民身份号码：", "An ID number for the demo:";
    personal_hint: "加密封存，账本上不出现明文。", "Sealed; it never stands in clear on the ledger.";
    grade_hint: "给评定的每一类选等级；两类及以上即为多重残疾，等级按其中最重的。",
        "Choose a level for each category that was found; two or more are a multiple disability of the most severe level.";
    grade_none: "无", "none";
    grade_level: "级", "(level)";
    told_notice: "书面通知", "Written notice";
    told_proof: "送达凭证", "Proof of delivery";
    correct: "申请更正", "Ask for a correction";
    correct_what: "记录不会被改动或删除：更正是一条新的记录，由审核人会签后生效，原记录仍可查到。",
        "No record is changed or removed: a correction is a new one, takes effect when a reviewer endorses it, and the first stays to be read.";
    draw: "随机抽取评残医师", "Draw the assessors";
    draw_what: "由账本按已经固定的种子抽取并签署，任何人都能重算；当事人和经办人都不能挑选。抽取优先于人工指派。",
        "The ledger draws from a seed that is fixed already and signs it; anybody can repeat it, and nobody chooses. Prefer it to assigning by hand.";
    draw_button: "抽取", "Draw";
    notice_preview: "公示将显示的内容", "What the notice will show";
    notice_preview_what: "任何人都能看到，另加下面填写的地点和起止日。账本签署时记下这份内容的校验值，显示的与签署的不符就停止显示。",
        "Anybody will read this, with the place and days below. Its hash is signed with the notice; when what is shown is not what was signed, it is withheld.";
    about_person: "为此人办理", "Do something for this person";
    about_flag: "核查与处理", "Verdict, and what follows";
    audit: "核验", "Verify";
    audit_what: "所有核验都在您的浏览器里完成，文件不会上传。", "Everything is checked in your browser; files go nowhere.";
    now: "账本现在的检查点", "The ledger's checkpoint now";
    note_key: "账本公钥", "Note key";
    genesis: "首条记录的哈希", "Hash of entry 0";
    drop_title: "核验回执或证据包", "Check a receipt or an evidence pack";
    drop_what: "选择或拖入回执（.txt）、证据包（.zip）或检查点。", "Choose or drop a receipt (.txt), an evidence pack (.zip) or a checkpoint.";
    file: "文件", "File";
    own_key: "您从别处得到的账本公钥（可不填）", "The note key as you got it from elsewhere (may be left out)";
    own_key_hint: "建账时以书面公布；不填则使用本服务器给出的公钥。", "It was published on paper when the ledger was founded; left out, the one this server names is used.";
    compare: "比较两个检查点", "Compare two checkpoints";
    compare_what: "粘贴您以前保存的检查点和较新的一个，核验较新的账本没有改写旧内容。",
        "Paste a checkpoint you kept and a newer one: whether the newer ledger left the older one unchanged.";
    older: "较旧的检查点", "Older checkpoint";
    newer: "较新的检查点", "Newer checkpoint";
    compare_button: "比较", "Compare";
    check: "核验回执", "Check a receipt";
    check_what: "任何人都可以在这里核验窗口给出的回执，不需要登录。", "Anybody can check a receipt from the counter here, without signing in.";
    code_title: "核验回执码", "Check a receipt's code";
    code: "回执上二维码的内容，以 mzr1: 开头", "What the QR code on the receipt holds, beginning with mzr1:";
    check_button: "核验", "Check";
    receipt: "回执", "Receipt";
    counter_receipt: "窗口回执（含二维码）", "Counter receipt with QR code";
    receipt_what: "这张回执证明下面的记录已经写入账本。扫描二维码，或把回执文件拖到核验页，就能查明记录仍在账本中、没有改动。",
        "This receipt proves that the record below is on the ledger. Scan the code, or drop the receipt's file on the check page, to find out that it is still there, unchanged.";
    recorded_as: "记录", "Record";
    receipt_file: "保存回执文件", "Save the receipt's file";
    print: "打印", "Print";
    code_holds: "二维码含核验页地址、账本名称、条目号和条目哈希，不含个人信息。",
        "The code holds the check page's address, the ledger's name, the entry's number and its hash; no personal data.";
    payroll: "发放工作台", "Payroll desk";
    payroll_what: "上传名册，先按全部规则核查，再签署入账。核查不写入账本。",
        "Upload a roll: first every rule is asked, then you sign it. Checking writes nothing.";
    upload: "上传名册", "Upload a roll";
    kind: "名册种类", "Kind of roll";
    kind_choose: "请选择", "Choose";
    kind_check_only: "（只核查）", " (check only)";
    kind_columns: "这类名册的列", "Columns of this kind";
    kind_all: "各类名册的列和空白名册", "Columns of every kind, and an empty roll of each";
    kind_needed: "必须有", "Needed";
    kind_usual: "全部列", "All columns";
    kind_besides: "还可以有", "May also have";
    kind_blank: "空白名册", "Empty roll";
    kind_or: "或", " or ";
    unread: "没有读取的列（表头不认识）：", "Columns that were not read (unknown headers): ";
    payable: "待代发、待回报的批次", "Payrolls to be paid and reported";
    payable_what: "财政已授权、银行还没有全部回报结果的批次。打开批次，下载代发名册，发放后填好结果列再上传签署。",
        "Released by finance, and not yet reported in full. Open one, download its roll, pay, fill in the result columns, upload and sign.";
    payable_list: "批次一览", "The payrolls";
    payable_none: "没有等待代发或回报的批次。", "No payroll waits to be paid or reported.";
    payable_open: "未回报", "Not reported";
    payable_by: "授权人", "Authorised by";
    payable_on: "授权日期", "Authorised on";
    payable_batch: "代发批次", "Payroll to be paid";
    payable_items: "尚未回报的明细", "Items not reported";
    payable_roll: "代发名册", "The roll to pay by";
    payable_roll_what: "含姓名、公民身份号码、账号和户名，只供代发使用。下载会先在账本上为名册中的每个人记下一次查看，本人和监督机构都能看到。",
        "Holds names, ID numbers, accounts and holders, for paying alone. Before it is made, a look at each person on it is put on the ledger, where they and the supervisor can read it.";
    payable_form: "文件格式", "File format";
    payable_form_xlsx: "Excel 工作簿（.xlsx，推荐：长号码不会走样）", "Workbook (.xlsx; best: long numbers stay whole)";
    payable_form_csv: "文本（.csv）", "Text (.csv)";
    payable_download: "下载代发名册", "Download the roll";
    payable_report: "回报代发结果", "Report the results";
    payable_report_what: "在下载的名册中填写“发放结果”（成功或失败）、“失败原因”和“处理日期”，上传后逐行显示、签署。结果列空白的行不入账，仍留在本页。",
        "In the roll you downloaded fill in 发放结果 (成功 paid, 失败 failed), 失败原因 (why it failed) and 处理日期 (the day), then upload it; every row is shown, then signed. Rows without a result are not recorded and stay here.";
    payable_purpose: "代发补贴", "Paying the benefit";
    delivered: "领取日期", "Handed over on";
    delivered_not: "尚未领取", "not handed over yet";
    roll: "名册文件（.csv、.xlsx、.xls）", "Roll (.csv, .xlsx, .xls)";
    month: "待遇月份（名册没有写明时填写）", "Benefit month (when the roll does not say)";
    check_roll: "核查", "Check";
    annotated: "保存带疑点标注的副本", "Save a copy with the findings beside each row";
    sign_roll: "显示将签署的内容", "Show what I would sign";
    sign_roll_what: "每一行是一条由您签署的记录，签署前逐行显示。有结论性疑点时请先更正名册。",
        "Each row is a statement that you sign; they are shown first. With conclusive findings, correct the roll before.";
    authorise: "等待批准拨付的发放清册", "Payrolls that wait for authorisation";
    items: "笔", "items";
    prepare: "编制发放清册", "Prepare a payroll";
    prepare_what: "账本按现行规则列出可以发放的人员和金额；核对后逐批签署，再由财政批准拨付。",
        "The ledger proposes who may be paid and how much, by the rules in force; look at it, sign each batch, and finance authorises it.";
    prepare_no_programme: "现行政策没有由您编制发放的项目。", "No programme in force has its payroll prepared by your role.";
    prepare_show: "列出应发人员", "Show who may be paid";
    prepare_batches: "待签署的清册", "Batches to sign";
    prepare_batch: "清册", "Batch";
    prepare_none: "该月没有需要编制的人员：应发的都已列入清册或已发放。", "Nobody is left to be paid for this month: everybody due is in a payroll or paid.";
    prepare_left: "已批准但不能发放", "Granted, and cannot be paid";
    prepare_why: "原因和办法", "Why, and what to do";
    prepare_months: "月份", "Months";
    transfer: "迁入残疾人证", "Take over a certificate from another county";
    transfer_what: "持证人户籍已迁入本县区时办理。按公民身份号码查找；这里不显示原县区的记录。",
        "For a holder whose household registration has moved here. The number finds the certificate; nothing of the old county's record is shown.";
    transfer_number: "持证人公民身份号码", "The holder's ID number";
    transfer_find: "查找", "Find";
    transfer_none: "按这个号码没有找到可以迁入本县区的残疾人证；请核对号码。", "By this number there is no certificate that could be transferred here; check the number.";
    findings: "核查结果", "Findings";
    row: "行", "Row";
}

/// The words of a language.
pub(in crate::console) const fn of(lang: Lang) -> &'static Desk {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}
