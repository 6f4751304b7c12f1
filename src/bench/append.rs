//! Durable append: many submitters with a window each, and one that waits every time.

use std::{collections::VecDeque, thread};

use super::{
    BenchError,
    clock::{Spent, timed},
};
use crate::ledger::{Ledger, Pending};

/// Submitters at once, and statements of each that wait for their answer.
pub(super) const SUBMITTERS: usize = 64;
pub(super) const IN_FLIGHT: usize = 32;

/// Appends all statements, one to a submission, from many threads at once; each answer is waited
/// for.
pub(super) fn many(ledger: &Ledger, statements: Vec<Vec<u8>>) -> Result<Spent, BenchError> {
    let share_len = statements.len().div_ceil(SUBMITTERS).max(1);
    let mut shares = Vec::with_capacity(SUBMITTERS);
    let mut rest = statements;
    while !rest.is_empty() {
        let at = rest.len().saturating_sub(share_len);
        shares.push(rest.split_off(at));
    }
    let (answers, spent) = timed(|| {
        thread::scope(|scope| {
            let threads: Vec<_> =
                shares.into_iter().map(|share| scope.spawn(|| submitter(ledger, share))).collect();
            let joined = threads.into_iter().map(|thread| {
                thread.join().unwrap_or(Err(crate::ledger::SubmitError::OutcomeUnknown.into()))
            });
            joined.collect::<Result<Vec<()>, BenchError>>()
        })
    });
    answers?;
    Ok(spent)
}

fn submitter(ledger: &Ledger, statements: Vec<Vec<u8>>) -> Result<(), BenchError> {
    let mut in_flight = VecDeque::with_capacity(IN_FLIGHT);
    for statement in statements {
        if in_flight.len() == IN_FLIGHT
            && let Some(oldest) = in_flight.pop_front()
        {
            settle(oldest)?;
        }
        in_flight.push_back(ledger.submit_wait(vec![statement])?);
    }
    in_flight.into_iter().try_for_each(settle)
}

/// Appends statements one at a time, each when the one before is durable.
pub(super) fn one(ledger: &Ledger, statements: Vec<Vec<u8>>) -> Result<Spent, BenchError> {
    let (appended, spent) = timed(|| {
        statements
            .into_iter()
            .try_for_each(|statement| settle(ledger.submit_wait(vec![statement])?))
    });
    appended?;
    Ok(spent)
}

fn settle(pending: Pending) -> Result<(), BenchError> {
    for result in pending.wait()?.results {
        result.map_err(BenchError::Refused)?;
    }
    Ok(())
}
