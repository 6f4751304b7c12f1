//! The rolls of homes say of them what the ledger holds.

use std::collections::{BTreeMap, BTreeSet};

use super::{DemoHouse, flags, lived_city, options_at};
use crate::crypto::TagKind;
use crate::demo::city::scene::Scene;
use crate::event::{Body, Recorded};
use crate::ledger::SetClock;
use crate::rolls::{Hint, ImportOptions, Importer, KnownRow, KnownRows, RollKind, read_roll};
use crate::value::{Day, DivisionCode, Hash, HouseholdId, Month, PersonId, Tag};

/// An empty ledger knows no row.
struct NoRows;

impl KnownRows for NoRows {
    fn row(&self, _: &Tag) -> Option<KnownRow> {
        None
    }
    fn rows_of(
        &self,
        _: crate::event::RollKind,
        _: DivisionCode,
        _: Option<Month>,
    ) -> Vec<(Tag, KnownRow)> {
        Vec::new()
    }
}

/// Who lives or lived in a household: ID number, whether the head, relation, days.
type Members = BTreeSet<String>;

/// What a ledger holds of homes, in the words of no ledger: the members of each household, and the
/// works with the members of theirs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Homes {
    households: Vec<Members>,
    works: Vec<(Members, String)>,
}

/// Reads a ledger's homes; `ids` are the numbers that anybody may have.
fn homes(house: &DemoHouse, ids: &BTreeSet<String>) -> Homes {
    let store = house.ledger.personal().unwrap();
    let events: Vec<Recorded> =
        (0..house.ledger.len()).map(|index| house.ledger.event(index).unwrap()).collect();
    let number = |person: PersonId| {
        let found = ids.iter().find(|id| {
            let tag = store.tag(TagKind::Id, id);
            house.ledger.with_state(|state| state.people.by_tag(&tag)).unwrap() == Some(person)
        });
        found.cloned().expect("somebody of the walks")
    };
    let mut left: BTreeMap<(HouseholdId, PersonId), Day> = BTreeMap::new();
    for event in &events {
        if let Body::HouseholdMemberLeft(data) = &event.payload.body {
            left.insert((data.household, data.person), data.to);
        }
    }
    let mut households: BTreeMap<HouseholdId, Members> = BTreeMap::new();
    for event in &events {
        if let Body::HouseholdMemberJoined(data) = &event.payload.body {
            let to = data.to.or_else(|| left.get(&(data.household, data.person)).copied());
            let (head, relation, from) = (data.is_head, data.relation, data.from);
            let member = format!("{} {head} {relation:?} {from} {to:?}", number(data.person));
            households.entry(data.household).or_default().insert(member);
        }
    }
    let works = events.iter().filter_map(|event| {
        let Body::WorksAccepted(data) = &event.payload.body else { return None };
        let opened =
            store.open_sealed(&event.payload.sealed[0], &event.subject, "works.accepted").unwrap();
        let tagged = opened.address.as_ref().and_then(|text| store.tagger().dwelling(text));
        assert_eq!(data.dwelling, tagged);
        let said = format!(
            "{} {} {} {:?} {:?} {:?} {:?} {} {} {:?} {:?} {:?}",
            event.payload.at,
            data.programme,
            number(data.person.unwrap()),
            data.before,
            data.after,
            data.acceptance,
            data.side,
            data.cost.0,
            data.grade.map_or("", crate::value::HouseGrade::name),
            opened.name,
            opened.id_number,
            opened.address,
        );
        Some((households[&data.household].clone(), said))
    });
    let mut works: Vec<_> = works.collect();
    works.sort();
    let mut households: Vec<_> = households.into_values().collect();
    households.sort();
    Homes { households, works }
}

#[test]
fn rolls_of_homes_say_what_the_ledger_holds() {
    let folder = tempfile::tempdir().unwrap();
    let day: Day = "2026-03-31".parse().unwrap();
    let (city, house) = lived_city(&folder.path().join("ledger"), day);
    let scene: Scene = city.desk.as_ref().unwrap().homes();
    let ids: BTreeSet<_> = scene.lodgers.iter().map(|lodger| lodger.id.clone()).collect();
    let held = homes(&house, &ids);
    assert!(held.households.len() >= 10 && held.works.len() >= 10, "{held:?}");
    let mut rolls = Vec::new();
    city.write_home_rolls(&mut |name, text| {
        rolls.push((name.to_owned(), text.to_owned()));
        Ok(())
    })
    .unwrap();
    drop(house);

    let clock = SetClock::at(day.plus_days(1).start_millis());
    let path = folder.path().join("another");
    let empty = DemoHouse::found_city(&path, "demo.example/other", options_at(&clock)).unwrap();
    let mut kinds = Vec::new();
    for (name, text) in &rolls {
        let roll = read_roll(name, text.as_bytes(), &Hint::default()).unwrap();
        kinds.push(roll.kind.to_string());
        let sender = match roll.kind {
            RollKind::Works(_) => "411700-dpf-2",
            _ => "411700-clerk-1",
        };
        let options = ImportOptions {
            division: "411700".parse().unwrap(),
            complete: false,
            dry_run: false,
            at: day.plus_days(1),
        };
        let pen = empty.pen(sender).unwrap();
        let importer = Importer { ledger: &empty.ledger, known: &NoRows, pen, options };
        let report = importer.import(name, text.as_bytes(), &roll, &mut |_, _| ()).unwrap();
        assert!(report.refused.is_empty() && report.rejected.is_empty(), "{report:?}");
        assert_eq!(text.lines().count(), roll.rows.len() + 1);
    }
    assert_eq!(kinds, ["households", "works:house_renovation", "works:home_adaptation"]);
    assert_eq!(homes(&empty, &ids), held);

    // Whose works show a picture that others show, without any application.
    let mut pictures: BTreeMap<Hash, usize> = BTreeMap::new();
    for works in &scene.works {
        *pictures.entry(works.before).or_default() += 1;
    }
    let store = empty.ledger.personal().unwrap();
    let shared = scene.works.iter().filter(|works| pictures[&works.before] > 1);
    let due: BTreeSet<_> =
        shared.map(|works| (store.tag(TagKind::Id, &works.id), works.programme)).collect();
    assert!(due.len() >= 4, "{due:?}");
    let raised = flags(&empty.ledger, day.plus_days(1)).into_iter();
    let raised = raised.filter(|(rule, ..)| *rule == "R39");
    let raised: BTreeSet<_> = raised.map(|(_, id, programme, _)| (id, programme)).collect();
    assert_eq!(raised, due.into_iter().map(|(id, of)| (Some(id), Some(of))).collect());
}
