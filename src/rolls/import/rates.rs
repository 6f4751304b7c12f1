//! A list of amounts becomes one published policy, or nothing where the same is published.

use super::{
    super::row::Row,
    Job, draft,
    plan::{Act, Plan},
    rejected::Rejected,
    report::ImportError,
};
use crate::{
    event::Body,
    policy::{Policy, RateRow, rates_policy},
    value::{DivisionCode, Hash, PolicyName},
};

/// What stands of the amounts of a division.
struct Standing {
    /// Hash and version of the newest published text.
    newest: Option<(Hash, u32)>,
    next_version: u32,
    /// Statement, text hash and version of those that wait for a second signer.
    waiting: Vec<(Hash, Hash, u32)>,
}

impl<'a> Job<'a> {
    /// Compares the list with the amounts published last for the sender's division.
    pub(super) fn plan_rates(&self) -> Result<Plan<'a>, ImportError> {
        if let Some(row) = self.roll.rejected.first() {
            let Rejected { row, why, .. } = row.into();
            return Err(ImportError::RateRejected { row, why });
        }
        let mut rows = Vec::with_capacity(self.roll.rows.len());
        for row in &self.roll.rows {
            draft::check(&self.terms(), &row.value, &[])
                .map_err(|why| ImportError::RateRejected { row: row.row, why })?;
            let Row::Rate(rate) = &row.value else { continue };
            rows.push(RateRow {
                programme: rate.programme.name(),
                unit: rate.unit.as_deref().unwrap_or_default(),
                amount: rate.amount,
                valid_from: rate.valid_from,
                valid_to: rate.valid_to,
            });
        }
        let division = self.options().division;
        let standing = self.standing(division)?;
        let text_of = |version| rates_policy(division, version, &rows);
        let mut plan = Plan { accepted: rows.len(), ..Plan::default() };
        if let Some((hash, version)) = standing.newest
            && Hash::blake3(text_of(version)?.as_bytes()) == hash
        {
            plan.unchanged = rows.len();
            return Ok(plan);
        }
        for (statement, hash, version) in &standing.waiting {
            if Hash::blake3(text_of(*version)?.as_bytes()) == *hash {
                plan.unchanged = rows.len();
                plan.waiting.push(*statement);
                return Ok(plan);
            }
        }
        // A version stands for one text: one that waits may still be endorsed.
        let taken = standing.waiting.iter().map(|(_, _, version)| version.saturating_add(1)).max();
        let version = taken.map_or(standing.next_version, |next| next.max(standing.next_version));
        plan.acts.push(Act::Policy { text: text_of(version)? });
        Ok(plan)
    }

    fn standing(&self, division: DivisionCode) -> Result<Standing, ImportError> {
        let is_ours =
            |policy: &Policy| policy.name == PolicyName::Rates && policy.division == division;
        Ok(self.importer.ledger.with_state(|state| {
            let published = state.policies.policies().filter(|found| is_ours(&found.policy));
            let newest = published.max_by_key(|found| found.index);
            let waiting = state.proposals.iter().filter_map(|proposal| {
                let Body::PolicyPublished(data) = &proposal.payload.body else { return None };
                let policy = Policy::parse(&data.text).ok().filter(is_ours)?;
                Some((proposal.id, data.hash, policy.version))
            });
            Standing {
                newest: newest.map(|found| (found.hash, found.policy.version)),
                next_version: state.policies.next_version(PolicyName::Rates, division),
                waiting: waiting.collect(),
            }
        })?)
    }
}
