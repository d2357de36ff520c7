//! Whoever was away catches up from the database, a page at a time.

use std::collections::BTreeMap;

use madang_common::{
    digest::Rolled,
    event::room::{Digest, Head},
    id::{MessageId, Rev, Seq},
    limits::{DIGEST_MESSAGES, HISTORY_PAGE, SYNC_PAGE},
    message::{Body, MessageView},
};

use crate::support::{Actor, TestServer, Transport, client_id, said};

/// Posts `count` messages, numbered from 0, without waiting for each.
async fn talk(actor: &mut Actor, count: u8, padding: usize) -> Vec<MessageView> {
    let room = actor.lobby;
    let mut messages = Vec::new();
    for number in 0..count {
        let text = format!("{number} {}", "가".repeat(padding));
        messages.push(actor.post_as(room, client_id(number), &text).await.expect("posted"));
    }
    messages
}

#[tokio::test]
async fn sync_pages_through_everything_that_changed() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let lobby = minsu.lobby;
    let away_since = minsu.open(lobby).await.expect("a member").membership.rev;
    let mut messages = talk(&mut minsu, 210, 0).await;
    assert!(messages.len() > SYNC_PAGE);
    messages[0] = minsu.edit(messages[0].id, "edited").await.expect("edited");
    messages[1] = minsu.delete(messages[1].id).await.expect("deleted");
    let head = messages[1].rev;

    let mut held: BTreeMap<MessageId, MessageView> = BTreeMap::new();
    let mut since = away_since;
    let mut pages = 0;
    loop {
        let reply = minsu.sync(lobby, since).await.expect("a member");
        assert!(reply.changes.len() <= SYNC_PAGE);
        assert!(reply.changes.windows(2).all(|pair| pair[0].rev < pair[1].rev), "in the order of rev");
        assert!(reply.changes.iter().all(|change| change.rev > since && change.rev <= reply.rev));
        held.extend(reply.changes.into_iter().map(|change| (change.id, change)));
        since = reply.rev;
        pages += 1;
        if !reply.more {
            break;
        }
    }
    assert_eq!((since, pages), (head, 2));
    assert_eq!(held.into_values().collect::<Vec<_>>(), messages, "the latest state of each");

    let nothing = minsu.sync(lobby, head).await.expect("a member");
    assert_eq!((nothing.changes, nothing.rev, nothing.more), (vec![], head, false));
    let ahead = minsu.sync(lobby, Rev(i64::MAX)).await.expect("a member");
    assert_eq!((ahead.changes, ahead.rev), (vec![], head), "a reader that is ahead of the room learns where it is");
}

#[tokio::test]
async fn a_page_of_long_messages_is_shorter() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let lobby = minsu.lobby;
    // 12 kB each.
    let messages = talk(&mut minsu, 40, 3_990).await;
    let page = minsu.open(lobby).await.expect("a member");
    assert!(page.earlier && page.messages.len() < 30, "{}", page.messages.len());
    assert_eq!(page.messages.last(), messages.last());
    let reply = minsu.sync(lobby, Rev(1)).await.expect("a member");
    assert!(reply.more && reply.changes.len() < 30);
    assert_eq!(reply.rev, reply.changes.last().expect("changes").rev);
}

#[tokio::test]
async fn history_goes_back_to_the_first_message() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let lobby = minsu.lobby;
    talk(&mut minsu, 120, 0).await;

    let page = minsu.open(lobby).await.expect("a member");
    assert_eq!((page.messages.len(), page.earlier), (HISTORY_PAGE, true));
    let mut seqs: Vec<i64> = page.messages.iter().map(|message| message.seq.0).collect();
    let mut earlier = page.earlier;
    while earlier {
        let reply = minsu.history(lobby, Seq(seqs[0])).await.expect("a member");
        assert!(!reply.messages.is_empty() && reply.messages.len() <= HISTORY_PAGE);
        seqs.splice(0..0, reply.messages.iter().map(|message| message.seq.0));
        earlier = reply.earlier;
    }
    assert_eq!(seqs, (1..=121).collect::<Vec<_>>(), "the notice and 120 messages, none missing, none twice");
    assert_eq!(minsu.history(lobby, Seq(1)).await.expect("a member").messages, []);
}

