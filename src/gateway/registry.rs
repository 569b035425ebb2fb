//! The one place that knows every kind of gateway: each adds an arm to [`open`] and to [`reach`].

use std::sync::Arc;

use super::{Profile, Sink, Sinks, Source, onebot11};
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
    match &gateway.kind {
        GatewayKind::OneBot11(settings) => onebot11::open(&gateway.id, settings, clock),
    }
}

/// Whether the other side is there, or whether it could come in: a Chinese sentence either way.
///
/// # Errors
///
/// What is wrong and what to do about it.
pub async fn reach(gateway: &Gateway) -> Result<String, String> {
    match &gateway.kind {
        GatewayKind::OneBot11(settings) => onebot11::reach(settings).await,
    }
}

/// The sinks of these gateways by name.
pub fn sinks(gateways: &[Opened]) -> Sinks {
    let writing = gateways.iter().filter_map(|it| it.sink.clone());
    writing.map(|sink| (sink.id().clone(), sink)).collect()
}
