//! What can be typed about a rehearsal.

use std::path::PathBuf;

use clap::Args;

use super::Output;

/// Options of `simulate`.
#[derive(Debug, Args)]
pub struct Simulate {
    /// 聊天记录，每行一条消息；- 表示标准输入
    #[arg(required = true, value_name = "文件", help_heading = "参数")]
    pub files: Vec<PathBuf>,
    /// 演配置里的哪一个 OneBot 网关；只有一个时不用写
    #[arg(long, value_name = "网关", help_heading = "选项")]
    pub gateway: Option<String>,
    /// 每秒放几条（默认 10）
    #[arg(
        long,
        default_value_t = 10.0,
        hide_default_value = true,
        value_parser = positive,
        value_name = "条数",
        help_heading = "选项"
    )]
    pub rate: f64,
    /// 按记录里的节奏放，快这么多倍：60 就是一小时一分钟放完
    #[arg(long, value_parser = positive, conflicts_with = "rate", value_name = "倍数", help_heading = "选项")]
    pub pace: Option<f64>,
    /// 时间照记录写，不改成现在（太久以前的话可以立案，但机器人不回答）
    #[arg(long, help_heading = "选项")]
    pub recorded_times: bool,
    /// 放完以后，机器人安静这么多秒就结束（默认 10）
    #[arg(
        long,
        default_value_t = 10,
        hide_default_value = true,
        value_name = "秒",
        help_heading = "选项"
    )]
    pub wait: u64,
    /// 机器人说的话写到这个文件，每行一个 JSON；不写就打印出来
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub record: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

/// A number above nothing, and one that a clock can keep.
fn positive(typed: &str) -> Result<f64, String> {
    let number = typed.parse::<f64>().ok();
    let number = number.filter(|number| (0.001..=1e6).contains(number));
    number.ok_or_else(|| "请写大于 0 的数".to_owned())
}
