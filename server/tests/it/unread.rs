//! What is unread, in all of one's tabs.

use madang_common::{
    event::{
        room::{Head, ReadChanged},
        session::Hello,
    },
    id::{ClientId, Seq},
    limits::UNREAD_COUNTED,
};

use crate::support::{Actor, TestServer, Transport};

async fn unread(actor: &Actor) -> u32 {
    let hello = actor.ask(&Hello {}).await.expect("granted");
    hello.rooms[0].membership.expect("a member of the lobby").unread
}

#[tokio::test]
async fn unread_counts_what_others_said() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let jina = server.join("지나").await;
    assert_eq!(unread(&jina).await, 0, "what came before is not unread");
    let first = minsu.post(minsu.lobby, 1, "one").await.expect("posted");
    minsu.post(minsu.lobby, 2, "two").await.expect("posted");
    let third = minsu.post(minsu.lobby, 3, "three").await.expect("posted");
    server.join("보라").await;
    assert_eq!(unread(&jina).await, 3, "a notice does not count");
    assert_eq!(unread(&minsu).await, 0, "one's own does not count");
    minsu.delete(third.id).await.expect("deleted");
    assert_eq!(unread(&jina).await, 2, "a tombstone does not count");

    let membership = jina.read(jina.lobby, first.seq).await.expect("a member");
    assert_eq!((membership.read, membership.unread), (first.seq, 1));
    let membership = jina.read(jina.lobby, Seq(1)).await.expect("a member");
    assert_eq!((membership.read, membership.unread), (first.seq, 1), "going back changes nothing");
    let membership = jina.read(jina.lobby, Seq(i64::MAX)).await.expect("a member");
    assert_eq!((membership.read, membership.unread), (Seq(third.seq.0 + 1), 0), "no further than the last");
}

#[tokio::test]
async fn unread_is_counted_up_to_a_number_that_stands_for_more() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let tab = server.join("지나").await;
    let mut other_tab = server.connect(&tab.cookie, Transport::WebSocket).await;
    let lobby = tab.lobby;
    let mut last = Seq(0);
    for number in 0..=UNREAD_COUNTED {
        let id = ClientId::new(u64::from(number), [0; 10]);
        last = minsu.post_as(lobby, id, "more").await.expect("posted").seq;
    }
    assert_eq!(unread(&tab).await, UNREAD_COUNTED, "and one more");
    let head = tab.ask(&Head {}).await.expect("granted");
    assert_eq!(head.rooms[0].membership.unread, UNREAD_COUNTED);
    assert_eq!(tab.open(lobby).await.expect("a member").membership.unread, UNREAD_COUNTED);

    let membership = tab.read(lobby, Seq(last.0 - 3)).await.expect("a member");
    assert_eq!(membership.unread, 3);
    let told = other_tab.next::<ReadChanged>().await;
    assert_eq!((told.room, told.membership), (lobby, membership), "also where something is left");
    assert_eq!(tab.read(lobby, last).await.expect("a member").unread, 0);
    assert_eq!(other_tab.next::<ReadChanged>().await.membership.unread, 0);
}

#[tokio::test]
async fn reading_in_one_tab_is_told_to_the_others() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let tab = server.join("지나").await;
    let mut other_tab = server.connect(&tab.cookie, Transport::WebSocket).await;
    let mut outsider = server.join("보라").await;
    let lobby = tab.lobby;
    minsu.post(lobby, 1, "one").await.expect("posted");
    let two = minsu.post(lobby, 2, "two").await.expect("posted");

    let membership = tab.read(lobby, two.seq).await.expect("a member");
    let told = other_tab.next::<ReadChanged>().await;
    assert_eq!((told.room, told.membership), (lobby, membership));
    tab.read(lobby, two.seq).await.expect("a member");
    assert_eq!(other_tab.all_until_now::<ReadChanged>().await, [], "nothing new, nothing told");

    minsu.post(lobby, 3, "three").await.expect("posted");
    assert_eq!(unread(&other_tab).await, 1);
    let answer = tab.post(lobby, 1, "who answers has read it").await.expect("posted");
    let told = other_tab.next::<ReadChanged>().await;
    assert_eq!((told.membership.read, told.membership.unread), (answer.seq, 0));
    assert_eq!(outsider.all_until_now::<ReadChanged>().await, [], "it is nobody else's business");
}
