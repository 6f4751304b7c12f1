//! The evidence pack (I43): what the ledger proves about one person or certificate, in one zip.
//!
//! ```text
//! README.txt            what this is and how to check it, with and without mingzheng
//! timeline.html / .json each step in plain words, with who signed it
//! receipts/<index>.txt  one offline receipt an entry: the entry, its path, the checkpoint
//! checkpoint.txt        the signed checkpoint that all receipts lead to
//! ledger.vkey           the note key; to be compared with the one known from elsewhere
//! genesis.txt           the leaf hash of entry 0; likewise
//! keys.json             key id -> public key, of everybody who signed
//! policies/<hash>.toml  the policies that decisions named, and that governed what was paid
//! calendars/<hash>.toml the working days that the limits of its cases were counted by
//! check.py              checks all of it with Python alone
//! SHA256SUMS            of all these files
//! ```
//!
//! The entries are those about the subject, the payrolls it was paid by, and what all of them rest
//! on: those that enrolled the signers, designated the institutions, published the policies and
//! calendars, endorsed any of these, and entry 0. So every signature can be checked from the pack
//! alone.
//!
//! `check.py` makes the timeline anew from the entries, with the words it was written with here:
//! who edits a step and writes `SHA256SUMS` anew is found out.

use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
};

use serde_json::json;
use sha2::{Digest, Sha256};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

use super::timeline::{self, Head, receipt_name, timeline_page};
use crate::tlog::{NoteVerifier, Receipt, SignedCheckpoint, TreeHash};
use crate::value::{Day, Hash};

pub use timeline::Step;

/// Most entries of one pack: a person's whole life on the ledger is far below.
pub(super) const ENTRIES_MAX: usize = 20_000;

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Too much for one pack.
    #[error("{entries} entries are more than the {ENTRIES_MAX} of one pack")]
    TooLarge {
        /// How many there would be.
        entries: usize,
    },
    /// The archive was not written.
    #[error("the archive cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The archive was not written.
    #[error("the archive cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// A part cannot be said as JSON.
    #[error("the archive cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// What goes into a pack.
pub struct Pack<'a> {
    /// The subject, or what the asker named it by.
    pub who: &'a str,
    /// The name, when it is revealed.
    pub name: Option<&'a str>,
    /// The day it is made.
    pub made_on: Day,
    /// The ledger's note key.
    pub vkey: &'a NoteVerifier,
    /// Leaf hash of entry 0.
    pub genesis: TreeHash,
    /// What all receipts lead to.
    pub checkpoint: &'a SignedCheckpoint,
    /// The steps about the subject, in order.
    pub steps: Vec<Step>,
    /// The receipts of all entries, by index.
    pub receipts: BTreeMap<u64, Receipt>,
    /// Public keys in base64 of all signers, by key id.
    pub keys: BTreeMap<Hash, String>,
    /// Texts of the policies, by hash.
    pub policies: BTreeMap<Hash, String>,
    /// Texts of the calendars, by hash.
    pub calendars: BTreeMap<Hash, String>,
}

/// A pack as bytes.
pub struct Packed {
    /// The zip.
    pub bytes: Vec<u8>,
    /// Its files.
    pub files: usize,
}

const CHECK: &str = include_str!("../../tools/check_pack.py");
/// Where it takes the words of the timeline from.
const NO_WORDS: &str = "WORDS = None";

/// The checker, with the words that this version writes a timeline with.
fn checker() -> Result<String, PackError> {
    // Twice JSON: the text of a Python literal, and in it the words.
    let words = serde_json::to_string(&timeline::words().to_string())?;
    Ok(CHECK.replacen(NO_WORDS, &format!("WORDS = json.loads({words})"), 1))
}

