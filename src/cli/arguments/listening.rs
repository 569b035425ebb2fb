//! What can be typed about that which led to nothing.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Output, TEMPLATE};

/// Near misses: without a command they are listed.
#[derive(Debug, Args)]
pub struct Silences {
    /// What to do about one.
    #[command(subcommand)]
    pub command: Option<SilencesCommand>,
    /// Which are listed.
    #[command(flatten)]
    pub list: SilencesList,
}

/// Which near misses are listed.
#[derive(Debug, Args)]
pub struct SilencesList {
    /// 只看这个群：群号或群名
    #[arg(long, value_name = "群", help_heading = "选项")]
    pub group: Option<String>,
    /// 最多列几条
    #[arg(
        long,
        default_value_t = 100,
        hide_default_value = true,
        value_name = "条数",
        help_heading = "选项"
    )]
    pub limit: usize,
    #[command(flatten)]
    pub output: Output,
}

/// What can be done about a near miss.
#[derive(Debug, Subcommand)]
pub enum SilencesCommand {
    /// 这是真问题：记成用例和例子
    #[command(help_template = TEMPLATE)]
    Real {
        /// 编号，如 S-1120-1a2b3c4d
        #[arg(value_name = "编号", help_heading = "参数")]
        id: String,
        /// 归哪一类：两位编号或名称；不写就用机器人认的类别
        #[arg(long, value_name = "类别", help_heading = "选项")]
        category: Option<String>,
    },
}

/// Shadow mode.
#[derive(Debug, Subcommand)]
pub enum Shadow {
    /// 报告：旁听这些天会立多少案，和人工记录比漏了什么、多了什么，门槛定多少合适
    #[command(help_template = TEMPLATE)]
    Report {
        /// 人工记录，CSV，列是 时间、群（或小区）、内容、类别
        #[arg(long, value_name = "文件", help_heading = "选项")]
        recorded: Option<PathBuf>,
        /// 一天最多办得了几件，据此建议门槛
        #[arg(long, value_name = "件数", help_heading = "选项")]
        per_day: Option<u32>,
        #[command(flatten)]
        output: Output,
    },
}
