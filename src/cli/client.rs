//! Asks the running bot through its control door, or opens the store at rest.

use anyhow::Context as _;

use crate::app::request::{Answer, Request};
use crate::config::Config;
use crate::gateway::client::unencrypted;
use crate::web::control;

/// Long enough for a directory import or a backup of a large store.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(5);

/// Asks the bot that runs on this store; `None` when none does.
pub(super) async fn ask_running(
    config: &Config,
    request: &Request,
) -> anyhow::Result<Option<Answer>> {
    let file = control::file(&config.store);
    let Ok(text) = tokio::fs::read_to_string(&file).await else {
        return Ok(None);
    };
    let address: control::Address = serde_json::from_str(&text)
        .with_context(|| format!("{} 读不懂，请删除它再试", file.display()))?;
    let client = unencrypted()?.no_proxy().timeout(PATIENCE).build()?;
    let sent = client
        .post(&address.url)
        .bearer_auth(&address.token)
        .json(request)
        .send()
        .await;
    match sent {
        // A bot that was killed leaves its file behind; then the store is at rest.
        Err(error) if error.is_connect() => Ok(None),
        Err(error) => Err(error.without_url()).context("运行中的机器人没有回答，请看它的日志"),
        Ok(response) => {
            let response = response
                .error_for_status()
                .map_err(reqwest::Error::without_url);
            let answer = response
                .context("运行中的机器人不接受这个请求")?
                .json()
                .await;
            Ok(Some(
                answer
                    .map_err(reqwest::Error::without_url)
                    .context("机器人的回答看不懂")?,
            ))
        }
    }
}
