//! The service under measure: started and ended in this process, and the tokens its clients show.

use jiff::Timestamp;

use super::BenchError;
use crate::crypto::{SecretKey, TokenClaims, random_bytes, sign_token};
use crate::service::{self, Open, Pages, Rate, Running, Settings};
use crate::value::Cti;

/// A service that answers on the loopback until it is ended.
pub(super) struct Serving {
    runtime: tokio::runtime::Runtime,
    running: Running,
    /// Its address and port.
    pub(super) host: String,
}

impl Serving {
    /// Starts it; it refuses nobody for asking too often.
    pub(super) fn start(open: Open, pages: Pages) -> Result<Self, BenchError> {
        let freely = Rate { per_second: 10_000_000, burst: 10_000_000 };
        let settings = Settings {
            listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
            per_peer: freely,
            per_actor: freely,
            ..Settings::default()
        };
        let runtime =
            tokio::runtime::Runtime::new().map_err(BenchError::io("starting the service"))?;
        let started = runtime.block_on(service::serve(open, settings, pages));
        let running = started.map_err(|error| BenchError::Http(error.to_string()))?;
        let host = running.address().to_string();
        Ok(Self { runtime, running, host })
    }

    /// Ends it, and closes the ledger.
    pub(super) fn end(self) -> Result<(), BenchError> {
        let ended = self.runtime.block_on(self.running.until(async {}));
        ended.map_err(BenchError::io("ending the service"))
    }
}

/// Who asks: an actor's key on a ledger.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) origin: &'a str,
    pub(super) key: &'a SecretKey,
}

impl Asker<'_> {
    /// A new token, good once or as the session of a page.
    pub(super) fn token(&self) -> Result<String, BenchError> {
        /// As long as the service allows.
        const LIFE_S: u64 = 300;
        let iat = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        let claims = TokenClaims {
            aud: self.origin.to_owned(),
            iat,
            exp: iat + LIFE_S,
            jti: Cti(random_bytes()?),
        };
        Ok(sign_token(self.key, &claims))
    }
}
