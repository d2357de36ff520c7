//! Keys of the forms by which one joins. Each page gets its own; the same key again is the same form, sent twice.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{TokenHash, hex, random};

/// Bytes of the random part of a key.
const RANDOM: usize = 16;

/// Issues keys, and knows its own again for as long as the process runs; a cheap handle.
///
/// Only keys that were issued count: programs that all sent a key of their own, such as `1`, would become one person.
#[derive(Clone)]
pub(crate) struct JoinKeys(Arc<[u8; 32]>);

impl JoinKeys {
    pub(crate) fn new() -> Self {
        Self(Arc::new(random()))
    }

    /// A new key.
    pub(crate) fn issue(&self) -> String {
        let random = hex(&random::<RANDOM>());
        let seal = self.seal(&random);
        format!("{random}{seal}")
    }

    /// What the database holds for a key; none, if it was not issued here.
    pub(crate) fn check(&self, key: &str) -> Option<TokenHash> {
        let (random, seal) = key.split_at_checked(2 * RANDOM)?;
        // Hashes are compared, so that the time that it takes tells nothing of the seal.
        (TokenHash::of(seal) == TokenHash::of(&self.seal(random))).then(|| TokenHash::of(key))
    }

    /// What shows that a key was issued here. The random part has always the same length, so that nobody can make a longer
    /// one from a seal that they have seen.
    fn seal(&self, random: &str) -> String {
        hex(&Sha256::new().chain_update(*self.0).chain_update(random).finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_again_where_it_was_issued_and_no_other_is() {
        let keys = JoinKeys::new();
        let key = keys.issue();
        assert_eq!(keys.check(&key), Some(TokenHash::of(&key)));
        assert_ne!(key, keys.issue());
        assert_eq!(JoinKeys::new().check(&key), None);
        let mut other = key.clone().into_bytes();
        other[3] ^= 1;
        let other = String::from_utf8(other).expect("ASCII");
        for wrong in [other.as_str(), &key[..key.len() - 1], &format!("{key}0"), "1", "", "가나다라마바사아자차카타"]
        {
            assert_eq!(keys.check(wrong), None, "{wrong}");
        }
    }
}
