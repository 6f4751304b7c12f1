//! `token`: shows a server, for one request, whose key a client holds.

use std::time::SystemTime;

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    session::{KeyArg, Session, verifier_of},
};
use crate::crypto::{SecretKey, TokenClaims, random_bytes, sign_token};
use crate::tlog::Origin;
use crate::value::Cti;

/// Make a token for one request to a server (令牌), signed by an actor's key
///
/// Good once and for a minute. Send it as `Authorization: Bearer TOKEN`.
#[derive(Args)]
pub(super) struct Token {
    #[command(flatten)]
    key: KeyArg,
    /// The ledger's origin [default: that of the ledger's folder]
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<Origin>,
}

#[derive(Serialize)]
struct Made {
    token: String,
    expires: u64,
}

/// Seconds a token lives: enough for a slow line, too short to be worth stealing.
const LIFE_S: u64 = 60;

impl Token {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let origin = match &self.origin {
            Some(origin) => origin.to_string(),
            None => verifier_of(session.folder())?.name().as_str().to_owned(),
        };
        let key = session.passphrases()?.open(&self.key.file)?.key;
        let (token, expires) = fresh(&key, &origin)?;
        let text = format!("{token}\n");
        session.out.text(&Made { token, expires }, &text);
        Ok(())
    }
}

/// A token of now, and when it ends.
pub(super) fn fresh(key: &SecretKey, origin: &str) -> Result<(String, u64), CliError> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let iat = since.as_secs();
    let (aud, exp, jti) = (origin.to_owned(), iat + LIFE_S, Cti(random_bytes()?));
    Ok((sign_token(key, &TokenClaims { aud, iat, exp, jti }), exp))
}
