//! What lies in the data folder, and who may read it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use crate::support::{TestServer, within};

/// Whether any file of the folder holds these words.
fn holds(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).expect("a folder").any(|entry| {
        // SQLite removes a file now and then.
        let bytes = fs::read(entry.expect("an entry").path()).unwrap_or_default();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

async fn until_gone(folder: &Path, words: &str) {
    let gone = async {
        while holds(folder, words) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    within(gone).await;
}

#[tokio::test]
async fn what_is_edited_or_deleted_leaves_the_disk_of_a_server_that_goes_on() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let edited = minsu.post(minsu.lobby, 1, "first the secret 7f3a").await.expect("posted");
    let deleted = minsu.post(minsu.lobby, 2, &"then the secret b19c ".repeat(190)).await.expect("posted");
    minsu.post(minsu.lobby, 3, "and this stays e5d0").await.expect("posted");
    for words in ["first the secret 7f3a", "then the secret b19c", "and this stays e5d0"] {
        assert!(holds(server.data_folder(), words), "what is stored can be found: {words}");
    }
    minsu.edit(edited.id, "something else").await.expect("edited");
    minsu.delete(deleted.id).await.expect("deleted");
    until_gone(server.data_folder(), "first the secret 7f3a").await;
    until_gone(server.data_folder(), "then the secret b19c").await;
    assert!(holds(server.data_folder(), "and this stays e5d0"));
    minsu.post(minsu.lobby, 4, "and it goes on").await.expect("posted");
}

#[tokio::test]
async fn what_was_deleted_is_gone_when_the_server_has_stopped() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let deleted = minsu.post(minsu.lobby, 1, "the last secret c44e").await.expect("posted");
    minsu.delete(deleted.id).await.expect("deleted");
    assert!(holds(server.data_folder(), "the last secret c44e"), "still in the log");
    let server = server.restart().await;
    assert!(!holds(server.data_folder(), "the last secret c44e"));
}

#[tokio::test]
async fn nobody_else_may_read_the_files() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    minsu.post(minsu.lobby, 1, "여기요").await.expect("posted");
    let mut names = Vec::new();
    for entry in fs::read_dir(server.data_folder()).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("what it is").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().expect("UTF-8"));
    }
    names.sort();
    assert_eq!(names, ["madang.lock", "madang.sqlite3", "madang.sqlite3-shm", "madang.sqlite3-wal"]);
}
