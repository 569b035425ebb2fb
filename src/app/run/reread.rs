//! A dead letter is read again by the gateway it came through, and goes the way of every message.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::app::office::Reread;
use crate::gateway::{Inbound, Source, registry};
use crate::model::GatewayId;

/// How long the commit may take.
const COMMITS_WITHIN: Duration = Duration::from_secs(10);

/// Reads with these gateways into this inbox, which is not kept open.
pub(super) fn again(
    gateways: &[registry::Opened],
    inbox: mpsc::WeakSender<(GatewayId, Inbound)>,
) -> Reread {
    let sources = gateways.iter().filter_map(|it| it.source.clone());
    let sources: BTreeMap<GatewayId, Arc<dyn Source>> = sources
        .map(|source| (source.id().clone(), source))
        .collect();
    let sources = Arc::new(sources);
    Arc::new(move |gateway, body| {
        let (sources, inbox) = (sources.clone(), inbox.clone());
        Box::pin(async move {
            let source = sources.get(&gateway);
            let source = source.ok_or_else(|| format!("配置里没有网关 {gateway}"))?;
            let read = source.read_again(&body);
            let mut inbound = read.ok_or_else(|| "还是看不懂".to_owned())?;
            let (told, kept) = oneshot::channel();
            if let Inbound::Message { done, .. } = &mut inbound {
                *done = Some(told);
            } else {
                // Anything else is taken without an answer.
                drop(told);
            }
            let inbox = inbox.upgrade().ok_or("机器人正在停止")?;
            let sent = inbox.send((gateway, inbound)).await;
            sent.map_err(|_| "机器人正在停止".to_owned())?;
            match tokio::time::timeout(COMMITS_WITHIN, kept).await {
                Ok(Ok(true) | Err(_)) => Ok(()),
                Ok(Ok(false)) | Err(_) => Err("读懂了，但没能记下来，请稍后再试".to_owned()),
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::model::{Clock, SystemClock};

    const GATEWAY: &str =
        "[[gateway]]\nname = \"wx\"\nkind = \"onebot11\"\nlisten = \"127.0.0.1:1\"";
    const EVENT: &str = r#"{"post_type":"message","time":1763596800,"message_id":1,"group_id":2,"user_id":3,"message":"停电"}"#;

    #[tokio::test]
    async fn what_is_understood_now_goes_to_the_desk_and_is_answered_from_there() {
        let config = Config::parse(GATEWAY, std::path::Path::new("/x")).expect("valid");
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let gateway = registry::open(&config.gateways[0], &clock);
        let (inbox, mut heard) = mpsc::channel(1);
        let again = again(&[gateway], inbox.downgrade());
        let read = tokio::spawn(again("wx".into(), EVENT.into()));
        let Some((_, Inbound::Message { message, done, .. })) = heard.recv().await else {
            panic!("nothing was read");
        };
        assert_eq!(message.text, "停电");
        done.expect("somebody waits").send(true).expect("still");
        assert_eq!(read.await.expect("no panic"), Ok(()));

        let told = again("wx".into(), b"{}".to_vec()).await;
        assert_eq!(told, Err("还是看不懂".to_owned()));
        assert!(again("gone".into(), EVENT.into()).await.is_err());
        drop(inbox);
        assert!(again("wx".into(), EVENT.into()).await.is_err());
    }
}
