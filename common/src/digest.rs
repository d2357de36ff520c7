//! The digest of messages: a checksum by which client and server compare what they hold.

use serde::{Deserialize, Serialize};

use crate::{
    id::{MessageId, Rev, Seq},
    message::{Body, MessageView},
};

/// Initial value and factor of FNV-1a with 64 bits (RFC 9923, section 5).
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
/// Factors of the 64-bit finalizer of MurmurHash3 (Austin Appleby, in the public domain).
const MIX_FACTORS: [u64; 2] = [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53];
/// Any JSON number below this is exact in JavaScript.
const EXACT: u64 = 1 << 53;

/// The sum, modulo 2^53, of a number for each message, in whatever order: FNV-1a with 64 bits over its id, seq and rev
/// (each as 8 bytes, the lowest first) and its text in UTF-8, where it has one, put through MurmurHash3's finalizer. It
/// shows what got lost or mixed up on the way; someone who means to make two differ unseen could.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rolled {
    /// How many messages it stands for.
    pub count: u32,
    pub sum: u64,
}

impl Rolled {
    /// With one message more.
    #[must_use]
    pub fn with(self, id: MessageId, seq: Seq, rev: Rev, text: Option<&str>) -> Self {
        let numbers = [id.0, seq.0, rev.0].into_iter().flat_map(i64::to_le_bytes);
        let hash = numbers
            .chain(text.unwrap_or_default().bytes())
            .fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        Self { count: self.count + 1, sum: self.sum.wrapping_add(mix(hash)) % EXACT }
    }

    /// With one message more, as a reader holds it.
    #[must_use]
    pub fn with_message(self, message: &MessageView) -> Self {
        let text = match &message.body {
            Body::Text { text, .. } => Some(text.as_str()),
            Body::Deleted | Body::Joined | Body::Left => None,
        };
        self.with(message.id, message.seq, message.rev, text)
    }
}

/// Spreads each bit over all. FNV-1a alone leaves the last bytes near where they stood, so that small differences in two
/// messages often cancel each other in the sum.
fn mix(hash: u64) -> u64 {
    let stir = |hash: u64, factor| (hash ^ (hash >> 33)).wrapping_mul(factor);
    let stirred = MIX_FACTORS.into_iter().fold(hash, stir);
    stirred ^ (stirred >> 33)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn rolled(messages: &[(i64, i64, i64, Option<&str>)]) -> Rolled {
        let add = |sum: Rolled, (id, seq, rev, text): &(i64, i64, i64, Option<&str>)| {
            sum.with(MessageId(*id), Seq(*seq), Rev(*rev), *text)
        };
        messages.iter().fold(Rolled::default(), add)
    }

    #[test]
    fn the_order_does_not_matter_but_all_else_does() {
        let both = rolled(&[(1, 1, 1, Some("가")), (2, 2, 2, None)]);
        assert_eq!(both, rolled(&[(2, 2, 2, None), (1, 1, 1, Some("가"))]));
        let others = [
            rolled(&[]),
            rolled(&[(1, 1, 1, Some("가"))]),
            rolled(&[(1, 1, 1, Some("나")), (2, 2, 2, None)]),
            rolled(&[(1, 1, 3, Some("가")), (2, 2, 2, None)]),
            rolled(&[(1, 3, 1, Some("가")), (2, 2, 2, None)]),
            rolled(&[(3, 1, 1, Some("가")), (2, 2, 2, None)]),
        ];
        for other in others {
            assert_ne!(both, other);
        }
    }

    #[test]
    fn small_differences_in_two_messages_do_not_cancel_each_other() {
        let mut sums = HashSet::new();
        for (one, other) in (1..=64).flat_map(|one| (1..=64).map(move |other| (one, other))) {
            sums.insert(rolled(&[(1, 1, one, None), (2, 2, other, None)]).sum);
        }
        let letters: Vec<_> = ('a'..='z').chain('가'..='꺽').map(String::from).collect();
        for (one, other) in letters.iter().flat_map(|one| letters.iter().map(move |other| (one, other))) {
            sums.insert(rolled(&[(1, 1, 1, Some(one)), (2, 2, 2, Some(other))]).sum);
        }
        assert_eq!(sums.len(), 64 * 64 + letters.len() * letters.len());
    }

    #[test]
    fn it_is_what_the_protocol_says() {
        // Worked out apart from this code, by the description in docs/PROTOCOL.md.
        assert_eq!(rolled(&[(103, 14, 19, Some("안녕, Jina!"))]), Rolled { count: 1, sum: 8_100_057_416_674_113 });
        assert_eq!(
            rolled(&[(103, 14, 19, Some("안녕, Jina!")), (104, 15, 20, None)]),
            Rolled { count: 2, sum: 4_171_658_976_855_598 }
        );
    }
}
