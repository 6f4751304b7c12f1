//! The vault on a disk that fails, is damaged, or is written anew.

use super::*;
use crate::log::{Fault, MemoryFiles, Outcome};

const ORIGIN: &str = "example.org/log";
const CHECK: KeyCheck = [1; 32];

fn record(number: u8) -> Record {
    Record {
        id_tag: Tag { version: 1, bytes: [number; 20] },
        key: KeyId([number; 16]),
        wrapped: [number; 72],
        evidence_root: [number; 32],
    }
}

fn create(files: &MemoryFiles) -> Result<Vault, VaultError> {
    Vault::create(Box::new(files.clone()), ORIGIN, CHECK)
}

fn open(files: &MemoryFiles) -> Result<Vault, VaultError> {
    Vault::open(Box::new(files.clone()), ORIGIN, CHECK)
}

fn all(vault: &Vault) -> Vec<Record> {
    vault.records.numbers().map(|at| vault.record(at).unwrap()).collect()
}

#[test]
fn records_are_found_by_tag_and_key_after_reopening() {
    let files = MemoryFiles::new();
    let mut vault = create(&files).unwrap();
    vault.add(&[record(1), record(2)]).unwrap();
    // The identity of the second person is corrected, and the first gets a second key.
    let linked = Record { id_tag: record(3).id_tag, ..record(2) };
    let second = Record { key: KeyId([9; 16]), ..record(1) };
    vault.add(&[linked, second]).unwrap();
    assert_eq!(vault.add(&[linked]), Err(VaultError::Twice { key: linked.key }));
    assert_eq!(vault.add(&[record(7), record(7)]).err(), {
        Some(VaultError::Twice { key: record(7).key })
    });
    for vault in [vault, open(&files.power_cut(0)).unwrap()] {
        assert_eq!(vault.len(), 4);
        assert_eq!(vault.keys(&record(1).id_tag), [record(1).key, second.key]);
        assert_eq!(vault.keys(&record(3).id_tag), [linked.key]);
        assert_eq!(vault.by_key(&record(2).key), Ok(Some(record(2))));
        assert!(vault.has(&record(2).key) && !vault.has(&KeyId([8; 16])));
        assert_eq!(vault.by_key(&KeyId([8; 16])), Ok(None));
        assert_eq!(vault.by_tag_and_key(&linked.id_tag, &linked.key), Ok(Some(linked)));
        assert_eq!(vault.by_tag_and_key(&record(1).id_tag, &second.key), Ok(Some(second)));
        assert_eq!(vault.by_tag_and_key(&record(1).id_tag, &linked.key), Ok(None));
        assert!(vault.keys(&record(8).id_tag).is_empty());
    }
}

#[test]
fn a_wrong_key_origin_or_file_is_named() {
    let files = MemoryFiles::new();
    assert_eq!(open(&files).err(), Some(VaultError::NoVault));
    create(&files).unwrap();
    assert_eq!(create(&files).err(), Some(VaultError::Exists));
    let other = Vault::open(Box::new(files.clone()), ORIGIN, [2; 32]);
    assert_eq!(other.err(), Some(VaultError::WrongKey));
    let other = Vault::open(Box::new(files.clone()), "example.org/other", CHECK);
    assert_eq!(other.err(), Some(VaultError::OtherOrigin));
}

#[test]
fn every_operation_fails_in_every_way_and_no_key_is_lost() {
    let batches = [vec![record(1)], (10..20).map(record).collect(), vec![record(2), record(3)]];
    let calm = MemoryFiles::new();
    let mut vault = create(&calm).unwrap();
    batches.iter().for_each(|batch| vault.add(batch).unwrap());
    let mut torn = 0;
    for at in 0..calm.operations() {
        let masks = [1, 2, 4, 8, !1, !2, !4, !8].map(Outcome::Torn);
        for outcome in [Outcome::Lost, Outcome::Kept].into_iter().chain(masks) {
            for power in [None, Some(0)] {
                let files = MemoryFiles::new();
                files.fail(Fault { at, outcome });
                let mut durable = Vec::new();
                let mut doubtful = Vec::new();
                if let Ok(mut vault) = create(&files) {
                    for batch in &batches {
                        match vault.add(batch) {
                            Ok(()) => durable.extend_from_slice(batch),
                            Err(error) => {
                                assert!(matches!(error, VaultError::Unknown { .. }));
                                assert_eq!(vault.add(batch), Err(error));
                                doubtful = batch.clone();
                                break;
                            }
                        }
                    }
                } else if open(&files).is_err() {
                    continue;
                }
                let files = power.map_or_else(|| files.clone(), |mask| files.power_cut(mask));
                let mut vault = open(&files).unwrap();
                torn += usize::from(vault.torn_bytes() > 0);
                let shown = all(&vault);
                let whole = [durable.clone(), doubtful].concat();
                assert!(shown == durable || shown == whole, "{at} {outcome:?} {power:?}");
                assert_eq!(all(&open(&files.power_cut(0)).unwrap()), shown);
                vault.add(&[record(40)]).unwrap();
                assert_eq!(open(&files.power_cut(0)).unwrap().len(), shown.len() + 1);
            }
        }
    }
    assert!(torn > 5, "{torn}");
}

