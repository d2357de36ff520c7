//! The clock: wakes the engines when they want to be woken.

use std::time::Duration;

use tokio::time::sleep;

use super::core::{Shared, now};
use crate::engine::Engine;

pub(super) async fn run(shared: &Shared) {
    loop {
        let wake_at = shared.lock().wake_at();
        let woken = async {
            match wake_at {
                // Not a moment too early, or it would not be due yet.
                Some(at) => sleep(Duration::from_millis((at - now()).max(0.0) as u64 + 1)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = woken => shared.tell(|core| core.tell_all(Engine::due)),
            () = shared.clock.notified() => {}
        }
    }
}
