//! From typed to checked: defaults, limits, and every problem at once.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::Offset;

use super::{Config, Desk, Limits, Log, Outbox, Passing, Problems, Retention, gateway, raw};

/// Checks everything.
pub(super) fn config(raw: raw::Raw, folder: &Path) -> Result<Config, Problems> {
    let mut check = Check {
        folder,
        problems: Vec::new(),
    };
    let config = Config {
        mode: raw.mode,
        bot_name: check.bot_name(raw.bot.name),
        offset: check.offset(raw.bot.utc_offset_hours),
        age_gate: check.duration("bot.age_gate", raw.bot.age_gate, "10m", "1m", "24h"),
        store: check.path(raw.store.path.unwrap_or_else(|| "data".into())),
        lexicon: raw.lexicon.path.map(|path| check.path(path)),
        open_at: check.number(
            "triage.open_at",
            raw.triage.open_at.unwrap_or(2.0),
            1.2,
            5.0,
        ),
        packs: raw
            .lexicon
            .packs
            .unwrap_or_else(|| vec!["四川话".to_owned()]),
        texts: raw.texts.path.map(|path| check.path(path)),
        gateways: gateway::gateways(&mut check, raw.gateway),
        limits: Limits {
            text_bytes: check.number(
                "limits.text_bytes",
                raw.limits.text_bytes.unwrap_or(16 << 10),
                1 << 10,
                1 << 16,
            ),
            id_bytes: check.number(
                "limits.id_bytes",
                raw.limits.id_bytes.unwrap_or(256),
                64,
                400,
            ),
        },
        outbox: check.outbox(raw.outbox),
        desk: check.desk(raw.desk),
        retention: check.retention(&raw.retention),
        silences: check.passing("silences", &raw.silences, (7, 30), (5_000, 50_000)),
        shadow: check.passing("shadow", &raw.shadow, (30, 90), (20_000, 100_000)),
        dead_letters: check.passing("dead_letters", &raw.dead_letters, (7, 30), (1_000, 10_000)),
        log: Log {
            format: raw.log.format,
            filter: raw.log.filter.unwrap_or_else(|| "info".to_owned()),
        },
        metrics: check.loopback("metrics.listen", raw.metrics.listen),
        shutdown: check.duration(
            "shutdown.deadline",
            raw.shutdown.deadline,
            "20s",
            "1s",
            "5m",
        ),
    };
    if check.problems.is_empty() {
        Ok(config)
    } else {
        Err(Problems(check.problems))
    }
}

pub(super) struct Check<'a> {
    folder: &'a Path,
    problems: Vec<String>,
}

