//! How many bytes the database grows by what is stored, at most: its rows with the longest names, their places in the
//! indexes, and what they leave empty in the database's pages. `chat/growth_tests.rs` measures it.

/// What a row of a message has beside its text: the author's name, numbers and times.
const ROW: usize = 200;
/// A message's places in the indexes.
const INDEXED: usize = 150;
/// Someone's membership, and the notice that they came.
pub(crate) const MEMBERSHIP: usize = 120 + ROW + INDEXED;
/// A new guest from outside. What names have in common is bounded (`names/likeness.rs`), and is in an index, too.
pub(crate) const GUEST: usize = 800;
/// A new person, with a session, in the lobby.
pub(crate) const PERSON: usize = GUEST + 500 + MEMBERSHIP;
/// A new room with its first member, without its name and topic.
pub(crate) const ROOM: usize = 1_300 + MEMBERSHIP;

/// Bytes of a page of the database, and those of a leaf that rows have, each with two bytes of its own.
const PAGE: usize = 4_096;
const LEAF: usize = PAGE - 8;
/// The most bytes of a row that are in a leaf, and the fewest where the others are in pages of their own, which have so many
/// each (SQLite's file format, section 1.6).
const MOST_IN_LEAF: usize = PAGE - 35;
const FEWEST_IN_LEAF: usize = 489;
const OVERFLOW: usize = PAGE - 4;

/// A message with a text of so many bytes.
pub(crate) const fn message(text: usize) -> usize {
    INDEXED + row(ROW + text)
}

/// What a row of so many bytes takes, if all rows are of that size: of two thousand bytes, a page has one.
const fn row(bytes: usize) -> usize {
    if bytes <= MOST_IN_LEAF {
        return PAGE / (LEAF / (bytes + 2));
    }
    let beyond = bytes - FEWEST_IN_LEAF;
    let (whole, rest) = (beyond / OVERFLOW, beyond % OVERFLOW);
    if FEWEST_IN_LEAF + rest <= MOST_IN_LEAF {
        whole * PAGE + row(FEWEST_IN_LEAF + rest)
    } else {
        (whole + 1) * PAGE + row(FEWEST_IN_LEAF)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_its_part_of_whole_pages() {
        assert_eq!(row(200), PAGE / 20);
        assert_eq!(row(2_000), PAGE / 2);
        assert_eq!(row(2_100), PAGE, "nothing else has room beside it");
        assert_eq!(row(MOST_IN_LEAF), PAGE);
        assert_eq!(row(MOST_IN_LEAF + 1), PAGE + row(FEWEST_IN_LEAF));
        assert_eq!(row(FEWEST_IN_LEAF + 2 * OVERFLOW), 2 * PAGE + row(FEWEST_IN_LEAF));
        assert_eq!(row(10 * PAGE).div_ceil(PAGE), 11);
    }
}
