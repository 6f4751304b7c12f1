//! The session of a browser: the very token that the page signed, kept in a cookie that scripts
//! cannot read.
//!
//! A page builds a token with its own key and sends it once; from then on the cookie shows it, for
//! reading pages only, until the token ends: five minutes at most, unless the page sends a newer
//! one. No other route takes a cookie, so that another site can make a browser ask for nothing but
//! pages. Pages that are posted to also say from where.
//!
//! In a demo ledger, whose keys the server holds, a session goes on by itself while it is used, so
//! that pages can be read without scripts.

use std::sync::PoisonError;

use axum::http::{HeaderMap, HeaderValue, Method, header};

use super::{
    App,
    problem::{Fault, Problem},
    who::{self, Caller, LIFE_S_MAX},
};
use crate::crypto::{SecretKey, TOKEN_LEN_MAX, TokenClaims, random_bytes, sign_token};
use crate::value::{ActorId, Cti};

/// The cookie's name, and its name where the way to the browser is encrypted.
const NAME: &str = "mingzheng";
const NAME_SECURE: &str = "__Host-mingzheng";

/// When the session of a page's reader ends, in seconds since 1970; beside the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends(pub(crate) u64);

/// A session that holds.
pub(crate) struct Session {
    /// Whose it is.
    pub(crate) caller: Caller,
    /// When it ends, in seconds since 1970.
    pub(crate) ends_s: u64,
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// The session that a request shows.
pub(super) fn of(app: &App, headers: &HeaderMap) -> Result<Session, Problem> {
    // An unencrypted page of the same host could plant the plain one.
    let plain = if app.settings.tls.is_some() { None } else { cookie(headers, NAME) };
    let text = cookie(headers, NAME_SECURE).or(plain).ok_or(Fault::NoSession)?;
    let (caller, claims) = who::judge(app, text, who::Times::Many)?;
    let ended = app.ended.lock().unwrap_or_else(PoisonError::into_inner);
    if ended.holds(&caller.kid, claims.jti) {
        return Err(Fault::NoSession.into());
    }
    drop(ended);
    Ok(Session { caller, ends_s: claims.exp })
}

/// Begins a session with a token that was not used before; answers with the cookie.
pub(crate) fn begin(
    app: &App,
    headers: &HeaderMap,
    token: &str,
) -> Result<(Session, HeaderValue), Problem> {
    let (caller, claims) = who::judge(app, token, who::Times::Once)?;
    let life_s = claims.exp.saturating_sub(now_s(app)).max(1);
    let cookie = keep(token, life_s, is_secure(app, headers))?;
    Ok((Session { caller, ends_s: claims.exp }, cookie))
}

/// Ends the session that a request shows; answers with the cookies that take it away.
pub(crate) fn end(app: &App, headers: &HeaderMap) -> Result<Vec<HeaderValue>, Problem> {
    for name in [NAME, NAME_SECURE] {
        let Some(text) = cookie(headers, name) else { continue };
        // A token that does not hold ends nothing.
        let Ok((caller, claims)) = who::judge(app, text, who::Times::Many) else { continue };
        let mut ended = app.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.take(&caller.kid, claims.jti, who::ends_s(&claims), now_s(app));
    }
    let mut gone = vec![value(format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"))?];
    if is_secure(app, headers) {
        let secure = "Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure";
        gone.push(value(format!("{NAME_SECURE}=; {secure}"))?);
    }
    Ok(gone)
}

/// A token of a demo actor, made with the key that the demo keeps; none in any other ledger.
pub(crate) fn of_demo(app: &App, actor: &ActorId) -> Result<String, Problem> {
    let key = demo_key(app, actor)?;
    let iat = now_s(app);
    let jti = Cti(random_bytes().map_err(Problem::internal)?);
    let aud = app.ledger.origin().to_string();
    Ok(sign_token(key, &TokenClaims { aud, iat, exp: iat + LIFE_S_MAX, jti }))
}

/// The key of a demo actor; none in any other ledger.
pub(crate) fn demo_key<'a>(app: &'a App, actor: &ActorId) -> Result<&'a SecretKey, Problem> {
    app.demo_keys.get(actor).filter(|_| app.demo).ok_or_else(|| Fault::NotFound.into())
}

/// The actors whose keys a demo holds.
pub(crate) fn demo_actors(app: &App) -> Vec<ActorId> {
    app.demo_keys.keys().cloned().collect()
}

/// In a demo: the cookie of a session that goes on, when the one shown is past its half.
pub(super) fn renewed(app: &App, headers: &HeaderMap, session: &Session) -> Option<HeaderValue> {
    let left_s = session.ends_s.saturating_sub(now_s(app));
    if left_s > LIFE_S_MAX / 2 {
        return None;
    }
    let actor = &session.caller.signer.actor;
    let key = app.demo_keys.get(actor)?;
    if key.public().kid() != session.caller.kid {
        return None;
    }
    let token = of_demo(app, actor).ok()?;
    keep(&token, LIFE_S_MAX, is_secure(app, headers)).ok()
}

/// Refuses what another site's page posts.
pub(super) fn expect_own_page(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).ok_or(Fault::ForeignPage)?;
    let from = text(header::ORIGIN).and_then(|origin| origin.split_once("://"));
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    let own = from.is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))
        && site.is_none_or(|site| site == "same-origin");
    if own { Ok(()) } else { Err(Fault::ForeignPage.into()) }
}

/// Whether the browser's way here is encrypted: by this server, or as the page's own address says
/// by a proxy before it.
pub(crate) fn is_secure(app: &App, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    app.settings.tls.is_some()
        || origin.is_some_and(|origin| origin.starts_with("https://"))
        || cookie(headers, NAME_SECURE).is_some()
}

fn keep(token: &str, life_s: u64, secure: bool) -> Result<HeaderValue, Problem> {
    debug_assert!(token.len() <= TOKEN_LEN_MAX);
    let (name, secure) = if secure { (NAME_SECURE, "; Secure") } else { (NAME, "") };
    value(format!("{name}={token}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Strict{secure}"))
}

fn value(text: String) -> Result<HeaderValue, Problem> {
    HeaderValue::try_from(text).map_err(Problem::internal)
}

fn now_s(app: &App) -> u64 {
    app.ledger.clock().wall_ms() / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; mingzheng=x.y.z"));
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark"));
        assert_eq!(cookie(&headers, NAME), Some("x.y.z"));
        assert_eq!(cookie(&headers, "theme"), Some("dark"));
        assert_eq!(cookie(&headers, "zheng"), None);
    }

    #[test]
    fn only_a_page_of_the_same_host_posts() {
        let posted = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            expect_own_page(&Method::POST, &headers).is_ok()
        };
        let host = ("host", "ledger.example:8700");
        let own = ("origin", "https://ledger.example:8700");
        assert!(posted(&[host, own]));
        assert!(posted(&[host, own, ("sec-fetch-site", "same-origin")]));
        assert!(!posted(&[host]), "a form of a page that hides its address");
        assert!(!posted(&[host, ("origin", "null")]));
        assert!(!posted(&[host, ("origin", "https://ledger.example")]));
        assert!(!posted(&[host, ("origin", "https://ledger.example:8700.evil.example")]));
        assert!(!posted(&[host, own, ("sec-fetch-site", "same-site")]));
        assert!(!posted(&[own]));
        assert!(expect_own_page(&Method::GET, &HeaderMap::new()).is_ok());
    }
}
