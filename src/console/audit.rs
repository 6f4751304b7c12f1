//! Verifying in the browser: the audit page, the check page for anybody, and the receipt that a
//! person takes home from the counter.
//!
//! A receipt's QR code holds the address of the check page and, behind the hash sign, where no
//! server sees it, the code `mzr1:<origin>:<index>:<leaf hash>`. With the published checkpoint that
//! is enough to check that the entry is on the ledger, unchanged; it says nothing about anybody.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use data_encoding::BASE64URL_NOPAD;
use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

use super::{
    frame::Place,
    page, parts,
    view::{Sheet, View},
    words,
};
use crate::service::{
    answer::Current,
    extract::Part,
    problem::Problem,
    row::{Access, Row, raw},
    session,
};
use crate::tlog::leaf_hash;

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/audit", Access::Enrolled, audit)
            .doc("console", "Checkpoints, receipts and packs, checked in the browser"),
        page("/console/check", Access::Public, check)
            .doc("console", "A receipt checked by anybody, in the browser"),
        page("/console/receipts/{index}", Access::Enrolled, receipt)
            .doc("console", "The receipt of an entry to print, with its QR code"),
        page("/console/receipts/{index}/file", Access::Enrolled, file)
            .doc("console", "The receipt of an entry as a file, for whoever may read the entry")
            .gives(raw("text/plain")),
    ]
}

