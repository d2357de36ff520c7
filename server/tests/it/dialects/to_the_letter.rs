//! What clients say to each other by a dialect arrives as it was written: keys in their order, numbers in their form.

use crate::support::{TestServer, wire::Wire};

/// Keys in no order, numbers that have no such form or no such size in the server, and an escape.
const OBJECT: &str =
    r#"{"user_name":"\u00e9","z":1.0,"message":"안녕","a":[1e3,123456789012345678901234567890],"a":-0}"#;
const DATA: &str = r#"{"z":1.0,"a":{"y":1e3,"b":null}}"#;

async fn outside(server: &TestServer) -> Wire {
    let mut wire = Wire::open(server, &[]).await.expect("a WebSocket");
    wire.send("40").await;
    wire.next_like("40{").await;
    wire
}

#[tokio::test]
async fn flask_gets_its_objects_back() {
    let server = TestServer::start().await;
    let mut wire = outside(&server).await;
    for (event, answer) in [("my event", "my response"), ("json", "json")] {
        for object in [OBJECT, DATA] {
            wire.send(&format!("42[\"{event}\",{object}]")).await;
            let heard = wire.next_like("42").await;
            // The server may ask for an acknowledgement.
            let (_, heard) = heard.split_once('[').expect("an event");
            assert_eq!(heard, format!("\"{answer}\",{object}]"));
        }
    }
    // What is said elsewhere comes with its fields in the note's order.
    let jina = server.join("지나").await;
    jina.post(jina.lobby, 1, "반가워요").await.expect("posted");
    let heard = wire.next_like("42").await;
    assert!(heard.ends_with(r#"["my response",{"user_name":"지나","message":"반가워요"}]"#), "{heard}");
}

#[tokio::test]
async fn node_gets_its_objects_and_ids_back() {
    let server = TestServer::start().await;
    let mut wire = outside(&server).await;
    wire.send(&format!("42[\"some event\",{DATA}]")).await;
    assert_eq!(wire.next_like("42").await, format!("42[\"some event\",{DATA}]"));
    wire.send(&format!("42[\"try emit\",{{\"how\":\"io.emit\",\"data\":{DATA}}}]")).await;
    assert_eq!(wire.next_like("42").await, format!("42[\"some event\",{DATA}]"));

    let mut rooms = outside(&server).await;
    rooms.send("42[\"login\",{\"userid\":12345678901234567890123,\"name\":\"민수\"}]").await;
    rooms.next_like("42[\"login\"").await;
    rooms.send("42[\"s2c chat\",{\"to\":\"sender\",\"msg\":\"hi\"}]").await;
    let heard = rooms.next_like("42[\"s2c chat\"").await;
    assert_eq!(heard, r#"42["s2c chat",{"from":{"name":"민수","userid":12345678901234567890123},"msg":"hi"}]"#);
}

/// A client may take it for an attack, or fall over it.
#[tokio::test]
async fn what_is_nested_too_deeply_is_passed_on_to_nobody() {
    let server = TestServer::start().await;
    let mut wire = outside(&server).await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    wire.send(&format!("421[\"some event\",{{\"a\":{deep}}}]")).await;
    assert!(wire.next_like("431[").await.contains("malformed"));
    wire.send(&format!("42[\"some event\",{DATA}]")).await;
    assert_eq!(wire.next_like("42").await, format!("42[\"some event\",{DATA}]"), "nothing came before");
}