/// Packs.
///
/// # Errors
/// See [`PackError`].
pub fn pack(pack: &Pack<'_>) -> Result<Packed, PackError> {
    let entries = pack.receipts.len();
    if entries > ENTRIES_MAX {
        return Err(PackError::TooLarge { entries });
    }
    let checkpoint = pack.checkpoint.checkpoint();
    let root = checkpoint.root.to_string();
    let head = Head {
        who: pack.who,
        name: pack.name,
        origin: pack.vkey.name().as_str(),
        made_on: pack.made_on,
        size: checkpoint.size,
        root: &root,
    };
    let keys: BTreeMap<String, &String> =
        pack.keys.iter().map(|(kid, key)| (kid.to_string(), key)).collect();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut put = |name: &str, bytes: Vec<u8>| files.insert(name.to_owned(), bytes);
    put("README.txt", readme(pack).into_bytes());
    put("timeline.html", timeline_page(&head, &pack.steps).into_bytes());
    let mut steps = json!({ "about": pack.who, "made_on": pack.made_on, "steps": pack.steps });
    if let Some(name) = pack.name {
        steps["name"] = json!(name);
    }
    put("timeline.json", serde_json::to_vec_pretty(&steps)?);
    put("checkpoint.txt", pack.checkpoint.note().to_string().into_bytes());
    put("ledger.vkey", format!("{}\n", pack.vkey).into_bytes());
    put("genesis.txt", format!("{}\n", pack.genesis).into_bytes());
    put("keys.json", serde_json::to_vec_pretty(&keys)?);
    put("check.py", checker()?.into_bytes());
    for (index, receipt) in &pack.receipts {
        put(&format!("receipts/{}", receipt_name(*index)), receipt.to_string().into_bytes());
    }
    for (hash, text) in &pack.policies {
        put(&format!("policies/{hash}.toml"), text.clone().into_bytes());
    }
    for (hash, text) in &pack.calendars {
        put(&format!("calendars/{hash}.toml"), text.clone().into_bytes());
    }
    let sums: Vec<String> = files
        .iter()
        .map(|(name, bytes)| {
            let sum = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
            format!("{sum}  {name}\n")
        })
        .collect();
    files.insert("SHA256SUMS".to_owned(), sums.concat().into_bytes());
    let bytes = zip(&files)?;
    Ok(Packed { bytes, files: files.len() })
}

/// The same files give the same bytes: no clock and no order of a file system is in them.
fn zip(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, PackError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o600);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn readme(pack: &Pack<'_>) -> String {
    let (who, origin) = (pack.who, pack.vkey.name());
    let (steps, entries) = (pack.steps.len(), pack.receipts.len());
    let (vkey, genesis) = (pack.vkey, pack.genesis);
    format!(
        "证据包 Evidence pack\n\
         ====================\n\
         对象 about    {who}\n\
         账本 ledger   {origin}\n\
         步骤 steps    {steps}\n\
         条目 entries  {entries}\n\n\
         请先打开 timeline.html:按时间列出每一步、签署人和对应的账本条目。\n\
         receipts/ 中每个文件是一个条目的离线回执。条目为假名化个人信息,仅供有权查阅者使用。\n\n\
         核验方法\n\
         1. 不依赖本系统:安装 Python 3.8 或以上,在本文件夹中运行\n\
         \x20     python3 check.py --vkey '可信的公钥' --genesis '可信的首条哈希'\n\
         \x20  公钥和首条哈希应来自建账时的书面公布,而不是本包;省略时只能说明本包自身一致。\n\
         \x20  核验内容:每个条目的证明和签名;时间线与条目逐项一致;政策、日历与公布条目的文本一致;\n\
         \x20  需会签的公布均有会签;文件与 SHA256SUMS 一致,不多不少。\n\
         \x20  SHA256SUMS 只能发现误传误改:造假者会重新写一份。作数的是条目的证明和签名。\n\
         \x20  要防 check.py 本身被换,请用从别处取得的 check.py 或本系统核验。姓名不在条目明文中,无从核验。\n\
         2. 用本系统:mingzheng receipt verify receipts/文件 --vkey '可信的公钥'\n\
         3. 其他工具:回执为 C2SP tlog-proof v1,检查点为 C2SP signed note,语句为 COSE_Sign1。\n\n\
         Open timeline.html first: every step in order, who signed it, and its entry.\n\
         Each file in receipts/ is the offline receipt of one entry. Entries are pseudonymous\n\
         personal data, for authorised readers only.\n\n\
         How to check\n\
         1. Without this system: with Python 3.8 or later, in this folder run\n\
         \x20     python3 check.py --vkey 'KEY KNOWN FROM ELSEWHERE' --genesis 'HASH KNOWN FROM ELSEWHERE'\n\
         \x20  Both were published when the ledger was founded. Left out, the pack's own are used,\n\
         \x20  which shows only that the pack agrees with itself.\n\
         \x20  It checks the proof and signatures of every entry; that the timeline says what the\n\
         \x20  entries say, and nothing else; that policies and calendars are the published texts, and\n\
         \x20  endorsed; that the files are those of SHA256SUMS, none missing and none added.\n\
         \x20  SHA256SUMS alone shows damage, and nothing against a forger, who would write it anew:\n\
         \x20  what counts are the proofs and signatures. Whoever must not trust this check.py takes\n\
         \x20  one from elsewhere. A revealed name is in no entry in clear and cannot be checked; nor\n\
         \x20  does a pack show that no later entry was left out of it: the ledger shows that.\n\
         2. With this system: mingzheng receipt verify receipts/FILE --vkey 'KEY'\n\
         3. With other tools: receipts are C2SP tlog-proof v1, the checkpoint is a C2SP signed note,\n\
         \x20  statements are COSE_Sign1 (RFC 9052, Ed25519).\n\n\
         本包所载，须与书面公布的核对 as carried here, to be compared:\n\
         vkey     {vkey}\n\
         genesis  {genesis}\n"
    )
}
