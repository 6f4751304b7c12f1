//! Homes on a walk: who lives where, and the works at each. What is signed is kept as the lists that
//! offices would send of it.

use super::{CLERK, Life, REVIEWER, Step, evidence, fen, named, wrong};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::city::scene::{Lodger, Works};
use crate::demo::county::office::{Draft, Office};
use crate::event::{
    HouseholdMemberJoined, HouseholdMemberLeft, PersonSide, Relation, WorksAccepted,
};
use crate::value::{Fen, HouseGrade, HouseholdId, Subject};

impl Life {
    /// A household of the walk, by its name there.
    pub(super) fn home(&mut self, word: &str) -> Result<HouseholdId, DemoError> {
        let new = HouseholdId(random_bytes()?);
        Ok(*self.homes.entry(word.to_owned()).or_insert(new))
    }

    /// A household, and the number by which lists know it.
    fn listed_home(&mut self, word: &str) -> Result<(HouseholdId, String), DemoError> {
        let number = format!("J{:06}{word}", self.number).to_uppercase();
        Ok((self.home(word)?, number))
    }

    /// `joins a HOME`: the first one is its head.
    pub(super) fn join(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (household, number) = self.listed_home(step.word(2))?;
        let is_head = self.lodgers.iter().all(|(_, lodger)| lodger.household != number);
        let (person, _, holder) = self.who(step.letter())?;
        let (from, to) = (office.today(), None);
        let stated = HouseholdMemberJoined::stated(household, person, is_head, from);
        let relation = (!is_head).then_some(Relation::Other);
        let data = HouseholdMemberJoined { relation, ..stated };
        let (name, id) = (holder.person().name.clone(), holder.id());
        let lodger = Lodger { household: number, name, id, is_head, from, to };
        self.lodgers.push((step.letter(), lodger));
        office.sign(CLERK, &Subject::Household(household), Draft::of(data)).map(|_| ())
    }

    /// `parts a HOME`: today is the last day.
    pub(super) fn part(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (household, number) = self.listed_home(step.word(2))?;
        let (person, ..) = self.who(step.letter())?;
        let to = office.today();
        for (letter, lodger) in &mut self.lodgers {
            if *letter == step.letter() && lodger.household == number {
                lodger.to = Some(to);
            }
        }
        let data = HouseholdMemberLeft { household, person, to };
        office.sign(CLERK, &Subject::Household(household), Draft::of(data)).map(|_| ())
    }

    /// `works HOME PROGRAMME [photo] [door=ADDRESS] [grade=C|D] [cost=YUAN]`: accepted today, with
    /// the last walk's photograph where it says so. They are of the head, who is sealed with them.
    pub(super) fn accept_works(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (household, number) = self.listed_home(step.word(1))?;
        let head = self.lodgers.iter().find(|(_, it)| it.household == number && it.is_head);
        let (letter, _) = head.ok_or(wrong("household"))?;
        let (person, _, holder) = self.who(*letter)?;
        let walk = self.number;
        let address =
            step.keys.get("door").map(|door| format!("示例市示例区{walk}号镇示例村{door}"));
        let before = match (step.has("photo"), &self.photo) {
            (true, Some(photo)) => photo.clone(),
            _ => evidence("before_photo")?,
        };
        let (after, acceptance) = (evidence("after_photo")?, evidence("acceptance_form")?);
        let programme = step.word(2).parse()?;
        let grade = step.keys.get("grade").and_then(|grade| HouseGrade::from_name(grade));
        let cost = step.keys.get("cost").map_or(Ok(Fen(2_000_000)), |yuan| fen(yuan))?;
        let works = Works {
            household: number,
            name: holder.person().name.clone(),
            id: holder.id(),
            programme,
            address: address.clone(),
            before: before.hash,
            after: after.hash,
            acceptance: acceptance.hash,
            accepted_on: office.today(),
            cost,
            grade,
        };
        let data = WorksAccepted {
            household,
            programme,
            before: before.clone(),
            after,
            acceptance: Some(acceptance),
            side: PersonSide::Paper,
            grade,
            cost,
            person: Some(person),
            contractor: None,
            dwelling: address.as_ref().and_then(|text| office.dwelling(text)),
            row: None,
        };
        let mut personal = named(holder);
        personal.address = address;
        let draft = Draft::of(data).sealed(office.tag(TagKind::Id, &holder.id()), personal);
        self.photo = Some(before);
        self.works.push(works);
        office.sign(REVIEWER, &Subject::Household(household), draft).map(|_| ())
    }
}
