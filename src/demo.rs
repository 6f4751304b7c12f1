//! Layer 7: a ledger with sample actors and rolls.