async fn audit(view: View) -> Result<Response, Problem> {
    let w = words::desk::of(view.lang);
    let current = Current::of(&view.app, view.app.ledger.len())?;
    let genesis = view.app.ledger.with_tree(|tree| tree.leaf(0))?;
    let note = view.app.ledger.checkpoint()?.note().to_string();
    let body = html! {
        p { (w.audit_what) }
        noscript { p.note { (w.needs_script) } }
        section.card aria-labelledby="now" {
            h2 #now { (w.now) }
            dl.facts {
                dt { (w.note_key) } dd { code { (view.app.vkey) } }
                @if let Some(genesis) = genesis { dt { (w.genesis) } dd { code { (genesis) } } }
            }
            pre tabindex="0" role="region" aria-label=(view.w.frame.checkpoint) { (note) }
            p.actions { a.button.quiet href="/checkpoint" download="checkpoint.txt" { (view.w.common.download) } }
        }
        (drop_card(&view))
        section.card aria-labelledby="compare" {
            h2 #compare { (w.compare) }
            p { (w.compare_what) }
            form data-compare {
                (parts::field("older", w.older, None, &html! { textarea #older rows="5" required spellcheck="false" {} }))
                (parts::field("newer", w.newer, None, &html! {
                    textarea #newer rows="5" required spellcheck="false" { (note) }
                }))
                p.actions { button type="submit" { (w.compare_button) } }
                div data-compared aria-live="polite" {}
            }
        }
    };
    let title = w.audit.to_owned();
    let place = Some(Place::Audit);
    Ok(view.sheet(&Sheet { title, place, current: Some(&current), body }))
}

/// Where a receipt, a pack or a checkpoint is dropped.
fn drop_card(view: &View) -> Markup {
    let w = words::desk::of(view.lang);
    html! {
        section.card aria-labelledby="drop" {
            h2 #drop { (w.drop_title) }
            p { (w.drop_what) }
            div.drop data-drop data-titles=(parts::event_titles(view.lang)) {
                (parts::field("file", w.file, None, &html! { input #file type="file"; }))
            }
            (parts::field("vkey", w.own_key, Some(w.own_key_hint), &html! {
                input #vkey type="text" data-vkey maxlength="600" autocomplete="off" spellcheck="false"
                    aria-describedby="vkey-hint";
            }))
            div data-result aria-live="polite" {}
        }
    }
}

async fn check(view: View) -> Response {
    let w = words::desk::of(view.lang);
    let body = html! {
        p { (w.check_what) }
        noscript { p.note { (w.needs_script) } }
        section.card aria-labelledby="coded" {
            h2 #coded { (w.code_title) }
            form data-code {
                (parts::field("code", w.code, None, &html! {
                    input #code type="text" required maxlength="400" autocomplete="off" spellcheck="false";
                }))
                p.actions { button type="submit" { (w.check_button) } }
                div data-coded aria-live="polite" {}
            }
        }
        (drop_card(&view))
    };
    view.sheet(&Sheet { title: w.check.to_owned(), place: None, current: None, body })
}

async fn receipt(
    view: View,
    headers: HeaderMap,
    Part(index): Part<u64>,
) -> Result<Response, Problem> {
    // Who may read the entry may have its receipt.
    let found = super::desk::readable(&view, index).await?;
    let line = &found.data;
    let entry = view.app.ledger.reader().read(index).map_err(crate::ledger::ReadError::from)?;
    let leaf = leaf_hash(&entry);
    let origin = view.app.ledger.origin();
    let code = format!("mzr1:{origin}:{index}:{}", BASE64URL_NOPAD.encode(&leaf.0));
    let address = format!("{}/console/check#{code}", own_address(&view, &headers));
    let w = words::desk::of(view.lang);
    let body = html! {
        section.card.receipt {
            div {
                p { (w.receipt_what) }
                dl.facts {
                    dt { (w.recorded_as) } dd { (parts::event_title(view.lang, &line.name)) }
                    dt { (view.w.common.date) } dd { (line.at) }
                    dt { (view.w.entries.recorded) } dd { (line.recorded) }
                    dt { (view.w.timeline.signed_by) }
                    dd { (parts::role(&view, line.role)) " · " (parts::organisation(&view, &line.organisation)) }
                    dt { (view.w.common.entry) } dd { (parts::entry(&view, index)) }
                    dt { (view.w.frame.ledger) } dd { code { (origin) } }
                }
            }
            figure.qr {
                (qr(&address, w.receipt)?)
                figcaption { code data-receipt-code { (code) } }
            }
        }
        p.soft { (w.code_holds) }
        p.actions {
            a.button href={ "/console/receipts/" (index) "/file" } download={ "receipt-" (index) ".txt" } {
                (w.receipt_file)
            }
            button.quiet type="button" hidden data-print { (w.print) }
        }
    };
    let title = format!("{} {index}", w.receipt);
    Ok(view.sheet(&Sheet { title, place: None, current: Some(&found.current), body }))
}

async fn file(view: View, Part(index): Part<u64>) -> Result<Response, Problem> {
    super::desk::readable(&view, index).await?;
    let receipt = view.app.read(move |records| Ok(records.ledger.receipt(index)?.to_string()));
    let media = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((media, receipt.await?).into_response())
}

/// How the reader's browser reached this server: what the code sends the next reader to.
fn own_address(view: &View, headers: &HeaderMap) -> String {
    let text =
        |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let plain = |host: &&str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        host.len() <= 255 && host.chars().all(allowed)
    };
    let host = text(header::HOST).filter(plain).unwrap_or("localhost");
    let secure = session::is_secure(&view.app, headers);
    format!("{}://{host}", if secure { "https" } else { "http" })
}

/// A QR code as SVG: one path of squares, dark on light in every theme, so that it scans.
fn qr(text: &str, name: &str) -> Result<Markup, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Problem::internal)?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    // Four squares of silence on each side, as the standard asks.
    let squares: String =
        dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4)).collect();
    let side = width + 8;
    Ok(html! {
        svg role="img" aria-label=(name) viewBox={ "0 0 " (side) " " (side) } shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#ffffff" {}
            path d=(squares) fill="#000000" {}
        }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_its_quiet_zone_is_empty() {
        let svg = qr("https://ledger.example/console/check#mzr1:a:1:x", "Receipt").unwrap();
        let svg = svg.into_string();
        let side: usize =
            svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!((side - 8 - 17).is_multiple_of(4), "a version's width is 17 + 4v");
        let starts: Vec<(usize, usize)> = svg
            .split('M')
            .skip(1)
            .filter_map(|part| part.split('h').next()?.split_once(' '))
            .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
            .collect();
        assert!(starts.len() > 100);
        assert!(starts.iter().all(|(x, y)| (4..side - 4).contains(x) && (4..side - 4).contains(y)));
        // The three finder patterns.
        for corner in [(4, 4), (side - 5, 4), (4, side - 5)] {
            assert!(starts.contains(&corner), "{corner:?}");
        }
    }

    /// The picture of a code, in grey, as a reader's camera would see it.
    fn picture(svg: &str) -> (usize, Vec<u8>) {
        const SCALE: usize = 4;
        let side: usize =
            svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let width = side * SCALE;
        let mut grey = vec![255; width * width];
        for square in svg.split('M').skip(1) {
            let (x, y) = square.split('h').next().unwrap().split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            for row in y * SCALE..(y + 1) * SCALE {
                grey[row * width + x * SCALE..row * width + (x + 1) * SCALE].fill(0);
            }
        }
        (width, grey)
    }

    /// What a code says to whoever reads its picture.
    pub(in crate::console) fn read(svg: &str) -> String {
        let (width, grey) = picture(svg);
        let picture = |x, y| grey[y * width + x];
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, width, picture);
        let codes = picture.detect_grids();
        assert_eq!(codes.len(), 1, "one code");
        codes[0].decode().unwrap().1
    }

    #[test]
    fn a_code_is_read_back_as_it_was_written() {
        for text in ["a", "https://ledger.example:8700/console/check#mzr1:a/b:4294967295:_-x"] {
            assert_eq!(read(&qr(text, "Receipt").unwrap().into_string()), text);
        }
    }
}
