//! The outbox on the disk: a file, which is replaced as a whole and is the client's alone while it runs.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use madang_common::id::{ClientId, UserId};
use serde::{Deserialize, Serialize};

use super::Error;
use crate::outbox::{Outbox, Pending};

/// What the file is called inside, with the version of its form.
const FORM: &str = "madang outbox 1";
/// How long a client that has just ended may still hold the file.
const LOCKED: Duration = Duration::from_secs(5);

/// What is unsent, in a file or in memory alone.
#[derive(Debug, Default)]
pub(super) struct OutboxFile {
    place: Option<Place>,
    /// Whose it is; `None` before the server has said who that is.
    owner: Option<UserId>,
    unsent: BTreeMap<ClientId, Pending>,
    /// What was kept before it was known whether it goes into this file.
    unclaimed: Vec<ClientId>,
    is_claimed: bool,
    /// The file does not hold what is here, for it could not be written.
    is_unwritten: bool,
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    /// Held for as long as the client lives.
    _lock: File,
}

/// What is to be done with one message: kept, or removed.
pub(super) type Write = (ClientId, Option<Box<Pending>>);

#[derive(Deserialize, Serialize)]
struct Contents {
    form: String,
    /// Nobody's yet is a file of what was said before the first connection.
    owner: Option<UserId>,
    unsent: Outbox,
}

impl OutboxFile {
    /// Opens the file, which need not exist. Blocks.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |why: String| Error::Outbox { path: path.to_owned(), why };
        let place = Place { path: path.to_owned(), _lock: lock(path).map_err(failed)? };
        let contents = match fs::read_to_string(path) {
            Ok(text) => Some(read(&text).map_err(failed)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error.to_string())),
        };
        let owner = contents.as_ref().and_then(|contents| contents.owner);
        let mut unsent: BTreeMap<ClientId, Pending> = BTreeMap::new();
        for pending in contents.iter().flat_map(|contents| contents.unsent.iter()) {
            match &pending.refused {
                // The program ended before it could be told.
                Some(fault) => tracing::warn!("message {} had been refused: {fault}", pending.client_id),
                None => drop(unsent.insert(pending.client_id, pending.clone())),
            }
        }
        Ok(Self { place: Some(place), owner, unsent, ..Self::default() })
    }

    /// Says whose messages it is to hold. If they are somebody else's, what was kept meanwhile leaves with the next write.
    pub(super) fn claim(&mut self, me: UserId) -> Result<(), Error> {
        let unclaimed = std::mem::take(&mut self.unclaimed);
        match (&self.place, self.owner) {
            (Some(place), Some(owner)) if owner != me => {
                // It would be sent in the name of the other.
                let path = place.path.clone();
                self.is_unwritten |= !unclaimed.is_empty();
                unclaimed.iter().for_each(|id| drop(self.unsent.remove(id)));
                let why = format!("it holds what person {owner} has not sent, and this is person {me}");
                Err(Error::Outbox { path, why })
            }
            _ => {
                self.owner = Some(me);
                self.is_claimed = true;
                Ok(())
            }
        }
    }

    /// All that is unsent.
    pub(super) fn read(&self) -> Outbox {
        let mut outbox = Outbox::default();
        self.unsent.values().for_each(|pending| outbox.put(pending.clone()));
        outbox
    }

    /// Whether the file does not hold what is here.
    pub(super) fn is_unwritten(&self) -> bool {
        self.is_unwritten
    }

    /// Does all of this at once, with what could not be done before; then it is on the disk. If it can't be, it is done here
    /// alone until the next write. Blocks.
    pub(super) fn write(&mut self, writes: Vec<Write>) -> Result<(), Error> {
        for (id, message) in writes {
            match message {
                Some(pending) => {
                    if !self.is_claimed {
                        self.unclaimed.push(id);
                    }
                    drop(self.unsent.insert(id, *pending));
                }
                None => drop(self.unsent.remove(&id)),
            }
        }
        let Some(place) = &self.place else { return Ok(()) };
        let contents = Contents { form: FORM.to_owned(), owner: self.owner, unsent: self.read() };
        let written = serde_json::to_vec(&contents).map_err(io::Error::from);
        let written = written.and_then(|contents| replace(&place.path, &contents));
        self.is_unwritten = written.is_err();
        written.map_err(|error| Error::Unwritten { path: place.path.clone(), why: error.to_string() })
    }
}

fn read(text: &str) -> Result<Contents, String> {
    let contents: Contents = serde_json::from_str(text).map_err(|error| format!("it is none: {error}"))?;
    if contents.form == FORM { Ok(contents) } else { Err(format!("it is of another form, {:?}", contents.form)) }
}

/// Puts this in place of what the file holds: all of it or nothing, whenever the machine loses its power.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let new = beside(path, "new");
    let mut file = private(OpenOptions::new().write(true).create(true).truncate(true)).open(&new)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    // The name is in the folder, which is on the disk by itself.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Nobody else reads what has not been said yet.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Two clients with one outbox would send everything twice, and each undo what the other has written. The lock is on a file
