//! Results on standard output, colours only on a terminal, a closed pipe is no failure.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::arguments::Format;

/// What a piece of text is, so that a terminal can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it is.
    Plain,
    /// Less important.
    Faint,
    /// What the bot says.
    Bot,
    /// Workers and staff.
    Worker,
    /// 特急, errors.
    Alarm,
    /// Headings, good news.
    Good,
}

/// Writes results.
pub(super) struct Printer {
    out: io::BufWriter<io::Stdout>,
    colours: bool,
}

impl Printer {
    /// Standard output as it is.
    pub(super) fn new() -> Self {
        let stdout = io::stdout();
        let colours = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self {
            out: io::BufWriter::with_capacity(1 << 16, stdout),
            colours,
        }
    }

    /// Whether somebody watches.
    pub(super) fn on_terminal(&self) -> bool {
        self.colours
    }

    /// One line.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        self.piece(Tone::Plain, text)?;
        self.end()
    }

    /// One line in a tone.
    pub(super) fn toned(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        self.piece(tone, text)?;
        self.end()
    }

    /// Part of a line.
    pub(super) fn piece(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        let code = match tone {
            Tone::Plain => "",
            Tone::Faint => "\u{1b}[2m",
            Tone::Bot => "\u{1b}[36m",
            Tone::Worker => "\u{1b}[33m",
            Tone::Alarm => "\u{1b}[1;31m",
            Tone::Good => "\u{1b}[1;32m",
        };
        // Chat text is untrusted: it may not steer the terminal.
        let clean = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
        let clean: String = clean.collect();
        if self.colours && !code.is_empty() {
            write!(self.out, "{code}{clean}\u{1b}[0m")
        } else {
            write!(self.out, "{clean}")
        }
    }

    /// Ends a line; on a terminal it shows at once.
    pub(super) fn end(&mut self) -> io::Result<()> {
        writeln!(self.out)?;
        if self.colours {
            self.out.flush()
        } else {
            Ok(())
        }
    }

    /// One object on a line of its own.
    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        writeln!(self.out)
    }

    /// Rows as JSON lines, or the words for people.
    pub(super) fn answer(
        &mut self,
        format: Format,
        text: &str,
        rows: &[serde_json::Value],
    ) -> io::Result<()> {
        match format {
            Format::Text => self.line(text.trim_end()),
            Format::Json => rows.iter().try_for_each(|row| self.json(row)),
        }
    }

    /// What was printed shows at once.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Everything is out.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether output failed only because nobody reads it any more (`lianxin … | head`).
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Tells the person who typed the command what is wrong, on standard error.
pub(super) fn complain(problem: &str) {
    let clean: String = problem
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    // Nowhere is left to complain to if this fails.
    let _ = writeln!(io::stderr(), "{clean}");
}

/// Shows help with its colours where there is a terminal.
pub(super) fn help(text: &str) {
    let mut out = anstream::AutoStream::auto(io::stdout());
    // `lianxin --help | head` is no failure.
    let _ = out.write_all(text.as_bytes());
}
