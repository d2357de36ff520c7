//! The program `madang`: its arguments, its first line, its errors, its end.

use std::{fs::OpenOptions, path::Path, process::Stdio};

use reqwest::redirect::Policy;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::Command,
};

use crate::support::{
    process::{Process, madang},
    within,
};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// One sentence on stderr, nothing on stdout, and a failure.
async fn assert_refused(mut command: Command, expected: &str) {
    let output = within(command.output()).await.expect("the program runs");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(!output.status.success(), "{expected}: {stderr}");
    assert_eq!(stderr.lines().count(), 1, "one sentence: {stderr}");
    assert!(stderr.contains(expected), "{expected}: {stderr}");
    assert_eq!(String::from_utf8(output.stdout).as_deref(), Ok(""), "{expected}");
}

#[tokio::test]
async fn it_says_what_it_is_and_what_it_can() {
    let output = within(madang(&["--version"]).output()).await.expect("the program runs");
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), format!("madang {}\n", env!("CARGO_PKG_VERSION")));
    for arguments in [&["--help"][..], &["serve", "--help"]] {
        let output = within(madang(arguments).output()).await.expect("the program runs");
        let help = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(output.status.success());
        for setting in ["--listen", "MADANG_LISTEN", "--data", "MADANG_DATA"] {
            assert!(help.contains(setting), "{setting} in {help}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = text(&data);

    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    assert_refused(madang(&["serve", "--listen", &address, "--data", data]), &format!("can't listen on {address}"))
        .await;

    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").expect("a file");
    let in_file = file.join("data");
    for unwritable in [&file, &in_file] {
        let command = madang(&["serve", "--listen", "127.0.0.1:0", "--data", text(unwritable)]);
        assert_refused(command, "can't be written").await;
    }

    assert_refused(madang(&["--colour"]), "--colour").await;
    assert_refused(madang(&["serve", "--listen", "nowhere"]), "--listen").await;
    assert_refused(madang(&["--name-hold", "15"]), "--name-hold").await;
    assert_refused(madang(&["--presence-grace", "1h"]), "--presence-grace").await;
    assert_refused(madang(&["--socket-buffer", "1"]), "--socket-buffer").await;
    assert_refused(madang(&["--allow-origin", "*"]), "--allow-origin").await;
    assert_refused(madang(&["--log", "a=b=c"]), "--log").await;
    assert_refused(madang(&["dance"]), "dance").await;

    let mut command = madang(&["serve"]);
    command.env("MADANG_LISTEN", "nowhere");
    assert_refused(command, "nowhere").await;
}

#[tokio::test]
async fn a_variable_that_is_no_setting_is_warned_of() {
    let variables = [
        ("MADANG_PORT", "tcp://10.0.0.1:3000"),
        ("MADANG_SERVICE_HOST", "10.0.0.1"),
        ("MADANG_ALLOW_ORIGINS", "https://secret.example"),
    ];
    let log = Process::start(&[], &variables).await.stop().await;
    for sentence in [
        "There is no setting MADANG_PORT;",
        "MADANG_SERVICE_HOST",
        "MADANG_ALLOW_ORIGINS; is MADANG_ALLOW_ORIGIN meant?",
    ] {
        assert!(log.contains(sentence), "{sentence} in {log}");
    }
    assert!(!log.contains("secret"), "a value is nobody's business: {log}");
}

#[tokio::test]
async fn an_empty_variable_is_none_whatever_the_setting() {
    let help = within(madang(&["serve", "--help"]).output()).await.expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let names = help.split("[env: ").skip(1).filter_map(|rest| rest.split_once('=')).map(|(name, _)| name);
    let variables: Vec<(&str, &str)> = names.flat_map(|name| [(name, "")]).collect();
    assert!(variables.len() > 10, "all settings have one: {variables:?}");
    for arguments in [&[][..], &["--log", "info"]] {
        let log = Process::start(arguments, &variables).await.stop().await;
        assert!(!log.contains("MADANG_"), "{log}");
    }
    let blank = [("MADANG_ALLOW_ORIGIN", " "), ("MADANG_ROOMS", "\t")];
    let log = Process::start(&[], &blank).await.stop().await;
    assert!(!log.contains("MADANG_"), "{log}");
    let mut command = madang(&["serve"]);
    command.env("MADANG_ROOMS", "many");
    assert_refused(command, "many").await;
}

#[tokio::test]
async fn a_log_that_cannot_be_written_does_not_keep_it_from_serving() {
    let folder = tempfile::tempdir().expect("a folder");
    // Takes nothing, as a full disk does.
    let full = OpenOptions::new().write(true).open("/dev/full").expect("a device that is full");
    let mut command = madang(&["--listen", "127.0.0.1:0", "--log", "trace", "--data", text(folder.path())]);
    let mut running = command.stdout(Stdio::piped()).stderr(full).spawn().expect("the program runs");
    let mut lines = BufReader::new(running.stdout.take().expect("piped")).lines();
    let line = within(lines.next_line()).await.expect("UTF-8").expect("a first line");
    let address = line.strip_prefix("Madang is at ").expect("where it is");
    let http = reqwest::Client::builder().redirect(Policy::none()).build().expect("an HTTP client");
    for name in ["민수", "지나"] {
        let join = http.post(format!("{address}/join")).form(&[("name", name)]);
        let answer = within(join.send()).await.expect("an answer");
        assert_eq!(answer.status(), 303);
    }
    assert!(running.try_wait().expect("its state").is_none(), "it still runs");
}

#[tokio::test]
async fn it_takes_as_many_files_as_it_may() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"ulimit -S -n 256; exec "$0" --listen 127.0.0.1:0 --data "$1""#]);
    shell.args([env!("CARGO_BIN_EXE_madang"), text(folder.path())]).env_clear().kill_on_drop(true);
    let mut running = shell.stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut lines = BufReader::new(running.stdout.take().expect("piped")).lines();
    within(lines.next_line()).await.expect("UTF-8").expect("a first line");
    let pid = running.id().expect("it runs");
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("its limits");
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("a line of files");
    let numbers: Vec<&str> = files.split_whitespace().collect();
    assert_ne!(numbers[0], "256");
    assert_eq!(numbers[0], numbers[1], "the soft limit is the hard one");
}

#[tokio::test]
async fn it_serves_says_where_and_stops_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, signal) in [(&["serve"][..], "-TERM"), (&[][..], "-INT")] {
        let mut command = madang(arguments);
        command.env("MADANG_LISTEN", "127.0.0.1:0").env("MADANG_DATA", folder.path().join("made for it"));
        let mut running = command.stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(running.stdout.take().expect("piped")).lines();
        let line = within(lines.next_line()).await.expect("UTF-8").expect("a first line");
        let address = line.strip_prefix("Madang is at ").expect("where it is");
        let health = within(reqwest::get(format!("{address}/health"))).await.expect("an answer");
        assert_eq!(health.status(), 200);

        // A waiting poll must not keep it from stopping.
        let poll = reqwest::get(format!("{address}/socket.io/?EIO=4&transport=polling")).await.expect("an answer");
        assert_eq!(poll.status(), 200);

        let other = madang(&["--listen", "127.0.0.1:0", "--data", text(&folder.path().join("made for it"))]);
        assert_refused(other, "Another Madang").await;

        let pid = running.id().expect("it runs").to_string();
        let asked = within(Command::new("kill").args([signal, &pid]).status()).await.expect("kill runs");
        assert!(asked.success());
        let ended = within(running.wait()).await.expect("it ends");
        assert!(ended.success(), "{ended}");
    }
}
