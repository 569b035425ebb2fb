//! 连心: finds the real problems in residents' group chat, makes them tracked events, and follows
//! them to the end.
//!
//! ```text
//! platform ─▶ gateway ─▶ text ─▶ lexicon ─▶ triage ─▶ desk ─▶ outbox ─▶ gateway ─▶ platform
//!                                                      │  ▲
//!                                               store ◀┘  └── assistant (words), directory (people, areas)
//! ```
//!
//! `text`, `lexicon`, `command` and `triage` are pure; `desk` decides and commits; `outbox` is the
//! only way out. `app` wires, supervises, reloads and stops; `cli` and `web` read across.

pub mod app;
pub mod assistant;
pub mod cli;
pub mod command;
pub mod config;
pub mod desk;
pub mod directory;
pub mod gateway;
pub mod lexicon;
pub mod listening;
pub mod measure;
pub mod model;
pub mod outbox;
pub mod store;
pub mod table;
pub mod text;
pub mod training;
pub mod triage;
pub mod web;