#[test]
fn a_record_that_changed_behind_the_open_vault_is_not_used() {
    let files = MemoryFiles::new();
    let mut vault = create(&files).unwrap();
    vault.add(&[record(1)]).unwrap();
    vault.add(&[record(2), record(3)]).unwrap();
    let good = files.bytes(FILE).unwrap();
    for number in 1..=3 {
        let place = usize::try_from(vault.records.place(u32::from(number) - 1)).unwrap();
        assert_eq!(good[place..place + RECORD_BYTES], record(number).encode());
        let offset = place as u64;
        for (at, byte) in (offset..).zip(record(number).encode()) {
            vault.file.write_at(at, &[byte ^ 0x40]).unwrap();
            assert_eq!(vault.by_key(&record(number).key), Err(VaultError::Changed { offset }));
            vault.file.write_at(at, &[byte]).unwrap();
        }
        assert_eq!(vault.by_key(&record(number).key), Ok(Some(record(number))));
    }
}

#[test]
fn any_flip_is_damage_and_changes_nothing() {
    let files = MemoryFiles::new();
    let mut vault = create(&files).unwrap();
    vault.add(&[record(1), record(2)]).unwrap();
    vault.add(&[record(3)]).unwrap();
    let good = files.bytes(FILE).unwrap();
    for at in 0..usize::try_from(vault.end).unwrap() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        files.put(FILE, &bytes);
        assert!(open(&files).is_err(), "{at}");
        assert_eq!(files.bytes(FILE).unwrap(), bytes);
    }
}

#[test]
fn erasure_leaves_no_byte_of_the_key_and_wraps_the_others_anew() {
    let files = MemoryFiles::new();
    let mut vault = create(&files).unwrap();
    vault.add(&[record(0x51), record(0x52), record(0x53)]).unwrap();
    let keys = HashSet::from([record(0x52).key]);
    let refused = vault.erase(&keys, [2; 32], |_| None);
    assert_eq!(refused, Err(VaultError::Rewrap { key: record(0x51).key }));
    assert_eq!(vault.len(), 3);

    vault.erase(&keys, [2; 32], |record| Some(record.wrapped.map(|byte| !byte))).unwrap();
    let bytes = files.bytes(FILE).unwrap();
    assert!(!bytes.windows(16).any(|part| part == [0x52; 16]));
    assert!(!bytes.windows(72).any(|part| part == record(0x51).wrapped));
    assert_eq!(vault.by_key(&record(0x52).key), Ok(None));
    vault.add(&[record(0x54)]).unwrap();
    assert_eq!(open(&files).err(), Some(VaultError::WrongKey));
    let again = Vault::open(Box::new(files), ORIGIN, [2; 32]).unwrap();
    assert_eq!(all(&again), all(&vault));
    assert_eq!(again.by_key(&record(0x51).key).unwrap().unwrap().wrapped, [!0x51; 72]);
}

#[test]
fn an_erasure_that_fails_leaves_the_old_vault_or_the_new() {
    for (outcome, check, len) in [(Outcome::Lost, CHECK, 2), (Outcome::Kept, [2; 32], 1)] {
        let files = MemoryFiles::new();
        let mut vault = create(&files).unwrap();
        vault.add(&[record(1), record(2)]).unwrap();
        files.fail(Fault { at: files.operations(), outcome });
        let keys = HashSet::from([record(1).key]);
        let error = vault.erase(&keys, [2; 32], |record| Some(record.wrapped));
        assert!(matches!(error, Err(VaultError::Unknown { .. })));
        assert_eq!(vault.add(&[record(3)]), error);
        let vault = Vault::open(Box::new(files.power_cut(0)), ORIGIN, check).unwrap();
        assert_eq!(vault.len(), len);
    }
}

#[test]
fn more_records_than_a_frame_holds_become_two() {
    let files = MemoryFiles::new();
    let mut vault = create(&files).unwrap();
    let many = (0..BATCH_RECORDS + 1).map(|number| {
        let mut record = record(0);
        record.key.0[..8].copy_from_slice(&(number as u64).to_be_bytes());
        record.id_tag.bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
        record
    });
    let many = many.collect::<Vec<_>>();
    vault.add(&many).unwrap();
    assert_eq!(all(&open(&files).unwrap()), many);
    vault.erase(&HashSet::new(), [2; 32], |record| Some(record.wrapped)).unwrap();
    let again = Vault::open(Box::new(files), ORIGIN, [2; 32]).unwrap();
    assert_eq!(all(&again), many);
}

#[test]
fn a_copy_beside_the_writer_has_the_whole_batches() {
    let files = MemoryFiles::new();
    let mut vault = create(&files).unwrap();
    assert_eq!(whole_bytes(&files.bytes(FILE).unwrap()) as u64, vault.end);
    vault.add(&[record(1), record(2)]).unwrap();
    let first = vault.end;
    vault.add(&[record(3)]).unwrap();
    let good = files.bytes(FILE).unwrap();
    assert_eq!(whole_bytes(&good) as u64, vault.end);
    // The second batch is just being written.
    let mut bytes = good.clone();
    bytes[usize::try_from(vault.end).unwrap() - 1] = 0;
    assert_eq!(whole_bytes(&bytes) as u64, first);
    bytes[usize::try_from(first).unwrap()..].fill(0);
    files.put(FILE, &bytes);
    assert_eq!(all(&open(&files).unwrap()), [record(1), record(2)]);
    assert_eq!(whole_bytes(&[]), 0);
}
