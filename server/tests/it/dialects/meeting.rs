//! All dialects in one lobby: what one says, everyone hears, each in their own form, once.

use madang_common::event::room::Changes;
use serde_json::{Value, json};

use super::{heard, hi};
use crate::support::{Actor, Guest, Heard, TestServer, Transport, plain::Plain, said};

/// One client of each kind, and what they are called.
struct Meeting {
    echo: Guest,
    session: Guest,
    chat: Guest,
    rooms: Guest,
    text: Plain,
    json: Plain,
    inside: Actor,
}

/// What was said, by whom.
type Line = (String, String);

impl Meeting {
    async fn new(server: &TestServer, transport: Transport) -> Self {
        let connect = || async { Guest::connect_by(server, transport).await.expect("a connection") };
        let cookie = server.sign_in("제이슨").await;
        let mut json = Plain::json(server, &cookie).await;
        json.ask("session.hello", json!({})).await;
        let inside = server.join("안").await;
        let meeting = Self {
            echo: connect().await,
            session: connect().await,
            chat: connect().await,
            rooms: connect().await,
            text: Plain::text(server).await,
            json,
            inside,
        };
        // What each says first shows what it speaks. These are no messages, but for the one that has no other event.
        meeting.session.say("my event", json!({"data": "User Connected"})).await;
        meeting.chat.say("some event", json!({})).await;
        meeting.rooms.say("login", json!({"name": "로그인", "userid": 1})).await;
        meeting.echo.say("send_message", json!({"text": "who I am"})).await;
        meeting
    }

    /// Forgets all that was heard until now.
    async fn hush(&mut self) {
        for guest in [&mut self.echo, &mut self.session, &mut self.chat, &mut self.rooms] {
            guest.all_until_now().await;
        }
        self.json.ask("room.head", json!({})).await;
        self.inside.all_until_now::<Changes>().await;
    }

    async fn next_inside(&mut self) -> Line {
        let message = self.inside.next_change(self.inside.lobby).await;
        (message.author.name.to_string(), said(&message).to_owned())
    }

    /// What the plain client with JSON has heard until now.
    async fn json_lines(&mut self) -> Vec<Line> {
        let (_, events) = self.json.ask("room.head", json!({})).await;
        let changes = events.iter().filter(|event| event["event"] == "room.changes");
        let messages = changes.flat_map(|event| event["data"]["changes"].as_array().cloned().unwrap_or_default());
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        messages.map(|message| (text(&message["author"]["name"]), text(&message["body"]["text"]))).collect()
    }
}

fn from_server(text: &str) -> Heard {
    heard("message_from_server", json!({ "text": text }))
}

async fn all_meet(transport: Transport) {
    let server = TestServer::start().await;
    let mut meeting = Meeting::new(&server, transport).await;
    // Its first words are heard by all, the plain text among them.
    let (echo, first) = meeting.next_inside().await;
    assert_eq!(meeting.text.next().await, format!("{echo}: {first}"));
    meeting.hush().await;

    meeting.echo.say("send_message", json!({"text": "하나"})).await;
    meeting.session.say("my event", json!({"user_name": "세션", "message": "둘"})).await;
    meeting.chat.say("chat message", json!("셋")).await;
    meeting.rooms.say("chat", json!({"msg": "넷"})).await;
    meeting.text.say("다섯").await;
    let mut lines = Vec::new();
    for _ in 0..5 {
        lines.push(meeting.next_inside().await);
    }
    let inside = meeting.inside.lobby;
    meeting.inside.post(inside, 1, "여섯").await.expect("posted");
    let post = json!({"room": inside, "client_id": crate::support::client_id(2), "text": "일곱"});
    let (posted, mut json_events) = meeting.json.ask("message.post", post).await;
    assert!(posted.get("ok").is_some(), "{posted}");
    for _ in 0..2 {
        lines.push(meeting.next_inside().await);
    }
    assert_eq!(
        lines.iter().map(|line| line.1.as_str()).collect::<Vec<_>>(),
        ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱"]
    );
    let names: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
    assert_eq!((names[0], names[1], names[3], names[5], names[6]), (echo.as_str(), "세션", "로그인", "안", "제이슨"));
    assert!(names[2].starts_with("guest-") && names[4].starts_with("guest-"), "{names:?}");

    // Each hears each line once, in its own form; its own line as its note says.
    let all_but =
        |own: usize| lines.iter().enumerate().filter(move |(number, _)| *number != own).map(|(_, line)| line);
    let text = |(name, text): &Line| format!("{name}: {text}");

    let mut told = vec![from_server("Message recieved!")];
    told.extend(all_but(0).map(|line| from_server(&text(line))));
    assert_eq!(meeting.echo.all_until_now().await, told);

    let response = |(name, text): &Line| heard("my response", json!({"user_name": name, "message": text}));
    assert_eq!(meeting.session.all_until_now().await, lines.iter().map(response).collect::<Vec<_>>());

    let mut told: Vec<Heard> = lines.iter().map(|line| heard("chat message", json!(text(line)))).collect();
    told[2] = heard("chat message", json!("셋"));
    assert_eq!(meeting.chat.all_until_now().await, told);

    let chat = |(name, text): &Line| heard("chat", json!({"from": {"name": name, "userid": name}, "msg": text}));
    assert_eq!(meeting.rooms.all_until_now().await, all_but(3).map(chat).collect::<Vec<_>>());

    for line in all_but(4) {
        assert_eq!(meeting.text.next().await, text(line));
    }
    meeting.text.ping().await;

    let texts = json_events.drain(..).filter(|event| event["event"] == "room.changes");
    let texts: Vec<String> = texts
        .flat_map(|event| event["data"]["changes"].as_array().cloned().unwrap_or_default())
        .map(|message| message["body"]["text"].as_str().expect("a text").to_owned())
        .collect();
    assert_eq!(texts, lines.iter().map(|line| line.1.clone()).collect::<Vec<_>>());
    assert_eq!(meeting.json_lines().await, [], "and nothing again");
    assert_eq!(meeting.inside.all_until_now::<Changes>().await, []);
}

