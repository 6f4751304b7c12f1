//! A running service in place of the ledger's folder: `--server URL --key FILE`.
//!
//! Questions go over HTTP with a token of the asking actor; answers come in the very shapes that
//! the command prints from a ledger of its own, so that both ways print the same.

mod query;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use ureq::{
    Agent,
    http::Response,
    tls::{Certificate, RootCerts, TlsConfig},
};

use super::{
    error::{CliError, Ruled},
    folder,
    reading::no_person,
    secrets::KeyFile,
    session::{Session, demo_key_refused},
    token,
};
use crate::answer::EventLine;
use crate::crypto::{SecretKey, Statement};
use crate::event::{Body, Payload};
use crate::frame::Entry;
use crate::tlog::{NoteVerifier, Origin, Receipt};
use crate::value::{Day, Hash, PersonId, Subject};

pub(super) use query::Query;

/// Whom to ask, and who asks.
#[derive(Args)]
#[command(next_help_heading = "Asking a server")]
pub(super) struct AskArgs {
    /// Ask this server, such as `https://ledger.example`, in place of the ledger's folder (服务端)
    #[arg(long, value_name = "URL", env = "MINGZHENG_SERVER", hide_env_values = true)]
    #[arg(requires = "ask_key")]
    pub(super) server: Option<String>,
    /// With --server: the key of the actor who asks
    #[arg(id = "ask_key", long = "key", value_name = "FILE", requires = "server")]
    pub(super) key: Option<PathBuf>,
    /// With --server: trust this certificate alone, PEM
    #[arg(long, value_name = "FILE", requires = "server")]
    server_cert: Option<PathBuf>,
}

/// A server, and the actor who asks it.
pub(super) struct Remote {
    agent: Agent,
    url: String,
    /// The ledger it serves.
    pub(super) ledger: Served,
    pub(super) key: SecretKey,
}

/// The ledger that a server serves, as it says.
#[derive(Deserialize)]
pub(super) struct Served {
    pub(super) origin: Origin,
    #[serde(deserialize_with = "vkey")]
    pub(super) vkey: NoteVerifier,
    demo: bool,
}

/// An entry as its signer wrote it.
pub(super) struct Entered {
    pub(super) statement: Hash,
    pub(super) subject: Subject,
    pub(super) payload: Payload,
}

/// Longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// Longest certificate file, in bytes.
const CERTIFICATE_BYTES_MAX: u64 = 64 << 10;

/// One thing that a server answers.
#[derive(Deserialize)]
pub(super) struct One<T> {
    pub(super) data: T,
}

#[derive(Deserialize)]
struct Page<T> {
    current: Current,
    items: Vec<T>,
    next: Option<String>,
}

/// What an answer is current to.
#[derive(Deserialize)]
pub(super) struct Current {
    pub(super) index: u64,
    pub(super) on: Option<Day>,
}

/// Why a server does not answer.
#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) detail: String,
    pub(super) code: String,
    pub(super) hint: Option<String>,
    pub(super) rule: Option<String>,
    pub(super) detail_zh: String,
    pub(super) hint_zh: String,
}

/// Whom or what a text names.
pub(super) enum Named {
    Entry(u64),
    Person(PersonId),
    Subject(Subject),
}

impl AskArgs {
    /// The server, when one is named.
    pub(super) fn open(&self, session: &mut Session) -> Result<Option<Remote>, CliError> {
        let (Some(server), Some(key)) = (&self.server, &self.key) else { return Ok(None) };
        Remote::open(session, server, key, self.server_cert.as_deref()).map(Some)
    }
}

impl Remote {
    /// Asks a server which ledger it serves, for the owner of a key.
    pub(super) fn open(
        session: &mut Session,
        server: &str,
        key: &Path,
        certificate: Option<&Path>,
    ) -> Result<Self, CliError> {
        let KeyFile { key, demo } = session.passphrases()?.open(key)?;
        let mut config = Agent::config_builder().http_status_as_error(false);
        if let Some(path) = certificate {
            let pem = folder::read(path, CERTIFICATE_BYTES_MAX)?;
            let certificate = Certificate::from_pem(&pem)
                .map_err(|error| CliError::usage(error.to_string()).during(path.display()))?;
            let roots = RootCerts::new_with_certs(&[certificate]);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        let url = server.trim_end_matches('/').to_owned();
        let agent: Agent = config.build().into();
        let asked = agent.get(format!("{url}/v1/ledger")).call();
        let ledger = parse::<One<Served>>(&good(asked)?)?.data;
        if demo && !ledger.demo {
            return Err(demo_key_refused());
        }
        Ok(Self { agent, url, ledger, key })
    }
}

impl Remote {
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    fn token(&self) -> Result<String, CliError> {
        Ok(format!("Bearer {}", token::fresh(&self.key, self.ledger.origin.as_str())?.0))
    }

