//! What handlers take out of a request: the caller, a strict query, a strict JSON body, bytes.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{
    problem::{Fault, Problem},
    who::Caller,
};

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The gate put it there, for every row that is not public.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Fault::NoToken.into())
    }
}

/// The query: known parameters only, each once.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        // The words name the parameter and the form it should have, never its value.
        query.map(|query| Self(query.0)).map_err(|_| Fault::BadQuery.into())
    }
}

/// One part of the address.
pub(crate) struct Part<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Part<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Fault::NotFound.into())
    }
}

/// The whole body, within the row's limit.
pub(crate) struct Whole(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await;
        let refused = |rejection: BytesRejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            if too_large { Fault::TooLarge } else { Fault::SlowBody }
        };
        Ok(Self(bytes.map_err(refused)?))
    }
}

/// A JSON body, strict where its type is.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        expect_type(&request, &["application/json"])?;
        let Whole(bytes) = Whole::from_request(request, state).await?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            // Never quotes the text, which may be personal.
            let (line, column) = (error.line(), error.column());
            let detail = format!("the body is not valid at line {line}, column {column}");
            Problem::saying(Fault::BadBody, detail)
        })?;
        Ok(Self(value))
    }
}

/// The fields of a form: known ones only.
pub(crate) struct FormBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for FormBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        expect_type(&request, &["application/x-www-form-urlencoded"])?;
        let Whole(bytes) = Whole::from_request(request, state).await?;
        // Never quotes the text, which may be personal.
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| Fault::BadBody.into())
    }
}

/// Refuses a body of another content type.
pub(crate) fn expect_type(request: &Request, media: &[&str]) -> Result<(), Problem> {
    let given = request.headers().get(header::CONTENT_TYPE);
    let given = given.and_then(|given| given.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim();
    if media.iter().any(|media| media.eq_ignore_ascii_case(given)) {
        Ok(())
    } else {
        Err(Fault::WrongType.into())
    }
}
