//! How alike two texts are: the share of character pairs they have in common. No embeddings.

/// A text longer than this is compared by its start only.
const LONGEST: usize = 240;

/// The character pairs of a text, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<u64>);

impl Pairs {
    /// Of letters and digits only: punctuation and faces say nothing about the matter.
    pub fn of(text: &str) -> Self {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).take(LONGEST);
        let mut pairs = Vec::new();
        let mut before = None;
        for letter in letters {
            let letter = u64::from(u32::from(letter));
            if let Some(before) = before.replace(letter) {
                pairs.push(before << 32 | letter);
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Self(pairs)
    }

    /// Dice's coefficient: 0 nothing in common, 1 the same pairs. Two empty texts have nothing in
    /// common.
    #[expect(
        clippy::cast_precision_loss,
        reason = "at most a few hundred pairs on each side"
    )]
    pub fn alike(&self, other: &Self) -> f32 {
        let both = self.0.len() + other.0.len();
        if both == 0 {
            return 0.0;
        }
        2.0 * self.common(other) as f32 / both as f32
    }

    fn common(&self, other: &Self) -> usize {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = 0;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    common += 1;
                    left.next();
                    right.next();
                }
            }
        }
        common
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_matter_in_other_words_is_more_alike_than_another_matter() {
        let hole = Pairs::of("菜市场门口那个坑又把人绊倒了");
        let again = Pairs::of("菜市场门口的坑到底哪个来填");
        let dogs = Pairs::of("晚上遛狗的能不能牵根绳子");
        assert!(hole.alike(&again) > 0.3);
        assert!(hole.alike(&dogs) < 0.05);
    }

    proptest! {
        #[test]
        fn likeness_is_mutual_and_between_nothing_and_everything(a in ".{0,40}", b in ".{0,40}") {
            let (a, b) = (Pairs::of(&a), Pairs::of(&b));
            prop_assert!((0.0..=1.0).contains(&a.alike(&b)));
            prop_assert!((a.alike(&b) - b.alike(&a)).abs() < f32::EPSILON);
        }
    }
}
