//! The table of routes: all there is, in the order of the document.

use super::{
    drafts, draw, entries, evidence, feed, flag, flags, lists, meta, notices, openapi, own, people,
    proofs, reports, rolls, row::Row, statements,
};

/// Every row.
pub(super) fn rows() -> Vec<Row> {
    let groups = [
        meta::rows(),
        openapi::rows(),
        statements::rows(),
        drafts::rows(),
        draw::rows(),
        evidence::rows(),
        rolls::rows(),
        people::rows(),
        own::rows(),
        notices::rows(),
        lists::rows(),
        flags::rows(),
        flag::rows(),
        entries::rows(),
        feed::rows(),
        proofs::rows(),
        reports::rows(),
    ];
    groups.into_iter().flatten().collect()
}
