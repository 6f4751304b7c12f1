//! `serve`: the ledger over HTTP.

use std::{future::Future, net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{
    error::CliError,
    folder,
    output::talk,
    reading::Reading,
    session::{DEMO_KEYS, KeyArg, SYSTEM_KEY, Session, Vault, is_demo},
};
use crate::crypto::SecretKey;
use crate::ledger::Pen;
use crate::service::{self, Open, Rate, ServeError, Settings};
use crate::value::ActorId;

/// Serve the ledger over HTTP (服务): one process owns the writer and the index
///
/// Each setting comes from its flag, else its variable, else the configuration file, else its
/// default. Without a certificate it speaks plain HTTP: leave it on this machine then, behind a
/// proxy. Ends gracefully on Ctrl-C and SIGTERM.
#[derive(Args)]
pub(super) struct Serve {
    /// A configuration file, TOML: the names of the flags below, without the dashes before them
    #[arg(long, value_name = "FILE", env = "MINGZHENG_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    given: Given,
}

/// Declares the settings once: flag, variable, key of the file, and words.
macro_rules! given {
    ($($(#[$doc:meta])* $name:ident: $type:ty, $value:literal, $env:literal;)*) => {
        /// The settings, as far as they are given.
        #[derive(Args, Deserialize, Default, Clone)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        struct Given {
            $(
                $(#[$doc])*
                #[arg(long, value_name = $value, env = $env, hide_env_values = true)]
                $name: Option<$type>,
            )*
        }

        impl Given {
            /// These, and what they leave open from others.
            fn or(self, others: Self) -> Self {
                Self { $($name: self.$name.or(others.$name),)* }
            }
        }
    };
}

given! {
    /// Where to listen [default: 127.0.0.1:8700]
    listen: SocketAddr, "ADDR", "MINGZHENG_LISTEN";
    /// The certificate chain, PEM
    tls_cert: PathBuf, "FILE", "MINGZHENG_TLS_CERT";
    /// The certificate's key, PEM
    tls_key: PathBuf, "FILE", "MINGZHENG_TLS_KEY";
    /// Requests a second from one address [default: 500]
    peer_per_second: u32, "N", "MINGZHENG_PEER_PER_SECOND";
    /// Requests at once from one address, after a pause [default: 1000]
    peer_burst: u32, "N", "MINGZHENG_PEER_BURST";
    /// Requests a second of one actor [default: 200]
    actor_per_second: u32, "N", "MINGZHENG_ACTOR_PER_SECOND";
    /// Requests at once of one actor, after a pause [default: 400]
    actor_burst: u32, "N", "MINGZHENG_ACTOR_BURST";
    /// Seconds a client may take to send the head of a request [default: 10]
    header_seconds: u64, "S", "MINGZHENG_HEADER_SECONDS";
    /// Seconds that requests in hand may take when the service ends [default: 20]
    end_seconds: u64, "S", "MINGZHENG_END_SECONDS";
    /// Live feeds open at once [default: 256]
    feeds: usize, "N", "MINGZHENG_FEEDS";
    /// Send a trace of each request to this collector, OTLP over HTTP, such as
    /// `http://127.0.0.1:4318` [default: none]
    otlp_endpoint: String, "URL", "MINGZHENG_OTLP_ENDPOINT";
}

/// Longest configuration file, in bytes.
const CONFIG_BYTES_MAX: u64 = 64 << 10;

/// Where it serves.
#[derive(Serialize)]
struct Serving {
    address: String,
    origin: String,
    size: u64,
}

impl From<ServeError> for CliError {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Read(error) => error.into(),
            ServeError::Ledger(error) => error.into(),
            other => Self::refused(other.to_string()),
        }
    }
}

impl Serve {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        serve(session, self.settings()?, Said::Document)
    }

    /// Where traces go, when they go anywhere.
    pub(super) fn collector(&self) -> Result<Option<String>, CliError> {
        Ok(self.given()?.otlp_endpoint)
    }

    /// What is given by flags, variables and the file.
    fn given(&self) -> Result<Given, CliError> {
        let file = match &self.config {
            None => Given::default(),
            Some(path) => toml::from_str(&folder::read_text(path, CONFIG_BYTES_MAX)?)
                .map_err(|error| CliError::usage(error.to_string()).during(path.display()))?,
        };
        Ok(self.given.clone().or(file))
    }

    fn settings(&self) -> Result<Settings, CliError> {
        let given = self.given()?;
        let default = Settings::default();
        let tls = match (given.tls_cert, given.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(CliError::usage("a certificate and its key belong together")),
        };
        let rate = |per_second: Option<u32>, burst: Option<u32>, default: Rate| Rate {
            per_second: per_second.unwrap_or(default.per_second),
            burst: burst.unwrap_or(default.burst),
        };
        let seconds = |given: Option<u64>, default| given.map_or(default, Duration::from_secs);
        Ok(Settings {
            listen: given.listen.unwrap_or(default.listen),
            tls,
            per_peer: rate(given.peer_per_second, given.peer_burst, default.per_peer),
            per_actor: rate(given.actor_per_second, given.actor_burst, default.per_actor),
            header_time: seconds(given.header_seconds, default.header_time),
            end_time: seconds(given.end_seconds, default.end_time),
            feeds_max: given.feeds.unwrap_or(default.feeds_max),
        })
    }
}

