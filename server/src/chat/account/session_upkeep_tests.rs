use std::time::Duration;

use madang_common::{text::UserName, time::UnixMillis};
use tempfile::TempDir;

use super::{MARGIN, Upkeep};
use crate::{
    Server,
    chat::{Chat, CurrentSession},
    clock::ManualClock,
    config::Config,
    secret::TokenHash,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// 2026-11-21T00:00:00Z.
const START: UnixMillis = UnixMillis(1_795_219_200_000);

struct Signed {
    chat: Chat,
    clock: ManualClock,
    token: TokenHash,
    _server: Server,
    _data: TempDir,
}

impl Signed {
    /// A server with the default settings, and someone who has joined it.
    async fn with_someone() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let clock = ManualClock::new(START);
        let config = Config { data: data.path().to_owned(), clock: clock.clock(), ..Config::default() };
        let server = Server::open(config).await.expect("a server");
        let chat = server.state.chat.clone();
        let signed_in = chat.sign_in(None, None, UserName::parse("민수").expect("a name")).await.expect("joined");
        let token = signed_in.token.expect("a token").hash();
        Self { chat, clock, token, _server: server, _data: data }
    }

    /// Whether the session stands; if so, it has been used.
    async fn is_signed_in(&self) -> bool {
        let session = self.chat.session(&self.token).await.expect("the database answers");
        !matches!(session, CurrentSession::None)
    }

    async fn step(&self, upkeep: &mut Upkeep) {
        upkeep.step(&self.chat).await.expect("committed");
    }
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_and_one_that_is_used_goes_on() {
    let place = Signed::with_someone().await;
    for _ in 0..3 {
        place.clock.advance(29 * DAY);
        assert!(place.is_signed_in().await);
    }
    place.clock.advance(31 * DAY);
    assert!(!place.is_signed_in().await);
}

#[tokio::test]
async fn no_session_stands_for_ever() {
    let place = Signed::with_someone().await;
    for _ in 0..19 {
        place.clock.advance(21 * DAY);
        assert!(place.is_signed_in().await);
    }
    place.clock.advance(2 * DAY);
    assert!(!place.is_signed_in().await, "after 401 days");
}

#[tokio::test]
async fn a_session_that_a_socket_is_open_for_is_in_use() {
    let place = Signed::with_someone().await;
    let mut upkeep = Upkeep::default();
    let socket = place.chat.0.in_use.begin(place.token.clone());
    let another = place.chat.0.in_use.begin(place.token.clone());
    drop(another);
    for _ in 0..3 {
        place.clock.advance(20 * DAY);
        place.step(&mut upkeep).await;
    }
    assert!(place.is_signed_in().await);
    drop(socket);
    for _ in 0..2 {
        place.clock.advance(20 * DAY);
        place.step(&mut upkeep).await;
    }
    assert!(!place.is_signed_in().await);
}

#[tokio::test]
async fn a_clock_that_is_ahead_for_a_while_signs_nobody_out_for_good() {
    let place = Signed::with_someone().await;
    let mut upkeep = Upkeep::default();
    place.step(&mut upkeep).await;
    place.clock.set(UnixMillis(START.0 + 3_650 * 86_400_000));
    assert!(!place.is_signed_in().await, "while it is ahead");
    place.step(&mut upkeep).await;
    place.clock.set(START);
    place.step(&mut upkeep).await;
    assert!(place.is_signed_in().await);
}

#[tokio::test]
async fn a_session_that_began_in_the_future_stands_no_longer_than_any_other() {
    let place = Signed::with_someone().await;
    place.clock.set(UnixMillis(START.0 - 3_650 * 86_400_000));
    for _ in 0..20 {
        place.clock.advance(21 * DAY);
        place.is_signed_in().await;
    }
    place.clock.advance(2 * DAY);
    assert!(!place.is_signed_in().await, "400 days after it was first seen");
}

#[tokio::test]
async fn what_is_long_over_is_forgotten_and_nothing_else() {
    let place = Signed::with_someone().await;
    let mut upkeep = Upkeep::default();
    let over = 30 * DAY + MARGIN;
    // If it is still there, it stands again at an earlier time.
    let is_there = async |place: &Signed| {
        let now = place.clock.now();
        place.clock.set(START);
        let stands = place.is_signed_in().await;
        place.clock.set(now);
        stands
    };
    place.clock.advance(over - DAY);
    for _ in 0..3 {
        place.step(&mut upkeep).await;
    }
    assert!(is_there(&place).await);
    place.clock.advance(2 * DAY);
    place.step(&mut upkeep).await;
    assert!(is_there(&place).await, "one reading of the clock is not enough");
    place.step(&mut upkeep).await;
    assert!(!is_there(&place).await);
}
