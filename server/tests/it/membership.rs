//! Only members get a room's messages and may do anything in it.

use madang_common::{
    event::{
        presence::{MemberJoined, MemberLeft},
        room::{Added, Changes, Create, Digest, MembershipChanged},
        session::Hello,
        typing::TypingChanged,
    },
    fault::{Fault, FaultCode},
    id::{MessageId, Rev, RoomId, Seq},
    message::Body,
    text::{RoomName, RoomTopic},
};

use crate::support::{Actor, TestServer, Transport, said};

fn code<T>(result: Result<T, Fault>) -> Option<FaultCode> {
    result.err().map(|fault| fault.code)
}

async fn everything_in(actor: &Actor, room: RoomId) -> [Option<FaultCode>; 8] {
    [
        code(actor.post(room, 99, "let me in").await),
        code(actor.open(room).await),
        code(actor.sync(room, Rev(0)).await),
        code(actor.history(room, Seq(100)).await),
        code(actor.ask(&Digest { room, from: Seq(1) }).await),
        code(actor.read(room, Seq(1)).await),
        code(actor.start_typing(room).await),
        code(actor.stop_typing(room).await),
    ]
}

#[tokio::test]
async fn an_outsider_hears_nothing_and_may_do_nothing() {
    let server = TestServer::start().await;
    let mut member = server.join("민수").await;
    let mut outsider = server.join("지나").await;
    let room = member.create_room("secret").await.room.id;
    assert_eq!(outsider.next::<Added>().await.room.id, room, "everyone learns that the room exists");

    let message = member.post(room, 1, "members only").await.expect("posted");
    member.start_typing(room).await.expect("granted");
    member.edit(message.id, "members alone").await.expect("edited");
    assert_eq!(member.next_where(|c: &Changes| c.changes.iter().any(|m| m.id == message.id)).await.room, room);

    let heard: Vec<Changes> = outsider.all_until_now().await;
    assert!(heard.iter().all(|event| event.room != room), "{heard:?}");
    assert_eq!(outsider.all_until_now::<TypingChanged>().await, []);
    assert_eq!(outsider.all_until_now::<MemberJoined>().await.iter().filter(|e| e.room == room).count(), 0);

    assert_eq!(everything_in(&outsider, room).await, [Some(FaultCode::NotAMember); 8]);
    assert_eq!(everything_in(&member, room).await, [None; 8], "a member may do all of it");
}

#[tokio::test]
async fn an_unknown_room_is_not_found() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    assert_eq!(everything_in(&minsu, RoomId(404)).await, [Some(FaultCode::NotFound); 8]);
    assert_eq!(code(minsu.join_room(RoomId(404)).await), Some(FaultCode::NotFound));
    assert_eq!(code(minsu.leave_room(RoomId(404)).await), Some(FaultCode::NotFound));
}

#[tokio::test]
async fn to_an_outsider_a_message_looks_like_none() {
    let server = TestServer::start().await;
    let member = server.join("민수").await;
    let outsider = server.join("지나").await;
    let room = member.create_room("secret").await.room.id;
    let message = member.post(room, 1, "members only").await.expect("posted");

    let none = outsider.edit(MessageId(404), "x").await.expect_err("there is none");
    assert_eq!(outsider.edit(message.id, "x").await.expect_err("hidden"), none);
    assert_eq!(outsider.delete(message.id).await.expect_err("hidden"), none);
    assert_eq!(outsider.delete(MessageId(404)).await.expect_err("there is none"), none);
}

#[tokio::test]
async fn only_the_author_edits_and_deletes() {
    let server = TestServer::start().await;
    let mut author = server.join("민수").await;
    let mut other = server.join("지나").await;
    let lobby = author.lobby;
    let message = author.post(lobby, 1, "mine").await.expect("posted");
    let is_this = |event: &Changes| event.changes.iter().any(|m| m.id == message.id);
    other.next_where(is_this).await;

    assert_eq!(code(other.edit(message.id, "yours").await), Some(FaultCode::NotYours));
    assert_eq!(code(other.delete(message.id).await), Some(FaultCode::NotYours));
    assert_eq!(other.all_until_now::<Changes>().await, [], "a refusal changes nothing");

    let edited = author.edit(message.id, "still mine").await.expect("edited");
    assert_eq!((said(&edited), edited.seq, edited.rev), ("still mine", message.seq, message.rev.next()));
    assert_eq!(other.next_change(lobby).await, edited);
    assert_eq!(author.edit(message.id, "still mine").await, Ok(edited.clone()), "the same text changes nothing");

    let deleted = author.delete(message.id).await.expect("deleted");
    assert_eq!((&deleted.body, deleted.rev), (&Body::Deleted, edited.rev.next()));
    assert_eq!(other.next_change(lobby).await, deleted);
    assert_eq!(author.delete(message.id).await, Ok(deleted.clone()), "deleting again changes nothing");
    assert_eq!(code(author.edit(message.id, "back").await), Some(FaultCode::Deleted));
    let page = author.open(lobby).await.expect("a member");
    assert_eq!(page.messages.last(), Some(&deleted));
    drop(author.all_until_now::<Changes>().await);
}

