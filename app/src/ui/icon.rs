//! Icons, drawn in the colour of the text.

use lean::prelude::*;

/// A picture, named for what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// Three lines: a list.
    List,
    /// Two people.
    People,
    Plus,
    Cross,
}

impl Icon {
    /// Lines on a field of 24 by 24.
    fn path(self) -> &'static str {
        match self {
            Self::List => "M4 7h16M4 12h16M4 17h16",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0\
                 M16 4.5a3.5 3.5 0 0 1 0 6M18 14.2a6.5 6.5 0 0 1 3.5 5.8"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Cross => "M6 6l12 12M18 6L6 18",
        }
    }
}

/// Draws a picture. It says nothing to those who listen: the button that holds it has a name.
#[component]
pub(crate) fn Picture(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