#[tokio::test]
async fn live_changes_follow_each_other_without_a_gap() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let mut jina = server.join("지나").await;
    let lobby = jina.lobby;
    let mut rev = jina.open(lobby).await.expect("a member").membership.rev;
    let message = minsu.post(lobby, 1, "one").await.expect("posted");
    minsu.edit(message.id, "two").await.expect("edited");
    minsu.delete(message.id).await.expect("deleted");
    server.join("보라").await;
    for body in ["text", "text", "deleted", "joined"] {
        let change = loop {
            let change = jina.next_change(lobby).await;
            // Her own notice may come after the page that had it.
            if change.rev > rev {
                break change;
            }
        };
        assert_eq!(change.rev, rev.next());
        rev = change.rev;
        let kind = match change.body {
            Body::Text { .. } => "text",
            Body::Deleted => "deleted",
            Body::Joined => "joined",
            Body::Left => "left",
        };
        assert_eq!(kind, body);
    }
    let head = jina.ask(&Head {}).await.expect("granted");
    assert_eq!(head.rooms.len(), 1);
    assert_eq!((head.rooms[0].room, head.rooms[0].membership.rev), (lobby, rev));
}

#[tokio::test]
async fn a_message_is_the_same_over_both_transports() {
    let server = TestServer::start().await;
    let mut socket = server.join_by("민수", Transport::WebSocket).await;
    let mut polling = server.join_by("지나", Transport::Polling).await;
    let lobby = socket.lobby;
    let text = "안녕 é 😀\n\t\"quoted\" \\ <b>";
    let sent = polling.post(lobby, 1, text).await.expect("posted");
    let heard = loop {
        let change = socket.next_change(lobby).await;
        if change.rev == sent.rev {
            break change;
        }
    };
    assert_eq!((said(&heard), &heard), (text, &sent));
    let answer = socket.post(lobby, 1, text).await.expect("posted");
    let heard = loop {
        let change = polling.next_change(lobby).await;
        if change.rev == answer.rev {
            break change;
        }
    };
    assert_eq!(heard, answer);
}

#[tokio::test]
async fn a_digest_tells_whether_one_holds_what_the_server_holds() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let lobby = minsu.lobby;
    talk(&mut minsu, 10, 0).await;
    let edited = minsu.post(lobby, 100, "저녁 일곱 시").await.expect("posted");
    minsu.edit(edited.id, "저녁 여덟 시").await.expect("edited");
    let deleted = minsu.post(lobby, 101, "never mind").await.expect("posted");
    minsu.delete(deleted.id).await.expect("deleted");

    let held = minsu.open(lobby).await.expect("a member");
    let come_to = |from: i64| {
        let from_there = held.messages.iter().filter(|message| message.seq.0 >= from);
        from_there.fold(Rolled::default(), Rolled::with_message)
    };
    for from in [1, 5, 13] {
        let reply = minsu.ask(&Digest { room: lobby, from: Seq(from) }).await.expect("a member");
        assert_eq!((reply.rev, reply.digest), (held.membership.rev, come_to(from)), "from {from} on");
        assert_eq!(reply.digest.count as i64, 14 - from);
    }
    let of_none = minsu.ask(&Digest { room: lobby, from: Seq(14) }).await.expect("a member");
    assert_eq!(of_none.digest, Rolled::default());

    minsu.edit(edited.id, "저녁 아홉 시").await.expect("edited");
    let after = minsu.ask(&Digest { room: lobby, from: Seq(1) }).await.expect("a member");
    assert_eq!((after.rev, after.digest.count), (held.membership.rev.next(), 13));
    assert_ne!(after.digest, come_to(1));
}

#[tokio::test]
async fn a_digest_stands_for_the_latest_messages_only() {
    let server = TestServer::start().await;
    let mut minsu = server.join("민수").await;
    let mut jina = server.join("지나").await;
    let mut messages = talk(&mut minsu, 251, 0).await;
    messages.extend(talk(&mut jina, 251, 0).await);
    let latest = messages.iter().rev().take(DIGEST_MESSAGES).fold(Rolled::default(), Rolled::with_message);
    let reply = jina.ask(&Digest { room: jina.lobby, from: Seq(1) }).await.expect("a member");
    assert_eq!((reply.digest, reply.digest.count as usize), (latest, DIGEST_MESSAGES));
}
