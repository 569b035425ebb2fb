//! What an admin is told of a gateway without connecting it: what it speaks, which way, and what each
//! side of it can do.

use serde::Serialize;

use super::{SinkCapabilities, SourceCapabilities};
use crate::model::GatewayId;

/// One configured gateway, as declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// The configured name.
    pub id: GatewayId,
    /// The protocol, `OneBot 11`.
    pub protocol: &'static str,
    /// Which way the connection goes, Chinese, without secrets.
    pub way: String,
    /// What it hears; `None`: it only writes.
    pub source: Option<SourceCapabilities>,
    /// What it can write; `None`: it only reads, words become drafts.
    pub sink: Option<SinkCapabilities>,
}
