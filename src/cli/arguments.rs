//! What can be typed. Help is Chinese, as those who type it are.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod gateway;
mod lexicon;
mod listening;
mod simulate;

pub(super) use gateway::{Dead, Gateway, Try};
pub(super) use lexicon::{Lexicon, Revise, Train};
pub(super) use listening::{Shadow, Silences, SilencesCommand};
pub(super) use simulate::Simulate;

const TEMPLATE: &str = "{about-with-newline}
用法：{usage}

{all-args}{after-help}";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// 连心：从居民群聊里找出真问题，变成事件，一直跟到办结。
#[derive(Debug, Parser)]
#[command(
    name = "lianxin",
    version,
    about = "连心：从居民群聊里找出真问题，变成事件，派出去，跟到底，把结果告诉居民",
    after_help = "第一次用？先看一场演示：lianxin demo\n想自己试着说话：lianxin chat",
    help_template = TEMPLATE,
    styles = STYLES,
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    arg_required_else_help = true
)]
pub struct Arguments {
    /// 配置文件；不写就用 ./lianxin.toml，没有这个文件就用默认值
    #[arg(
        long,
        global = true,
        value_name = "文件",
        env = "LIANXIN_CONFIG",
        hide_env = true,
        help_heading = "选项"
    )]
    pub config: Option<PathBuf>,
    /// 显示帮助
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = "选项")]
    pub help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = "选项")]
    pub version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 给人看
    #[default]
    Text,
    /// 每行一个 JSON，给程序用
    Json,
}

/// Shared by everything that prints results.
#[derive(Clone, Copy, Debug, Args)]
pub struct Output {
    /// 输出格式
    #[arg(
        long,
        value_enum,
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true,
        value_name = "text|json",
        help_heading = "选项"
    )]
    pub format: Format,
}

/// Everything that can be done.
#[derive(Debug, Subcommand)]
#[command(help_template = TEMPLATE)]
pub enum Command {
    /// 演示：一条街道的一天，几秒钟放完
    #[command(help_template = TEMPLATE)]
    Demo(Demo),
    /// 试聊：在终端里扮演居民、网格员或管理员和机器人说话
    #[command(help_template = TEMPLATE)]
    Chat,
    /// 正式运行：连接群聊，一直跑下去
    #[command(help_template = TEMPLATE)]
    Run,
    /// 体检：配置、词库、数据和网关，一份报告
    #[command(help_template = TEMPLATE)]
    Check(Output),
    /// 研判：从标准输入读消息（每行一个 JSON），逐条给出判断
    #[command(help_template = TEMPLATE)]
    Triage(Output),
    /// 重放：把聊天记录走一遍完整流程，列出产生的事件
    #[command(help_template = TEMPLATE)]
    Replay(Replay),
    /// 解释：一句话为什么立案、为什么不立案
    #[command(help_template = TEMPLATE)]
    Explain(Explain),
    /// 评测：拿标注好的话考一考判断，找到多少、误报多少、错在哪里
    #[command(help_template = TEMPLATE)]
    Eval(Eval),
    /// 词库：检查、比较、复制一份来改，看词用得怎样
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Lexicon(Lexicon),
    /// 通讯录：片区、群、人员的导入和查看
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Directory(Directory),
    /// 事件：查看和处理
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Events(Events),
    /// 网关：试一段映射，看看看不懂的消息
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", subcommand_value_name = "命令", disable_help_subcommand = true)]
    Gateway(Gateway),
    /// 群：查看、接入、停用
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Groups(Groups),
    /// 发件：说过什么、没说成什么、停止和恢复发言
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Outbox(Outbox),
    /// 差一点的话：有迹象、没理会，按原因列出来；也可以认定“这是真问题”
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令", subcommand_value_name = "命令", disable_help_subcommand = true, args_conflicts_with_subcommands = true)]
    Silences(Silences),
    /// 旁听：不说话的试运行之后，看看会怎样
    #[command(subcommand, help_template = TEMPLATE, subcommand_help_heading = "命令", disable_help_subcommand = true)]
    Shadow(Shadow),
    /// 演练：扮演 OneBot 程序，把聊天记录放给正在运行的机器人听，记下它说了什么
    #[command(help_template = TEMPLATE)]
    Simulate(Simulate),
    /// 忘记一个人：删去姓名和原话，只留计数
    #[command(help_template = TEMPLATE)]
    Forget(Forget),
    /// 到期清理：旧事件的原话先打码、再删除
    #[command(help_template = TEMPLATE)]
    Retention(Retention),
    /// 导出全部数据（每行一个 JSON）；要先停下机器人
    #[command(help_template = TEMPLATE)]
    Export(ToFile),
    /// 把导出的数据导入一个空的数据目录
    #[command(help_template = TEMPLATE)]
    Import(FromFile),
    /// 备份全部数据；运行中也可以
    #[command(help_template = TEMPLATE)]
    Backup(ToFile),
    /// 从备份恢复到一个空的数据目录
    #[command(help_template = TEMPLATE)]
    Restore(FromFile),
    /// 生成命令行补全脚本
    #[command(help_template = TEMPLATE)]
    Completions {
        /// bash、zsh、fish、elvish 或 powershell
        #[arg(
            value_name = "SHELL",
            hide_possible_values = true,
            help_heading = "参数"
        )]
        shell: Shell,
    },
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// 每个决定都写出理由
    #[arg(long, help_heading = "选项")]
    pub explain: bool,
    /// 把演示的数据留在这个目录，之后可以用 events list 等命令查看
    #[arg(long, value_name = "目录", help_heading = "选项")]
    pub keep: Option<PathBuf>,
    /// 逐条停顿，像真的群聊一样（默认一口气放完）
    #[arg(long, help_heading = "选项")]
    pub slow: bool,
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// 聊天记录，每行一条消息；- 表示标准输入
    #[arg(required = true, value_name = "文件", help_heading = "参数")]
    pub files: Vec<PathBuf>,
    /// 用这个数据目录（不写则用临时目录，用完即删）
    #[arg(long, value_name = "目录", help_heading = "选项")]
    pub store: Option<PathBuf>,
    /// 把线索也列出来
    #[arg(long, help_heading = "选项")]
    pub leads: bool,
    #[command(flatten)]
    pub output: Output,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// 要解释的话
    #[arg(required = true, value_name = "原话", help_heading = "参数")]
    pub text: Vec<String>,
    #[command(flatten)]
    pub output: Output,
}

