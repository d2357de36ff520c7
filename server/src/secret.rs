//! Secrets: session tokens, and ids that nobody can guess.

use std::fmt::Write as _;

use madang_common::{id::ClientId, time::UnixMillis};
use sha2::{Digest, Sha256};

pub mod cookie;
pub(crate) mod join_key;

/// What the browser holds: 32 random bytes, as hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// What the database holds. A stolen database opens no session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl Token {
    /// A new token.
    #[must_use]
    pub(crate) fn random() -> Self {
        Self(hex(&random::<32>()))
    }

    /// The token as it stands in the cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database holds for this token.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl TokenHash {
    /// The hash of what came in a cookie, whatever it is.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A client id for a message that the server itself writes.
pub(crate) fn client_id(now: UnixMillis) -> ClientId {
    ClientId::new(u64::try_from(now.0).unwrap_or_default(), random())
}

/// Digits that tell one guest from another; nothing depends on them.
pub(crate) fn guest_digits() -> String {
    format!("{:04x}", u16::from_be_bytes(random()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("writing to a String cannot fail");
        digits
    })
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_found_again_by_their_hash() {
        let (one, other) = (Token::random(), Token::random());
        assert_eq!(one.as_str().len(), 64);
        assert!(one != other);
        assert_eq!(one.hash(), TokenHash::of(one.as_str()));
        assert_ne!(one.hash(), other.hash());
    }
}
