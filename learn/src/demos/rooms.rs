//! The rooms demo: login, rooms, choosing the recipients, and being disconnected by the server.

use leptos::{ev::SubmitEvent, html, prelude::*};
use serde_json::{Value, json};

use super::try_emit::fault_of;
use crate::{
    live::Link,
    parts::{scroller::Scroller, text_entry},
    state::{
        events::{CHAT, FORCE_DISCONNECT, JOIN, LEAVE, LOGIN, S2C_CHAT},
        lines::Lines,
    },
    texts::{i18n::td_string, locale},
};

/// What the demo's forms share.
#[derive(Clone, Copy)]
struct Session {
    link: Link,
    /// Whether this very connection has logged in: what the server keeps, it keeps on the socket.
    logged_in: RwSignal<bool>,
    /// The rooms that this connection has joined.
    joined: RwSignal<Vec<String>>,
    fault: RwSignal<Option<String>>,
}

impl Session {
    /// Sends an event; if the server refuses it, the page says why. Says whether it went out.
    fn emit(self, event: &'static str, data: &Value) -> bool {
        self.fault.set(None);
        self.link.emit_with_ack(event, data, move |answer| self.fault.set(fault_of(&answer)))
    }
}

/// The log, and a form for each thing that one can do.
#[component]
pub(crate) fn Rooms(link: Link) -> impl IntoView {
    let locale = locale();
    let lines = RwSignal::new(Lines::<(&'static str, String)>::default());
    let session =
        Session { link, logged_in: RwSignal::default(), joined: RwSignal::default(), fault: RwSignal::default() };
    Effect::new(move || {
        let push = move |event: &'static str, text: String| lines.update(|lines| lines.push((event, text)));
        link.on(LOGIN, move |data: Value| push(LOGIN, plain(&data)));
        link.on(CHAT, move |data: Value| push(CHAT, said(&data)));
        link.on(S2C_CHAT, move |data: Value| push(S2C_CHAT, said(&data)));
        link.start_socket_io();
    });
    // A new connection is a new socket, and nobody has logged in on it.
    Effect::new(move || {
        link.id.track();
        session.logged_in.set(false);
        session.joined.set(Vec::new());
        session.fault.set(None);
    });

    view! {
        <Scroller label=td_string!(locale, demo.log) class="demo-log" grown=move || lines.read().count()>
            <ol id="received">
                <For each=move || lines.read().to_vec() key=|(id, _)| *id let((_, (event, text)))>
                    <li class="line"><code>{event}</code>" "<bdi>{text}</bdi></li>
                </For>
            </ol>
        </Scroller>
        <p class="field-error" role="status" id="fault">{move || session.fault.get()}</p>
        <Login session/>
        <Talk session/>
        <Membership session/>
        <h3>{td_string!(locale, rooms.force_heading)}</h3>
        <form
            class="entry"
            on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                link.emit(FORCE_DISCONNECT, &Value::Null);
            }
        >
            <button class="button danger" id="force-disconnect"><code>{FORCE_DISCONNECT}</code></button>
            <span class="field-hint">{td_string!(locale, rooms.force_hint)}</span>
        </form>
    }
    .into_any()
}

#[component]
fn Login(session: Session) -> impl IntoView {
    let locale = locale();
    let name = NodeRef::<html::Input>::new();
    let userid = NodeRef::<html::Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(userid)) = (text_entry::read(name), text_entry::read(userid)) else { return };
        if session.emit(LOGIN, &json!({ "name": name, "userid": userid })) {
            session.logged_in.set(true);
        }
    };

    view! {
        <h3>{td_string!(locale, rooms.login_heading)}</h3>
        <form class="entry named" id="login" on:submit=submit>
            <label class="visually-hidden" for="login-name">{td_string!(locale, demo.name)}</label>
            <input
                type="text"
                dir="auto"
                id="login-name"
                autocomplete="nickname"
                required
                placeholder=td_string!(locale, demo.name)
                node_ref=name
            />
            <label class="visually-hidden" for="login-userid">{td_string!(locale, rooms.userid)}</label>
            <input
                type="text"
                dir="auto"
                id="login-userid"
                autocomplete="off"
                required
                placeholder=td_string!(locale, rooms.userid)
                node_ref=userid
            />
            <button class="button primary">{td_string!(locale, rooms.login)}</button>
        </form>
    }
    .into_any()
}

