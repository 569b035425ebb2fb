//! A group simulator inside the process: what the bot says is kept for whoever plays the scene.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Health, Sink, SinkCapabilities};
use crate::model::{GatewayId, MessageId, Outgoing, SendOutcome};

/// A sink that always works and remembers. Messages get the ids `sim-1`, `sim-2` …
#[derive(Debug, Default)]
pub struct Simulator {
    id: GatewayId,
    said: Mutex<Said>,
}

#[derive(Debug, Default)]
struct Said {
    serial: u64,
    waiting: Vec<(MessageId, Outgoing)>,
}

impl Simulator {
    /// A simulator that goes by this name.
    pub fn new(id: GatewayId) -> Self {
        Self {
            id,
            said: Mutex::default(),
        }
    }

    /// Everything said since the last call, oldest first.
    pub fn take(&self) -> Vec<(MessageId, Outgoing)> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut said.waiting)
    }
}

#[async_trait]
impl Sink for Simulator {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SinkCapabilities {
        SinkCapabilities {
            mention: true,
            quote: true,
            direct: true,
            ..SinkCapabilities::text_only(4000)
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> SendOutcome {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.serial += 1;
        let message = MessageId::new(format!("sim-{}", said.serial));
        said.waiting.push((message.clone(), outgoing.clone()));
        SendOutcome::Sent {
            message: Some(message),
        }
    }

    fn health(&self) -> Health {
        Health {
            connected: true,
            acting: true,
            ..Health::default()
        }
    }
}
