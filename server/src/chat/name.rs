//! When a name is taken.

use madang_common::{fault::FaultCode, id::UserId, text::UserName, time::UnixMillis};

use super::{Chat, commit::Change};
use crate::{error::Refusal, names::Likeness, store::users};

impl Chat {
    /// Frees a name, and those that are like it, for `by`: who holds one loses it by a long absence.
    ///
    /// # Errors
    /// `NameTaken` when the holder is there, or was there lately.
    pub(super) async fn free_name(
        &self,
        change: &mut Change<'_>,
        name: &UserName,
        by: Option<UserId>,
    ) -> Result<(), Refusal> {
        let mut holders = users::holders(change.conn, &Likeness::of(name.as_str())).await?;
        holders.retain(|holder| Some(holder.user) != by);
        for holder in &holders {
            if change.presence.is_online(holder.user) || self.is_held(holder.seen_at, change.now) {
                return Err(Refusal::fault(FaultCode::NameTaken, "Someone here has this name. Please take another."));
            }
        }
        for holder in holders {
            users::release_name(change.conn, holder.user).await?;
        }
        Ok(())
    }

    fn is_held(&self, seen_at: UnixMillis, now: UnixMillis) -> bool {
        let absent = now.0.saturating_sub(seen_at.0.max(self.0.started_at.0));
        u128::try_from(absent).unwrap_or_default() < self.0.name_hold.as_millis()
    }
}
