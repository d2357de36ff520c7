use madang_common::time::UnixMillis;

use super::*;
use crate::clock::ManualClock;

const MINSU: Option<Subject> = Some(Subject::User(UserId(1)));
const JINA: Option<Subject> = Some(Subject::User(UserId(2)));
const LOBBY: Option<RoomId> = Some(RoomId(1));

fn limits(factor: &str) -> (Limits, ManualClock) {
    let clock = ManualClock::new(UnixMillis(0));
    let limits = factor.parse().expect("a factor");
    (Limits::new(&Config { clock: clock.clock(), limits, ..Config::default() }), clock)
}

fn address(number: u8) -> Option<Address> {
    Some(Address::of([10, 0, 0, number].into()))
}

/// How often it may be done at once.
fn burst(may: impl Fn() -> Result<(), Fault>) -> usize {
    (0..100_000).take_while(|_| may().is_ok()).count()
}

#[test]
fn who_waits_as_long_as_it_says_may_again_and_not_sooner() {
    let (limits, clock) = limits("1");
    let post = || limits.check(Kind::Post, MINSU, address(1), LOBBY);
    assert_eq!(burst(post), 40);
    let fault = post().expect_err("too often");
    assert_eq!(fault.code, FaultCode::TooOften);
    let wait = Duration::from_millis(fault.again_in.expect("a time").into());
    clock.advance(wait - Duration::from_millis(1));
    assert!(post().is_err(), "{wait:?}");
    clock.advance(Duration::from_millis(1));
    assert_eq!(post(), Ok(()));
}

#[test]
fn one_does_not_use_up_what_others_may() {
    let (limits, _) = limits("1");
    assert_eq!(burst(|| limits.check(Kind::Post, MINSU, address(1), LOBBY)), 40);
    assert_eq!(burst(|| limits.check(Kind::Post, JINA, address(1), LOBBY)), 40);
    assert!(limits.check(Kind::Change, MINSU, address(1), None).is_ok(), "another kind is counted for itself");
}

#[test]
fn many_together_are_held_back_by_room_and_by_address() {
    let (limits, _) = limits("1");
    let user = std::cell::Cell::new(0);
    let someone = || {
        user.set(user.get() + 1);
        Some(Subject::User(UserId(user.get())))
    };
    assert_eq!(burst(|| limits.check(Kind::Post, someone(), None, LOBBY)), 2_000, "a room");
    assert_eq!(burst(|| limits.check(Kind::Post, someone(), address(1), None)), 600, "an address");
    assert_eq!(burst(|| limits.check(Kind::SignIn, None, address(1), None)), 500);
    assert!(limits.check(Kind::SignIn, None, address(2), None).is_ok(), "another address");
}

#[test]
fn the_addresses_of_one_network_are_held_back_together() {
    let (limits, _) = limits("1");
    let subnet = std::cell::Cell::new(0);
    let next = || {
        subnet.set(subnet.get() + 1);
        Some(Address::of(std::net::Ipv6Addr::new(0x2001, 0xdb8, 1, subnet.get(), 0, 0, 0, 1).into()))
    };
    assert_eq!(burst(|| limits.check(Kind::SignIn, None, next(), None)), 500 * Network::ADDRESSES);
    let bytes = || limits.read(next(), 1 << 20);
    assert_eq!((0..1_000).take_while(|_| bytes().is_zero()).count(), 6 * Network::ADDRESSES);
    let other = Some(Address::of(std::net::Ipv6Addr::new(0x2001, 0xdb8, 2, 1, 0, 0, 0, 1).into()));
    assert!(limits.check(Kind::SignIn, None, other, None).is_ok(), "another network");
}

#[test]
fn a_factor_is_for_all_of_it_and_off_is_off() {
    let (twice, _) = limits("2");
    assert_eq!(burst(|| twice.check(Kind::Post, MINSU, address(1), LOBBY)), 80);
    let (off, _) = limits("off");
    assert_eq!(burst(|| off.check(Kind::Post, MINSU, address(1), LOBBY)), 100_000);
}

#[test]
fn a_person_has_so_many_sockets_and_another_when_one_is_gone() {
    let (limits, _) = limits("1");
    let mut held: Vec<Place> = (0..SOCKETS_PER_USER).map(|_| limits.socket(UserId(1)).expect("a place")).collect();
    let fault = limits.socket(UserId(1)).expect_err("no place");
    assert_eq!((fault.code, fault.again_in), (FaultCode::TooOften, Some(10_000)));
    assert!(limits.socket(UserId(2)).is_ok(), "another person");
    held.pop();
    assert!(limits.socket(UserId(1)).is_ok());
}
