//! Whatever a server sends: frames and polling bodies that are nearly right, in whole sequences, through the engine and
//! the decoder behind it, with a browser that does what it is told.

use madang_fuzz::{check, json::nodes, mutated};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};
use serde_json::Value;

use crate::{
    Transport,
    engine::{Action, Engine, Input},
    message::{self, Data, Decoder, Incoming},
    packet::{PROBE, PROBE_ANSWER, Packet, SEPARATOR, UPGRADE},
};

/// What servers send, in the two spellings of Node and Rust.
const FRAMES: [&str; 22] = [
    r#"0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":65536}"#,
    r#"0{"sid":"s","upgrades":[],"pingInterval":0.5,"pingTimeout":1e300}"#,
    "1",
    "2",
    "2probe",
    "3probe",
    "6",
    r#"40{"sid":"oSO0OpakMV_3jnilAAAA"}"#,
    r#"40/chat,{"sid":"oSO0OpakMV_3jnilAAAA","pid":"YHcX2sdAF1z452-HAAAW"}"#,
    "41/chat,",
    r#"42["hello",1,{"a":[true,null]}]"#,
    r#"42/chat,12["이름 \"x\"",{"text":"안녕 é 😀 😀"}]"#,
    r#"43/chat,7[{"ok":{"id":103,"rev":19}}]"#,
    "43/chat,0[]",
    r#"44/chat,{"message":"{\"code\":\"not_signed_in\",\"message\":\"Please join again.\"}"}"#,
    "44/chat,",
    r#"452-/chat,3["picture",{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}]"#,
    r#"461-/chat,7[{"_placeholder":true,"num":0}]"#,
    r#"451-["same",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#,
    "bAQIDBA==",
    "b",
    "",
];

fn frame() -> BoxedStrategy<String> {
    mutated::text(&FRAMES)
}

fn body() -> BoxedStrategy<String> {
    let separated = vec(frame(), 0..5).prop_map(|frames| frames.join(&SEPARATOR.to_string()));
    prop_oneof![3 => separated, 1 => frame()].boxed()
}

/// What happens next, as far as a browser lets it.
#[derive(Clone, Debug)]
enum Step {
    /// The WebSocket opens, if it is opening.
    WsOpens,
    /// A frame, if the WebSocket is open.
    Frame(String),
    Attachment(Vec<u8>),
    WsCloses,
    /// A poll is answered, if one is under way.
    Polled(String),
    Posted,
    HttpFails,
    Say,
    Probe,
    /// So much time passes, in milliseconds.
    Wait(u32),
    /// Time passes up to the deadline.
    Deadline,
    Close,
}

fn step() -> BoxedStrategy<Step> {
    let right = proptest::sample::select(&[FRAMES[0], PROBE_ANSWER, "6", "2"][..]);
    prop_oneof![
        4 => Just(Step::WsOpens),
        8 => frame().prop_map(Step::Frame),
        6 => right.clone().prop_map(|frame| Step::Frame(frame.to_owned())),
        3 => vec(any::<u8>(), 0..20).prop_map(Step::Attachment),
        1 => Just(Step::WsCloses),
        8 => body().prop_map(Step::Polled),
        6 => right.prop_map(|frame| Step::Polled(frame.to_owned())),
        4 => Just(Step::Posted),
        1 => Just(Step::HttpFails),
        5 => Just(Step::Say),
        3 => Just(Step::Probe),
        3 => (0..40_000u32).prop_map(Step::Wait),
        1 => Just(Step::Deadline),
        1 => Just(Step::Close),
    ]
    .boxed()
}

/// Whether a WebSocket is there.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ws {
    None,
    Opening,
    Open,
}

/// A browser around the engine, and all that must hold of what it is told.
struct Browser {
    engine: Engine,
    decoder: Decoder,
    now: f64,
    ws: Ws,
    polling: bool,
    posting: bool,
    is_up: bool,
    is_down: bool,
    /// The transport that messages go over.
    transport: Option<Transport>,
    upgrading: bool,
    said: usize,
    /// Which of what was said was sent.
    sent: Vec<usize>,
}

impl Browser {
    fn new(transports: Vec<Transport>) -> Self {
        Self {
            engine: Engine::new(transports, 10_000.0),
            decoder: Decoder::default(),
            now: 1_000.0,
            ws: Ws::None,
            polling: false,
            posting: false,
            is_up: false,
            is_down: false,
            transport: None,
            upgrading: false,
            said: 0,
            sent: Vec::new(),
        }
    }

