//! Layer 7: measures the ledger against the machine's own limits.