/// of its own, for the outbox is another file after each write.
fn lock(path: &Path) -> Result<File, String> {
    let start = Instant::now();
    let file = private(OpenOptions::new().write(true).create(true).truncate(false)).open(beside(path, "lock"));
    let file = file.map_err(|error| error.to_string())?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < LOCKED => thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::WouldBlock) => return Err("another client has it open".to_owned()),
            Err(TryLockError::Error(error)) => return Err(error.to_string()),
        }
    }
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(extension);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use madang_common::{id::RoomId, text::MessageText, time::UnixMillis};

    use super::*;
    use crate::fixtures::client_id;

    fn pending(n: i64) -> Pending {
        let text = MessageText::parse("unsent").expect("a text");
        Pending { client_id: client_id(n), room: RoomId(1), text, composed_at: UnixMillis(n), refused: None }
    }

    fn ids(outbox: &OutboxFile) -> Vec<ClientId> {
        outbox.read().iter().map(|pending| pending.client_id).collect()
    }

    #[test]
    fn what_was_written_is_there_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let mut file = OutboxFile::open(&path).expect("an outbox");
        file.claim(UserId(7)).expect("it is nobody's");
        let keep = |n| (client_id(n), Some(Box::new(pending(n))));
        file.write(vec![keep(2), keep(1), keep(3)]).expect("it can be written");
        file.write(vec![(client_id(2), None)]).expect("it can be written");
        drop(file);
        let mut file = OutboxFile::open(&path).expect("an outbox");
        assert_eq!(ids(&file), [client_id(1), client_id(3)]);
        assert!(file.claim(UserId(7)).is_ok());
        assert!(matches!(file.claim(UserId(8)), Err(Error::Outbox { .. })), "it is somebody else's");
    }

    #[test]
    fn what_was_kept_before_it_was_known_whose_it_is_goes_to_whoever_comes_first_and_to_nobody_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let keep = |n| (client_id(n), Some(Box::new(pending(n))));
        OutboxFile::open(&path).expect("an outbox").write(vec![keep(1)]).expect("it can be written");
        let mut file = OutboxFile::open(&path).expect("an outbox of nobody's");
        assert_eq!(ids(&file), [client_id(1)]);
        file.claim(UserId(7)).expect("it is nobody's");
        file.write(vec![keep(2)]).expect("it can be written");
        drop(file);
        let mut file = OutboxFile::open(&path).expect("an outbox");
        file.write(vec![keep(3)]).expect("it can be written");
        assert!(file.claim(UserId(8)).is_err(), "it is somebody else's");
        assert!(file.is_unwritten(), "what person 8 has said is to leave it");
        file.write(vec![]).expect("it can be written");
        drop(file);
        let file = OutboxFile::open(&path).expect("an outbox");
        assert_eq!((ids(&file), file.owner), (vec![client_id(1), client_id(2)], Some(UserId(7))));
    }

    #[test]
    fn what_could_not_be_written_is_written_with_what_comes_next() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let keep = |n| (client_id(n), Some(Box::new(pending(n))));
        let mut file = OutboxFile::open(&path).expect("an outbox");
        // As a full disk: the new file can't be made.
        fs::create_dir(beside(&path, "new")).expect("a folder");
        assert!(matches!(file.write(vec![keep(1)]), Err(Error::Unwritten { .. })));
        assert!(file.is_unwritten());
        fs::remove_dir(beside(&path, "new")).expect("it is empty");
        file.write(vec![keep(2)]).expect("it can be written");
        assert!(!file.is_unwritten());
        drop(file);
        assert_eq!(ids(&OutboxFile::open(&path).expect("an outbox")), [client_id(1), client_id(2)]);
    }

    #[test]
    fn a_foreign_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        for foreign in ["", "my thesis", "{}", r#"{"form":"madang outbox 2","owner":1,"unsent":[]}"#] {
            fs::write(&path, foreign).expect("it can be written");
            assert!(matches!(OutboxFile::open(&path), Err(Error::Outbox { .. })), "{foreign:?}");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), foreign);
        }
    }

    #[test]
    fn what_a_crash_left_half_written_is_not_the_outbox() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let mut file = OutboxFile::open(&path).expect("an outbox");
        file.claim(UserId(7)).expect("it is nobody's");
        file.write(vec![(client_id(1), Some(Box::new(pending(1))))]).expect("it can be written");
        drop(file);
        fs::write(beside(&path, "new"), "{\"form\":\"mad").expect("it can be written");
        assert_eq!(ids(&OutboxFile::open(&path).expect("an outbox")), [client_id(1)]);
    }

    #[test]
    fn two_clients_do_not_share_an_outbox() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let file = OutboxFile::open(&path).expect("an outbox");
        assert!(lock_now(&path).is_err(), "it is held");
        drop(file);
        assert!(lock_now(&path).is_ok(), "it is free again");
    }

    fn lock_now(path: &Path) -> Result<(), TryLockError> {
        File::open(beside(path, "lock")).map_err(TryLockError::Error)?.try_lock()
    }
}
