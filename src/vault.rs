//! Layer 3: personal-data keys and key files.
