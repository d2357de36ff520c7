//! Dispatch of a dialect's events to their handlers: order, and an acknowledgement where one is asked for.

use std::{future::Future, sync::Arc};

use madang_common::{
    event::{Answer, Done},
    fault::Fault,
};
use serde_json::Value;
use socketioxide::extract::{AckSender, SocketRef};
use tokio_util::task::TaskTracker;

use super::{
    argument::Argument,
    guest::{Guest, GuestSession},
};
use crate::{
    chat::guest::Dialect,
    error::Refusal,
    net::limits::{Caller, Kind},
    realtime::inbound::{Acknowledge, InReadLoop, Packet, Queue, unknown_event},
};

/// Where one socket's events get their handlers.
pub(super) struct On<'a> {
    socket: &'a SocketRef,
    known: Arc<GuestSession>,
    caller: Caller,
    queue: Queue,
}

impl<'a> On<'a> {
    pub(super) fn new(
        socket: &'a SocketRef,
        known: Arc<GuestSession>,
        caller: Caller,
        underway: &TaskTracker,
    ) -> Self {
        Self { socket, known, caller, queue: Queue::new(underway) }
    }

    /// Lets `handler` answer an event of a dialect. It gets the event's first argument, `null` if there is none.
    pub(super) fn event<F, R>(&self, dialect: &'static Dialect, name: &'static str, handler: F)
    where
        F: Fn(Guest, Argument) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<Value, Refusal>> + Send + 'static,
    {
        let (known, caller, queue) = (self.known.clone(), self.caller.clone(), self.queue.clone());
        let take = move |mut packet: Packet| {
            if let Err(fault) = caller.may(Kind::Outside, None) {
                return refuse(packet.ack(), fault, name);
            }
            let (guest, handler) = (Guest::new(packet.socket(), known.clone()), handler.clone());
            let argument = Argument::of(&packet);
            let ack = packet.ack();
            let request = async move {
                guest.speaks(dialect);
                let reply = handler(guest, argument).await;
                ack.acknowledge(&Answer::from(reply.map_err(|refusal| refusal.into_fault(name))), name);
            };
            if let Err(reason) = queue.push(request, packet.bytes()) {
                refuse(packet.ack(), reason.into(), name);
            }
        };
        self.socket.on(name, InReadLoop(take));
    }

    /// Answers events that no dialect has.
    pub(super) fn refuse_others(&self) {
        let caller = self.caller.clone();
        self.socket.on_fallback(InReadLoop(move |mut packet: Packet| {
            let unknown = |packet: &mut Packet| unknown_event(&packet.name());
            let fault = caller.may(Kind::Outside, None).err().unwrap_or_else(|| unknown(&mut packet));
            refuse(packet.ack(), fault, "an unknown event");
        }));
    }
}

fn refuse(ack: AckSender, fault: Fault, event: &str) {
    ack.acknowledge(&Answer::<Done>::Fault(fault), event);
}
