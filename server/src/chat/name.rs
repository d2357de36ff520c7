//! When two names are the same, and when a name is taken.

use std::time::Duration;

use madang_common::{fault::FaultCode, id::UserId, text::UserName, time::UnixMillis};
use unicode_normalization::UnicodeNormalization;

use super::{Chat, commit::Change};
use crate::{
    error::Refusal,
    store::users::{self, Holder},
};

/// The form in which names are compared: without case, white space, invisible joiners, or differences of width and
/// composition, by which one name would pass for another (Unicode Standard Annex 15, form NFKC).
pub(super) fn fold(name: &UserName) -> String {
    let lower: String = name.as_str().nfkc().flat_map(char::to_lowercase).collect();
    lower.nfkc().filter(|c| !c.is_whitespace() && !is_joiner(*c)).collect()
}

/// The invisible characters that a name may have.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

impl Chat {
    /// Frees the name of this fold for `by`: the one who holds it loses it by a long absence.
    ///
    /// # Errors
    /// `NameTaken` when the holder is there, or was there lately.
    pub(super) async fn free_name(
        &self,
        change: &mut Change<'_>,
        fold: &str,
        by: Option<UserId>,
    ) -> Result<(), Refusal> {
        let Some(holder) = users::holder(change.conn, fold).await? else { return Ok(()) };
        if Some(holder.user) == by {
            return Ok(());
        }
        if self.keeps_name(change, holder) {
            return Err(name_taken());
        }
        Ok(users::release_name(change.conn, holder.user).await?)
    }

    /// Whether the holder of a name is there, or was there lately.
    pub(super) fn keeps_name(&self, change: &Change<'_>, holder: Holder) -> bool {
        change.presence.is_online(holder.user) || self.is_held(holder.seen_at, change.now)
    }

    fn is_held(&self, seen_at: UnixMillis, now: UnixMillis) -> bool {
        let absent = u64::try_from(now.0.saturating_sub(seen_at.0)).unwrap_or_default();
        // What is measured of the server's own time does not depend on how the clock is set.
        let served = self.0.clock.elapsed().saturating_sub(self.0.started);
        Duration::from_millis(absent).min(served) < self.0.name_hold
    }
}

pub(super) fn name_taken() -> Refusal {
    Refusal::fault(FaultCode::NameTaken, "Someone here has this name. Please take another.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(name: &str) -> String {
        fold(&UserName::parse(name).expect("a name"))
    }

    #[test]
    fn names_that_look_alike_are_one_name() {
        for (one, other) in [
            ("Minsu", "ｍｉｎｓｕ"),
            ("Kim Minsu", "kimminsu"),
            ("ÉLODIE", "e\u{301}lodie"),
            ("민수", "\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}"),
            ("a\u{200d}b", "ab"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
    }

    #[test]
    fn names_that_differ_stay_apart() {
        assert_ne!(folded("민수"), folded("민서"));
        assert_ne!(folded("ann"), folded("anna"));
    }
}
