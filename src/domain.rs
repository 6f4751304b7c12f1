//! Layer 2: decide and evolve, one file per use case.