    /// The text at an address.
    pub(super) fn text(&self, path: &str) -> Result<String, CliError> {
        Ok(self.get(path)??)
    }

    /// The text at an address, or why there is none.
    pub(super) fn get(&self, path: &str) -> Result<Result<String, Problem>, CliError> {
        let asked = self.agent.get(self.address(path));
        read(asked.header("authorization", self.token()?).call())
    }

    /// The bytes at an address.
    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>, CliError> {
        let asked = self.agent.get(self.address(path));
        Ok(answered(asked.header("authorization", self.token()?).call())??)
    }

    /// Sends a body and gives the answer's bytes.
    pub(super) fn post_bytes(
        &self,
        path: &str,
        media: &str,
        body: &[u8],
    ) -> Result<Vec<u8>, CliError> {
        let asked = self.agent.post(self.address(path)).header("authorization", self.token()?);
        Ok(answered(asked.header("content-type", media).send(body))??)
    }

    /// An entry, read from the bytes that its receipt proves to be on the ledger: what is shown of
    /// it is what its statement's id stands for.
    pub(super) fn entry(&self, index: u64) -> Result<Result<Entered, Problem>, CliError> {
        let text = match self.get(&format!("/v1/entries/{index}/receipt"))? {
            Ok(text) => text,
            Err(problem) => return Ok(Err(problem)),
        };
        let wrong = |why: String| {
            CliError::failed_check(format!("the receipt of entry {index} does not hold: {why}"))
                .hinted("do not sign on this server's word; tell whoever runs it")
        };
        let receipt: Receipt = text.parse().map_err(|error| wrong(format!("{error}")))?;
        let verified = receipt.verify(&self.ledger.vkey);
        let verified = verified.map_err(|error| wrong(error.to_string()))?;
        let entry = Entry::decode(verified.entry).map_err(|error| wrong(error.to_string()))?;
        if (entry.index, verified.index) != (index, index) {
            return Err(wrong("it is of another entry".to_owned()));
        }
        let statement = Statement::parse(entry.statement);
        let statement = statement.map_err(|error| wrong(error.to_string()))?;
        let payload = Payload::from_json(statement.payload());
        Ok(Ok(Entered {
            statement: statement.id(),
            subject: statement.claims().sub.clone(),
            payload: payload.map_err(|error| wrong(error.to_string()))?,
        }))
    }

    /// The one thing at an address.
    pub(super) fn one<T: DeserializeOwned>(&self, path: &str) -> Result<T, CliError> {
        Ok(parse::<One<T>>(&self.text(path)?)?.data)
    }

    /// Every item of a list, page by page, and what the first page was current to.
    pub(super) fn all<T: DeserializeOwned>(
        &self,
        path: &str,
        mut query: Query,
    ) -> Result<(Vec<T>, Current), CliError> {
        let mut items = Vec::new();
        query.add("limit", Some(1000));
        let (mut after, mut current) = (None::<String>, None);
        loop {
            let mut query = query.clone();
            query.add("after", after);
            let page: Page<T> = parse(&self.text(&format!("{path}{query}"))?)?;
            items.extend(page.items);
            let current = current.get_or_insert(page.current);
            match page.next {
                Some(next) => after = Some(next),
                None => {
                    let Current { index, on } = *current;
                    return Ok((items, Current { index, on }));
                }
            }
        }
    }

    /// Sends a body and gives the answer's text, or why there is none.
    pub(super) fn post(
        &self,
        path: &str,
        media: &str,
        body: &[u8],
    ) -> Result<Result<String, Problem>, CliError> {
        let asked = self.agent.post(self.address(path)).header("authorization", self.token()?);
        read(asked.header("content-type", media).send(body))
    }

    /// Sends a JSON body; a problem is an error.
    pub(super) fn ask<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, CliError> {
        let answer = self.post(path, "application/json", body.to_string().as_bytes())?;
        parse(&answer?)
    }

