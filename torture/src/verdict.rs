//! The questions at the end of each fault, and their answers.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    net::SocketAddr,
};

use anyhow::{Context, Result};
use madang_common::{
    event::{
        room::{History, HistoryReply, Join, Open},
        session::{Hello, HelloReply},
    },
    id::{ClientId, Seq, UserId},
    message::MessageView,
    room::{LOBBY, RoomSnapshot},
};

use crate::{forms::Account, link::Link, person::Person};

/// The head of the columns that a verdict prints.
pub(crate) const HEAD: &str = "   said  acked   lost doubled  order screens";

/// What was found after a fault.
#[derive(Default)]
pub(crate) struct Verdict {
    said: usize,
    acked: usize,
    lost: usize,
    doubled: usize,
    disordered: usize,
    /// Screens that differ from a fresh load.
    different: usize,
    /// What is wrong, in words; anything here fails the run.
    pub(crate) complaints: Vec<String>,
}

impl Verdict {
    /// Whether the promise held.
    pub(crate) fn held(&self) -> bool {
        self.complaints.is_empty()
    }

    /// Whether screens differ, and nothing else is wrong.
    pub(crate) fn is_only_screens(&self) -> bool {
        self.different > 0 && self.complaints.len() == self.different
    }

    /// Notes what else is wrong.
    pub(crate) fn complain(&mut self, complaint: impl Into<String>) {
        self.complaints.push(complaint.into());
    }

    /// Takes in what was found after another part of the same fault.
    pub(crate) fn add(&mut self, other: Self) {
        self.said += other.said;
        self.acked += other.acked;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.disordered += other.disordered;
        self.different += other.different;
        self.complaints.extend(other.complaints);
    }

    /// Compares what people said, were told and see with what a newcomer finds.
    pub(crate) async fn of(server: SocketAddr, people: &[Person]) -> Result<Self> {
        // Before the newcomer comes, whose coming is told to everyone.
        let screens: Vec<_> = people.iter().map(Person::screen).collect();
        let stored = everything(server, LOBBY).await?;
        let mut verdict = Self::default();
        verdict.check_numbers(&stored);
        for (person, screen) in people.iter().zip(screens) {
            verdict.check_said(&person.name, person.id(), &person.said(), &person.acked(), &stored);
            verdict.check_screen(&person.name, &screen, &stored);
            for refused in person.refused() {
                verdict.complain(format!("{} was refused: {refused}", person.name));
            }
        }
        Ok(verdict)
    }

    /// Each place and each pair of author and client id is taken once, without a hole.
    pub(crate) fn check_numbers(&mut self, stored: &[MessageView]) {
        let mut ids: HashSet<(UserId, ClientId)> = HashSet::new();
        for (place, message) in (1..).zip(stored) {
            if message.seq != Seq(place) {
                self.lost += 1;
                return self.complain(format!("place {place} of the room holds message {}", message.seq));
            }
            if !ids.insert((message.author.id, message.client_id)) {
                self.doubled += 1;
                self.complain(format!("message {} is there twice", message.client_id));
            }
        }
    }

    /// What was acknowledged is there, everything arrived, and it stands in the order in which it was said.
    pub(crate) fn check_said(
        &mut self,
        name: &str,
        who: UserId,
        said: &[(ClientId, String)],
        acked: &[MessageView],
        stored: &[MessageView],
    ) {
        let places: HashMap<ClientId, Seq> = stored
            .iter()
            .filter(|message| message.author.id == who)
            .map(|found| (found.client_id, found.seq))
            .collect();
        self.said += said.len();
        self.acked += acked.len();
        for message in acked {
            if places.get(&message.client_id) != Some(&message.seq) {
                self.lost += 1;
                self.complain(format!("{name} lost message {}", message.client_id));
            }
        }
        let order: Vec<Seq> = said.iter().filter_map(|(id, _)| places.get(id).copied()).collect();
        if !order.is_sorted() {
            self.disordered += 1;
            self.complain(format!("what {name} said is not in order"));
        }
        if order.len() != said.len() {
            self.complain(format!("{} of {name}'s messages never arrived", said.len() - order.len()));
        }
    }

