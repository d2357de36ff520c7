//! The sweep: what has been silent or half open for too long is closed, again and again, whatever its own deadlines do.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{
    config::Deadlines,
    net::limits::{Limits, Patience},
};

/// The longest time between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// How much later than the Socket.IO server's own deadline, which ends a session with a word.
const LATER: Duration = Duration::from_secs(1);
/// How often the log gets the figures.
const TOLD: Duration = Duration::from_secs(60);

/// Sweeps for as long as it is polled.
pub(crate) async fn sweep(limits: Limits, deadlines: Deadlines) {
    let Deadlines { connect, silence, .. } = deadlines;
    let pause = PAUSE.min(connect / 4).min(silence / 4).max(Duration::from_millis(10));
    let mut ticks = interval(pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told_at = Instant::now();
    loop {
        ticks.tick().await;
        limits.cut_silent(silence);
        limits.sessions().sweep(Patience { join: connect + LATER, silence });
        if told_at.elapsed() >= TOLD {
            told_at = Instant::now();
            let gauge = limits.gauge();
            tracing::debug!(
                connections = gauge.connections.0,
                signed_in = gauge.signed_in,
                sessions = gauge.sessions.0,
                guests = gauge.guests.0,
                "what is held"
            );
        }
    }
}
