//! Attribute values.

/// A value, or how to know it. None: the attribute is not there.
pub enum Given {
    Fixed(Option<String>),
    /// Followed as it changes.
    Live(Live),
}

/// A value that is followed.
pub(crate) type Live = Box<dyn FnMut() -> Option<String> + Send>;

/// What an attribute may be at a moment. `true` is an attribute that is there without a value.
pub trait Text {
    /// The value; none where the attribute is not to be there.
    fn text(self) -> Option<String>;
}

impl Text for String {
    fn text(self) -> Option<String> {
        Some(self)
    }
}

impl Text for &str {
    fn text(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl Text for bool {
    fn text(self) -> Option<String> {
        self.then(String::new)
    }
}

impl<T: Text> Text for Option<T> {
    fn text(self) -> Option<String> {
        self.and_then(T::text)
    }
}

/// What an attribute may be given: a value, or a function that is followed as it changes.
pub trait Value {
    /// The value as an element keeps it.
    fn given(self) -> Given;
}

macro_rules! fixed {
    ($($type:ty),*) => {
        $(impl Value for $type {
            fn given(self) -> Given {
                Given::Fixed(self.text())
            }
        })*
    };
}
fixed!(String, &str, bool, Option<String>, Option<&str>);

impl<T: Text, F: FnMut() -> T + Send + 'static> Value for F {
    fn given(mut self) -> Given {
        Given::Live(Box::new(move || self().text()))
    }
}