impl Check<'_> {
    pub(super) fn problem(&mut self, text: String) {
        self.problems.push(text);
    }

    pub(super) fn path(&self, path: PathBuf) -> PathBuf {
        if path.is_absolute() {
            path
        } else {
            self.folder.join(path)
        }
    }

    fn bot_name(&mut self, name: Option<String>) -> String {
        let name = name.unwrap_or_else(|| "小助手".to_owned());
        if name.trim().is_empty() || name.chars().count() > 20 {
            self.problem("bot.name 请写 1 到 20 个字的名字".to_owned());
        }
        name
    }

    fn offset(&mut self, hours: Option<i8>) -> Offset {
        let hours = hours.unwrap_or(8);
        if !(-12..=14).contains(&hours) {
            self.problem(format!(
                "bot.utc_offset_hours = {hours} 不是时区，中国请写 8"
            ));
            return Offset::UTC;
        }
        Offset::constant(hours)
    }

    pub(super) fn duration(
        &mut self,
        key: &str,
        typed: Option<String>,
        default: &str,
        min: &str,
        max: &str,
    ) -> Duration {
        let typed = typed.unwrap_or_else(|| default.to_owned());
        let parse = |text: &str| {
            text.parse::<jiff::SignedDuration>()
                .ok()
                .and_then(|duration| Duration::try_from(duration).ok())
        };
        match (parse(&typed), parse(min), parse(max)) {
            (Some(found), Some(min), Some(max)) if (min..=max).contains(&found) => found,
            _ => {
                self.problem(format!(
                    "{key} = \"{typed}\" 不对，请写 {min} 到 {max} 之间的时长，例如 \"{default}\""
                ));
                Duration::ZERO
            }
        }
    }

    fn number<N: PartialOrd + Copy + std::fmt::Display>(
        &mut self,
        key: &str,
        typed: N,
        min: N,
        max: N,
    ) -> N {
        // Not a number is in no range.
        if !(min..=max).contains(&typed) {
            self.problem(format!(
                "{key} = {typed} 不对，请写 {min} 到 {max} 之间的数"
            ));
        }
        typed
    }

    fn span(&mut self, key: &str, typed: &str) -> Option<(Time, Time)> {
        let parse = |text: &str| {
            let (hour, minute) = text.trim().split_once(':')?;
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let span = typed
            .split_once('-')
            .and_then(|(from, to)| Some((parse(from)?, parse(to)?)));
        if span.is_none() {
            self.problem(format!(
                "{key} = \"{typed}\" 不对，请写成 \"09:00-12:00\" 这样的时间段"
            ));
        }
        span
    }

    fn outbox(&mut self, raw: raw::Outbox) -> Outbox {
        let quiet = raw.quiet.unwrap_or_else(|| "22:30-07:00".to_owned());
        Outbox {
            spacing: self.duration("outbox.spacing", raw.spacing, "3s", "0s", "5m"),
            per_minute: self.number("outbox.per_minute", raw.per_minute.unwrap_or(20), 1, 6000),
            jitter: self.duration("outbox.jitter", raw.jitter, "2s", "0s", "1m"),
            gather: self.duration("outbox.gather", raw.gather, "5s", "0s", "5m"),
            quiet: if quiet.is_empty() {
                None
            } else {
                self.span("outbox.quiet", &quiet)
            },
            replies_per_person: self.number(
                "outbox.replies_per_person",
                raw.replies_per_person.unwrap_or(20),
                1,
                1000,
            ),
            replies_per_group: self.number(
                "outbox.replies_per_group",
                raw.replies_per_group.unwrap_or(60),
                1,
                6000,
            ),
            stale_after: self.duration("outbox.stale_after", raw.stale_after, "12h", "10m", "168h"),
        }
    }

    fn desk(&mut self, raw: raw::Desk) -> Desk {
        let typed = raw
            .hours
            .unwrap_or_else(|| vec!["09:00-12:00".into(), "13:00-18:00".into()]);
        let mut hours: Vec<(Time, Time)> = typed
            .iter()
            .filter_map(|span| self.span("desk.hours", span))
            .collect();
        hours.sort_unstable();
        let apart = hours.windows(2).all(|pair| pair[0].1 <= pair[1].0);
        if hours.is_empty() || !apart || hours.iter().any(|(from, to)| from >= to) {
            self.problem(
                "desk.hours 请按先后写工作时段，互不重叠，如 [\"09:00-12:00\", \"13:00-18:00\"]"
                    .to_owned(),
            );
        }
        Desk {
            hours,
            quiet_after_restored: self.duration(
                "desk.quiet_after_restored",
                raw.quiet_after_restored,
                "30m",
                "1m",
                "24h",
            ),
            follow_up: self.duration("desk.follow_up", raw.follow_up, "48h", "1h", "720h"),
            lead_expires: self.duration("desk.lead_expires", raw.lead_expires, "24h", "1h", "168h"),
            lead_confirm: self.duration("desk.lead_confirm", raw.lead_confirm, "30m", "1m", "24h"),
            lead_confirm_off_hours: self.duration(
                "desk.lead_confirm_off_hours",
                raw.lead_confirm_off_hours,
                "2h",
                "1m",
                "24h",
            ),
            lead_confirm_urgent: self.duration(
                "desk.lead_confirm_urgent",
                raw.lead_confirm_urgent,
                "10m",
                "1m",
                "24h",
            ),
        }
    }

    fn retention(&mut self, raw: &raw::Retention) -> Retention {
        let mask_after_days = self.number(
            "retention.mask_after_days",
            raw.mask_after_days.unwrap_or(90),
            1,
            3650,
        );
        let delete_after_days = self.number(
            "retention.delete_after_days",
            raw.delete_after_days.unwrap_or(365),
            1,
            3650,
        );
        if delete_after_days < mask_after_days {
            self.problem(
                "retention.delete_after_days 不能早于 retention.mask_after_days".to_owned(),
            );
        }
        let seen_days = self.number("retention.seen_days", raw.seen_days.unwrap_or(7), 1, 90);
        Retention {
            mask_after_days,
            delete_after_days,
            seen_days,
        }
    }

    /// Days and number, each with its default and its most.
    fn passing(
        &mut self,
        table: &str,
        raw: &raw::Passing,
        (days, most_days): (u16, u16),
        (number, most_number): (usize, usize),
    ) -> Passing {
        let typed = raw.keep_days.unwrap_or(days);
        let keep_days = self.number(&format!("{table}.keep_days"), typed, 0, most_days);
        let typed = raw.most.unwrap_or(number);
        let most = self.number(&format!("{table}.most"), typed, 10, most_number);
        Passing { keep_days, most }
    }

    fn loopback(&mut self, key: &str, typed: Option<String>) -> Option<SocketAddr> {
        let typed = typed?;
        match typed.parse::<SocketAddr>() {
            Ok(address) if address.ip().is_loopback() => Some(address),
            _ => {
                self.problem(format!(
                    "{key} = \"{typed}\" 不对，只能监听本机，请写成 \"127.0.0.1:9464\""
                ));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        Config::parse(text, Path::new("/x"))
            .expect_err("has problems")
            .0
    }

    #[test]
    fn an_empty_file_is_a_configuration() {
        let config = Config::default();
        assert_eq!(config.bot_name, "小助手");
        assert_eq!(config.age_gate, Duration::from_mins(10));
    }

    #[test]
    fn the_example_is_valid_and_states_the_defaults() {
        let example = include_str!("../../config.example.toml");
        let mut example = Config::parse(example, Path::new(".")).expect("the example is valid");
        assert_eq!(example.gateways.len(), 1);
        example.gateways.clear();
        assert_eq!(format!("{example:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn all_problems_come_at_once() {
        let found = problems(
            "[bot]\nage_gate = \"x\"\n[[gateway]]\nname = \"a\"\nkind = \"onebot11\"\n[outbox]\nper_minute = 0\nquiet = \"9\"\n[metrics]\nlisten = \"0.0.0.0:1\"",
        );
        assert_eq!(found.len(), 5, "{found:#?}");
    }

    #[test]
    fn a_typing_mistake_is_named_with_its_line() {
        let found = problems("[bot]\n\nnmae = \"x\"");
        assert!(
            found[0].starts_with("第 3 行：不认识的配置项“nmae”"),
            "{found:?}"
        );
    }
}
