//! Layer 2: the catalogue of events: every type, its data, who may sign it.
