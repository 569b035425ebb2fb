//! A gateway that is only described: heard through pointers, answered through a template.

use lianxin::gateway::client::unencrypted;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::bot::{Bot, GROUPS, PATIENCE, free_port};

/// Takes what is posted, one request a connection, and says that it went out.
async fn serve(listener: TcpListener, posted: mpsc::UnboundedSender<String>) {
    while let Ok((mut line, _)) = listener.accept().await {
        let mut request = vec![0; 1 << 16];
        let mut length = 0;
        while let Ok(more @ 1..) = line.read(&mut request[length..]).await {
            length += more;
            if request[..length].ends_with(b"}") {
                break;
            }
        }
        let request = String::from_utf8_lossy(&request[..length]).into_owned();
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"code\":0}";
        // Whoever asked may have gone.
        let _ = line.write_all(answer.as_bytes()).await;
        let _ = posted.send(request);
    }
}

#[tokio::test]
async fn a_described_gateway_is_heard_and_answered_through() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let (port, peer) = (free_port(), listener.local_addr().expect("bound"));
    let (posted, mut said) = mpsc::unbounded_channel();
    tokio::spawn(serve(listener, posted));
    let mut bot = Bot::with_settings(&format!(
        r#"
[[gateway]]
name = "hook"
kind = "webhook"
listen = "127.0.0.1:{port}"
token = "open-sesame"
[gateway.read]
id = "/n"
group = "/room"
sender = "/who"
text = "/words"
[gateway.write]
url = "http://{peer}/send"
body = '{{"to": "{{to:number}}", "words": "{{text}}"}}'
success = "/code == 0"
"#
    ))
    .await;
    let groups = "群号,群名,区域路径,用途,读取,发送\n1001,枫林苑一群,云杉街道/清溪社区/清溪网格/枫林苑,居民,hook,hook\n";
    bot.write("groups.csv", groups);
    let path = bot.path("groups.csv");
    let imported = bot
        .command(&["directory", "import", path.to_str().expect("UTF-8")])
        .await;
    assert_eq!(imported.code, Some(0), "{}", imported.err);
    let _platform = bot.started().await;
    let client = unencrypted().expect("a client").build().expect("a client");
    let bring = |body: String| {
        let request = client.post(format!("http://127.0.0.1:{port}/webhook"));
        request.bearer_auth("open-sesame").body(body).send()
    };
    let words =
        json!({"n": 1, "room": GROUPS[0], "who": 21, "words": "11栋电梯坏了，好几天没人来修"});
    for _ in 0..2 {
        let answered = bring(words.to_string()).await.expect("answered");
        assert_eq!(answered.status().as_u16(), 200);
    }
    let wait = async {
        loop {
            let request = said.recv().await.expect("the peer lives");
            if request.contains("11栋") {
                return request;
            }
        }
    };
    let request = tokio::time::timeout(PATIENCE, wait).await.expect("in time");
    assert!(request.contains("\"to\":1001"), "{request}");
    assert_eq!(
        bot.rows(&["events", "list"]).await.len(),
        1,
        "redelivered, acted on once"
    );

    bot.write("body.json", "{\"n\":1,\"room\":{\"deep\":1}}");
    let body = bot.path("body.json");
    let tried = bot
        .command(&["gateway", "try", "hook", body.to_str().expect("UTF-8")])
        .await;
    assert_eq!(tried.code, Some(1));
    assert!(
        tried.out.contains("/room 那里是 {\"deep\":1}") && !tried.out.contains("open-sesame"),
        "{}",
        tried.out
    );
}
