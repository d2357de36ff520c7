//! Reading what the server wrote.
//!
//! serde_json reads a type from anything that might be it, and can say of everything else what it is instead. The code
//! for that and its tables, of printable characters and of decimal fractions, would be downloaded for sentences that
//! nobody sees: the server is of the same build. Here it is what was written or it is not.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error, Expected, IntoDeserializer, Unexpected, Visitor,
        value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Number, Value};

/// Reads a value of a type of ours.
///
/// # Errors
/// When it is no such value.
pub fn read<T: DeserializeOwned>(json: Value) -> Result<T, Misread> {
    T::deserialize(Reader(json))
}

/// It was something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misread;

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is not what was expected")
    }
}

impl std::error::Error for Misread {}

/// Each of these would put a sentence together.
impl Error for Misread {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

struct Reader(Value);

impl IntoDeserializer<'_, Misread> for Reader {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The members of an object, as serde asks for them.
type Members<'de> = MapDeserializer<'de, Box<dyn Iterator<Item = (String, Reader)>>, Misread>;

impl Reader {
    fn members<'de>(self) -> Result<Members<'de>, Misread> {
        match self.0 {
            Value::Object(members) => {
                Ok(MapDeserializer::new(Box::new(members.into_iter().map(|(name, value)| (name, Self(value))))))
            }
            _ => Err(Misread),
        }
    }

    fn text(self) -> Result<String, Misread> {
        match self.0 {
            Value::String(text) => Ok(text),
            _ => Err(Misread),
        }
    }
}

fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Misread> {
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(number), ..) => visitor.visit_u64(number),
        (_, Some(number), _) => visitor.visit_i64(number),
        (.., Some(number)) => visitor.visit_f64(number),
        _ => Err(Misread),
    }
}

fn list<'de, V: Visitor<'de>>(items: Vec<Value>, visitor: V) -> Result<V::Value, Misread> {
    let mut items = SeqDeserializer::new(items.into_iter().map(Reader));
    let value = visitor.visit_seq(&mut items)?;
    // A pair is not the first two of three.
    items.end()?;
    Ok(value)
}

/// A type that asks for a struct, a text and so on is given that or nothing, so that only one way into it is compiled.
impl<'de> Deserializer<'de> for Reader {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(truth),
            Value::Number(value) => number(&value, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => list(items, visitor),
            Value::Object(_) => visitor.visit_map(self.members()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Bool(truth) => visitor.visit_bool(truth),
            _ => Err(Misread),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Number(value) => number(&value, visitor),
            _ => Err(Misread),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Array(items) => list(items, visitor),
            _ => Err(Misread),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_map(self.members()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &str, _: &[&str], visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_map(self.members()?)
    }

    /// By its name alone, or as an object with the name for its one member.
    fn deserialize_enum<V: Visitor<'de>>(self, _: &str, _: &[&str], visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(StringDeserializer::new(name)),
            Value::Object(members) if members.len() != 1 => Err(Misread),
            _ => visitor.visit_enum(MapAccessDeserializer::new(self.members()?)),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use madang_common::{
        event::Answer,
        fault::{Fault, FaultCode},
        message::{Body, MessageView},
        room::RoomSnapshot,
    };
    use serde::Serialize;
    use serde_json::json;

    use super::*;
    use crate::fixtures;

    /// What the server writes is read as it was.
    fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
        let written = serde_json::to_value(&value).expect("it can be written");
        assert_eq!(read(written), Ok(value));
    }

    fn snapshot() -> RoomSnapshot {
        let edited = MessageView {
            body: match fixtures::message(2, 4, "둘").body {
                Body::Text { text, .. } => Body::Text { text, edited_at: Some(madang_common::time::UnixMillis(-1)) },
                other => other,
            },
            ..fixtures::message(2, 4, "둘")
        };
        fixtures::snapshot(vec![fixtures::message(1, 1, "하나"), edited, fixtures::tombstone(3, 5)])
    }

    #[test]
    fn answers_come_back() {
        comes_back(Answer::Ok(snapshot()));
        comes_back(Answer::<RoomSnapshot>::Fault(Fault::new(FaultCode::NotAMember, "no member")));
        comes_back(Answer::Ok(json!({ "a": [1, -2, 2.5, null, true, "text"] })));
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let message = || serde_json::to_value(fixtures::message(1, 1, "하나")).expect("it can be written");
        assert!(read::<MessageView>(message()).is_ok());
        for (member, wrong) in [
            ("seq", json!("1")),
            ("seq", json!(1.5)),
            ("author", json!(null)),
            ("author", json!([1, "민수"])),
            ("client_id", json!("not an id")),
            ("body", json!({ "kind": "sung", "text": "la" })),
            ("body", json!({ "kind": "text", "text": 7 })),
        ] {
            let mut changed = message();
            changed[member] = wrong.clone();
            assert_eq!(read::<MessageView>(changed), Err(Misread), "{member}: {wrong}");
        }
        let mut without = message();
        without.as_object_mut().expect("a message is an object").remove("rev");
        assert_eq!(read::<MessageView>(without), Err(Misread));
        assert_eq!(read::<Answer<i64>>(json!({ "ok": 1, "fault": 2 })), Err(Misread));
        assert_eq!(read::<(i64, i64)>(json!([1, 2, 3])), Err(Misread));
    }
}
