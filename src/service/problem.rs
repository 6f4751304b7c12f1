//! The one error type of the service: problem details (RFC 9457).
//!
//! Status codes are decided here and nowhere else. A client's mistake says what was wrong and what
//! to do next; ours is one fixed sentence, and the cause goes to the log beside the request's id.
//! No text ever holds personal data.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::answer::AskError;
use crate::domain::Rejection;
use crate::ledger::{ReadError, SubmitError};
use crate::log::LogError;
use crate::projection::ProjectionError;
use crate::rolls::ImportError;
use crate::value::Malformed;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) hint: Option<String>,
    pub(crate) rule: Option<&'static str>,
    /// Detail and hint in Chinese.
    pub(crate) zh: Box<(Cow<'static, str>, &'static str)>,
    pub(crate) retry_after_s: Option<u32>,
    /// For the log only.
    pub(crate) cause: Option<Box<str>>,
}

/// A problem as it is sent.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Details {
    /// `urn:mingzheng:problem:` and the code.
    r#type: String,
    /// The standard words of the status.
    title: &'static str,
    status: u16,
    /// What was wrong.
    detail: String,
    /// A stable word for programs.
    code: &'static str,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// The rule or invariant that says no.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    /// What was wrong, in Chinese.
    detail_zh: Cow<'static, str>,
    /// What to do next, in Chinese.
    hint_zh: &'static str,
}

/// Beside a response: what to write into the log about it.
#[derive(Clone)]
pub(crate) struct Cause(pub(crate) String);

/// Declares the service's own problems: name, status, code, sentence and hint, and both in Chinese.
macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $code:literal, $detail:literal, $hint:literal,
        $detail_zh:literal, $hint_zh:literal;)*) => {
        /// What can be wrong with a request itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            pub(crate) const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            pub(crate) const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            const fn detail(self) -> &'static str {
                match self { $(Self::$name => $detail,)* }
            }

            const fn hint(self) -> &'static str {
                match self { $(Self::$name => $hint,)* }
            }

            const fn in_chinese(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($detail_zh, $hint_zh),)* }
            }
        }
    };
}

