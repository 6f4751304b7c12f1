//! How this reader wants a page, and the page as an answer.
//!
//! Language: what the address asks for (`?lang=`), else the cookie, else the browser's first known
//! language, else Chinese. Theme: the address, else the cookie, else the system's. What an address
//! asked for is kept in the cookie.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use maud::Markup;
use serde::de::DeserializeOwned;

use super::{
    frame::{self, Place},
    words::{self, Words},
};
use crate::service::{
    App,
    answer::Current,
    problem::{Fault, Problem},
    row::{Access, Asking},
    session::{Ends, cookie},
    who::Caller,
};
use crate::value::Lang;

/// What a page may fetch and run: this server's own files.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);
/// With none at all a browser would not say from which page a form was sent.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const LANG: &str = "mingzheng-lang";
const THEME: &str = "mingzheng-theme";

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    /// As the system has it.
    System,
    Light,
    Dark,
}

impl Theme {
    pub(super) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// A reader before a page.
pub(super) struct View {
    pub(super) app: App,
    pub(super) lang: Lang,
    /// Every word in the reader's language.
    pub(super) w: &'static Words,
    pub(super) theme: Theme,
    caller: Option<Caller>,
    ends: Option<Ends>,
    /// Where the page is read, for the links that change language and theme.
    pub(super) path: String,
    /// Its query, without language and theme, without what is empty.
    pub(super) query: Vec<(String, String)>,
    keep: Vec<(&'static str, &'static str)>,
}

/// One page to be shown.
pub(super) struct Sheet<'a> {
    pub(super) title: String,
    /// Its place in the menu.
    pub(super) place: Option<Place>,
    /// What it is current to, where it is about what the ledger holds.
    pub(super) current: Option<&'a Current>,
    pub(super) body: Markup,
}

impl FromRequestParts<App> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        let ends = parts.extensions.get::<Ends>().copied();
        Ok(Self { caller, ends, ..Self::new(app, &parts.uri, &parts.headers) })
    }
}

impl View {
    fn new(app: &App, uri: &Uri, headers: &HeaderMap) -> Self {
        let (mut lang, mut theme) = (None, None);
        let mut query = Vec::new();
        let pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(uri.query().unwrap_or(""));
        for (name, value) in pairs.unwrap_or_default() {
            match name.as_str() {
                "lang" => lang = lang_of(&value).or(lang),
                "theme" => theme = Theme::of(&value).or(theme),
                _ if value.is_empty() => {}
                _ => query.push((name, value)),
            }
        }
        let mut keep = Vec::new();
        keep.extend(lang.map(|lang| (LANG, code(lang))));
        keep.extend(theme.map(|theme| (THEME, theme.name())));
        let lang = lang
            .or_else(|| cookie(headers, LANG).and_then(lang_of))
            .or_else(|| accepted(headers))
            .unwrap_or(Lang::Zh);
        let theme =
            theme.or_else(|| cookie(headers, THEME).and_then(Theme::of)).unwrap_or(Theme::System);
        let (w, path) = (words::of(lang), uri.path().to_owned());
        let (caller, ends, app) = (None, None, app.clone());
        Self { app, lang, w, theme, caller, ends, path, query, keep }
    }

    /// A reader who is to be told of a problem.
    pub(super) fn of(app: &App, asking: &Asking) -> Self {
        let (caller, ends) = (asking.caller.clone(), asking.ends);
        Self { caller, ends, ..Self::new(app, &asking.uri, &asking.headers) }
    }

    /// Who is signed in.
    pub(super) fn caller(&self) -> Result<Caller, Problem> {
        self.caller.clone().ok_or_else(|| Fault::NoSession.into())
    }

    /// Who is signed in, if anybody.
    pub(super) const fn signed_in(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    /// Whether somebody is signed in who may ask that.
    pub(super) fn may(&self, access: Access) -> bool {
        let caller = self.caller.as_ref();
        access == Access::Public || caller.is_some_and(|caller| access.admits(caller.signer.role))
    }

    /// When the session ends, in milliseconds since 1970.
    pub(super) fn ends_ms(&self) -> Option<u64> {
        self.ends.map(|ends| ends.0 * 1000)
    }

    /// The query: known parameters only, each once; what a form left empty counts as not said.
    pub(super) fn asked<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let text = serde_urlencoded::to_string(&self.query).map_err(|_| Fault::BadQuery)?;
        serde_urlencoded::from_str(&text).map_err(|_| Fault::BadQuery.into())
    }

