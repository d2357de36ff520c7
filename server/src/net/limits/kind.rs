//! The table of rate limits: what is counted, and how often it may be done.
//!
//! An ordinary person who is quick does not meet these rates, and neither does a classroom behind one address that
//! comes in, or comes back, at once. docs/PROTOCOL.md has the same table, which a test compares.

use super::address::Network;

/// So many at once, and afterwards so many a minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    pub(super) burst: u32,
    pub(super) per_minute: f64,
}

impl Rate {
    /// The same rate, more or less generous.
    pub(super) fn times(self, factor: f64) -> Self {
        // As large as a burst can be is without a limit; below one nothing could ever be done.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "floats saturate when cast")]
        let burst = (f64::from(self.burst) * factor).max(1.0) as u32;
        Self { burst, per_minute: self.per_minute * factor }
    }
}

/// The rates of one kind, each where there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rates {
    /// Of one person, or of one connection that speaks for itself.
    pub(super) subject: Option<Rate>,
    pub(super) address: Option<Rate>,
    pub(super) room: Option<Rate>,
    /// Of all together.
    pub(super) all: Option<Rate>,
}

impl Rates {
    /// Of all addresses of a network together.
    #[expect(clippy::cast_precision_loss, reason = "it is a small number")]
    pub(super) fn network(self) -> Option<Rate> {
        self.address.map(|rate| rate.times(Network::ADDRESSES as f64))
    }
}

/// A kind of thing that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An event of Madang's own protocol, whatever it is and however it is formed; its own kind counts besides.
    Event,
    /// A new message.
    Post,
    /// A message becomes another, or is taken back.
    Change,
    /// A new room.
    CreateRoom,
    /// Coming into a room or leaving it, which tells its members.
    Enter,
    /// Reading what is stored.
    Read,
    /// Small news: typing, how far one has read.
    Signal,
    /// An event of a dialect, or a text on the plain WebSocket.
    Outside,
    /// Joining a namespace, or a plain WebSocket's turn to speak for someone.
    Connect,
    /// A new session of Engine.IO, or a plain WebSocket.
    Handshake,
    /// A request of long polling.
    Poll,
    /// Joining Madang, which makes a person.
    SignIn,
    /// A form, whatever it does; its own kind counts besides.
    Form,
    /// A page, or an address where there is none.
    Page,
    /// A file of the UI or of the Socket.IO client.
    File,
    /// A question how the server is.
    Health,
    /// A byte that is sent to the server, of whatever it is.
    Inflow,
    /// A byte of an answer to reading.
    Answer,
    /// A byte of a page, as it is sent.
    PageByte,
    /// A byte of a file, as it is sent.
    FileByte,
    /// A byte that someone outside has others outside hear.
    OutboundEvent,
    /// That someone has come, told to all others outside.
    Greeting,
    /// A connection, whatever it is used for.
    Connection,
    /// A byte that is stored, of whatever it is.
    Store,
}

const fn rate(burst: u32, per_minute: u32) -> Option<Rate> {
    Some(Rate { burst, per_minute: per_minute as f64 })
}

impl Kind {
    pub(super) const ALL: [Self; 24] = [
        Self::Event,
        Self::Post,
        Self::Change,
        Self::CreateRoom,
        Self::Enter,
        Self::Read,
        Self::Signal,
        Self::Outside,
        Self::Connect,
        Self::Handshake,
        Self::Poll,
        Self::SignIn,
        Self::Form,
        Self::Page,
        Self::File,
        Self::Health,
        Self::Inflow,
        Self::Answer,
        Self::PageByte,
        Self::FileByte,
        Self::OutboundEvent,
        Self::Greeting,
        Self::Connection,
        Self::Store,
    ];

