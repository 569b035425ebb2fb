//! What people get wrong about gateways, and what they are told.

use std::path::Path;

use crate::config::{Config, GatewayKind, Transport};

fn problems(text: &str) -> Vec<String> {
    Config::parse(text, Path::new("/x"))
        .expect_err("has problems")
        .0
}

#[test]
fn a_public_listener_needs_a_token() {
    let gateway = "[[gateway]]\nname = \"a\"\nkind = \"onebot11\"\nlisten = \"0.0.0.0:8081\"\n";
    assert!(problems(gateway)[0].contains("必须设置 token"));
    assert!(Config::parse(&format!("{gateway}token = \"t\""), Path::new("/x")).is_ok());
}

#[test]
fn a_token_never_shows() {
    let text = "[[gateway]]\nname = \"a\"\nkind = \"onebot11\"\nconnect = \"ws://127.0.0.1:1/\"\ntoken = \"open-sesame\"";
    let config = Config::parse(text, Path::new("/x")).expect("valid");
    assert!(!format!("{config:?}").contains("open-sesame"));
    let wrong = problems(&format!("{text}\nhaertbeat = \"1s\""));
    assert!(!format!("{wrong:?}").contains("open-sesame"));
}

#[test]
fn a_mistake_names_the_gateway_and_what_may_be_written() {
    let text =
        "[[gateway]]\nname = \"wx\"\nkind = \"onebot11\"\nlisten = \"127.0.0.1:1\"\ntokne = \"x\"";
    let found = problems(text);
    assert!(
        found[0].contains("网关“wx”：不认识的配置项“tokne”") && found[0].contains("token_env"),
        "{found:?}"
    );
    let found = problems("[[gateway]]\nname = \"wx\"\nkind = \"icq\"");
    assert!(found[0].contains("onebot11"), "{found:?}");
    let found = problems("[[gateway]]\nkind = \"onebot11\"");
    assert!(found[0].contains("缺少配置项“name”"), "{found:?}");
}

#[test]
fn two_gateways_of_one_name_and_two_spellings_of_a_token_are_told() {
    let one = "[[gateway]]\nname = \"a\"\nkind = \"onebot11\"\nlisten = \"127.0.0.1:1\"\n";
    assert!(problems(&format!("{one}{one}"))[0].contains("两个网关都叫“a”"));
    let both = format!("{one}token = \"x\"\ntoken_env = \"Y\"");
    assert!(problems(&both)[0].contains("只能写一个"));
}

fn gateway(kind: &str, rest: &str) -> String {
    format!("[[gateway]]\nname = \"a\"\nkind = \"{kind}\"\n{rest}")
}

fn transport(kind: &str, rest: &str) -> Transport {
    let config = Config::parse(&gateway(kind, rest), Path::new("/x")).expect("valid");
    match &config.gateways[0].kind {
        GatewayKind::OneBot11(it) | GatewayKind::OneBot12(it) => it.transport.clone(),
        GatewayKind::Webhook(it) => panic!("{it:?}"),
    }
}

#[test]
fn where_we_call_and_where_we_listen_say_which_way_it_goes() {
    let listen = "listen = \"127.0.0.1:1\"";
    let http = "connect = \"http://127.0.0.1:5700\"";
    let both = format!("{http}\n{listen}");
    for kind in ["onebot11", "onebot12"] {
        assert!(matches!(transport(kind, listen), Transport::Reverse(..)));
        let forward = transport(kind, "connect = \"wss://example.test/\"");
        assert!(matches!(forward, Transport::Forward(_)));
        assert!(matches!(transport(kind, &both), Transport::Webhook(..)));
    }
    assert!(matches!(transport("onebot12", http), Transport::Polling(_)));
    let told = problems(&gateway("onebot11", http));
    assert!(told[0].contains("还要写 listen"), "{told:?}");
    for (wrong, said) in [
        ("", "要写 connect"),
        ("connect = \"ftp://x\"", "要以 ws://"),
        (
            "connect = \"ws://x\"\nlisten = \"127.0.0.1:1\"",
            "只能写一个",
        ),
        ("listen = \"127.0.0.1:1\"\nsecret = \"s\"", "secret 只在"),
        (
            "listen = \"127.0.0.1:1\"\nframes = \"msgpack\"",
            "frames 只能写",
        ),
    ] {
        let told = problems(&gateway("onebot11", wrong));
        assert!(told[0].contains(said), "{told:?}");
    }
}

#[test]
fn a_public_webhook_of_version_11_needs_the_key_it_is_signed_with() {
    let public = "connect = \"http://10.0.0.2:5700\"\nlisten = \"0.0.0.0:8081\"\ntoken = \"t\"";
    assert!(problems(&gateway("onebot11", public))[0].contains("secret"));
    assert!(Config::parse(&gateway("onebot12", public), Path::new("/x")).is_ok());
    let signed = gateway("onebot11", &format!("{public}\nsecret = \"s\""));
    assert!(Config::parse(&signed, Path::new("/x")).is_ok());
}