/// What is said on standard output once it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// A document: address, ledger, size.
    Document,
    /// The console's address alone.
    Address,
}

/// Serves the ledger of this run until it is told to end.
pub(super) fn serve(session: &mut Session, settings: Settings, said: Said) -> Result<(), CliError> {
    let ledger = session.open_to_write(Vault::IfThere)?;
    let system = system_pen(session, &ledger)?;
    if ledger.personal().is_none() || system.is_none() {
        talk("without the vault key and keys/system.key nothing is revealed or sealed");
    }
    let demo_keys = demo_keys(session, &ledger)?;
    let Reading { ledger, index } = Reading::of(ledger)?;
    let (origin, size) = (ledger.origin().to_string(), ledger.len());
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| CliError::refused(format!("starting the service: {error}")))?;
    runtime.block_on(async {
        // Before anybody is told the address, so that an early signal ends it gracefully too.
        let end = ended()?;
        let open = Open { ledger, index, system, demo_keys };
        let running = service::serve(open, settings, crate::console::pages()).await?;
        let address = format!("{scheme}://{}", running.address());
        match said {
            Said::Document => {
                let fields = [
                    ("address 地址", address.clone()),
                    ("ledger 账本", origin.clone()),
                    ("size", size.to_string()),
                ];
                session.out.document(&Serving { address, origin, size }, &fields);
            }
            Said::Address => {
                let text = format!("{address}/console\n");
                session.out.text(&Serving { address, origin, size }, &text);
            }
        }
        session.out.finish()?;
        let served = running.until(end).await;
        served.map_err(|error| CliError::refused(format!("the service ended: {error}")))
    })
}

/// The keys of a demo ledger's actors, with which its console signs visitors in; none of any
/// other ledger, whatever lies in its folder.
fn demo_keys(
    session: &mut Session,
    ledger: &crate::ledger::Ledger,
) -> Result<Vec<(ActorId, SecretKey)>, CliError> {
    let folder = session.folder().join(DEMO_KEYS);
    if !is_demo(ledger)? || !folder.is_dir() {
        return Ok(Vec::new());
    }
    let actors = ledger
        .with_state(|state| state.actors.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())?;
    let mut keys = Vec::new();
    for actor in actors {
        let file = folder.join(format!("{actor}.key"));
        if file.is_file() {
            keys.push((actor, session.passphrases()?.open(&file)?.key));
        }
    }
    Ok(keys)
}

/// The pen of the ledger's automatic signer, when its key is there.
fn system_pen(
    session: &mut Session,
    ledger: &crate::ledger::Ledger,
) -> Result<Option<Pen>, CliError> {
    let file = session.folder().join(SYSTEM_KEY);
    if !file.exists() {
        return Ok(None);
    }
    Ok(Some(session.hand(ledger, &KeyArg { file })?.pen))
}

/// Ready when somebody asks the process to end.
fn ended() -> Result<impl Future<Output = ()>, CliError> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error| CliError::refused(format!("listening for signals: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
