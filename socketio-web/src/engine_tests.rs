//! Tests of the engine, with servers that behave, fail, fall silent, and upgrade under load.

use proptest::prelude::*;

use super::*;

const HANDSHAKE: &str =
    r#"0{"sid":"s","upgrades":["websocket"],"pingInterval":100,"pingTimeout":50,"maxPayload":1000}"#;

fn engine(transports: &[Transport]) -> Engine {
    Engine::new(transports.to_vec(), 1000.0)
}

/// Hands `inputs` in, each at `now`, and returns what the last one led to.
fn after(engine: &mut Engine, now: f64, inputs: impl IntoIterator<Item = Input>) -> Vec<Action> {
    let mut out = Vec::new();
    for input in inputs {
        out.clear();
        engine.handle(input, now, &mut out);
    }
    out
}

fn text(text: &str) -> Input {
    Input::WsText(text.to_owned())
}

fn polled(body: &str) -> Input {
    Input::Polled(body.to_owned())
}

fn send_ws(text: &str) -> Action {
    Action::SendWs(text.to_owned())
}

fn poll() -> Action {
    Action::Poll { sid: Some("s".to_owned()) }
}

fn post(packets: &[&str]) -> Action {
    Action::Post { sid: "s".to_owned(), packets: packets.iter().map(|packet| (*packet).to_owned()).collect() }
}

fn on_websocket() -> Engine {
    let mut engine = engine(&[Transport::WebSocket, Transport::Polling]);
    let inputs = [Input::Start, Input::WsOpened, text(HANDSHAKE)];
    let up = after(&mut engine, 0.0, inputs);
    assert_eq!(up, [Action::Up { transport: Transport::WebSocket, upgradable: false, fell_back: false }]);
    engine
}

fn on_polling() -> Engine {
    let mut engine = engine(&[Transport::WebSocket, Transport::Polling]);
    let inputs = [Input::Start, Input::WsClosed, polled(HANDSHAKE)];
    let up = after(&mut engine, 0.0, inputs);
    assert_eq!(up, [Action::Up { transport: Transport::Polling, upgradable: true, fell_back: true }, poll()]);
    engine
}

#[test]
fn a_ping_is_answered_and_a_message_handed_on() {
    let mut engine = on_websocket();
    assert_eq!(after(&mut engine, 1.0, [text("2")]), [send_ws("3")]);
    let message = Action::Text("2[\"a\"]".to_owned());
    assert_eq!(after(&mut engine, 1.0, [text("42[\"a\"]")]), [message]);
}

#[test]
fn when_no_transport_works_the_server_is_unreachable() {
    let mut engine = engine(&[Transport::WebSocket, Transport::Polling]);
    let tried = after(&mut engine, 0.0, [Input::Start, Input::WsClosed]);
    assert_eq!(tried.last(), Some(&Action::Poll { sid: None }));
    let tried = after(&mut engine, 0.0, [Input::HttpFailed]);
    assert_eq!(tried.last(), Some(&Action::Down(Reason::Unreachable)));
}

#[test]
fn a_transport_that_does_not_answer_is_given_up() {
    let mut engine = engine(&[Transport::WebSocket, Transport::Polling]);
    after(&mut engine, 0.0, [Input::Start, Input::WsOpened]);
    assert_eq!(after(&mut engine, 999.0, [Input::Tick]), []);
    let tried = after(&mut engine, 1000.0, [Input::Tick]);
    assert_eq!(tried.last(), Some(&Action::Poll { sid: None }));
    let tried = after(&mut engine, 2000.0, [Input::Tick]);
    assert_eq!(tried.last(), Some(&Action::Down(Reason::Unreachable)));
}

#[test]
fn a_server_that_falls_silent_is_found_out() {
    let mut engine = on_websocket();
    after(&mut engine, 100.0, [text("2")]);
    assert_eq!(engine.deadline(), 250.0);
    assert_eq!(after(&mut engine, 249.0, [Input::Tick]), []);
    let over = after(&mut engine, 250.0, [Input::Tick]);
    assert_eq!(over.last(), Some(&Action::Down(Reason::Silent)));
}

#[test]
fn a_page_that_wakes_up_need_not_wait_for_the_deadline() {
    let engine = on_websocket();
    assert!(!engine.stale(150.0));
    assert!(engine.stale(151.0));
}

