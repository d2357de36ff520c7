//! The list of rooms: how much of it is on a page, and the page that has all of it.
//!
//! Every page of the chat lists rooms, twice: as links, and as what the browser starts from. Of a thousand with long names
//! that was 4 MB. The page has those that one is in and some of the others; the browser gets the whole list with its first
//! greeting, and where no script runs, a link leads to `/rooms`.

use axum::{
    extract::{Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use madang_app::{backend::RoomsPage, shell};
use madang_common::{room::RoomSummary, text::RoomTopic};
use serde::Deserialize;

use super::document::OwnTurn;
use crate::{
    names,
    net::limits::Subject,
    state::AppState,
    web::{
        assets,
        forms::redirect::plain,
        middleware::{
            compression,
            security_headers::{self, Sources},
        },
        pages,
    },
};

/// Rooms in a page that one is not in.
const OTHERS: usize = 100;
/// Rooms in one page of the list of all.
const ALL: usize = 100;

/// What a page lists, and how many rooms it leaves out: the room that it shows is always listed, and alone has its topic.
pub(super) fn listed(rooms: Vec<RoomSummary>, shown: Option<&str>) -> (Vec<RoomSummary>, usize) {
    let all = rooms.len();
    // One that is written in parts, as macOS does it, leads to the room.
    let composed = shown.map(names::composed);
    let mut others = 0;
    let mut listed = rooms;
    listed.retain_mut(|summary| {
        let slug = Some(summary.room.slug.as_str());
        if slug == shown || slug == composed.as_deref() {
            return true;
        }
        // Nothing of it is seen before the browser has the whole list.
        if let Ok(none) = RoomTopic::parse("") {
            summary.room.topic = none;
        }
        others += usize::from(summary.membership.is_none());
        summary.membership.is_some() || others <= OTHERS
    });
    let left_out = all - listed.len();
    (listed, left_out)
}

#[derive(Deserialize)]
pub(super) struct Asked {
    page: Option<usize>,
}

/// `GET /rooms`
pub(super) async fn all(
    turn: OwnTurn,
    State(state): State<AppState>,
    Query(Asked { page }): Query<Asked>,
    request: Request,
) -> Response {
    let rooms = match state.chat.summaries(turn.me.id).await {
        Ok(rooms) => rooms,
        Err(refusal) => return plain(&refusal.into_fault("reading the rooms for a page")),
    };
    let look = pages::look(request.headers());
    let css = assets::assets(assets::Bundle::Chat).map(|assets| assets.css);
    let html = shell::all_rooms(css.as_deref(), &look.lang, look.theme, part(rooms, page.unwrap_or(1)));
    let headers = [
        (header::CONTENT_SECURITY_POLICY, security_headers::of_page(Sources::Files, None, "")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    // No form is in it, and nothing secret.
    let (parts, _) = (StatusCode::OK, headers, Html("")).into_response().into_parts();
    let mut response = compression::answer(parts, html.into(), request.headers());
    response.extensions_mut().insert(Subject::User(turn.me.id));
    response
}

/// A page of the list, counted from 1.
fn part(rooms: Vec<RoomSummary>, number: usize) -> RoomsPage {
    let pages = rooms.len().div_ceil(ALL);
    let number = number.clamp(1, pages.max(1));
    RoomsPage {
        rooms: rooms.into_iter().map(|summary| summary.room).skip((number - 1) * ALL).take(ALL).collect(),
        before: (number > 1).then(|| number - 1),
        after: (number < pages).then(|| number + 1),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use leptos::prelude::provide_context;
    use madang_app::{
        backend::{FirstPaint, RequestAddress},
        shell::{Assets, shell},
    };
    use madang_common::{
        id::{Rev, RoomId, Seq, UserId},
        room::{Membership, RoomView},
        text::{RoomName, RoomSlug, Stored as _, UserName},
        user::UserView,
    };

    use super::*;
    use crate::web::pages::document::{Compress, document};

    /// A room whose texts are as long as they may be.
    fn room(number: i64, is_member: bool) -> RoomSummary {
        let text = |count: usize| format!("{number:04}{}", "마".repeat(count - 4));
        RoomSummary {
            room: RoomView {
                id: RoomId(number),
                slug: RoomSlug::stored(text(40)),
                name: RoomName::parse(&text(40)).expect("a name"),
                topic: RoomTopic::parse(&text(200)).expect("a topic"),
            },
            membership: is_member.then_some(Membership { read: Seq(0), unread: 0, rev: Rev(0) }),
        }
    }

    /// A thousand, of which one is in every tenth.
    fn rooms() -> Vec<RoomSummary> {
        (0..1_000).map(|number| room(number, number % 10 == 0)).collect()
    }

    #[test]
    fn a_page_lists_ones_own_rooms_the_one_that_it_shows_and_some_others() {
        let shown = room(999, false).room.slug;
        let (listed, left_out) = listed(rooms(), Some(shown.as_str()));
        assert_eq!(listed.iter().filter(|summary| summary.membership.is_some()).count(), 100);
        assert_eq!((listed.len(), left_out), (100 + OTHERS + 1, 1_000 - 100 - OTHERS - 1));
        assert!(listed.iter().is_sorted_by_key(|summary| summary.room.id));
        let with_topic: Vec<_> = listed.iter().filter(|summary| !summary.room.topic.as_str().is_empty()).collect();
        assert_eq!(with_topic.iter().map(|summary| &summary.room.slug).collect::<Vec<_>>(), [&shown]);
    }

    #[test]
    fn few_rooms_are_all_listed() {
        let few: Vec<_> = rooms().into_iter().take(OTHERS).collect();
        assert_eq!(listed(few, None).1, 0);
    }

    #[test]
    fn each_room_is_on_one_page_of_all() {
        let mut found = Vec::new();
        let mut next = Some(1);
        while let Some(number) = next {
            let page = part(rooms(), number);
            assert_eq!(page.before, number.checked_sub(1).filter(|before| *before > 0));
            found.extend(page.rooms.into_iter().map(|room| room.id));
            next = page.after;
        }
        assert_eq!(found, rooms().into_iter().map(|summary| summary.room.id).collect::<Vec<_>>());
        assert_eq!(part(rooms(), 0).before, None);
        assert_eq!(part(rooms(), usize::MAX).after, None);
        assert!(part(Vec::new(), 7).rooms.is_empty());
    }

    #[tokio::test]
    async fn a_page_with_a_thousand_rooms_is_of_some_hundred_kilobytes() {
        if let Err(error) = any_spawner::Executor::init_tokio() {
            tracing::debug!(%error, "another test has set it up");
        }
        let me = UserView { id: UserId(1), name: UserName::parse("민수").expect("a name"), outside: false };
        let (rooms, _) = listed(rooms(), None);
        let paint = FirstPaint { lang: "ko".to_owned(), me: Some(me), rooms, ..FirstPaint::default() };
        let context = move || {
            provide_context(paint.clone());
            provide_context(RequestAddress("/rooms/new".to_owned()));
        };
        let file = |name: &str| format!("/pkg/{name}");
        let assets = Assets { js: file("a.js"), wasm: file("a.wasm"), css: file("a.css") };
        let request = Request::new(Body::empty());
        let response = document(request, Sources::WasmAndStyles, Compress::No, context, move || shell(&assets)).await;
        let html = to_bytes(response.into_body(), usize::MAX).await.expect("in memory");
        let html = std::str::from_utf8(&html).expect("UTF-8");
        assert!(html.contains(room(990, true).room.name.as_str()), "the last of one's own");
        assert!(html.len() < 250_000, "{} bytes", html.len());
    }
}
