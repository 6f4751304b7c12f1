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
    ("console.js", JS, include_str!("assets/console.js")),
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
