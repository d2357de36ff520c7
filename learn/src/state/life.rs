//! The lifecycle of a connection, derived from observed frames and events only.

use super::{
    meaning::Meaning,
    seen::{Carrier, Direction, Seen},
};

/// How far a connection has come. The same five steps for a socket of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The browser has made a socket, and asks the server for a connection.
    Create,
    /// The server has agreed: the HTTP upgrade, or the answer to the first poll.
    Handshake,
    /// Both sides may speak. With Socket.IO, the namespace has been joined.
    Open,
    /// They have spoken.
    Talk,
    /// It is over.
    Close,
}

impl Step {
    /// In the order of a life.
    pub const ALL: [Self; 5] = [Self::Create, Self::Handshake, Self::Open, Self::Talk, Self::Close];
}

/// Who ended a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// This page.
    Here,
    /// The server, and it said so.
    Server,
    /// Nobody said anything: the network, or a server that is gone.
    Lost,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Ahead,
    Now,
    Done,
}

/// Where the connection stands, and what went over it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    step: Option<Step>,
    carrier: Option<Carrier>,
    /// The transports that are connecting or open; two during an upgrade.
    carriers: Vec<Carrier>,
    end: Option<End>,
    /// Frames, upkeep included.
    pub sent: u32,
    pub received: u32,
    /// Lives so far, this one included.
    pub count: u32,
}

impl Life {
    /// Takes in what was seen.
    pub fn see(&mut self, seen: &Seen) {
        match seen {
            Seen::Connecting(carrier) => {
                if self.carriers.is_empty() {
                    *self = Self { step: Some(Step::Create), count: self.count + 1, ..Self::default() };
                    self.carrier = Some(*carrier);
                }
                self.carriers.push(*carrier);
            }
            Seen::Open(carrier) => {
                // A second transport's beginning is an upgrade, which changes nothing before it is done.
                if self.carriers.len() == 1 {
                    self.carrier = Some(*carrier);
                    self.reach(if *carrier == Carrier::Plain { Step::Open } else { Step::Handshake });
                }
            }
            Seen::Frame { direction, meaning, .. } => self.frame(*direction, meaning),
            Seen::Closed(carrier, code) => {
                self.carriers.retain(|open| open != carrier);
                match self.carriers.first() {
                    Some(left) => self.carrier = Some(*left),
                    None => self.close(*carrier, *code),
                }
            }
        }
    }

    /// The page is about to end the connection.
    pub fn leave(&mut self) {
        self.end = Some(End::Here);
    }

    fn frame(&mut self, direction: Direction, meaning: &Meaning) {
        match direction {
            Direction::In => self.received += 1,
            Direction::Out => self.sent += 1,
        }
        match (direction, meaning) {
            (Direction::In, Meaning::Joined { .. }) => {
                // Back in a namespace from which the server had sent it away: another life on the same transport.
                if self.step == Some(Step::Close) {
                    self.count += 1;
                }
                self.end = None;
                self.step = Some(Step::Open);
            }
            (Direction::In, Meaning::Left { .. } | Meaning::EngineClose | Meaning::Refused { .. }) => {
                self.end = Some(End::Server);
                self.step = Some(Step::Close);
            }
            (_, meaning) if meaning.is_data() && self.step == Some(Step::Open) => self.step = Some(Step::Talk),
            _ => {}
        }
    }

    fn close(&mut self, carrier: Carrier, code: Option<u16>) {
        self.step = Some(Step::Close);
        if self.end.is_none() {
            // 1006 is no code of the wire: it says that there was no close frame (RFC 6455, section 7.1.5).
            let said_so = carrier == Carrier::Plain && code.is_some_and(|code| code != 1006);
            self.end = Some(if said_so { End::Server } else { End::Lost });
        }
    }

    fn reach(&mut self, step: Step) {
        if self.step.is_some_and(|reached| reached < step) {
            self.step = Some(step);
        }
    }

    /// Where a step of the drawing stands.
    #[must_use]
    pub fn standing(&self, step: Step) -> Standing {
        match self.step {
            Some(now) if now == step => Standing::Now,
            Some(now) if now > step => Standing::Done,
            _ => Standing::Ahead,
        }
    }

    /// What carries the frames.
    #[must_use]
    pub fn carrier(&self) -> Option<Carrier> {
        self.carrier
    }

