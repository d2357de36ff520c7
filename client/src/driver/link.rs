//! The link: connects, again and again, and carries what goes over each connection.

use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _};
use madang_common::fault::{Fault, FaultCode};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    Error, Server, Session,
    clock::now,
    core::Shared,
    wire::{Incoming, PONG, Unopened, Wire, decode, next_frame},
};
use crate::link::Link;

/// Frames that wait for a connection that takes nothing in.
const OUTGOING: usize = 1_024;

pub(super) async fn run(shared: &Shared, server: &Server, session: &Session) {
    let mut failures = 0;
    let mut since = now();
    while shared.lock().over().is_none() {
        shared.options.observer.connecting();
        shared.tell(|core| core.tell_all(|engine| engine.connecting(since, failures)));
        let error = match Wire::open(server, session).await {
            Ok(wire) => {
                let error = carry(shared, wire).await;
                if shared.lock().link() == Link::Live {
                    failures = 0;
                }
                since = now();
                error
            }
            Err(Unopened::Refused(message)) => {
                refused(shared, since, &message).await;
                continue;
            }
            Err(Unopened::Error(error)) => error,
        };
        shared.options.observer.disconnected(&error);
        let wait = shared.options.pace.wait(failures, fastrand::f64());
        failures = failures.saturating_add(1);
        let retry = Instant::now() + wait;
        forget_reconnect(shared);
        let at = shared.tell(|core| {
            let at = core.back_at.take().map_or(retry, Instant::from_std);
            core.failed = Some(error);
            let retry_at = now() + at.saturating_duration_since(Instant::now()).as_millis() as f64;
            core.tell_all(|engine| engine.disconnected(since, retry_at));
            at
        });
        tokio::select! {
            () = sleep_until(at) => {}
            () = shared.reconnect.notified() => {}
        }
    }
}

/// The server let nobody in under this session. When it is asked again is for the engine to say, and whether at all.
async fn refused(shared: &Shared, since: f64, message: &str) {
    let fault = serde_json::from_str::<Fault>(message);
    let error = match fault {
        Ok(fault) if fault.code == FaultCode::NotSignedIn => Error::Ended,
        Ok(fault) => Error::Fault(fault),
        Err(_) => Error::NotMadang("it refuses without a reason that can be read".to_owned()),
    };
    shared.options.observer.disconnected(&error);
    forget_reconnect(shared);
    shared.tell(|core| {
        core.failed = Some(error);
        core.tell_all(|engine| engine.refused(since, message));
    });
    if shared.lock().over().is_none() {
        shared.reconnect.notified().await;
    }
}

/// What was asked for before there was something to wait for counts for nothing.
fn forget_reconnect(shared: &Shared) {
    let _: Option<()> = shared.reconnect.notified().now_or_never();
}

/// Carries what goes over a connection, until it ends; why it did.
async fn carry(shared: &Shared, wire: Wire) -> Error {
    let Wire { mut writer, mut reader, silence } = wire;
    let (outgoing, mut waiting) = mpsc::channel(OUTGOING);
    shared.options.observer.connected();
    shared.tell(|core| core.connected(outgoing));
    let write = async {
        while let Some(frame) = waiting.recv().await {
            if let Err(error) = writer.send(Message::text(frame)).await {
                return Error::Unreachable(error.to_string());
            }
        }
        shared.lock().over().unwrap_or_else(|| Error::Unreachable("the server takes nothing in".to_owned()))
    };
    let read = async {
        loop {
            let frame = match timeout(silence, next_frame(&mut reader)).await {
                Ok(Ok(frame)) => frame,
                Ok(Err(error)) => return error,
                Err(_) => return Error::Silent(silence),
            };
            match decode(&frame) {
                Ok(Some(Incoming::Ping)) => shared.lock().send(PONG.to_owned()),
                Ok(Some(Incoming::Ack(number, answer))) => shared.tell(|core| core.answered(number, answer)),
                Ok(Some(Incoming::Event(name, data))) => shared.tell(|core| core.event(&name, data)),
                Ok(Some(Incoming::Disconnect)) => {
                    return Error::Unreachable("the server ended the session".to_owned());
                }
                Ok(None) => {}
                Err(error) => return error,
            }
        }
    };
    let error = tokio::select! {
        error = write => error,
        error = read => error,
        error = patience(shared) => error,
    };
    shared.lock().disconnected();
    error
}

/// Ends when an answer has not come for too long.
async fn patience(shared: &Shared) -> Error {
    let patience = shared.options.pace.patience;
    loop {
        sleep((patience / 8).max(Duration::from_millis(10))).await;
        if shared.lock().waits_since().is_some_and(|since| since.elapsed() > patience) {
            return Error::Silent(patience);
        }
    }
}
