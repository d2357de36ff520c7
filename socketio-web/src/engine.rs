//! The engine: one Engine.IO connection as a state machine, with transports, heartbeat and upgrade.
//!
//! It touches neither network nor clock. [`Engine::handle`] takes what happened and says what is to be done;
//! [`session`](crate::session) does it in a browser, and the tests beside it do it in a loop.

use crate::{
    Reason, Transport,
    packet::{CLOSE, Handshake, Malformed, PROBE, PROBE_ANSWER, Packet, SEPARATOR, UPGRADE},
};

/// A ping may come this much late, in milliseconds, before a page that wakes up takes the link for dead.
const WAKE_GRACE_MS: f64 = 2000.0;

/// Something happened.
#[derive(Debug)]
pub(crate) enum Input {
    /// Begin.
    Start,
    WsOpened,
    WsText(String),
    WsBinary(Vec<u8>),
    WsClosed,
    /// The server has answered a poll, with this body.
    Polled(String),
    /// The server has taken the last POST.
    Posted,
    /// A GET or POST failed, or was answered with an error.
    HttpFailed,
    /// Send this message.
    Send(String),
    /// Try to upgrade.
    Probe,
    /// Say farewell.
    Close,
    /// A deadline may have passed.
    Tick,
}

/// Something is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Action {
    OpenWs {
        sid: Option<String>,
    },
    SendWs(String),
    CloseWs,
    /// Send a GET; without `sid` it asks for a new connection.
    Poll {
        sid: Option<String>,
    },
    Post {
        sid: String,
        packets: Vec<String>,
    },
    /// Send these even if the page is just being left; no one waits for the answer.
    Farewell {
        sid: String,
        packets: Vec<String>,
    },
    AbortHttp,
    /// The connection stands.
    Up {
        transport: Transport,
        upgradable: bool,
        /// An earlier transport in the list had failed.
        fell_back: bool,
    },
    /// WebSocket has taken over from polling.
    Upgraded,
    UpgradeFailed,
    Text(String),
    Binary(Vec<u8>),
    /// It is over; nothing comes after this.
    Down(Reason),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Connecting(Transport),
    Open(Transport),
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Upgrade {
    None,
    /// The WebSocket is being opened.
    Opening,
    /// It has been asked whether it works.
    Probing,
    /// It works. What polling has in flight must come home before WebSocket takes over: nothing may overtake it.
    Draining,
}

pub(crate) struct Engine {
    transports: Vec<Transport>,
    /// How many of them have failed.
    failed: usize,
    connect_timeout_ms: f64,
    phase: Phase,
    upgrade: Upgrade,
    handshake: Option<Handshake>,
    /// Messages that wait for the POST in flight.
    waiting: Vec<String>,
    polling: bool,
    posting: bool,
    /// When the transport must be connected; later, when the server must have been heard of.
    deadline: f64,
    upgrade_deadline: f64,
    last_seen: f64,
}

impl Engine {
    pub(crate) fn new(transports: Vec<Transport>, connect_timeout_ms: f64) -> Self {
        Self {
            transports,
            failed: 0,
            connect_timeout_ms,
            phase: Phase::Down,
            upgrade: Upgrade::None,
            handshake: None,
            waiting: Vec::new(),
            polling: false,
            posting: false,
            deadline: f64::INFINITY,
            upgrade_deadline: f64::INFINITY,
            last_seen: 0.0,
        }
    }

    /// When to send the next [`Input::Tick`]; infinite when nothing is waited for.
    pub(crate) fn deadline(&self) -> f64 {
        self.deadline.min(self.upgrade_deadline)
    }

    /// Whether the server's heartbeat is overdue: to be asked by a page that has been asleep, and cannot wait
    /// for the deadline.
    pub(crate) fn stale(&self, now: f64) -> bool {
        match (&self.handshake, self.phase) {
            (Some(handshake), Phase::Open(_)) => {
                let grace = handshake.ping_timeout_ms.min(WAKE_GRACE_MS);
                now > self.last_seen + handshake.ping_interval_ms + grace
            }
            _ => false,
        }
    }

