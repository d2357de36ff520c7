//! An event's first argument as it was written, in `["event", argument, …]`. The Socket.IO server would read it into a
//! value, in which keys have another order and numbers another form.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// The first argument in an event's array; none if there is none, or this is no such array.
pub(super) fn first(event: &str) -> Option<Box<RawValue>> {
    serde_json::from_str::<First<'_>>(event).ok()?.0.map(ToOwned::to_owned)
}

struct First<'a>(Option<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for First<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EventVisitor)
    }
}

struct EventVisitor;

impl<'de> Visitor<'de> for EventVisitor {
    type Value = First<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event's name and arguments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<First<'de>, A::Error> {
        seq.next_element::<IgnoredAny>()?;
        let first = seq.next_element::<&RawValue>()?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(First(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_to_the_letter() {
        let written = |event: &str| first(event).map(|argument| argument.get().to_owned());
        let object = r#"{"b": 1.0, "a":1e3,"n":123456789012345678901234567890, "b":"\u00e9"}"#;
        assert_eq!(written(&format!("[\"my event\", {object} , 2]")).as_deref(), Some(object));
        assert_eq!(written(r#"["my event"]"#), None);
        assert_eq!(written("[]"), None);
        for broken in ["", "{}", r#"["a",]"#, r#"["a",{]"#, r#"["a",1"#] {
            assert_eq!(written(broken), None, "{broken}");
        }
    }
}
