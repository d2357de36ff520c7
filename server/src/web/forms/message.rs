//! Forms for posting, editing and deleting messages without JavaScript.

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use madang_common::{
    fault::FaultCode,
    id::{ClientId, MessageId, UserId},
    message::MessageView,
    text::{MessageText, TextError},
};
use serde::Deserialize;

use super::{
    redirect::{plain, room_path, to, with_query},
    room::room_of,
};
use crate::{
    chat::Chat,
    error::Refusal,
    net::limits::{Kind, stored},
    web::{current_user::CurrentUser, middleware::rate_limit::Visit},
};

#[derive(Deserialize)]
pub(crate) struct Post {
    text: String,
    /// Made with the page, so that a form that is sent twice says it once.
    client_id: ClientId,
}

#[derive(Deserialize)]
pub(crate) struct Edit {
    text: String,
}

/// `POST /r/{slug}/messages`
pub(crate) async fn post(
    State(chat): State<Chat>,
    CurrentUser(user): CurrentUser,
    visit: Visit,
    Path(slug): Path<String>,
    Form(form): Form<Post>,
) -> Response {
    let text = match MessageText::parse(&form.text) {
        Ok(text) => text,
        // Nothing to say: the room as it is.
        Err(TextError::Blank) => return to(&room_path(&slug)).into_response(),
        Err(error) => return refused(&slug, error.code()),
    };
    match said(&chat, user.id, &slug, form.client_id, text, &visit).await {
        Ok(_) => to(&room_path(&slug)).into_response(),
        Err(refusal) => match refusal.into_fault("posting a message") {
            fault if fault.code == FaultCode::NotAMember => refused(&slug, "not_a_member"),
            fault => plain(&fault),
        },
    }
}

/// `POST /messages/{id}/edit`
pub(crate) async fn edit(
    State(chat): State<Chat>,
    CurrentUser(user): CurrentUser,
    visit: Visit,
    Path(id): Path<MessageId>,
    Form(form): Form<Edit>,
) -> Response {
    let edited = match MessageText::parse(&form.text) {
        Ok(text) => edited(&chat, user.id, id, text, &visit).await,
        Err(error) => Err(Refusal::fault(FaultCode::Malformed, &error.to_string())),
    };
    back_to_room(&chat, edited, "editing a message").await
}

/// `POST /messages/{id}/delete`
pub(crate) async fn delete(
    State(chat): State<Chat>,
    CurrentUser(user): CurrentUser,
    visit: Visit,
    Path(id): Path<MessageId>,
) -> Response {
    let deleted = deleted(&chat, user.id, id, &visit).await;
    back_to_room(&chat, deleted, "deleting a message").await
}

fn refused(slug: &str, code: &str) -> Response {
    to(&with_query(&room_path(slug), &[("refused", code)])).into_response()
}

async fn said(
    chat: &Chat,
    user: UserId,
    slug: &str,
    client_id: ClientId,
    text: MessageText,
    visit: &Visit,
) -> Result<MessageView, Refusal> {
    let room = room_of(chat, slug).await?;
    visit.may(Kind::Post, Some(user), Some(room))?;
    visit.may_store(Some(user), stored::message(text.as_str().len()))?;
    chat.post(user, room, client_id, text).await
}

async fn edited(
    chat: &Chat,
    user: UserId,
    id: MessageId,
    text: MessageText,
    visit: &Visit,
) -> Result<MessageView, Refusal> {
    visit.may(Kind::Change, Some(user), None)?;
    visit.may_store(Some(user), text.as_str().len())?;
    chat.edit(user, id, text).await
}

async fn deleted(chat: &Chat, user: UserId, id: MessageId, visit: &Visit) -> Result<MessageView, Refusal> {
    visit.may(Kind::Change, Some(user), None)?;
    chat.delete(user, id).await
}

async fn back_to_room(chat: &Chat, message: Result<MessageView, Refusal>, doing: &str) -> Response {
    let path = async { Ok::<_, Refusal>(room_path(chat.room(message?.room).await?.slug.as_str())) };
    match path.await {
        Ok(path) => to(&path).into_response(),
        Err(refusal) => plain(&refusal.into_fault(doing)),
    }
}
