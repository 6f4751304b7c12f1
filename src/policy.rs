//! Layer 2: policies and the working-day calendar as effective-dated data.