/// Options of `eval`.
#[derive(Debug, Args)]
pub struct Eval {
    /// 标注文件（按表头认）；不写则用词库自己的用例和例句
    #[arg(value_name = "文件", help_heading = "参数")]
    pub files: Vec<PathBuf>,
    /// 例句只用一部分：fit（用来调权重的）、kept（留着考试的）或 all（全部）
    #[arg(
        long,
        value_enum,
        default_value = "all",
        hide_default_value = true,
        hide_possible_values = true,
        value_name = "all|fit|kept",
        help_heading = "选项"
    )]
    pub part: EvalPart,
    /// 每种错误列出最严重的几条
    #[arg(
        long,
        default_value_t = 5,
        hide_default_value = true,
        value_name = "条数",
        help_heading = "选项"
    )]
    pub mistakes: usize,
    /// 再按类别、来源、种类细分
    #[arg(long, help_heading = "选项")]
    pub detail: bool,
    /// 把这次的判断存下来，以后好比较
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub save: Option<PathBuf>,
    /// 和以前存下的判断比较，逐条列出变化
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub baseline: Option<PathBuf>,
    /// 另写一份带图的网页报告
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

/// Which of our own examples `eval` uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EvalPart {
    /// 全部
    #[default]
    All,
    /// 用来调权重的
    Fit,
    /// 留着考试的
    Kept,
}

