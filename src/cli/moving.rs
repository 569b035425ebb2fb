//! `export`, `import`, `backup`, `restore`: data in and out.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use crate::app::moving::rekey;
use crate::app::opening::{self, SCHEMA};
use crate::app::request::Request;
use crate::config::Config;
use crate::model::{Clock, SystemClock};
use crate::store::export::{Summary, export as export_store};
use crate::store::import::import as import_store;
use crate::store::sled::restore as restore_store;

use super::arguments::Format;
use super::{Ending, Printer, office};

/// `export FILE`: a store at rest, as JSON lines; `-` writes them to standard output.
pub(super) async fn export(config: &Config, file: &Path) -> anyhow::Result<Ending> {
    let store = opening::store(&config.store, SystemClock.now())?;
    let summary = if file == Path::new("-") {
        let mut lines = Vec::new();
        let summary = export_store(store.backend(), SCHEMA.version(), &mut lines).await?;
        std::io::stdout().write_all(&lines)?;
        summary
    } else {
        let mut out = std::io::BufWriter::new(
            std::fs::File::create(file).with_context(|| format!("写不进 {}", file.display()))?,
        );
        export_store(store.backend(), SCHEMA.version(), &mut out).await?
    };
    if file != Path::new("-") {
        tell("已导出", &summary, file)?;
    }
    Ok(Ending::Done)
}

/// `import FILE`: an export into the configured store, which must be empty.
pub(super) async fn import(config: &Config, file: &Path) -> anyhow::Result<Ending> {
    let store = opening::store(&config.store, SystemClock.now())?;
    let summary = import_store(store.backend(), file, &SCHEMA, &rekey).await?;
    tell("已导入", &summary, file)?;
    Ok(Ending::Done)
}

/// `backup FILE`: one instant of everything, of a running bot too.
pub(super) async fn backup(config: &Config, file: &Path) -> anyhow::Result<Ending> {
    let file = std::path::absolute(file)?;
    office::show(config, Request::Backup { file }, Format::Text).await
}

/// `restore FILE`: a backup as a new store, in a folder that has none.
pub(super) async fn restore(config: &Config, file: &Path) -> anyhow::Result<Ending> {
    let now = SystemClock.now();
    let summary = restore_store(&config.store, file, &SCHEMA, &rekey, now).await?;
    tell("已恢复", &summary, file)?;
    Ok(Ending::Done)
}

fn tell(verb: &str, summary: &Summary, file: &Path) -> anyhow::Result<()> {
    let mut printer = Printer::new();
    printer.line(&format!(
        "{verb} {} 条记录：{}",
        summary.records,
        file.display()
    ))?;
    printer.finish()?;
    Ok(())
}
