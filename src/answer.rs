//! Layer 6: what readers and signers are answered, in one shape for every door.
//!
//! The command line and the service ask the same questions of a ledger and its index; what they
//! print and send is made here, so that `--json` and HTTP say the same. Nothing here knows who
//! asks: whoever calls has judged that before, and says whether personal data is to be revealed.
//!
//! Knows nothing of HTTP and of terminals.

mod actors;
pub(crate) mod case;
pub(crate) mod check;
pub(crate) mod desk;
pub(crate) mod draft;
mod erasure;
mod error;
mod evidence;
mod flag;
mod history;
pub(crate) mod kinds;
mod moment;
mod named;
pub(crate) mod narrow;
pub(crate) mod notice;
mod outcome;
mod pack;
pub(crate) mod payable;
mod person;
pub(crate) mod plan;
mod policies;
mod queue;
mod raise;
mod records;
pub(crate) mod report;
mod restriction;
mod reveal;
mod rule;
mod sequence;
mod statistics;

pub(crate) use actors::{ActorLine, Called, actors, called};
pub(crate) use erasure::keys_to_erase;
pub(crate) use error::AskError;
pub(crate) use evidence::evidence_of;
pub(crate) use flag::FlagLine;
pub(crate) use history::EventLine;
pub(crate) use moment::Moment;
pub(crate) use named::masked_name;
pub(crate) use outcome::Outcome;
pub(crate) use pack::pack;
pub(crate) use person::{CertificateLine, PaymentLine, PersonRecord, certificate_status};
pub(crate) use policies::{PolicyLine, RateLine, policies, rates_on};
pub(crate) use queue::{QueueFilter, QueueLine, QueueName, Rank, flag_named, queue, queue_line};
pub(crate) use raise::{Raised, raise};
pub(crate) use records::{Found, Records};
pub(crate) use restriction::{Erased, Restricted};
pub(crate) use reveal::{Revealer, open};
pub(crate) use rule::rule_named;
pub(crate) use sequence::items;
pub(crate) use statistics::{SumLine, statistics};

use crate::ledger::{Ledger, PersonalStore};
use crate::value::Day;

/// The day it is by the ledger's clock.
pub(crate) fn today(ledger: &Ledger) -> Day {
    Day::of_millis(ledger.clock().wall_ms())
}

/// The vault of a ledger that was opened with it.
fn personal(ledger: &Ledger) -> Result<&PersonalStore, AskError> {
    ledger.personal().ok_or(AskError::NoVault)
}
