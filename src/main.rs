//! The `minutebook` binary: arguments go to [`minutebook::cli`], and its verdict
//! becomes the exit code.

use std::process::ExitCode;

/// Requests are made by one thread and dropped by another all the time, which the
/// system's allocator takes locks for. Huge pages are left out: the register grows
/// and shrinks in small pieces, and clearing two megabytes holds up whoever waits.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    minutebook::cli::main()
}