faults! {
    /// No token.
    NoToken = 401, "no_token", "the request carries no token",
        "send `Authorization: Bearer TOKEN`; `mingzheng token --key FILE` makes one",
        "请求没有附令牌", "请重新登录";
    /// Not a token.
    BadToken = 401, "bad_token", "the token is not of the accepted form, or its signature does not hold",
        "make a new one: header alg EdDSA, typ JWT, kid; claims aud, iat, exp, jti",
        "令牌格式不对，或签名不成立", "请重新登录；如仍不行，检查所选密钥";
    /// For another ledger.
    ForeignToken = 401, "foreign_token", "the token is made for another ledger",
        "set aud to this ledger's origin: GET /v1/ledger names it",
        "令牌是为另一个账本签的", "在本页重新登录";
    /// Past its end.
    ExpiredToken = 401, "expired_token", "the token has expired",
        "make a new one for each request; if this one is new, the client's clock is behind: see the Date header",
        "令牌已过期", "请重新登录";
    /// Made in the future.
    EarlyToken = 401, "early_token", "the token is made in the future",
        "the client's clock is ahead: see the Date header, and set iat by it",
        "令牌的时间在将来", "刷新登录页后再试：令牌以服务器时间为准";
    /// Made to live too long.
    LongToken = 401, "long_token", "the token lives longer than five minutes",
        "set exp at most 300 seconds after iat",
        "令牌的有效期超过五分钟", "刷新登录页后再试";
    /// Used before.
    ReplayedToken = 401, "replayed_token", "the token was used before",
        "make a new one for each request",
        "令牌已经用过", "请重新登录";
    /// Older than this process.
    StaleToken = 401, "stale_token", "the token is older than this server's start",
        "make a new one",
        "令牌早于本服务的启动时间", "请重新登录";
    /// Nobody is signed in.
    NoSession = 401, "no_session", "nobody is signed in, or the session has ended",
        "sign in",
        "尚未登录，或登录已到期", "请登录";
    /// A page of another site.
    ForeignPage = 403, "foreign_page", "the form was not sent from a page of this console",
        "open the page here and send it again",
        "这个表单不是从本系统的页面提交的", "请在本系统打开页面后重新提交";
    /// The role may not ask this.
    RoleMayNot = 403, "role_may_not", "the caller's role may not do this",
        "GET /openapi.json names the roles of each route",
        "您的角色不能使用这一功能", "换用有权限的身份，或向负责该项工作的同事询问";
    /// Another division's.
    OtherDivision = 403, "other_division", "this belongs to a division that the caller's does not cover",
        "ask the office of that division, or the one above both",
        "这属于您的区划以外", "向该区划或上级单位询问";
    /// Restricted.
    Restricted = 403, "processing_restricted", "processing of this person's data is restricted",
        "ask the privacy officer",
        "此人的信息已被限制处理", "向个人信息保护负责人询问";
    /// No such place.
    NoRoute = 404, "no_route", "there is nothing at this address",
        "GET /openapi.json lists every route",
        "这个地址没有内容", "从菜单重新进入";
    /// No such thing.
    NotFound = 404, "not_found", "the ledger holds nothing of that name",
        "check the id or the index",
        "账本里没有这一项", "核对号码或编号后再试";
    /// Another method.
    WrongMethod = 405, "wrong_method", "this address does not take that method",
        "GET /openapi.json lists every route",
        "这个地址不接受这种操作", "从菜单重新进入";
    /// The body came too slowly.
    SlowBody = 408, "slow_body", "the request did not come in whole in time",
        "send it again; statements may be sent again safely",
        "请求没有在时限内传完", "重新提交；重复提交不会重复记录";
    /// Too long.
    TooLarge = 413, "too_large", "the body is longer than this route takes",
        "send fewer statements at once, or a smaller roll",
        "提交的内容太大", "分成几次提交，或用较小的文件";
    /// Not the content type.
    WrongType = 415, "wrong_type", "this route does not take that content type",
        "GET /openapi.json names the content types of each route",
        "提交的内容类型不对", "在页面上重新提交";
    /// A body that cannot be read.
    BadBody = 400, "bad_body", "the body is not what this route takes",
        "GET /openapi.json describes the body",
        "提交的内容有缺项或格式不对", "按提示改正后再提交";
    /// A query that cannot be read.
    BadQuery = 400, "bad_query", "a parameter is unknown, repeated or not of its form",
        "GET /openapi.json describes the parameters",
        "地址中的条件不认识或格式不对", "清除筛选条件后再试；日期写作 2026-09-30";
    /// Too often.
    TooMany = 429, "too_many_requests", "too many requests",
        "wait as long as Retry-After says",
        "请求过于频繁", "稍等一秒再试";
    /// Our mistake.
    Internal = 500, "internal", "the server failed; nothing that was acknowledged is lost",
        "name the request id when you report it",
        "服务器出错；已确认的记录不会丢失", "报告问题时请附请求编号（响应头 x-request-id）";
    /// The queue is full.
    Busy = 503, "busy", "the ledger is busy",
        "send the same bytes again after Retry-After",
        "账本正忙", "稍后重新提交；重复提交不会重复记录";
    /// Too many at once.
    Crowded = 503, "crowded", "the server has too many requests in hand",
        "ask again after Retry-After",
        "服务器正在处理的请求太多", "稍后再试";
    /// It took too long.
    TookTooLong = 503, "took_too_long", "the answer took longer than this route may",
        "ask for less, or again later; statements may be sent again safely",
        "处理超过了时限", "缩小范围，或稍后再试";
    /// The writer stopped.
    NotWriting = 503, "not_writing", "the ledger is not writing; the outcome of what was sent may be unknown",
        "send the same bytes again when /readyz says yes: nothing is recorded twice",
        "账本暂时不能写入，刚才提交的结果可能未知", "恢复后原样重新提交：不会重复记录";
    /// Revealing is off.
    NoReveal = 503, "no_reveal", "personal data cannot be revealed: the system key or the vault key is not open",
        "start the server with the vault key and keys/system.key",
        "现在不能显示个人信息：保管库密钥或系统密钥没有打开", "请管理员带密钥启动服务";
}

