//! Times in UTC, as the first render writes them, before the reader's time zone is known.

use madang_common::time::UnixMillis;

const DAY: i64 = 86_400_000;

/// The moment as `<time datetime>` wants it: ISO 8601 in UTC, to the second.
pub(super) fn iso(at: UnixMillis) -> String {
    let seconds = at.0.rem_euclid(DAY) / 1_000;
    format!("{}T{:02}:{:02}:{:02}Z", day(at), seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// The day, as `2026-11-21`.
pub(super) fn day(at: UnixMillis) -> String {
    let (year, month, day) = civil(at.0.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The time of day, as `15:05`.
pub(super) fn hour_minute(at: UnixMillis) -> String {
    let minutes = at.0.rem_euclid(DAY) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Year, month and day of a count of days since 1970, in the Gregorian calendar. Counts in years that begin in
/// March, so that a leap day is the last of its year, and in eras of 400 years, which are all of the same length.
fn civil(days: i64) -> (i64, i64, i64) {
    let since_march_0000 = days + 719_468;
    let era = since_march_0000.div_euclid(146_097);
    let day_of_era = since_march_0000.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_as_they_are() {
        for (millis, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59Z"),
            (1_795_262_706_789, "2026-11-21T12:05:06Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(iso(UnixMillis(millis)), expected);
        }
    }

    #[test]
    fn the_time_of_day_is_in_utc() {
        assert_eq!(hour_minute(UnixMillis(1_795_262_706_789)), "12:05");
        assert_eq!(hour_minute(UnixMillis(-1)), "23:59");
    }

    #[test]
    fn each_day_of_four_centuries_follows_the_one_before() {
        let mut last = civil(-200_000);
        for days in -199_999..=0 {
            let today = civil(days);
            let next_in_month = (last.0, last.1, last.2 + 1);
            let next_month = if last.1 == 12 { (last.0 + 1, 1, 1) } else { (last.0, last.1 + 1, 1) };
            assert!(today == next_in_month || today == next_month && last.2 >= 28, "{last:?} then {today:?}");
            last = today;
        }
        assert_eq!(last, (1970, 1, 1));
    }
}
