//! `init`: a new ledger, its keys, and its entry 0.

use std::{
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    folder,
    output::talk,
    secrets::write_key,
    session::{NOTE_KEY, SYSTEM_KEY, Session, lies_in, vault_key_inside},
    vault_key,
};
use crate::crypto::{PublicKey, SecretKey, TagKey, VaultKey};
use crate::event::{Role, Root};
use crate::ledger::{Founding, Ledger, Options};
use crate::tlog::{Origin, TreeHash};
use crate::value::{ActorId, DivisionCode, Hash, Label};

/// Make a new ledger (新建账本): its keys and its entry 0
///
/// The first root is the key custodian (密钥管理), the second the supervisor (监督). They must be
/// of two organisations: every enrolment takes both. Make their keys with `mingzheng key new`, on
/// their own machines.
#[derive(Args)]
pub(super) struct Init {
    /// The ledger's name in every checkpoint: a-z, 0-9, `.`, `/` and `-`
    #[arg(long, value_name = "NAME")]
    origin: Origin,
    /// A root's public key; twice. Organisations, when left out: 残联, then 审计局
    #[arg(long = "root", value_name = "PUB[@ORGANISATION]", required = true)]
    roots: Vec<RootArg>,
    /// The prefecture's division code (行政区划代码)
    #[arg(long, value_name = "CODE", default_value = "411700")]
    division: DivisionCode,
    /// Leave the ledger's own keys unencrypted (the files have mode 0600)
    #[arg(long)]
    no_passphrase: bool,
}

#[derive(Clone)]
struct RootArg {
    public_key: PublicKey,
    organisation: Option<Label>,
}

impl FromStr for RootArg {
    type Err = crate::value::Malformed;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, organisation) = match text.split_once('@') {
            Some((key, organisation)) => (key, Some(organisation.parse()?)),
            None => (text, None),
        };
        Ok(Self { public_key: key.parse()?, organisation })
    }
}

/// What `init` prints.
#[derive(Serialize)]
struct Made<'a> {
    ledger: String,
    origin: &'a str,
    division: DivisionCode,
    /// The note key.
    vkey: String,
    /// Leaf hash of entry 0.
    genesis: TreeHash,
    vault_key: String,
    actors: Vec<MadeActor>,
}

#[derive(Serialize)]
struct MadeActor {
    actor: ActorId,
    role: Role,
    organisation: Label,
    kid: Hash,
}

/// What the ledger's own automatic signer signs as.
const SYSTEM_ORGANISATION: &str = "ledger";

impl Init {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let roots = self.roots()?;
        let path = session.folder().to_owned();
        folder::expect_empty(&path)?;
        let vault_key_path = match &session.global.vault_key {
            Some(named) => named.clone(),
            None => vault_key::default_path(&self.origin)?,
        };
        if lies_in(&vault_key_path, &path) {
            return Err(vault_key_inside());
        }
        let passphrase =
            if self.no_passphrase { None } else { Some(session.passphrases()?.choose()?) };

