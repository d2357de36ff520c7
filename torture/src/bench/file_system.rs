//! What the data lies on, without which no figure of a database says anything.

use std::{
    fmt,
    fs::{self, File},
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::figures;
use crate::percentile::percentile;

/// How often the disk is asked to take something for good.
const TIMES: usize = 50;
/// How much, in bytes: a page of the database.
const PAGE: usize = 4_096;

/// The file system that a folder is on.
pub(super) struct FileSystem {
    kind: String,
    /// How long a page takes until it is on it.
    sync: Duration,
}

impl FileSystem {
    /// Asks the one that `folder` is on, which is made when it is missing.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let folder = fs::canonicalize(folder)?;
        let mounts = fs::read_to_string("/proc/self/mounts").context("no one says what is mounted where")?;
        let kind = kind_of(&folder, &mounts).context("the folder is on no file system")?.to_owned();
        let mut file = tempfile::tempfile_in(&folder)?;
        let syncs = (0..TIMES).map(|_| sync(&mut file)).collect::<Result<Vec<_>>>()?;
        let sync = percentile(syncs, 50).context("the disk was not asked")?;
        Ok(Self { kind, sync })
    }
}

impl fmt::Display for FileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, where fsync takes {:.2} ms", self.kind, figures::ms(self.sync))?;
        // It would measure everything but what is to be measured.
        if self.kind == "tmpfs" { write!(f, " because there is NO DISK") } else { Ok(()) }
    }
}

fn sync(file: &mut File) -> Result<Duration> {
    let start = Instant::now();
    file.write_all(&[1; PAGE])?;
    file.sync_data()?;
    Ok(start.elapsed())
}

/// The type of the file system that holds `folder`, by what is mounted (proc(5), `/proc/pid/mounts`).
fn kind_of<'a>(folder: &Path, mounts: &'a str) -> Option<&'a str> {
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((Path::new(fields.next()?), fields.next()?))
    });
    // What is mounted later lies over what was mounted before at the same place: `max_by_key` takes the last.
    let holding = mounts.filter(|(place, _)| folder.starts_with(place));
    holding.max_by_key(|(place, _)| place.components().count()).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_holds_a_folder() {
        let mounts =
            "/dev/vda / ext4 rw 0 0\nproc /proc proc rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/b /tmp/b xfs rw 0 0\n";
        let kind = |folder| kind_of(Path::new(folder), mounts);
        assert_eq!(kind("/srv/madang/target"), Some("ext4"));
        assert_eq!(kind("/tmp/data"), Some("tmpfs"));
        assert_eq!(kind("/tmp/b/data"), Some("xfs"));
        assert_eq!(kind("/tmpx"), Some("ext4"), "a name that begins alike is another folder");
        assert_eq!(kind_of(Path::new("/x"), ""), None);
    }
}
