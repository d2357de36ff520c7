//! What the server tells, and what becomes of it. One line an event.

use leptos::task::spawn_local;
use madang_common::event::{
    presence::{MemberJoined, MemberLeft, PresenceChanged},
    room::{Added, Changes, MembershipChanged, ReadChanged, Removed},
    server::Leaving,
    session::Ended,
    typing::TypingChanged,
};
use socketio_web::Socket;

use super::{
    super::Chat,
    link, messages, rooms, sync, typing,
    wire::{self, on},
};

/// Listens to all events.
pub(super) fn listen(chat: Chat, socket: &Socket) {
    on(socket, move |_: Ended| link::ended(chat));
    on(socket, |event: Leaving| wire::come_back_in(event.back_in));
    on(socket, move |event: Changes| changes(chat, event));
    on(socket, move |event: Added| rooms::change(chat, move |rooms| rooms.add(event.room)));
    on(socket, move |event: Removed| rooms::removed(chat, event.room));
    on(socket, move |event: MembershipChanged| rooms::membership_changed(chat, event.summary));
    on(socket, move |event: ReadChanged| rooms::take_membership(chat, event.room, event.membership));
    on(socket, move |event: MemberJoined| {
        rooms::change_open(chat, event.room, |open| open.members.put(event.member));
    });
    on(socket, move |event: MemberLeft| {
        rooms::change_open(chat, event.room, |open| {
            open.members.remove(event.user);
            open.typing.clear(event.user);
        });
    });
    on(socket, move |event: PresenceChanged| presence(chat, event));
    on(socket, move |event: TypingChanged| typing::heard(chat, event));
}

fn changes(chat: Chat, event: Changes) {
    if messages::take(chat, event.room, event.changes) {
        spawn_local(sync::catch_up(chat));
    }
}

fn presence(chat: Chat, event: PresenceChanged) {
    chat.open.maybe_update(|open| {
        let Some(open) = open else { return false };
        open.members.set_online(event.user, event.online);
        if !event.online {
            open.typing.clear(event.user);
        }
        true
    });
}
