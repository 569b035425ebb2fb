//! An export into an empty store: read through completely first, written only if all of it is right.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use thiserror::Error;

use super::export::{FORMAT, Header, Line, Summary, Trailer};
use super::sled::Schema;
use super::{
    Backend, Change, Changes, CommitError, Expect, Index, Key, Kind, Record, Scan, StoreError,
};

/// The longest line that is read.
const LONGEST_LINE: u64 = 64 << 20;

/// Problems told at once; further ones are not looked for.
const MOST_PROBLEMS: usize = 100;

/// Records written in one commit.
const PART: usize = 500;

/// The keys of a record of some kind, or what is wrong with it. An export carries no keys; the types
/// of the records know them. See [`keys_of`].
pub type Rekey<'a> = &'a (dyn Fn(Kind, &str, &[u8]) -> Result<Vec<(Index, Key)>, String> + Sync);

/// The keys of a record of type `R`, for a [`Rekey`].
pub fn keys_of<R: Record>(id: &str, body: &[u8]) -> Result<Vec<(Index, Key)>, String> {
    let record: R = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    if record.id() == id {
        Ok(record.keys())
    } else {
        Err(format!("编号与内容不符：{}", record.id()))
    }
}

/// A line that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// An import did not come about.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file is not a whole and right export; nothing was written.
    #[error("导入文件有 {} 处问题，什么都没有写入：{}", .0.len(), told(.0))]
    Problems(Vec<Problem>),
    /// The store or folder is not empty; nothing was written.
    #[error("目标不是空的，什么都没有写入；请换一个空目录")]
    NotEmpty,
    /// A newer program wrote the file.
    #[error("导出文件由更新版本的程序写成；请升级程序后再导入")]
    Newer,
    /// The file cannot be read.
    #[error("无法读取 {file}：{error}")]
    File {
        /// Which.
        file: String,
        /// Why not.
        error: io::Error,
    },
    /// The store failed half way; it must not be used.
    #[error("导入没有完成，请删除目标后重试：{0}")]
    Commit(#[from] CommitError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads an export into an empty store and returns when it is on disk. Records of an older shape are
/// migrated on the way; versions start again at 1.
pub async fn import(
    backend: &dyn Backend,
    file: &Path,
    schema: &Schema,
    rekey: Rekey<'_>,
) -> Result<Summary, ImportError> {
    for kind in Kind::ALL {
        if !backend.scan(&Scan::all(kind).limit(1)).await?.is_empty() {
            return Err(ImportError::NotEmpty);
        }
    }
    let mut seen = HashSet::new();
    let summary = read(file, schema, rekey, &mut |kind, id, _| {
        seen.insert((kind, id.clone()))
    })?;
    drop(seen);

    let mut waiting = Changes::new();
    let mut parts = Vec::new();
    read(file, schema, rekey, &mut |kind, id, (body, keys)| {
        let expect = Expect::New;
        waiting.changes.push(Change::Put {
            kind,
            id,
            body,
            keys,
            expect,
        });
        if waiting.changes.len() >= PART {
            parts.push(std::mem::take(&mut waiting));
        }
        true
    })?;
    parts.push(waiting);
    for part in parts {
        backend.commit(part).await?;
    }
    backend.durable(backend.last()).await?;
    Ok(summary)
}

/// A record's body and keys.
type Content = (Vec<u8>, Vec<(Index, Key)>);

/// Reads a whole export, giving each record to `take`, which says whether it is a new one.
fn read(
    path: &Path,
    schema: &Schema,
    rekey: Rekey<'_>,
    take: &mut dyn FnMut(Kind, String, Content) -> bool,
) -> Result<Summary, ImportError> {
    let failed = |error| ImportError::File {
        file: path.display().to_string(),
        error,
    };
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    let mut found = Found::default();
    let mut line = Vec::new();
    while found.problems.len() < MOST_PROBLEMS {
        line.clear();
        let read = (&mut reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line);
        if read.map_err(failed)? == 0 {
            break;
        }
        found.line += 1;
        if found.line == 1 {
            found.schema = header(&line, schema)?;
        } else if let Err(what) = found.next(&line, schema, rekey, take) {
            found.problem(what);
        }
        found.sum.update(&line);
    }
    found.finish()
}

fn header(line: &[u8], schema: &Schema) -> Result<u32, ImportError> {
    let header: Option<Header> = serde_json::from_slice(line).ok();
    let Some(header) = header.filter(|header| header.lianxin == "export" && header.schema > 0)
    else {
        let what = "不是连心的导出文件".to_owned();
        return Err(ImportError::Problems(vec![Problem { line: 1, what }]));
    };
    if header.format > FORMAT || header.schema > schema.version() {
        return Err(ImportError::Newer);
    }
    Ok(header.schema)
}

/// What has been read so far.
#[derive(Default)]
struct Found {
    line: usize,
    schema: u32,
    kinds: BTreeMap<String, u64>,
    sum: crc32fast::Hasher,
    summary: Option<Summary>,
    problems: Vec<Problem>,
}

impl Found {
    fn next(
        &mut self,
        line: &[u8],
        schema: &Schema,
        rekey: Rekey<'_>,
        take: &mut dyn FnMut(Kind, String, Content) -> bool,
    ) -> Result<(), String> {
        if self.summary.is_some() {
            return Err("结尾之后还有内容".to_owned());
        }
        if line.starts_with(b"{\"end\"") {
            let trailer: Trailer = serde_json::from_slice(line).map_err(|e| e.to_string())?;
            return self.end(trailer.end);
        }
        let line: Line<'_> = serde_json::from_slice(line).map_err(|e| e.to_string())?;
        *self.kinds.entry(line.kind.to_owned()).or_default() += 1;
        let kind =
            Kind::from_name(line.kind).ok_or_else(|| format!("不认识的种类：{}", line.kind))?;
        let body = line.body.get().as_bytes();
        let body = schema.migrate(self.schema, kind, body)?;
        let keys = rekey(kind, &line.id, &body)?;
        let id = line.id.clone();
        if take(kind, line.id, (body, keys)) {
            Ok(())
        } else {
            Err(format!("{} {id} 出现了两次", kind.name()))
        }
    }

    fn end(&mut self, summary: Summary) -> Result<(), String> {
        let sum = format!("{:08x}", self.sum.clone().finalize());
        let read = (self.kinds.values().sum::<u64>(), &self.kinds);
        let right = sum == summary.crc32 && read == (summary.records, &summary.kinds);
        let told = (summary.records, summary.crc32.clone());
        self.summary = Some(summary);
        if right {
            return Ok(());
        }
        Err(format!(
            "内容与结尾不符：应有 {} 条、校验和 {}，实有 {} 条、校验和 {sum}",
            told.0, told.1, read.0
        ))
    }

    fn problem(&mut self, what: String) {
        let line = self.line;
        self.problems.push(Problem { line, what });
    }

    fn finish(mut self) -> Result<Summary, ImportError> {
        if self.summary.is_none() && self.problems.len() < MOST_PROBLEMS {
            self.line += 1;
            self.problem("文件不完整：缺少结尾".to_owned());
        }
        match self.summary {
            Some(summary) if self.problems.is_empty() => Ok(summary),
            _ => Err(ImportError::Problems(self.problems)),
        }
    }
}

fn told(problems: &[Problem]) -> String {
    let first = problems.iter().take(3);
    let first: Vec<_> = first
        .map(|problem| format!("第 {} 行 {}", problem.line, problem.what))
        .collect();
    first.join("；")
}
