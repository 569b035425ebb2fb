//! What can be typed about gateways.

use clap::{ArgGroup, Subcommand};

use super::{Output, TEMPLATE};

/// Gateways.
#[derive(Debug, Subcommand)]
pub enum Gateway {
    /// 看不懂的消息：查看，修好以后重新读
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", subcommand_value_name = "命令", disable_help_subcommand = true)]
    Dead(Dead),
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
