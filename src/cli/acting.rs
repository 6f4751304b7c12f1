//! Acts that an actor signs: on a ledger of its own, or over a server.
//!
//! Over a server nothing is signed that the server chose. The statement is laid out here, from
//! what was asked for; the server's draft of the same act only says on which statement of its
//! subject it rests, and a draft that says anything else is refused. What is signed is said in
//! words before.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    error::CliError,
    remote::{Remote, parse, unexpected},
    session::{Hand, KeyArg, SYSTEM_KEY, Session, Vault, today},
    sign,
};
use crate::answer::draft::DraftFile;
use crate::event::{Expect, Payload, Role, Sector, Signer};
use crate::ledger::{Clock, Ledger, Pen, SystemClock};
use crate::value::{ActorId, Day, DivisionCode, Hash, Label, Subject};

/// Who signs, and where.
#[derive(Args)]
pub(super) struct ActArgs {
    #[command(flatten)]
    pub(super) key: KeyArg,
    /// Act on this server, such as `https://ledger.example`, in place of the ledger's folder
    /// (服务端)
    #[arg(long, value_name = "URL", env = "MINGZHENG_SERVER", hide_env_values = true)]
    #[arg(help_heading = "Asking a server")]
    server: Option<String>,
    /// With --server: trust this certificate alone, PEM
    #[arg(long, value_name = "FILE", requires = "server", help_heading = "Asking a server")]
    server_cert: Option<PathBuf>,
}

/// The ledger's own key; or a server, whose ledger signs by itself, and who has it do so.
#[derive(Args)]
pub(super) struct SystemArgs {
    /// The System key's file [default: keys/system.key in the ledger's folder]; with --server,
    /// whose ledger signs by itself, the key of the actor who asks for it
    #[arg(id = "ask_key", long = "key", value_name = "FILE")]
    key: Option<PathBuf>,
    /// Have this server do it, such as `https://ledger.example` (服务端)
    #[arg(long, value_name = "URL", env = "MINGZHENG_SERVER", hide_env_values = true)]
    #[arg(requires = "ask_key", help_heading = "Asking a server")]
    server: Option<String>,
    /// With --server: trust this certificate alone, PEM
    #[arg(long, value_name = "FILE", requires = "server", help_heading = "Asking a server")]
    server_cert: Option<PathBuf>,
}

impl SystemArgs {
    /// The ledger's own key, at its usual place.
    pub(super) const OWN: Self = Self { key: None, server: None, server_cert: None };

    /// The server, when one is named.
    pub(super) fn remote(&self, session: &mut Session) -> Result<Option<Remote>, CliError> {
        let (Some(server), Some(key)) = (&self.server, &self.key) else { return Ok(None) };
        Remote::open(session, server, key, self.server_cert.as_deref()).map(Some)
    }

    /// The System key's file.
    pub(super) fn key(&self, session: &Session) -> KeyArg {
        let file = self.key.clone().unwrap_or_else(|| session.folder().join(SYSTEM_KEY));
        KeyArg { file }
    }
}

/// What a command works on.
pub(super) enum Place {
    /// A ledger of its own.
    Own(Box<Ledger>),
    /// A server.
    Served(Box<Remote>),
}

/// A look at a place.
#[derive(Clone, Copy)]
pub(super) enum Ground<'a> {
    /// A ledger of its own.
    Own(&'a Ledger),
    /// A server.
    Served(&'a Remote),
}

/// The actor behind a key, as a server knows it.
#[derive(Deserialize)]
struct Me {
    actor: ActorId,
    role: Role,
    organisation: Label,
    division: DivisionCode,
    sector: Option<Sector>,
    kid: Hash,
}

impl ActArgs {
    /// The ledger or the server, and the signer's hand.
    pub(super) fn open(
        &self,
        session: &mut Session,
        vault: Vault,
    ) -> Result<(Place, Hand), CliError> {
        if let Some((remote, hand)) = self.remote(session)? {
            return Ok((Place::Served(Box::new(remote)), hand));
        }
        let ledger = session.open_to_write(vault)?;
        let hand = session.hand(&ledger, &self.key)?;
        Ok((Place::Own(Box::new(ledger)), hand))
    }

    /// The server, when one is named, and the signer's hand.
    pub(super) fn remote(&self, session: &mut Session) -> Result<Option<(Remote, Hand)>, CliError> {
        let Some(server) = &self.server else { return Ok(None) };
        let certificate = self.server_cert.as_deref();
        let remote = Remote::open(session, server, &self.key.file, certificate)?;
        let hand = hand(&remote)?;
        Ok(Some((remote, hand)))
    }
}

/// The hand of the actor who asks a server.
fn hand(remote: &Remote) -> Result<Hand, CliError> {
    let Me { actor, role, organisation, division, sector, kid } = remote.one("/v1/me")?;
    if kid != remote.key.public().kid() {
        return Err(unexpected());
    }
    let clock = Arc::new(SystemClock::default());
    let origin = remote.ledger.origin.as_str();
    let pen = Pen::new(remote.key.clone(), organisation.as_str(), origin, clock);
    Ok(Hand { pen, signer: Signer { actor, role, organisation, division, sector } })
}

impl Place {
    /// A look at it.
    pub(super) fn ground(&self) -> Ground<'_> {
        match self {
            Self::Own(ledger) => Ground::Own(ledger),
            Self::Served(remote) => Ground::Served(remote),
        }
    }
}

impl<'a> From<&'a Ledger> for Ground<'a> {
    fn from(ledger: &'a Ledger) -> Self {
        Self::Own(ledger)
    }
}