    fn take(&mut self, step: Step) -> TestCaseResult {
        match step {
            Step::WsOpens if self.ws == Ws::Opening => {
                self.ws = Ws::Open;
                self.input(Input::WsOpened)
            }
            Step::Frame(frame) if self.ws == Ws::Open => self.input(Input::WsText(frame)),
            Step::Attachment(bytes) if self.ws == Ws::Open => self.input(Input::WsBinary(bytes)),
            Step::WsCloses if self.ws != Ws::None => {
                self.ws = Ws::None;
                self.input(Input::WsClosed)
            }
            Step::Polled(body) if self.polling => {
                self.polling = false;
                self.input(Input::Polled(body))
            }
            Step::Posted if self.posting => {
                self.posting = false;
                self.input(Input::Posted)
            }
            Step::HttpFails if self.polling || self.posting => {
                (self.polling, self.posting) = (false, false);
                self.input(Input::HttpFailed)
            }
            Step::Say => {
                let message = format!("4{SAID}{}", self.said);
                self.said += usize::from(self.is_up && !self.is_down);
                self.input(Input::Send(message))
            }
            Step::Probe => self.input(Input::Probe),
            Step::Wait(ms) => {
                self.now += f64::from(ms);
                self.input(Input::Tick)
            }
            Step::Deadline => self.tick(),
            Step::Close => self.input(Input::Close),
            _ => Ok(()),
        }
    }

    fn tick(&mut self) -> TestCaseResult {
        if !self.is_down {
            self.now = self.now.max(self.engine.deadline());
        }
        self.input(Input::Tick)
    }

    fn input(&mut self, input: Input) -> TestCaseResult {
        let packets = match &input {
            Input::Polled(body) => body.split(SEPARATOR).count(),
            _ => 1,
        };
        let mut actions = Vec::new();
        let waiting = self.said - self.sent.len();
        self.engine.handle(input, self.now, &mut actions);
        // Each packet leads to one thing, an upgrade sends what waits, and every change of transport has a few more.
        prop_assert!(actions.len() <= packets + waiting + self.pongs(&actions) + 8, "{} actions", actions.len());
        for action in actions {
            self.perform(action)?;
        }
        self.is_consistent()
    }

    fn pongs(&self, actions: &[Action]) -> usize {
        actions.iter().filter(|action| matches!(action, Action::SendWs(text) if text.starts_with('3'))).count()
    }

    fn perform(&mut self, action: Action) -> TestCaseResult {
        prop_assert!(!self.is_down, "{:?} after the end", action);
        match action {
            Action::OpenWs { sid } => {
                prop_assert_eq!(self.ws, Ws::None);
                prop_assert_eq!(sid.is_some(), self.is_up);
                self.ws = Ws::Opening;
                self.upgrading = self.is_up;
            }
            Action::SendWs(text) => {
                prop_assert_eq!(self.ws, Ws::Open, "{}", text);
                match text.as_str() {
                    UPGRADE | PROBE => {}
                    _ => self.send([text])?,
                }
            }
            Action::CloseWs => self.ws = Ws::None,
            Action::Poll { sid } => {
                prop_assert!(!self.polling, "two polls");
                prop_assert_eq!(sid.as_ref().map(|sid| !sid.is_empty()), self.is_up.then_some(true));
                self.polling = true;
            }
            Action::Post { sid, packets } => {
                prop_assert!(!self.posting && self.is_up && !sid.is_empty() && !packets.is_empty());
                self.posting = true;
                self.send(packets)?;
            }
            Action::Farewell { packets, .. } => {
                prop_assert!(self.is_up);
                self.send(packets)?;
            }
            Action::AbortHttp => (self.polling, self.posting) = (false, false),
            Action::Up { transport, .. } => {
                prop_assert!(!self.is_up);
                self.is_up = true;
                self.transport = Some(transport);
            }
            Action::Upgraded => {
                prop_assert!(self.upgrading && !self.polling && !self.posting);
                self.upgrading = false;
                self.transport = Some(Transport::WebSocket);
            }
            Action::UpgradeFailed => {
                prop_assert!(self.upgrading);
                self.upgrading = false;
            }
            Action::Text(text) => {
                prop_assert!(self.is_up);
                let read = self.decoder.text(text);
                read.ok().flatten().map_or(Ok(()), |incoming| comes_back(&incoming))?;
            }
            Action::Binary(bytes) => {
                prop_assert!(self.is_up);
                let read = self.decoder.binary(bytes);
                read.ok().flatten().map_or(Ok(()), |incoming| comes_back(&incoming))?;
            }
            Action::Down(_) => self.is_down = true,
        }
        Ok(())
    }