/// Areas, groups and people.
#[derive(Debug, Subcommand)]
pub enum Directory {
    /// 从 CSV 导入（areas.csv、groups.csv、people.csv）
    #[command(help_template = TEMPLATE)]
    Import {
        /// 一个或几个 CSV，按文件名开头认：areas、groups、people
        #[arg(required = true, value_name = "文件", help_heading = "参数")]
        files: Vec<PathBuf>,
        /// 只看会改什么，不真改
        #[arg(long, help_heading = "选项")]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// 列出片区、群和人员
    #[command(help_template = TEMPLATE)]
    List(Output),
}

/// Events.
#[derive(Debug, Subcommand)]
pub enum Events {
    /// 列出事件
    #[command(help_template = TEMPLATE)]
    List {
        /// 已结案的也列出来
        #[arg(long, help_heading = "选项")]
        all: bool,
        /// 只看这个片区，如 云杉街道/清溪社区
        #[arg(long, value_name = "片区", help_heading = "选项")]
        area: Option<String>,
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
    /// 看一个事件的来龙去脉
    #[command(help_template = TEMPLATE)]
    Show {
        /// 编号，如 E-20261120-0012 或 12
        #[arg(value_name = "编号", help_heading = "参数")]
        id: String,
        #[command(flatten)]
        output: Output,
    },
    /// 处理一个事件：接单 退单 办结 挂账 延期 转派 并案 作废 改类别 确认 核查 返工 同意 吹哨 督办
    #[command(help_template = TEMPLATE)]
    Act {
        /// 编号，如 12
        #[arg(value_name = "编号", help_heading = "参数")]
        id: String,
        /// 做什么，如 办结
        #[arg(value_name = "动作", help_heading = "参数")]
        action: String,
        /// 原因或结果
        #[arg(long, value_name = "文字", help_heading = "选项")]
        reason: Option<String>,
        /// 转派给谁、并到哪个事件、改成什么类别
        #[arg(long, value_name = "对象", help_heading = "选项")]
        to: Option<String>,
        /// 到什么时候，如 2026-11-28
        #[arg(long, value_name = "时间", help_heading = "选项")]
        until: Option<String>,
        #[command(flatten)]
        output: Output,
    },
}

/// Groups.
#[derive(Debug, Subcommand)]
pub enum Groups {
    /// 列出群：接入了没有、多久没动静、能不能说话
    #[command(help_template = TEMPLATE)]
    List(Output),
    /// 看一个群：怎么听、能不能说、有什么限制、还缺什么
    #[command(help_template = TEMPLATE)]
    Show {
        /// 群号，或者群名
        #[arg(value_name = "群", help_heading = "参数")]
        group: String,
        #[command(flatten)]
        output: Output,
    },
    /// 接入一个群：开始听，并在群里说明一次
    #[command(help_template = TEMPLATE)]
    Admit {
        /// 群号
        #[arg(value_name = "群号", help_heading = "参数")]
        group: String,
        /// 挂在哪个片区，如 云杉街道/清溪社区/清溪网格/枫林苑
        #[arg(long, value_name = "片区", help_heading = "选项")]
        area: String,
        /// 这是网格员的工作群
        #[arg(long, help_heading = "选项")]
        work: bool,
    },
    /// 停用一个群：不再听
    #[command(help_template = TEMPLATE)]
    Retire {
        /// 群号
        #[arg(value_name = "群号", help_heading = "参数")]
        group: String,
    },
}

/// What was said.
#[derive(Debug, Subcommand)]
pub enum Outbox {
    /// 列出发件：默认只列要人看的（草稿、不明、被拒）
    #[command(help_template = TEMPLATE)]
    List {
        /// 只看一种：sent、refused、unknown、draft、pending
        #[arg(long, value_name = "状态", help_heading = "选项")]
        state: Option<String>,
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
    /// 立刻停止发言（照样听、照样记）
    #[command(help_template = TEMPLATE)]
    Stop,
    /// 恢复发言
    #[command(help_template = TEMPLATE)]
    Start,
    /// 再发一次：您确定它没有发出去
    #[command(help_template = TEMPLATE)]
    Retry {
        /// 发件编号
        #[arg(value_name = "编号", help_heading = "参数")]
        id: String,
    },
    /// 不发了
    #[command(help_template = TEMPLATE)]
    Drop {
        /// 发件编号
        #[arg(value_name = "编号", help_heading = "参数")]
        id: String,
    },
    /// 草稿已由人发出
    #[command(help_template = TEMPLATE)]
    Sent {
        /// 发件编号
        #[arg(value_name = "编号", help_heading = "参数")]
        id: String,
    },
}

/// Options of `forget`.
#[derive(Debug, Args)]
pub struct Forget {
    /// 这个人的平台编号
    #[arg(value_name = "人员编号", help_heading = "参数")]
    pub person: String,
}

/// Options of `retention`.
#[derive(Debug, Args)]
pub struct Retention {
    /// 只看会清理什么，不真做
    #[arg(long, help_heading = "选项")]
    pub dry_run: bool,
    #[command(flatten)]
    pub output: Output,
}

/// Where data goes.
#[derive(Debug, Args)]
pub struct ToFile {
    /// 写到这个文件
    #[arg(value_name = "文件", help_heading = "参数")]
    pub file: PathBuf,
}

/// Where data comes from.
#[derive(Debug, Args)]
pub struct FromFile {
    /// 从这个文件读
    #[arg(value_name = "文件", help_heading = "参数")]
    pub file: PathBuf,
}
