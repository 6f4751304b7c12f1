//! Rules about cases on the ledger: R09, R21-R23, R25-R27, R29, R30, R33-R35, R36c, R42-R46.

mod days;
mod issue;
mod moves;
mod officers;
mod papers;

use super::super::scenario::Log;
use super::flags;
use super::walk::{changed, office, tell};

/// What it is, the lines of the lawful case that are others, the flags of person 1.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

fn told(changes: &[(&str, &str)]) -> Log {
    let mut log = Log::default();
    office(&mut log);
    tell(&mut log, &changed(changes));
    log
}

fn rows(rows: &[Row<'_>]) {
    for (name, changes, expected) in rows {
        assert_eq!(flags(&told(changes)), *expected, "{name}");
    }
}

#[test]
fn a_lawful_case_raises_nothing() {
    assert_eq!(flags(&told(&[])), "");
}
