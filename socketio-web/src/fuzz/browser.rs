//! A simulated browser that does what the engine says, with any kind of server behind it, and all that must hold of what the
//! engine says.

use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};

use super::{FRAMES, body, comes_back, frame};
use crate::{
    Transport,
    engine::{Action, Engine, Input},
    message::Decoder,
    packet::{PROBE, PROBE_ANSWER, SEPARATOR, UPGRADE},
};

/// What happens next, as far as a browser lets it.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// What a good server does next, and one of the things that it may say.
    Right(&'static str),
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

pub(super) fn step() -> BoxedStrategy<Step> {
    prop_oneof![
        16 => proptest::sample::select(&["6", "2", FRAMES[10], FRAMES[11]][..]).prop_map(Step::Right),
        2 => Just(Step::WsOpens),
        4 => frame().prop_map(Step::Frame),
        1 => vec(any::<u8>(), 0..20).prop_map(Step::Attachment),
        1 => Just(Step::WsCloses),
        4 => body().prop_map(Step::Polled),
        2 => Just(Step::Posted),
        1 => Just(Step::HttpFails),
        5 => Just(Step::Say),
        3 => Just(Step::Probe),
        3 => (0..40_000u32).prop_map(Step::Wait),
        1 => Just(Step::Deadline),
        1 => Just(Step::Close),
    ]
    .boxed()
}

/// What everything begins with that is said.
const SAID: &str = "2[\"said\",";

/// Whether a WebSocket is there.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ws {
    None,
    Opening,
    Open,
}

/// A browser around the engine, and all that must hold of what it is told.
pub(super) struct Browser {
    engine: Engine,
    decoder: Decoder,
    now: f64,
    ws: Ws,
    polling: bool,
    posting: bool,
    is_up: bool,
    pub(super) is_down: bool,
    /// The transport that messages go over.
    transport: Option<Transport>,
    upgrading: bool,
    /// The probe is not answered yet.
    probing: bool,
    said: usize,
    /// Which of what was said was sent.
    sent: Vec<usize>,
}

impl Browser {
    pub(super) fn new(transports: Vec<Transport>) -> Self {
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
            probing: false,
            said: 0,
            sent: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, step: Step) -> TestCaseResult {
        match step {
            Step::Right(says) => {
                let step = self.right(says);
                step.map_or(Ok(()), |step| self.take(step))
            }
            Step::WsOpens if self.ws == Ws::Opening => {
                self.ws = Ws::Open;
                self.input(Input::WsOpened)
            }
            Step::Frame(frame) if self.ws == Ws::Open => {
                self.probing = false;
                self.input(Input::WsText(frame))
            }
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

    fn right(&self, says: &str) -> Option<Step> {
        let first = if self.is_up { says } else { FRAMES[0] };
        match self.ws {
            Ws::Opening => Some(Step::WsOpens),
            Ws::Open if self.probing => Some(Step::Frame(PROBE_ANSWER.to_owned())),
            Ws::Open if !self.upgrading => Some(Step::Frame(first.to_owned())),
            _ if self.polling && !(self.posting && says == "2") => Some(Step::Polled(first.to_owned())),
            _ => self.posting.then_some(Step::Posted),
        }
    }

    pub(super) fn tick(&mut self) -> TestCaseResult {
        if !self.is_down {
            self.now = self.now.max(self.engine.deadline());
        }
        self.input(Input::Tick)
    }

    pub(super) fn input(&mut self, input: Input) -> TestCaseResult {
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
                    PROBE => self.probing = true,
                    UPGRADE => {}
                    _ => self.send([text])?,
                }
            }
            Action::CloseWs => (self.ws, self.probing) = (Ws::None, false),
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
            prop_assert!(self.posting || self.sent.len() == self.said, "nobody posts");
        }
        if self.transport == Some(Transport::WebSocket) {
            prop_assert_eq!(self.ws, Ws::Open);
            prop_assert_eq!(self.sent.len(), self.said, "something was left behind");
        }
        Ok(())
    }
}
