//! `FirstPaint`: the data that the server passes to the first render, from which hydration starts.

use leptos::prelude::{SharedValue, use_context};
use madang_common::{
    id::ClientId,
    room::{RoomSnapshot, RoomSummary, RoomView},
    user::UserView,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The cookie that holds the chosen language, `ko` or `en`.
pub const LANG_COOKIE: &str = "madang_lang";
/// The cookie that holds the chosen theme, see [`Theme::as_str`].
pub const THEME_COOKIE: &str = "madang_theme";

/// Everything that the first render of a page depends on. The server reads it before it renders and puts it into the
/// page; the browser starts from the same value, so both render the same HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPaint {
    /// `ko` or `en`: the person's choice, else the browser's.
    pub lang: String,
    pub theme: Theme,
    /// Who is signed in; without, only the join page is shown.
    pub me: Option<UserView>,
    /// Whether the session lost its name to someone else while away.
    pub nameless: bool,
    /// Whether the server has set a cookie along with the page by which one joins, which is to come back with the form.
    pub probe: bool,
    /// Rooms that one is in and some of the others; all of them come with the first greeting.
    pub rooms: Vec<RoomSummary>,
    /// How many rooms are not among these.
    pub rooms_left_out: usize,
    pub open: Option<RoomSnapshot>,
    /// What the form for posting without Wasm sends along, so that posting twice by mistake stores once.
    pub form_client_id: Option<ClientId>,
    /// What the form for joining sends along, so that one who sends it twice by mistake joins once.
    pub join_key: Option<String>,
}

impl FirstPaint {
    /// The value at either end: the server takes it from its context and writes it into the page, where the browser
    /// finds it.
    ///
    /// It goes through a `Value`, as all that the browser reads does: types that are read from text too would be
    /// compiled with a second reader.
    pub(crate) fn shared() -> Self {
        let written = SharedValue::new(|| {
            // Left out of the browser's build, which only reads.
            let paint = if cfg!(feature = "ssr") { use_context::<Self>() } else { None };
            paint.map_or(Value::Null, |paint| {
                serde_json::to_value(paint).expect("numbers and texts can be written as JSON")
            })
        });
        match written.into_inner() {
            Value::Null => Self::default(),
            paint => madang_client::json::read(paint).expect("the page was written by the server of this very build"),
        }
    }
}

/// A page of the list of all rooms, which the server renders alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomsPage {
    /// In the order of the list.
    pub rooms: Vec<RoomView>,
    /// The number of the page before, if there is one.
    pub before: Option<usize>,
    /// The number of the page after, if there is one.
    pub after: Option<usize>,
}

/// Path and query of the request, as they are written in it. What the server provides beside the [`FirstPaint`]; the
/// browser has it in its address bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestAddress(pub String);

/// The look of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    Light,
    Dark,
    /// As the device is set.
    #[default]
    System,
}

impl Theme {
    /// As it stands in the cookie, the form and the page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// The theme of that name; the device's for any other.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}
