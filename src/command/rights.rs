//! Who may ever say what: the coarse table. The desk decides finely.

use super::CommandName as Name;
use crate::model::Role;

/// Whether a person in this role may ever say this command, whatever the event.
pub fn may_ever(role: Role, name: Name) -> bool {
    match name {
        Name::Urge | Name::Satisfied | Name::Dissatisfied => role == Role::Resident,
        Name::Query | Name::Help | Name::Resolve => role != Role::Bot,
        Name::Accept
        | Name::HandBack
        | Name::Suspend
        | Name::Extend
        | Name::Transfer
        | Name::Merge
        | Name::Recategorise
        | Name::Mine => handles(role) || staff(role),
        Name::Confirm
        | Name::Void
        | Name::Verify
        | Name::Rework
        | Name::Approve
        | Name::Escalate
        | Name::Supervise => staff(role),
        Name::StopBot | Name::StartBot => role == Role::Admin,
    }
}

/// Whether orders are sent to this role: 网格员, and 物业 where the category is theirs.
fn handles(role: Role) -> bool {
    matches!(role, Role::Worker | Role::Property)
}

fn staff(role: Role) -> bool {
    matches!(role, Role::Staff | Role::Admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resident_may_ask_and_judge_but_not_handle() {
        for name in [
            Name::Query,
            Name::Help,
            Name::Urge,
            Name::Satisfied,
            Name::Dissatisfied,
            Name::Resolve,
        ] {
            assert!(may_ever(Role::Resident, name), "{name:?}");
        }
        for name in [
            Name::Accept,
            Name::HandBack,
            Name::Merge,
            Name::Void,
            Name::Mine,
            Name::StopBot,
        ] {
            assert!(!may_ever(Role::Resident, name), "{name:?}");
        }
    }

    #[test]
    fn a_worker_handles_and_does_not_judge() {
        for name in [
            Name::Accept,
            Name::Suspend,
            Name::Recategorise,
            Name::Mine,
            Name::Resolve,
        ] {
            assert!(may_ever(Role::Worker, name), "{name:?}");
        }
        for name in [
            Name::Void,
            Name::Confirm,
            Name::Urge,
            Name::Satisfied,
            Name::StartBot,
        ] {
            assert!(!may_ever(Role::Worker, name), "{name:?}");
        }
    }

    #[test]
    fn only_an_admin_stops_the_bot_and_another_bot_may_nothing() {
        assert!(may_ever(Role::Admin, Name::StopBot));
        assert!(!may_ever(Role::Staff, Name::StopBot));
        for name in [
            Name::Query,
            Name::Help,
            Name::Resolve,
            Name::Accept,
            Name::StopBot,
        ] {
            assert!(!may_ever(Role::Bot, name), "{name:?}");
        }
    }
}
