//! Proofs and the static files of a transparency log (c2sp.org/tlog-tiles).
//!
//! Checkpoint, hash tiles and proofs are hashes only, and public; entry bundles are pseudonymous
//! personal data and for those who verify the whole ledger.

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::{Current, One},
    extract::{Part, Query},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json, raw, shape},
    who::Caller,
};
use crate::ledger::ReadError;
use crate::tlog::{
    TreeHash, leaf_hash,
    tile::{TileKind, TilePath, WIDTH, bundle_encode, tile_bytes},
};

const BYTES: &str = "application/octet-stream";
const TEXT: &str = "text/plain; charset=utf-8";

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const GROUP: &str = "proofs";
    const INCLUSION: &[Param] = &[
        Param { name: "index", what: "The entry", required: true, of: shape::<u64>() },
        Param {
            name: "size",
            what: "In the tree of this size; the newest if not said",
            required: false,
            of: shape::<u64>(),
        },
    ];
    const CONSISTENCY: &[Param] = &[
        Param { name: "from", what: "The older size", required: true, of: shape::<u64>() },
        Param {
            name: "to",
            what: "The newer size; the newest if not said",
            required: false,
            of: shape::<u64>(),
        },
    ];
    vec![
        Row::get("/checkpoint", checkpoint)
            .access(Access::Public)
            .doc(GROUP, "The published checkpoint, a signed note")
            .gives(raw("text/plain")),
        Row::get("/tile/{level}/{*path}", tile)
            .access(Access::Public)
            .doc(GROUP, "A hash tile")
            .gives(raw(BYTES)),
        Row::get("/tile/entries/{*path}", bundle)
            .access(Access::Roles(roles::WHOLE_LOG))
            .doc(GROUP, "An entry bundle, for those who verify the whole ledger")
            .gives(raw(BYTES)),
        Row::get("/v1/proofs/inclusion", inclusion)
            .access(Access::Public)
            .doc(GROUP, "The path from an entry's leaf to a root")
            .query(INCLUSION)
            .gives(json::<One<Inclusion>>()),
        Row::get("/v1/proofs/consistency", consistency)
            .access(Access::Public)
            .doc(GROUP, "The path that shows one tree to be the beginning of another")
            .query(CONSISTENCY)
            .gives(json::<One<Consistency>>()),
    ]
}

/// The file that recovery asks for, not what is signed in memory: nothing is shown in public that
/// a power cut could take back.
async fn checkpoint(State(app): State<App>) -> Result<Response, Problem> {
    let note = app.read(|records| {
        let path = records.ledger.folder().join("log/checkpoint");
        std::fs::read(path).map_err(|error| match error.kind() {
            // A ledger in its first second has published nothing.
            std::io::ErrorKind::NotFound => Fault::NotFound.into(),
            _ => Problem::internal(error),
        })
    });
    Ok(([(header::CONTENT_TYPE, TEXT)], note.await?).into_response())
}

/// How long a file may be kept: a full one for ever, a partial one only while it is new.
fn kept(path: &TilePath) -> [(HeaderName, &'static str); 2] {
    let cache = if path.width() == WIDTH {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=60"
    };
    [(header::CONTENT_TYPE, BYTES), (header::CACHE_CONTROL, cache)]
}

async fn tile(
    State(app): State<App>,
    Part((level, path)): Part<(String, String)>,
) -> Result<Response, Problem> {
    let path: TilePath = format!("tile/{level}/{path}").parse().map_err(|_| Fault::NotFound)?;
    let bytes = app.ledger.with_tree(|tree| tile_bytes(tree, &path))?;
    Ok((kept(&path), bytes.map_err(|_| Fault::NotFound)?).into_response())
}

async fn bundle(
    State(app): State<App>,
    caller: Caller,
    Part(path): Part<String>,
) -> Result<Response, Problem> {
    if !caller.covers(None, app.whole) {
        return Err(Fault::OtherDivision.into());
    }
    let path: TilePath = format!("tile/entries/{path}").parse().map_err(|_| Fault::NotFound)?;
    if path.kind() != TileKind::Entries {
        return Err(Fault::NotFound.into());
    }
    let asked = app.read(move |records| {
        let reader = records.ledger.reader();
        let first = path.index().checked_mul(u64::from(WIDTH)).ok_or(Fault::NotFound)?;
        let entries: Result<Vec<_>, _> =
            (first..first + u64::from(path.width())).map(|index| reader.read(index)).collect();
        bundle_encode(&entries.map_err(ReadError::from)?).map_err(Problem::internal)
    });
    Ok((kept(&path), asked.await?).into_response())
}

/// An entry's place in a tree.
#[derive(Serialize, JsonSchema)]
struct Inclusion {
    index: u64,
    size: u64,
    #[schemars(with = "String")]
    leaf: TreeHash,
    #[schemars(with = "String")]
    root: TreeHash,
    #[schemars(with = "Vec<String>")]
    path: Vec<TreeHash>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfEntry {
    index: u64,
    size: Option<u64>,
}

async fn inclusion(
    State(app): State<App>,
    Query(asked): Query<OfEntry>,
) -> Result<One<Inclusion>, Problem> {
    let of = app.clone();
    app.read(move |records| {
        let entry = records.ledger.reader().read(asked.index).map_err(ReadError::from)?;
        let data = records.ledger.with_tree(|tree| {
            let size = asked.size.unwrap_or_else(|| tree.len());
            Ok::<_, crate::tlog::TreeError>(Inclusion {
                index: asked.index,
                size,
                leaf: leaf_hash(&entry),
                root: tree.root_at(size)?,
                path: tree.inclusion(asked.index, size)?,
            })
        })?;
        Ok(Current::of(&of, records.ledger.len())?.with(data.map_err(ReadError::from)?))
    })
    .await
}

/// Two trees of one history.
#[derive(Serialize, JsonSchema)]
struct Consistency {
    from: u64,
    #[schemars(with = "String")]
    from_root: TreeHash,
    to: u64,
    #[schemars(with = "String")]
    to_root: TreeHash,
    #[schemars(with = "Vec<String>")]
    path: Vec<TreeHash>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfTrees {
    from: u64,
    to: Option<u64>,
}

async fn consistency(
    State(app): State<App>,
    Query(asked): Query<OfTrees>,
) -> Result<One<Consistency>, Problem> {
    let data = app.ledger.with_tree(|tree| {
        let to = asked.to.unwrap_or_else(|| tree.len());
        Ok::<_, crate::tlog::TreeError>(Consistency {
            from: asked.from,
            from_root: tree.root_at(asked.from)?,
            to,
            to_root: tree.root_at(to)?,
            path: tree.consistency(asked.from, to)?,
        })
    })?;
    Ok(Current::of(&app, app.ledger.len())?.with(data.map_err(ReadError::from)?))
}
