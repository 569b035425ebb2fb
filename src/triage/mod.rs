//! What one message means, with its reasons. Pure: a [`Decision`] is a function of its inputs.

mod decision;

pub use decision::{
    Action, Context, Decision, Dropped, Emergency, Hit, NoticeFound, NoticeMatter, OpenMatter,
    Reason,
};
