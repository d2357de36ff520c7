//! The plain WebSockets that are subscribed, and the socket rooms that they are in.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::extract::ws::Utf8Bytes;

use super::Audience;
use crate::net::websocket::{Full, WsSender};

/// Who is in which socket room; a cheap handle.
#[derive(Clone, Default)]
pub(super) struct Registry(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    rooms: HashMap<String, HashMap<u64, WsSender>>,
    rooms_of: HashMap<u64, HashSet<String>>,
}

impl Registry {
    /// Puts a socket into rooms.
    pub(super) fn join(&self, sender: &WsSender, rooms: impl IntoIterator<Item = String>) {
        let mut state = self.state();
        for room in rooms {
            state.rooms.entry(room.clone()).or_default().insert(sender.id(), sender.clone());
            state.rooms_of.entry(sender.id()).or_default().insert(room);
        }
    }

    /// Puts the sockets of one room into another.
    pub(super) fn join_all(&self, of: &str, room: &str) {
        for sender in self.in_room(of) {
            self.join(&sender, [room.to_owned()]);
        }
    }

    /// Takes the sockets of one room out of another.
    pub(super) fn leave_all(&self, of: &str, room: &str) {
        let mut state = self.state();
        let ids: Vec<u64> = state.rooms.get(of).into_iter().flat_map(HashMap::keys).copied().collect();
        for id in ids {
            state.leave(id, room);
            if let Some(rooms) = state.rooms_of.get_mut(&id) {
                rooms.remove(room);
            }
        }
    }

    /// Takes a socket out of all rooms: it hears nothing any more.
    pub(super) fn forget(&self, id: u64) {
        let mut state = self.state();
        for room in state.rooms_of.remove(&id).unwrap_or_default() {
            state.leave(id, &room);
        }
    }

    /// The sockets of a room.
    pub(super) fn in_room(&self, room: &str) -> Vec<WsSender> {
        self.state().rooms.get(room).into_iter().flat_map(HashMap::values).cloned().collect()
    }

    /// Sends the same frame, written once, to all whom it is for. A socket that is full is cut off: it connects again
    /// and asks for what it missed.
    pub(super) fn send(&self, audience: &Audience, frame: impl FnOnce() -> Option<Utf8Bytes>) {
        let senders = self.meant(audience);
        if senders.is_empty() {
            return;
        }
        let Some(frame) = frame() else { return };
        for sender in senders {
            if let Err(Full) = sender.send(frame.clone()) {
                tracing::debug!(socket = sender.id(), "a plain WebSocket cannot keep up and is cut off");
                self.forget(sender.id());
                sender.cut();
            }
        }
    }

    fn meant(&self, audience: &Audience) -> Vec<WsSender> {
        let state = self.state();
        let except = audience.except.as_ref().and_then(|room| state.rooms.get(room));
        let rooms = audience.within.iter().filter_map(|room| state.rooms.get(room));
        // Whoever is in several of the rooms is meant once.
        let meant: HashMap<u64, &WsSender> = rooms.flatten().map(|(id, sender)| (*id, sender)).collect();
        let is_meant = |id: &u64| except.is_none_or(|except| !except.contains_key(id));
        meant.into_iter().filter(|(id, _)| is_meant(id)).map(|(_, sender)| sender.clone()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves at most a socket that is in a room without knowing it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn leave(&mut self, id: u64, room: &str) {
        if let Some(sockets) = self.rooms.get_mut(room) {
            sockets.remove(&id);
            if sockets.is_empty() {
                self.rooms.remove(room);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::websocket;

    fn audience(within: &[&str], except: Option<&str>) -> Audience {
        Audience::new(within.iter().map(|&room| room.to_owned()).collect(), except.map(str::to_owned))
    }

    fn heard(registry: &Registry, audience: &Audience) -> Vec<u64> {
        let mut ids: Vec<u64> = registry.meant(audience).iter().map(WsSender::id).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn a_frame_is_for_whom_the_rooms_name_once_each() {
        let registry = Registry::default();
        let (one, _one) = websocket::queue(1);
        let (two, _two) = websocket::queue(1);
        registry.join(&one, ["a".to_owned(), "b".to_owned(), "one".to_owned()]);
        registry.join(&two, ["b".to_owned()]);
        assert_eq!(heard(&registry, &audience(&["a", "b"], None)), [one.id(), two.id()]);
        assert_eq!(heard(&registry, &audience(&["a", "b"], Some("one"))), [two.id()]);
        registry.leave_all("one", "b");
        assert_eq!(heard(&registry, &audience(&["b"], None)), [two.id()]);
        registry.join_all("one", "c");
        assert_eq!(heard(&registry, &audience(&["c"], None)), [one.id()]);
        registry.forget(one.id());
        assert!(heard(&registry, &audience(&["a", "c", "one"], None)).is_empty());
        assert_eq!(registry.state().rooms.len(), 1, "empty rooms are not kept");
    }

    #[test]
    fn a_full_socket_is_cut_off_and_the_others_are_not() {
        let registry = Registry::default();
        let (slow, _slow) = websocket::queue(1);
        let (quick, _quick) = websocket::queue(2);
        for sender in [&slow, &quick] {
            registry.join(sender, ["a".to_owned()]);
        }
        for _ in 0..2 {
            registry.send(&audience(&["a"], None), || Some(Utf8Bytes::from_static("x")));
        }
        assert_eq!(heard(&registry, &audience(&["a"], None)), [quick.id()]);
    }
}
