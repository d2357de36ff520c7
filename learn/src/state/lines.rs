//! A bounded list of lines for a demo: it grows at its end, and each line has a number as its key.

use std::collections::VecDeque;

/// Most lines that are kept; the oldest go first.
const MOST: usize = 200;

/// The lines, oldest first.
#[derive(Clone, Debug)]
pub struct Lines<T> {
    lines: VecDeque<(u64, T)>,
    /// How many there have been.
    count: u64,
}

impl<T> Default for Lines<T> {
    fn default() -> Self {
        Self { lines: VecDeque::new(), count: 0 }
    }
}

impl<T> Lines<T> {
    pub fn push(&mut self, line: T) {
        self.lines.push_back((self.count, line));
        self.count += 1;
        let excess = self.lines.len().saturating_sub(MOST);
        self.lines.drain(..excess);
    }

    /// How many there have been, those included that are gone.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl<T: Clone> Lines<T> {
    /// Each with its number.
    #[must_use]
    pub fn to_vec(&self) -> Vec<(u64, T)> {
        self.lines.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_go_and_the_others_keep_their_numbers() {
        let mut lines = Lines::default();
        (0..MOST + 1).for_each(|n| lines.push(n));
        let kept = lines.to_vec();
        assert_eq!((kept.len(), kept[0], lines.count()), (MOST, (1, 1), MOST as u64 + 1));
    }
}
