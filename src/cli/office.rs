//! `events`, `groups`, `outbox` …: asked of the running bot, or done on a store at rest.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::app::heard::LastHeard;
use crate::app::notes::Notes;
use crate::app::office::Office;
use crate::app::opening;
use crate::app::request::{Answer, Request};
use crate::command::CommandName;
use crate::config::Config;
use crate::gateway::registry;
use crate::model::{Clock, GroupPurpose, SystemClock};
use crate::outbox::Ledger;

use super::arguments::{
    Dead, Directory, Events, Format, Groups, Outbox, Shadow, Silences, SilencesCommand,
};
use super::{Ending, Printer, client, print};

/// Everything that can be done to an event from the command line.
const ACTIONS: [CommandName; 15] = [
    CommandName::Accept,
    CommandName::HandBack,
    CommandName::Resolve,
    CommandName::Suspend,
    CommandName::Extend,
    CommandName::Transfer,
    CommandName::Merge,
    CommandName::Void,
    CommandName::Recategorise,
    CommandName::Confirm,
    CommandName::Verify,
    CommandName::Rework,
    CommandName::Approve,
    CommandName::Escalate,
    CommandName::Supervise,
];

/// `events …`
pub(super) async fn events(config: &Config, command: Events) -> anyhow::Result<Ending> {
    let (request, format) = match command {
        Events::List {
            all,
            area,
            limit,
            output,
        } => (Request::Events { all, area, limit }, output.format),
        Events::Show { id, output } => (Request::Event { id }, output.format),
        Events::Act {
            id,
            action,
            reason,
            to,
            until,
            output,
        } => {
            let Some(command) = ACTIONS.into_iter().find(|name| name.chinese() == action) else {
                let known: Vec<&str> = ACTIONS.iter().map(|name| name.chinese()).collect();
                print::complain(&format!(
                    "没有“{action}”这个动作；可用：{}",
                    known.join(" ")
                ));
                return Ok(Ending::Usage);
            };
            (
                Request::Act {
                    command,
                    event: id,
                    reason,
                    to,
                    until,
                },
                output.format,
            )
        }
    };
    show(config, request, format).await
}

/// `groups …`
pub(super) async fn groups(config: &Config, command: Groups) -> anyhow::Result<Ending> {
    let (request, format) = match command {
        Groups::List(output) => (Request::Groups, output.format),
        Groups::Show { group, output } => (Request::Group { group }, output.format),
        Groups::Admit { group, area, work } => {
            let purpose = if work {
                GroupPurpose::Work
            } else {
                GroupPurpose::Residents
            };
            (
                Request::Admit {
                    group,
                    area,
                    purpose,
                },
                Format::Text,
            )
        }
        Groups::Retire { group } => (Request::Retire { group }, Format::Text),
    };
    show(config, request, format).await
}

/// `gateway dead …`
pub(super) async fn dead(config: &Config, command: Dead) -> anyhow::Result<Ending> {
    let (request, format) = match command {
        Dead::List { limit, output } => (Request::DeadLetters { limit }, output.format),
        Dead::Retry { id, all: _ } => (Request::DeadRetry { id }, Format::Text),
    };
    show(config, request, format).await
}

/// `outbox …`
pub(super) async fn outbox(config: &Config, command: Outbox) -> anyhow::Result<Ending> {
    let (request, format) = match command {
        Outbox::List {
            state,
            limit,
            output,
        } => (Request::Outbox { state, limit }, output.format),
        Outbox::Stop => (
            Request::OutboxStop {
                by: "管理员（命令行）".to_owned(),
            },
            Format::Text,
        ),
        Outbox::Start => (Request::OutboxStart, Format::Text),
        Outbox::Retry { id } => (Request::OutboxRetry { id }, Format::Text),
        Outbox::Drop { id } => (Request::OutboxDrop { id }, Format::Text),
        Outbox::Sent { id } => (Request::OutboxSent { id }, Format::Text),
    };
    show(config, request, format).await
}

/// `silences …`
pub(super) async fn silences(config: &Config, silences: Silences) -> anyhow::Result<Ending> {
    match silences.command {
        Some(SilencesCommand::Real { id, category }) => {
            show(config, Request::SilenceReal { id, category }, Format::Text).await
        }
        None => {
            let list = silences.list;
            let request = Request::Silences {
                group: list.group,
                limit: list.limit,
            };
            show(config, request, list.output.format).await
        }
    }
}

/// `shadow …`
pub(super) async fn shadow(config: &Config, command: Shadow) -> anyhow::Result<Ending> {
    let Shadow::Report {
        recorded,
        per_day,
        output,
    } = command;
    let recorded = recorded.map(|path| named(&path)).transpose()?;
    let request = Request::ShadowReport { recorded, per_day };
    show(config, request, output.format).await
}

/// A file's name and content.
fn named(path: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes = std::fs::read(path).with_context(|| format!("打不开 {}", path.display()))?;
    let name = path.file_name().unwrap_or_default();
    Ok((name.to_string_lossy().into_owned(), bytes))
}

/// `directory …`
pub(super) async fn directory(config: &Config, command: Directory) -> anyhow::Result<Ending> {
    match command {
        Directory::List(output) => show(config, Request::Directory, output.format).await,
        Directory::Import {
            files,
            dry_run,
            output,
        } => {
            let mut read = Vec::new();
            for path in files {
                read.push(named(&path)?);
            }
            show(
                config,
                Request::DirectoryImport {
                    files: read,
                    dry_run,
                },
                output.format,
            )
            .await
        }
    }
}

/// Asks and prints.
pub(super) async fn show(
    config: &Config,
    request: Request,
    format: Format,
) -> anyhow::Result<Ending> {
    report(&ask(config, request).await?, format)
}

/// Prints an answer; a refusal goes to standard error.
fn report(answer: &Answer, format: Format) -> anyhow::Result<Ending> {
    if !answer.done {
        print::complain(&answer.text);
        return Ok(Ending::Failed);
    }
    let mut printer = Printer::new();
    printer.answer(format, &answer.text, &answer.rows)?;
    printer.finish()?;
    Ok(Ending::Done)
}

/// The running bot's answer; else the answer of the store at rest.
pub(super) async fn ask(config: &Config, request: Request) -> anyhow::Result<Answer> {
    match client::ask_running(config, &request).await? {
        Some(answer) => Ok(answer),
        None => Ok(at_rest(config).await?.handle(request).await),
    }
}

async fn at_rest(config: &Config) -> anyhow::Result<Office> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let profile = |gateway| registry::open(gateway, &clock).profile;
    let profiles = config.gateways.iter().map(profile).collect();
    let store = opening::store(&config.store, clock.now())?;
    let (shelf, _) = opening::shelf(config)?;
    let desk = opening::desk(config, store.clone(), &shelf).await?;
    let notes = Notes::open(config, &store).await?;
    Ok(Office {
        desk: Arc::new(desk),
        ledger: Ledger::new(store),
        clock,
        lookout: Arc::new(Vec::new),
        reread: None,
        gateways: profiles,
        per_minute: config.outbox.per_minute,
        last_heard: LastHeard::default(),
        notes,
        shelf: Arc::new(shelf),
        open_at: config.open_at,
        mode: config.mode,
    })
}