/// Speaking: to the others, to a room, or by way of the server to whom one names.
#[component]
fn Talk(session: Session) -> impl IntoView {
    const ID: &str = "id";

    let locale = locale();
    let message = NodeRef::<html::Input>::new();
    let id = NodeRef::<html::Input>::new();
    let to = NodeRef::<html::Select>::new();
    let by_id = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // The server would have no name to put before it.
        if !session.logged_in.get_untracked() {
            session.fault.set(Some(td_string!(locale, rooms.login_first).to_owned()));
            return;
        }
        let Some(choice) = to.get_untracked().map(|to| to.value()) else { return };
        let id = text_entry::read(id);
        text_entry::hand_over(message, |text| match choice.split_once(':') {
            Some(("room", room)) => session.emit(CHAT, &json!({ "msg": text, "room": room })),
            Some((_, ID)) => match id {
                Some(id) => session.emit(S2C_CHAT, &json!({ "msg": text, "to": id })),
                None => {
                    session.fault.set(Some(td_string!(locale, emit.id_missing).to_owned()));
                    false
                }
            },
            Some((_, to)) => session.emit(S2C_CHAT, &json!({ "msg": text, "to": to })),
            None => session.emit(CHAT, &json!({ "msg": text })),
        });
    };

    view! {
        <h3>{td_string!(locale, rooms.talk_heading)}</h3>
        <form class="entry talk" id="talk" on:submit=submit>
            <label class="visually-hidden" for="talk-to">{td_string!(locale, rooms.to)}</label>
            <select
                id="talk-to"
                node_ref=to
                on:change=move |event| by_id.set(event_target_value(&event) == "to:id")
            >
                <option value="others">{td_string!(locale, rooms.to_others)}</option>
                <For each=move || session.joined.get() key=Clone::clone let:room>
                    <option value=format!("room:{room}")>
                        {td_string!(locale, rooms.to_room, room = room.clone()).to_string()}
                    </option>
                </For>
                <option value="to:sender">{td_string!(locale, rooms.to_sender)}</option>
                <option value="to:all">{td_string!(locale, rooms.to_all)}</option>
                <option value="to:id">{td_string!(locale, rooms.to_id)}</option>
            </select>
            <label class="visually-hidden" for="talk-id">{td_string!(locale, emit.id)}</label>
            <input
                type="text"
                dir="auto"
                id="talk-id"
                autocomplete="off"
                spellcheck="false"
                placeholder=td_string!(locale, emit.id)
                hidden=move || !by_id.get()
                node_ref=id
            />
            <label class="visually-hidden" for="talk-message">{td_string!(locale, demo.message)}</label>
            <input
                type="text"
                dir="auto"
                id="talk-message"
                autocomplete="off"
                placeholder=td_string!(locale, demo.message)
                node_ref=message
            />
            <button class="button primary">{td_string!(locale, demo.send)}</button>
        </form>
        <p class="field-hint">
            {td_string!(locale, emit.own_id)} " "
            <code id="own-id">{move || session.link.id.get().unwrap_or_else(|| "–".to_owned())}</code>
        </p>
    }
    .into_any()
}

/// Joining and leaving rooms.
#[component]
fn Membership(session: Session) -> impl IntoView {
    let locale = locale();
    let room = NodeRef::<html::Input>::new();
    let join = move |event: SubmitEvent| {
        event.prevent_default();
        text_entry::hand_over(room, |room| {
            session.link.emit_with_ack(JOIN, &json!(room.clone()), move |answer| match fault_of(&answer) {
                Some(fault) => session.fault.set(Some(fault)),
                None => session.joined.update(|joined| {
                    if !joined.contains(&room) {
                        joined.push(room);
                    }
                }),
            })
        });
    };
    let leave = move |room: String| {
        if session.emit(LEAVE, &json!(room)) {
            session.joined.update(|joined| joined.retain(|other| *other != room));
        }
    };

    view! {
        <h3>{td_string!(locale, rooms.join_heading)}</h3>
        <form class="entry" id="join" on:submit=join>
            <label class="visually-hidden" for="join-room">{td_string!(locale, rooms.room)}</label>
            <input
                type="text"
                dir="auto"
                id="join-room"
                autocomplete="off"
                placeholder=td_string!(locale, rooms.room)
                node_ref=room
            />
            <button class="button">{td_string!(locale, rooms.join)}</button>
        </form>
        <ul class="joined" aria-label=td_string!(locale, rooms.joined)>
            <For each=move || session.joined.get() key=Clone::clone let:room>
                {
                    let name = room.clone();
                    view! {
                        <li>
                            <span dir="auto">{room.clone()}</span>
                            <button type="button" class="button quiet" on:click=move |_| leave(name.clone())>
                                {td_string!(locale, rooms.leave)}
                            </button>
                        </li>
                    }
                }
            </For>
        </ul>
    }
    .into_any()
}

/// A string as it is, anything else as JSON.
fn plain(data: &Value) -> String {
    data.as_str().map_or_else(|| data.to_string(), str::to_owned)
}

/// `{from: {name, userid}, msg}` as one says it.
fn said(data: &Value) -> String {
    let name = data["from"]["name"].as_str().unwrap_or("–");
    format!("{name}: {}", plain(&data["msg"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_has_its_name_before_it() {
        assert_eq!(said(&json!({ "from": { "name": "미나", "userid": "m" }, "msg": "안녕" })), "미나: 안녕");
        assert_eq!(said(&json!({ "msg": 1 })), "–: 1");
        assert_eq!(plain(&json!("Jun")), "Jun");
    }
}
