//! How the store fails, by what the caller will do.

use thiserror::Error;

use super::Kind;

/// The store cannot do its work.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The disk has no room; the store stays readable and recovers when there is.
    #[error("磁盘已满，暂时不能保存；请清理磁盘空间，机器人会自动继续")]
    Full,
    /// A record or file is not what was written.
    #[error("数据已损坏（{what}）：{detail}；请用最近的备份恢复：lianxin restore")]
    Damaged {
        /// Which record or file.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
    /// Another process holds the store.
    #[error("数据目录正被另一个进程使用（{holder}）；请先停止它")]
    Held {
        /// Process id and start time, as the holder wrote them.
        holder: String,
    },
    /// A newer program wrote the store.
    #[error("数据由更新版本的程序写成（版本 {found}，本程序只认识到 {known}）；请升级程序后再启动")]
    Newer {
        /// The version found.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// An id or key of this record is longer than any store takes; the store itself is well.
    #[error("{kind} 的编号或索引超过 {limit} 字节，这一条不能保存")]
    TooLong {
        /// The record's kind.
        kind: &'static str,
        /// The most a store takes, bytes.
        limit: usize,
    },
    /// Anything else the disk or server reports.
    #[error("存储暂时不可用：{0}")]
    Unavailable(String),
}

impl StoreError {
    /// A damaged record.
    pub fn damaged(kind: Kind, id: &str, detail: impl Into<String>) -> Self {
        Self::Damaged {
            what: format!("{} {id}", kind.name()),
            detail: detail.into(),
        }
    }
}

/// A commit did not happen.
#[derive(Debug, Error)]
pub enum CommitError {
    /// A precondition does not hold: read again and decide again.
    #[error("{kind:?} {id} 已被别处修改，请重试", kind = kind.name())]
    Conflict {
        /// The record's kind.
        kind: Kind,
        /// The record's id.
        id: String,
    },
    /// The store failed; nothing was applied.
    #[error(transparent)]
    Store(#[from] StoreError),
}
