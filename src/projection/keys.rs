//! Keys of the index's rows as bytes: no key of one kind is the prefix of another's.
//!
//! Under one rules key stand first the traces by index, then one row for each person an index
//! names: indexes are far below 2^56, so that a byte of ones tells the two apart. A person's
//! history is the indexes of the person's traces, and of [`NO_TRACE`] where an entry left none.

use crate::event::RollKind;
use crate::rules::{Key, StatementRef};
use crate::value::{DivisionCode, Hash, Month, PersonId, RollId, Subject, Tag};

/// The cursor's key.
pub(super) const CURSOR: &[u8] = b"mcursor";
/// Prefix of what stands under rules keys.
pub(super) const RULES: &[u8] = b"t";
/// Prefix of the traces of persons.
pub(super) const PERSON_TRACES: &[u8] = b"tz";
/// Prefix of the ID numbers that mistyped ones may stand for.
pub(super) const MEANT: &[u8] = b"tm";

/// The rules key of a row, and how many bytes of the row's key are before what follows it; within,
/// nothing for a key of unknown form. Nothing for other rows.
pub(super) fn rules_key(row: &[u8]) -> Option<Option<(Key, usize)>> {
    let rest = row.strip_prefix(RULES)?;
    Some(Key::from_bytes(rest).map(|(key, len)| (key, len + 1)))
}

/// The person whose trace a key is of; nothing for other keys.
pub(super) fn person_in(key: &[u8]) -> Option<PersonId> {
    let id = key.strip_prefix(PERSON_TRACES)?.first_chunk()?;
    Some(PersonId(*id))
}

/// Prefix of what is said about statements.
pub(super) const VOIDS: &[u8] = b"ts";

/// The statement that such a key is about.
pub(super) fn void_in(key: &[u8]) -> Option<StatementRef> {
    Some(StatementRef(key.get(2..18)?.try_into().ok()?))
}

/// Stands for the number of a trace where an entry about a person left none.
const NO_TRACE: u8 = u8::MAX;
/// Stands for the number in a row that has many traces of a person.
pub(super) const PACKED: u8 = u8::MAX - 1;

/// Index and number in the key of a person's trace; nothing in other keys.
pub(super) fn of_person(key: &[u8]) -> Option<(u64, u8)> {
    let (index, number) = key.strip_prefix(PERSON_TRACES)?.get(16..)?.split_first_chunk::<8>()?;
    match number {
        [number] => Some((u64::from_be_bytes(*index), *number)),
        _ => None,
    }
}

/// The key of another trace of the same person.
pub(super) fn with(key: &[u8], index: u64, number: u8) -> Vec<u8> {
    let mut key = key[..PERSON_TRACES.len() + 16].to_vec();
    key.extend(index.to_be_bytes());
    key.push(number);
    key
}

/// The key of the row that has the trace of this key and others behind it.
pub(super) fn packed(mut first: Vec<u8>) -> Vec<u8> {
    first.pop();
    first.push(PACKED);
    first
}

/// Before the person an index names.
const SEEN: u8 = u8::MAX;

/// All traces of one rules key.
pub(super) fn traces_of(key: &Key) -> Vec<u8> {
    let mut bytes = RULES.to_vec();
    bytes.extend(key.to_bytes());
    bytes
}

/// The same from the bytes of the rules key.
pub(super) fn with_prefix(key: &[u8]) -> Vec<u8> {
    [RULES, key].concat()
}

/// All traces of a person.
pub(super) fn person(person: PersonId) -> Vec<u8> {
    traces_of(&Key::Person(person))
}

/// One trace: of an entry, the `number`-th under this key.
pub(super) fn trace(key: &Key, index: u64, number: u8) -> Vec<u8> {
    let mut bytes = traces_of(key);
    bytes.extend(index.to_be_bytes());
    bytes.push(number);
    bytes
}

/// A person whom an index names, however often.
pub(super) fn seen(key: &Key, person: PersonId) -> Vec<u8> {
    let mut bytes = traces_of(key);
    bytes.push(SEEN);
    bytes.extend(person.0);
    bytes
}

/// The person whom an index names, when the key is such a row of it.
pub(super) fn seen_in(rest: &[u8]) -> Option<PersonId> {
    let (mark, person) = rest.split_first()?;
    (*mark == SEEN).then(|| person.try_into().ok().map(PersonId)).flatten()
}

