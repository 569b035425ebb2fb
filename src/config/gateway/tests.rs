//! What people get wrong about gateways, and what they are told.

use std::path::Path;

use crate::config::Config;

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
