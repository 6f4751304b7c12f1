//! What happens to a holder after the card is delivered: benefits, a loss, damage, a freezing, a
//! death.

use super::application::{self, APPROVER};
use super::benefit::{self, WELFARE};
use super::office::{Draft, evidence, label, told};
use super::resident::{Resident, Turn};
use super::{County, Task};
use crate::demo::DemoError;
use crate::event::{
    ApplicationKind, BenefitStopped, CancelGround, CertificateCancelled, CertificateFrozen,
    CertificateUnfrozen, FreezeGround, StopGround,
};
use crate::value::{CertificateId, FactKind, Month, PersonId, Programme, Subject};

/// A holder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter {
    pub(super) number: u32,
    pub(super) person: PersonId,
    pub(super) certificate: CertificateId,
}

impl Matter {
    pub(super) const fn of(file: &application::File, certificate: CertificateId) -> Self {
        Self { number: file.number, person: file.person, certificate }
    }
}

/// What happens next.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Lose,
    Damage,
    Freeze,
    Unfreeze,
    Die,
    EndAfterDeath { died: Month },
}

/// A death is in the police's register so many days later.
const DEATH_KNOWN_AFTER_DAYS: i32 = 2;

impl County<'_> {
    /// Puts on the agenda what the resident does with the new card.
    pub(super) fn begin_later(
        &mut self,
        resident: &Resident,
        matter: Matter,
    ) -> Result<(), DemoError> {
        match resident.turn {
            Turn::Lost => self.after((15, 30), Task::Later(matter, Step::Lose)),
            Turn::Damaged => self.after((15, 30), Task::Later(matter, Step::Damage)),
            Turn::Frozen => self.after((5, 15), Task::Later(matter, Step::Freeze)),
            _ => {}
        }
        let living = resident.dibao || resident.turn == Turn::NoDibao;
        let wanted = [
            (living, Programme::LIVING_ALLOWANCE),
            (resident.care, Programme::NURSING_CARE_SUBSIDY),
        ];
        for (_, programme) in wanted.into_iter().filter(|(wanted, _)| *wanted) {
            let file = benefit::File::of(matter, programme, self.office.today())?;
            self.after((1, 8), Task::Benefit(Box::new(file), benefit::Step::Apply));
        }
        Ok(())
    }

    pub(super) fn later(&mut self, matter: Matter, step: Step) -> Result<(), DemoError> {
        let in_time = self.ends_in_time(self.office.today());
        match step {
            // What could not end before the story does, does not begin.
            Step::Lose | Step::Damage | Step::Freeze | Step::Die if !in_time => Ok(()),
            Step::Lose => self.renew_card(matter, ApplicationKind::Replace),
            Step::Damage => self.renew_card(matter, ApplicationKind::ExchangeDamaged),
            Step::Freeze => self.freeze(matter),
            Step::Unfreeze => self.unfreeze(matter),
            Step::Die => self.die(matter),
            Step::EndAfterDeath { died } => self.end_after_death(matter, died),
        }
    }

    fn renew_card(&mut self, matter: Matter, kind: ApplicationKind) -> Result<(), DemoError> {
        let resident = self.resident(matter.number)?;
        self.apply_again(&resident, matter.person, kind, matter.certificate)
    }

    fn freeze(&mut self, matter: Matter) -> Result<(), DemoError> {
        let data = CertificateFrozen {
            person: matter.person,
            ground: FreezeGround::Investigation,
            evidence: vec![evidence("立案核查通知")?],
            told: told()?,
        };
        self.decide(APPROVER, &Subject::Certificate(matter.certificate), Draft::of(data))?;
        self.report.frozen += 1;
        self.after((5, 10), Task::Later(matter, Step::Unfreeze));
        Ok(())
    }

    fn unfreeze(&mut self, matter: Matter) -> Result<(), DemoError> {
        let reason = label("核查未发现问题")?;
        let draft =
            Draft::of(CertificateUnfrozen { person: matter.person, reason, evidence: Vec::new() });
        self.decide(APPROVER, &Subject::Certificate(matter.certificate), draft).map(|_| ())
    }

    fn die(&mut self, matter: Matter) -> Result<(), DemoError> {
        let resident = self.resident(matter.number)?;
        let died = self.office.today().plus_days(-DEATH_KNOWN_AFTER_DAYS);
        self.report_fact(&resident, matter.person, FactKind::Death, died)?;
        self.report.deaths += 1;
        self.after((1, 2), Task::Later(matter, Step::EndAfterDeath { died: died.month() }));
        Ok(())
    }

    /// The month of death is paid, the next is not; the card is cancelled.
    fn end_after_death(&mut self, matter: Matter, died: Month) -> Result<(), DemoError> {
        for case in self.payees.end(matter.number, died) {
            let data = BenefitStopped {
                person: matter.person,
                ground: StopGround::Death,
                from_month: died.next(),
                verdict: None,
                told: None,
            };
            self.office.sign(WELFARE, &Subject::Case(case), Draft::of(data))?;
        }
        let data = CertificateCancelled {
            person: matter.person,
            ground: CancelGround::Death,
            evidence: vec![evidence("死亡登记")?],
            told: None,
        };
        let subject = Subject::Certificate(matter.certificate);
        self.decide(APPROVER, &subject, Draft::of(data)).map(|_| ())
    }
}
