//! Wiring: what runs, who watches it, what is reloaded, how it stops.

pub mod bot;
pub mod cleaning;
pub mod evaluating;
pub mod heard;
pub mod judge;
pub mod learning;
pub mod lessons;
pub mod moving;
pub mod notes;
pub mod office;
pub mod opening;
pub mod platform;
pub mod reading;
pub mod rehearsal;
pub mod replaying;
pub mod request;
pub mod revision;
pub mod run;
pub mod shelf;
pub mod shutdown;
pub mod supervisor;
pub mod table;
pub mod telemetry;
pub mod watch;
pub mod words;
