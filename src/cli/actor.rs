//! `actor enrol|rotate|suspend|list`: who may sign, with which key.

use std::{convert::Infallible, str::FromStr};

use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{
    acting::{ActArgs, Ground},
    error::CliError,
    remote::{AskArgs, One, Query, Remote},
    send::Batch,
    session::{Hand, Session, Vault, personal, today},
};
use crate::answer::{ActorLine, actors};
use crate::crypto::{PublicKey, TagKind};
use crate::event::{
    ActorEnrolled, ActorKeyRotated, ActorSuspended, DeclaredRelation, Employment, Relation, Role,
    Sector,
};
use crate::rolls::clean;
use crate::value::{ActorId, CitizenId, Day, DivisionCode, IdForm, Label, Malformed, Subject, Tag};

/// Who may sign (签署人)
#[derive(Subcommand)]
pub(super) enum Actor {
    Enrol(Box<Enrol>),
    Rotate(Rotate),
    Suspend(Suspend),
    List(ActorList),
}

/// Propose an actor with its first key; a supervisor endorses it
#[derive(Args)]
pub(super) struct Enrol {
    /// The actor's stable id, such as 411702-dpf-0007
    id: ActorId,
    /// What it may do, such as clerk, reviewer, approver, data_custodian
    #[arg(long, value_parser = named::<Role>)]
    role: Role,
    /// The organisation it signs for
    #[arg(long)]
    organisation: Label,
    /// It acts for this division and those below
    #[arg(long, value_name = "CODE")]
    division: DivisionCode,
    /// Its public key, as `key new` printed it
    #[arg(long, value_name = "PUB")]
    public_key: PublicKey,
    /// First day of its authority [default: today]
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// Last day of its authority
    #[arg(long, value_name = "DAY")]
    to: Option<Day>,
    /// The register a data custodian answers for, such as public_security
    #[arg(long, value_parser = named::<Sector>)]
    sector: Option<Sector>,
    /// The institution of an assessor or a seal
    #[arg(long, value_name = "CODE")]
    institution: Option<ActorId>,
    /// An assessor who is an attending physician or higher
    #[arg(long)]
    attending: bool,
    /// How the officer is employed, such as civil_servant or contract
    #[arg(long, value_name = "KIND", value_parser = named::<Employment>)]
    employment: Option<Employment>,
    /// The officer's own ID number, kept as a tag only; `-` reads it from standard input
    #[arg(long, value_name = "ID")]
    person_id: Option<Identifier>,
    /// A relative, kept as a tag only: spouse, parent, child, sibling or other, and an ID number
    #[arg(long = "relation", value_name = "KIND:ID")]
    relations: Vec<Identifier>,
    #[command(flatten)]
    act: ActArgs,
}

/// Propose a new key for an actor; a supervisor endorses it
#[derive(Args)]
pub(super) struct Rotate {
    /// The actor
    id: ActorId,
    /// Its new public key
    #[arg(long, value_name = "PUB")]
    public_key: PublicKey,
    /// Why
    #[arg(long)]
    reason: Label,
    /// A relative declared since, kept as a tag only: KIND as at `actor enrol`, and an ID number
    #[arg(long = "relation", value_name = "KIND:ID")]
    relations: Vec<Identifier>,
    #[command(flatten)]
    act: ActArgs,
}

/// List every actor with its role, organisation and current key
#[derive(Args)]
pub(super) struct ActorList {
    #[command(flatten)]
    ask: AskArgs,
}

/// Take an actor's authority away, from now on
#[derive(Args)]
pub(super) struct Suspend {
    /// The actor
    id: ActorId,
    /// Why
    #[arg(long)]
    reason: Label,
    #[command(flatten)]
    act: ActArgs,
}

/// An ID number from the command line; wiped when dropped, printed by nothing.
#[derive(Clone)]
struct Identifier(Zeroizing<String>);

impl Actor {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::Enrol(command) => command.run(session),
            Self::Rotate(command) => command.run(session),
            Self::Suspend(Suspend { id, reason, act }) => {
                let (place, hand) = act.open(session, Vault::No)?;
                let data = ActorSuspended { reason: reason.clone() };
                propose(session, place.ground(), &hand, id, data)
            }
            Self::List(ActorList { ask }) => match ask.open(session)? {
                Some(remote) => {
                    print(session, &remote.all("/v1/actors", Query::default())?.0);
                    Ok(())
                }
                None => list(session, None),
            },
        }
    }
}

