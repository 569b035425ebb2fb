//! How urgent a matter is: what its category says, raised where more is at stake.

use crate::lexicon::Lexicon;
use crate::model::{CategoryCode, Level};

use super::account::Account;
use super::evidence::Evidence;
use super::kind::Kind;

/// The level of a matter that is no emergency. Vulnerable people and repetition raise 一般 by one
/// step; never to 特急.
pub(super) fn of(
    category: &CategoryCode,
    named: Option<Level>,
    evidence: &Evidence<'_>,
    lexicon: &Lexicon,
    account: &mut Account<'_>,
) -> Level {
    let own = lexicon
        .catalogue()
        .categories
        .get(category)
        .map_or(Level::Normal, |category| category.level);
    // The operator's word about a keyword beats the category's; 特急 has its own nine kinds.
    let level = named.unwrap_or(own).min(Level::Urgent);
    if level != Level::Normal {
        return level;
    }
    let repeated = evidence.has(Kind::Duration) && evidence.has(Kind::Again);
    let why = if evidence.has(Kind::Vulnerable) && evidence.has(Kind::Harm) {
        "关系到老人孩子等，级别提一级"
    } else if repeated {
        "反复发生又拖了很久，级别提一级"
    } else {
        return level;
    };
    account.note("level_raised", why, None);
    Level::Urgent
}
