//! Formats that are described already. They are named by what a body looks like, not by who sends it.

use toml::Table;

/// A format.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// What it is called in `preset = "…"`.
    pub name: &'static str,
    /// What it is for, Chinese, one line.
    pub about: &'static str,
    /// The mapping as an admin would write it.
    pub text: &'static str,
}

impl Preset {
    pub(super) fn table(&self) -> Table {
        toml::from_str(self.text).expect("a test reads every preset")
    }
}

/// Every preset.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "lines",
        about: "连心自己的格式：{id, group:{id,name}, sender:{id,name}, time, text}",
        text: include_str!("presets/lines.toml"),
    },
    Preset {
        name: "roomid",
        about: "平铺字段：roomid（或 room_id）、sender（或 wx_id）、content、is_self",
        text: include_str!("presets/roomid.toml"),
    },
    Preset {
        name: "nested-string",
        about: "值包在 string 里：Data.FromUserName.string、Data.Content.string",
        text: include_str!("presets/nested-string.toml"),
    },
    Preset {
        name: "nested-str",
        about: "值包在 str 里：from_user_name.str、content.str",
        text: include_str!("presets/nested-str.toml"),
    },
    Preset {
        name: "talker",
        about: "data.talker 是群，data.sender 是人，毫秒时间",
        text: include_str!("presets/talker.toml"),
    },
    Preset {
        name: "form-source",
        about: "表单：type、content，群和人在 source 这一项的 JSON 文字里",
        text: include_str!("presets/form-source.toml"),
    },
    Preset {
        name: "chatid",
        about: "chatid、from.userid、text.content、msgid（只收得到 @ 机器人的话）",
        text: include_str!("presets/chatid.toml"),
    },
];

pub(super) fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
