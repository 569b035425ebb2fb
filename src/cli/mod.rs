//! The commands. [`main`] parses and dispatches; each command is a file of its own.

mod arguments;
mod chat;
mod check;
mod client;
mod demo;
mod eval;
mod explain;
mod gateway;
mod lexicon;
mod lines;
mod moving;
mod office;
mod print;
mod replay;
mod revise;
mod simulate;
mod spoken;
mod train;
mod triage;
mod usage;

use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::app::{self, telemetry};
use crate::config::{Config, Problems};
use crate::lexicon::Diagnostics;

use crate::app::request::Request;

use arguments::Format;
pub use arguments::{Arguments, Command};
use print::{Printer, Tone};

/// What a program that calls us can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// 0: everything was done.
    Done,
    /// 1: it failed.
    Failed,
    /// 2: wrong usage or configuration.
    Usage,
    /// 3: done, but some input was skipped.
    Skipped,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Done => 0,
            Ending::Failed => 1,
            Ending::Usage => 2,
            Ending::Skipped => 3,
        })
    }
}

/// Runs what was typed.
pub fn main() -> Ending {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return wrong_usage(&error),
    };
    match run(arguments) {
        Ok(ending) => ending,
        Err(error) if print::is_closed_pipe(&error) => Ending::Done,
        Err(error) => {
            print::complain(&format!("{error:#}"));
            let wrong = error.is::<Problems>() || error.is::<Diagnostics>();
            if wrong { Ending::Usage } else { Ending::Failed }
        }
    }
}

fn wrong_usage(error: &clap::Error) -> Ending {
    if let Some(problem) = usage::explain(error) {
        print::complain(&problem);
        return Ending::Usage;
    }
    // Help and version; the library's own words have no Chinese.
    let help = error.render().ansi().to_string();
    print::help(
        &help
            .replace("[OPTIONS]", "[选项]")
            .replace("<COMMAND>", "<命令>")
            .replace("命令:", "命令：")
            .replace("选项:", "选项：")
            .replace("参数:", "参数："),
    );
    Ending::Done
}

fn run(arguments: Arguments) -> anyhow::Result<Ending> {
    let config = || config(arguments.config.as_deref());
    match arguments.command {
        Command::Triage(output) => triage::run(&config()?, output),
        Command::Explain(explain) => explain::run(&config()?, &explain),
        Command::Eval(eval) => wait(eval::run(&config()?, &eval)),
        Command::Lexicon(command) => lexicon::run(&config()?, command),
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "lianxin",
                &mut std::io::stdout(),
            );
            Ok(Ending::Done)
        }
        Command::Run => wait(run_bot(config()?)),
        Command::Demo(demo) => wait(demo::run(&demo)),
        Command::Chat => wait(chat::run(&config()?)),
        Command::Check(output) => wait(check::run(&config()?, output)),
        Command::Directory(command) => wait(office::directory(&config()?, command)),
        Command::Events(command) => wait(office::events(&config()?, command)),
        Command::Gateway(command) => gateway::run(config, command),
        Command::Groups(command) => wait(office::groups(&config()?, command)),
        Command::Outbox(command) => wait(office::outbox(&config()?, command)),
        Command::Shadow(shadow) => wait(office::shadow(&config()?, shadow)),
        Command::Silences(silences) => wait(office::silences(&config()?, silences)),
        Command::Export(to) => wait(moving::export(&config()?, &to.file)),
        Command::Import(from) => wait(moving::import(&config()?, &from.file)),
        Command::Backup(to) => wait(moving::backup(&config()?, &to.file)),
        Command::Restore(from) => wait(moving::restore(&config()?, &from.file)),
        Command::Forget(forget) => {
            let request = Request::Forget {
                person: forget.person,
            };
            wait(office::show(&config()?, request, Format::Text))
        }
        Command::Retention(retention) => {
            let request = Request::Retention {
                dry_run: retention.dry_run,
            };
            wait(office::show(&config()?, request, retention.output.format))
        }
        Command::Simulate(simulate) => wait(simulate::run(&config()?, &simulate)),
        Command::Replay(replay) => wait(replay::run(&config()?, &replay)),
    }
}

async fn run_bot(config: Config) -> anyhow::Result<Ending> {
    telemetry::log(&config.log)?;
    app::run::run(config).await?;
    Ok(Ending::Done)
}

/// Runs an async command to its end.
fn wait(command: impl Future<Output = anyhow::Result<Ending>>) -> anyhow::Result<Ending> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(command)
}

/// The named configuration; else `./lianxin.toml`; else the defaults.
fn config(named: Option<&Path>) -> Result<Config, Problems> {
    let usual = Path::new("lianxin.toml");
    match named {
        Some(path) => Config::load(path),
        None if usual.exists() => Config::load(usual),
        None => Ok(Config::default()),
    }
}
