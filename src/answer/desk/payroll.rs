//! Payrolls that were prepared and wait for their authorisation (R18).

use serde_json::json;

use super::probe::Step;
use super::{Field, Kind, Offer, View};
use crate::domain::benefit::Payroll;
use crate::value::{PayrollId, Subject};

/// A payroll that the viewer may authorise, with what it comes to.
pub(crate) struct ToAuthorise {
    pub(crate) id: PayrollId,
    pub(crate) payroll: Payroll,
    pub(crate) offer: Offer,
}

/// Every payroll that the viewer may authorise, or that another of the same role may.
pub(super) fn all(view: &View<'_>) -> Vec<ToAuthorise> {
    let waiting = view.state.benefits.payrolls_to_authorise();
    let own = waiting.filter(|(_, payroll)| view.signer.division.covers(payroll.division));
    own.filter_map(|(id, payroll)| {
        let data = json!({ "root": payroll.root });
        let source = Field::new("fund_source", Kind::Text, "资金来源", "source of the funds");
        let step =
            Step::new("payroll.authorised", Subject::Payroll(*id), data).fields(vec![source]);
        let offer = step.offer(view)?;
        Some(ToAuthorise { id: *id, payroll: payroll.clone(), offer })
    })
    .collect()
}
