//! Style and scripts, built into the program. An address holds the hash of its content, so that a
//! browser keeps it for good and never mixes two versions.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::page;
use crate::service::{
    extract::Part,
    problem::{Fault, Problem},
    row::{Access, Row},
};
use crate::value::base32;

/// One file.
struct Asset {
    name: &'static str,
    media: &'static str,
    text: &'static str,
    address: String,
}

/// The files: name, media type, content. Modules that import each other do it by relative address
/// (`./cbor.js`), so all lie in one folder named by the hash of them all.
const FILES: &[(&str, &str, &str)] = &[
    ("console.css", CSS, include_str!("assets/console.css")),
    ("desk.css", CSS, include_str!("assets/desk.css")),
    ("audit.js", JS, include_str!("assets/audit.js")),
    ("blake3.js", JS, include_str!("assets/blake3.js")),
    ("bytes.js", JS, include_str!("assets/bytes.js")),
    ("cbor.js", JS, include_str!("assets/cbor.js")),
    ("client.js", JS, include_str!("assets/client.js")),
    ("code.js", JS, include_str!("assets/code.js")),
    ("console.js", JS, include_str!("assets/console.js")),
    ("cose.js", JS, include_str!("assets/cose.js")),
    ("draft.js", JS, include_str!("assets/draft.js")),
    ("ed25519.js", JS, include_str!("assets/ed25519.js")),
    ("element.js", JS, include_str!("assets/element.js")),
    ("entry.js", JS, include_str!("assets/entry.js")),
    ("form.js", JS, include_str!("assets/form.js")),
    ("keys.js", JS, include_str!("assets/keys.js")),
    ("left_rows.js", JS, include_str!("assets/left_rows.js")),
    ("pack.js", JS, include_str!("assets/pack.js")),
    ("payroll.js", JS, include_str!("assets/payroll.js")),
    ("plain.js", JS, include_str!("assets/plain.js")),
    ("seal.js", JS, include_str!("assets/seal.js")),
    ("sign.js", JS, include_str!("assets/sign.js")),
    ("sign_in.js", JS, include_str!("assets/sign_in.js")),
    ("step.js", JS, include_str!("assets/step.js")),
    ("timeline.js", JS, include_str!("assets/timeline.js")),
    ("tlog.js", JS, include_str!("assets/tlog.js")),
    ("verify_step.js", JS, include_str!("assets/verify_step.js")),
    ("words.js", JS, include_str!("assets/words.js")),
    ("working.js", JS, include_str!("assets/working.js")),
    ("zip.js", JS, include_str!("assets/zip.js")),
];

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
/// A year: the content of an address never changes.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut all = blake3::Hasher::new();
    for (name, _, text) in FILES {
        all.update(name.as_bytes()).update(&[0]).update(text.as_bytes()).update(&[0]);
    }
    let folder = base32(&all.finalize().as_bytes()[..10]);
    let asset = |(name, media, text): &(&'static str, &'static str, &'static str)| {
        let address = format!("/console/assets/{folder}/{name}");
        Asset { name, media, text, address }
    };
    FILES.iter().map(asset).collect()
});

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    vec![
        page("/console/assets/{folder}/{name}", Access::Public, asset)
            .doc("console", "Style and scripts"),
    ]
}

/// Where a file is.
pub(super) fn address(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| asset.address.as_str())
}

async fn asset(Part((folder, name)): Part<(String, String)>) -> Result<Response, Problem> {
    let address = format!("/console/assets/{folder}/{name}");
    let asset = ASSETS.iter().find(|asset| asset.address == address).ok_or(Fault::NotFound)?;
    let media = HeaderValue::from_static(asset.media);
    let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, FOR_GOOD)];
    Ok((headers, asset.text).into_response())
}