    /// Takes `input` and appends what follows from it to `out`. `now` is in milliseconds.
    pub(crate) fn handle(&mut self, input: Input, now: f64, out: &mut Vec<Action>) {
        use Transport::{Polling, WebSocket};
        match (input, self.phase) {
            (Input::Start, Phase::Down) => self.connect(now, out),
            (_, Phase::Down) => {}
            (Input::WsText(text), Phase::Connecting(WebSocket)) => match Packet::decode(&text) {
                Ok(Packet::Open(handshake)) => self.opened(WebSocket, handshake, now, out),
                _ => self.transport_failed(now, out),
            },
            (Input::WsText(text), Phase::Open(WebSocket)) => {
                self.seen(now);
                // What is malformed is skipped: the messages around it are still good.
                self.packet(Packet::decode(&text), out);
            }
            (Input::WsBinary(bytes), Phase::Open(WebSocket)) => {
                self.seen(now);
                out.push(Action::Binary(bytes));
            }
            (Input::WsOpened, Phase::Open(Polling)) if self.upgrade == Upgrade::Opening => {
                self.upgrade = Upgrade::Probing;
                out.push(Action::SendWs(PROBE.to_owned()));
            }
            (Input::WsText(text), Phase::Open(Polling))
                if self.upgrade == Upgrade::Probing && text == PROBE_ANSWER =>
            {
                self.upgrade = Upgrade::Draining;
                self.upgrade_if_drained(now, out);
            }
            (Input::WsText(_) | Input::WsBinary(_) | Input::WsClosed, Phase::Open(Polling))
                if self.upgrade != Upgrade::None =>
            {
                self.upgrade_failed(out);
            }
            (Input::WsClosed, Phase::Connecting(WebSocket)) => self.transport_failed(now, out),
            (Input::WsClosed, Phase::Open(WebSocket)) => self.down(Reason::Lost, out),
            (Input::Polled(body), Phase::Connecting(Polling)) => {
                self.polling = false;
                let (first, rest) = body.split_once(SEPARATOR).unwrap_or((&body, ""));
                match Packet::decode(first) {
                    Ok(Packet::Open(handshake)) => {
                        self.opened(Polling, handshake, now, out);
                        self.polled(rest, now, out);
                    }
                    _ => self.transport_failed(now, out),
                }
            }
            (Input::Polled(body), Phase::Open(Polling)) => {
                self.polling = false;
                if body.is_empty() {
                    // A server that answers with nothing would be asked again in an endless loop.
                    self.down(Reason::Protocol, out);
                } else {
                    self.polled(&body, now, out);
                }
            }
            (Input::Posted, Phase::Open(Polling)) => {
                self.posting = false;
                self.upgrade_if_drained(now, out);
                self.flush(out);
            }
            (Input::HttpFailed, Phase::Connecting(Polling)) => self.transport_failed(now, out),
            (Input::HttpFailed, Phase::Open(Polling)) => self.down(Reason::Lost, out),
            (Input::Send(message), Phase::Open(_)) => self.send(message, out),
            (Input::Probe, Phase::Open(Polling)) if self.upgrade == Upgrade::None => {
                self.upgrade = Upgrade::Opening;
                self.upgrade_deadline = now + self.connect_timeout_ms;
                let sid = self.sid();
                out.push(Action::OpenWs { sid: Some(sid) });
            }
            (Input::Close, phase) => {
                if phase == Phase::Open(Polling) {
                    self.waiting.push(CLOSE.to_owned());
                    let (sid, packets) = (self.sid(), std::mem::take(&mut self.waiting));
                    out.push(Action::Farewell { sid, packets });
                }
                self.down(Reason::Lost, out);
            }
            (Input::Tick, phase) => self.tick(phase, now, out),
            // What comes too late, or out of turn, has no meaning any more.
            _ => {}
        }
    }

    fn connect(&mut self, now: f64, out: &mut Vec<Action>) {
        let Some(transport) = self.transports.get(self.failed) else {
            return self.down(Reason::Unreachable, out);
        };
        self.phase = Phase::Connecting(*transport);
        self.deadline = now + self.connect_timeout_ms;
        match transport {
            Transport::WebSocket => out.push(Action::OpenWs { sid: None }),
            Transport::Polling => {
                self.polling = true;
                out.push(Action::Poll { sid: None });
            }
        }
    }

    fn transport_failed(&mut self, now: f64, out: &mut Vec<Action>) {
        out.push(Action::CloseWs);
        out.push(Action::AbortHttp);
        self.failed += 1;
        self.connect(now, out);
    }

    fn opened(&mut self, transport: Transport, handshake: Handshake, now: f64, out: &mut Vec<Action>) {
        let upgradable =
            transport == Transport::Polling && handshake.websocket && self.transports.contains(&Transport::WebSocket);
        self.phase = Phase::Open(transport);
        self.handshake = Some(handshake);
        self.seen(now);
        out.push(Action::Up { transport, upgradable, fell_back: self.failed > 0 });
    }