    /// Whom or what a text names; a number goes in a body, never in an address.
    pub(super) fn find(&self, text: &str) -> Result<Named, CliError> {
        #[derive(Deserialize)]
        struct Found {
            subject: Option<Subject>,
            entry: Option<u64>,
        }
        if let Some(index) = index(text) {
            return Ok(Named::Entry(index));
        }
        let subject = match text.parse::<Subject>() {
            Ok(subject) => subject,
            Err(_) => {
                let found: One<Found> = self.ask("/v1/find", &json!({ "who": text }))?;
                match (found.data.subject, found.data.entry) {
                    (Some(subject), _) => subject,
                    (None, Some(index)) => return Ok(Named::Entry(index)),
                    (None, None) => return Err(unexpected()),
                }
            }
        };
        Ok(match subject {
            Subject::Person(person) => Named::Person(person),
            other => Named::Subject(other),
        })
    }
}

impl Remote {
    /// The person whom a text names, by an ID, a certificate or a subject.
    pub(super) fn person(&self, text: &str) -> Result<PersonId, CliError> {
        let named = match self.find(text)? {
            Named::Person(person) => Some(person),
            Named::Subject(subject @ Subject::Certificate(_)) => {
                let path = format!("/v1/subjects/{subject}/history");
                let (lines, _) = self.all::<EventLine>(&path, Query::default())?;
                let body = |line: &EventLine| Body::from_json(&line.name, line.data.get()).ok();
                lines.iter().filter_map(body).find_map(|body| body.person())
            }
            Named::Subject(_) | Named::Entry(_) => None,
        };
        named.ok_or_else(no_person)
    }
}

/// The index that a text is: a ledger has less than 2^32 entries, and longer numbers are citizen IDs.
pub(super) fn index(text: &str) -> Option<u64> {
    text.parse::<u32>().ok().map(u64::from)
}

impl From<Problem> for CliError {
    fn from(problem: Problem) -> Self {
        let Problem { detail, code, hint, rule, detail_zh, hint_zh } = problem;
        match (rule, hint) {
            // Other problems are said in English, as they are beside the ledger's folder.
            (Some(rule), hint) => {
                let ruled = Ruled { rule: rule.into(), code: code.into() };
                Self::by_rule(ruled, &detail, hint.unwrap_or_default())
                    .also_in_chinese(detail_zh, hint_zh)
            }
            (None, Some(hint)) => Self::refused(detail).hinted(hint),
            (None, None) => Self::refused(detail),
        }
    }
}

/// Reads a note key.
fn vkey<'de, D: serde::Deserializer<'de>>(text: D) -> Result<NoteVerifier, D::Error> {
    let text = String::deserialize(text)?;
    text.parse().map_err(serde::de::Error::custom)
}

type Answer = Result<Response<ureq::Body>, ureq::Error>;

fn good(answer: Answer) -> Result<String, CliError> {
    Ok(read(answer)??)
}

fn read(answer: Answer) -> Result<Result<String, Problem>, CliError> {
    Ok(match answered(answer)? {
        Ok(bytes) => Ok(String::from_utf8(bytes).map_err(|_| unexpected())?),
        Err(problem) => Err(problem),
    })
}

fn answered(answer: Answer) -> Result<Result<Vec<u8>, Problem>, CliError> {
    let failed = |error: ureq::Error| {
        let hint = if is_not_vouched_for(&error) {
            "nobody whom this program trusts vouches for the server's certificate: get it from whoever \
             runs the server, not over this connection, and name it with --server-cert; look at the \
             name in --server too"
        } else {
            "look at --server, at the network and at the server's log"
        };
        CliError::refused(format!("asking the server: {error}")).hinted(hint)
    };
    let mut answer = answer.map_err(failed)?;
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX);
    let bytes = body.read_to_vec().map_err(failed)?;
    if (200..300).contains(&status) {
        return Ok(Ok(bytes));
    }
    match serde_json::from_slice(&bytes) {
        Ok(problem) => Ok(Err(problem)),
        Err(_) => Err(CliError::refused(format!("the server answered {status}"))),
    }
}

/// Whether the server's certificate is what is wrong.
fn is_not_vouched_for(error: &ureq::Error) -> bool {
    let tls = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref().and_then(|inner| inner.downcast_ref()),
        _ => None,
    };
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

/// Reads an answer.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, CliError> {
    serde_json::from_str(text).map_err(|_| unexpected())
}

pub(super) fn unexpected() -> CliError {
    CliError::refused("the server's answer is not of the known form")
        .hinted("look at --server; both programs should be of one version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citizen_id_is_no_index() {
        assert_eq!(index("100"), Some(100));
        assert_eq!(index("4294967295"), Some(4_294_967_295));
        for number in ["991721196305156258", "110105491231002", "11010519491231002X", "-1", ""] {
            assert_eq!(index(number), None, "{number}");
        }
    }
}
