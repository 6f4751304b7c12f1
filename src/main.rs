//! The `mingzheng` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    mingzheng::cli::run()
}
