//! What each command and each query costs does not grow with what is stored or who is there: SQLite's steps in a database
//! that is used much are compared with those in one that is used little. Steps are counted, and not time.
//!
//! A command that is not tried here fails the test.

use std::{any::type_name, collections::BTreeMap, fs, path::Path};

use madang_common::{
    id::{Rev, RoomId, Seq, UserId},
    limits::ROOMS_PER_PERSON,
    room::RoomSnapshot,
    text::{RoomName, RoomTopic},
    time::UnixMillis,
};

use super::{
    Chat,
    account::{
        SignIn, Touch,
        session_upkeep::{Forget, See},
        sign_out::{SignOut, SignedOut},
    },
    commit::{Command, probe::Probe},
    connection::{Connect, Reconnect},
    fixtures::{LOBBY, Trial, client_id, name, words},
    guest_tests::origin,
    message::{Delete, Edit, Post},
    presence::{PresenceGuard, arrivals::TouchAll},
    read_marker::Read,
    retention::{Depart, RemoveMessages, RemovePerson, RemoveRoom},
    room::{Create, Join, Leave},
};
use crate::{
    error::Refusal,
    net::websocket,
    publish::Socket,
    secret::TokenHash,
    store::{
        expiry::Deserted,
        fixtures::{Crowd, Steps, fill, join_many},
        lifetime::Standing,
        members, messages,
    },
};

/// Beyond what is listed at once, or looked through for it, in every respect.
const LITTLE: Crowd = Crowd { people: 4_000, rooms: 999, in_lobby: 4_000, in_room: 110 };
const MUCH: Crowd = Crowd { people: 20_000, rooms: 999, in_lobby: 80_000, in_room: 110 };

/// The most steps of a command. Everyone waits for it.
const COMMAND: u64 = 4_000;
/// The most steps of the one that notes when hundreds of people were last seen, in place of as many commands.
const TOUCH_ALL: u64 = 20_000;

/// A room with hundreds of members who were all last seen long ago.
const QUIET: RoomId = RoomId(2);
/// When everything that is stored is old.
const FAR_OFF: UnixMillis = UnixMillis(i64::MAX);
/// A room that the person of these tests is no member of.
const OTHER: RoomId = RoomId(900);

/// What each thing cost at most, by its name.
type Costs = BTreeMap<String, u64>;

struct Scene {
    trial: Trial,
    steps: Steps,
    costs: Costs,
    /// Someone in as many rooms as one may be, with all of them unread.
    busy: UserId,
    token: TokenHash,
    /// Someone in the lobby alone.
    newcomer: UserId,
    /// All of the crowd are there.
    _online: Vec<PresenceGuard>,
}

impl Scene {
    async fn new(crowd: Crowd) -> Self {
        let mut trial = Trial::new().await;
        fill(trial.committer.conn(), crowd).await;
        let (busy, token) = trial.join("busy").await;
        join_many(trial.committer.conn(), busy, ROOMS_PER_PERSON).await;
        let (newcomer, _) = trial.join("newcomer").await;
        for number in 1..crowd.people / 200 {
            trial.join(&if number == 1 { "x".to_owned() } else { format!("x ({number})") }).await;
        }
        let online = (1..=crowd.people).map(|id| trial.chat.0.parts.presence.enter(UserId(id))).collect();
        let steps = Steps::default();
        steps.count(trial.committer.conn()).await;
        steps.count_readers(&trial.store).await;
        Self { trial, steps, costs: Costs::new(), busy, token, newcomer, _online: online }
    }

    fn note(&mut self, name: &str) {
        let steps = self.steps.take();
        let most = self.costs.entry(name.to_owned()).or_default();
        *most = steps.max(*most);
    }

    /// Runs a command and notes what it cost under its type's name.
    async fn command<C: Command>(&mut self, command: C) -> C::Reply {
        self.steps.take();
        let reply = self.trial.run(command).await.unwrap_or_else(|refusal| panic!("{}: {refusal}", type_name::<C>()));
        self.note(type_name::<C>().rsplit("::").next().unwrap_or_default());
        reply
    }

    /// Does what only reads, and notes what it cost.
    async fn query<T>(&mut self, name: &str, read: impl AsyncFnOnce(Chat) -> Result<T, Refusal>) -> T {
        self.steps.take();
        let found = read(self.trial.chat.clone()).await.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        self.note(name);
        found
    }

