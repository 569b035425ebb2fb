//! The one place that knows every kind of gateway: each adds an arm to [`open`] and to [`reach`].

use std::sync::Arc;

use super::onebot11::OneBot11;
use super::onebot12::OneBot12;
use super::{Profile, Sink, Sinks, Source, mapped, onebot};
use crate::config::{Gateway, GatewayKind};
use crate::model::Clock;

/// A gateway that is not connected yet.
#[derive(Clone)]
pub struct Opened {
    /// What it is.
    pub profile: Profile,
    /// What reads, if anything does.
    pub source: Option<Arc<dyn Source>>,
    /// What writes, if anything does.
    pub sink: Option<Arc<dyn Sink>>,
}

/// Makes a gateway ready to run; connects nothing.
pub fn open(gateway: &Gateway, clock: &Arc<dyn Clock>) -> Opened {
    let id = &gateway.id;
    match &gateway.kind {
        GatewayKind::OneBot11(settings) => onebot::open(id, Arc::new(OneBot11), settings, clock),
        GatewayKind::OneBot12(settings) => onebot::open(id, Arc::new(OneBot12), settings, clock),
        GatewayKind::Webhook(webhook) => mapped::open(id, webhook, clock),
    }
}

/// Whether the other side is there, or whether it could come in: a Chinese sentence either way.
///
/// # Errors
///
/// What is wrong and what to do about it.
pub async fn reach(gateway: &Gateway) -> Result<String, String> {
    match &gateway.kind {
        GatewayKind::OneBot11(settings) | GatewayKind::OneBot12(settings) => {
            onebot::reach(settings).await
        }
        GatewayKind::Webhook(webhook) => mapped::reach(webhook).await,
    }
}

/// The sinks of these gateways by name.
pub fn sinks(gateways: &[Opened]) -> Sinks {
    let writing = gateways.iter().filter_map(|it| it.sink.clone());
    writing.map(|sink| (sink.id().clone(), sink)).collect()
}
