//! A bot that says again what is said to it in a room: `echo http://127.0.0.1:3000 lobby`.
//!
//! It keeps its session and what it has not sent yet in the folder that it is started in, and so is the same person, and
//! goes on where it was, after a restart.
//!
//! It answers each message once, whenever it is stopped. What is answered can't be noted in the same moment in which the
//! answer is kept, so the answers themselves say it: each begins with the place (`seq`) of the message that it answers, in
//! the order of the room. At the start the bot looks for its last answer, among what it has not sent yet and in the room, back
//! to where it has read. It has read a message only when the server has the answer. Of what it missed, it answers what is
//! among the latest 500 messages or so.

use std::{collections::VecDeque, fs, path::Path};

use madang_client::{
    driver::{Client, Credentials, Error, Options, Posting, Room},
    feed::Event,
    open_room::OpenRoom,
    timeline::Timeline,
};
use madang_common::{
    id::Seq,
    limits::DIGEST_MESSAGES,
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
    let mut answered = last_answered(&room).await?;
    // What was said while the bot was away is still to be answered.
    let held: Vec<MessageView> = room.with(|open| open.timeline.messages().cloned().collect()).unwrap_or_default();
    let mut postings: VecDeque<(Seq, Posting)> = VecDeque::new();
    for message in &held {
        postings.extend(answer(&room, message, &mut answered));
    }
    loop {
        tokio::select! {
            event = room.next() => match event {
                // It may have been among what the room held.
                Some(Event::New(message)) => postings.extend(answer(&room, &message, &mut answered)),
                Some(_) => {}
                None => return Ok(()),
            },
            (seq, outcome) = first_outcome(&mut postings) => match outcome {
                Ok(_) => room.read(seq),
                Err(error) => eprintln!("message {seq} is not answered: {error}"),
            },
        }
    }
}

/// What comes of the answer that was posted first: answers are sent in order. May be dropped and called again.
async fn first_outcome(postings: &mut VecDeque<(Seq, Posting)>) -> (Seq, Result<MessageView, Error>) {
    let Some((seq, posting)) = postings.front_mut() else { return std::future::pending().await };
    let (seq, outcome) = (*seq, posting.await);
    postings.pop_front();
    (seq, outcome)
}

/// The last message that was answered or need not be.
async fn last_answered(room: &Room) -> Result<Seq, Error> {
    let client = room.client();
    // Before the room is looked at: what is sent meanwhile is found there.
    let unsent: Vec<MessageText> =
        client.with_view(|view| view.outbox.0.of(room.id()).map(|pending| pending.text.clone()).collect());
    let read = room.with(|open| open.read_on_open).unwrap_or_default();
    let mut held = None;
    // As long as that brings more.
    while let Some(first) = room.with(|open| to_be_loaded_before(&open.timeline, read)).flatten()
        && held.replace(first) != Some(first)
    {
        room.load_earlier().await?;
    }
    let me = client.me().map(|me| me.id);
    let answers = |open: &OpenRoom| {
        let own = open.timeline.messages().filter(|message| Some(message.author.id) == me);
        // What it said in another way before is no answer to something later.
        own.filter_map(|own| answered_by(text_of(own)?).filter(|seq| *seq < own.seq)).max()
    };
    let sent = room.with(answers).flatten();
    Ok(unsent.iter().filter_map(answered_by).chain(sent).fold(read, Seq::max))
}

/// The first message that is held, if others before it may have been missed. More than so many are not held for long.
fn to_be_loaded_before(timeline: &Timeline, read: Seq) -> Option<Seq> {
    let may_have_more = timeline.has_earlier() && timeline.len() < DIGEST_MESSAGES;
    timeline.first().filter(|first| may_have_more && first.0 > read.0 + 1)
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

/// Says again what others say, once, and never what it said itself.
fn answer(room: &Room, message: &MessageView, answered: &mut Seq) -> Option<(Seq, Posting)> {
    if message.seq <= *answered {
        return None;
    }
    *answered = message.seq;
    let me = room.client().me().map(|me| me.id);
    let text = text_of(message).filter(|_| Some(message.author.id) != me)?;
    // It is kept and sent whether anybody waits for it or not.
    Some((message.seq, room.post(answer_to(message.seq, text))))
}

fn text_of(message: &MessageView) -> Option<&MessageText> {
    match &message.body {
        Body::Text { text, .. } => Some(text),
        Body::Deleted | Body::Joined | Body::Left => None,
    }
}

/// The answer to what was said at this place.
fn answer_to(seq: Seq, text: &MessageText) -> MessageText {
    let short = || MessageText::parse(&format!("{seq}: that is too long to be said again"));
    MessageText::parse(&format!("{seq}: {}", text.as_str())).or_else(|_| short()).expect("it is short, and not blank")
}

/// Which message this is the answer to.
fn answered_by(answer: &MessageText) -> Option<Seq> {
    answer.as_str().split_once(':')?.0.parse().ok().map(Seq)
}

fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, secret.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_which_message_it_answers() {
        for said in ["hello", "7: seven", "a:b", "\u{1F600}", &"x".repeat(4_000)] {
            let answer = answer_to(Seq(12), &MessageText::parse(said).expect("a text"));
            assert_eq!(answered_by(&answer), Some(Seq(12)), "{said:?}");
        }
        assert_eq!(answered_by(&MessageText::parse("hello").expect("a text")), None);
    }
}
