use madang_common::time::UnixMillis;

use super::*;
use crate::{
    clock::ManualClock,
    net::limits::connections::{Connection, Connections},
};

const PATIENCE: Patience = Patience { join: Duration::from_secs(10), silence: Duration::from_secs(60) };

fn sessions() -> (Sessions, ManualClock) {
    sessions_of(3, 2)
}

fn sessions_of(all: usize, address: usize) -> (Sessions, ManualClock) {
    let clock = ManualClock::new(UnixMillis(0));
    (Sessions::new(all, address, clock.clock()), clock)
}

fn address(number: u8) -> Option<Address> {
    Some(Address::of([192, 0, 2, number].into()))
}

fn connection() -> Connection {
    Connections::new(8, 8, 8, Clock::system()).open(None).expect("a place")
}

fn to_close(sessions: &Sessions) -> Vec<Sid> {
    std::mem::take(&mut sessions.0.open().to_close)
}

fn pass(clock: &ManualClock, seconds: u64) {
    clock.advance(Duration::from_secs(seconds));
}

#[test]
fn who_joins_nothing_has_a_deadline() {
    let (sessions, clock) = sessions();
    let (polled, upgraded) = (sessions.begin(address(1)).expect("a place"), sessions.begin(address(2)));
    let (sid, connection) = (Sid::new(), connection());
    polled.polled_as(sid);
    polled.heard(None);
    let upgraded = upgraded.expect("a place");
    upgraded.carried_by(connection.link());
    pass(&clock, 10);
    sessions.sweep(PATIENCE);
    assert_eq!(to_close(&sessions), []);
    assert!(!connection.link().is_cut());
    pass(&clock, 1);
    sessions.sweep(PATIENCE);
    assert_eq!(to_close(&sessions), [sid]);
    assert!(connection.link().is_cut());
}

#[test]
fn who_has_joined_is_kept_while_it_polls() {
    let (sessions, clock) = sessions();
    let session = sessions.begin(address(1)).expect("a place");
    let sid = Sid::new();
    session.polled_as(sid);
    let _joined = session.join(None);
    for _ in 0..5 {
        pass(&clock, 9);
        session.heard(None);
        sessions.sweep(PATIENCE);
    }
    assert_eq!(to_close(&sessions), []);
    assert!(sessions.get(sid).is_some());
    pass(&clock, 61);
    sessions.sweep(PATIENCE);
    sessions.sweep(PATIENCE);
    assert_eq!(to_close(&sessions), [sid], "once");
}

#[test]
fn the_network_that_holds_most_gives_way_to_who_would_hold_less() {
    let (sessions, clock) = sessions_of(4, 3);
    let of_one: Vec<Session> = (0..3)
        .map(|_| {
            pass(&clock, 1);
            sessions.begin(address(1)).expect("a place")
        })
        .collect();
    let other = sessions.begin(address(2)).expect("a place");
    let sids: Vec<Sid> = of_one.iter().map(|_| Sid::new()).collect();
    of_one.iter().zip(&sids).for_each(|(session, sid)| session.polled_as(*sid));
    let joined: Vec<Joined> = of_one.iter().chain([&other]).map(|session| session.join(Some(UserId(1)))).collect();
    let newcomer = sessions.begin(address(3)).expect("one gives way");
    let stay = newcomer.join(None);
    assert_eq!(to_close(&sessions), [sids[0]], "the only one that is not new");
    pass(&clock, 2);
    assert!(sessions.has_place());
    assert!(sessions.begin(address(3)).is_none(), "nobody holds more than two");
    let another = sessions.begin(address(4)).expect("one gives way");
    assert_eq!(to_close(&sessions), [sids[2]], "the youngest");
    assert_eq!(sessions.held(), (4, 4));
    drop((stay, newcomer, another, joined, of_one, other));
    assert_eq!(sessions.held(), (0, 4));
}

#[test]
fn who_is_in_a_namespace_by_its_handshake_must_poll_all_the_same() {
    let (sessions, clock) = sessions();
    let session = sessions.begin(address(1)).expect("a place");
    let sid = Sid::new();
    let _joined = session.join(None);
    session.polled_as(sid);
    pass(&clock, 11);
    sessions.sweep(PATIENCE);
    assert_eq!(to_close(&sessions), [sid]);
}

#[test]
fn a_session_that_does_not_go_gives_its_place_back() {
    let (sessions, clock) = sessions();
    let session = sessions.begin(address(1)).expect("a place");
    pass(&clock, 11);
    sessions.sweep(PATIENCE);
    assert_eq!(sessions.held(), (1, 3));
    pass(&clock, 61);
    sessions.sweep(PATIENCE);
    assert_eq!(sessions.held(), (0, 3));
    drop(session);
    assert_eq!(sessions.held(), (0, 3), "once");
    assert!(sessions.0.open().all.is_empty());
}

#[test]
fn the_oldest_that_has_joined_nothing_gives_way() {
    let (sessions, clock) = sessions();
    let first = sessions.begin(address(1)).expect("a place");
    pass(&clock, 1);
    let second = sessions.begin(address(1)).expect("a place");
    let other = sessions.begin(address(2)).expect("the last place");
    let _first_joined = first.join(None);
    assert!(sessions.begin(address(1)).is_none(), "the second one has just come");
    pass(&clock, 2);
    let third = sessions.begin(address(1)).expect("the second one gives way");
    assert!(second.0.state().closing.is_some() && first.0.state().closing.is_none());
    let _third_joined = third.join(None);
    assert!(sessions.begin(address(1)).is_none(), "an address takes none from others");
    assert!(other.0.state().closing.is_none());
    assert!(sessions.has_place());
    assert!(sessions.begin(address(3)).is_some(), "the other address's");
    assert_eq!(sessions.held(), (2, 3), "nobody keeps the last");
    let _other_joined = other.join(None);
}

#[test]
fn who_is_to_go_before_it_is_known_by_what_it_comes_goes_then() {
    let (sessions, clock) = sessions();
    let session = sessions.begin(address(1)).expect("a place");
    pass(&clock, 11);
    sessions.sweep(PATIENCE);
    let connection = connection();
    session.carried_by(connection.link());
    assert!(connection.link().is_cut());
}

#[test]
fn who_has_left_the_last_namespace_has_joined_nothing() {
    let (sessions, clock) = sessions();
    let session = sessions.begin(address(1)).expect("a place");
    let connection = connection();
    session.carried_by(connection.link());
    let (chat, root) = (session.join(None), session.join(None));
    pass(&clock, 100);
    drop(chat);
    pass(&clock, 100);
    sessions.sweep(PATIENCE);
    assert!(!connection.link().is_cut(), "it is in the other one");
    drop(root);
    sessions.sweep(PATIENCE);
    assert!(!connection.link().is_cut(), "it may join again");
    pass(&clock, 11);
    sessions.sweep(PATIENCE);
    assert!(connection.link().is_cut());
}

#[test]
fn a_session_on_a_web_socket_stays_on_it() {
    let (sessions, clock) = sessions();
    let session = sessions.begin(address(1)).expect("a place");
    let (first, second) = (connection(), connection());
    session.carried_by(first.link());
    session.carried_by(second.link());
    second.link().cut();
    pass(&clock, 11);
    sessions.sweep(PATIENCE);
    assert!(first.link().is_cut(), "its deadline holds where it is");
}
