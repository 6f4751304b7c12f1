//! Layer 1: the transparency log of C2SP and RFC 6962: tree, proofs, tiles, notes, checkpoints, receipts.
