//! Layer 6: the ledger over HTTP.
//!
//! One process owns the writer and the index; this is the door through which everybody else comes.
//! A client proves itself with a token signed by its own enrolled key, sends statements it signed
//! itself, and reads what its role and division need.
//!
//! | file | what |
//! |---|---|
//! | `listen` | sockets, TLS, the graceful end |
//! | `row`, `table` | the one table of routes: who may ask, how much, how long |
//! | `gate` | what every request passes before its handler |
//! | `who`, `replay`, `rate` | the caller by its token; each token once; how often |
//! | `session` | the caller of a page by its cookie |
//! | `problem` | the one error type |
//! | `index` | the index kept up to date |
//! | `answer`, `extract` | what answers carry and handlers take |
//! | the others | the handlers, by what they are about |
//!
//! Pages for browsers are rows too, brought in by whoever starts the service: the console is the
//! layer above and asks the handlers here for what it shows.
//!
//! Knows nothing of the command line.

mod ahead;
pub(crate) mod answer;
mod drafts;
pub(crate) mod draw;
pub(crate) mod entries;
mod erasure;
mod evidence;
mod examples;
pub(crate) mod extract;
mod feed;
mod figures;
pub(crate) mod flag;
pub(crate) mod flags;
mod gate;
mod index;
pub(crate) mod kinds;
pub(crate) mod lists;
pub(crate) mod looks;
mod listen;
mod meta;
mod openapi;
pub(crate) mod notices;
pub(crate) mod own;
pub(crate) mod packs;
pub(crate) mod page;
pub(crate) mod payrolls;
pub(crate) mod people;
pub(crate) mod problem;
mod proofs;
mod proposals;
mod raise;
mod rate;
mod replay;
pub(crate) mod reports;
pub(crate) mod reveal;
pub(crate) mod roles;
pub(crate) mod rolls;
pub(crate) mod row;
pub(crate) mod scope;
pub(crate) mod session;
mod statements;
mod table;
mod tags;
pub(crate) mod who;

#[cfg(test)]
pub(crate) mod tests;

pub use listen::{Running, ServeError, serve};
pub use rate::Rate;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    ops::Deref,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use tokio::sync::{Semaphore, watch};
use tracing::Instrument;

use crate::answer::{Records, masked_name};
use crate::crypto::SecretKey;
use crate::ledger::{Ledger, Pen, ReadError};
use crate::projection::Projection;
use crate::value::{ActorId, DivisionCode, PersonId};

use index::Index;
use problem::Problem;

/// The target of the service's spans: a log that does not ask for it shows none of them.
pub const SPANS: &str = "mingzheng::spans";

/// How the service runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Certificate chain and key, PEM; without them plain HTTP, for a proxy on the same machine.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How often one address may ask.
    pub per_peer: Rate,
    /// How often one actor may ask.
    pub per_actor: Rate,
    /// How long a client may take to send its request's head.
    pub header_time: Duration,
    /// How long requests in hand may take when the service ends.
    pub end_time: Duration,
    /// Live feeds open at once.
    pub feeds_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8700)),
            tls: None,
            per_peer: Rate { per_second: 500, burst: 1000 },
            per_actor: Rate { per_second: 200, burst: 400 },
            header_time: Duration::from_secs(10),
            end_time: Duration::from_secs(20),
            feeds_max: 256,
        }
    }
}

/// What the service serves, already open.
pub struct Open {
    /// The ledger, open for writing.
    pub ledger: Ledger,
    /// Its index, caught up.
    pub index: Projection,
    /// The pen of the ledger's own automatic signer; without it nothing is revealed.
    pub system: Option<Pen>,
    /// Keys of the actors of a demo ledger, with which its console signs visitors in; dropped in
    /// any other ledger.
    pub demo_keys: Vec<(ActorId, SecretKey)>,
}

/// Routes for people, beside those for programs.
#[derive(Default)]
pub struct Pages(pub(crate) Vec<row::Row>);