    /// What many share, a room or the server, takes several times what one address may do: else whoever does as much as
    /// they may would keep everyone else from it.
    pub(super) const fn rates(self) -> Rates {
        let (subject, address, room, all) = match self {
            Self::Event => (rate(600, 6_000), rate(20_000, 60_000), None, None),
            Self::Post => (rate(40, 300), rate(600, 3_000), rate(2_000, 12_000), None),
            Self::Change => (rate(60, 300), rate(1_000, 6_000), None, None),
            // Six an hour, once a class has made its rooms.
            Self::CreateRoom => (rate(10, 1), Some(Rate { burst: 100, per_minute: 0.1 }), None, None),
            Self::Enter => (rate(60, 30), rate(1_000, 300), rate(4_000, 1_200), None),
            Self::Read => (rate(300, 1_200), rate(10_000, 12_000), None, None),
            Self::Signal => (rate(200, 600), rate(10_000, 30_000), None, None),
            Self::Outside => (rate(40, 300), rate(400, 600), None, rate(2_000, 6_000)),
            Self::Connect => (rate(10, 30), rate(3_000, 6_000), None, None),
            Self::Handshake => (None, rate(3_000, 6_000), None, None),
            Self::Poll => (None, rate(10_000, 60_000), None, None),
            Self::SignIn => (None, rate(500, 30), None, None),
            Self::Form => (None, rate(1_000, 1_200), None, None),
            Self::Page => (None, rate(3_000, 3_000), None, None),
            Self::File => (None, rate(20_000, 30_000), None, None),
            Self::Health => (None, rate(600, 600), None, None),
            // 6 MiB, then 512 KiB a second.
            Self::Inflow => (None, rate(6 << 20, 30 << 20), None, None),
            // Of what is sent, each connection has a copy of its own until the client takes it in or is found to be gone.
            Self::Answer => (rate(2 << 20, 30 << 20), rate(16 << 20, 120 << 20), None, None),
            Self::PageByte => (rate(16 << 20, 30 << 20), rate(128 << 20, 120 << 20), None, None),
            // A class of 500 that comes in at once without compression takes 300 MB.
            Self::FileByte => (None, rate(512 << 20, 256 << 20), None, None),
            // 512 KiB, then 512 KiB a minute: a client that reads at all keeps up with that.
            Self::OutboundEvent => (rate(512 << 10, 512 << 10), rate(512 << 10, 1 << 20), None, None),
            Self::Greeting => (None, rate(20, 60), None, rate(100, 300)),
            Self::Connection => (None, rate(5_000, 6_000), None, None),
            // 1 MiB, then 60 KiB a minute, as a program that talks all day may need; of an address 8 MiB, then 256 KiB.
            Self::Store => (rate(1 << 20, 60 << 10), rate(8 << 20, 256 << 10), None, rate(256 << 20, 8 << 20)),
        };
        Rates { subject, address, room, all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = include_str!("../../../../docs/PROTOCOL.md");

    fn cell(rate: Option<Rate>) -> String {
        let number = |number: String| {
            let places = number.len();
            let comma = |place: usize| if place > 0 && (places - place).is_multiple_of(3) { "," } else { "" };
            number.chars().enumerate().map(|(place, digit)| format!("{}{digit}", comma(place))).collect::<String>()
        };
        let fraction = |rate: f64| match rate.to_string() {
            whole if rate.fract() == 0.0 => number(whole),
            part => part,
        };
        let written = |rate: Rate| format!("{} + {}", number(rate.burst.to_string()), fraction(rate.per_minute));
        rate.map_or_else(|| "–".to_owned(), written)
    }

    #[test]
    fn the_document_has_the_same_table() {
        let (_, section) = DOCUMENT.split_once("\n## Rate limits\n").expect("the section");
        let rows = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
        let rows = rows.take_while(|line| line.starts_with('|'));
        let documented: Vec<Vec<String>> = rows
            .map(|row| row.trim_matches('|').split('|').skip(1).map(|cell| cell.trim().to_owned()).collect())
            .collect();
        let coded: Vec<Vec<String>> = Kind::ALL
            .iter()
            .map(|kind| kind.rates())
            .map(|Rates { subject, address, room, all }| [subject, address, room, all].map(cell).to_vec())
            .collect();
        assert_eq!(documented, coded, "in the order of the kinds");
    }

    #[test]
    fn each_kind_has_its_own_place() {
        for (place, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{kind:?}");
        }
    }
}