    async fn try_commands(&mut self) {
        let (chat, busy, newcomer) = (self.trial.chat.clone(), self.busy, self.newcomer);
        let form = Some(TokenHash::of("a form"));
        for _ in 0..2 {
            let name = name("somebody else");
            self.command(SignIn { chat: chat.clone(), session: None, form: form.clone(), name }).await;
        }
        let (sender, _waiting) = websocket::queue(1_000);
        let socket = Socket::Plain(sender);
        self.command(Connect { chat: chat.clone(), token: self.token.clone(), socket: socket.clone() }).await;
        self.command(Reconnect { user: busy, socket }).await;

        let new = (RoomName::parse("new").expect("a name"), RoomTopic::parse("").expect("no topic"));
        let room = self.command(Create { user: newcomer, name: new.0, topic: new.1, most: 10_000 }).await;
        self.command(Leave { user: newcomer, room }).await;
        let since = Deserted { spoken: FAR_OFF, silent: FAR_OFF };
        assert!(!self.command(RemoveRoom { room, since }).await, "all of it");
        for room in [OTHER, QUIET] {
            self.command(Join { user: newcomer, room }).await;
            self.command(Leave { user: newcomer, room }).await;
        }

        let post = Post { user: newcomer, room: LOBBY, client_id: client_id(1), text: words("one") };
        let said = self.command(post).await;
        self.command(Edit { user: newcomer, message: said.id, text: words("two") }).await;
        self.command(Delete { user: newcomer, message: said.id }).await;
        for read in [1, 2_000, i64::MAX] {
            self.command(Read { user: busy, room: LOBBY, read: Seq(read) }).await;
        }
        self.command(Post { user: busy, room: QUIET, client_id: client_id(1), text: words("three") }).await;
        let origin = origin();
        let (may_add, untold) = (Box::new(|| Ok(())), None);
        self.command(super::guest::Say { chat, name: name("x"), text: words("hello"), origin, untold, may_add })
            .await;

        for write in [false, true] {
            self.command(Probe { write }).await;
        }
        self.command(Touch { user: busy }).await;
        self.command(TouchAll { users: (1..=500).map(UserId).collect() }).await;
        let tokens = vec![self.token.clone(); 50];
        self.command(See { tokens, standing: Standing::ANY }).await;
        assert_eq!(self.command(Forget { unseen_since: UnixMillis(1) }).await, 50, "of the crowd");
        while self.command(SignOut { user: busy }).await == SignedOut::NotYet {}

        let user = UserId(1);
        self.command(Depart { user }).await;
        self.command(RemovePerson { user }).await;
        assert!(self.command(RemoveMessages { room: LOBBY, before: FAR_OFF }).await > 1, "some of very many");
    }

    async fn try_queries(&mut self) {
        let busy = self.busy;
        let token = self.token.clone();
        self.query("session", async |chat| chat.session(&token).await).await;
        self.query("hello", async |chat| chat.hello(busy).await).await;
        self.query("head", async |chat| chat.head(busy).await).await;
        for (name, room) in [("open the lobby", LOBBY), ("open a quiet room", QUIET)] {
            let page: RoomSnapshot = self.query(name, async |chat| chat.open(busy, room).await).await;
            assert!(page.more_members && page.members.len() >= 300, "{name}: {}", page.members.len());
        }
        self.query("sync", async |chat| chat.sync(busy, LOBBY, Rev(1)).await).await;
        self.query("history", async |chat| chat.history(busy, LOBBY, Seq(2_000)).await).await;
        self.query("digest", async |chat| chat.digest(busy, LOBBY, Seq(1)).await).await;
        self.query("a room", async |chat| chat.room(QUIET).await).await;
        self.query("one's membership", async |chat| {
            Ok(members::membership(&mut *chat.0.parts.store.read().await?, LOBBY, busy).await?)
        })
        .await;
        self.query("last changes", async |chat| {
            let changes = messages::last_changes(&mut *chat.0.parts.store.read().await?, busy).await?;
            assert_eq!(changes.len(), ROOMS_PER_PERSON);
            Ok(())
        })
        .await;
        self.query("whom to tell", async |chat| {
            Ok(members::rooms_of_all(&mut *chat.0.parts.store.read().await?, &[busy]).await?)
        })
        .await;
        self.query("which rooms are big", async |chat| {
            let rooms = [LOBBY, QUIET].into();
            Ok(members::bigger_than(&mut *chat.0.parts.store.read().await?, &rooms, 300).await?)
        })
        .await;
    }
}

/// The names of all commands, as they stand in the sources.
fn declared(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            names.extend(declared(&path));
        } else {
            let text = fs::read_to_string(&path).expect("a source");
            let heads = text.lines().filter_map(|line| line.strip_prefix("impl Command for "));
            names.extend(heads.filter_map(|rest| rest.split([' ', '<']).next()).map(str::to_owned));
        }
    }
    names
}

#[tokio::test]
async fn no_command_and_no_query_costs_more_because_more_is_stored() {
    let mut little = Scene::new(LITTLE).await;
    little.try_queries().await;
    little.try_commands().await;
    let mut much = Scene::new(MUCH).await;
    much.try_queries().await;
    much.try_commands().await;

    let commands = declared(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    println!("steps where little and where much is stored");
    for (name, steps) in &much.costs {
        println!("{:>8} {steps:>8} {name}", little.costs[name]);
    }
    for name in &commands {
        assert!(much.costs.contains_key(name), "the command {name} is not tried here");
    }
    for (name, steps) in &much.costs {
        let before = little.costs[name];
        // What is found by an index takes as many steps, however long it is.
        assert!(*steps <= before + before / 10 + 20, "{name}: {before} steps, {steps} when more is stored");
        let most = if name == "TouchAll" { TOUCH_ALL } else { COMMAND };
        assert!(!commands.contains(name) || *steps <= most, "{name}: {steps} steps, while everyone waits");
    }
}