        let (note_key, system_key) = (SecretKey::generate()?, SecretKey::generate()?);
        let vault_key = VaultKey::generate()?;
        let system = Root {
            actor: self.actor("system")?,
            role: Role::System,
            organisation: SYSTEM_ORGANISATION.parse()?,
            public_key: system_key.public(),
        };
        let actors = std::iter::once(&system).chain(&roots).map(MadeActor::of).collect();
        // The keys are durable before anything is signed with them; if the ledger is not made
        // after all, they are good for nothing and go away again.
        let mut written = Written { folder: path.clone(), files: Vec::new() };
        folder::make_private(&path.join("keys"))?;
        vault_key::write(&vault_key_path, &self.origin, &vault_key)?;
        written.files.push(vault_key_path.clone());
        for (name, key) in [(NOTE_KEY, &note_key), (SYSTEM_KEY, &system_key)] {
            let file = path.join(name);
            write_key(&file, key, passphrase.as_deref().map(String::as_str), false)?;
            written.files.push(file);
        }
        let founding = Founding {
            origin: self.origin.clone(),
            division: self.division,
            demo: false,
            system,
            roots,
            system_key,
            note_key,
            vault_key,
            tag_key: TagKey::generate()?,
        };
        let ledger = Ledger::create(&path, founding, Options::default())?;
        written.files.clear();
        let made = Made {
            ledger: path.display().to_string(),
            origin: self.origin.as_str(),
            division: self.division,
            vkey: ledger.verifier()?.to_string(),
            genesis: genesis(&ledger)?,
            vault_key: vault_key_path.display().to_string(),
            actors,
        };
        ledger.close();
        made.print(session, &path);
        Ok(())
    }

    fn roots(&self) -> Result<Vec<Root>, CliError> {
        let [custodian, supervisor] = self.roots.as_slice() else {
            return Err(CliError::usage(format!("--root is given {} times", self.roots.len()))
                .hinted("give it twice: the key custodian's public key, then the supervisor's"));
        };
        let root = |given: &RootArg, role, name, organisation: &str| {
            let organisation = match &given.organisation {
                Some(given) => given.clone(),
                None => organisation.parse()?,
            };
            Ok::<_, CliError>(Root {
                actor: self.actor(name)?,
                role,
                organisation,
                public_key: given.public_key,
            })
        };
        let roots = [
            root(custodian, Role::KeyCustodian, "keys", "残联")?,
            root(supervisor, Role::Supervisor, "supervisor", "审计局")?,
        ];
        // The ledger refuses this too, but then its folder would be there already.
        if roots[0].public_key == roots[1].public_key
            || roots[0].organisation == roots[1].organisation
        {
            return Err(CliError::refused("the two roots must be of two keys and organisations")
                .hinted("every enrolment needs both: one holder could do anything alone"));
        }
        Ok(roots.into())
    }

    fn actor(&self, name: &str) -> Result<ActorId, CliError> {
        Ok(format!("{}-{name}-1", self.division).parse()?)
    }
}

impl MadeActor {
    fn of(root: &Root) -> Self {
        Self {
            actor: root.actor.clone(),
            role: root.role,
            organisation: root.organisation.clone(),
            kid: root.public_key.kid(),
        }
    }
}

impl Made<'_> {
    fn print(&self, session: &mut Session, path: &Path) {
        let mut fields = vec![
            ("ledger 账本", self.ledger.clone()),
            ("origin", self.origin.to_owned()),
            ("division 区划", self.division.to_string()),
            ("note key 公钥", self.vkey.clone()),
            ("genesis 首条哈希", self.genesis.to_string()),
            ("vault key 密库钥匙", self.vault_key.clone()),
        ];
        for MadeActor { actor, role, organisation, .. } in &self.actors {
            fields.push(("actor 签署人", format!("{actor}  {role}  {organisation}")));
        }
        session.out.document(self, &fields);
        let ledger = path.display();
        talk(format_args!(
            "\nGive the note key and the genesis hash to everybody who will verify.\n\
             Keep the vault key apart from the ledger and its backups; without it no personal data \
             opens.\n\
             Next: enrol an actor, and have the supervisor endorse it:\n  \
             mingzheng --ledger {ledger} actor enrol ID --role approver --organisation O \\\n    \
             --division {} --public-key PUB --key CUSTODIAN.key\n  \
             mingzheng --ledger {ledger} endorse INDEX --key SUPERVISOR.key\n\
             Then publish what decisions rest on: policy publish --defaults, calendar publish.",
            self.division
        ));
    }
}

/// Leaf hash of entry 0: with the note key, what a verifier trusts.
fn genesis(ledger: &Ledger) -> Result<TreeHash, CliError> {
    ledger.leaf(0)?.ok_or_else(|| CliError::refused("the ledger has no entry 0"))
}

/// What is removed again unless the list is cleared.
struct Written {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Drop for Written {
    fn drop(&mut self) {
        // What cannot be removed then is a key of nothing, or a folder that holds something else.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        let _ = fs::remove_dir(self.folder.join("keys"));
        let _ = fs::remove_dir(&self.folder);
    }
}