    /// The server lives: any packet shows it, not only a ping.
    fn seen(&mut self, now: f64) {
        if let Some(handshake) = &self.handshake {
            self.last_seen = now;
            self.deadline = now + handshake.ping_interval_ms + handshake.ping_timeout_ms;
        }
    }

    fn packet(&mut self, packet: Result<Packet, Malformed>, out: &mut Vec<Action>) {
        match packet {
            Ok(Packet::Ping(data)) => self.send(["3", &data].concat(), out),
            Ok(Packet::Message(text)) => out.push(Action::Text(text)),
            Ok(Packet::Binary(bytes)) => out.push(Action::Binary(bytes)),
            Ok(Packet::Close) => self.down(Reason::ServerClosed, out),
            Ok(Packet::Open(_) | Packet::Noop) | Err(Malformed) => {}
        }
    }

    fn polled(&mut self, body: &str, now: f64, out: &mut Vec<Action>) {
        self.seen(now);
        let mut noop = false;
        for text in body.split(SEPARATOR) {
            let packet = Packet::decode(text);
            noop |= packet == Ok(Packet::Noop);
            self.packet(packet, out);
            if self.phase == Phase::Down {
                return;
            }
        }
        match (self.phase, self.upgrade) {
            (Phase::Open(Transport::Polling), Upgrade::Draining) => {
                self.upgrade_if_drained(now, out);
            }
            // The server ends polls with a noop because it has seen the WebSocket: the upgrade is under way.
            (Phase::Open(Transport::Polling), Upgrade::Opening | Upgrade::Probing) if noop => {}
            (Phase::Open(Transport::Polling), _) => self.poll(out),
            _ => {}
        }
    }

    fn poll(&mut self, out: &mut Vec<Action>) {
        self.polling = true;
        let sid = self.sid();
        out.push(Action::Poll { sid: Some(sid) });
    }

    fn send(&mut self, message: String, out: &mut Vec<Action>) {
        if self.phase == Phase::Open(Transport::WebSocket) {
            out.push(Action::SendWs(message));
        } else {
            self.waiting.push(message);
            self.flush(out);
        }
    }

    /// Posts what waits, as much as the server takes at once. One POST at a time: two could overtake each other.
    fn flush(&mut self, out: &mut Vec<Action>) {
        let ready = self.phase == Phase::Open(Transport::Polling) && !self.posting;
        if !ready || self.waiting.is_empty() || self.upgrade == Upgrade::Draining {
            return;
        }
        let max = self.handshake.as_ref().map_or(0, |h| h.max_payload);
        let mut bytes = 0;
        let fitting = self.waiting.iter().take_while(|packet| {
            bytes += packet.len() + SEPARATOR.len_utf8();
            bytes <= max
        });
        // One that is too long by itself is still sent: it is the server's to refuse it.
        let count = fitting.count().max(1);
        let packets = self.waiting.drain(..count).collect();
        self.posting = true;
        let sid = self.sid();
        out.push(Action::Post { sid, packets });
    }

    fn upgrade_if_drained(&mut self, now: f64, out: &mut Vec<Action>) {
        if self.upgrade != Upgrade::Draining || self.polling || self.posting {
            return;
        }
        self.upgrade = Upgrade::None;
        self.upgrade_deadline = f64::INFINITY;
        self.phase = Phase::Open(Transport::WebSocket);
        self.seen(now);
        out.push(Action::SendWs(UPGRADE.to_owned()));
        out.push(Action::Upgraded);
        out.extend(self.waiting.drain(..).map(Action::SendWs));
    }

    fn upgrade_failed(&mut self, out: &mut Vec<Action>) {
        self.upgrade = Upgrade::None;
        self.upgrade_deadline = f64::INFINITY;
        out.push(Action::CloseWs);
        out.push(Action::UpgradeFailed);
        if !self.polling {
            self.poll(out);
        }
        self.flush(out);
    }

    fn tick(&mut self, phase: Phase, now: f64, out: &mut Vec<Action>) {
        if now >= self.deadline {
            match phase {
                Phase::Connecting(_) => self.transport_failed(now, out),
                _ => self.down(Reason::Silent, out),
            }
        } else if now >= self.upgrade_deadline {
            self.upgrade_failed(out);
        }
    }

    fn down(&mut self, reason: Reason, out: &mut Vec<Action>) {
        self.phase = Phase::Down;
        self.deadline = f64::INFINITY;
        self.upgrade_deadline = f64::INFINITY;
        out.push(Action::CloseWs);
        out.push(Action::AbortHttp);
        out.push(Action::Down(reason));
    }

    fn sid(&self) -> String {
        self.handshake.as_ref().map_or_else(String::new, |handshake| handshake.sid.clone())
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
