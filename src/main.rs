//! `samcheck`: parse, plan, run, report; nothing else.

mod cli;

use std::process::ExitCode;

/// Takes the place of `malloc` too, from which GMP and MPFR have their numbers.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