/// What all handlers share.
pub(crate) struct Shared {
    pub(crate) ledger: Ledger,
    index: Index,
    /// What feeds know beyond it.
    ahead: ahead::Shared,
    roster: who::Roster,
    system: Option<Pen>,
    demo_keys: BTreeMap<ActorId, SecretKey>,
    settings: Settings,
    replay: Mutex<replay::ReplayGuard>,
    /// Sessions that were ended before their token.
    ended: Mutex<replay::ReplayGuard>,
    buckets: Mutex<rate::Buckets>,
    figures: figures::Figures,
    /// The ledger's own division: who covers it sees everything.
    pub(crate) whole: DivisionCode,
    pub(crate) demo: bool,
    pub(crate) vkey: String,
    started_s: u64,
    feeds: Arc<Semaphore>,
    report: Arc<Semaphore>,
    /// The turn of whoever has flags raised.
    raising: Arc<Semaphore>,
    /// Turns of short questions: one a core, in the order they came. More threads than cores would
    /// only take each other's time, and the last of them would wait longest.
    short: Arc<Semaphore>,
    /// The turn of questions that judge everybody.
    long: Arc<Semaphore>,
    /// Says when the service ends.
    ends: watch::Sender<bool>,
}

/// A handle to what all handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    fn new(open: Open, settings: Settings) -> Result<Self, ServeError> {
        let Open { ledger, index, system, demo_keys } = open;
        let genesis = ledger.with_state(|state| {
            state.genesis.as_ref().map(|genesis| (genesis.division, genesis.demo))
        })?;
        let (whole, demo) = genesis.ok_or(ReadError::Stopped)?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self(Arc::new(Shared {
            index: Index::new(index),
            ahead: ahead::Shared::default(),
            roster: who::Roster::of(&ledger)?,
            system,
            demo_keys: demo_keys.into_iter().filter(|_| demo).collect(),
            replay: Mutex::default(),
            ended: Mutex::default(),
            buckets: Mutex::default(),
            figures: figures::Figures::new(),
            whole,
            demo,
            vkey: ledger.verifier()?.to_string(),
            started_s: ledger.clock().wall_ms() / 1000,
            feeds: Arc::new(Semaphore::new(settings.feeds_max)),
            report: Arc::new(Semaphore::new(1)),
            raising: Arc::new(Semaphore::new(1)),
            short: Arc::new(Semaphore::new(cores)),
            long: Arc::new(Semaphore::new(1)),
            ends: watch::channel(false).0,
            settings,
            ledger,
        })))
    }

    /// Asks ledger and index in a thread that may wait.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Records<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask(false, ask).await
    }

    /// The masked name of a person, by what is indexed already, where a page is being written.
    pub(crate) fn masked_name(&self, person: PersonId) -> Result<Option<String>, Problem> {
        let index = self.index.read();
        Ok(masked_name(&Records { ledger: &self.ledger, index: &index }, person)?)
    }

    /// As [`read`](Self::read), for a question about one person's rows: it takes less time than
    /// waking a thread for it, twice, and is answered here unless the index is being written or
    /// others ask.
    pub(crate) async fn read_one<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Records<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let waits = tracing::info_span!(target: SPANS, "wait for a turn");
        self.index.wait_for(self.ledger.len()).instrument(waits).await;
        if let Ok(_turn) = self.short.try_acquire()
            && let Some(index) = self.index.try_read()
        {
            let reads = tracing::info_span!(target: SPANS, "ask the ledger", everybody = false);
            let _reads = reads.entered();
            return ask(&Records { ledger: &self.ledger, index: &index });
        }
        self.read(ask).await
    }

    /// As [`read`](Self::read), for questions that judge everybody: one at a time, and the index
    /// stands still for it.
    pub(crate) async fn read_long<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Records<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask(true, ask).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        hold: bool,
        ask: impl FnOnce(&Records<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let waits = tracing::info_span!(target: SPANS, "wait for a turn");
        let turn = async {
            self.index.wait_for(self.ledger.len()).await;
            let turns = if hold { &self.long } else { &self.short };
            // Nobody closes the turns. Given back when the work is done, also for a client that
            // left.
            turns.clone().acquire_owned().await.map_err(Problem::internal)
        };
        let turn = turn.instrument(waits).await?;
        let app = self.clone();
        let reads = tracing::info_span!(target: SPANS, "ask the ledger", everybody = hold);
        let asked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let _reads = reads.entered();
            // Before the index, in the follower's order: the other way round both would wait.
            let _held = hold.then(|| app.index.hold());
            let index = app.index.read();
            ask(&Records { ledger: &app.ledger, index: &index })
        });
        asked.await.map_err(Problem::internal)?
    }
}

/// All routes, each behind its gate.
fn router(app: &App, pages: Pages) -> Router {
    let rows = table::rows().into_iter().chain(pages.0);
    let router = rows.fold(Router::new(), |router, row| row.into_router(app, router));
    router
        .fallback(gate::nothing_here)
        .method_not_allowed_fallback(gate::wrong_method)
        .with_state(app.clone())
}
