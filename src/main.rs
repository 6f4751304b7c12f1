//! The `mingzheng` command.

fn main() {}
