//! Which category the evidence speaks of: every word votes, not only the first.

use crate::model::CategoryCode;

/// Votes for categories.
#[derive(Debug, Default)]
pub(super) struct Votes<'l>(Vec<(&'l CategoryCode, f32)>);

impl<'l> Votes<'l> {
    /// Adds a vote.
    pub(super) fn add(&mut self, category: Option<&'l CategoryCode>, weight: f32) {
        let Some(category) = category else { return };
        match self.0.iter_mut().find(|(known, _)| *known == category) {
            Some((_, sum)) => *sum += weight,
            None => self.0.push((category, weight)),
        }
    }

    /// Lets a category that already has votes count for more by this share of them.
    pub(super) fn lean(&mut self, category: &CategoryCode, share: f32) {
        if let Some((_, sum)) = self.0.iter_mut().find(|(known, _)| *known == category) {
            *sum += *sum * share;
        }
    }

    /// The category with most votes; of equals the one named first.
    pub(super) fn winner(&self) -> Option<&'l CategoryCode> {
        let mut best: Option<(&CategoryCode, f32)> = None;
        for &(category, sum) in &self.0 {
            if best.is_none_or(|(_, most)| sum > most) {
                best = Some((category, sum));
            }
        }
        best.map(|(category, _)| category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_the_evidence_decides_not_the_first_word() {
        let (power, water) = (CategoryCode::from("01"), CategoryCode::from("02"));
        let mut votes = Votes::default();
        votes.add(Some(&power), 0.5);
        votes.add(None, 9.0);
        votes.add(Some(&water), 0.4);
        votes.add(Some(&water), 0.4);
        assert_eq!(votes.winner(), Some(&water));
    }

    #[test]
    fn what_is_spoken_of_tips_the_scale_and_makes_nothing_out_of_nothing() {
        let (power, water, lift) = (
            CategoryCode::from("01"),
            CategoryCode::from("02"),
            CategoryCode::from("05"),
        );
        let mut votes = Votes::default();
        votes.add(Some(&power), 0.5);
        votes.add(Some(&water), 0.6);
        votes.lean(&lift, 5.0);
        assert_eq!(votes.winner(), Some(&water));
        votes.lean(&power, 0.5);
        assert_eq!(votes.winner(), Some(&power));
    }
}
