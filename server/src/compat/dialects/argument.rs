//! An event's first argument: parsed, and as it was written, because it is passed on unchanged.

use std::{collections::HashMap, ops::Deref, sync::Arc};

use serde_json::{Value, value::RawValue};

use crate::realtime::inbound::Packet;

/// An event's first argument; `null` if there is none, or none that can be read.
pub(super) struct Argument {
    value: Value,
    written: Arc<RawValue>,
}

impl Argument {
    pub(super) fn of(packet: &Packet) -> Self {
        // What is nested too deeply is valid, but neither read here nor by many clients.
        let written = packet.written().filter(|written| serde_json::from_str::<Value>(written.get()).is_ok());
        Self::from_written(written.unwrap_or_else(|| RawValue::NULL.to_owned()))
    }

    fn from_written(written: Box<RawValue>) -> Self {
        let value = serde_json::from_str(written.get()).unwrap_or(Value::Null);
        Self { value, written: written.into() }
    }

    /// All of it, as it was written.
    pub(super) fn written(&self) -> Arc<RawValue> {
        self.written.clone()
    }

    /// A field of an object, as it was written.
    pub(super) fn field(&self, name: &str) -> Option<Arc<RawValue>> {
        let fields: HashMap<String, &RawValue> = serde_json::from_str(self.written.get()).ok()?;
        fields.get(name).map(|field| Arc::from((*field).to_owned()))
    }
}

impl Deref for Argument {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_told_to_the_letter() {
        let written = r#"{"data": {"b": 1.0, "a": 1e3}, "data2": 1, "n": 18446744073709551617}"#;
        let argument = Argument::from_written(RawValue::from_string(written.to_owned()).expect("JSON"));
        let field = |name: &str| argument.field(name).map(|field| field.get().to_owned());
        assert_eq!(field("data").as_deref(), Some(r#"{"b": 1.0, "a": 1e3}"#));
        assert_eq!(field("n").as_deref(), Some("18446744073709551617"));
        assert_eq!(field("other"), None);
        assert!(argument["n"].is_number());
    }
}
