//! A bot that says again what is said to it in a room: `echo http://127.0.0.1:3000 lobby`.
//!
//! It keeps its session and what it has not sent yet in the folder that it is started in, and so is the same person, and
//! goes on where it was, after a restart.

use std::{fs, path::Path};

use madang_client::{
    driver::{Client, Credentials, Error, Options, Room},
    feed::Event,
};
use madang_common::{
    message::{Body, MessageView},
    text::MessageText,
};

const NAME: &str = "Echo";
const SESSION: &str = "echo.session";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(server), Some(room)) = (arguments.next(), arguments.next()) else {
        return Err("usage: echo SERVER ROOM, such as echo http://127.0.0.1:3000 lobby".into());
    };
    let client = connect(&server).await?;
    let mut room = client.follow(&room).await?;
    println!("listening");
    // What was said while the bot was away is still to be answered.
    let (read, held) =
        room.with(|open| (open.read_on_open, open.timeline.messages().cloned().collect())).unwrap_or_default();
    let held: Vec<MessageView> = held;
    for message in held.iter().filter(|message| message.seq > read) {
        answer(&room, message);
    }
    while let Some(event) = room.next().await {
        if let Event::New(message) = event {
            answer(&room, &message);
        }
    }
    Ok(())
}

/// Comes back as who it was, or joins. The session is a secret.
async fn connect(server: &str) -> Result<Client, Error> {
    let options = Options { outbox: Some("echo.outbox".into()), ..Options::default() };
    if let Ok(session) = fs::read_to_string(SESSION) {
        return Client::connect(server, Credentials::Session(session.trim().parse()?), options).await;
    }
    let client = Client::connect(server, Credentials::Name(NAME.to_owned()), options).await?;
    if let Err(error) = write_secret(Path::new(SESSION), &client.session().to_string()) {
        eprintln!("{SESSION} could not be written, so the next start is as somebody else: {error}");
    }
    Ok(client)
}

/// Says again what others say, and never what it said itself.
fn answer(room: &Room, message: &MessageView) {
    let me = room.client().me().map(|me| me.id);
    if let Body::Text { text, .. } = &message.body
        && Some(message.author.id) != me
        && let Ok(text) = MessageText::parse(text.as_str())
    {
        // It is kept and sent whether anybody waits for it or not. What was answered has been read.
        drop(room.post(text));
    }
    room.read(message.seq);
}

fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, secret.as_bytes())
}
