//! The table of routes: all there is, in the order of the document.

use super::{
    drafts, draw, entries, erasure, evidence, feed, flag, flags, kinds, lists, looks, meta,
    notices, openapi, own, packs, payrolls, people, proofs, proposals, raise, reports, reveal,
    rolls, row::Row, statements, tags,
};

/// Every row.
pub(super) fn rows() -> Vec<Row> {
    let groups = [
        meta::rows(),
        openapi::rows(),
        statements::rows(),
        drafts::rows(),
        proposals::rows(),
        draw::rows(),
        evidence::rows(),
        tags::rows(),
        rolls::rows(),
        kinds::rows(),
        people::rows(),
        reveal::rows(),
        erasure::rows(),
        own::rows(),
        notices::rows(),
        lists::rows(),
        payrolls::rows(),
        flags::rows(),
        flag::rows(),
        raise::rows(),
        entries::rows(),
        looks::rows(),
        feed::rows(),
        proofs::rows(),
        reports::rows(),
        packs::rows(),
    ];
    groups.into_iter().flatten().collect()
}
