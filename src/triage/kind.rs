//! What the kinds of `cues.toml` mean to triage.

use super::Emergency;

/// What a cue says about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A keyword marked 强.
    Strong,
    /// A keyword marked 弱.
    Weak,
    /// A thing of public life: 电梯, 物业. Says little without a trouble beside it.
    Thing,
    /// Something wrong: 坏了, 漏水.
    Trouble,
    /// A whole picture of a problem: 龙头一滴都没.
    Scene,
    /// Nobody cares: 没人管.
    Blame,
    /// The words of a petition: 投诉.
    Formal,
    /// Its tone: 政府, 整改.
    Petition,
    /// 又, 天天.
    Again,
    /// 三天了.
    Duration,
    /// 半夜.
    Night,
    /// 我们小区.
    Where,
    /// 哪个来管.
    Whom,
    /// 咋办.
    Plea,
    /// 睡不着.
    Harm,
    /// 老人.
    Vulnerable,
    /// 能养鱼.
    Sarcasm,
    /// 12345.
    Pressure,
    /// 没漏.
    Negation,
    /// 来电了.
    Restored,
    /// 通了: restored only where a matter is open.
    Eased,
    /// 去年.
    Past,
    /// 老家.
    Elsewhere,
    /// 新闻说.
    News,
    /// 手机.
    Device,
    /// 笑死.
    Hyperbole,
    /// 私聊.
    Advert,
    /// 温馨提示.
    Notice,
    /// 周末去.
    Plan,
    /// 谢谢.
    Thanks,
    /// 要是能.
    Wish,
    /// 真的假的.
    Theory,
    /// 亲爱的.
    Chat,
    /// Counts for nothing and keeps what lies inside it from counting.
    Neutral,
    /// 怎么办理.
    Question,
    /// 医保.
    Counter,
    /// 我家也是.
    Echo,
    /// 救命.
    Urgent,
    /// Not to be spoken of in the group.
    Discreet,
    /// 万一: feared, not there.
    Unreal,
    /// Part of the picture of an emergency.
    Sign(Emergency, Part),
    /// A kind somebody added: its weight counts, it means nothing special.
    Other,
}

/// Which part of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Enough by itself: 触电.
    Whole,
    /// What it happens to: 电线.
    What,
    /// What happens: 麻手.
    State,
}

impl Kind {
    /// What the name of a kind means.
    pub(super) fn named(name: &str) -> Self {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Self::sign(name), |&(_, kind)| kind)
    }

    fn sign(name: &str) -> Self {
        let (stem, part) = match name.split_once('.') {
            Some((stem, "what")) => (stem, Part::What),
            Some((stem, "state")) => (stem, Part::State),
            Some(_) => return Self::Other,
            None => (name, Part::Whole),
        };
        SIGNS
            .iter()
            .find(|(known, _)| *known == stem)
            .map_or(Self::Other, |&(_, emergency)| Self::Sign(emergency, part))
    }

    /// Whether it speaks of a matter, so that a longer word swallows what lies inside it. The
    /// others colour what is said and count wherever they stand.
    pub(super) fn swallows(self) -> bool {
        !matches!(
            self,
            Self::Question
                | Self::Echo
                | Self::Vulnerable
                | Self::Where
                | Self::Again
                | Self::Plea
                | Self::Duration
                | Self::Whom
                | Self::Urgent
                | Self::Night
                | Self::Petition
                | Self::Discreet
                | Self::Unreal
                | Self::Sign(..)
        )
    }

    /// Whether it colours what is said.
    pub(super) fn colours(self) -> bool {
        matches!(
            self,
            Self::Petition
                | Self::Again
                | Self::Duration
                | Self::Night
                | Self::Where
                | Self::Whom
                | Self::Plea
                | Self::Harm
                | Self::Vulnerable
                | Self::Sarcasm
                | Self::Pressure
        )
    }
}

const NAMES: &[(&str, Kind)] = &[
    ("thing", Kind::Thing),
    ("trouble", Kind::Trouble),
    ("scene", Kind::Scene),
    ("blame", Kind::Blame),
    ("formal", Kind::Formal),
    ("petition", Kind::Petition),
    ("again", Kind::Again),
    ("duration", Kind::Duration),
    ("night", Kind::Night),
    ("where", Kind::Where),
    ("whom", Kind::Whom),
    ("plea", Kind::Plea),
    ("harm", Kind::Harm),
    ("vulnerable", Kind::Vulnerable),
    ("sarcasm", Kind::Sarcasm),
    ("pressure", Kind::Pressure),
    ("negation", Kind::Negation),
    ("restored", Kind::Restored),
    ("eased", Kind::Eased),
    ("past", Kind::Past),
    ("elsewhere", Kind::Elsewhere),
    ("news", Kind::News),
    ("device", Kind::Device),
    ("hyperbole", Kind::Hyperbole),
    ("advert", Kind::Advert),
    ("notice", Kind::Notice),
    ("plan", Kind::Plan),
    ("thanks", Kind::Thanks),
    ("wish", Kind::Wish),
    ("theory", Kind::Theory),
    ("chat", Kind::Chat),
    ("neutral", Kind::Neutral),
    ("question", Kind::Question),
    ("counter", Kind::Counter),
    ("echo", Kind::Echo),
    ("urgent", Kind::Urgent),
    ("discreet", Kind::Discreet),
    ("unreal", Kind::Unreal),
];

const SIGNS: &[(&str, Emergency)] = &[
    ("trapped", Emergency::Trapped),
    ("gas", Emergency::Gas),
    ("fire", Emergency::Fire),
    ("suicide", Emergency::Suicide),
    ("missing", Emergency::Missing),
    ("collapse", Emergency::Collapse),
    ("medical", Emergency::Medical),
    ("shock", Emergency::Shock),
    ("violence", Emergency::Violence),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_kind_is_understood() {
        assert_eq!(Kind::named("trouble"), Kind::Trouble);
        assert_eq!(
            Kind::named("gas.state"),
            Kind::Sign(Emergency::Gas, Part::State)
        );
        assert_eq!(
            Kind::named("fire"),
            Kind::Sign(Emergency::Fire, Part::Whole)
        );
        assert_eq!(Kind::named("fire.colour"), Kind::Other);
        assert_eq!(Kind::named("somebody's own"), Kind::Other);
    }
}
