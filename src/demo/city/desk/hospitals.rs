//! Six hospitals whose assessors see many people in a few weeks: one of them finds nearly everybody
//! severe (R32b), another one sees far too many a day (R32c). The others differ as hospitals do.
//!
//! Their assessors look at the data of everybody they will see. One of them also looks at people whom
//! another hospital sees (R54); one does so a few times, and one did lately.

use super::{Desk, Life, PREFECTURE_DPF};
use crate::crypto::random_bytes;
use crate::demo::DemoError;
use crate::demo::actors::{HOSPITALS, hospital};
use crate::demo::city::scene::Label;
use crate::demo::city::stage::{MILD, Stage};
use crate::demo::city::walks::Walk;
use crate::demo::county::office::{Draft, Office, label};
use crate::event::InstitutionDesignated;
use crate::value::{Category, CertificateId, Day, Malformed, PersonId, Subject};

/// People whom each hospital sees: as many as make it comparable.
const PEOPLE: u32 = 30;
/// How many of them each hospital finds of level 2: the last one nearly all.
const SEVERE: [u32; 6] = [11, 12, 13, 14, 15, 28];
/// How many it sees a day: the first one twice as many on one day, the fifth one always too many.
const A_DAY: [u32; 6] = [5, 5, 5, 5, 15, 5];
const BUSY: u32 = 10;
/// The first session is so many days before the end.
const SESSIONS_FROM: i32 = 75;
/// People of one scene.
const SEATS: u32 = 5;
/// Scenes from here on, counted at the desk, are of the hospitals' people.
const SCENES_FROM: u32 = 2_000;
/// Smallest city in which they are seen.
pub(super) const PEOPLE_MIN: u32 = 2_000;

static SEEN: Walk = Walk::session("assessed_at_a_hospital");
static BUSY_DAY: Walk = Walk::session("hospital_busy_on_one_day");
static RATHER_SEVERE: Walk = Walk::session("hospital_rather_severe");

/// Whom an assessor looks at without having to: the assessor's hospital, whose people, how many, and
/// how many days before the end (else before the session).
const CURIOUS: [(usize, usize, u32, Option<i32>); 3] =
    [(2, 3, 20, None), (3, 4, 3, None), (4, 5, 25, Some(20))];

/// The flags that are due: about the hospital, each of two assessors, and the curious one.
pub(super) fn labels() -> impl Iterator<Item = Label> {
    let about = |rule| Label { rule, id: String::new(), programme: None, month: None };
    ["R32b", "R32c", "R32c", "R54"].into_iter().map(about)
}

/// Designates the hospitals.
pub(super) fn designate(office: &mut Office<'_>) -> Result<(), DemoError> {
    for number in (1..).take(HOSPITALS.len()) {
        let data = InstitutionDesignated {
            capacity: None,
            name: label(&format!("示例第{number}医院"))?,
            division: super::DIVISION.parse()?,
            categories: Category::ALL[..6].to_vec(),
            valid_from: office.today(),
            valid_to: None,
            document: label("示例")?,
        };
        let subject = Subject::Institution(hospital(number).parse()?);
        office.sign(PREFECTURE_DPF, &subject, Draft::of(data))?;
    }
    Ok(())
}

/// Puts everybody's application and assessment on the agenda.
pub(super) fn take_up(desk: &mut Desk) -> Result<(), Malformed> {
    let scenes = (SCENES_FROM..).take((PEOPLE / SEATS) as usize * HOSPITALS.len());
    for (scene, block) in scenes.zip(0..) {
        let frame = desk.frame.clone();
        let mut stage = Stage::at_the_desk(&frame, scene);
        let at = (block / (PEOPLE / SEATS)) as usize;
        for seat in 0..SEATS {
            let number = block % (PEOPLE / SEATS) * SEATS + seat;
            let holder = stage.at_desk(MILD, super::COUNTY.to_owned());
            let walk = match at {
                0 => &BUSY_DAY,
                3 => &RATHER_SEVERE,
                _ => &SEEN,
            };
            let mut life = Life::new(
                desk.lives.len(),
                walk,
                &desk.frame,
                super::COUNTY.parse()?,
                vec![holder],
            );
            let known = (random_bytes().map(PersonId), random_bytes().map(CertificateId));
            let unknown = |_| Malformed::new("random bytes", "from the system");
            life.known.push((known.0.map_err(unknown)?, known.1.map_err(unknown)?));
            let day = SESSIONS_FROM - i32::try_from(session(at, number)).unwrap_or_default();
            let level = if is_severe(at, number) { 2 } else { 4 };
            for (before, step) in [
                (12, format!("ask a new level={level}")),
                (12, "verify a".to_owned()),
                (10, format!("accept a hospital={}", at + 1)),
                (5, "assign a".to_owned()),
                (0, "assess a".to_owned()),
                (-1, "conclude a".to_owned()),
            ] {
                let due: Day = desk.frame.today.plus_days(-(day + before));
                desk.agenda.entry(due).or_default().push((desk.lives.len(), step));
            }
            for (days, by) in readers(at + 1, number, day + 1) {
                let step = format!("look a by=h{by}");
                let due = desk.frame.today.plus_days(-days);
                desk.agenda.entry(due).or_default().push((desk.lives.len(), step));
            }
            desk.lives.push(life);
        }
    }
    Ok(())
}

/// Who looks at a person of a hospital, and how many days before the end. Of the hospital with many
/// assessors nobody is to be compared.
fn readers(hospital: usize, number: u32, day: i32) -> impl Iterator<Item = (i32, String)> {
    let own = (1..=2).filter(move |_| hospital < HOSPITALS.len());
    let own = own.map(move |assessor| (day, format!("{hospital}-assessor-{assessor}")));
    let others =
        CURIOUS.into_iter().filter(move |(_, of, people, _)| *of == hospital && number < *people);
    own.chain(
        others.map(move |(by, .., lately)| (lately.unwrap_or(day), format!("{by}-assessor-1"))),
    )
}

/// Of those whom a hospital sees, one in so many is severe, spread over its days.
fn is_severe(at: usize, number: u32) -> bool {
    number * SEVERE[at] / PEOPLE != (number + 1) * SEVERE[at] / PEOPLE
}

/// Days from the first session to that of a person: a week apart, so that each is a day of its own
/// whatever the calendar says.
fn session(at: usize, number: u32) -> u32 {
    let days = match at {
        0 => number.saturating_sub(BUSY - A_DAY[0]) / A_DAY[0],
        _ => number / A_DAY[at],
    };
    7 * days
}
