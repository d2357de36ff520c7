use madang_common::id::UserId;

use super::arrivals::tell_all;
use crate::{
    chat::{
        Actor,
        connection::Connect,
        fixtures::{Trial, within},
    },
    net::websocket,
    publish::Socket,
    store::{lifetime::Standing, sessions},
};

#[tokio::test]
async fn hundreds_who_are_cut_off_at_once_are_noted_in_one_command() {
    let mut trial = Trial::new().await;
    let mut tokens = Vec::new();
    for number in 0..300 {
        tokens.push(trial.join(&format!("person {number}")).await);
    }
    let (sender, mut heard) = websocket::queue(1_000);
    let (_, witness) = trial.join("witness").await;
    let connect = Connect { chat: trial.chat.clone(), token: witness, socket: Socket::Plain(sender) };
    let _witness: Actor = trial.run(connect).await.expect("a session");
    trial.clock.advance(std::time::Duration::from_secs(60));

    let went: Vec<(UserId, bool)> = tokens.iter().map(|(user, _)| (*user, false)).collect();
    let chat = trial.chat.clone();
    let both = async { tokio::join!(tell_all(&chat, &went), trial.committer.commit(1)) };
    within(both).await;
    for (user, token) in &tokens {
        let session = sessions::get(trial.committer.conn(), token, Standing::ANY)
            .await
            .expect("the database")
            .expect("a session");
        assert_eq!((session.user.id, session.seen_at), (*user, trial.clock.now()));
    }
    let mut gone = 0;
    while let Some(frame) = heard.take_frame() {
        gone += usize::from(frame.contains("presence.changed") && frame.contains("false"));
    }
    assert_eq!(gone, 300, "each is told to be gone, once");
}
