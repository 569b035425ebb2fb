//! Wiring: what runs, who watches it, what is reloaded, how it stops.

pub mod shutdown;
pub mod supervisor;
pub mod telemetry;