    /// Who ended it, once it has ended.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end.filter(|_| self.step == Some(Step::Close))
    }

    /// Whether both sides may speak.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.step, Some(Step::Open | Step::Talk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(seen: &[Seen]) -> Life {
        let mut life = Life::default();
        seen.iter().for_each(|seen| life.see(seen));
        life
    }

    fn got(raw: &str) -> Seen {
        Seen::frame(Direction::In, Carrier::WebSocket, raw)
    }

    fn sent(raw: &str) -> Seen {
        Seen::frame(Direction::Out, Carrier::WebSocket, raw)
    }

    const WS: Carrier = Carrier::WebSocket;

    fn joined() -> Vec<Seen> {
        vec![Seen::Connecting(WS), Seen::Open(WS), got("0{}"), sent("40"), got(r#"40{"sid":"x"}"#)]
    }

    #[test]
    fn the_steps_light_up_one_after_the_other() {
        let seen = [joined(), vec![sent(r#"42["a"]"#), Seen::Closed(WS, None)]].concat();
        let mut so_far = Life::default();
        let steps: Vec<Option<Step>> = seen
            .iter()
            .map(|seen| {
                so_far.see(seen);
                so_far.step
            })
            .collect();
        let expected =
            [Step::Create, Step::Handshake, Step::Handshake, Step::Handshake, Step::Open, Step::Talk, Step::Close];
        assert_eq!(steps, expected.map(Some));
        assert_eq!((so_far.sent, so_far.received), (2, 2));
    }

    #[test]
    fn a_step_is_ahead_then_now_then_done() {
        let life = life(&joined());
        assert_eq!(life.standing(Step::Create), Standing::Done);
        assert_eq!(life.standing(Step::Open), Standing::Now);
        assert_eq!(life.standing(Step::Talk), Standing::Ahead);
        assert!(life.is_open());
    }

    #[test]
    fn pings_are_no_talk() {
        let life = life(&[joined(), vec![got("2"), sent("3")]].concat());
        assert_eq!(life.standing(Step::Open), Standing::Now);
        assert_eq!((life.sent, life.received), (2, 3));
    }

    #[test]
    fn a_plain_websocket_is_open_with_its_handshake() {
        let plain = Carrier::Plain;
        let mut life = life(&[Seen::Connecting(plain), Seen::Open(plain)]);
        assert!(life.is_open());
        life.see(&Seen::frame(Direction::In, plain, "Hello"));
        assert_eq!(life.standing(Step::Talk), Standing::Now);
        life.see(&Seen::Closed(plain, Some(1000)));
        assert_eq!(life.end(), Some(End::Server));
    }

    #[test]
    fn an_upgrade_goes_on_with_the_same_life() {
        let polling = Carrier::Polling;
        let mut life = life(&[Seen::Connecting(polling), Seen::Open(polling), got(r#"40{"sid":"x"}"#)]);
        assert_eq!(life.carrier(), Some(polling));
        for seen in [Seen::Connecting(WS), Seen::Open(WS), sent("2probe"), got("3probe"), sent("5")] {
            life.see(&seen);
        }
        assert_eq!(life.carrier(), Some(polling));
        life.see(&Seen::Closed(polling, None));
        assert_eq!((life.carrier(), life.is_open(), life.count), (Some(WS), true, 1));
    }

    #[test]
    fn it_is_known_who_ended_it() {
        let lost = life(&[joined(), vec![Seen::Closed(WS, None)]].concat());
        assert_eq!(lost.end(), Some(End::Lost));
        let dismissed = life(&[joined(), vec![got("41")]].concat());
        assert_eq!(dismissed.end(), Some(End::Server));
        let mut left = life(&joined());
        left.leave();
        assert_eq!(left.end(), None);
        left.see(&Seen::Closed(WS, None));
        assert_eq!(left.end(), Some(End::Here));
    }

    #[test]
    fn a_reconnect_is_another_life() {
        let life = life(&[joined(), vec![got("41"), got(r#"40{"sid":"y"}"#)]].concat());
        assert_eq!((life.count, life.is_open(), life.end()), (2, true, None));
        let again = {
            let mut life = life.clone();
            [Seen::Closed(WS, None), Seen::Connecting(WS)].iter().for_each(|seen| life.see(seen));
            life
        };
        assert_eq!((again.count, again.sent, again.standing(Step::Create)), (3, 0, Standing::Now));
    }
}
