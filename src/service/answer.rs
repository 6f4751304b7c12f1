//! What every answer carries: what it is current to, and the way to its proof.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{App, problem::Problem};
use crate::answer::Moment;
use crate::tlog::TreeHash;
use crate::value::Day;

/// What an answer is current to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Current {
    /// How many entries were read for it.
    pub(crate) index: u64,
    /// The newest checkpoint's size.
    pub(crate) size: u64,
    /// The newest checkpoint's root.
    #[schemars(with = "String")]
    pub(crate) root: TreeHash,
    /// The day judged, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) on: Option<Day>,
    /// Where the signed checkpoint is.
    pub(crate) checkpoint: &'static str,
    /// Where the receipt of an entry named in the answer is.
    pub(crate) proof: &'static str,
}

/// One thing.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct One<T> {
    pub(crate) current: Current,
    pub(crate) data: T,
}

/// Some of many.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Page<T> {
    pub(crate) current: Current,
    pub(crate) items: Vec<T>,
    /// Ask again with `after` set to this for the rest; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl Current {
    /// Current to the index as it stands.
    pub(crate) fn of(app: &App, index: u64) -> Result<Self, Problem> {
        let checkpoint = app.ledger.checkpoint()?;
        let newest = checkpoint.checkpoint();
        Ok(Self {
            index,
            size: newest.size,
            root: newest.root,
            on: None,
            checkpoint: "/checkpoint",
            proof: "/v1/entries/{index}/receipt",
        })
    }

    /// As of a moment.
    pub(crate) fn at(mut self, moment: &Moment) -> Self {
        self.on = Some(moment.on);
        self.index = moment.last().map_or(self.index, |last| last + 1);
        self
    }

    /// With one thing.
    pub(crate) fn with<T>(self, data: T) -> One<T> {
        One { current: self, data }
    }

    /// With some of many.
    pub(crate) fn page<T>(self, items: Vec<T>, next: Option<String>) -> Page<T> {
        Page { current: self, items, next }
    }
}

impl<T: Serialize> IntoResponse for One<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}
