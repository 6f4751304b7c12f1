//! What providers, inspectors and helpers record.

use super::Walk;
use super::step::{Step, fen, household, number};
use crate::domain::benefit::desk::Answer;
use crate::domain::testing::{actor, case, evidence, label, person};
use crate::event::{
    AnnualReviewCompleted, Body, Outcome, PlacementEnded, PlacementStarted, ServiceDelivered,
    SupportVisitLogged, WorksAccepted,
};
use crate::value::{HouseGrade, Subject};

impl Walk<'_> {
    pub(super) fn deliver(&mut self, step: &Step<'_>) -> Answer {
        let today = self.desk.world.today();
        let who = || person(step.number(1));
        let (by, subject, body): (_, _, Body) = match step.words[0] {
            "session" => {
                let (programme, session_date) = (step.programme(2), today);
                let attendance = evidence("attendance_sheet");
                let person = who();
                let side = step.side();
                let data = ServiceDelivered {
                    person,
                    programme,
                    session_date,
                    attendance,
                    side,
                    row: None,
                };
                ("provider", Subject::Person(person), data.into())
            }
            "works" => {
                let home = household(step.words[1]);
                let data = WorksAccepted {
                    household: home,
                    programme: step.programme(2),
                    before: evidence("before_photo"),
                    after: evidence("after_photo"),
                    acceptance: (!step.has("unsigned")).then(|| evidence("acceptance_form")),
                    grade: step.keys.get("grade").map(|it| HouseGrade::from_name(it).unwrap()),
                    side: step.side(),
                    cost: fen(step.keys.get("cost").copied().unwrap_or("20000.00")),
                    person: None,
                    contractor: None,
                    dwelling: None,
                    row: None,
                };
                ("dpf-reviewer", Subject::Household(home), data.into())
            }
            "place" => {
                let at = step.keys.get("at").map(|word| actor(&format!("home-{}", number(word))));
                let data = PlacementStarted {
                    person: who(),
                    programme: step.programme(2),
                    facility: label(step.keys.get("at").copied().unwrap_or("the place")),
                    institution: at,
                    from: today,
                    contract: evidence("contract"),
                    row: None,
                };
                ("provider", Subject::Person(who()), data.into())
            }
            "leaves" => {
                let placement = self.placements[&step.number(1)];
                let (person, reason) = (who(), label("moved home"));
                let data = PlacementEnded { person, placement, to: today, reason, row: None };
                ("provider", Subject::Person(person), data.into())
            }
            "visit" => {
                let data = SupportVisitLogged {
                    person: who(),
                    helper: None,
                    programme: step.words.get(2).map(|name| name.parse().unwrap()),
                    kind: label("home visit"),
                    visited_on: today,
                    confirmation: Some(evidence("visit_sheet")),
                    row: None,
                };
                ("clerk", Subject::Person(who()), data.into())
            }
            _ => {
                let data = AnnualReviewCompleted {
                    person: self.desk.case(step.number(1)).person,
                    year: u16::try_from(today.year()).unwrap(),
                    alive: evidence("photo_of_the_day"),
                    outcome: Outcome::Granted,
                };
                ("township", Subject::Case(case(step.number(1))), data.into())
            }
        };
        let by = step.keys.get("by").copied().unwrap_or(by);
        let signed = self.desk.world.sign(by, &subject, body);
        if let ("place", Ok(id)) = (step.words[0], &signed) {
            self.placements.insert(step.number(1), *id);
        }
        self.proposal = signed.as_ref().ok().copied().or(self.proposal);
        signed
    }
}
