//! The `rollcall` program: reads its arguments, runs one command, prints what went wrong, sets the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    rollcall::cli::main()
}