    /// The value of one parameter.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// This page with one parameter set to another value, the others as they are.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let others = self.query.iter().filter(|(key, _)| key != name);
        let mut pairs: Vec<_> = others.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        pairs.push((name, value));
        let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
        format!("{}?{query}", self.path)
    }

    /// The query by which a page leads back to this one; a page that leads on itself is not come back
    /// to, but where it leads.
    pub(super) fn back_here(&self) -> String {
        let query = serde_urlencoded::to_string(&self.query).unwrap_or_default();
        let here = match self.said("next") {
            Some(next) => inside(Some(next)).to_owned(),
            None if self.path == "/console/demo" || self.path == "/console/sign-in" => {
                "/console".to_owned()
            }
            None if query.is_empty() => self.path.clone(),
            None => format!("{}?{query}", self.path),
        };
        serde_urlencoded::to_string([("next", here)]).unwrap_or_default()
    }

    /// The same reader before another address, for an answer to a form: what is read again is
    /// asked for, not posted again.
    pub(super) fn at(mut self, path: impl Into<String>) -> Self {
        (self.path, self.query) = (path.into(), Vec::new());
        self
    }

    /// One of two words.
    pub(super) fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The language as HTML names it.
    pub(super) const fn html_lang(&self) -> &'static str {
        match self.lang {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The page as an answer.
    pub(super) fn sheet(&self, sheet: &Sheet<'_>) -> Response {
        self.sheet_with(StatusCode::OK, sheet)
    }

    /// The page as an answer of a status.
    pub(super) fn sheet_with(&self, status: StatusCode, sheet: &Sheet<'_>) -> Response {
        let html = frame::document(self, sheet).into_string();
        let media = HeaderValue::from_static("text/html; charset=utf-8");
        let mut response = (status, [(header::CONTENT_TYPE, media)], html).into_response();
        let headers = response.headers_mut();
        for (name, value) in careful() {
            headers.insert(name, value);
        }
        for (name, value) in &self.keep {
            let text = format!("{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

/// Headers of every page.
pub(super) fn careful() -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, REFERRER),
        (header::VARY, HeaderValue::from_static("cookie, accept-language")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
        ),
    ]
}

/// Sends the browser on, by GET.
pub(super) fn go(to: &str) -> Result<Response, Problem> {
    let to = HeaderValue::try_from(to).map_err(Problem::internal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

/// An address of the console that a browser may be sent on to: never another site's.
pub(super) fn inside(address: Option<&str>) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~?&=%+:".contains(c);
    let is_own = |text: &&str| {
        (*text == "/console" || text.starts_with("/console/") || text.starts_with("/console?"))
            && text.chars().all(plain)
            && !text.contains("//")
            && text.len() <= 2000
    };
    address.filter(is_own).unwrap_or("/console")
}

const fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

fn lang_of(code: &str) -> Option<Lang> {
    let main = code.split(['-', '_']).next().unwrap_or_default();
    if main.eq_ignore_ascii_case("zh") {
        Some(Lang::Zh)
    } else if main.eq_ignore_ascii_case("en") {
        Some(Lang::En)
    } else {
        None
    }
}

/// The first known language of `Accept-Language` by weight.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Lang, u32)> = None;
    for item in text.split(',').take(16) {
        let mut parts = item.split(';');
        let Some(lang) = lang_of(parts.next().unwrap_or_default().trim()) else { continue };
        let weight =
            parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if weight > 0 && best.is_none_or(|(_, heaviest)| weight > heaviest) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

fn thousandths(weight: &str) -> u32 {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let digits: String = rest.chars().chain("000".chars()).take(3).collect();
    let part = digits.parse::<u32>().unwrap_or(0);
    if whole == "1" { 1000 } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_browsers_first_known_one() {
        for (text, expected) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Lang::Zh)),
            ("en-GB, zh;q=0.5", Some(Lang::En)),
            ("fr, en;q=0.2, zh-TW;q=0.7", Some(Lang::Zh)),
            ("de", None),
            ("en;q=0", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            assert_eq!(accepted(&headers), expected, "{text}");
        }
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(inside(Some("/console/flags?rule=R01")), "/console/flags?rule=R01");
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/console//evil.example",
            "/console/\\evil.example",
            "/consolex",
            "/v1/people",
            "/console/\r\nset-cookie:a=b",
        ] {
            assert_eq!(inside(Some(bad)), "/console", "{bad}");
        }
        assert_eq!(inside(None), "/console");
    }
}