#[tokio::test]
async fn all_meet_over_web_sockets() {
    all_meet(Transport::WebSocket).await;
}

#[tokio::test]
async fn all_meet_over_polling() {
    all_meet(Transport::Polling).await;
}

#[tokio::test]
async fn until_it_speaks_a_client_hears_every_form_and_then_its_own() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let mut guest = Guest::connect(&server).await;
    minsu.post(minsu.lobby, 1, "여기요").await.expect("posted");
    let mut forms = guest.all_until_now().await;
    forms.sort_by(|one, other| one.0.cmp(&other.0));
    let every = [
        heard("chat", json!({"from": {"name": "민수", "userid": "민수"}, "msg": "여기요"})),
        heard("chat message", json!("민수: 여기요")),
        heard("message_from_server", json!({"text": "민수: 여기요"})),
        heard("my response", json!({"user_name": "민수", "message": "여기요"})),
    ];
    assert_eq!(forms, every);
    guest.say("chat message", json!("I speak Node")).await;
    assert_eq!(guest.all_until_now().await, [heard("chat message", json!("I speak Node"))]);
    minsu.post(minsu.lobby, 2, "저기요").await.expect("posted");
    // The first dialect stays, whatever comes later; and it hears no copy of its own.
    guest.say("my event", json!({"user_name": "둘", "message": "and Flask"})).await;
    minsu.post(minsu.lobby, 3, "네").await.expect("posted");
    let heard_since = guest.all_until_now().await;
    assert_eq!(heard_since, [heard("chat message", json!("민수: 저기요")), heard("chat message", json!("민수: 네"))]);
}

#[tokio::test]
async fn nothing_of_another_room_gets_outside() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let garden = minsu.create_room("garden").await.room.id;
    let (mut guest, mut text) = (Guest::connect(&server).await, Plain::text(&server).await);
    guest.say("chat message", json!("I speak Node")).await;
    text.next().await;
    let secret = minsu.post(garden, 1, "among members").await.expect("posted");
    minsu.post(minsu.lobby, 2, "to all").await.expect("posted");
    let history = minsu.history(garden, madang_common::id::Seq(99)).await.expect("granted");
    assert!(history.messages.contains(&secret), "members read it");
    let told = guest.all_until_now().await;
    assert_eq!(told, [heard("chat message", json!("I speak Node")), heard("chat message", json!("민수: to all"))]);
    assert_eq!(text.next().await, "민수: to all");
}

#[tokio::test]
async fn edits_and_notices_stay_inside() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let mut guest = Guest::connect(&server).await;
    guest.say("some event", json!({})).await;
    let message = minsu.post(minsu.lobby, 1, "first").await.expect("posted");
    minsu.post(minsu.lobby, 1, "first again").await.expect("answered as the first");
    minsu.edit(message.id, "second").await.expect("edited");
    minsu.delete(message.id).await.expect("deleted");
    server.join("지나").await;
    let told = guest.all_until_now().await;
    assert_eq!(told, [heard("some event", json!({})), heard("chat message", json!("민수: first"))]);
    assert_ne!(told[0], hi());
}

#[tokio::test]
async fn what_was_said_outside_is_there_for_who_comes_later() {
    let server = TestServer::start().await;
    let guest = Guest::connect(&server).await;
    guest.say("my event", json!({"user_name": "밖", "message": "before you came"})).await;
    let server = server.restart().await;
    let minsu = server.join("민수").await;
    let snapshot = minsu.open(minsu.lobby).await.expect("granted");
    let message = &snapshot.messages[0];
    assert_eq!(
        (message.author.name.as_str(), said(message), message.author.outside),
        ("밖", "before you came", true)
    );
    assert!(snapshot.members.iter().all(|member| member.user.id != message.author.id), "a guest is no member");
}
