//! What can be typed about the lexicon.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Output, TEMPLATE};

/// What an operator needs before and after an edit.
#[derive(Debug, Subcommand)]
pub enum Lexicon {
    /// 检查词库，跑一遍全部用例
    #[command(help_template = TEMPLATE)]
    Check {
        /// 词库目录；不写则用配置里的，再没有就用自带的
        #[arg(value_name = "目录", help_heading = "参数")]
        folder: Option<PathBuf>,
        #[command(flatten)]
        output: Output,
    },
    /// 比较两份词库，列出增、删、改
    #[command(help_template = TEMPLATE)]
    Diff {
        /// 旧的词库目录
        #[arg(value_name = "旧目录", help_heading = "参数")]
        old: PathBuf,
        /// 新的词库目录
        #[arg(value_name = "新目录", help_heading = "参数")]
        new: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// 把自带的词库复制到一个目录，供运营修改
    #[command(help_template = TEMPLATE)]
    Copy {
        /// 新目录
        #[arg(value_name = "目录", help_heading = "参数")]
        folder: PathBuf,
    },
    /// 每个词响过几次、属实几件、作废几件，哪些词从没出现过
    #[command(help_template = TEMPLATE)]
    Stats(Output),
    /// 建议：词库里没有、却常在真问题里出现的说法
    #[command(help_template = TEMPLATE)]
    Suggest {
        /// 最多列几条
        #[arg(
            long,
            default_value_t = 40,
            hide_default_value = true,
            value_name = "条数",
            help_heading = "选项"
        )]
        limit: usize,
        #[command(flatten)]
        output: Output,
    },
}
