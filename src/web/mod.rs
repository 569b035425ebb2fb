//! HTTP only: what the outside may see (`/metrics`, `/healthz`, `/readyz`), and the local control door.

pub mod control;
mod observe;

pub use observe::{Observed, observe};