#[tokio::test]
async fn a_notice_can_not_be_changed() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let notice = minsu.open(minsu.lobby).await.expect("a member").messages.remove(0);
    assert_eq!((&notice.body, &notice.author), (&Body::Joined, &minsu.me));
    assert_eq!(code(minsu.edit(notice.id, "x").await), Some(FaultCode::NotYours));
    assert_eq!(code(minsu.delete(notice.id).await), Some(FaultCode::NotYours));
}

#[tokio::test]
async fn joining_and_leaving_are_told_to_the_members_and_to_ones_own_tabs() {
    let server = TestServer::start().await;
    let mut member = server.join("민수").await;
    let mut tab = server.join("지나").await;
    let mut other_tab = server.connect(&tab.cookie, Transport::WebSocket).await;
    let room = member.create_room("garden").await.room.id;

    let joined = tab.join_room(room).await.expect("joined");
    assert_eq!(joined.messages.last().map(|m| (&m.body, &m.author)), Some((&Body::Joined, &tab.me)));
    assert_eq!(joined.members.len(), 2);
    assert_eq!(tab.join_room(room).await, Ok(joined), "joining again changes nothing");
    let told = member.next_where(|e: &MemberJoined| e.room == room && e.member.user == tab.me).await;
    assert!(told.member.online);
    let summary = other_tab.next_where(|e: &MembershipChanged| e.summary.room.id == room).await.summary;
    assert_eq!(summary.membership.map(|m| m.unread), Some(0));

    member.post(room, 1, "welcome").await.expect("posted");
    assert_eq!(said(&other_tab.next_where(is_text).await.changes[0]), "welcome", "the other tab hears the room too");
    assert_eq!(said(&tab.next_where(is_text).await.changes[0]), "welcome");

    tab.leave_room(room).await.expect("left");
    tab.leave_room(room).await.expect("leaving again changes nothing");
    assert_eq!(member.next_where(|e: &MemberLeft| e.room == room).await.user, tab.me.id);
    let left = |e: &MembershipChanged| e.summary.room.id == room && e.summary.membership.is_none();
    other_tab.next_where(left).await;

    let unheard = member.post(room, 2, "is she gone?").await.expect("posted");
    let is_unheard = |e: &Changes| e.changes.iter().any(|m| m.id == unheard.id);
    member.next_where(is_unheard).await;
    for gone in [&mut tab, &mut other_tab] {
        let heard: Vec<Changes> = gone.all_until_now().await;
        assert!(!heard.iter().any(is_unheard), "{heard:?}");
        assert_eq!(everything_in(gone, room).await, [Some(FaultCode::NotAMember); 8]);
    }
    let page = member.open(room).await.expect("a member");
    assert!(page.messages.iter().any(|m| m.body == Body::Left && m.author == tab.me));
    assert_eq!(page.members.len(), 1);
}

fn is_text(event: &Changes) -> bool {
    event.changes.iter().any(|message| matches!(message.body, Body::Text { .. }))
}

#[tokio::test]
async fn an_author_who_left_may_not_change_what_they_said() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    let room = minsu.create_room("garden").await.room.id;
    let message = minsu.post(room, 1, "bye").await.expect("posted");
    minsu.leave_room(room).await.expect("left");
    assert_eq!(code(minsu.edit(message.id, "x").await), Some(FaultCode::NotFound));
    minsu.join_room(room).await.expect("back");
    assert_eq!(minsu.edit(message.id, "x").await.map(|m| m.id), Ok(message.id));
}

#[tokio::test]
async fn everyone_stays_in_the_lobby() {
    let server = TestServer::start().await;
    let minsu = server.join("민수").await;
    assert_eq!(code(minsu.leave_room(minsu.lobby).await), Some(FaultCode::LobbyStays));
    minsu.post(minsu.lobby, 1, "still here").await.expect("posted");
}

#[tokio::test]
async fn there_are_only_so_many_rooms() {
    let server = TestServer::start_with(|config| config.rooms = 2).await;
    let minsu = server.join("민수").await;
    minsu.create_room("garden").await;
    let (name, topic) = (RoomName::parse("yard").expect("a name"), RoomTopic::parse("").expect("no topic"));
    assert_eq!(code(minsu.ask(&Create { name, topic }).await), Some(FaultCode::TooManyRooms));
    let answer = server.post("/rooms", &minsu.cookie, &[("name", "yard"), ("topic", "")]).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(minsu.ask(&Hello {}).await.map(|hello| hello.rooms.len()), Ok(2), "nothing was made");
}
