//! How sure a figure is: 95 % confidence intervals by bootstrap, the same at every run.

/// Times a set is drawn anew.
const DRAWS: usize = 1_000;

/// Where the draws begin; any number does, as long as it stays.
const SEED: u64 = 20_261_120;

/// What one row or scene adds above and below the line of a figure.
pub type Piece = (f64, f64);

/// The 95 % interval of `sum of firsts / sum of seconds`, drawing pieces with replacement. `None`
/// where there is nothing to draw from. Where all pieces say the same, drawing cannot tell how
/// sure that is, and the rule of three does: what was never seen in `n` is rarer than 3 in `n`.
pub fn interval(pieces: &[Piece]) -> Option<(f64, f64)> {
    let below: f64 = pieces.iter().map(|piece| piece.1).sum();
    if below <= 0.0 {
        return None;
    }
    let above: f64 = pieces.iter().map(|piece| piece.0).sum();
    let mut random = fastrand::Rng::with_seed(SEED);
    let Some(hits) = proportion(pieces) else {
        let draws = (0..DRAWS).map(|_| drawn(pieces, &mut random));
        return Some(middle(draws.collect(), above / below));
    };
    let share = above / below;
    if hits == 0 {
        return Some((0.0, (3.0 / below).min(1.0)));
    }
    if hits == pieces.len() {
        return Some(((1.0 - 3.0 / below).max(0.0), 1.0));
    }
    let draws =
        (0..DRAWS).map(|_| successes(pieces.len(), share, &mut random).map(|hits| hits / below));
    Some(middle(draws.collect(), share))
}

/// How many hits there are, where each piece is one row that is a hit or none.
#[expect(clippy::float_cmp, reason = "ones and zeros are exact")]
fn proportion(pieces: &[Piece]) -> Option<usize> {
    let is_row = |&(above, below): &Piece| below == 1.0 && (above == 0.0 || above == 1.0);
    let hits = pieces.iter().filter(|piece| piece.0 == 1.0).count();
    pieces.iter().all(is_row).then_some(hits)
}

/// One draw of as many pieces; `None` where it drew nothing that counts.
fn drawn(pieces: &[Piece], random: &mut fastrand::Rng) -> Option<f64> {
    let (mut above, mut below) = (0.0, 0.0);
    for _ in pieces {
        let piece = pieces[random.usize(..pieces.len())];
        above += piece.0;
        below += piece.1;
    }
    (below > 0.0).then(|| above / below)
}

/// Hits among `rows` draws of rows of which `share` are hits: the same as drawing each, and done
/// by leaps from hit to hit, since most sets have few hits among many rows.
#[expect(
    clippy::cast_precision_loss,
    reason = "sets have far fewer than 2^52 rows"
)]
fn successes(rows: usize, share: f64, random: &mut fastrand::Rng) -> Option<f64> {
    if share > 0.5 {
        return successes(rows, 1.0 - share, random).map(|misses| rows as f64 - misses);
    }
    let leap = (1.0 - share).ln();
    let (mut at, mut hits) = (0.0, 0.0);
    loop {
        at += ((1.0 - random.f64()).ln() / leap).floor() + 1.0;
        if at > rows as f64 {
            return Some(hits);
        }
        hits += 1.0;
    }
}

/// The middle 95 % of draws.
fn middle(draws: Vec<Option<f64>>, otherwise: f64) -> (f64, f64) {
    let mut draws: Vec<f64> = draws.into_iter().flatten().collect();
    draws.sort_by(f64::total_cmp);
    let last = draws.len().saturating_sub(1);
    let at = |part: usize| draws.get(last * part / 1_000).copied().unwrap_or(otherwise);
    (at(25), at(975))
}
