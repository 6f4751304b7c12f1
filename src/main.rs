//! The `mingzheng` command.

use std::process::ExitCode;

/// glibc has every free on another thread than the malloc take a lock; the way to the writer is
/// made of such.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    mingzheng::cli::run()
}
