//! One changed bit in any byte of a ledger that the real writer wrote is found.

use std::{fs, path::Path};

use mingzheng::{
    audit::{self, Trail},
    frame::Walk,
    tlog::NoteVerifier,
};
use rayon::prelude::*;

use crate::house::House;

const SEGMENT: &str = "log/00000000000000000000.seg";

fn report(folder: &Path, vkey: &NoteVerifier) -> audit::Report {
    let options = audit::Options { vkey: Some(vkey.clone()), ..audit::Options::default() };
    audit::verify(&Trail::open(folder).unwrap(), &options)
}

fn copy(from: &Path, to: &Path) {
    for name in [SEGMENT, "log/checkpoint", "head", "keys/ledger.vkey"] {
        fs::create_dir_all(to.join(name).parent().unwrap()).unwrap();
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[test]
fn a_bit_flipped_in_log_head_or_checkpoint_is_found() {
    let house = House::new(true);
    let vkey = house.ledger.verifier().unwrap();
    let folder = house.close();
    let ledger = folder.path().join("ledger");
    let sound = report(&ledger, &vkey);
    assert!(sound.ok && sound.entries == 19 && sound.unpublished_tail.is_none(), "{sound:?}");
    let end_of_log = {
        let segment = fs::read(ledger.join(SEGMENT)).unwrap();
        let last = Walk::new(&segment).unwrap().last().unwrap();
        usize::try_from(last.0).unwrap() + last.1.bytes().len()
    };
    let len = |name: &str| usize::try_from(fs::metadata(ledger.join(name)).unwrap().len()).unwrap();
    let mut places = Vec::new();
    // All of the segment's header and the first frame's; of the rest a sample, for time.
    let near = |at: &usize| *at < 110 || at.is_multiple_of(31);
    places.extend((0..end_of_log).filter(near).map(|at| (SEGMENT, at)));
    places.extend((0..len("head")).filter(near).map(|at| ("head", at)));
    places.extend((0..len("log/checkpoint")).step_by(3).map(|at| ("log/checkpoint", at)));
    assert!(places.len() > 600, "{}", places.len());
    let missed: Vec<_> = places
        .par_chunks(100)
        .flat_map_iter(|places| {
            let copied = tempfile::tempdir().unwrap();
            copy(&ledger, copied.path());
            let found = places.iter().filter(|(name, at)| {
                let path = copied.path().join(name);
                let good = fs::read(&path).unwrap();
                let mut bad = good.clone();
                bad[*at] ^= 1 << (at % 8);
                fs::write(&path, &bad).unwrap();
                let report = report(copied.path(), &vkey);
                fs::write(&path, &good).unwrap();
                assert_eq!(report.ok, report.violations.is_empty());
                report.ok
            });
            found.copied().collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(missed, []);
}
