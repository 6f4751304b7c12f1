#!/bin/sh
# Writes the schemas and the marked blocks of the READMEs in events/ from the types.
# Examples and prose are never touched. Without this, `cargo test catalogue` only compares.
set -eu
cd "$(dirname "$0")/.."
MINGZHENG_WRITE_CATALOGUE=1 cargo test --test it catalogue::pages
cargo test --test it catalogue
