//! Mutations of valid samples.

use proptest::{collection::vec, prelude::*, sample::Index, string::string_regex};

/// Most bytes of what comes out: as much as a frame may have.
const MOST: usize = 64 * 1024;
/// Most things that are wrong at the same time.
const WRONGS: usize = 6;

/// What readers trip over: ends and separators of the formats, numbers at the edges, half escapes, characters that are
/// not what they seem.
const TOKENS: [&str; 52] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "-",
    "/",
    "/chat,",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "b",
    "{}",
    "[]",
    "null",
    "true",
    "-1",
    "-0",
    "1.5",
    "1e999",
    "2147483648",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "99999999999999999999999999",
    "\\ud800",
    "\\udc00x",
    "\\u0000",
    "\\u00",
    "\\",
    "\0",
    "\n",
    "\r\n",
    "\u{1e}",
    "\u{7f}",
    "\u{9b}",
    "\u{202e}",
    "\u{200b}",
    "\u{3164}",
    "\u{feff}",
    "é",
    "가",
    "😀",
    "\"_placeholder\":true,\"num\":0",
    ",\"x\":1,\"x\":2",
];

/// How deep `[` is put into itself, which is more than any reader here goes along with.
const DEEP: usize = 300;

/// One thing wrong, somewhere.
#[derive(Clone, Debug)]
enum Wrong {
    Cut(Index, usize),
    Repeat(Index, usize, usize),
    Swap(Index, Index, usize),
    /// A piece of another sample stands here.
    Splice(Index, Index, Index, usize),
    Insert(Index, &'static str),
    Replace(Index, usize, &'static str),
    Byte(Index, u8),
    Nest(Index),
}

fn wrong() -> BoxedStrategy<Wrong> {
    let at = any::<Index>;
    let length = || prop_oneof![4 => 1..4usize, 2 => 1..40usize, 1 => 1..4_000usize];
    let token = || proptest::sample::select(&TOKENS[..]);
    prop_oneof![
        3 => (at(), length()).prop_map(|(at, length)| Wrong::Cut(at, length)),
        2 => (at(), length(), 1..40usize).prop_map(|(at, length, times)| Wrong::Repeat(at, length, times)),
        1 => (at(), at(), length()).prop_map(|(one, other, length)| Wrong::Swap(one, other, length)),
        2 => (at(), at(), at(), length()).prop_map(|(at, sample, from, length)| Wrong::Splice(at, sample, from, length)),
        4 => (at(), token()).prop_map(|(at, token)| Wrong::Insert(at, token)),
        4 => (at(), length(), token()).prop_map(|(at, length, token)| Wrong::Replace(at, length, token)),
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Wrong::Byte(at, byte)),
        1 => at().prop_map(Wrong::Nest),
    ]
    .boxed()
}

/// One of the samples, unharmed or with things wrong in it, as bytes that need not be UTF-8.
pub fn bytes(samples: Vec<Vec<u8>>) -> BoxedStrategy<Vec<u8>> {
    let wronged = (any::<Index>(), vec(wrong(), 0..WRONGS));
    let strategy = wronged.prop_map(move |(which, wrongs)| {
        let mut bytes = samples[which.index(samples.len())].clone();
        for wrong in wrongs {
            wrong.apply(&mut bytes, &samples);
            bytes.truncate(MOST);
        }
        bytes
    });
    strategy.boxed()
}

/// As [`bytes`], as text: what is no UTF-8 is replaced, as browsers do.
pub fn text<T: AsRef<str>>(samples: &[T]) -> BoxedStrategy<String> {
    bytes(samples.iter().map(|sample| sample.as_ref().as_bytes().to_vec()).collect())
        .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .boxed()
}

/// A text out of the characters that texts are tried with, and any others.
///
/// # Panics
/// Never: the expression in it is one.
pub fn characters() -> BoxedStrategy<String> {
    let token = proptest::sample::select(&TOKENS[..]).prop_map(str::to_owned);
    // Written down as a strategy of its own, the expression would be parsed for each text.
    let word = string_regex("[a-zA-Z0-9 가-힣]{1,8}").expect("an expression");
    let parts = prop_oneof![3 => token, 2 => word, 1 => any::<char>().prop_map(String::from)];
    vec(parts, 0..24).prop_map(|parts| parts.concat()).boxed()
}

impl Wrong {
    fn apply(&self, bytes: &mut Vec<u8>, samples: &[Vec<u8>]) {
        let place = |at: &Index| at.index(bytes.len() + 1);
        let piece = |at: &Index, length: usize| {
            let from = at.index(bytes.len() + 1);
            from..bytes.len().min(from + length)
        };
        match self {
            Self::Cut(at, length) => drop(bytes.drain(piece(at, *length))),
            Self::Repeat(at, length, times) => {
                let piece = piece(at, *length);
                let again = bytes[piece.clone()].repeat((*times).min(MOST / piece.len().max(1)));
                bytes.splice(piece.end..piece.end, again);
            }
            Self::Swap(one, other, length) => {
                let (one, other) = (piece(one, *length), piece(other, *length));
                let (early, late) = if one.start < other.start { (one, other) } else { (other, one) };
                if early.end <= late.start {
                    let taken: Vec<u8> = bytes[late.clone()].to_vec();
                    let put: Vec<u8> = bytes.splice(early.clone(), taken.iter().copied()).collect();
                    let late = late.start + taken.len() - early.len()..late.end + taken.len() - early.len();
                    bytes.splice(late, put);
                }
            }
            Self::Splice(at, sample, from, length) => {
                let sample = &samples[sample.index(samples.len())];
                let from = from.index(sample.len() + 1);
                let end = sample.len().min(from + length);
                let at = place(at);
                bytes.splice(at..at, sample[from..end].iter().copied());
            }
            Self::Insert(at, token) => {
                let at = place(at);
                bytes.splice(at..at, token.bytes());
            }
            Self::Replace(at, length, token) => drop(bytes.splice(piece(at, *length), token.bytes())),
            Self::Byte(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Nest(at) => {
                let at = place(at);
                bytes.splice(at..at, b"[".repeat(DEEP));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    use super::*;

    fn drawn<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
        let mut runner = TestRunner::deterministic();
        (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
    }

    #[test]
    fn samples_come_unharmed_and_harmed_but_never_too_long() {
        let drawn = drawn(bytes([r#"42["event",{"a":"안녕"}]"#, "2probe"].map(Vec::from).to_vec()), 2_000);
        assert!(drawn.iter().any(|bytes| bytes == b"2probe"));
        assert!(drawn.iter().any(|bytes| std::str::from_utf8(bytes).is_err()));
        assert!(drawn.iter().any(|bytes| bytes.len() > 1_000));
        assert!(drawn.iter().all(|bytes| bytes.len() <= MOST));
        let whole = drawn.iter().filter(|bytes| bytes.starts_with(b"42[")).count();
        assert!(whole > 300, "only {whole} of 2,000 still look like what they were");
    }

    #[test]
    fn swapped_pieces_change_places() {
        let mut bytes = b"abcdef".to_vec();
        let index = |place: usize| {
            let found = drawn(any::<Index>(), 1_000).into_iter().find(|index| index.index(7) == place);
            found.expect("every place is drawn")
        };
        Wrong::Swap(index(0), index(4), 3).apply(&mut bytes, &[]);
        assert_eq!(bytes, b"efdabc");
    }
}
