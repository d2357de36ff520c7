//! The packet `close`, which is hidden from clients: see the module above.

use super::frames::{Frames, Kind};

/// The packet that ends a session.
pub(crate) const CLOSE: &str = "1";
/// The packet that says nothing.
pub(crate) const NOOP: &str = "6";
/// What is between two packets in an answer to a poll by Engine.IO 4.
const SEPARATOR: char = '\u{1e}';

/// The answer to a poll by Engine.IO 4 without a packet `close`, which is the last one if there is one; none when there
/// is none.
pub(crate) fn without_close(payload: &str) -> Option<String> {
    let rest = payload.strip_suffix(CLOSE)?;
    (rest.is_empty() || rest.ends_with(SEPARATOR)).then(|| format!("{rest}{NOOP}"))
}

/// What a server answers to a request for a WebSocket begins like this.
const SWITCHING: &[u8] = b"HTTP/1.1 101";
const HEAD_END: &[u8] = b"\r\n\r\n";

/// What goes out on a WebSocket: the head of the answer by which it begins, then frames.
#[derive(Clone, Debug)]
pub(super) enum Outgoing {
    /// So many bytes of what is waited for have come: the beginning of the answer, then the end of its head.
    Head {
        begun: bool,
        matched: usize,
    },
    Frames(Frames),
}

impl Default for Outgoing {
    fn default() -> Self {
        Self::Head { begun: false, matched: 0 }
    }
}

impl Outgoing {
    /// What is to be written first of these bytes, or instead of the first of them; never nothing, unless they are.
    pub(super) fn first<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let mut ahead = self.clone();
        match ahead.close_in(bytes) {
            None => bytes,
            Some(0) => NOOP.as_bytes(),
            Some(place) => &bytes[..place],
        }
    }

    /// Bytes have been written, or what stands for them.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while at < bytes.len() {
            at += self.advance(&bytes[at..]);
        }
    }

    /// Where the first packet `close` stands; what is before it has been passed.
    fn close_in(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] == CLOSE.as_bytes()[0] && self.is_at_short_packet() {
                return Some(at);
            }
            at += self.advance(&bytes[at..]);
        }
        None
    }

    /// Whether the next byte is all that a packet has.
    fn is_at_short_packet(&self) -> bool {
        match self {
            Self::Head { .. } => false,
            Self::Frames(frames) => frames.in_payload() && frames.kind() == Kind::Text && frames.is_message_of(1),
        }
    }

    /// Passes at least the first of some bytes. Answers how many.
    fn advance(&mut self, bytes: &[u8]) -> usize {
        match self {
            Self::Frames(frames) if frames.in_payload() => frames.skip(bytes.len()),
            Self::Frames(frames) => {
                frames.step(bytes[0]);
                1
            }
            Self::Head { begun, matched } => {
                let wanted = if *begun { HEAD_END } else { SWITCHING };
                // Neither has a beginning inside itself but by its first byte.
                *matched = match bytes[0] {
                    byte if byte == wanted[*matched] => *matched + 1,
                    byte => usize::from(byte == wanted[0]),
                };
                if *matched == wanted.len() {
                    *self =
                        if *begun { Self::Frames(Frames::default()) } else { Self::Head { begun: true, matched: 0 } };
                }
                1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n";

    /// What arrives when it is written in pieces of so many bytes.
    fn written(bytes: &[u8], most: usize) -> Vec<u8> {
        let mut outgoing = Outgoing::default();
        let (mut written, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let first = outgoing.first(&bytes[at..bytes.len().min(at + most)]);
            let count = first.len().min(most);
            written.extend_from_slice(&first[..count]);
            outgoing.pass(&bytes[at..at + count]);
            at += count;
        }
        written
    }

    fn frames(payloads: &[&str]) -> Vec<u8> {
        let frame =
            |payload: &&str| [&[0x81, u8::try_from(payload.len()).expect("short")], payload.as_bytes()].concat();
        payloads.iter().flat_map(frame).collect()
    }

    #[test]
    fn a_close_becomes_a_noop_however_it_is_cut() {
        let sent = [ANSWER, &frames(&["42[\"1\"]", "1", "2", "11", "1"]), &[0x89, 1, b'1', 0x88, 0]].concat();
        let heard = [ANSWER, &frames(&["42[\"1\"]", "6", "2", "11", "6"]), &[0x89, 1, b'1', 0x88, 0]].concat();
        for most in [1, 2, 3, 7, 60, 1_000] {
            assert_eq!(written(&sent, most), heard, "{most}");
        }
    }

    #[test]
    fn an_answer_to_the_request_before_is_no_frame() {
        let before: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n\x81\x011";
        let sent = [before, ANSWER, &frames(&["1"])].concat();
        assert_eq!(written(&sent, 1_000), [before, ANSWER, &frames(&["6"])].concat());
    }

    #[test]
    fn an_answer_to_a_poll_ends_with_a_noop_instead() {
        assert_eq!(without_close("1").as_deref(), Some("6"));
        assert_eq!(without_close("42[\"a\"]\u{1e}1").as_deref(), Some("42[\"a\"]\u{1e}6"));
        for other in ["", "2", "41", "42[\"1\"]", "42[1]\u{1e}41", "11"] {
            assert_eq!(without_close(other), None, "{other}");
        }
    }
}
