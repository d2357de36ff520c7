//! How the link to the server is.

/// The state of the link, as the banner tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Link {
    /// Not yet live since the page was opened.
    #[default]
    Starting,
    /// Live: what is said arrives, what others say is shown.
    Live,
    /// Down. Times are milliseconds since 1970.
    Down { since: f64, retry_at: f64 },
    /// Up again; what was missed meanwhile is being asked for.
    Resuming,
    /// Over: the person left, or the name is no longer theirs. It will not come back by itself.
    Ended,
}
