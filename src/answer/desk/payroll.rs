//! Payrolls: what would be paid, to be prepared (R17), and what was prepared and waits for its
//! authorisation (R18).

use serde_json::json;

use super::probe::Step;
use super::{Field, Kind, Offer, PAID, Place, View, Waiting};
use crate::domain::Rejection;
use crate::domain::benefit::{
    Payroll,
    propose::{Proposal, batch, is_due, propose},
};
use crate::event::{PayrollPrepared, rule_named};
use crate::value::{CaseId, ChainStep, Month, PayrollId, PersonId, PolicyName, Programme, Subject};

/// A payroll that waits for its authorisation, with what it comes to.
pub(crate) struct ToAuthorise {
    pub(crate) id: PayrollId,
    pub(crate) payroll: Payroll,
    /// The form, where it may be authorised, by the viewer or by another of the role.
    pub(crate) offer: Option<Offer>,
    /// Else why it may not be yet: a part of the run is missing, or something changed since.
    pub(crate) not_yet: Option<Rejection>,
}

impl ToAuthorise {
    /// Whether the viewer may authorise it now.
    fn is_due(&self) -> bool {
        self.offer.as_ref().is_some_and(|offer| offer.blocked.is_none())
    }
}

/// Items of one batch, well under the size of a statement.
const BATCH_ITEMS: usize = 150;

/// A payroll that the viewer may prepare.
pub(crate) struct ToPrepare {
    /// One offer for each batch, with what it holds.
    pub(crate) batches: Vec<(Offer, PayrollPrepared)>,
    /// Who is granted the benefit and cannot be paid, with the rule that says so.
    pub(crate) left_out: Vec<(CaseId, PersonId, Rejection)>,
}

/// The programmes that pay money and whose payrolls the viewer prepares, by the policies in force
/// for a month.
pub(super) fn programmes(view: &View<'_>, month: Month) -> Vec<Programme> {
    let policies = &view.state.policies;
    let mut all = programmes_in_force(view);
    all.retain(|programme| {
        let found = policies.programme(*programme, view.signer.division, month);
        found.is_some_and(|(_, policy)| {
            let step = policy.step(ChainStep::Determination);
            policy.money && step.is_some_and(|it| it.role.name() == view.signer.role.name())
        })
    });
    all
}

/// The programmes that any policy was published for, each once.
pub(super) fn programmes_in_force(view: &View<'_>) -> Vec<Programme> {
    let named =
        view.state.policies.policies().filter_map(|published| match published.policy.name {
            PolicyName::Programme(programme) => Some(programme),
            PolicyName::Certificate | PolicyName::Rates => None,
        });
    let mut all: Vec<_> = named.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What a payroll of the viewer's division would hold, as batches to sign.
pub(super) fn prepare(view: &View<'_>, programme: Programme, month: Month) -> ToPrepare {
    let division = view.signer.division;
    let Proposal { items, left_out } = propose(view.state, programme, month, division);
    let batches = items.chunks(BATCH_ITEMS).filter_map(|items| {
        let data = batch(programme, month, division, items.to_vec());
        let new = Subject::Payroll(PayrollId([0; 16]));
        let step = Step::new("payroll.prepared", new, json!(data)).of_new_subject();
        Some((step.offer(view)?, data))
    });
    ToPrepare { batches: batches.collect(), left_out }
}

/// The payrolls on the viewer's desk: to be prepared, to be authorised, to be paid and reported.
pub(super) fn waiting(view: &View<'_>) -> Vec<Waiting> {
    let signs =
        |name: &str| rule_named(name).is_some_and(|rule| rule.signers.contains(&view.signer.role));
    let mut found = Vec::new();
    let of_payroll = |id: PayrollId, place, step, since| Waiting {
        subject: Subject::Payroll(id),
        place,
        person: None,
        steps: vec![step],
        since,
        second_round: false,
    };
    if signs("payroll.prepared") {
        let (month, division) = (view.today.month(), view.signer.division);
        let due = programmes(view, month).into_iter();
        let due = due.filter(|programme| is_due(view.state, *programme, month, division));
        found.extend(due.map(|programme| Waiting {
            subject: Subject::Programme(programme.to_string()),
            place: Place::Prepare(programme, month),
            person: None,
            steps: vec!["payroll.prepared"],
            since: Some(month.first_day()),
            second_round: false,
        }));
    }
    if signs("payroll.authorised") {
        let own = all(view).into_iter().filter(ToAuthorise::is_due);
        found.extend(own.map(|one| {
            let place = Place::Authorise(one.payroll.programme, one.payroll.month);
            of_payroll(one.id, place, "payroll.authorised", Some(one.payroll.month.first_day()))
        }));
    }
    // Signed row by row as a roll: there is no form for it.
    if signs(PAID) {
        let open = view.state.benefits.payrolls_to_pay(None);
        let own = open.filter(|(_, payroll, _)| view.signer.division.covers(payroll.division));
        found.extend(own.map(|(id, payroll, released)| {
            let place = Place::Pay(*id, payroll.programme, payroll.month);
            of_payroll(*id, place, PAID, Some(released.on))
        }));
    }
    found
}

/// Every payroll that waits for somebody of the viewer's role, those that may not be authorised yet
/// too: whoever releases the money sees all that is prepared.
pub(super) fn all(view: &View<'_>) -> Vec<ToAuthorise> {
    let waiting = view.state.benefits.payrolls_to_authorise();
    // One that was withdrawn has no items.
    let own = waiting.filter(|(_, payroll)| {
        !payroll.items.is_empty() && view.signer.division.covers(payroll.division)
    });
    own.filter_map(|(id, payroll)| {
        let data = json!({ "root": payroll.root });
        let source = Field::new("fund_source", Kind::Text, "资金来源", "source of the funds");
        let step =
            Step::new("payroll.authorised", Subject::Payroll(*id), data).fields(vec![source]);
        let refused = step.judged(view)?.err();
        let offer = step.offer(view);
        let not_yet = refused.filter(|_| offer.is_none());
        Some(ToAuthorise { id: *id, payroll: payroll.clone(), offer, not_yet })
    })
    .collect()
}