/// The index in a trace's or history's key: its last eight bytes before `after` more.
pub(super) fn index_in(key: &[u8], after: usize) -> Option<u64> {
    let end = key.len().checked_sub(after)?;
    let bytes = key.get(end.checked_sub(8)?..end)?;
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

/// The history of a subject: all keys that begin so, and how many bytes follow the index in them.
pub(super) fn history_of(subject: &Subject) -> (Vec<u8>, usize) {
    let (kind, id): (u8, &[u8]) = match subject {
        Subject::Person(person) => return (traces_of(&Key::Person(*person)), 1),
        Subject::Case(id) => (b'c', &id.0),
        Subject::Certificate(id) => (b'z', &id.0),
        Subject::Household(id) => (b'h', &id.0),
        Subject::Vehicle(id) => (b'v', &id.0),
        Subject::Payroll(id) => (b'y', &id.0),
        Subject::Roll(id) => (b'r', &id.0),
        Subject::Institution(_)
        | Subject::Actor(_)
        | Subject::Account(_)
        | Subject::Programme(_)
        | Subject::Ledger => {
            let mut bytes = b"hs".to_vec();
            bytes.extend(subject.to_string().as_bytes());
            bytes.push(0);
            return (bytes, 0);
        }
    };
    let mut bytes = vec![b'h', kind];
    bytes.extend(id);
    (bytes, 0)
}

/// One entry of a subject's history; of a person, one that left no trace.
pub(super) fn history(subject: &Subject, index: u64) -> Vec<u8> {
    let (mut bytes, after) = history_of(subject);
    bytes.extend(index.to_be_bytes());
    bytes.extend(std::iter::repeat_n(NO_TRACE, after));
    bytes
}

/// What outside registers report of an ID number: its traces, without the persons who have it.
pub(super) fn history_of_id(tag: &Tag) -> Vec<u8> {
    let mut bytes = traces_of(&Key::Id(*tag));
    bytes.push(0); // the first byte of an index
    bytes
}

/// The entries that carry a certificate number.
pub(super) fn with_number(tag: &Tag) -> Vec<u8> {
    tagged(b"hn", tag)
}

/// One entry that carries a certificate number.
pub(super) fn history_of_number(tag: &Tag, index: u64) -> Vec<u8> {
    let mut bytes = with_number(tag);
    bytes.extend(index.to_be_bytes());
    bytes
}

/// Prefix of the looks at personal data, the newest first.
pub(super) const LOOKS: &[u8] = b"k";

/// A look at personal data: what is later stands before what is earlier.
pub(super) fn look(index: u64) -> Vec<u8> {
    let mut bytes = LOOKS.to_vec();
    bytes.extend((!index).to_be_bytes());
    bytes
}

/// The entry of a look.
pub(super) fn look_in(key: &[u8]) -> Option<u64> {
    Some(!u64::from_be_bytes(key.strip_prefix(LOOKS)?.try_into().ok()?))
}

/// The life of a flag.
pub(super) fn history_of_flag(flag: &Hash) -> Vec<u8> {
    let mut bytes = b"hf".to_vec();
    bytes.extend(flag.as_bytes());
    bytes
}

/// An imported row.
pub(super) fn row(key: &Tag) -> Vec<u8> {
    tagged(b"r", key)
}

/// The rows in force of a kind of roll and a month, in order of their divisions.
pub(super) fn list_of(kind: RollKind, month: Option<Month>) -> Vec<u8> {
    let mut bytes = vec![b'l', kind as u8];
    bytes.extend(month.map_or(u16::MAX, Month::index).to_be_bytes());
    bytes
}

/// Those of them with exactly this division.
pub(super) fn list_in(kind: RollKind, month: Option<Month>, division: DivisionCode) -> Vec<u8> {
    let mut bytes = list_of(kind, month);
    bytes.extend(division.number().to_be_bytes());
    bytes
}

/// One row of a full list.
pub(super) fn list_row(
    kind: RollKind,
    month: Option<Month>,
    division: DivisionCode,
    key: &Tag,
) -> Vec<u8> {
    let mut bytes = list_in(kind, month, division);
    bytes.push(key.version);
    bytes.extend(key.bytes);
    bytes
}

/// A roll.
pub(super) fn roll(id: RollId) -> Vec<u8> {
    let mut bytes = vec![b'q'];
    bytes.extend(id.0);
    bytes
}

fn tagged(prefix: &[u8], tag: &Tag) -> Vec<u8> {
    let mut bytes = prefix.to_vec();
    bytes.push(tag.version);
    bytes.extend(tag.bytes);
    bytes
}

/// The division and row key behind a list's prefix.
pub(super) fn listed(rest: &[u8]) -> Option<(DivisionCode, Tag)> {
    let (division, key) = rest.split_first_chunk::<4>()?;
    let (version, bytes) = key.split_first()?;
    let division = DivisionCode::from_number(u32::from_be_bytes(*division))?;
    Some((division, Tag { version: *version, bytes: bytes.try_into().ok()? }))
}