impl Enrol {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let tagged = self.person_id.is_some() || !self.relations.is_empty();
        let vault = if tagged { Vault::Needed } else { Vault::No };
        let (place, hand) = self.act.open(session, vault)?;
        let ground = place.ground();
        let data = ActorEnrolled {
            role: self.role,
            organisation: self.organisation.clone(),
            division: self.division,
            public_key: self.public_key,
            valid_from: self.from.unwrap_or_else(|| ground.today()),
            valid_to: self.to,
            sector: self.sector,
            institution: self.institution.clone(),
            attending: self.attending,
            person: self.person_id.as_ref().map(|id| id.tag(ground)).transpose()?,
            relations: declared(ground, &self.relations)?,
            employment: self.employment,
            certificate_serial: None,
        };
        propose(session, ground, &hand, &self.id, data)
    }
}

impl Rotate {
    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let vault = if self.relations.is_empty() { Vault::No } else { Vault::Needed };
        let (place, hand) = self.act.open(session, vault)?;
        let ground = place.ground();
        let data = ActorKeyRotated {
            public_key: self.public_key,
            reason: self.reason.clone(),
            relations: declared(ground, &self.relations)?,
            certificate_serial: None,
        };
        propose(session, ground, &hand, &self.id, data)
    }
}

/// Declared relatives, as tags.
fn declared(
    ground: Ground<'_>,
    relations: &[Identifier],
) -> Result<Vec<DeclaredRelation>, CliError> {
    let declared = |arg: &Identifier| {
        let (relation, id) = arg.relation()?;
        Ok(DeclaredRelation { relation, person: id.tag(ground)? })
    };
    relations.iter().map(declared).collect()
}

fn propose(
    session: &mut Session,
    ground: Ground<'_>,
    hand: &Hand,
    id: &ActorId,
    data: impl Into<crate::event::Body>,
) -> Result<(), CliError> {
    let mut batch = Batch::new(ground, hand);
    batch.add(&Subject::Actor(id.clone()), data, Vec::new())?;
    batch.send(session)
}

pub(super) fn list(session: &mut Session, on: Option<Day>) -> Result<(), CliError> {
    let ledger = session.open_to_read(Vault::No)?;
    let on = on.unwrap_or_else(|| today(&ledger));
    print(session, &actors(&ledger, on)?);
    Ok(())
}

/// Prints actors, one a line.
pub(super) fn print(session: &mut Session, listed: &[ActorLine]) {
    let heading =
        ["actor 签署人", "role 角色", "organisation 单位", "division 区划", "state", "kid"];
    session.out.list(&heading, listed, |actor| {
        vec![
            actor.actor.to_string(),
            actor.role.to_string(),
            actor.organisation.to_string(),
            actor.division.to_string(),
            actor.state.to_string(),
            actor.kid.map(|kid| kid.to_string()).unwrap_or_default(),
        ]
    });
}

impl Identifier {
    /// The tag of the number, read from standard input when it is `-`.
    fn tag(&self, ground: Ground<'_>) -> Result<Tag, CliError> {
        let mut text = self.0.clone();
        if *text == "-" {
            text.clear();
            std::io::stdin()
                .read_line(&mut text)
                .map_err(|_| CliError::usage("standard input cannot be read"))?;
        }
        let cleaned = Zeroizing::new(clean::identifier(text.trim()).into_owned());
        let number: CitizenId = cleaned.parse()?;
        match number.form() {
            IdForm::Valid => match ground {
                Ground::Own(ledger) => Ok(personal(ledger)?.tag(TagKind::Id, number.as_str())),
                Ground::Served(remote) => tag_served(remote, &number),
            },
            IdForm::BadCheck | IdForm::BadDate | IdForm::Old15 => {
                Err(Malformed::new("ID number", "its date or check character is wrong").into())
            }
        }
    }
}

/// Has a server tag a number: the tag key is in its vault.
fn tag_served(remote: &Remote, number: &CitizenId) -> Result<Tag, CliError> {
    #[derive(serde::Deserialize)]
    struct Tagged {
        tag: Tag,
    }
    let body = serde_json::json!({ "id_number": number.as_str() });
    Ok(remote.ask::<One<Tagged>>("/v1/tags", &body)?.data.tag)
}

/// Any text is taken: whether it is a number is asked where the error cannot show it.
impl FromStr for Identifier {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl Identifier {
    /// Reads `KIND:ID`.
    fn relation(&self) -> Result<(Relation, Self), CliError> {
        let form = Malformed::new("relation", "written KIND:ID, such as spouse:ID");
        let (kind, id) = self.0.split_once(':').ok_or(form)?;
        let kind = named(kind)
            .map_err(|_| Malformed::new("relation", "spouse, parent, child, sibling or other"))?;
        Ok((kind, Self(Zeroizing::new(id.to_owned()))))
    }
}

/// A name of one of the catalogue's closed lists.
fn named<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let name = serde_json::Value::String(text.to_owned());
    // The error lists the names that are known.
    serde_json::from_value(name).map_err(|error| error.to_string())
}
