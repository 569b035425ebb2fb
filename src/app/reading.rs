//! A recording's words, read ahead on a thread of their own while the desk is at work.

use std::sync::Arc;
use std::sync::mpsc as back;
use std::thread::JoinHandle;

use anyhow::{Context as _, anyhow};
use tokio::sync::mpsc;

use crate::desk::Desk;
use crate::lexicon::Lexicon;
use crate::model::Message;
use crate::triage::{Reading, Triage};

use super::shelf::Shelf;

/// Messages handed over at a time: waking each other for every one would cost more than reading it.
const CHUNK: usize = 32;

/// Chunks read ahead; when so many wait, the reader does.
const AHEAD: usize = 4;

/// What a recording is read from.
pub trait Tape: Send + 'static {
    /// The next message; `None` at the end.
    ///
    /// # Errors
    ///
    /// Why it cannot be read on.
    fn next(&mut self) -> anyhow::Result<Option<Message>>;
}

/// A recording in memory.
#[derive(Debug)]
pub(super) struct Spool(std::vec::IntoIter<Message>);

impl Spool {
    /// These messages, in this order.
    pub(super) fn of(messages: Vec<Message>) -> Self {
        Self(messages.into_iter())
    }
}

impl Tape for Spool {
    fn next(&mut self) -> anyhow::Result<Option<Message>> {
        Ok(self.0.next())
    }
}

/// A message and its words.
#[derive(Debug)]
pub struct Read {
    /// The message.
    pub message: Message,
    /// Its words.
    pub reading: Reading,
    /// By which they were read.
    pub lexicon: Arc<Lexicon>,
}

/// A tape on its way. Dropped, it stops the reading.
#[derive(Debug)]
pub(super) struct Reader<T> {
    chunks: mpsc::Receiver<Vec<Read>>,
    spent: back::Sender<Vec<Read>>,
    thread: JoinHandle<anyhow::Result<T>>,
}

impl<T: Tape> Reader<T> {
    /// Begins to read.
    pub(super) fn begin(tape: T, shelf: Arc<Shelf>, desk: Arc<Desk>) -> anyhow::Result<Self> {
        let (ready, chunks) = mpsc::channel(AHEAD);
        // Not more than were sent ahead come back.
        let (spent, returned) = back::channel();
        let thread = std::thread::Builder::new()
            .name("reading-ahead".to_owned())
            .spawn(move || read_on(tape, (&shelf, &desk), &ready, &returned))
            .context("没有多余的线程来读消息")?;
        Ok(Self {
            chunks,
            spent,
            thread,
        })
    }

    /// The next messages; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Vec<Read>> {
        self.chunks.recv().await
    }

    /// Lets what was read be used again.
    pub(super) fn give_back(&self, chunk: Vec<Read>) {
        // A reader that is through needs nothing any more.
        let _ = self.spent.send(chunk);
    }

    /// The tape, read to its end.
    pub(super) fn end(self) -> anyhow::Result<T> {
        drop(self.chunks);
        let outcome = self.thread.join();
        outcome.unwrap_or_else(|_| Err(anyhow!("读消息时出了内部错误")))
    }
}

fn read_on<T: Tape>(
    mut tape: T,
    (shelf, desk): (&Shelf, &Desk),
    ready: &mpsc::Sender<Vec<Read>>,
    returned: &back::Receiver<Vec<Read>>,
) -> anyhow::Result<T> {
    let mut triage = Triage::default();
    loop {
        let mut spent = returned.try_recv().unwrap_or_default();
        let lexicon = shelf.lexicon();
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK {
            let Some(message) = tape.next()? else {
                break;
            };
            let mut reading = spent.pop().map(|read| read.reading).unwrap_or_default();
            let area_names = || desk.area_names(&message.group.id);
            triage.read_ahead(&mut reading, &message, area_names, &lexicon);
            chunk.push(Read {
                message,
                reading,
                lexicon: Arc::clone(&lexicon),
            });
        }
        if chunk.is_empty() || ready.blocking_send(chunk).is_err() {
            return Ok(tape);
        }
    }
}
