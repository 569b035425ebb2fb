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
    /// 试新词库：拿存下的话和聊天记录比一比，什么会新立案、什么会漏掉；可以发布
    #[command(help_template = TEMPLATE)]
    Replay(Revise),
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
    /// 从例句学习说法的分数，写出 learned.csv
    #[command(help_template = TEMPLATE)]
    Train(Train),
}

/// Trying a change before it is in force.
#[derive(Debug, clap::Args)]
pub struct Revise {
    /// 改过的词库目录
    #[arg(value_name = "新目录", help_heading = "参数")]
    pub folder: PathBuf,
    /// 聊天记录，每行一条消息；可以不写，只看存下的话
    #[arg(value_name = "聊天记录", help_heading = "参数")]
    pub files: Vec<PathBuf>,
    /// 和哪个词库比：一个目录，或 自带；不写则和正在用的比
    #[arg(long, value_name = "旧目录|自带", help_heading = "选项")]
    pub against: Option<PathBuf>,
    /// 没有问题就发布：写进正在用的词库目录，运行中的机器人随即换上
    #[arg(long, help_heading = "选项")]
    pub publish: bool,
    /// 会漏掉属实的事也认了
    #[arg(long, help_heading = "选项")]
    pub accept_losses: bool,
    #[command(flatten)]
    pub output: Output,
}

/// Learning from examples.
#[derive(Debug, clap::Args)]
pub struct Train {
    /// 词库目录（里面的 examples 是例句）；不写则用配置里的，再没有就用自带的，只看结果不写文件
    #[arg(value_name = "目录", help_heading = "参数")]
    pub folder: Option<PathBuf>,
    /// 另外加上的例句，比如机器人数据目录里大家确认过的 examples.csv
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub own: Option<PathBuf>,
    /// 平常聊天（CSV 的 text 或 原文 列，或 JSON 行）：重新数说法，重新定立案的分数线
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub ordinary: Option<PathBuf>,
    /// 平常聊天从哪里来，写进 learned.toml
    #[arg(
        long,
        value_name = "说明",
        default_value = "本社区的平常聊天",
        hide_default_value = true,
        help_heading = "选项"
    )]
    pub source: String,
    /// 一万句平常话里最多误报几件事
    #[arg(
        long,
        value_name = "件数",
        default_value_t = 7.0,
        hide_default_value = true,
        help_heading = "选项"
    )]
    pub false_alarms: f64,
    /// 一万句平常话里最多误当几个咨询
    #[arg(
        long,
        value_name = "个数",
        default_value_t = 1.5,
        hide_default_value = true,
        help_heading = "选项"
    )]
    pub false_questions: f64,
    /// 再看看例句少一半、少到八分之一时学得怎样
    #[arg(long, help_heading = "选项")]
    pub curve: bool,
    /// 只看结果，不写文件
    #[arg(long, help_heading = "选项")]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}
