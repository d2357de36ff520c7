//! Who is there, and who is writing.

use std::time::Duration;

use madang_common::{
    event::{
        presence::{MemberJoined, PresenceChanged},
        typing::TypingChanged,
    },
    limits::MEMBERS_LISTED,
};

use crate::support::{TestServer, Transport};

#[tokio::test]
async fn a_person_is_gone_with_the_last_tab() {
    let server = TestServer::start().await;
    let mut witness = server.join("지나").await;
    let tab = server.join("민수").await;
    let other_tab = server.connect(&tab.cookie, Transport::Polling).await;
    let minsu = tab.me.id;
    let is_minsu = |event: &PresenceChanged| event.user == minsu;
    assert!(witness.next_where(is_minsu).await.online);
    let online = |page: madang_common::room::RoomSnapshot| {
        page.members.into_iter().find(|member| member.user.id == minsu).map(|member| member.online)
    };
    assert_eq!(online(witness.open(witness.lobby).await.expect("a member")), Some(true));

    tab.go().await;
    other_tab.go().await;
    assert!(!witness.next_where(is_minsu).await.online);
    assert_eq!(online(witness.open(witness.lobby).await.expect("a member")), Some(false));
    let rest: Vec<PresenceChanged> = witness.all_until_now().await;
    assert!(!rest.iter().any(is_minsu), "told once each: {rest:?}");
}

/// A closed tab is to be gone within two seconds. How long it really takes depends on how busy the machine is, so this
/// only looks at what the settings leave for it.
#[test]
fn the_grace_leaves_time_to_tell_that_someone_is_gone() {
    let grace = madang_server::config::Config::default().presence_grace;
    assert!(grace <= Duration::from_millis(1_500), "{grace:?}");
}

#[tokio::test]
async fn coming_back_within_the_grace_is_told_to_nobody() {
    let server = TestServer::start().await;
    let mut witness = server.join("지나").await;
    let tab = server.join("민수").await;
    let (minsu, cookie) = (tab.me.id, tab.cookie.clone());
    let is_minsu = |event: &PresenceChanged| event.user == minsu;
    witness.next_where(is_minsu).await;
    tab.go().await;
    let tab = server.connect(&cookie, Transport::WebSocket).await;

    // Somebody who goes later is told to be gone: by then the grace of the first is over, too.
    let other = server.join("보라").await;
    let bora = other.me.id;
    other.go().await;
    assert!(!witness.next_where(|event: &PresenceChanged| event.user == bora && !event.online).await.online);
    let rest: Vec<PresenceChanged> = witness.all_until_now().await;
    assert!(!rest.iter().any(is_minsu), "{rest:?}");
    tab.go().await;
    assert!(!witness.next_where(is_minsu).await.online);
}

#[tokio::test]
async fn a_big_room_lists_who_is_there_and_who_was_last_seen_and_tells_who_comes() {
    let server = TestServer::start().await;
    let jina = server.join("지나").await;
    let forgotten = server.sign_in("민수").await;
    for number in 0..MEMBERS_LISTED - 2 {
        server.clock.advance(Duration::from_secs(1));
        server.sign_in(&format!("passer-by {number}")).await;
    }
    let lobby = jina.lobby;
    let names = |room: &madang_common::room::RoomSnapshot| {
        room.members.iter().map(|member| member.user.name.to_string()).collect::<Vec<_>>()
    };
    let page = jina.open(lobby).await.expect("a member");
    assert_eq!((page.members.len(), page.more_members), (MEMBERS_LISTED, false));

    for name in ["too", "many"] {
        server.clock.advance(Duration::from_secs(1));
        server.sign_in(name).await;
    }
    let page = jina.open(lobby).await.expect("a member");
    assert_eq!(
        (page.members.len(), page.more_members),
        (MEMBERS_LISTED + 1, true),
        "지나 is there, others were seen"
    );
    let listed = names(&page);
    assert!(listed.is_sorted(), "{listed:?}");
    assert!(listed.contains(&"지나".to_owned()) && !listed.contains(&"민수".to_owned()), "{listed:?}");

    let mut bora = server.join("보라").await;
    let small = bora.create_room("garden").await;
    assert!(!small.more_members);
    let minsu = server.connect(&forgotten, Transport::WebSocket).await;
    let comes = bora.next_where(|event: &MemberJoined| event.member.user == minsu.me).await;
    assert_eq!((comes.room, comes.member.online), (lobby, true));
    assert!(names(&jina.open(lobby).await.expect("a member")).contains(&"민수".to_owned()));

    minsu.join_room(small.room.id).await.expect("there is room");
    let id = minsu.me.id;
    minsu.go().await;
    assert!(!bora.next_where(|event: &PresenceChanged| event.user == id).await.online);
    let _minsu = server.connect(&forgotten, Transport::WebSocket).await;
    assert!(bora.next_where(|event: &PresenceChanged| event.user == id).await.online, "the garden is small");
}

#[tokio::test]
async fn typing_is_told_to_the_others_until_the_message_is_there() {
    let server = TestServer::start().await;
    let mut writer = server.join("민수").await;
    let mut own_tab = server.connect(&writer.cookie, Transport::WebSocket).await;
    let mut reader = server.join("지나").await;
    let lobby = writer.lobby;
    let is = |typing| TypingChanged { room: lobby, user: writer.me.clone(), typing };
    let (starts, stops) = (is(true), is(false));

    writer.start_typing(lobby).await.expect("granted");
    assert_eq!(reader.next::<TypingChanged>().await, starts);
    writer.start_typing(lobby).await.expect("granted");
    assert_eq!(reader.next::<TypingChanged>().await, starts, "it is repeated while it goes on");
    writer.stop_typing(lobby).await.expect("granted");
    assert_eq!(reader.next::<TypingChanged>().await, stops);
    writer.stop_typing(lobby).await.expect("stopping again changes nothing");

    writer.start_typing(lobby).await.expect("granted");
    assert_eq!(reader.next::<TypingChanged>().await, starts);
    writer.post(lobby, 1, "done").await.expect("posted");
    assert_eq!(reader.next::<TypingChanged>().await, stops);
    assert_eq!(own_tab.all_until_now::<TypingChanged>().await, [], "one knows that one is writing");
    assert_eq!(writer.all_until_now::<TypingChanged>().await, []);
}

#[tokio::test]
async fn a_closed_tab_no_longer_types() {
    let server = TestServer::start().await;
    let tab = server.join("민수").await;
    let other_tab = server.connect(&tab.cookie, Transport::WebSocket).await;
    let mut reader = server.join("지나").await;
    let lobby = tab.lobby;
    tab.start_typing(lobby).await.expect("granted");
    other_tab.start_typing(lobby).await.expect("granted");
    assert!(reader.next::<TypingChanged>().await.typing);
    assert!(reader.next::<TypingChanged>().await.typing);
    tab.stop_typing(lobby).await.expect("granted");
    assert_eq!(reader.all_until_now::<TypingChanged>().await, [], "the other tab still types");
    other_tab.go().await;
    assert!(!reader.next::<TypingChanged>().await.typing);
}
