//! The free space on the data folder's disk, looked at now and then. While it is low, nothing is stored that makes the
//! database grow; reading and deleting go on.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{task::spawn_blocking, time::sleep};

/// How often the space is looked at. At the rates that the limits allow, far less than a reserve is written in between.
const INTERVAL: Duration = Duration::from_secs(2);
/// What is kept free where nothing else is said, in bytes.
const USUAL: u64 = 256 << 20;
/// The part of a small disk that is kept free instead.
const PART: u64 = 20;
/// Once it is low, there must be this part of the reserve more before it is not: a disk that is just at its limit would
/// change its state, and say so in the log, again and again.
const MARGIN: u64 = 16;

/// The space on a disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// What may still be written.
    pub free: u64,
    /// The whole disk.
    pub total: u64,
}

type Measure = dyn Fn(&Path) -> io::Result<Space> + Send + Sync;

/// What tells the space on the disk of a folder; tests have one of their own.
#[derive(Clone)]
pub struct Gauge(Arc<Measure>);

impl Gauge {
    /// The machine's own.
    #[must_use]
    pub fn system() -> Self {
        Self::new(|folder| {
            let disk = rustix::fs::statvfs(folder)?;
            let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
            Ok(Space { free: bytes(disk.f_bavail), total: bytes(disk.f_blocks) })
        })
    }

    /// One that answers as this function does.
    #[must_use]
    pub fn new(space: impl Fn(&Path) -> io::Result<Space> + Send + Sync + 'static) -> Self {
        Self(Arc::new(space))
    }
}

impl Default for Gauge {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gauge")
    }
}

/// How much of the disk is kept free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserve {
    /// 256 MB, or a twentieth of the disk if that is less.
    Auto,
    /// So many bytes; none at all switches the check off.
    Bytes(u64),
}

impl Reserve {
    fn of(self, total: u64) -> u64 {
        match self {
            Self::Auto => USUAL.min(total / PART),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl FromStr for Reserve {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "it is auto, or a size such as 500MB, 2GB or 0";
        if text == "auto" {
            return Ok(Self::Auto);
        }
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| WRONG)?;
        let factor: u64 = match unit {
            "MB" => 1 << 20,
            "GB" => 1 << 30,
            "" if number == 0 => 1,
            _ => return Err(WRONG),
        };
        number.checked_mul(factor).map(Self::Bytes).ok_or("this is more than any disk has")
    }
}

/// Whether the disk is nearly full; a cheap handle.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<AtomicBool>);

impl Disk {
    /// Whether there is less space than is to be kept free.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Looks at the space of a folder's disk again and again.
    pub(crate) async fn watch(self, gauge: Gauge, folder: PathBuf, reserve: Reserve) {
        if reserve == Reserve::Bytes(0) {
            return std::future::pending().await;
        }
        let mut has_failed = false;
        loop {
            let (gauge, folder) = (gauge.clone(), folder.clone());
            // It waits for a disk that does not answer.
            match spawn_blocking(move || (gauge.0)(&folder))
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error)))
            {
                Ok(space) => {
                    self.note(space, reserve);
                    has_failed = false;
                }
                Err(error) if !has_failed => {
                    tracing::warn!(%error, "the free space on the data folder's disk can't be read");
                    has_failed = true;
                }
                Err(_) => {}
            }
            sleep(INTERVAL).await;
        }
    }

    fn note(&self, space: Space, reserve: Reserve) {
        let Space { free, total } = space;
        let reserve = reserve.of(total);
        let was_low = self.is_low();
        let margin = if was_low { reserve / MARGIN } else { 0 };
        let is_low = free < reserve.saturating_add(margin);
        self.0.store(is_low, Ordering::Relaxed);
        let megabytes = |bytes: u64| bytes >> 20;
        let (free_mb, reserve_mb) = (megabytes(free), megabytes(reserve));
        match (was_low, is_low) {
            (false, true) => tracing::error!(
                free_mb,
                reserve_mb,
                "the disk is nearly full (see --disk-reserve): no messages, people or rooms are stored until there is space"
            ),
            (true, false) => tracing::info!(free_mb, "there is space on the disk again"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_a_size_or_left_to_the_server() {
        assert_eq!("auto".parse(), Ok(Reserve::Auto));
        assert_eq!("500MB".parse(), Ok(Reserve::Bytes(500 << 20)));
        assert_eq!("2GB".parse(), Ok(Reserve::Bytes(2 << 30)));
        assert_eq!("0".parse(), Ok(Reserve::Bytes(0)));
        for wrong in ["", "5", "MB", "5 MB", "-1MB", "1.5GB", "99999999999999GB", "99999999999999999999GB", "off"] {
            assert!(wrong.parse::<Reserve>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn of_a_small_disk_a_part_is_kept_free() {
        assert_eq!(Reserve::Auto.of(1 << 40), 256 << 20);
        assert_eq!(Reserve::Auto.of(100 << 20), 5 << 20);
        assert_eq!(Reserve::Bytes(1 << 30).of(100 << 20), 1 << 30, "the operator's word");
    }

    #[test]
    fn it_is_low_below_the_reserve_and_again_enough_a_little_above() {
        let disk = Disk::default();
        let low_at = |free| {
            disk.note(Space { free, total: 1 << 40 }, Reserve::Bytes(1_600));
            disk.is_low()
        };
        assert!(!low_at(1_600));
        assert!(low_at(1_599));
        assert!(low_at(1_699), "a margin");
        assert!(!low_at(1_700));
        assert!(!low_at(1_600));
    }

    #[test]
    fn the_machine_has_a_disk() {
        let Space { free, total } = (Gauge::system().0)(Path::new(".")).expect("an answer");
        assert!(total > 0 && free <= total);
    }
}
