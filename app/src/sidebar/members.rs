//! The member list of the open room, with presence.

use lean::prelude::*;
use madang_common::user::Member;

use crate::{
    live::Chat,
    texts::{text, use_i18n},
    ui::{
        avatar::Avatar,
        drawer::CloseDrawer,
        list::{Item, List},
    },
};

/// The right side's id, by which its drawer is opened.
pub(crate) const MEMBERS: &str = "members";

/// The right side.
#[component]
pub(crate) fn MembersAside() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let members = Memo::new(move |_| chat.open.read().as_ref().map(|open| open.members.clone()).unwrap_or_default());
    let row = |member: &Member| {
        let member = member.clone();
        let key = format!("{} {} {}", member.user.id, member.online, member.user.name);
        Item::new(key, move || view! { <MemberRow member/> })
    };
    let more = Memo::new(move |_| members.read().more());
    let count = move || format!("{}{}", members.read().iter().count(), if more.get() { "+" } else { "" });

    view! {
        <aside id=MEMBERS class="side side-members" popover="auto" aria-label=move || text!(i18n, members.label)>
            <div class="side-head">
                <h2 class="side-heading">
                    {move || text!(i18n, members.label)} " " <span class="count">{count}</span>
                </h2>
                <CloseDrawer drawer=MEMBERS label=Memo::new(move |_| text!(i18n, members.close))/>
            </div>
            <ul class="side-scroll member-list">
                <List rows=Box::new(move || members.read().iter().map(row).collect())/>
                {move || more.get().then(|| view! { <li class="more">{move || text!(i18n, members.more)}</li> })}
            </ul>
        </aside>
    }
}

#[component]
fn MemberRow(member: Member) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let i18n = use_i18n();
    let Member { user, online } = member;
    let is_me = move || chat.me.read().as_ref().is_some_and(|me| me.id == user.id);
    let presence = Memo::new(move |_| if online { text!(i18n, members.present) } else { text!(i18n, members.away) });

    view! {
        <li data-user=user.id.to_string() data-online=if online { "true" } else { "false" }>
            <Avatar name=user.name.to_string()/>
            <span class="member-name" dir="auto">{user.name.to_string()}</span>
            {move || is_me().then(|| view! { <span class="me-mark">{move || text!(i18n, members.you)}</span> })}
            <span class="presence" title=move || presence.get()>
                <span class="visually-hidden">{move || presence.get()}</span>
            </span>
        </li>
    }
}