#[test]
fn what_is_malformed_is_skipped() {
    let mut engine = on_websocket();
    for frame in ["", "안", "9", "3probe", "0{", "b***"] {
        assert_eq!(after(&mut engine, 1.0, [text(frame)]), [], "{frame:?}");
    }
    assert_eq!(after(&mut engine, 1.0, [text("2")]), [send_ws("3")]);
}

#[test]
fn nothing_is_handed_on_after_the_server_has_closed() {
    let mut engine = on_polling();
    let actions = after(&mut engine, 1.0, [polled("4a\u{1e}1\u{1e}4b")]);
    assert_eq!(
        actions,
        [Action::Text("a".to_owned()), Action::CloseWs, Action::AbortHttp, Action::Down(Reason::ServerClosed)]
    );
    assert_eq!(after(&mut engine, 2.0, [Input::Posted, polled("4c")]), []);
}

#[test]
fn an_unknown_session_brings_the_link_down() {
    let mut engine = on_polling();
    let over = after(&mut engine, 1.0, [Input::HttpFailed]);
    assert_eq!(over.last(), Some(&Action::Down(Reason::Lost)));
}

#[test]
fn a_server_that_answers_polls_with_nothing_is_not_asked_for_ever() {
    let mut engine = on_polling();
    let over = after(&mut engine, 1.0, [polled("")]);
    assert_eq!(over.last(), Some(&Action::Down(Reason::Protocol)));
}

#[test]
fn one_post_is_in_flight_and_the_next_takes_what_fits() {
    let mut engine = on_polling();
    let send = |message: &str| Input::Send(message.to_owned());
    assert_eq!(after(&mut engine, 1.0, [send("4a")]), [post(&["4a"])]);
    let long = "4".repeat(600);
    let waiting = [send("4b"), send(&long), send(&long)];
    assert_eq!(after(&mut engine, 1.0, waiting), []);
    let next = after(&mut engine, 1.0, [Input::Posted]);
    assert_eq!(next, [post(&["4b", &long])]);
    let last = after(&mut engine, 1.0, [Input::Posted]);
    assert_eq!(last, [post(&[&long])]);
}

#[test]
fn an_upgrade_waits_for_what_is_in_flight() {
    let mut engine = on_polling();
    after(&mut engine, 1.0, [Input::Send("4a".to_owned())]);
    let probe = after(&mut engine, 1.0, [Input::Probe, Input::WsOpened]);
    assert_eq!(probe, [send_ws("2probe")]);
    let later = Input::Send("4b".to_owned());
    assert_eq!(after(&mut engine, 1.0, [text("3probe"), later]), []);
    assert_eq!(after(&mut engine, 1.0, [polled("6")]), []);
    assert_eq!(after(&mut engine, 1.0, [Input::Posted]), [send_ws("5"), Action::Upgraded, send_ws("4b")]);
}

#[test]
fn an_upgrade_that_fails_leaves_polling_as_it_was() {
    let mut engine = on_polling();
    after(&mut engine, 1.0, [Input::Probe]);
    // The server has answered the poll because it saw the WebSocket, which then breaks.
    assert_eq!(after(&mut engine, 1.0, [Input::WsOpened, polled("6")]), []);
    let failed = after(&mut engine, 1.0, [Input::WsClosed]);
    assert_eq!(failed, [Action::CloseWs, Action::UpgradeFailed, poll()]);
    let sent = after(&mut engine, 1.0, [Input::Send("4a".to_owned())]);
    assert_eq!(sent, [post(&["4a"])]);
}

#[test]
fn an_upgrade_that_hangs_is_given_up() {
    let mut engine = on_polling();
    after(&mut engine, 0.0, [Input::Probe, Input::WsOpened]);
    after(&mut engine, 990.0, [polled("2")]);
    let failed = after(&mut engine, 1000.0, [Input::Tick]);
    assert!(failed.contains(&Action::UpgradeFailed), "{failed:?}");
}

#[test]
fn a_polling_client_says_farewell_with_what_it_still_has() {
    let mut engine = on_polling();
    let waiting = [Input::Send("4a".to_owned()), Input::Send("4b".to_owned()), Input::Close];
    let farewell = Action::Farewell { sid: "s".to_owned(), packets: vec!["4b".to_owned(), "1".to_owned()] };
    assert_eq!(after(&mut engine, 1.0, waiting).first(), Some(&farewell));
}

