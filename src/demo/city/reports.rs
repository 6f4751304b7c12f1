//! What custodians report one by one, because no list of theirs is a roll: moves of household
//! registration, and allowances of which only the higher is paid.

use super::frame::Frame;
use super::scene::{Report, Scene};
use crate::crypto::TagKind;
use crate::demo::{DemoError, DemoHouse};
use crate::event::{ExternalFactRecorded, Payload};
use crate::ledger::Signed;
use crate::value::{FactKind, IdForm, Malformed, Subject};

/// Statements of one submission.
const STATEMENTS: usize = 500;

/// Sends every report of the city; returns how many.
pub(super) fn send(house: &DemoHouse, frame: &Frame) -> Result<u64, DemoError> {
    let mut waiting = Vec::new();
    let mut count = 0;
    for county in 0..frame.counties() {
        for scene in frame.scenes_of(county) {
            for report in Scene::of(frame, scene).reports {
                waiting.push(signed(house, &report)?);
                count += 1;
            }
            if waiting.len() >= STATEMENTS {
                house.submit(std::mem::take(&mut waiting))?;
            }
        }
    }
    if !waiting.is_empty() {
        house.submit(waiting)?;
    }
    Ok(count)
}

fn signed(house: &DemoHouse, report: &Report) -> Result<Signed, DemoError> {
    let Report { name, id, kind, from, division } = report;
    let missing = || Malformed::new("person of a report", "somebody in the register");
    let personal = house.ledger.personal().ok_or_else(missing)?;
    let tag = personal.tag(TagKind::Id, id);
    let person = house.ledger.with_state(|state| state.people.by_tag(&tag))?;
    let person = person.ok_or_else(missing)?;
    let data = ExternalFactRecorded {
        person: Some(person),
        id: tag,
        id_form: IdForm::Valid,
        name: Some(personal.tag(TagKind::Name, name)),
        kind: *kind,
        from: *from,
        to: None,
        household_no: None,
        division: division.map(str::parse).transpose()?,
        row: None,
    };
    let custodian = match kind {
        FactKind::HukouMove => "411700-police-1",
        _ => "411700-welfare-1",
    };
    let payload = Payload::new(house.today(), data);
    Ok(house.pen(custodian)?.write(&Subject::Person(person), &payload)?)
}
