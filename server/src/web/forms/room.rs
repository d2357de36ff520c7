//! Forms for creating, joining and leaving rooms.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use madang_common::{
    fault::FaultCode,
    id::{RoomId, UserId},
    route,
    text::{RoomSlug, Stored},
};
use serde::Deserialize;

use super::redirect::{plain, room_path, to, with_query};
use crate::{
    chat::Chat,
    error::Refusal,
    names,
    net::limits::{Kind, stored},
    web::{current_user::CurrentUser, middleware::rate_limit::Visit},
};

#[derive(Deserialize)]
pub(crate) struct Create {
    name: String,
    #[serde(default)]
    topic: String,
}

/// `POST /rooms`
pub(crate) async fn create(
    State(chat): State<Chat>,
    CurrentUser(user): CurrentUser,
    visit: Visit,
    Form(form): Form<Create>,
) -> Response {
    let refused = |code: &str| {
        let fields = [("refused", code), ("name", &form.name), ("topic", &form.topic)];
        to(&with_query(route::NEW_ROOM, &fields)).into_response()
    };
    let name = match names::room_name(&form.name) {
        Ok(name) => name,
        Err(error) => return refused(error.code()),
    };
    let Ok(topic) = names::room_topic(&form.topic) else { return refused("topic") };
    let bytes = stored::ROOM + name.as_str().len() + topic.as_str().len();
    let may = visit.may(Kind::CreateRoom, Some(user.id), None);
    if let Err(fault) = may.and_then(|()| visit.may_store(Some(user.id), bytes)) {
        return plain(&fault);
    }
    match chat.create_room(user.id, name, topic).await {
        Ok(snapshot) => to(&room_path(snapshot.room.slug.as_str())).into_response(),
        Err(refusal) => match refusal.into_fault("making a room") {
            fault if fault.code == FaultCode::RoomExists => refused("room_exists"),
            fault => plain(&fault),
        },
    }
}

/// `POST /r/{slug}/join`
pub(crate) async fn join(
    State(chat): State<Chat>,
    CurrentUser(user): CurrentUser,
    visit: Visit,
    Path(slug): Path<String>,
) -> Response {
    match joined(&chat, user.id, &slug, &visit).await {
        Ok(()) => to(&room_path(&slug)).into_response(),
        Err(refusal) => plain(&refusal.into_fault("joining a room")),
    }
}

/// `POST /r/{slug}/leave`
pub(crate) async fn leave(
    State(chat): State<Chat>,
    CurrentUser(user): CurrentUser,
    visit: Visit,
    Path(slug): Path<String>,
) -> Response {
    match left(&chat, user.id, &slug, &visit).await {
        Ok(()) => to(&room_path(&slug)).into_response(),
        Err(refusal) => plain(&refusal.into_fault("leaving a room")),
    }
}

async fn joined(chat: &Chat, user: UserId, slug: &str, visit: &Visit) -> Result<(), Refusal> {
    let room = room_of(chat, slug).await?;
    visit.may(Kind::Enter, Some(user), Some(room))?;
    visit.may_store(Some(user), stored::MEMBERSHIP)?;
    chat.join_room(user, room).await.map(drop)
}

async fn left(chat: &Chat, user: UserId, slug: &str, visit: &Visit) -> Result<(), Refusal> {
    let room = room_of(chat, slug).await?;
    visit.may(Kind::Enter, Some(user), Some(room))?;
    chat.leave_room(user, room).await
}

/// The room at an address.
pub(crate) async fn room_of(chat: &Chat, slug: &str) -> Result<RoomId, Refusal> {
    Ok(chat.room_by_slug(&RoomSlug::stored(slug.to_owned())).await?.id)
}
