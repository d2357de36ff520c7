//! Logging: lines on stderr, with a bound on how many of them others can cause.
//!
//! What people send never stands in a line: texts, names, headers and addresses of pages are theirs, and a log is kept
//! and read by others. Lengths do, at the level debug.

use std::{
    collections::HashMap,
    fmt,
    io::{self, IsTerminal},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tracing::{Event, Level, Subscriber, callsite::Identifier};
use tracing_subscriber::{
    EnvFilter,
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{Format, Writer},
    },
    registry::LookupSpan,
};

/// Lines from one place in the code within a [`PERIOD`]. Whoever sends a request that is worth a warning may send a
/// million, and the disk that the log would fill is often the database's.
const LINES: u32 = 30;
const PERIOD: Duration = Duration::from_secs(60);

/// Logs to stderr from now on, for the whole process. Has colours on a terminal only.
pub fn init(filter: EnvFilter) {
    // https://no-color.org: set to anything but nothing.
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    // A line that cannot be written, as on a full disk, would be complained of on stderr; where that is what cannot be
    // written, the complaint would panic in whatever wrote the line.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && !no_colour)
        .log_internal_errors(false)
        .event_format(Bounded { format: Format::default(), places: Mutex::default(), start: Instant::now() })
        .init();
}

/// A format that leaves lines out when there are too many of a kind. Debug and trace are bounded by nothing: they are
/// switched on for a while by someone who looks.
struct Bounded<F> {
    format: F,
    // A std mutex: it is held for one look-up.
    places: Mutex<HashMap<Identifier, LogSite>>,
    start: Instant,
}

impl<S, N, F> FormatEvent<S, N> for Bounded<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        if *metadata.level() > Level::INFO {
            return self.format.format_event(ctx, writer, event);
        }
        let now = self.start.elapsed();
        // A panic elsewhere leaves no count half done.
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = places.entry(metadata.callsite()).or_default().turn(now);
        drop(places);
        match turn {
            Turn::LeftOut => Ok(()),
            Turn::Written { missing: 0, is_last: false } => self.format.format_event(ctx, writer, event),
            Turn::Written { missing, is_last } => {
                if missing > 0 {
                    writeln!(writer, "({missing} lines like the next one were left out)")?;
                }
                self.format.format_event(ctx, writer.by_ref(), event)?;
                if is_last {
                    writeln!(writer, "(more lines like this one are left out for up to {} s)", PERIOD.as_secs())?;
                }
                Ok(())
            }
        }
    }
}

/// A place in the code that logs, and how often it did of late.
#[derive(Default)]
struct LogSite {
    /// When the period began, since the start.
    began: Duration,
    lines: u32,
    left_out: u64,
}

/// What becomes of one line.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    LeftOut,
    Written {
        /// How many were left out before it.
        missing: u64,
        /// Whether the next one is left out if it comes soon.
        is_last: bool,
    },
}

impl LogSite {
    fn turn(&mut self, now: Duration) -> Turn {
        if now.saturating_sub(self.began) >= PERIOD {
            let missing = self.left_out;
            *self = Self { began: now, lines: 1, left_out: 0 };
            return Turn::Written { missing, is_last: false };
        }
        if self.lines >= LINES {
            self.left_out += 1;
            return Turn::LeftOut;
        }
        self.lines += 1;
        Turn::Written { missing: 0, is_last: self.lines == LINES }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_lines_of_a_kind_are_written_in_a_period_and_the_rest_are_counted() {
        let mut place = LogSite::default();
        let at = Duration::from_secs;
        let plain = Turn::Written { missing: 0, is_last: false };
        for _ in 1..LINES {
            assert_eq!(place.turn(at(1)), plain);
        }
        assert_eq!(place.turn(at(2)), Turn::Written { missing: 0, is_last: true });
        for _ in 0..1_000 {
            assert_eq!(place.turn(at(59)), Turn::LeftOut);
        }
        assert_eq!(place.turn(at(60)), Turn::Written { missing: 1_000, is_last: false });
        assert_eq!(place.turn(at(61)), plain);
    }

    #[test]
    fn who_logs_seldom_loses_nothing() {
        let mut place = LogSite::default();
        for minute in 0..1_000 {
            let turn = place.turn(PERIOD * minute);
            assert_eq!(turn, Turn::Written { missing: 0, is_last: false }, "{minute}");
        }
    }
}
