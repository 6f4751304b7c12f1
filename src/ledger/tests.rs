//! The ledger: live writing, refusals, recovery.
