//! Layer 6: the console: pages for the people named in the design, in their browsers.
//!
//! Written by the server, read without scripts, in Chinese and English. A page asks the very
//! handlers that answer programs, so that both see the same, by the same roles and divisions; it
//! only says it in words. What signs and verifies runs in the browser, with the reader's own key.
//!
//! | file | what |
//! |---|---|
//! | `view` | how this reader wants it: language, theme, who is signed in; the page as an answer |
//! | `frame` | what stands around every page, and the menu |
//! | `parts` | tables, money, badges, links, pagers |
//! | `words` | every word of the pages, Chinese and English |
//! | `assets` | style and scripts, by address with their hash |
//! | `chart` | charts as inline SVG |
//! | `trouble` | a problem, told as a page |
//! | the others | the pages, by what they are about |
//!
//! # How a page is added
//!
//! 1. Its words: a group in `words.rs` and both files beside it; one that is missing does not
//!    compile.
//! 2. A file with `pub(super) fn rows() -> Vec<Row>`, each row made by [`page`] or [`form`], with
//!    the same [`Access`](crate::service::row::Access) as the route for programs whose handler it
//!    asks, listed in [`pages`] below.
//! 3. A handler: it takes [`view::View`] first (`view.caller()?` is who is signed in,
//!    `view.asked::<T>()?` the strict query, `view.w` the words), asks a handler of the service,
//!    and answers `view.sheet(Sheet { ... })`. A [`Problem`](crate::service::problem::Problem) it
//!    returns is told as a page by the gate.
//! 4. In `frame::MENU` where it belongs to the menu: only those see it who may open it.
//! 5. A line in `tests/browser/pages.json`, so that the browser check opens it.
//!
//! A form that posts needs nothing against forgery: the session's cookie is same-site and the gate
//! refuses a form of another page. Scripts are modules in `assets/`, listed in `assets.rs`; the
//! policy allows nothing inline: hand data over in `data-` attributes.
//!
//! Knows nothing of the command line, and computes nothing that the ledger's answers hold.

mod actors;
mod assets;
mod audit;
mod batch;
mod certificates;
mod chart;
mod demo;
mod desk;
mod entries;
mod flag;
mod flags;
mod frame;
mod notices;
mod overview;
mod own;
mod pack;
mod parts;
mod payments;
mod payroll;
mod people;
mod person;
mod prepare;
mod programmes;
mod report;
mod sign_in;
mod timeline;
mod trouble;
mod upload;
mod view;
mod words;

#[cfg(test)]
mod tests;

use axum::handler::Handler;

use crate::service::{
    App, Pages,
    row::{Access, Face, Row, raw},
};

/// Every page.
#[must_use]
pub fn pages() -> Pages {
    let groups = [
        assets::rows(),
        sign_in::rows(),
        demo::rows(),
        overview::rows(),
        desk::rows(),
        payroll::rows(),
        upload::rows(),
        batch::rows(),
        prepare::rows(),
        people::rows(),
        person::rows(),
        certificates::rows(),
        pack::rows(),
        payments::rows(),
        flags::rows(),
        flag::rows(),
        report::rows(),
        programmes::rows(),
        actors::rows(),
        entries::rows(),
        audit::rows(),
        notices::rows(),
        own::rows(),
        trouble::rows(),
    ];
    Pages(groups.into_iter().flatten().collect())
}

/// A page that is read.
fn page<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, ask: H) -> Row {
    Row::get(path, ask).access(access).face(Face::Page(trouble::tell)).gives(raw("text/html"))
}

/// What a form posts to.
fn form<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, take: H) -> Row {
    Row::post(path, take).access(access).face(Face::Page(trouble::tell)).gives(raw("text/html"))
}
