//! From what was measured to what is printed.

use std::{cmp::Ordering, time::Duration};

use crate::percentile::percentile;

/// What one round came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    /// Acknowledged posts a second.
    pub(super) rate: f64,
    /// How long a post took until it was acknowledged, in milliseconds: half of them, and 99 in a hundred.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// CPU time of the server for a thousand posts, in milliseconds.
    pub(super) cpu: f64,
}

impl Figures {
    /// The figures of posts that took `delays`, in a round that took `time` and so much `cpu` of the server; none when
    /// there were no posts.
    pub(super) fn of(delays: Vec<Duration>, time: Duration, cpu: Duration) -> Option<Self> {
        let posts = f64::from(u32::try_from(delays.len()).ok()?);
        let p50 = ms(percentile(delays.clone(), 50)?);
        let p99 = ms(percentile(delays, 99)?);
        Some(Self { rate: posts / time.as_secs_f64(), p50, p99, cpu: ms(cpu) * 1_000.0 / posts })
    }

    /// Each figure's median over the rounds; none when there were none.
    pub(super) fn median(rounds: &[Self]) -> Option<Self> {
        let of = |figure: fn(&Self) -> f64| median(rounds.iter().map(figure).collect());
        Some(Self {
            rate: of(|round| round.rate)?,
            p50: of(|round| round.p50)?,
            p99: of(|round| round.p99)?,
            cpu: of(|round| round.cpu)?,
        })
    }
}

/// A time in milliseconds.
pub(super) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The middle one, the higher of two.
fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    figures.get(figures.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(times: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        times.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn a_round_is_summed_up() {
        let figures = Figures::of(millis((1..=101).rev()), Duration::from_secs(2), Duration::from_millis(50));
        let figures = figures.expect("there were posts");
        assert_eq!((figures.rate, figures.p50, figures.p99), (50.5, 51.0, 100.0));
        assert!((figures.cpu - 495.05).abs() < 0.01, "{figures:?}");
        assert_eq!(Figures::of(Vec::new(), Duration::from_secs(1), Duration::ZERO), None);
    }

    #[test]
    fn each_figure_has_a_median_of_its_own() {
        let round = |rate, cpu| Figures { rate, p50: 1.0, p99: 2.0, cpu };
        let rounds = [round(3.0, 10.0), round(1.0, 30.0), round(2.0, 20.0)];
        assert_eq!(Figures::median(&rounds), Some(round(2.0, 20.0)));
        assert_eq!(Figures::median(&[]), None);
    }
}