    /// What was said goes out once, in order.
    fn send(&mut self, packets: impl IntoIterator<Item = String>) -> TestCaseResult {
        for packet in packets {
            if let Some(number) = packet.strip_prefix('4').and_then(|packet| packet.strip_prefix(SAID)) {
                prop_assert_eq!(number.parse(), Ok(self.sent.len()));
                self.sent.push(self.sent.len());
            }
        }
        Ok(())
    }

    /// While it is not over, something is waited for: an answer, or at the latest the deadline.
    fn is_consistent(&self) -> TestCaseResult {
        let deadline = self.engine.deadline();
        if self.is_down {
            prop_assert!(deadline.is_infinite() && self.ws == Ws::None && !self.polling && !self.posting);
            return Ok(());
        }
        prop_assert!(deadline.is_finite(), "it waits for nothing");
        if self.transport == Some(Transport::Polling) && !self.upgrading {
            prop_assert!(self.polling, "nobody polls");
        }
        if self.transport == Some(Transport::WebSocket) {
            prop_assert_eq!(self.ws, Ws::Open);
        }
        Ok(())
    }
}

/// What everything begins with that is said.
const SAID: &str = "2[\"said\",";

/// Whether a number is in it that is not whole. serde_json may read the last digit of one as its neighbour.
fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(members) => members.values().any(has_fraction),
        _ => false,
    }
}

/// What was read is written so that it is read as the same.
fn comes_back(incoming: &Incoming) -> TestCaseResult {
    let Incoming { namespace, data } = incoming;
    if let Data::Event { args, .. } | Data::Ack { args, .. } = data
        && args.iter().any(has_fraction)
    {
        return Ok(());
    }
    let written = match data {
        Data::Event { name, args, ack } if args.len() == 1 => message::event(namespace, name, &args[0], *ack),
        Data::Ack { id, args } if args.len() == 1 => message::ack(namespace, *id, &args[0]),
        _ => return Ok(()),
    };
    let written = written.map_err(|error| TestCaseError::fail(error.to_string()))?;
    let text = written.strip_prefix('4').unwrap_or_default().to_owned();
    let again = Decoder::default().text(text);
    prop_assert_eq!(again.as_ref(), Ok(&Some(incoming.clone())), "{}", written);
    Ok(())
}

#[test]
fn engine() {
    use Transport::{Polling, WebSocket};
    let orders = vec![vec![WebSocket, Polling], vec![Polling, WebSocket], vec![Polling], vec![WebSocket], vec![]];
    let inputs = (proptest::sample::select(orders), vec(step(), 0..60));
    check("engine", 256, &inputs, |(transports, steps)| {
        let patience = transports.len() + 3;
        let mut browser = Browser::new(transports);
        browser.input(Input::Start)?;
        for step in steps {
            browser.take(step)?;
        }
        // A server that falls silent is given up, whatever was before.
        for _ in 0..patience {
            browser.tick()?;
        }
        prop_assert!(browser.is_down, "it waits for ever");
        Ok(())
    });
}

/// A packet, or an attachment.
#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Binary(Vec<u8>),
}

#[test]
fn packets() {
    let messages: Vec<&str> = FRAMES.iter().filter_map(|frame| frame.strip_prefix('4')).collect();
    let piece = prop_oneof![
        3 => mutated::text(&messages).prop_map(Piece::Text),
        2 => vec(any::<u8>(), 0..400).prop_map(Piece::Binary),
    ];
    let inputs = (vec(piece, 1..6), frame());
    check("packets", 1_024, &inputs, |(pieces, frame)| {
        let mut decoder = Decoder::default();
        let mut size = 0;
        for piece in pieces {
            let read = match piece {
                Piece::Text(text) => {
                    size = text.len();
                    decoder.text(text)
                }
                Piece::Binary(bytes) => {
                    size += bytes.len();
                    decoder.binary(bytes)
                }
            };
            if let Ok(Some(incoming)) = read {
                comes_back(&incoming)?;
                if let Data::Event { args, .. } | Data::Ack { args, .. } = &incoming.data {
                    let values: usize = args.iter().map(nodes).sum();
                    prop_assert!(values <= size, "{} values of {} bytes", values, size);
                }
            }
        }
        if let Ok(Packet::Binary(bytes)) = Packet::decode(&frame) {
            prop_assert!(bytes.len() <= frame.len());
        }
        if let Ok(Packet::Open(handshake)) = Packet::decode(&frame) {
            let times = [handshake.ping_interval_ms, handshake.ping_timeout_ms];
            prop_assert!(times.iter().all(|ms| *ms > 0.0 && *ms < f64::from(i32::MAX)) && !handshake.sid.is_empty());
        }
        Ok(())
    });
}
