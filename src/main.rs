//! The `minutebook` binary: arguments go to [`minutebook::cli`], and its verdict
//! becomes the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    minutebook::cli::main()
}