    /// The screen is the end of what a newcomer finds.
    fn check_screen(&mut self, name: &str, screen: &[MessageView], stored: &[MessageView]) {
        let skipped =
            screen.first().map_or(stored.len(), |first| usize::try_from(first.seq.0 - 1).unwrap_or_default());
        let fresh = stored.get(skipped..).unwrap_or_default();
        if screen.is_empty() || fresh != screen {
            self.different += 1;
            let first = screen.iter().zip(fresh).find(|(shown, fresh)| shown != fresh);
            let difference = match first {
                Some((shown, fresh)) => format!("it shows {shown:?} for {fresh:?}"),
                None => format!("it shows {} messages for {}", screen.len(), fresh.len()),
            };
            self.complain(format!("{name}'s screen differs from a fresh load: {difference}"));
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { said, acked, lost, doubled, disordered, different, .. } = self;
        write!(f, "{said:>7}{acked:>7}{lost:>7}{doubled:>8}{disordered:>7}{different:>8}")
    }
}

/// A whole room as a newcomer finds it, up to their own coming.
pub(crate) async fn everything(server: SocketAddr, slug: &str) -> Result<Vec<MessageView>> {
    let name = format!("auditor-{}", fastrand::u32(..));
    everything_for(&Account::new(server, &name).await?, slug).await
}

/// As [`everything`], for somebody who has come before. Their own coming is left out.
pub(crate) async fn everything_for(account: &Account, slug: &str) -> Result<Vec<MessageView>> {
    let mut link = Link::open(account.server, &account.session).await?;
    let hello: HelloReply = link.request(&Hello {}).await?;
    let found = hello.rooms.iter().find(|summary| summary.room.slug.as_str() == slug);
    let summary = found.context("the room is not there")?;
    let room = summary.room.id;
    let snapshot: RoomSnapshot = match summary.membership {
        Some(_) => link.request(&Open { room }).await?,
        None => link.request(&Join { room }).await?,
    };
    let (mut messages, mut earlier) = (snapshot.messages, snapshot.earlier);
    while earlier {
        let before = messages.first().context("an empty page has something before it")?.seq;
        let page: HistoryReply = link.request(&History { room, before }).await?;
        earlier = page.earlier;
        messages.splice(0..0, page.messages);
    }
    messages.retain(|message| message.author.id != hello.me.id);
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use madang_common::{
        id::{MessageId, Rev, RoomId},
        message::Body,
        text::MessageText,
        time::UnixMillis,
        user::UserView,
    };

    use super::*;

    const WHO: UserId = UserId(7);

    fn message(seq: i64, id: u8) -> MessageView {
        let text = MessageText::parse("said").expect("a text");
        MessageView {
            id: MessageId(seq),
            room: RoomId(1),
            seq: Seq(seq),
            rev: Rev(seq),
            author: UserView { id: WHO, name: "ann".to_owned().try_into().expect("a name"), outside: false },
            client_id: ClientId::from_bytes([id; 16]),
            sent_at: UnixMillis(0),
            body: Body::Text { text, edited_at: None },
        }
    }

    fn said(ids: &[u8]) -> Vec<(ClientId, String)> {
        ids.iter().map(|id| (ClientId::from_bytes([*id; 16]), String::new())).collect()
    }

    fn judged(check: impl FnOnce(&mut Verdict)) -> (usize, usize, usize, usize, bool) {
        let mut verdict = Verdict::default();
        check(&mut verdict);
        (verdict.lost, verdict.doubled, verdict.disordered, verdict.different, verdict.held())
    }

    #[test]
    fn what_is_there_once_in_order_and_on_the_screen_holds() {
        let stored = [message(1, 1), message(2, 2), message(3, 3)];
        let held = judged(|verdict| {
            verdict.check_numbers(&stored);
            verdict.check_said("ann", WHO, &said(&[1, 2, 3]), &stored, &stored);
            verdict.check_screen("ann", &stored[1..], &stored);
        });
        assert_eq!(held, (0, 0, 0, 0, true));
    }

    #[test]
    fn each_way_to_break_the_promise_is_found() {
        let stored = [message(1, 1), message(2, 2)];
        let said_by_ann = |said: &[(ClientId, String)], acked: &[MessageView]| {
            judged(|verdict| verdict.check_said("ann", WHO, said, acked, &stored))
        };
        assert_eq!(judged(|verdict| verdict.check_numbers(&[message(1, 1), message(3, 3)])), (1, 0, 0, 0, false));
        assert_eq!(judged(|verdict| verdict.check_numbers(&[message(1, 1), message(2, 1)])), (0, 1, 0, 0, false));
        assert_eq!(said_by_ann(&said(&[1, 2]), &[message(2, 9)]), (1, 0, 0, 0, false));
        assert_eq!(said_by_ann(&said(&[2, 1]), &stored), (0, 0, 1, 0, false));
        assert_eq!(said_by_ann(&said(&[1, 2, 3]), &stored), (0, 0, 0, 0, false));
        for screen in [&stored[..1], &[], &[message(2, 9)]] {
            assert_eq!(judged(|verdict| verdict.check_screen("ann", screen, &stored)), (0, 0, 0, 1, false));
        }
    }
}
