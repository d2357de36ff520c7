use std::time::Duration;

use madang_common::{
    fault::FaultCode,
    id::{RoomId, Seq, UserId},
    limits::ROOMS_PER_PERSON,
    text::{RoomName, RoomTopic},
    time::UnixMillis,
};

use super::{
    SignIn, Touch,
    sign_out::{SignOut, SignedOut},
};
use crate::{
    chat::{
        commit::Command,
        connection::Reconnect,
        fixtures::{LOBBY, Trial, client_id, name, within, words},
        message::{Edit, Post},
        read_marker::Read,
        room::{Create, Join, Leave},
    },
    error::Refusal,
    net::websocket,
    publish::Socket,
    secret::TokenHash,
    store::{
        fixtures::{Crowd, fill, join_many, members_without_session, rows_in},
        lifetime::Standing,
        sessions,
    },
};

const TEN_YEARS_MS: i64 = 10 * 365 * 86_400_000;

fn create(user: UserId, room: &str) -> Create {
    let topic = RoomTopic::parse("").expect("no topic");
    Create { user, name: RoomName::parse(room).expect("a name"), topic, most: 1_000 }
}

fn code<T>(answer: Result<T, Refusal>) -> Option<FaultCode> {
    match answer {
        Err(Refusal::Fault(fault)) => Some(fault.code),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    }
}

/// What becomes of a command in the same transaction as the person's leaving, which comes before it or after it.
async fn beside_leaving<C: Command>(trial: &mut Trial, user: UserId, command: C, after: bool) -> Option<FaultCode> {
    let committer = trial.chat.0.parts.committer.clone();
    let (left, answer, _) = if after {
        let leave = committer.commit(SignOut { user });
        tokio::join!(leave, committer.commit(command), trial.committer.commit(2))
    } else {
        let (answer, left, names) =
            tokio::join!(committer.commit(command), committer.commit(SignOut { user }), trial.committer.commit(2));
        (left, answer, names)
    };
    assert_eq!(left.expect("the session stood"), SignedOut::Gone);
    code(answer)
}

#[tokio::test]
async fn whose_session_has_ended_does_nothing_more_though_it_was_asked_before() {
    let mut trial = Trial::new().await;
    let (host, _) = trial.join("host").await;
    let garden = trial.run(create(host, "garden")).await.expect("a room");
    for after in [false, true] {
        let refused = after.then_some(FaultCode::NotSignedIn);
        let (user, _) = trial.join("who comes").await;
        let join = Join { user, room: garden };
        assert_eq!(beside_leaving(&mut trial, user, join, after).await, refused, "joining a room");
        let (user, _) = trial.join("who comes").await;
        let made = create(user, if after { "never made" } else { "made" });
        assert_eq!(beside_leaving(&mut trial, user, made, after).await, refused, "making a room");
        let (user, _) = trial.join("who comes").await;
        let post = Post { user, room: LOBBY, client_id: client_id(1), text: words("hello") };
        assert_eq!(beside_leaving(&mut trial, user, post, after).await, refused, "saying something");
        let (user, _) = trial.join("who comes").await;
        let post = Post { user, room: LOBBY, client_id: client_id(1), text: words("hello") };
        let message = trial.run(post).await.expect("posted").id;
        let edit = Edit { user, message, text: words("well") };
        assert_eq!(beside_leaving(&mut trial, user, edit, after).await, refused, "editing");
        let (user, _) = trial.join("who comes").await;
        let read = Read { user, room: LOBBY, read: Seq(1) };
        assert_eq!(beside_leaving(&mut trial, user, read, after).await, refused, "reading on");
        let (user, _) = trial.join("who comes").await;
        let leave = Leave { user, room: garden };
        assert_eq!(beside_leaving(&mut trial, user, leave, after).await, refused, "leaving a room");
        let (user, _) = trial.join("who comes").await;
        let (sender, _) = websocket::queue(1);
        let reconnect = Reconnect { user, socket: Socket::Plain(sender) };
        assert_eq!(beside_leaving(&mut trial, user, reconnect, after).await, refused, "hearing again");
    }
    assert_eq!(members_without_session(trial.committer.conn()).await, []);
    assert_eq!(rows_in(trial.committer.conn(), "sessions").await, 1, "the host is still there");
}

