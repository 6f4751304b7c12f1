// Words that scripts say, Chinese and English. A test holds that every code has both.

const WORDS = {
  // What does not hold (tlog.js, entry.js, zip.js, pack.js, timeline.js).
  vkey: ["公钥不是账本公钥的格式", "this is not a ledger's note key"],
  note_too_long: ["检查点过长", "the checkpoint is too long"],
  note_form: ["检查点格式不对", "the checkpoint is malformed"],
  note_unsigned: ["检查点没有这个账本的签名", "the checkpoint is not signed by this ledger"],
  note_signature: ["检查点的签名不成立：内容被改动过", "the checkpoint's signature does not hold: it was altered"],
  checkpoint_form: ["检查点格式不对", "the checkpoint is malformed"],
  checkpoint_origin: ["检查点属于另一个账本", "the checkpoint is another ledger's"],
  not_a_hash: ["证明中的哈希长度不对", "a hash of the proof has the wrong length"],
  index_beyond_tree: ["条目号超出账本大小", "the entry lies beyond the ledger's size"],
  path_too_long: ["证明路径过长", "the proof is too long"],
  path_too_short: ["证明路径过短", "the proof is too short"],
  root_differs: ["条目与检查点不符：条目被改动过，或不在账本中", "the entry does not lead to the checkpoint: it was altered, or is not in the ledger"],
  sizes_reversed: ["较旧的检查点反而较大", "the older checkpoint is the larger one"],
  old_root_differs: ["较旧的检查点与证明不符：账本被改写过", "the older checkpoint does not fit: the ledger was rewritten"],
  new_root_differs: ["较新的检查点与证明不符：账本被改写过", "the newer checkpoint does not fit: the ledger was rewritten"],
  receipt_too_long: ["回执过长", "the receipt is too long"],
  not_a_receipt: ["这不是回执，也不是检查点或证据包", "This is no receipt, and no checkpoint or evidence pack either"],
  receipt_form: ["回执格式不对", "the receipt is malformed"],
  entry_form: ["回执中的条目格式不对", "the entry in the receipt is malformed"],
  entry_index: ["条目自称的编号与证明的不一致", "the entry names another index than the proof"],
  entry_audience: ["条目属于另一个账本", "the entry was signed for another ledger"],
  zip_too_long: ["压缩包过大", "the archive is too large"],
  zip_form: ["不是可读的压缩包", "this is not a readable archive"],
  zip_damaged: ["压缩包中的文件已损坏", "a file in the archive is damaged"],
  pack_sums: ["校验清单格式不对", "the list of sums is malformed"],
  pack_file: ["文件与校验清单不符：被改动过", "a file is not the one its sum names: it was altered"],
  pack_missing: ["缺少文件", "a file is missing"],
  pack_genesis: ["首条记录的哈希不符：属于另一个账本", "the hash of entry 0 differs: it is another ledger's"],
  pack_checkpoint: ["回执指向另一个检查点", "a receipt leads to another checkpoint"],
  pack_signer: ["没有登记签名密钥的条目", "no entry enrols the signing key"],
  pack_step: ["时间线与条目不符", "the timeline is not what the entries say"],
  pack_text: ["政策或日历不是公布的文本", "a policy or calendar is not the text that was published"],
  statement_signature: ["记录的签名不成立", "the statement's signature does not hold"],
  step_differs: ["页面显示的内容与已签署的记录不符", "the page shows something else than the signed statement says"],
  step_signer: ["账本中没有为该签名人登记过这把密钥", "the ledger enrolled no such key for the signer shown"],
  code_form: ["不是回执码", "this is not a receipt code"],
  code_differs: ["账本中该编号的条目与回执码不符", "the ledger's entry of that number is another one"],
  // What is not signed (draft.js).
  draft_form: ["服务端返回的草稿格式不对，未签名", "the server's draft is malformed; nothing was signed"],
  draft_other_key: ["草稿是给另一把密钥的，未签名", "the draft is for another key; nothing was signed"],
  draft_other_ledger: ["草稿属于另一个账本，未签名", "the draft is for another ledger; nothing was signed"],
  draft_changed: ["草稿与您填写的不一致，未签名", "the draft is not what you entered; nothing was signed"],
  draft_added: ["草稿多出您没有填写的内容，未签名", "the draft holds what you did not enter; nothing was signed"],
  sealed_count: ["草稿中的个人信息份数不对，未签名", "the draft seals another number of persons; nothing was signed"],
  sealed_not_opened: ["草稿中的个人信息打不开，未签名", "the sealed data does not open; nothing was signed"],
  sealed_differs: ["草稿封存的个人信息与您填写的不一致，未签名", "what is sealed is not what you entered; nothing was signed"],
  // The page itself.
  no_key: ["本浏览器没有您的签名密钥，请先登录或导入", "this browser does not hold your signing key: sign in with it first"],
  lacking: ["还没有填写：", "not filled in yet: "],
  malformed: ["格式不对：", "not of its form: "],
  and: ["、", ", "],
  failed: ["没有成功", "this did not succeed"],
  working: ["正在核对…", "checking…"],
  hashing: ["正在计算材料的校验值…", "hashing the papers…"],
  signing: ["正在签名并提交…", "signing and submitting…"],
  signed: ["已签名并入账", "signed and recorded"],
  waits: ["另需会签后生效，由：", "takes effect when endorsed, by: "],
  entry: ["条目", "entry"],
  receipt: ["回执", "receipt"],
  save_receipt: ["保存回执文件", "save the receipt"],
  print_receipt: ["打印回执（含二维码）", "print the receipt with its QR code"],
  go_on: ["继续", "go on"],
  rule: ["规则", "rule"],
  part_kind: ["名称", "what it is"],
  part_hash: ["校验值", "hash"],
  part_notice: ["通知", "notice"],
  part_proof: ["送达凭证", "proof of delivery"],
  you_sign: ["您将签署", "what you sign"],
  event: ["事项", "act"],
  subject: ["对象", "about"],
  day: ["日期", "on"],
  rests_on: ["依据", "rests on"],
  policy: ["依据政策", "under policy"],
  expects: ["承接的前一条记录", "follows the record"],
  nothing_yet: ["尚无记录", "nothing yet"],
  sealed: ["封存的个人信息", "sealed personal data"],
  technical: ["核验信息", "to verify it"],
  filled: ["由系统补全", "filled in by the ledger"],
  yes: ["是", "yes"],
  no: ["否", "no"],
  the_ledger: ["账本", "ledger"],
  holds: ["核验通过", "this holds"],
  refused: ["核验不通过", "refused"],
  place: ["位置", "place"],
  in_ledger: ["已在账本中", "is in the ledger"],
  of_size: ["账本条目数", "entries in the ledger"],
  signed_by: ["签名者", "signed by"],
  key_enrolled: ["签名密钥登记于条目", "the signing key was enrolled in entry"],
  signature_unchecked: ["签名未核验：您无权查看登记签名密钥的条目", "the signature was not checked: you may not see the entry that enrols the key"],
  self_trusted: ["使用的是随附的公钥：只说明内容自身一致。请与书面公布的公钥核对。", "checked with the key that came along: that shows only that it agrees with itself. Compare the key with the one published on paper."],
  consistent: ["较新的账本包含较旧的账本的全部条目，没有改写", "the newer ledger holds all of the older one, unchanged"],
  same_size: ["两个检查点相同", "both checkpoints are the same"],
  entries: ["条目数", "entries"],
  recorded: ["记录时间", "recorded"],
  said: ["内容", "what it says"],
  rows: ["名册行数", "rows of the roll"],
  right_rows: ["没有问题的行", "rows that are right"],
  left_rows: ["不列入的行（原因见下）", "rows left out, for the reasons below"],
  statements: ["将签署的记录", "statements to sign"],
  unchanged: ["已在账本中、不再签署的行", "rows that are on the ledger already"],
  sum: ["金额合计（元）", "total, yuan"],
  name: ["姓名", "name"],
  id_number: ["公民身份号码", "ID number"],
  account: ["账号", "account"],
  month: ["月份", "month"],
  day: ["日期", "day"],
  amount: ["金额（元）", "yuan"],
  no_findings: ["没有发现疑点", "nothing was found"],
  drop: ["把文件拖到这里", "drop the file here"],
  key_made: ["密钥已生成并留在本浏览器。请把公钥交给密钥管理员登记：", "The key was made and stays in this browser. Hand its public half to the key custodian: "],
  no_keys: ["本浏览器还没有密钥", "this browser holds no key yet"],
  opening: ["正在登录…", "signing in…"],
  session_over: ["登录已结束，请重新登录", "the session is over: sign in again"],
};

/** Whether the page is read in Chinese. */
const isChinese = () => globalThis.document?.documentElement.lang.startsWith("zh") ?? false;

/** A word in the page's language; an unknown one is itself. */
export function say(code) {
  const pair = WORDS[code];
  return pair ? pair[isChinese() ? 0 : 1] : code;
}

/** Every code, for the test. */
export const CODES = Object.keys(WORDS);

/** What went wrong, for people: a sentence and where. */
export function sayError(error) {
  // A server's problem says itself what is wrong: its code may be a word of ours too.
  const known = error.status === undefined && error.code && WORDS[error.code];
  const said = known ? say(error.code) : (error.message ?? say("failed"));
  const more = [error.place && `${say("place")}: ${error.place}`, error.rule && `${say("rule")} ${error.rule}`, error.hint];
  return [said, ...more.filter(Boolean)].join(isChinese() ? "。" : ". ");
}

export { isChinese };
