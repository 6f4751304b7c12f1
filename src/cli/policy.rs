//! `policy check`, `policy publish` and `policy list`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    acting::{ActArgs, Ground},
    error::{CliError, Ruled},
    folder,
    output::talk,
    remote::{AskArgs, Query},
    send::Batch,
    session::{Session, Vault},
};
use crate::answer::{PolicyLine, policies};
use crate::event::PolicyPublished;
use crate::policy::{self, TEXT_MAX, canonical, defaults::POLICIES, explain};
use crate::value::{DivisionCode, Hash, Lang, Subject};

/// The rules that decisions are made under (政策)
#[derive(Subcommand)]
pub(super) enum Policy {
    Check(Check),
    Publish(Publish),
    List(PolicyList),
}

/// Say in plain words what policy texts mean, and refuse contradictions
///
/// Needs no ledger and writes nothing. A text that contradicts itself is refused with the rule's
/// name; what is not set, an amount above all, is said in words.
#[derive(Args)]
pub(super) struct Check {
    /// Policy texts, TOML
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// List every published policy, in the order of the log
#[derive(Args)]
pub(super) struct PolicyList {
    #[command(flatten)]
    ask: AskArgs,
}

/// What a text means, for `policy check`.
#[derive(Serialize)]
struct Meaning {
    file: String,
    name: String,
    version: u32,
    division: DivisionCode,
    policy: Hash,
    zh: Vec<String>,
    en: Vec<String>,
}

/// Propose policies; a supervisor endorses each
///
/// What a policy means is said in words before it is signed.
#[derive(Args)]
pub(super) struct Publish {
    /// Policy texts, TOML
    #[arg(value_name = "FILE", required_unless_present = "defaults")]
    files: Vec<PathBuf>,
    /// The policies that ship with the program
    #[arg(long, conflicts_with = "files")]
    defaults: bool,
    #[command(flatten)]
    act: ActArgs,
}

impl Policy {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::Check(command) => command.run(session),
            Self::Publish(command) => command.run(session),
            Self::List(command) => command.run(session),
        }
    }
}

impl Check {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let meanings =
            self.files.iter().map(|path| meaning(path)).collect::<Result<Vec<_>, _>>()?;
        for meaning in &meanings {
            session.out.text(meaning, &meaning.text());
        }
        Ok(())
    }
}

impl Meaning {
    /// The text's name and hash, then what it means in each language.
    fn text(&self) -> String {
        let Self { file, name, version, policy, zh, en, .. } = self;
        let head = format!("{file}: {name} version {version} ({policy})\n");
        let lines = zh.iter().chain(en).map(|line| format!("  {line}\n"));
        std::iter::once(head).chain(lines).collect()
    }
}

fn meaning(path: &Path) -> Result<Meaning, CliError> {
    let file = path.display().to_string();
    let (text, policy) = read_file(path)?;
    Ok(Meaning {
        file,
        name: policy.name.to_string(),
        version: policy.version,
        division: policy.division,
        policy: policy::hash(&text),
        zh: explain(&policy, Lang::Zh),
        en: explain(&policy, Lang::En),
    })
}

fn read_file(path: &Path) -> Result<(String, policy::Policy), CliError> {
    let text = folder::read_text(path, 2 * TEXT_MAX as u64)?;
    read(&path.display().to_string(), &text)
}

/// A text in its one spelling, read and checked.
fn read(name: &str, text: &str) -> Result<(String, policy::Policy), CliError> {
    let text = canonical(text);
    let policy = policy::Policy::parse(&text).map_err(|error| {
        let ruled = Ruled { rule: "I41".into(), code: error.code().into() };
        CliError::by_rule(ruled, &format!("{name}: {error}"), "nothing was published")
    })?;
    Ok((text, policy))
}

impl Publish {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let texts = self.texts()?;
        let (place, hand) = self.act.open(session, Vault::No)?;
        let known = match place.ground() {
            Ground::Own(ledger) => policies(ledger)?,
            Ground::Served(remote) => remote.all("/v1/policies", Query::default())?.0,
        };
        let mut batch = Batch::new(&place, &hand);
        let mut any = false;
        for (text, policy) in texts {
            let hash = policy::hash(&text);
            if known.iter().any(|known: &PolicyLine| known.policy == hash) {
                talk(format_args!("{} {hash} is published already", policy.name));
                continue;
            }
            talk(format_args!("{} version {} ({hash})", policy.name, policy.version));
            for (zh, en) in explain(&policy, Lang::Zh).iter().zip(explain(&policy, Lang::En)) {
                talk(format_args!("  {zh}  {en}"));
            }
            let subject = Subject::Programme(policy.name.to_string());
            batch.add(&subject, PolicyPublished { text, hash }, Vec::new())?;
            any = true;
        }
        if any { batch.send(session) } else { Ok(()) }
    }

    /// The texts in their one spelling, each read and checked before anything is signed.
    fn texts(&self) -> Result<Vec<(String, policy::Policy)>, CliError> {
        if self.defaults {
            return POLICIES.iter().map(|(name, text)| read(name, text)).collect();
        }
        self.files.iter().map(|path| read_file(path)).collect()
    }
}

impl PolicyList {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let listed = match self.ask.open(session)? {
            Some(remote) => remote.all("/v1/policies", Query::default())?.0,
            None => policies(&session.open_to_read(Vault::No)?)?,
        };
        print(session, &listed);
        Ok(())
    }
}

fn print(session: &mut Session, listed: &[PolicyLine]) {
    let heading = ["name 政策", "version", "division 区划", "from", "to", "index", "policy"];
    session.out.list(&heading, listed, |policy| {
        vec![
            policy.name.clone(),
            policy.version.to_string(),
            policy.division.to_string(),
            policy.valid_from.to_string(),
            policy.valid_to.map(|day| day.to_string()).unwrap_or_default(),
            policy.index.to_string(),
            policy.policy.to_string(),
        ]
    });
}
