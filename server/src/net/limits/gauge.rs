//! Gauges: how much is held, for the operator.

use std::fmt;

/// What is held now, and of how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gauge {
    /// Connections of every kind, and how many there may be.
    pub(crate) connections: (usize, usize),
    /// Of these, how many speak for someone who is signed in.
    pub(crate) signed_in: usize,
    /// Sessions of Engine.IO and plain WebSockets.
    pub(crate) sessions: (usize, usize),
    /// Sockets that speak for themselves.
    pub(crate) guests: (usize, usize),
}

impl fmt::Display for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections: (open, connections), signed_in, sessions, guests } = self;
        writeln!(f, "connections: {open} of {connections}, {signed_in} signed in")?;
        writeln!(f, "sessions: {} of {}", sessions.0, sessions.1)?;
        writeln!(f, "guests: {} of {}", guests.0, guests.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_has_its_line() {
        let gauge = Gauge { connections: (7, 3_000), signed_in: 2, sessions: (3, 1_500), guests: (1, 375) };
        let expected = "connections: 7 of 3000, 2 signed in\nsessions: 3 of 1500\nguests: 1 of 375\n";
        assert_eq!(gauge.to_string(), expected);
    }
}
