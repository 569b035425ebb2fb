//! What can be typed about gateways.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::{Output, TEMPLATE};

/// Gateways.
#[derive(Debug, Subcommand)]
pub enum Gateway {
    /// 试一段正文：按映射能读出什么，每一项用了哪个写法；不发送，不记录
    #[command(help_template = TEMPLATE)]
    Try(Try),
    /// 看现成的格式；写上名字就打印它的全部写法，可以抄去改
    #[command(help_template = TEMPLATE)]
    Preset {
        /// 格式的名字，如 roomid
        #[arg(value_name = "格式", help_heading = "参数")]
        name: Option<String>,
    },
    /// 看不懂的消息：查看，修好以后重新读
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", subcommand_value_name = "命令", disable_help_subcommand = true)]
    Dead(Dead),
}

/// Options of `gateway try`.
#[derive(Debug, Args)]
pub struct Try {
    /// 配置里 kind = "webhook" 的网关的名字，或现成格式的名字
    #[arg(value_name = "网关或格式", help_heading = "参数")]
    pub mapping: String,
    /// 对方发来的正文；不写就从标准输入读
    #[arg(value_name = "文件", help_heading = "参数")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

/// Dead letters.
#[derive(Debug, Subcommand)]
pub enum Dead {
    /// 列出看不懂的消息（已打码）和原因，新的在前
    #[command(help_template = TEMPLATE)]
    List {
        /// 最多列几条
        #[arg(
            long,
            default_value_t = 50,
            hide_default_value = true,
            value_name = "条数",
            help_heading = "选项"
        )]
        limit: usize,
        #[command(flatten)]
        output: Output,
    },
    /// 升级或改好配置以后重新读一次；读懂了就当作迟到的消息处理
    #[command(help_template = TEMPLATE, group = ArgGroup::new("which").required(true))]
    Retry {
        /// 编号，如 D-1120-1a2b3c4d
        #[arg(value_name = "编号", group = "which", help_heading = "参数")]
        id: Option<String>,
        /// 全部重读
        #[arg(long, group = "which", help_heading = "选项")]
        all: bool,
    },
}
