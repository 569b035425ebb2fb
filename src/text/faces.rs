//! The names of faces and media that chat platforms write in brackets. A closed list: `[通知]` and
//! `[3栋]` are words of the sender.

/// Longest name, in characters of the normal form.
pub(super) const LONGEST: usize = 10;

/// Whether `name` (in normal form) is a face or a medium.
pub(super) fn is_face(name: &str) -> bool {
    [CHINESE, ENGLISH, MEDIA]
        .iter()
        .any(|names| names.split(' ').any(|face| face == name))
}

const CHINESE: &str = "\
    微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 酷 冷汗 \
    抓狂 吐 偷笑 愉快 可爱 白眼 傲慢 饥饿 困 惊恐 流汗 憨笑 悠闲 大兵 奋斗 咒骂 疑问 嘘 \
    晕 折磨 疯了 衰 骷髅 敲打 再见 擦汗 抠鼻 鼓掌 糗大了 坏笑 左哼哼 右哼哼 哈欠 鄙视 \
    委屈 快哭了 阴险 亲亲 吓 可怜 菜刀 西瓜 啤酒 篮球 乒乓 咖啡 饭 猪头 玫瑰 凋谢 嘴唇 \
    示爱 爱心 心碎 蛋糕 闪电 炸弹 刀 足球 瓢虫 便便 月亮 太阳 礼物 拥抱 强 弱 握手 胜利 \
    抱拳 勾引 拳头 差劲 爱你 no ok 爱情 飞吻 跳跳 发抖 怄火 转圈 磕头 回头 跳绳 投降 \
    激动 乱舞 献吻 左太极 右太极 嘿哈 捂脸 奸笑 机智 皱眉 耶 红包 鸡 吃瓜 加油 汗 天啊 \
    emm 社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 囧 破涕为笑 脸红 \
    恐惧 失望 无语 嘿嘿 笑脸 生病 口罩 笑哭 吐舌 合十 庆祝 福 发 烟花 爆竹 鞭炮 强壮 \
    礼花 幽灵 期待 哭 悠哉 祈祷 加一 比心 doge 擦眼泪";

const ENGLISH: &str = "\
    smile grimace drool scowl coolguy sob shy silent sleep cry awkward angry tongue grin \
    surprise frown ruthless blush scream puke chuckle joyful slight smug hungry drowsy \
    panic sweat laugh commando determined scold shocked shhh dizzy tormented toasted \
    skull hammer wave speechless nosepick clap shame trick yawn shrunken tearingup sly \
    kiss wrath whimper cleaver watermelon beer coffee pig rose wilt lips heart \
    brokenheart cake lightning bomb poop moon sun gift hug thumbsup thumbsdown shake \
    peace fight beckon fist pinky rockon salute hey facepalm smirk smart concerned yeah! \
    packet chick onlooker goforit sweats omg respect doge noprob mybad wow boring \
    awesome letmesee sigh hurt broken candle happy sick flushed lol terror duh";

const MEDIA: &str = "\
    图片 照片 视频 语音 文件 链接 位置 动画表情 表情 小程序 名片 聊天记录 音乐 视频号 \
    转账 接龙 image photo video voice file link sticker location";
