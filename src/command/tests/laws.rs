//! What holds for every text.

use proptest::prelude::*;

use super::{By, read};
use crate::model::Role;

const PIECES: &[&str] = &[
    "接单",
    "12",
    "#",
    "第",
    "号",
    "单",
    "@小助手",
    "@李姐",
    "小助手",
    "到",
    "下周三",
    "两天",
    "，",
    " ",
    "E-20261120-0012",
    "转派",
    "给",
    "并案",
    "改类别",
    "的",
    "好了",
    "没",
    "12月",
    "31日",
    "99999999",
    "一二三",
    "\u{200b}",
    "【",
    "】",
    "？",
    "ａ",
    "后天",
    "是",
];

proptest! {
    #[test]
    fn no_text_makes_the_grammar_panic(text in any::<String>()) {
        for by in [By::Card, By::Direct, By::Work, By::Group] {
            for role in [Role::Resident, Role::Worker, Role::Admin] {
                let _ = read(role, by, &text);
            }
        }
    }

    #[test]
    fn pieces_of_commands_in_any_order_do_not_panic(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..12)
    ) {
        let text = pieces.concat();
        for by in [By::Card, By::Direct, By::Work, By::Group] {
            for role in [Role::Resident, Role::Worker, Role::Staff] {
                let _ = read(role, by, &text);
            }
        }
    }

    #[test]
    fn an_accept_with_a_number_is_read_whatever_stands_between(
        serial in 1_u32..9999, gap in "[ 　:：,，#]{0,3}", ahead in "[ 　]{0,2}"
    ) {
        let text = format!("{ahead}接单{gap}{serial}");
        let command = read(Role::Worker, By::Group, &text).expect("a command");
        prop_assert_eq!(command.event, Some(serial.to_string()));
    }
}
