//! The `rollcall` program: reads its arguments, runs one command, prints what went wrong, sets the exit code.

use std::process::ExitCode;

/// Taking in makes and drops millions of small texts on several threads: the system's allocator costs a tenth of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rollcall::cli::main()
}
