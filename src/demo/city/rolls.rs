//! The city's rolls: texts as offices make them, read and imported like any file.
//!
//! One roll at a time is made, from the scenes of one county or of a part of it, and forgotten when
//! it is in: none grows with the city.

mod sheet;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use super::frame::{COUNTIES, Frame};
use super::scene::{LIVING, List, NURSING, Scene};
use crate::demo::{DemoError, DemoHouse};
use crate::event::{self, Body};
use crate::rolls::{
    Hint, ImportOptions, Importer, KnownRow, KnownRows, RollError, RollKind, read_roll,
};
use crate::value::{CertificateId, Day, DivisionCode, Month, PersonId, Programme, Subject, Tag};
use sheet::{Sheet, Table};

/// Sends every roll of the city: registers and lists before payments, month by month. Returns the
/// number of rows.
pub(super) fn send(
    house: &DemoHouse,
    frame: &Frame,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, DemoError> {
    let mut rows = 0;
    for sheet in sheets(frame) {
        for part in parts(frame) {
            rows += one(house, frame, sheet, &part)?;
            progress(rows);
        }
    }
    Ok(rows)
}

/// Writes every roll of the city as it is sent: its name and its text.
pub(super) fn write(
    frame: &Frame,
    out: &mut dyn FnMut(&str, &str) -> io::Result<()>,
) -> io::Result<u64> {
    let mut count = 0;
    for sheet in sheets(frame) {
        for part in parts(frame) {
            if let Some((name, table)) = table(frame, sheet, &part) {
                out(&name, &table.text)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Writes the rolls of homes that lived on the ledger: who lives where, and the works at each.
pub(super) fn write_homes(
    scene: &Scene,
    out: &mut dyn FnMut(&str, &str) -> io::Result<()>,
) -> io::Result<u64> {
    let works = [Programme::HOUSE_RENOVATION, Programme::HOME_ADAPTATION].map(Sheet::Works);
    let mut count = 0;
    for sheet in [Sheet::Households].into_iter().chain(works) {
        let mut table = Table::new(sheet.header());
        sheet.write(scene, &mut table);
        out(&format!("{}.csv", sheet.name()), &table.text)?;
        count += 1;
    }
    Ok(count)
}

/// Every roll, registers and lists before payments.
fn sheets(frame: &Frame) -> Vec<Sheet> {
    let lists = [List::Dibao, List::ExtremePoverty, List::Orphan, List::WorkInjury];
    let mut sheets = vec![Sheet::Roster, Sheet::Institutions];
    sheets.extend(lists.map(Sheet::List));
    sheets.extend([Sheet::Deaths, Sheet::Sentences]);
    for month in frame.all_months() {
        sheets.extend([LIVING, NURSING].map(|programme| Sheet::Payments(programme, month)));
    }
    let year = frame.last().year();
    sheets.extend([Sheet::Fuel(year), Sheet::Rehab(year)]);
    sheets
}

/// What a register left on the ledger.
#[derive(Default)]
pub(super) struct Listed {
    /// Whom the ledger knows its people as, by their ID tag.
    pub(super) people: BTreeMap<Tag, (PersonId, CertificateId)>,
    /// Its rows, by their keys.
    rows: BTreeMap<Tag, KnownRow>,
}

/// Sends the register of one scene, after what is listed already.
pub(super) fn register(
    house: &DemoHouse,
    scene: &Scene,
    division: &str,
    before_it: &Listed,
) -> Result<Listed, DemoError> {
    let mut table = Table::new(Sheet::Roster.header());
    Sheet::Roster.write(scene, &mut table);
    let before = house.ledger.len();
    let name = "窗口持证人名册.csv".to_owned();
    bring_in(house, Sheet::Roster, division, (name, table), before_it)?;
    let mut listed = Listed::default();
    for index in before..house.ledger.len() {
        let event = house.ledger.event(index)?;
        if let (Body::CertificateLegacyImported(data), Subject::Certificate(id)) =
            (&event.payload.body, &event.subject)
        {
            listed.people.insert(data.id, (data.person, *id));
            let (statement, content) = (event.id, data.row.content);
            let subject = event.subject.clone();
            listed.rows.insert(data.row.key, KnownRow { index, statement, content, subject });
        }
    }
    Ok(listed)
}

/// A county and, where it has more than one, the number of the part; and the scenes of it.
type Part = (u32, Option<u32>, Range<u32>);

fn parts(frame: &Frame) -> impl Iterator<Item = Part> {
    let counties = 0..frame.counties();
    counties.flat_map(|county| {
        frame.parts_of(county).map(move |(number, scenes)| (county, number, scenes))
    })
}

/// One roll; none where an old month has no rows: it was never sent. An empty list was.
fn table(frame: &Frame, sheet: Sheet, (county, number, scenes): &Part) -> Option<(String, Table)> {
    let mut table = Table::new(sheet.header());
    for scene in scenes.clone() {
        sheet.write(&Scene::of(frame, scene), &mut table);
    }
    if table.rows == 0 && matches!(sheet, Sheet::Payments(..)) {
        return None;
    }
    let (_, place) = COUNTIES[*county as usize];
    let part = number.map(|number| format!("第{number}批")).unwrap_or_default();
    Some((format!("{place}{part}{}.csv", sheet.name()), table))
}

fn one(house: &DemoHouse, frame: &Frame, sheet: Sheet, part: &Part) -> Result<u64, DemoError> {
    let Some((name, table)) = table(frame, sheet, part) else { return Ok(0) };
    let (code, _) = COUNTIES[part.0 as usize];
    // The rolls of counties are each sent once.
    bring_in(house, sheet, code, (name, table), &Listed::default())
}

/// Reads and imports a roll; every row of it has to come in.
fn bring_in(
    house: &DemoHouse,
    sheet: Sheet,
    division: &str,
    (name, table): (String, Table),
    known: &Listed,
) -> Result<u64, DemoError> {
    let (kind, month) = match sheet {
        Sheet::Payments(programme, month) if programme == LIVING => {
            (RollKind::LivingAllowance, Some(month))
        }
        Sheet::Payments(_, month) => (RollKind::NursingCareSubsidy, Some(month)),
        Sheet::Fuel(year) | Sheet::Rehab(year) => (sheet.kind(), Month::new(year, 1).ok()),
        _ => (sheet.kind(), None),
    };
    let bytes = table.text.into_bytes();
    let hint = Hint { kind: Some(kind), month };
    let roll = match read_roll(&name, &bytes, &hint) {
        Ok(roll) => roll,
        Err(RollError::NotARoll(_)) if table.rows == 0 => return Ok(0),
        Err(error) => return Err(DemoError::Roll { name, why: error.to_string() }),
    };
    let options = ImportOptions {
        division: division.parse::<DivisionCode>()?,
        complete: false,
        dry_run: false,
        at: Day::of_millis(house.ledger.clock().wall_ms()),
    };
    let pen = house.pen(sheet.sender())?;
    let importer = Importer { ledger: &house.ledger, known, pen, options };
    let report = importer
        .import(&name, &bytes, &roll, &mut |_, _| ())
        .map_err(|error| DemoError::Roll { name: name.clone(), why: error.to_string() })?;
    let refused = report.refused.first().map(|refused| refused.rejection.to_string());
    let rejected = report.rejected.first().map(|rejected| rejected.why.to_string());
    if let Some(why) = refused.or(rejected) {
        return Err(DemoError::Roll { name, why });
    }
    // Accounts of institutions count once the bank has said so, too.
    house.endorse("411700-bank-1", &report.waiting_endorsement)?;
    Ok(table.rows as u64)
}

impl KnownRows for Listed {
    fn row(&self, key: &Tag) -> Option<KnownRow> {
        self.rows.get(key).cloned()
    }

    /// Asked for full lists only, which a city has none of.
    fn rows_of(
        &self,
        _: event::RollKind,
        _: DivisionCode,
        _: Option<Month>,
    ) -> Vec<(Tag, KnownRow)> {
        Vec::new()
    }
}
