//! What is delivered on a walk: sessions, placements and visits.

use super::{CLERK, DIVISION, Life, PREFECTURE_DPF, PROVIDER, Step, TOWNSHIP, wrong};
use crate::demo::DemoError;
use crate::demo::county::office::{Draft, Office, evidence, label};
use crate::event::{
    AnnualReviewCompleted, Body, InstitutionDesignated, Outcome, PersonSide, PlacementEnded,
    PlacementStarted, ServiceDelivered, SupportVisitLogged,
};
use crate::value::{ActorId, Subject};

impl Life {
    /// A small house of the walk's own.
    fn own_home(&self) -> Result<ActorId, DemoError> {
        Ok(format!("{DIVISION}-home-{}", 100 + self.number).parse()?)
    }

    /// What providers, inspectors and helpers record.
    pub(super) fn deliver(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let today = office.today();
        let carer = step.keys.get("by").map(|number| format!("{DIVISION}-carer-{number}"));
        let (by, subject, body): (_, _, Body) = match step.word(0) {
            "open" => {
                let places = step.keys.get("places").and_then(|places| places.parse().ok());
                let home = self.own_home()?;
                let data = InstitutionDesignated {
                    capacity: places,
                    name: label("示例小型托养点")?,
                    division: DIVISION.parse()?,
                    categories: Vec::new(),
                    valid_from: today,
                    valid_to: None,
                    document: label("示例")?,
                };
                (PREFECTURE_DPF, Subject::Institution(home), data.into())
            }
            "session" => {
                let (person, ..) = self.who(step.letter())?;
                let (programme, attendance) =
                    (step.word(2).parse()?, evidence("attendance_sheet")?);
                let data = ServiceDelivered {
                    person,
                    programme,
                    session_date: self.dates.open(today.plus_days(-step.days("back").unwrap_or(0))),
                    attendance,
                    side: PersonSide::Paper,
                    row: None,
                };
                (PROVIDER, Subject::Person(person), data.into())
            }
            "place" => {
                let (person, ..) = self.who(step.letter())?;
                let institution: Option<ActorId> = match step.keys.get("at") {
                    Some(&"own") => Some(self.own_home()?),
                    Some(number) => Some(format!("{DIVISION}-home-{number}").parse()?),
                    None => None,
                };
                let home = institution.as_ref().map(ToString::to_string);
                let data = PlacementStarted {
                    person,
                    programme: step.word(2).parse()?,
                    facility: label(home.as_deref().unwrap_or("示例企业"))?,
                    institution,
                    from: today,
                    contract: evidence("contract")?,
                    row: None,
                };
                (PROVIDER, Subject::Person(person), data.into())
            }
            "leaves" => {
                let (person, ..) = self.who(step.letter())?;
                let placement = *self.placements.get(&step.letter()).ok_or(wrong("placement"))?;
                let reason = label("转往另一机构")?;
                let data = PlacementEnded { person, placement, to: today, reason, row: None };
                (PROVIDER, Subject::Person(person), data.into())
            }
            "visit" => {
                let (person, ..) = self.who(step.letter())?;
                let data = SupportVisitLogged {
                    person,
                    helper: None,
                    programme: step.words.get(2).and_then(|name| name.parse().ok()),
                    kind: label("入户走访")?,
                    visited_on: today,
                    confirmation: Some(evidence("visit_sheet")?),
                    row: None,
                };
                (CLERK, Subject::Person(person), data.into())
            }
            "reviewed" => {
                let (person, ..) = self.who(step.letter())?;
                let year = u16::try_from(today.year()).map_err(|_| wrong("year"))?;
                let (alive, outcome) = (evidence("photo_of_the_day")?, Outcome::Granted);
                let data = AnnualReviewCompleted { person, year, alive, outcome };
                (TOWNSHIP, Subject::Case(self.case(step.letter())?.id), data.into())
            }
            _ => return Err(wrong("verb").into()),
        };
        let by = carer.as_deref().unwrap_or(by);
        let signed = office.sign(by, &subject, Draft::of(body))?;
        if step.word(0) == "place" {
            self.placements.insert(step.letter(), signed);
        }
        Ok(())
    }
}
