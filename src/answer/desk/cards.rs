//! What an office does to a certificate without an application of its holder: it is frozen and
//! unfrozen, ended on a ground of the office's own, annulled because its issue was unlawful; and
//! its holder is reminded (R10, R12).
//!
//! Each ground is a form of its own, because each has its own conditions, which the domain is
//! asked about. A holder's own wish to give a certificate up is an application, not a ground here.

use serde_json::{Value, json};

use super::counter::papers;
use super::probe::Step;
use super::{About, Field, Kind, View};
use crate::domain::certificate::Certificate;
use crate::domain::oversight::{Flag, Review};
use crate::event::{CancelGround, FreezeGround, ReminderKind, RevokeGround};
use crate::value::{CaseId, CertificateId, Day, Hash, PersonId, Subject};

/// Every such step about a certificate that the person holds or held.
pub(super) fn of_person(view: &View<'_>, person: PersonId) -> Vec<Step> {
    cards(view, person).flat_map(|card| card.steps(view.today)).collect()
}

/// Handing over the cards of a person that were made in a case, or in none, and not handed over.
pub(super) fn to_deliver<'a>(
    view: &'a View<'_>,
    person: PersonId,
    case: Option<CaseId>,
) -> impl Iterator<Item = Step> + 'a {
    let own = view.state.people.find(&person).map_or(&[][..], |found| &found.certificates);
    let own = own
        .iter()
        .rev()
        .filter(move |id| view.state.certificates.waits_for_delivery(id) == Some(case));
    own.map(move |id| {
        let data = json!({ "person": person });
        Step::new("certificate.delivered", Subject::Certificate(*id), data).fields(vec![
            Field::new("to_agent", Kind::Flag, "由代理人领取", "handed to somebody for the person"),
            Field::new("receipt", Kind::Paper("领证签收单"), "签收单", "signed receipt"),
        ])
    })
}

/// What a confirmed flag may call for: the certificate is frozen while the matter is looked into,
/// or annulled.
pub(super) fn of_flag(view: &View<'_>, flag: &Flag, review: &Review) -> Vec<Step> {
    let Some(person) = flag.person else { return Vec::new() };
    let steps = cards(view, person).flat_map(|card| {
        let revoked = REVOKE.map(|ground| card.revoke(ground));
        std::iter::once(card.freeze(FreezeGround::Investigation)).chain(revoked)
    });
    steps.map(|step| step.resting_on(vec![review.statement]).not_due()).collect()
}

fn cards<'a>(view: &'a View<'_>, person: PersonId) -> impl Iterator<Item = Card<'a>> {
    let held = view.state.people.find(&person).map_or(&[][..], |found| &found.certificates);
    held.iter().rev().filter_map(|id| {
        let held = view.state.certificates.find(id)?;
        let policy = view.state.policies.certificate(held.division, view.today);
        Some(Card { id: *id, held, policy: policy.map(|(published, _)| published.hash) })
    })
}

/// One certificate, with the policy that a decision about it names.
struct Card<'a> {
    id: CertificateId,
    held: &'a Certificate,
    policy: Option<Hash>,
}

impl Card<'_> {
    fn steps(&self, today: Day) -> Vec<Step> {
        let mut steps = vec![self.unfreeze()];
        steps.extend(FREEZE.map(|ground| self.freeze(ground)));
        steps.extend(CANCEL.map(|ground| self.cancel(ground)));
        steps.extend(REVOKE.map(|ground| self.revoke(ground)));
        steps.extend(self.remind(today));
        steps
    }

    fn step(&self, name: &'static str, mut data: Value) -> Step {
        data["person"] = json!(self.held.person);
        let about =
            About::Certificate { grade: self.held.grade.clone(), valid_to: self.held.valid_to };
        Step::new(name, Subject::Certificate(self.id), data).under(self.policy).about(about)
    }

    fn freeze(&self, ground: FreezeGround) -> Step {
        self.step("certificate.frozen", json!({ "ground": ground }))
            .fields(vec![papers("冻结依据", "冻结依据材料", "papers it rests on"), told()])
    }

    fn unfreeze(&self) -> Step {
        self.step("certificate.unfrozen", json!({})).fields(vec![
            Field::new("reason", Kind::Text, "解冻理由", "why it is put back into use"),
            papers("解冻依据", "解冻依据材料", "papers it rests on").optional(),
        ])
    }

    /// Nobody is told of a death.
    fn cancel(&self, ground: CancelGround) -> Step {
        let mut fields = vec![papers("注销依据", "注销依据材料", "papers it rests on")];
        fields.extend((ground != CancelGround::Death).then(told));
        self.step("certificate.cancelled", json!({ "ground": ground })).fields(fields)
    }

    fn revoke(&self, ground: RevokeGround) -> Step {
        let finding = Kind::Paper("认定书");
        self.step("certificate.revoked", json!({ "ground": ground })).fields(vec![
            Field::new(
                "finding",
                finding,
                "违法发证的认定书",
                "finding that the issue was unlawful",
            ),
            told(),
        ])
    }

    /// A reminder is of the term that runs now, and of none before its last six months.
    fn remind(&self, today: Day) -> Option<Step> {
        let ends = self.held.valid_to;
        let kind = if today > ends {
            ReminderKind::Overdue
        } else if today.plus_months(1) >= ends {
            ReminderKind::ExpiryOneMonth
        } else {
            ReminderKind::ExpirySixMonths
        };
        let due = self.held.stands() && today.plus_months(6) >= ends;
        let step = self.step("reminder.sent", json!({ "kind": kind })).under(None);
        let how = Field::new("channel", Kind::Text, "提醒方式", "how").at_first("电话");
        due.then(|| step.fields(vec![how]))
    }
}

/// What the person is told in writing, with the proof that it arrived.
pub(super) const fn told() -> Field {
    Field::new("told", Kind::Told, "书面告知及送达凭证", "written notice and proof of delivery")
}

const FREEZE: [FreezeGround; 3] =
    [FreezeGround::Investigation, FreezeGround::Expiry, FreezeGround::OverdueTransfer];
const CANCEL: [CancelGround; 5] = [
    CancelGround::Death,
    CancelGround::NotMeeting,
    CancelGround::Missing,
    CancelGround::OverdueRenewal,
    CancelGround::OverdueTransfer,
];
const REVOKE: [RevokeGround; 2] = [RevokeGround::Fraud, RevokeGround::ProcedureBreach];
