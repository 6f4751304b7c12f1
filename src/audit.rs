//! Layer 2, checking: verifies the whole trail from files and public keys.
