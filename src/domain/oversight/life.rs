//! The same state from a flag's own events: what was known of it at an earlier entry.

use super::register::Oversight;
use crate::event::{Body, Recorded};

impl Oversight {
    /// What these events, in the order of the log, make of the flags they name. Proposals count
    /// from the endorsement among them.
    #[must_use]
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut known = Self::default();
        let mut waiting: Vec<&Recorded> = Vec::new();
        for event in events {
            if matches!(event.payload.body, Body::Endorsed(_)) {
                waiting.retain(|proposal| {
                    let named = event.payload.refs.contains(&proposal.id);
                    if named {
                        known.take(proposal);
                    }
                    !named
                });
            } else if event.payload.body.second().is_some() {
                waiting.push(event);
            } else {
                known.take(event);
            }
        }
        known
    }
}
