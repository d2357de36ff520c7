//! The data folder: locked by one server at a time, and private to its user.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use super::OpenError;

/// The database in the data folder.
pub(super) const DATABASE: &str = "madang.sqlite3";
/// What SQLite puts beside it; it gives them the database's permissions when it makes them.
const BESIDE: [&str; 3] = ["madang.sqlite3-wal", "madang.sqlite3-shm", "madang.sqlite3-journal"];
const LOCK: &str = "madang.lock";

/// Read and written by the server's own user. What is in the database are people's messages, and sessions' hashes.
const OWN_FOLDER: u32 = 0o700;
const OWN_FILE: u32 = 0o600;
/// All that others may do.
const OTHERS: u32 = 0o077;

/// Makes the folder when it is missing, locks it, and sees to it that nobody else may read what is in it.
///
/// # Errors
/// [`OpenError::Folder`], [`OpenError::InUse`].
pub(super) fn open(folder: &Path) -> Result<File, OpenError> {
    let unwritable = |source| OpenError::Folder { folder: folder.to_owned(), source };
    make(folder).map_err(unwritable)?;
    let lock = own_file(&folder.join(LOCK)).map_err(unwritable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => return Err(unwritable(source)),
    }
    // Before SQLite would make it, as the umask says.
    drop(own_file(&folder.join(DATABASE)).map_err(unwritable)?);
    for name in [LOCK, DATABASE].into_iter().chain(BESIDE) {
        keep_to_oneself(&folder.join(name));
    }
    Ok(lock)
}

/// Makes the folder, for the server's user alone. One that is there already may be there for others too, so it stays as
/// it is.
fn make(folder: &Path) -> io::Result<()> {
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => {
            let mode = found.permissions().mode() & 0o777;
            if mode & OTHERS != 0 {
                tracing::warn!(
                    ?folder,
                    mode = format_args!("{mode:o}"),
                    "others may look into the data folder; `chmod 700` would keep them out"
                );
            }
            Ok(())
        }
        // A file in its place is said to be there by what makes the folder.
        _ => {
            if let Some(parent) = folder.parent() {
                fs::create_dir_all(parent)?;
            }
            DirBuilder::new().mode(OWN_FOLDER).create(folder)
        }
    }
}

/// Opens a file to write to, and makes it when it is missing.
fn own_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(OWN_FILE).open(path)
}

/// Takes from others what they may do with a file that is there.
fn keep_to_oneself(path: &Path) {
    // Not there: it will be made with the right permissions.
    let Ok(found) = fs::metadata(path) else { return };
    let mode = found.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        return;
    }
    match fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS)) {
        Ok(()) => tracing::info!(?path, "others could read this file; now they cannot"),
        Err(error) => tracing::warn!(%error, ?path, "others may read this file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_that_is_made_is_the_servers_own() {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("in/it");
        let _lock = open(&folder).expect("made");
        assert_eq!(mode(&folder), OWN_FOLDER);
        for name in [LOCK, DATABASE] {
            assert_eq!(mode(&folder.join(name)), OWN_FILE, "{name}");
        }
    }

    #[test]
    fn files_that_others_could_read_are_mended_and_a_folder_that_was_there_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("set");
        for name in [LOCK, DATABASE].into_iter().chain(BESIDE).chain(["another's"]) {
            fs::write(folder.path().join(name), "kept").expect("written");
            fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o644)).expect("set");
        }
        let _lock = open(folder.path()).expect("opened");
        assert_eq!(mode(folder.path()), 0o755);
        assert_eq!(mode(&folder.path().join("another's")), 0o644);
        for name in [LOCK, DATABASE].into_iter().chain(BESIDE) {
            assert_eq!(mode(&folder.path().join(name)), OWN_FILE, "{name}");
            assert_eq!(fs::read_to_string(folder.path().join(name)).expect("readable"), "kept", "{name}");
        }
    }
}
