//! The executable under test: a folder with a configuration and a directory, and a process in it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::platform::Platform;

/// How long anything may take before a test gives up; generous, for two slow cores.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// How often a condition outside this process is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// The estates' residents' groups and the work group, as `groups.csv` below has them.
pub(super) const GROUPS: [i64; 3] = [1001, 1002, 1003];
/// The grid's work group.
pub(super) const WORK: i64 = 1009;
/// The worker who answers for the estate of groups 1001 and 1002.
pub(super) const WORKER: i64 = 7001;

const AREAS: &str = "路径,类型,别名,需审批
云杉街道,街道,,否
云杉街道/清溪社区,社区,清溪,否
云杉街道/清溪社区/清溪网格,网格,,否
云杉街道/清溪社区/清溪网格/枫林苑,小区,枫林,否
云杉街道/清溪社区/清溪网格/竹韵里,小区,竹韵,否
";

const PEOPLE: &str = "编号,姓名,角色,负责区域,负责类别,顺序
7001,陈默,网格员,云杉街道/清溪社区/清溪网格/枫林苑,,0
7002,李巧,网格员,云杉街道/清溪社区/清溪网格/竹韵里,,0
7009,方芸,管理员,云杉街道,,0
";

const TABLES: &str = "群号,群名,区域路径,用途,读取,发送
1001,枫林苑一群,云杉街道/清溪社区/清溪网格/枫林苑,居民,wx,wx
1002,枫林苑二群,云杉街道/清溪社区/清溪网格/枫林苑,居民,wx,wx
1003,竹韵里一群,云杉街道/清溪社区/清溪网格/竹韵里,居民,wx,wx
1009,清溪网格工作群,云杉街道/清溪社区/清溪网格,工作,wx,wx
";

/// What a command printed, and how it ended.
pub(super) struct Printed {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

/// A bot of one's own: its folder, its ports, and its process while it runs.
pub(super) struct Bot {
    folder: TempDir,
    onebot: u16,
    metrics: u16,
    process: Option<Child>,
}

impl Bot {
    /// A folder with a configuration that does not dawdle, and an imported directory.
    pub(super) async fn prepared() -> Self {
        Self::with_settings("").await
    }

    /// As [`Bot::prepared`], with more tables at the end of the configuration.
    pub(super) async fn with_settings(more: &str) -> Self {
        let bot = Self {
            folder: tempfile::tempdir().expect("a folder"),
            onebot: free_port(),
            metrics: free_port(),
            process: None,
        };
        bot.configure(more);
        for (name, text) in [
            ("areas.csv", AREAS),
            ("people.csv", PEOPLE),
            ("groups.csv", TABLES),
        ] {
            bot.write(name, text);
        }
        let paths = ["areas.csv", "people.csv", "groups.csv"].map(|name| bot.path(name));
        let paths: Vec<&str> = paths
            .iter()
            .map(|path| path.to_str().expect("UTF-8"))
            .collect();
        let imported = bot
            .command(&[&["directory", "import"], &*paths].concat())
            .await;
        assert_eq!(imported.code, Some(0), "{}", imported.err);
        bot
    }

    /// Writes the configuration, with more tables at its end, and before all tables what belongs to
    /// none; in force from the next start.
    pub(super) fn configure(&self, more: &str) {
        let (top, more) = more.split_at(more.find('[').unwrap_or(more.len()));
        let text = format!(
            r#"{top}
[store]
path = "data"
[[gateway]]
name = "wx"
kind = "onebot11"
listen = "127.0.0.1:{}"
path = "/onebot/v11"
[outbox]
spacing = "0s"
jitter = "0s"
gather = "0s"
per_minute = 6000
quiet = ""
replies_per_person = 1000
replies_per_group = 6000
[metrics]
listen = "127.0.0.1:{}"
{more}
"#,
            self.onebot, self.metrics
        );
        self.write("lianxin.toml", &text);
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    /// The running process, as the system counts it.
    pub(super) fn process_id(&self) -> String {
        self.process.as_ref().expect("it runs").id().to_string()
    }

    pub(super) fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/onebot/v11", self.onebot)
    }

