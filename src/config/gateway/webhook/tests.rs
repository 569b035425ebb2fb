//! What people get wrong about mapped webhooks, and what they are told.

use std::path::Path;

use super::{PRESETS, Webhook, of_preset};
use crate::config::{Config, GatewayKind};

const HEAD: &str = "[[gateway]]\nname = \"hook\"\nkind = \"webhook\"\n";

fn parse(rest: &str) -> Result<Webhook, Vec<String>> {
    let mut config =
        Config::parse(&format!("{HEAD}{rest}"), Path::new("/x")).map_err(|problems| problems.0)?;
    match config.gateways.remove(0).kind {
        GatewayKind::Webhook(webhook) => Ok(*webhook),
        other => panic!("{other:?}"),
    }
}

fn problem(rest: &str) -> String {
    parse(rest).expect_err("has problems").join("\n")
}

const LISTEN: &str = "listen = \"127.0.0.1:8090\"\n";

#[test]
fn every_preset_is_whole() {
    for preset in PRESETS {
        let read = of_preset(preset);
        assert!(read.is_ok(), "{}: {:?}", preset.name, read.err());
        assert!(preset.text.starts_with(&format!("# {}：", preset.name)));
    }
}

#[test]
fn what_the_admin_writes_wins_over_the_preset_key_by_key() {
    let text = format!("preset = \"roomid\"\n{LISTEN}[gateway.read]\ngroup = \"/room\"");
    let webhook = parse(&text).expect("valid");
    assert_eq!(webhook.reading.group[0].written, "/room");
    assert_eq!(webhook.reading.sender[0].written, "/sender");
    assert!(webhook.writing.is_none(), "nobody said where to post");
}

#[test]
fn mistakes_name_the_key_and_what_to_write() {
    let mapped = |read: &str| problem(&format!("{LISTEN}[gateway.read]\n{read}"));
    let found = mapped("group = [\"/a\", \"data.room\"]\nsender = \"/s\"\ntext = \"/t\"");
    assert!(
        found.contains("read.group 第 2 个") && found.contains("data.room"),
        "{found}"
    );
    let found = mapped("group = \"/g\"\nsender = \"/s\"");
    assert!(found.contains("缺 text"), "{found}");
    let found = mapped("group = \"/g\"\nsneder = \"/s\"\ntext = \"/t\"");
    assert!(
        found.contains("sneder") && found.contains("sender_name"),
        "{found}"
    );
    let found = problem("preset = \"linse\"\nlisten = \"127.0.0.1:1\"");
    assert!(
        found.contains("linse") && found.contains("roomid"),
        "{found}"
    );
    assert!(problem("").contains("至少一样"));
    assert!(problem(LISTEN).contains("要写 preset"));
}

#[test]
fn mistakes_in_what_is_posted_are_told() {
    let write = |rest: &str| problem(&format!("[gateway.write]\n{rest}"));
    let url = "url = \"http://127.0.0.1:1/\"\n";
    assert!(write(&format!("{url}body = '{{\"a\": {{text}}}}'")).contains("不是 JSON"));
    assert!(write(&format!("{url}body = '{{\"a\": \"b\"}}'")).contains("没有 {text}"));
    assert!(write(&format!("{url}body = '[\"{{txet}}\"]'")).contains("{txet}"));
    assert!(write(&format!("{url}body = '[\"{{text}}{{token}}\"]'")).contains("send_token"));
    assert!(write("url = \"x\"\nbody = '[\"{text}\"]'").contains("http://"));
    let one = format!("{url}body = '[\"{{text}}\"]'\n");
    assert!(write(&format!("{one}success = \"ret\"")).contains("success"));
    assert!(write(&format!("{one}headers = {{ \"a b\" = \"c\" }}")).contains("a b"));
}

#[test]
fn no_secret_shows() {
    let text = format!(
        "preset = \"lines\"\n{LISTEN}token = \"open-a\"\nsecret = \"open-b\"\nsend_token = \"open-c\"\n[gateway.write]\nurl = \"http://127.0.0.1:1/?key=open-d\"\nheaders = {{ x = \"open-e\" }}"
    );
    let webhook = parse(&text).expect("valid");
    assert!(!format!("{webhook:?}").contains("open-"));
    assert!(!problem(&text.replace("lines", "linse")).contains("open-"));
}

#[test]
fn a_public_entrance_is_guarded() {
    let text = "preset = \"lines\"\nlisten = \"0.0.0.0:8090\"\n";
    assert!(problem(text).contains("必须设置 token"));
    assert!(parse(&format!("{text}secret = \"s\"")).is_ok());
}
