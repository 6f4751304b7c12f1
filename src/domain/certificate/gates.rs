//! What several steps of the chain ask alike: the case and its certificate, the policy in force,
//! who may approve, and that officers are different people.
//!
//! The day asked about is the recorded day of the event that would take effect: an endorsement's
//! own day when it completes a proposal, because the world may have changed in between.

use crate::domain::{State, refusal::refusals};
use crate::event::{Body, Recorded, Signer};
use crate::policy::CertificatePolicy;
use crate::value::{
    ActorId, ApprovalLevel, CaseId, CertificateId, Day, DivisionCode, Hash, PersonId,
};

use super::appeal;
use super::case::{Case, Part, Progress, Round, Stage};
use super::register::Certificate;

refusals! {
    /// Why a step of any kind is refused.
    pub enum Refused {
        /// No such case.
        UnknownCase = "I04", "unknown_case", "there is no certificate case of that id",
            "an application opens the case first",
            "没有这个编号的办证案件",
            "先有申请，才有案件";
        /// The case is over.
        CaseEnded = "I04", "case_ended", "the case has ended", "a new application opens a new case",
            "本案已经结束",
            "请重新申请，另立案件";
        /// No such certificate.
        UnknownCertificate = "I04", "unknown_certificate", "there is no certificate of that id",
            "check the certificate's id",
            "没有这个编号的残疾人证",
            "请核对残疾人证编号";
        /// No certificate policy.
        PolicyMissing { division: DivisionCode } = "I41", "policy_missing",
            "no certificate policy is in force in {division}",
            "publish a certificate policy first",
            "{division} 没有生效的办证政策",
            "请先发布办证政策";
        /// The event names no policy or another one.
        PolicyNotInForce { hash: Hash } = "I41", "policy_not_in_force",
            "the event must name the certificate policy in force, {hash}",
            "put that hash into `policy` and sign again",
            "必须写明现行办证政策 {hash}",
            "请写明该哈希后重新签署";
        /// The signer's division does not reach the case.
        WrongDivision { own: DivisionCode, other: DivisionCode } = "I12", "wrong_division",
            "a signer of {own} may not act for {other}",
            "an actor of that division, or of one above it, has to sign",
            "{own} 的签署人不能代 {other} 办理",
            "请由该区划或其上级区划的人员签署";
        /// Another level of the federation approves.
        WrongLevel { level: &'static str } = "I12", "wrong_approval_level",
            "on this day the {level} federation of the household registration approves",
            "an approver of that level and place has to sign",
            "当天应由户籍地的{level}残联批准",
            "请由该级、该地的批准人签署";
        /// One person in two parts.
        SamePerson { part: Part, earlier: Part } = "I11", "officers_not_apart",
            "the same person already took part in the {earlier} of this case; {part} needs another",
            "another officer has to take this step",
            "同一人已参与本案的“{earlier}”，“{part}”须由他人办理",
            "请由其他人员办理这一步";
        /// An assessor in another part, or the other way round.
        AssessorNotApart = "I06", "assessor_not_apart",
            "an assessor of the case takes no other part in it",
            "another officer has to take this step",
            "本案的评残医师不得参与本案其他环节",
            "请由其他人员办理这一步";
        /// The officer declared a conflict in the case.
        ConflictDeclared = "I35", "conflict_declared",
            "the officer declared a conflict of interest in this case",
            "another officer of the role has to act",
            "该经办人员已对本案申报回避",
            "请由同岗位的其他人员办理";
    }
}

/// When a like proposal was made that may still take effect, and its last day to be endorsed.
pub(super) fn proposed_before(
    ask: &Ask<'_>,
    is_same: impl Fn(&Body) -> bool,
) -> Option<(Day, Day)> {
    let policy = ask.event.payload.policy;
    let open = |it: &Recorded| it.payload.policy == policy && is_same(&it.payload.body);
    ask.state.proposals.open(ask.today, open)
}

/// One question to the gates.
pub(super) struct Ask<'a> {
    pub(super) state: &'a State,
    pub(super) event: &'a Recorded,
    pub(super) endorsement: Option<&'a Recorded>,
    pub(super) today: Day,
}

impl<'a> Ask<'a> {
    pub(super) fn new(
        state: &'a State,
        event: &'a Recorded,
        endorsement: Option<&'a Recorded>,
    ) -> Self {
        let today = Day::of_millis(endorsement.unwrap_or(event).recorded_at_ms);
        Self { state, event, endorsement, today }
    }