impl<'a> From<&'a Place> for Ground<'a> {
    fn from(place: &'a Place) -> Self {
        place.ground()
    }
}

impl<'a> From<&'a Remote> for Ground<'a> {
    fn from(remote: &'a Remote) -> Self {
        Self::Served(remote)
    }
}

impl Ground<'_> {
    /// The day it is.
    pub(super) fn today(self) -> Day {
        match self {
            Self::Own(ledger) => today(ledger),
            Self::Served(_) => now(),
        }
    }

    /// On which statement of its subject a payload rests.
    pub(super) fn expect(
        self,
        subject: &Subject,
        payload: &Payload,
    ) -> Result<Option<Expect>, CliError> {
        match self {
            Self::Own(ledger) => Ok(Some(ledger.expect(subject)?)),
            Self::Served(remote) => drafted(remote, subject, payload),
        }
    }

    /// Says what is about to be signed, where a server has had a say in it.
    pub(super) fn show(
        self,
        hand: &Hand,
        subject: &Subject,
        payload: &Payload,
    ) -> Result<(), CliError> {
        match self {
            Self::Own(_) => Ok(()),
            Self::Served(remote) => {
                let organisation = hand.signer.organisation.as_str();
                sign::show((organisation, subject, remote.ledger.origin.as_str()), payload, &[])
            }
        }
    }
}

/// The day it is by this machine's clock, which a server's tokens hold to a minute.
pub(super) fn now() -> Day {
    Day::of_millis(SystemClock::default().wall_ms())
}

/// Has a server draft what was laid out here, and takes from the draft on what it rests.
fn drafted(
    remote: &Remote,
    subject: &Subject,
    payload: &Payload,
) -> Result<Option<Expect>, CliError> {
    let data: Value = serde_json::from_str(&payload.body.to_json()).map_err(|_| unexpected())?;
    let mut body = json!({
        "type": payload.body.name(),
        "at": payload.at,
        "subject": subject,
        "data": data,
        "refs": payload.refs,
        "about": payload.about,
    });
    if let Some(policy) = payload.policy {
        body["policy"] = json!(policy);
    }
    let answer = remote.post("/v1/drafts", "application/json", body.to_string().as_bytes())?;
    let draft: DraftFile = parse(&answer?)?;
    rests_on(&draft, remote.ledger.origin.as_str(), remote.key.public().kid(), subject, payload)
}

/// On what a draft rests, when it says nothing else than what was asked for.
fn rests_on(
    draft: &DraftFile,
    origin: &str,
    kid: Hash,
    subject: &Subject,
    asked: &Payload,
) -> Result<Option<Expect>, CliError> {
    let other = || {
        CliError::failed_check("the server's draft is not what was asked for; nothing is signed")
            .hinted("tell whoever runs the server; both programs should be of one version")
    };
    let mut drafted = Payload::from_json(draft.payload.as_bytes()).map_err(|_| other())?;
    let expect = drafted.expect.take();
    let claims = &draft.claims;
    let same = draft.is_known()
        && (claims.aud.as_str(), claims.kid, &claims.sub) == (origin, kid, subject)
        && drafted == Payload { expect: None, ..asked.clone() };
    if same { Ok(expect) } else { Err(other()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::draft::DraftClaims;
    use crate::crypto::SecretKey;
    use crate::event::ActorSuspended;
    use crate::value::Cti;

    const ORIGIN: &str = "example.org/a";

    fn subject() -> Subject {
        Subject::Actor("411702-dpf-1".parse().unwrap())
    }

    fn asked(reason: &str) -> Payload {
        let data = ActorSuspended { reason: reason.parse().unwrap() };
        Payload::new("2026-09-30".parse().unwrap(), data)
    }

    fn kid() -> Hash {
        SecretKey::from_seed([3; 32]).public().kid()
    }

    fn draft(payload: &Payload, change: impl FnOnce(&mut DraftClaims)) -> DraftFile {
        let mut claims = DraftClaims {
            iss: "残联".parse().unwrap(),
            sub: subject(),
            aud: ORIGIN.parse().unwrap(),
            kid: kid(),
            cti: Cti([5; 16]),
        };
        change(&mut claims);
        DraftFile::new(claims, payload, std::iter::empty())
    }

    #[test]
    fn a_draft_gives_what_it_rests_on_and_nothing_else() {
        let own = asked("left");
        let expect = Some(Expect { head: Some(Hash([9; 32])) });
        let mut theirs = own.clone();
        theirs.expect = expect;
        let good = draft(&theirs, |_| ());
        assert_eq!(rests_on(&good, ORIGIN, kid(), &subject(), &own).unwrap(), expect);

        let mut refers = theirs.clone();
        refers.refs.push(Hash([8; 32]));
        let mut later = theirs.clone();
        later.at = "2026-10-01".parse().unwrap();
        let others = [
            draft(&asked("other"), |_| ()),
            draft(&refers, |_| ()),
            draft(&later, |_| ()),
            draft(&theirs, |claims| claims.sub = Subject::Ledger),
            draft(&theirs, |claims| claims.aud = "example.org/b".parse().unwrap()),
            draft(&theirs, |claims| claims.kid = Hash([1; 32])),
        ];
        for (number, other) in others.iter().enumerate() {
            let refused = rests_on(other, ORIGIN, kid(), &subject(), &own).unwrap_err();
            assert!(refused.message().contains("nothing is signed"), "{number}");
        }
    }
}
