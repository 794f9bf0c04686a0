//! The `minutebook` binary: passes the arguments to [`minutebook::cli`] and returns its
//! exit code.

use std::process::ExitCode;

/// One thread allocates requests and another drops them, which is slow in the system's
/// allocator because of its locks. Huge pages are off: the register grows and shrinks
/// in small pieces, and clearing two megabytes delays a waiting call.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    minutebook::cli::main()
}
