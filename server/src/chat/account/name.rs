//! Name reservation: when a name is taken.

use std::time::Duration;

use madang_common::{fault::FaultCode, id::UserId, text::UserName, time::UnixMillis};

use crate::{
    chat::{Chat, commit::Change},
    error::Refusal,
    names::Likeness,
    store::users::{self, Holder},
};

impl Chat {
    /// Frees a name, and those that are like it, for `by`: who holds one loses it by a long absence.
    ///
    /// # Errors
    /// `NameTaken` when the holder is there, or was there lately.
    pub(crate) async fn free_name(
        &self,
        change: &mut Change<'_>,
        name: &UserName,
        by: Option<UserId>,
    ) -> Result<(), Refusal> {
        let mut holders = users::holders(change.conn, &Likeness::of(name.as_str())).await?;
        holders.retain(|holder| Some(holder.user) != by);
        if holders.iter().any(|holder| self.keeps_name(change, *holder)) {
            return Err(name_taken());
        }
        for holder in holders {
            users::release_name(change.conn, holder.user).await?;
        }
        Ok(())
    }

    /// Whether the holder of a name is there, or was there lately.
    pub(crate) fn keeps_name(&self, change: &Change<'_>, holder: Holder) -> bool {
        change.presence.is_online(holder.user) || self.is_held(holder.seen_at, change.now)
    }

    fn is_held(&self, seen_at: UnixMillis, now: UnixMillis) -> bool {
        let absent = u64::try_from(now.0.saturating_sub(seen_at.0)).unwrap_or_default();
        // What is measured of the server's own time does not depend on how the clock is set.
        let served = self.0.parts.clock.elapsed().saturating_sub(self.0.started);
        Duration::from_millis(absent).min(served) < self.0.parts.name_hold
    }
}

pub(crate) fn name_taken() -> Refusal {
    Refusal::fault(FaultCode::NameTaken, "Someone here has this name. Please take another.")
}
