//! What is stored takes no more than is counted for it: the database is measured before and after the worst names and
//! texts that there may be.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use madang_common::{
    id::ClientId,
    limits::{ROOM_NAME_CHARS, ROOM_TOPIC_CHARS, ROOMS_PER_PERSON, USER_NAME_CHARS},
    text::{RoomName, RoomTopic},
};

use super::{
    account::SignIn,
    fixtures::{LOBBY, Trial, words},
    guest::Say,
    guest_tests::origin,
    message::Post,
    room::{Create, Join},
};
use crate::{names, net::limits::stored, secret::Token};

/// Rows of each kind; enough that a page more or less of an index does not matter.
const COUNT: usize = 400;

/// Names of so many characters, each of which has the most bytes that a character can have, or becomes the most letters.
const WORST: [fn(usize, usize) -> String; 2] = [
    |number, chars| (0..chars).map(|at| ideograph(number, at)).collect(),
    |number, chars| (0..chars - 4).map(|_| '\u{fdfa}').chain((0..4).map(|at| ideograph(number, at))).collect(),
];

/// One of 40,000 with four bytes each, in no order.
fn ideograph(number: usize, at: usize) -> char {
    let mixed = (number * 64 + at).wrapping_mul(2_654_435_761) >> 7;
    u32::try_from(mixed % 40_000).ok().and_then(|offset| char::from_u32(0x2_0000 + offset)).expect("a character")
}

async fn size(trial: &mut Trial) -> usize {
    let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let bytes: i64 = sqlx::query_scalar(sql).fetch_one(trial.committer.conn()).await.expect("a size");
    usize::try_from(bytes).expect("a size")
}

/// Demands that the database has grown by what was counted, or by less, but not by much less.
async fn compare(trial: &mut Trial, before: usize, counted: usize, what: &str) {
    let grown = size(trial).await - before;
    assert!(grown <= counted, "{what}: {} bytes each, and {} are counted", grown / COUNT, counted / COUNT);
    assert!(counted <= 2 * grown, "{what}: {} bytes each, and {} are counted", grown / COUNT, counted / COUNT);
}

#[tokio::test]
async fn guests_take_no_more_than_is_counted() {
    for (kind, worst) in WORST.into_iter().enumerate() {
        let mut trial = Trial::new().await;
        let before = size(&mut trial).await;
        let added = Arc::new(AtomicUsize::new(0));
        for number in 0..COUNT {
            let name = names::guest_name(&worst(number, USER_NAME_CHARS)).expect("a name");
            let added = added.clone();
            let may_add = Box::new(move || {
                added.fetch_add(1, Ordering::Relaxed);
                Ok(())
            });
            let (chat, text) = (trial.chat.clone(), words("x"));
            let say = Say { chat, name, text, origin: origin(), untold: None, may_add };
            trial.run(say).await.expect("a guest's word");
        }
        let added = added.load(Ordering::Relaxed);
        assert_eq!(added, COUNT, "each name is new");
        compare(&mut trial, before, added * stored::GUEST + COUNT * stored::message(1), &format!("guests {kind}"))
            .await;
    }
}

#[tokio::test]
async fn people_take_no_more_than_is_counted() {
    for (kind, worst) in WORST.into_iter().enumerate() {
        let mut trial = Trial::new().await;
        let before = size(&mut trial).await;
        for number in 0..COUNT {
            let name = names::user_name(&worst(number, USER_NAME_CHARS)).expect("a name");
            let form = Some(Token::random().hash());
            trial.run(SignIn { chat: trial.chat.clone(), session: None, form, name }).await.expect("a free name");
        }
        compare(&mut trial, before, COUNT * stored::PERSON, &format!("people {kind}")).await;
    }
}

#[tokio::test]
async fn rooms_and_memberships_take_no_more_than_is_counted() {
    for (kind, worst) in WORST.into_iter().enumerate() {
        let mut trial = Trial::new().await;
        let mut people = Vec::new();
        for number in 0..=COUNT / (ROOMS_PER_PERSON - 1) {
            let joining = trial.joining(&worst(number, USER_NAME_CHARS));
            people.push(trial.run(joining).await.expect("a free name").user.id);
        }
        let before = size(&mut trial).await;
        let mut counted = 0;
        let mut rooms = Vec::new();
        for number in 0..COUNT {
            let name: RoomName = names::room_name(&worst(number, ROOM_NAME_CHARS)).expect("a name");
            let topic: RoomTopic = names::room_topic(&worst(number, ROOM_TOPIC_CHARS)).expect("a topic");
            counted += stored::ROOM + name.as_str().len() + topic.as_str().len();
            let user = people[number / (ROOMS_PER_PERSON - 1)];
            rooms.push(trial.run(Create { user, name, topic, most: u32::MAX }).await.expect("a room"));
        }
        compare(&mut trial, before, counted, &format!("rooms {kind}")).await;

        let joining = trial.joining(&worst(COUNT, USER_NAME_CHARS));
        let user = trial.run(joining).await.expect("a free name").user.id;
        let before = size(&mut trial).await;
        for room in &rooms[..ROOMS_PER_PERSON - 1] {
            trial.run(Join { user, room: *room }).await.expect("a room");
        }
        let grown = size(&mut trial).await - before;
        assert!(grown <= (ROOMS_PER_PERSON - 1) * stored::MEMBERSHIP, "{grown} bytes of memberships");
    }
}

#[tokio::test]
async fn messages_take_no_more_than_is_counted() {
    for length in [1, 100, 700, 1_300, 1_950, 2_050, 3_900, 4_000] {
        let mut trial = Trial::new().await;
        let joining = trial.joining(&WORST[0](0, USER_NAME_CHARS));
        let user = trial.run(joining).await.expect("a free name").user.id;
        let before = size(&mut trial).await;
        for number in 0..COUNT {
            let client_id = ClientId::new(1_700_000_000_000 + number as u64, [7; 10]);
            let post = Post { user, room: LOBBY, client_id, text: words(&"x".repeat(length)) };
            trial.run(post).await.expect("a member's word");
        }
        compare(&mut trial, before, COUNT * stored::message(length), &format!("messages of {length}")).await;
    }
}
