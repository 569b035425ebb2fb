//! Everything out of a store as JSON lines, of one instant, while the store goes on.
//!
//! ```json
//! {"lianxin":"export","format":1,"schema":1}
//! {"kind":"event","id":"E-20261120-0001","version":3,"body":{…}}
//! {"end":{"records":1,"kinds":{"event":1},"crc32":"1c291ca3"}}
//! ```
//!
//! The counts stand at the end, where they are known, and a file without them is cut off. The
//! checksum covers every byte before the last line.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

use super::{Backend, RawRecord, StoreError};

/// The format of the lines.
pub(super) const FORMAT: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) lianxin: String,
    pub(super) format: u32,
    pub(super) schema: u32,
}

/// A record's line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line<'a> {
    pub(super) kind: &'a str,
    pub(super) id: String,
    pub(super) version: u64,
    #[serde(borrow)]
    pub(super) body: &'a RawValue,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trailer {
    pub(super) end: Summary,
}

/// What an export contains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// All records.
    pub records: u64,
    /// Records of each kind that has any.
    pub kinds: BTreeMap<String, u64>,
    /// CRC-32 of all bytes before the line of the summary, in hexadecimal.
    pub crc32: String,
}

/// An export did not come about.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The target cannot be written.
    #[error("无法写入 {target}：{error}")]
    Target {
        /// Where to.
        target: String,
        /// Why not.
        error: io::Error,
    },
}

/// Writes everything as it stands now. `schema` is the version of the records' shape.
pub async fn export(
    backend: &dyn Backend,
    schema: u32,
    out: &mut (dyn Write + Send),
) -> Result<Summary, ExportError> {
    let mut out = Summed::new(out);
    let header = Header {
        lianxin: "export".to_owned(),
        format: FORMAT,
        schema,
    };
    out.line(&header)?;
    let mut summary = Summary::default();
    let mut instant = backend.instant().await?;
    loop {
        let some = instant.next().await?;
        if some.is_empty() {
            break;
        }
        for (kind, record) in some {
            out.line(
                &line(kind.name(), &record)
                    .map_err(|error| StoreError::damaged(kind, &record.id, error.to_string()))?,
            )?;
            summary.records += 1;
            *summary.kinds.entry(kind.name().to_owned()).or_default() += 1;
        }
    }
    summary.crc32 = format!("{:08x}", out.sum.clone().finalize());
    let end = summary.clone();
    out.line(&Trailer { end })?;
    out.inner.flush().map_err(unwritable)?;
    Ok(summary)
}

/// Writes an export to a file, which appears under its name only when it is whole and on disk.
/// Replaces what was there.
pub async fn backup(
    backend: &dyn Backend,
    schema: u32,
    target: &Path,
) -> Result<Summary, ExportError> {
    let failed = |error| ExportError::Target {
        target: target.display().to_string(),
        error,
    };
    let mut unfinished = target.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let mut file = BufWriter::new(File::create(&unfinished).map_err(failed)?);
    let exported = export(backend, schema, &mut file).await;
    let finish = {
        let (from, to) = (unfinished.clone(), target.to_owned());
        move || finish(file, &from, &to)
    };
    let outcome = match exported {
        Ok(summary) => match tokio::task::spawn_blocking(finish).await {
            Ok(written) => written.map(|()| summary).map_err(failed),
            Err(error) => Err(failed(io::Error::other(error))),
        },
        Err(error) => Err(error),
    };
    if outcome.is_err() {
        // Whatever is left of it is of no use; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&unfinished);
    }
    outcome
}

fn finish(file: BufWriter<File>, from: &Path, to: &Path) -> io::Result<()> {
    file.into_inner()?.sync_all()?;
    fs::rename(from, to)?;
    match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn line<'a>(kind: &'a str, record: &'a RawRecord) -> serde_json::Result<Line<'a>> {
    Ok(Line {
        kind,
        id: record.id.clone(),
        version: record.version,
        body: serde_json::from_slice(&record.body)?,
    })
}

/// Writes lines and sums them up.
struct Summed<'a> {
    inner: &'a mut (dyn Write + Send),
    sum: crc32fast::Hasher,
}

impl<'a> Summed<'a> {
    fn new(inner: &'a mut (dyn Write + Send)) -> Self {
        let sum = crc32fast::Hasher::new();
        Self { inner, sum }
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), ExportError> {
        let mut bytes = serde_json::to_vec(line).expect("plain data");
        bytes.push(b'\n');
        self.sum.update(&bytes);
        self.inner.write_all(&bytes).map_err(unwritable)
    }
}

fn unwritable(error: io::Error) -> ExportError {
    ExportError::Target {
        target: "导出文件".to_owned(),
        error,
    }
}