    /// A case that has not ended.
    pub(super) fn open(&self, id: &CaseId) -> Result<(&'a Case, &'a Progress), Refused> {
        let case = self.state.certificates.case(id).ok_or(Refused::UnknownCase)?;
        let ended = matches!(case.stage, Stage::Ended(_));
        let progress = case.progress.as_deref().filter(|_| !ended).ok_or(Refused::CaseEnded)?;
        Ok((case, progress))
    }

    /// The round of assessment that is open: of the appeal of a case, or of the case itself.
    pub(super) fn round(
        &self,
        id: &CaseId,
    ) -> Result<(&'a Case, &'a Progress, Option<&'a Round>), Refused> {
        let case = self.state.certificates.case(id).ok_or(Refused::UnknownCase)?;
        match (appeal::round_of(self.state, id), case.progress.as_deref()) {
            (Some(round), Some(progress)) => Ok((case, progress, Some(round))),
            _ => {
                let (case, progress) = self.open(id)?;
                let round = progress.round.as_ref().filter(|_| case.stage == Stage::Assigned);
                Ok((case, progress, round))
            }
        }
    }

    pub(super) fn certificate(&self, id: &CertificateId) -> Result<&'a Certificate, Refused> {
        self.state.certificates.find(id).ok_or(Refused::UnknownCertificate)
    }

    /// The person's certificates, those that stand.
    pub(super) fn standing(&self, person: &PersonId) -> impl Iterator<Item = CertificateId> + 'a {
        let state = self.state;
        let held = state.people.find(person).map_or(&[][..], |person| &person.certificates);
        held.iter().copied().filter(move |id| {
            state.certificates.find(id).is_some_and(|certificate| certificate.stands())
        })
    }

    /// The certificate policy in force in a division today.
    pub(super) fn policy(&self, division: DivisionCode) -> Result<&'a CertificatePolicy, Refused> {
        let found = self.state.policies.certificate(division, self.today);
        found.map(|(_, policy)| policy).ok_or(Refused::PolicyMissing { division })
    }

    /// The same, where the decision must name it.
    pub(super) fn policy_named(
        &self,
        division: DivisionCode,
    ) -> Result<&'a CertificatePolicy, Refused> {
        let (published, policy) = self
            .state
            .policies
            .certificate(division, self.today)
            .ok_or(Refused::PolicyMissing { division })?;
        if self.event.payload.policy != Some(published.hash) {
            return Err(Refused::PolicyNotInForce { hash: published.hash });
        }
        Ok(policy)
    }

    /// The signer's division reaches that one: for subjects that admission cannot look up yet.
    pub(super) fn reaches(&self, other: DivisionCode) -> Result<(), Refused> {
        let own = self.event.signer.division;
        if own.covers(other) { Ok(()) } else { Err(Refused::WrongDivision { own, other }) }
    }

    /// I12: the approver is of the level that approves today, in the case's own place.
    pub(super) fn approves(
        &self,
        policy: &CertificatePolicy,
        signer: &Signer,
        place: DivisionCode,
    ) -> Result<(), Refused> {
        let level = policy.approval_level(self.today);
        let fits = match level {
            ApprovalLevel::County => signer.division.is_county(),
            ApprovalLevel::Prefecture => signer.division.is_prefecture(),
        };
        if fits && signer.division.covers(place) {
            Ok(())
        } else {
            Err(Refused::WrongLevel { level: level.name() })
        }
    }

    /// I06, I11: the officer took no other part in the case, under this name or another.
    pub(super) fn apart(
        &self,
        progress: &Progress,
        part: Part,
        actor: &ActorId,
    ) -> Result<(), Refused> {
        let other_part = |(taken, officer): &&(Part, ActorId)| {
            *taken != part && self.state.actors.same_person(officer, actor)
        };
        let Some(&(earlier, _)) = progress.officers.iter().find(other_part) else {
            return Ok(());
        };
        if part == Part::Assess || earlier == Part::Assess {
            return Err(Refused::AssessorNotApart);
        }
        Err(Refused::SamePerson { part, earlier })
    }

    /// I35 for events whose subject is the certificate, which admission cannot tie to the case.
    pub(super) fn no_conflict(&self, case: CaseId, actor: &ActorId) -> Result<(), Refused> {
        if self.state.conflicts.contains(&(case, actor.clone())) {
            return Err(Refused::ConflictDeclared);
        }
        Ok(())
    }
}
