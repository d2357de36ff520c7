//! The frames of a WebSocket (RFC 6455, section 5.2), followed byte by byte as they pass.

/// The longest head of a frame: two bytes, eight of length, four of mask.
const HEAD: usize = 14;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;

/// The place in a stream of frames that has been reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    head: [u8; HEAD],
    /// How much of the head has come.
    filled: usize,
    /// Whether the head is complete, and what comes is payload, or the next head.
    is_whole: bool,
    length: u64,
    /// Bytes of the payload that are still to come.
    left: u64,
}

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// More of the message before.
    Continuation,
    Binary,
    Control,
}

impl Frames {
    /// Passes a byte. Answers where in its frame's payload it stands, unless it is of a head.
    pub(super) fn step(&mut self, byte: u8) -> Option<u64> {
        if self.left > 0 {
            self.left -= 1;
            return Some(self.length - self.left - 1);
        }
        if self.is_whole {
            self.is_whole = false;
            self.filled = 0;
        }
        self.head[self.filled] = byte;
        self.filled += 1;
        if self.filled >= 2 && self.filled == self.head_length() {
            self.is_whole = true;
            self.length = self.payload_length();
            self.left = self.length;
        }
        None
    }

    /// Passes up to so many bytes of the current frame's payload. Answers how many they are.
    pub(super) fn skip(&mut self, most: usize) -> usize {
        let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(most);
        self.left -= count as u64;
        count
    }

    /// Whether the next byte is of a payload.
    pub(super) fn in_payload(&self) -> bool {
        self.left > 0
    }

    /// What the current frame carries.
    pub(super) fn kind(&self) -> Kind {
        match self.head[0] & 0x0F {
            CONTINUATION => Kind::Continuation,
            TEXT => Kind::Text,
            BINARY => Kind::Binary,
            _ => Kind::Control,
        }
    }

    /// Whether the current frame is a whole message of so many bytes.
    pub(super) fn is_message_of(&self, length: u64) -> bool {
        self.head[0] & 0x80 != 0 && self.length == length
    }

    /// What the byte at a place in the payload is masked with.
    pub(super) fn mask(&self, place: u64) -> u8 {
        let mask = self.head_length() - 4;
        if self.is_masked() { self.head[mask + (place % 4) as usize] } else { 0 }
    }

    fn is_masked(&self) -> bool {
        self.head[1] & 0x80 != 0
    }

    fn head_length(&self) -> usize {
        2 + self.length_bytes() + if self.is_masked() { 4 } else { 0 }
    }

    fn length_bytes(&self) -> usize {
        match self.head[1] & 0x7F {
            126 => 2,
            127 => 8,
            _ => 0,
        }
    }

    fn payload_length(&self) -> u64 {
        let bytes = &self.head[2..2 + self.length_bytes()];
        if bytes.is_empty() {
            return u64::from(self.head[1] & 0x7F);
        }
        bytes.iter().fold(0, |length, byte| length << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where each byte stands.
    fn places(bytes: &[u8]) -> Vec<Option<u64>> {
        let mut frames = Frames::default();
        bytes.iter().map(|byte| frames.step(*byte)).collect()
    }

    #[test]
    fn heads_of_every_length_are_told_from_payloads() {
        assert_eq!(
            places(&[0x81, 2, b'a', b'b', 0x89, 0, 0x81, 1, b'c']),
            [None, None, Some(0), Some(1), None, None, None, None, Some(0)]
        );
        let mut long = vec![0x81, 126, 1, 0];
        long.extend([0; 256]);
        long.extend([0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
        long.extend([0; 65_536]);
        long.push(0x81);
        let places = places(&long);
        assert_eq!(places.iter().flatten().count(), 256 + 65_536);
        assert_eq!((places[3], places[4], places[259], places[260]), (None, Some(0), Some(255), None));
        assert_eq!(places.last(), Some(&None));
    }

    #[test]
    fn a_mask_is_told() {
        let mut frames = Frames::default();
        for byte in [0x01, 0x83, 10, 11, 12, 13] {
            assert_eq!(frames.step(byte), None);
        }
        assert_eq!((frames.mask(0), frames.mask(3), frames.mask(5)), (10, 13, 11));
        assert_eq!(frames.kind(), Kind::Text);
        assert!(!frames.is_message_of(3), "more is to come");
    }

    #[test]
    fn a_length_beyond_all_bounds_is_only_passed() {
        let mut frames = Frames::default();
        for byte in [0x81, 0xFF].into_iter().chain([0xFF; 12]) {
            frames.step(byte);
        }
        assert_eq!(frames.skip(usize::MAX), usize::MAX);
    }
}
