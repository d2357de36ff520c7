//! Everyone sees the same order, and each sender's own order in it.

use std::collections::HashMap;

use madang_common::{
    event::{message::Post, room::Changes},
    id::{ClientId, UserId},
    message::{Body, MessageView},
};

use crate::support::{Actor, TestServer, words};

const SENDERS: usize = 10;
const EACH: usize = 100;

fn id(sender: usize, number: usize) -> ClientId {
    let mut bytes = [0; 10];
    bytes[0] = u8::try_from(sender).expect("few senders");
    bytes[1..9].copy_from_slice(&number.to_be_bytes());
    ClientId::new(1_700_000_000_000, bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_messages_of_ten_senders_at_once() {
    let server = TestServer::start().await;
    let mut actors = Vec::new();
    for sender in 0..SENDERS {
        actors.push(server.join(&format!("sender {sender}")).await);
    }
    let lobby = actors[0].lobby;

    let sending = actors.into_iter().enumerate().map(|(sender, mut actor)| {
        tokio::spawn(async move {
            // Without waiting for one another: each connection has a hundred messages under way.
            for number in 0..EACH {
                let text = words(&format!("{sender} says {number}"));
                actor.tell(&Post { room: lobby, client_id: id(sender, number), text }).await;
            }
            let heard = hear_all(&mut actor).await;
            (actor, heard)
        })
    });
    let sending: Vec<_> = sending.collect();
    let mut histories = Vec::new();
    let mut by_sender = HashMap::new();
    for (sender, task) in sending.into_iter().enumerate() {
        let (actor, heard) = task.await.expect("no panic");
        by_sender.insert(actor.me.id, sender);
        histories.push(heard);
    }

    let first = &histories[0];
    assert!(first.windows(2).all(|pair| pair[1].rev == pair[0].rev.next()), "without a gap, in the order of rev");
    assert!(first.windows(2).all(|pair| pair[1].seq.0 == pair[0].seq.0 + 1), "seq is dense");
    for heard in &histories {
        assert_eq!(heard, first, "all see the same");
    }
    let mut next: HashMap<UserId, usize> = HashMap::new();
    for message in first {
        let number = next.entry(message.author.id).or_default();
        assert_eq!(message.client_id, id(by_sender[&message.author.id], *number), "in the sender's own order");
        *number += 1;
    }
    assert!(next.values().all(|sent| *sent == EACH) && next.len() == SENDERS);
}

/// All texts, as they came.
async fn hear_all(actor: &mut Actor) -> Vec<MessageView> {
    let mut heard: Vec<MessageView> = Vec::new();
    while heard.len() < SENDERS * EACH {
        let frame: Changes = actor.next().await;
        assert!(!frame.changes.is_empty());
        heard.extend(frame.changes.into_iter().filter(|message| matches!(message.body, Body::Text { .. })));
    }
    heard
}
