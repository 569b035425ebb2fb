//! The way back from a derived text to the text it was made of.

use std::ops::Range;

/// Stretches of a derived text, each made of one stretch of its source. Few for ordinary text:
/// characters that keep their length go on in the same piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    /// Where it starts in the derived text; it ends where the next one starts.
    at: usize,
    source: usize,
    source_end: usize,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Byte by byte the same lengths.
    Even,
    /// One thing: any part of it came from the whole source.
    Whole,
}

impl Pieces {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Records that what is appended at `at` came from `source`, with the same lengths.
    #[inline]
    pub(super) fn even(&mut self, at: usize, source: Range<usize>) {
        if let Some(last) = self.0.last_mut()
            && last.shape == Shape::Even
            && last.source_end == source.start
            && at - last.at == source.start - last.source
        {
            last.source_end = source.end;
            return;
        }
        self.push(at, source, Shape::Even);
    }

    /// Records that what is appended at `at` came from all of `source` together.
    pub(super) fn whole(&mut self, at: usize, source: Range<usize>) {
        self.push(at, source, Shape::Whole);
    }

    fn push(&mut self, at: usize, source: Range<usize>, shape: Shape) {
        self.0.push(Piece {
            at,
            source: source.start,
            source_end: source.end,
            shape,
        });
    }

    /// Forgets what was recorded for the derived text from `at` on.
    pub(super) fn truncate(&mut self, at: usize) {
        while self.0.last().is_some_and(|piece| piece.at >= at) {
            self.0.pop();
        }
        if let Some(last) = self.0.last_mut()
            && last.shape == Shape::Even
        {
            last.source_end = last.source_end.min(last.source + (at - last.at));
        }
    }

    /// Drops the first `cut` bytes of the derived text.
    pub(super) fn behead(&mut self, cut: usize) {
        let keep = self.0.partition_point(|piece| piece.at <= cut).max(1) - 1;
        self.0.drain(..keep.min(self.0.len()));
        for piece in &mut self.0 {
            if piece.at < cut {
                if piece.shape == Shape::Even {
                    piece.source = (piece.source + cut - piece.at).min(piece.source_end);
                }
                piece.at = 0;
            } else {
                piece.at -= cut;
            }
        }
    }

    /// The source of `span` of the derived text.
    pub(super) fn source(&self, span: Range<usize>) -> Range<usize> {
        let start = self.start(span.start);
        let end = if span.end > span.start {
            self.end(span.end)
        } else {
            start
        };
        start..end.max(start)
    }

    fn start(&self, at: usize) -> usize {
        let next = self.0.partition_point(|piece| piece.at <= at);
        let Some(piece) = next.checked_sub(1).map(|index| &self.0[index]) else {
            return self.0.first().map_or(0, |first| first.source);
        };
        match piece.shape {
            Shape::Even => (piece.source + at - piece.at).min(piece.source_end),
            Shape::Whole => piece.source,
        }
    }

    fn end(&self, at: usize) -> usize {
        let next = self.0.partition_point(|piece| piece.at < at);
        let Some(piece) = next.checked_sub(1).map(|index| &self.0[index]) else {
            return 0;
        };
        match piece.shape {
            Shape::Even => (piece.source + at - piece.at).min(piece.source_end),
            Shape::Whole => piece.source_end,
        }
    }
}