    /// Everything the process wrote to standard error in all its lives.
    pub(super) fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.path("log")).unwrap_or_default()).into_owned()
    }

    /// Starts `run`; what it logs is added to the log.
    pub(super) fn start(&mut self) {
        let mut command = executable(&self.path("lianxin.toml"));
        command.arg("run");
        self.launch(command);
    }

    /// The same under a shell that has it outlive a file that may not grow any more, which then
    /// fails to be written as on a full disk.
    pub(super) fn start_where_files_may_not_grow(&mut self) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" --config \"$1\" run"]);
        shell.arg(env!("CARGO_BIN_EXE_lianxin"));
        shell.arg(self.path("lianxin.toml"));
        shell.env_remove("RUST_LOG").env("NO_COLOR", "1");
        self.launch(shell);
    }

    /// The same where these certificates, and no others, are trusted.
    pub(super) fn start_trusting(&mut self, certificates: &Path) {
        let mut command = executable(&self.path("lianxin.toml"));
        command.arg("run").env("SSL_CERT_FILE", certificates);
        self.launch(command);
    }

    fn launch(&mut self, mut command: Command) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path("log"))
            .expect("a log");
        let child = command
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the executable starts");
        assert!(self.process.replace(child).is_none(), "it ran already");
    }

    /// Starts it and connects a client that answers; returns when the bot is ready.
    pub(super) async fn started(&mut self) -> Platform {
        self.start();
        let platform = Platform::connect(&self.url()).await;
        self.until_ready().await;
        platform
    }

    /// Starts it again and reconnects a client that remembers.
    pub(super) async fn restarted(&mut self, platform: &mut Platform) {
        self.start();
        platform.reconnect(&self.url()).await;
        self.until_ready().await;
    }

    pub(super) async fn until_ready(&self) {
        until("the bot is ready", async || {
            (self.get("readyz").await?.0 == 200).then_some(())
        })
        .await;
    }

    /// Waits until it notices that nobody is connected.
    pub(super) async fn until_unready(&self) {
        until("the bot waits for its platform", async || {
            (self.get("readyz").await?.0 == 503).then_some(())
        })
        .await;
    }

    /// Asks it to stop, as systemd does; gives how it ended.
    pub(super) async fn terminate(&mut self) -> ExitStatus {
        let told = Command::new("kill")
            .args(["-TERM", &self.process_id()])
            .status()
            .expect("kill is there");
        assert!(told.success());
        self.ended().await
    }

    /// How the process ended, if it has.
    pub(super) fn has_ended(&mut self) -> Option<ExitStatus> {
        let process = self.process.as_mut().expect("it was started");
        process.try_wait().expect("our child")
    }

    /// Waits for the process to end by itself.
    pub(super) async fn ended(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("it runs");
        until("the process ends", async || {
            process.try_wait().expect("our child")
        })
        .await
    }

    /// Ends it at once, as a power cut does.
    pub(super) fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().expect("our child");
        process.wait().expect("our child");
    }

    /// Runs another command on the same configuration.
    pub(super) async fn command(&self, arguments: &[&str]) -> Printed {
        let mut command = executable(&self.path("lianxin.toml"));
        command.args(arguments).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output().expect("it runs"))
            .await
            .expect("no panic");
        Printed {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The rows that a command prints as JSON.
    pub(super) async fn rows(&self, arguments: &[&str]) -> Vec<Value> {
        let printed = self
            .command(&[arguments, &["--format", "json"]].concat())
            .await;
        assert_eq!(printed.code, Some(0), "{arguments:?}: {}", printed.err);
        let lines = printed.out.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("a row is JSON"))
            .collect()
    }

    /// Every event there ever was.
    pub(super) async fn events(&self) -> Vec<Value> {
        self.rows(&["events", "list", "--all", "--limit", "100000"])
            .await
    }

    /// Status and body of a page on the metrics port; `None` while nobody listens there.
    pub(super) async fn get(&self, page: &str) -> Option<(u16, String)> {
        let client = lianxin::gateway::client::unencrypted()
            .expect("made")
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .expect("a client");
        let url = format!("http://127.0.0.1:{}/{page}", self.metrics);
        let response = client.get(url).send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.text().await.ok()?))
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- log of the bot ---\n{}", self.log());
        }
    }
}

/// Looks again and again until there is something.
pub(super) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut beat = tokio::time::interval(LOOK);
    let looking = async {
        loop {
            beat.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("not in time: {what}"))
}

fn executable(config: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianxin"));
    command.arg("--config").arg(config);
    command.env_remove("RUST_LOG").env("NO_COLOR", "1");
    command
}

/// A port below those that the system gives to outgoing connections, so that it stays free.
pub(super) fn free_port() -> u16 {
    const FIRST: u16 = 15_000;
    const COUNT: u16 = 15_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() * 37 % u32::from(COUNT)).expect("below COUNT");
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + (start + step) % COUNT;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