#[tokio::test]
async fn who_leaves_hundreds_of_rooms_leaves_them_in_pieces_and_the_session_ends_with_the_last() {
    let mut trial = Trial::new().await;
    fill(trial.committer.conn(), Crowd { people: 3, rooms: 300, in_lobby: 2, in_room: 1 }).await;
    let (user, token) = trial.join("busy").await;
    join_many(trial.committer.conn(), user, ROOMS_PER_PERSON - 1).await;
    trial.run(Join { user, room: RoomId(290) }).await.expect("there is a place");
    assert_eq!(code(trial.run(Join { user, room: RoomId(291) }).await), Some(FaultCode::InTooManyRooms));
    assert_eq!(code(trial.run(create(user, "one more")).await), Some(FaultCode::InTooManyRooms));
    trial.run(Join { user, room: RoomId(290) }).await.expect("joining again changes nothing");

    let chat = trial.chat.clone();
    let leaving = tokio::spawn(async move { chat.sign_out(user).await });
    let mut pieces = 0;
    while sessions::get(trial.committer.conn(), &token, Standing::ANY).await.expect("the database").is_some() {
        within(trial.committer.commit(1)).await;
        pieces += 1;
        // Meanwhile they come into another room, in another tab. It is left with the others.
        if pieces == 3 {
            trial.run(Join { user, room: RoomId(291) }).await.expect("there is a place now");
        }
    }
    assert!(pieces > 10, "{pieces}: not all in one");
    within(leaving).await.expect("no panic").expect("left");
    assert_eq!(members_without_session(trial.committer.conn()).await, []);
    assert_eq!(rows_in(trial.committer.conn(), "sessions").await, 3, "the others are still there");
}

fn by_form(trial: &Trial, form: &str, as_name: &str) -> SignIn {
    SignIn { form: Some(TokenHash::of(form)), name: name(as_name), ..trial.joining(as_name) }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_at_once_is_one_person_with_two_sessions() {
    let mut trial = Trial::new().await;
    let committer = trial.chat.0.parts.committer.clone();
    let (first, second) = (by_form(&trial, "a form", "민수"), by_form(&trial, "a form", "민수"));
    let (first, second, _) =
        tokio::join!(committer.commit(first), committer.commit(second), trial.committer.commit(2));
    let (first, second) = (first.expect("in"), second.expect("in"));
    assert_eq!(first.user, second.user);
    for signed_in in [first, second] {
        let token = signed_in.token.expect("a session").hash();
        let session = sessions::get(trial.committer.conn(), &token, Standing::ANY)
            .await
            .expect("the database")
            .expect("it stands");
        assert!(session.holds_name);
    }
    assert_eq!(rows_in(trial.committer.conn(), "users").await, 1);
    assert_eq!(rows_in(trial.committer.conn(), "members").await, 1);
}

#[tokio::test]
async fn a_form_is_the_same_for_a_short_time_under_one_name_and_while_the_person_is_there() {
    let mut trial = Trial::new().await;
    let join = by_form(&trial, "a form", "민수");
    let minsu = trial.run(join).await.expect("in").user.id;

    // Another form, another name, and no form at all.
    let join = by_form(&trial, "another form", "민수");
    assert_eq!(code(trial.run(join).await), Some(FaultCode::NameTaken));
    let join = trial.joining("민수");
    assert_eq!(code(trial.run(join).await), Some(FaultCode::NameTaken));
    let join = by_form(&trial, "a form", "지나");
    assert_ne!(trial.run(join).await.expect("in").user.id, minsu);
    // That form stands for the other person now.
    let join = by_form(&trial, "a form", "민수");
    assert_eq!(code(trial.run(join).await), Some(FaultCode::NameTaken));

    let join = by_form(&trial, "a form", "지나");
    trial.run(join).await.expect("the same form again");
    trial.clock.advance(Duration::from_secs(121));
    let join = by_form(&trial, "a form", "지나");
    assert_eq!(code(trial.run(join).await), Some(FaultCode::NameTaken), "too late");

    // Whoever left is not brought back by their form.
    let join = by_form(&trial, "a third form", "보라");
    let bora = trial.run(join).await.expect("in").user.id;
    trial.run(SignOut { user: bora }).await.expect("gone");
    let join = by_form(&trial, "a third form", "보라");
    assert_ne!(trial.run(join).await.expect("in").user.id, bora);
    assert_eq!(rows_in(trial.committer.conn(), "joins").await, 1, "the old ones are forgotten");
}

#[tokio::test]
async fn a_clock_that_was_ahead_for_a_moment_keeps_no_name_for_years() {
    let mut trial = Trial::new().await;
    let start = trial.clock.now();
    let (minsu, _) = trial.join("민수").await;
    trial.clock.set(UnixMillis(start.0 + TEN_YEARS_MS));
    trial.run(Touch { user: minsu }).await.expect("noted");
    let join = by_form(&trial, "a form", "지나");
    trial.run(join).await.expect("in");

    trial.clock.set(UnixMillis(start.0 + 1_000));
    let join = trial.joining("민수");
    assert_eq!(code(trial.run(join).await), Some(FaultCode::NameTaken), "seen a moment ago");
    trial.clock.advance(Duration::from_secs(15 * 60));
    assert_ne!(trial.join("민수").await.0, minsu);
    let join = by_form(&trial, "a form", "지나");
    assert_eq!(code(trial.run(join).await), None, "her name is free as well, and her form is another's");
    assert_eq!(rows_in(trial.committer.conn(), "users").await, 4, "two are new");
}
