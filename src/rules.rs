//! Layer 2: flags as pure functions of the log, the policy and the day judged.
