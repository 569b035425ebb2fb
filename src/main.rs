//! The executable: parses what was typed, runs it, and ends with the exit code programs rely on.

use std::process::ExitCode;

fn main() -> ExitCode {
    lianxin::cli::main().into()
}
