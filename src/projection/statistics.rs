//! Counts and sums, kept beside the records: events by type, certificates issued by month and
//! division, and money by programme, month and division, net of corrections, retractions and
//! returns.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::{Projection, ProjectionError, rows::Rows, runs::Row};
use crate::event::{Body, Recorded};
use crate::value::{DivisionCode, Fen, Month, Programme};

/// How often, and how much.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// Money, 0 where there is none.
    pub fen: Fen,
}

/// What a sum is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Of {
    /// Events recorded, by type.
    Events(String),
    /// Payments that stand; the month is none for yearly programmes.
    Paid {
        /// The programme.
        programme: Programme,
        /// The month of the roll or payroll; what is paid back with it counts here too.
        month: Option<Month>,
        /// The paying division.
        division: DivisionCode,
    },
    /// Payments that came back.
    Returned {
        /// The programme.
        programme: Programme,
        /// The month of the roll or payroll; what is paid back with it counts here too.
        month: Option<Month>,
        /// The paying division.
        division: DivisionCode,
    },
    /// Certificates issued, once both have signed.
    Issued {
        /// The month of issue.
        month: Month,
        /// The approving division.
        division: DivisionCode,
    },
}

const PREFIX: u8 = b's';

fn key(of: &Of) -> Result<Vec<u8>, ProjectionError> {
    let mut key = vec![PREFIX];
    key.extend(postcard::to_stdvec(of)?);
    Ok(key)
}

/// What changed since the last commit.
#[derive(Default)]
pub(super) struct Changes(HashMap<Of, Sum>);

impl Changes {
    /// Counts an event that was recorded.
    pub(super) fn recorded(&mut self, event: &Recorded) {
        self.add(Of::Events(event.payload.body.name().to_owned()), 1, Fen(0));
    }

    /// Counts an event that takes effect (1), or no longer stands (-1).
    pub(super) fn effective(&mut self, body: &Body, sign: i64) {
        match body {
            Body::PaymentExecuted(data) => {
                let (programme, month, division) = (data.programme, data.month, data.division);
                self.add(Of::Paid { programme, month, division }, sign, Fen(data.amount.0 * sign));
            }
            Body::PaymentReturned(data) => {
                let (programme, month, division) = (data.programme, data.month, data.division);
                let of = Of::Returned { programme, month, division };
                self.add(of, sign, Fen(data.amount.0 * sign));
            }
            Body::CertificateIssued(data) => {
                let (month, division) = (data.valid_from.month(), data.approving_division);
                self.add(Of::Issued { month, division }, sign, Fen(0));
            }
            _ => {}
        }
    }

    fn add(&mut self, of: Of, count: i64, fen: Fen) {
        let sum = self.0.entry(of).or_default();
        sum.count += count;
        sum.fen += fen;
    }

    /// The rows as they will be.
    pub(super) fn rows(&mut self, stored: &Rows) -> Result<Vec<Row>, ProjectionError> {
        let mut rows = Vec::with_capacity(self.0.len());
        for (of, change) in self.0.drain() {
            let key = key(&of)?;
            let before: Sum = match stored.get(&key)? {
                Some(bytes) => postcard::from_bytes(&bytes)?,
                None => Sum::default(),
            };
            let now = Sum { count: before.count + change.count, fen: before.fen + change.fen };
            rows.push((key, postcard::to_stdvec(&now)?));
        }
        Ok(rows)
    }
}

impl Projection {
    /// Every count and sum, in a fixed order.
    ///
    /// # Errors
    /// sled's, or a row of unknown form.
    pub fn statistics(&self) -> Result<Vec<(Of, Sum)>, ProjectionError> {
        let mut all = Vec::new();
        self.rows.each(&[PREFIX], |key, value| {
            all.push((postcard::from_bytes(&key[1..])?, postcard::from_bytes(value)?));
            Ok(())
        })?;
        all.sort_unstable_by(|(one, _): &(Of, Sum), (other, _)| one.cmp(other));
        Ok(all)
    }
}
