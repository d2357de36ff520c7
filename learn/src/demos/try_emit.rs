//! Buttons for each way in which a server emits, to see who receives it.

use leptos::{ev::SubmitEvent, html, prelude::*};
use serde_json::{Value, json};

use crate::{
    live::Link,
    parts::text_entry,
    state::events::{How, SOME_EVENT, TRY_EMIT},
    texts::{
        i18n::{Locale, td_string},
        locale,
    },
};

/// The buttons, with what they send and to whom.
#[component]
pub(super) fn TryEmit(link: Link) -> impl IntoView {
    let locale = locale();
    let as_object = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let reached = RwSignal::new(None::<u64>);
    let id = NodeRef::<html::Input>::new();
    let data = NodeRef::<html::Input>::new();
    let emit = move |how: How| {
        let text = text_entry::read(data).unwrap_or_else(|| "some value".to_owned());
        let payload = match as_object.get_untracked() {
            true => json!({ "someProperty": text, "otherProperty": "other value" }),
            false => Value::String(text),
        };
        let mut request = json!({ "how": how.code(), "data": payload });
        if how == How::To {
            let Some(id) = text_entry::read(id) else {
                fault.set(Some(td_string!(locale, emit.id_missing).to_owned()));
                return;
            };
            request["id"] = Value::String(id);
        }
        fault.set(None);
        reached.set(None);
        link.emit_with_ack(TRY_EMIT, &request, move |answer| {
            fault.set(fault_of(&answer));
            reached.set(answer["ok"]["reached"].as_u64());
        });
    };
    let button = move |how: How| {
        view! {
            <li>
                <button type="button" class="button" data-how=how.code() on:click=move |_| emit(how)>
                    <code>{how.code()}</code>
                </button>
                <span>{whom(locale, how)}</span>
            </li>
        }
    };
    let every_user = move |_| {
        let data = json!({ "someProperty": "some value", "otherProperty": "other value" });
        link.emit(SOME_EVENT, &data);
    };

    view! {
        <form class="try-emit" on:submit=move |event: SubmitEvent| event.prevent_default()>
            <h3>{td_string!(locale, emit.heading)}</h3>
            <p class="field-hint">{td_string!(locale, emit.hint)}</p>
            <p>
                {td_string!(locale, emit.own_id)} " "
                <code id="own-id">{move || link.id.get().unwrap_or_else(|| "–".to_owned())}</code>
            </p>
            <div class="pair">
                <div class="field">
                    <label for="emit-data">{td_string!(locale, emit.data)}</label>
                    <input type="text" dir="auto" id="emit-data" autocomplete="off" value="some value" node_ref=data/>
                </div>
                <div class="field">
                    <label for="emit-id">{td_string!(locale, emit.id)}</label>
                    <input type="text" id="emit-id" autocomplete="off" spellcheck="false" node_ref=id/>
                </div>
            </div>
            <label class="check">
                <input
                    type="checkbox"
                    id="emit-object"
                    on:change=move |event| as_object.set(event_target_checked(&event))
                />
                {td_string!(locale, emit.as_object)}
            </label>
            <ul class="hows">
                {How::ALL.map(button).collect_view()}
                <li>
                    <button type="button" class="button" id="every-user" on:click=every_user>
                        <code>{SOME_EVENT}</code>
                    </button>
                    <span>{td_string!(locale, emit.every_user)}</span>
                </li>
            </ul>
            <p class="field-error" role="status" id="emit-fault">{move || fault.get()}</p>
            <p class="field-hint" role="status" id="emit-reached">
                {move || reached.get().map(|count| td_string!(locale, emit.reached, count).to_string())}
            </p>
        </form>
    }
    .into_any()
}

fn whom(locale: Locale, how: How) -> &'static str {
    match how {
        How::Io => td_string!(locale, emit.io),
        How::Socket => td_string!(locale, emit.socket),
        How::Broadcast => td_string!(locale, emit.broadcast),
        How::To => td_string!(locale, emit.to),
    }
}

/// Why the server did not emit, if it says so: `{"fault": {"code", "message"}}`.
pub(super) fn fault_of(answer: &Value) -> Option<String> {
    let fault = answer.get("fault")?;
    Some(fault["message"].as_str().map_or_else(|| fault.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_shown_in_its_own_words() {
        let refused = json!({ "fault": { "code": "not_found", "message": "There is no such socket." } });
        assert_eq!(fault_of(&refused).as_deref(), Some("There is no such socket."));
        assert_eq!(fault_of(&json!({ "ok": null })), None);
        assert_eq!(fault_of(&Value::Null), None);
    }
}
