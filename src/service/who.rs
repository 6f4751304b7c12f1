//! Who asks: the token of a request, the actor whose key signed it, and what that actor covers.
//!
//! There is no password and no second list of users: the keys on the ledger are the identities.
//! A token is judged in this order, the cheap questions first:
//! 1. one `Authorization: Bearer` header with a token of the accepted form;
//! 2. made for this ledger, by a clock at most a minute off, for at most five minutes, not before
//!    this process started;
//! 3. the key is enrolled and the signature holds;
//! 4. never used before;
//! 5. the actor is in force today: not suspended, key not retired, validity begun and not over.

use std::sync::{Arc, PoisonError, RwLock};

use axum::http::{HeaderMap, header};

use super::{
    App,
    problem::{Fault, Problem},
    replay::Use,
};
use crate::crypto::{Token, TokenClaims};
use crate::domain::{Rejection, authority::Actors};
use crate::event::Signer;
use crate::ledger::{Ledger, ReadError};
use crate::value::{Day, DivisionCode, Hash};

/// A client's clock may be off by this much, in seconds.
const SKEW_S: u64 = 60;
/// Longest life of a token, in seconds.
pub(crate) const LIFE_S_MAX: u64 = 300;

/// The actor behind a request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Its enrolment.
    pub(crate) signer: Signer,
    /// The key that signed the token.
    pub(crate) kid: Hash,
}

impl Caller {
    /// Whether the caller may see what belongs to a division; what belongs to none known is for
    /// those who cover the whole ledger.
    pub(crate) fn covers(&self, division: Option<DivisionCode>, whole: DivisionCode) -> bool {
        self.signer.division.covers(division.unwrap_or(whole))
    }
}

/// The actors as of the newest entry: asked for by every request, so that none waits for the
/// group that the writer is at.
pub(crate) struct Roster(RwLock<Arc<Actors>>);

impl Roster {
    /// The actors as they are now.
    pub(crate) fn of(ledger: &Ledger) -> Result<Self, ReadError> {
        Ok(Self(RwLock::new(ledger.with_state(|state| Arc::clone(&state.actors))?)))
    }

    fn actors(&self) -> Arc<Actors> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the actors as they are now. They are shared with the ledger until one changes.
    pub(crate) fn follow(&self, ledger: &Ledger) -> Result<(), ReadError> {
        let actors = ledger.with_state(|state| Arc::clone(&state.actors))?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = actors;
        Ok(())
    }
}

/// Finds who asks by the token of a request, which is used up.
pub(crate) fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
    // 1.
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(Fault::NoToken)?;
    if values.next().is_some() {
        return Err(Fault::BadToken.into());
    }
    let text = value.to_str().map_err(|_| Fault::BadToken)?;
    let text = text.strip_prefix("Bearer ").ok_or(Fault::BadToken)?;
    Ok(judge(app, text, Times::Once)?.0)
}

/// How often a token may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// Once: it is used up.
    Once,
    /// Until it ends: as the session it began.
    Many,
}

/// When nobody takes a token any more, in seconds.
pub(super) const fn ends_s(claims: &TokenClaims) -> u64 {
    claims.exp.saturating_add(SKEW_S)
}

/// Judges a token, from its form on.
pub(super) fn judge(app: &App, text: &str, times: Times) -> Result<(Caller, TokenClaims), Problem> {
    let token =
        Token::parse(text).map_err(|error| Problem::saying(Fault::BadToken, error.to_string()))?;
    // 2.
    let claims = token.claims();
    let wall_ms = app.ledger.clock().wall_ms();
    let now_s = wall_ms / 1000;
    if claims.aud != app.ledger.origin().as_str() {
        return Err(Fault::ForeignToken.into());
    }
    if claims.iat > now_s + SKEW_S {
        return Err(Fault::EarlyToken.into());
    }
    if claims.exp.saturating_sub(claims.iat) > LIFE_S_MAX {
        return Err(Fault::LongToken.into());
    }
    if ends_s(claims) < now_s || claims.exp <= claims.iat {
        return Err(Fault::ExpiredToken.into());
    }
    // Which tokens were used before a restart is not known any more.
    if claims.iat < app.started_s {
        return Err(Fault::StaleToken.into());
    }
    // 3.
    let actors = app.roster.actors();
    let key = actors.public_key(token.kid()).ok_or_else(|| Problem {
        status: 401,
        ..Rejection::from(crate::domain::authority::Refused::UnknownKey).into()
    })?;
    token
        .verify(&key.verifying_key())
        .map_err(|error| Problem::saying(Fault::BadToken, error.to_string()))?;
    // 4.
    let used = if times == Times::Once {
        let mut guard = app.replay.lock().unwrap_or_else(PoisonError::into_inner);
        guard.take(token.kid(), claims.jti, ends_s(claims), now_s)
    } else {
        Use::First
    };
    match used {
        Use::First => {}
        Use::Again => return Err(Fault::ReplayedToken.into()),
        Use::Full => return Err(Fault::Crowded.into()),
    }
    // 5.
    let caller = in_force(&actors, token.kid(), Day::of_millis(wall_ms))?;
    Ok((caller, claims.clone()))
}

/// Asks again whether a caller is still in force, for what lasts longer than a request.
pub(crate) fn still(app: &App, caller: &Caller) -> bool {
    let today = Day::of_millis(app.ledger.clock().wall_ms());
    in_force(&app.roster.actors(), &caller.kid, today).is_ok()
}

fn in_force(actors: &Actors, kid: &Hash, today: Day) -> Result<Caller, Problem> {
    let signer = actors
        .signer(kid, today)
        .map_err(|refused| Problem { status: 403, ..Rejection::from(refused).into() })?;
    Ok(Caller { signer, kid: *kid })
}
