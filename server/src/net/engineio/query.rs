//! The query in a connect packet of Socket.IO 1.x and 2.x, which is set apart from the namespace's name.

use super::frames::{Frames, Kind};

/// A packet `message` of Engine.IO that is a packet `connect` of Socket.IO to a namespace with a name.
const CONNECT: &[u8] = b"40/";

/// How far a packet has been read in search of the end of the namespace's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameEnd {
    /// So many bytes are those of [`CONNECT`].
    Before(usize),
    InName,
    /// It is found, or there is none.
    Passed,
}

impl NameEnd {
    /// At a packet's beginning.
    pub(crate) const START: Self = Self::Before(0);

    /// Passes the packet's next byte. Answers what is to stand in its place.
    fn pass(&mut self, byte: u8) -> u8 {
        match *self {
            Self::Before(count) if byte == CONNECT[count] => {
                *self = if count + 1 == CONNECT.len() { Self::InName } else { Self::Before(count + 1) };
            }
            Self::InName if byte == b'?' => {
                *self = Self::Passed;
                return b',';
            }
            Self::InName if byte != b',' => {}
            _ => *self = Self::Passed,
        }
        byte
    }

    /// Sets the query of a whole packet apart.
    pub(crate) fn mark(packet: &mut [u8]) {
        let mut end = Self::START;
        for byte in packet {
            *byte = end.pass(*byte);
            if end == Self::Passed {
                return;
            }
        }
    }
}

/// What comes in on a WebSocket.
#[derive(Debug)]
pub(super) struct Incoming {
    frames: Frames,
    end: NameEnd,
}

impl Default for Incoming {
    fn default() -> Self {
        Self { frames: Frames::default(), end: NameEnd::Passed }
    }
}

impl Incoming {
    /// Sets queries apart in bytes that have come.
    pub(super) fn pass(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            if self.frames.in_payload() && !self.is_searched() {
                at += self.frames.skip(bytes.len() - at);
                continue;
            }
            let byte = &mut bytes[at];
            match self.frames.step(*byte) {
                Some(place) => {
                    let mask = self.frames.mask(place);
                    *byte = self.end.pass(*byte ^ mask) ^ mask;
                }
                // A message begins, once the head of its first frame has come.
                None if self.frames.in_payload() => match self.frames.kind() {
                    Kind::Text => self.end = NameEnd::START,
                    Kind::Binary => self.end = NameEnd::Passed,
                    Kind::Continuation | Kind::Control => {}
                },
                None => {}
            }
            at += 1;
        }
    }

    /// Whether the current frame may hold the end of a name.
    fn is_searched(&self) -> bool {
        self.end != NameEnd::Passed && self.frames.kind() != Kind::Control
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(packet: &str) -> String {
        let mut bytes = packet.as_bytes().to_vec();
        NameEnd::mark(&mut bytes);
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn only_the_first_question_mark_of_a_connect_packets_name_is_a_comma() {
        for (packet, expected) in [
            // As 2.x and 1.x write it.
            ("40/chat?token=a,", "40/chat,token=a,"),
            ("40/chat?token=a", "40/chat,token=a"),
            ("40/?a=?&b=,", "40/,a=?&b=,"),
            ("40/마당?a=마당,", "40/마당,a=마당,"),
        ] {
            assert_eq!(marked(packet), expected);
        }
        for other in
            ["40", "40/chat,", "40/chat,{\"why\":\"?\"}", "42/chat?a,[\"b\"]", "41/chat?a,", "4", "2probe?", ""]
        {
            assert_eq!(marked(other), other);
        }
    }

    /// A frame as a client sends it.
    fn frame(head: u8, payload: &str, mask: [u8; 4]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).expect("short");
        let masked = payload.bytes().enumerate().map(|(place, byte)| byte ^ mask[place % 4]);
        [head, 0x80 | length].into_iter().chain(mask).chain(masked).collect()
    }

    #[test]
    fn frames_pass_however_they_are_cut() {
        let both = |one: &str, other: &str| -> Vec<u8> {
            [
                frame(0x81, "42[\"40/chat?\"]", [1, 2, 3, 4]),
                frame(0x81, one, [0xFF, 0x80, 0, 9]),
                frame(0x82, "40/chat?", [7; 4]),
                // In two frames, with a ping between them.
                frame(0x01, "40/ch", [5; 4]),
                frame(0x89, "40/?", [3; 4]),
                frame(0x80, other, [6, 0, 6, 0]),
            ]
            .concat()
        };
        let (sent, expected) = (both("40/chat?token=a,", "at?b"), both("40/chat,token=a,", "at,b"));
        for most in [1, 2, 3, 11, 1_000] {
            let mut incoming = Incoming::default();
            let mut bytes = sent.clone();
            bytes.chunks_mut(most).for_each(|chunk| incoming.pass(chunk));
            assert_eq!(bytes, expected, "{most}");
        }
    }
}
