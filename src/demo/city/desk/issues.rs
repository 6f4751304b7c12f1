//! A card on its way into its holder's hand: printed, issued, replaced.

use super::cards::{APPROVER, ISSUER};
use super::{COUNTY, Life, Step, named, number_of, wrong};
use crate::crypto::{TagKind, random_bytes};
use crate::demo::DemoError;
use crate::demo::county::office::{Draft, Office, label};
use crate::event::{
    CertificateIssued, CertificatePrinted, CertificateReplaced, Generation, OldCard,
};
use crate::ledger::Personal;
use crate::value::{CertificateId, Subject};

/// As the shipped policy has it; another last day is refused.
const VALIDITY_MONTHS: i32 = 120;

impl Life {
    fn blank(&self, step: &Step<'_>) -> Result<String, DemoError> {
        let (_, _, holder) = self.who(step.letter())?;
        let own = format!("DESK{:08}", holder.person().number);
        let of_all = |word: &&str| format!("DESK{:08}{word}", self.people[0].person().number);
        Ok(step.keys.get("blank").map_or(own, of_all))
    }

    pub(super) fn print(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let (person, _, holder) = self.who(step.letter())?;
        let blank = self.blank(step)?;
        let id = office.tag(TagKind::Id, &holder.id());
        let data = CertificatePrinted {
            person,
            blank: office.tag(TagKind::Blank, &blank),
            printer: label("区残联一号制证机")?,
            seal: label("区残联证件专用章")?,
        };
        let mut personal = Personal::default();
        personal.blank = Some(blank);
        let subject = Subject::Case(self.card_case(step.letter())?.id);
        office.sign(ISSUER, &subject, Draft::of(data).sealed(id, personal)).map(|_| ())
    }

    pub(super) fn issue(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, _, holder) = self.who(letter)?;
        let case = self.card_case(letter)?;
        let grade = case.grade.clone().ok_or(wrong("grade"))?;
        let today = office.today();
        let id = office.tag(TagKind::Id, &holder.id());
        let (category, level) = (grade.category.digit(), grade.level.number());
        let number = format!("{}{category}{level}", holder.id());
        let data = CertificateIssued {
            person,
            case: case.id,
            id,
            number: office.tag(TagKind::Certificate, &number),
            grade,
            replaced: 0,
            generation: Generation::Third,
            valid_from: today,
            valid_to: today.plus_months(VALIDITY_MONTHS).plus_days(-1),
            approving_division: COUNTY.parse()?,
            supersedes: case.old,
            old_card: case.old.map(|_| OldCard::Returned),
        };
        let mut personal = named(holder);
        personal.certificate_number = Some(number);
        self.propose_card(letter, Draft::of(data).sealed(id, personal), office)
    }

    pub(super) fn replace(
        &mut self,
        step: &Step<'_>,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let letter = step.letter();
        let (person, lost, holder) = self.who(letter)?;
        let blank = self.blank(step)?;
        let id = office.tag(TagKind::Id, &holder.id());
        let number = format!("{}B1", holder.card.number());
        let data = CertificateReplaced {
            person,
            lost,
            id,
            number: office.tag(TagKind::Certificate, &number),
            replaced: 1,
            blank: office.tag(TagKind::Blank, &blank),
            old_card: None,
        };
        let mut personal = named(holder);
        (personal.certificate_number, personal.blank) = (Some(number), Some(blank));
        self.propose_card(letter, Draft::of(data).sealed(id, personal), office)
    }

    /// The issuer proposes a card, the approver endorses; it is the person's from now on.
    fn propose_card(
        &mut self,
        letter: char,
        draft: Draft,
        office: &mut Office<'_>,
    ) -> Result<(), DemoError> {
        let new = CertificateId(random_bytes()?);
        let subject = Subject::Certificate(new);
        let draft = draft.under(office.certificate_policy(COUNTY.parse()?)?);
        let proposed = office.sign(ISSUER, &subject, draft)?;
        office.endorse(APPROVER, &subject, proposed)?;
        let known = self.known.get_mut(number_of(letter)).ok_or(wrong("letter"))?;
        known.1 = new;
        Ok(())
    }
}