/// A server as Node's, and the wires between the two: what is on its way stays there until the test moves it.
#[derive(Default)]
struct World {
    /// The server has seen the probe: from now on it ends each poll.
    probed: bool,
    /// It has changed over to WebSocket.
    upgraded: bool,
    /// It has a poll to answer.
    poll: bool,
    /// What it has yet to send.
    buffer: Vec<String>,
    received: Vec<String>,
    delivered: Vec<String>,
    post: Option<Vec<String>>,
    ws_out: Vec<String>,
    ws_in: Vec<String>,
    opening: bool,
    /// Answers to polls on their way.
    answer: Option<String>,
    done: bool,
}

impl World {
    fn input(&mut self, engine: &mut Engine, input: Input) {
        for action in after(engine, 1.0, [input]) {
            match action {
                Action::Poll { .. } => {
                    assert!(!self.poll && self.answer.is_none(), "two polls at once");
                    self.poll = true;
                }
                Action::Post { packets, .. } => {
                    assert!(self.post.replace(packets).is_none(), "two posts at once");
                }
                Action::OpenWs { .. } => self.opening = true,
                Action::SendWs(text) => self.ws_out.push(text),
                Action::Text(text) => self.delivered.push(text),
                Action::Upgraded => self.done = true,
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// One thing of many happens; whether anything could.
    fn step(&mut self, engine: &mut Engine, which: usize) -> bool {
        match which {
            0 if self.opening => {
                self.opening = false;
                self.input(engine, Input::WsOpened);
            }
            1 if self.post.is_some() => {
                self.received.extend(self.post.take().into_iter().flatten());
                self.input(engine, Input::Posted);
            }
            2 if !self.ws_out.is_empty() => match self.ws_out.remove(0).as_str() {
                "2probe" => {
                    self.probed = true;
                    self.ws_in.push("3probe".to_owned());
                }
                "5" => {
                    self.upgraded = true;
                    self.ws_in.append(&mut self.buffer);
                }
                message => self.received.push(message.to_owned()),
            },
            3 if !self.ws_in.is_empty() => {
                let text = self.ws_in.remove(0);
                self.input(engine, Input::WsText(text));
            }
            4 if self.poll && !self.upgraded && (self.probed || !self.buffer.is_empty()) => {
                self.poll = false;
                if self.buffer.is_empty() {
                    self.buffer.push("6".to_owned());
                }
                self.answer = Some(self.buffer.join("\u{1e}"));
                self.buffer.clear();
            }
            5 if self.answer.is_some() => {
                let body = self.answer.take().unwrap_or_default();
                self.input(engine, Input::Polled(body));
            }
            _ => return false,
        }
        true
    }

    fn server_sends(&mut self, message: String) {
        match self.upgraded {
            true => self.ws_in.push(message),
            false => self.buffer.push(message),
        }
    }
}

proptest! {
    #[test]
    fn an_upgrade_under_traffic_loses_and_reorders_nothing(
        steps in prop::collection::vec(0..10usize, 1..300)
    ) {
        let mut engine = on_polling();
        let mut world = World { poll: true, ..World::default() };
        let (mut sent, mut emitted) = (0, 0);
        for (at, which) in steps.iter().enumerate() {
            if at == steps.len() / 3 {
                world.input(&mut engine, Input::Probe);
            }
            match which {
                0..6 => { world.step(&mut engine, *which); }
                6 | 7 => { world.server_sends(format!("4{sent}")); sent += 1; }
                _ => { world.input(&mut engine, Input::Send(format!("4{emitted}"))); emitted += 1; }
            }
        }
        while (0..6).any(|which| world.step(&mut engine, which)) {}
        prop_assert!(world.done);
        let delivered: Vec<String> = (0..sent).map(|n: i32| n.to_string()).collect();
        prop_assert_eq!(world.delivered, delivered);
        let received: Vec<String> = (0..emitted).map(|n: i32| format!("4{n}")).collect();
        prop_assert_eq!(world.received, received);
    }

    #[test]
    fn no_server_makes_it_panic(
        inputs in prop::collection::vec((0..9usize, "([0-6b]\\PC{0,5}\u{1e}?){0,3}"), 0..40)
    ) {
        let mut engine = on_polling();
        for (which, body) in inputs {
            let input = match which {
                0 => Input::WsOpened,
                1 => Input::WsText(body),
                2 => Input::WsBinary(body.into_bytes()),
                3 => Input::WsClosed,
                4 => Input::Polled(body),
                5 => Input::Posted,
                6 => Input::HttpFailed,
                7 => Input::Probe,
                _ => Input::WsText(PROBE_ANSWER.to_owned()),
            };
            after(&mut engine, 1.0, [input]);
        }
    }
}