impl Problem {
    /// A fault with words of its own in place of the fixed ones.
    pub(crate) fn saying(fault: Fault, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::from(fault) }
    }

    /// The same under a code of its own; that the Chinese words end with what is said, in its own
    /// language, is better than to leave it out.
    pub(crate) fn refused(code: &'static str, message: String) -> Self {
        let (generic, hint) = Fault::BadBody.in_chinese();
        let zh = Box::new((format!("{generic}：{message}").into(), hint));
        Self { status: 422, code, zh, ..Self::saying(Fault::BadBody, message) }
    }

    /// The same with its own words in Chinese, which say what to do.
    pub(crate) fn in_chinese(mut self, detail: String) -> Self {
        self.zh.0 = detail.into();
        self
    }

    /// Our own mistake; the cause goes to the log.
    #[expect(clippy::needless_pass_by_value, reason = "it maps errors as they come")]
    pub(crate) fn internal(cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string().into()), ..Self::from(Fault::Internal) }
    }

    /// What is sent.
    pub(crate) fn details(&self) -> Details {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Details {
            r#type: format!("urn:mingzheng:problem:{}", self.code),
            title: status.canonical_reason().unwrap_or_default(),
            status: self.status,
            detail: self.detail.clone(),
            code: self.code,
            hint: self.hint.clone(),
            rule: self.rule,
            detail_zh: self.zh.0.clone(),
            hint_zh: self.zh.1,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let text = serde_json::to_vec(&self.details()).unwrap_or_default();
        let told = self.clone();
        let mut response = Response::new(Body::from(text));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        let media = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media);
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause.into()));
        }
        // For the gate, which tells it as a page where a page was asked for.
        response.extensions_mut().insert(told);
        response
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let retry = matches!(
            fault,
            Fault::TooMany | Fault::Busy | Fault::Crowded | Fault::TookTooLong | Fault::NotWriting
        );
        let in_chinese = fault.in_chinese();
        Self {
            status: fault.status(),
            code: fault.code(),
            detail: fault.detail().to_owned(),
            hint: Some(fault.hint().to_owned()),
            rule: None,
            zh: Box::new((in_chinese.0.into(), in_chinese.1)),
            retry_after_s: retry.then_some(1),
            cause: None,
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        Self {
            status: 422,
            code: rejection.code,
            detail: rejection.message,
            hint: Some(rejection.hint.to_owned()),
            rule: Some(rejection.rule),
            zh: Box::new((rejection.message_zh.into(), rejection.hint_zh)),
            retry_after_s: None,
            cause: None,
        }
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        let hint = error.hint().map(ToOwned::to_owned);
        match error {
            AskError::Question { message, .. } => {
                Self { hint, ..Self::saying(Fault::BadQuery, message) }
            }
            AskError::Refused { message, .. } => Self { hint, ..Self::refused("refused", message) },
            AskError::Nobody => Fault::NotFound.into(),
            AskError::NoVault => Fault::NoReveal.into(),
            AskError::Rejected(rejection) => rejection.into(),
            AskError::Read(error) => error.into(),
            AskError::Index(error) => error.into(),
            AskError::Value(error) => error.into(),
            AskError::Personal(error) => Self::internal(error),
            AskError::Random(error) => Self::internal(error),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Log(LogError::NoSuchEntry { .. }) | ReadError::Tree(_) => {
                Fault::NotFound.into()
            }
            ReadError::Stopped => {
                Self { cause: Some(error.to_string().into()), ..Fault::NotWriting.into() }
            }
            ReadError::Log(_)
            | ReadError::Replay(_)
            | ReadError::Receipt(_)
            | ReadError::Statements => Self::internal(error),
        }
    }
}

impl From<ProjectionError> for Problem {
    fn from(error: ProjectionError) -> Self {
        match error {
            ProjectionError::Read(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Busy => Fault::Busy.into(),
            other => Self { cause: Some(other.to_string().into()), ..Fault::NotWriting.into() },
        }
    }
}

impl From<Malformed> for Problem {
    fn from(error: Malformed) -> Self {
        Self::saying(Fault::BadQuery, error.to_string())
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Refused(rejection) => rejection.into(),
            ImportError::Submit(error) => error.into(),
            ImportError::Read(error) => error.into(),
            ImportError::VaultClosed => Fault::NoReveal.into(),
            other => {
                let refused = Self::refused("roll_refused", other.to_string());
                match other.in_chinese() {
                    Some(zh) => refused.in_chinese(zh),
                    None => refused,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_a_code_of_its_own_and_a_real_status() {
        let codes: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes.len(), Fault::ALL.len());
        for fault in Fault::ALL {
            let status = StatusCode::from_u16(fault.status()).unwrap();
            assert!(status.is_client_error() || status.is_server_error());
            assert!(status.canonical_reason().is_some());
        }
    }

    #[test]
    fn our_mistakes_say_one_fixed_sentence() {
        let problem = Problem::internal("a path, a row, a secret");
        let sent = serde_json::to_string(&problem.details()).unwrap();
        assert!(!sent.contains("secret"), "{sent}");
        let response = problem.into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.extensions().get::<Cause>().unwrap().0, "a path, a row, a secret");
    }
}
