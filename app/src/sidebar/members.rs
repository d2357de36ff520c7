//! The members of the open room, and which of them are there.

use leptos::prelude::*;
use madang_common::user::Member;

use crate::{
    live::Chat,
    texts::i18n::{t, t_string, use_i18n},
    ui::{avatar::Avatar, drawer::CloseDrawer},
};

/// The right side's id, by which its drawer is opened.
pub(crate) const MEMBERS: &str = "members";

/// The right side.
#[component]
pub(crate) fn MembersAside() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let members = Memo::new(move |_| {
        let open = chat.open.read();
        open.as_ref().map(|open| open.members.iter().cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let key = |member: &Member| (member.user.id, member.user.name.clone(), member.online);

    view! {
        <aside id=MEMBERS class="side side-members" popover="auto" aria-label=move || t_string!(i18n, members.label)>
            <div class="side-head">
                <h2 class="side-heading">
                    {t!(i18n, members.label)} " " <span class="count">{move || members.read().len()}</span>
                </h2>
                <CloseDrawer drawer=MEMBERS label=Signal::derive(move || t_string!(i18n, members.close).to_owned())/>
            </div>
            <ul class="side-scroll member-list">
                <For each=move || members.get() key=key let:member>
                    <MemberRow member/>
                </For>
            </ul>
        </aside>
    }
    .into_any()
}

#[component]
fn MemberRow(member: Member) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let Member { user, online } = member;
    let is_me = move || chat.me.read().as_ref().is_some_and(|me| me.id == user.id);
    let presence = move || if online { t_string!(i18n, members.present) } else { t_string!(i18n, members.away) };

    view! {
        <li data-user=user.id.to_string() data-online=if online { "true" } else { "false" }>
            <Avatar name=user.name.to_string()/>
            <span class="member-name">{user.name.to_string()}</span>
            {move || is_me().then(|| view! { <span class="me-mark">{t!(i18n, members.you)}</span> })}
            <span class="presence" title=presence>
                <span class="visually-hidden">{presence}</span>
            </span>
        </li>
    }
    .into_any()
}
