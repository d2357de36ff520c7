use madang_common::time::UnixMillis;

use super::*;
use crate::{clock::ManualClock, net::limits::Network};

fn connections(most: usize, most_of_one: usize, most_protected: usize) -> (Connections, ManualClock) {
    let clock = ManualClock::new(UnixMillis(0));
    (Connections::new(most, most_of_one, most_protected, clock.clock()), clock)
}

fn address(number: u8) -> Option<Address> {
    Some(Address::of([192, 0, 2, number].into()))
}

fn later(clock: &ManualClock) {
    clock.advance(Duration::from_secs(1));
}

#[test]
fn the_idlest_gives_way_and_who_is_at_something_does_not() {
    let (connections, clock) = connections(3, 3, 64);
    let mut held = Vec::new();
    for number in 0..3 {
        held.push(connections.open(address(number)).expect("a place"));
        later(&clock);
    }
    let busy = held[0].link().answer();
    held[1].link().sign_in(UserId(1));
    held.push(connections.open(address(9)).expect("one gives way"));
    let cut = |held: &[Connection]| held.iter().map(|connection| connection.link().is_cut()).collect::<Vec<_>>();
    assert_eq!(cut(&held), [false, false, true, false]);
    later(&clock);
    drop(busy);
    held.push(connections.open(address(9)).expect("one gives way"));
    assert_eq!(cut(&held), [false, false, true, true, false], "the first has just answered");
    drop(held);
    assert_eq!(connections.held(), (0, 0));
    assert!(connections.0.open().crowd.is_empty(), "nothing is kept of who holds nothing");
}

#[test]
fn an_address_is_full_for_itself() {
    let (connections, clock) = connections(100, 2, 64);
    let other = connections.open(address(2)).expect("a place");
    let first = connections.open(address(1)).expect("a place");
    let second = connections.open(address(1)).expect("a place");
    clock.advance(Duration::from_millis(IDLE_MS - 1));
    assert!(connections.open(address(1)).is_none(), "they have just come");
    later(&clock);
    let third = connections.open(address(1)).expect("its own idlest gives way");
    assert!(first.link().is_cut() && !other.link().is_cut());
    second.link().sign_in(UserId(1));
    let _busy = third.link().answer();
    assert!(connections.open(address(1)).is_none(), "none may give way");
    assert!(connections.open(address(3)).is_some());
    drop((first, second));
    assert!(connections.open(address(1)).is_some());
}

#[test]
fn a_part_is_kept_for_who_is_signed_in() {
    let (connections, _) = connections(8, 8, 64);
    let ordinary: Vec<Connection> = (0..7).filter_map(|number| connections.open(address(number))).collect();
    assert_eq!(connections.held(), (6, 0), "a quarter is not for them");
    assert!(ordinary[0].link().is_cut());
    drop(ordinary);
    let signed_in: Vec<Connection> = (0..8)
        .map(|number| {
            let connection = connections.open(address(number)).expect("a place");
            connection.link().sign_in(UserId(number.into()));
            connection
        })
        .collect();
    assert_eq!(connections.held(), (8, 8));
    assert!(!connections.has_place() && connections.open(address(9)).is_none(), "nobody holds more than one");
    signed_in[0].link().sign_out();
    assert!(connections.has_place() && connections.open(address(9)).is_some());
}

#[test]
fn who_fills_all_places_with_signed_in_connections_gives_way_to_who_holds_less() {
    let (connections, clock) = connections(12, 4, 64);
    let held: Vec<Connection> = (0..12)
        .map(|number| {
            later(&clock);
            let connection = connections.open(address(number % 3)).expect("a place");
            connection.link().sign_in(UserId(number.into()));
            connection
        })
        .collect();
    let busy: Vec<InFlight> = held[..6].iter().map(|connection| connection.link().answer()).collect();
    assert!(connections.has_place());
    let newcomers: Vec<Connection> =
        (0..3).map(|_| connections.open(address(9)).expect("the fullest gives way")).collect();
    let cut = |held: &[Connection]| held.iter().filter(|connection| connection.link().is_cut()).count();
    assert_eq!((cut(&held), cut(&held[..6])), (3, 0), "those that are being answered stay while others don't");
    newcomers.iter().for_each(|connection| connection.link().sign_in(UserId(99)));
    assert!(connections.open(address(9)).is_none(), "now it holds as many as the others");
    assert!(connections.open(address(0)).is_none());
    drop((busy, held, newcomers));
    assert_eq!(connections.held(), (0, 0));
}

#[test]
fn who_keeps_all_connections_busy_gives_way_too() {
    let (connections, _) = connections(4, 4, 64);
    let held: Vec<Connection> = (0..4).filter_map(|_| connections.open(address(1))).collect();
    let _busy: Vec<InFlight> = held.iter().map(|connection| connection.link().answer()).collect();
    let newcomer = connections.open(address(2)).expect("one gives way");
    assert!(held.iter().any(|connection| connection.link().is_cut()) && !newcomer.link().is_cut());
}

#[test]
fn a_network_of_ipv6_is_full_for_itself() {
    let (connections, clock) = connections(100, 2, 64);
    let of_network =
        |subnet: u16| Some(Address::of(std::net::Ipv6Addr::new(0x2001, 0xdb8, 1, subnet, 0, 0, 0, 1).into()));
    let held: Vec<Connection> = (0..100).filter_map(|subnet| connections.open(of_network(subnet))).collect();
    assert_eq!(held.len(), 2 * Network::ADDRESSES);
    clock.advance(Duration::from_millis(IDLE_MS));
    assert!(connections.open(of_network(200)).is_some(), "its own idlest gives way");
    assert!(held[0].link().is_cut());
}

#[test]
fn one_session_protects_so_many_connections() {
    let (connections, _) = connections(8, 8, 2);
    let held: Vec<Connection> = (0..3).filter_map(|number| connections.open(address(number))).collect();
    held.iter().for_each(|connection| connection.link().sign_in(UserId(1)));
    assert_eq!(connections.held(), (3, 2));
}

#[test]
fn nobody_signs_in_on_a_connection_that_is_over() {
    let (connections, _) = connections(8, 8, 64);
    let link = connections.open(address(1)).expect("a place").link().clone();
    link.sign_in(UserId(1));
    let _other = connections.open(address(2));
    assert_eq!(connections.held(), (1, 0));
}

#[test]
fn a_web_socket_on_which_nothing_comes_is_cut() {
    let (connections, clock) = connections(8, 8, 64);
    let held: Vec<Connection> = (0..3).filter_map(|number| connections.open(address(number))).collect();
    held[1].link().upgrade();
    held[2].link().upgrade();
    later(&clock);
    held[2].link().heard();
    connections.cut_silent(Duration::from_millis(500));
    let cut: Vec<bool> = held.iter().map(|connection| connection.link().is_cut()).collect();
    assert_eq!(cut, [false, true, false]);
}
