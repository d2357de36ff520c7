//! JSON inputs: arbitrary JSON, JSON with a few mutated nodes, and the many ways to spell the same value.

use std::fmt::Write as _;

use proptest::{collection::vec, prelude::*, sample::Index, string::string_regex};
use serde_json::{Map, Value, json};

use crate::mutated;

/// Any JSON, not very deep.
///
/// # Panics
/// Never: the expression for names is one.
pub fn any_value() -> BoxedStrategy<Value> {
    let name = name();
    let value = leaf().prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name.clone(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    value.boxed()
}

fn leaf() -> BoxedStrategy<Value> {
    let edge = [0, 1, -1, i64::MAX, i64::MIN, i64::from(u32::MAX), i64::from(u32::MAX) + 1, 1 << 53];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        proptest::sample::select(edge.to_vec()).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        proptest::sample::select(vec![1.0, -0.0, 1.5, 1e300, f64::MIN_POSITIVE]).prop_map(Value::from),
        mutated::characters().prop_map(Value::from),
        (any::<char>(), 1..5_000usize).prop_map(|(c, count)| Value::from(c.to_string().repeat(count))),
    ]
    .boxed()
}

fn name() -> BoxedStrategy<String> {
    let word = string_regex("[a-z_]{1,8}").expect("an expression");
    prop_oneof![4 => word, 1 => mutated::characters()].boxed()
}

/// One node wrong.
#[derive(Clone, Debug)]
enum Wrong {
    Replace(Value),
    /// What stands elsewhere stands here too.
    Copy(Index),
    Remove,
    Wrap,
    Unwrap,
    Rename(Index, String),
    Add(String, Value),
}

fn wrong() -> BoxedStrategy<Wrong> {
    prop_oneof![
        4 => any_value().prop_map(Wrong::Replace),
        2 => any::<Index>().prop_map(Wrong::Copy),
        1 => Just(Wrong::Remove),
        1 => Just(Wrong::Wrap),
        1 => Just(Wrong::Unwrap),
        1 => (any::<Index>(), name()).prop_map(|(which, name)| Wrong::Rename(which, name)),
        1 => (name(), any_value()).prop_map(|(name, value)| Wrong::Add(name, value)),
    ]
    .boxed()
}

/// One of the samples, unharmed or with a few nodes wrong.
pub fn mutated(samples: &[Value]) -> BoxedStrategy<Value> {
    let samples = samples.to_vec();
    let wronged = (any::<Index>(), vec((any::<Index>(), wrong()), 0..4));
    let strategy = wronged.prop_map(move |(which, wrongs)| {
        let mut value = samples[which.index(samples.len())].clone();
        for (place, wrong) in wrongs {
            wrong.apply(&mut value, place);
        }
        value
    });
    strategy.boxed()
}

impl Wrong {
    fn apply(self, value: &mut Value, place: Index) {
        let count = nodes(value);
        let copy = match &self {
            Self::Copy(from) => node(value, &mut from.index(count)).map(|from| from.clone()),
            _ => None,
        };
        let Some(here) = node(value, &mut place.index(count)) else { return };
        match self {
            Self::Replace(other) => *here = other,
            Self::Copy(_) => *here = copy.unwrap_or_default(),
            Self::Remove => *here = without_first(here.take()),
            Self::Wrap => *here = Value::from(vec![here.take()]),
            Self::Unwrap => *here = first(here.take()),
            Self::Rename(which, name) => {
                if let Value::Object(members) = here
                    && let Some(old) = members.keys().nth(which.index(members.len().max(1))).cloned()
                    && let Some(value) = members.remove(&old)
                {
                    members.insert(name, value);
                }
            }
            Self::Add(name, other) => match here {
                Value::Object(members) => drop(members.insert(name, other)),
                Value::Array(items) => items.push(other),
                _ => {}
            },
        }
    }
}

fn without_first(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().skip(1).collect(),
        Value::Object(members) => Value::Object(members.into_iter().skip(1).collect::<Map<_, _>>()),
        _ => Value::Null,
    }
}

fn first(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().next().unwrap_or_default(),
        Value::Object(members) => members.into_iter().next().map(|(_, value)| value).unwrap_or_default(),
        other => other,
    }
}

/// How many values stand in a value, itself counted.
#[must_use]
pub fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum::<usize>(),
        Value::Object(members) => members.values().map(nodes).sum(),
        _ => 0,
    }
}

/// The node that is reached after so many others.
fn node<'a>(value: &'a mut Value, after: &mut usize) -> Option<&'a mut Value> {
    if *after == 0 {
        return Some(value);
    }
    *after -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| node(item, after)),
        Value::Object(members) => members.values_mut().find_map(|member| node(member, after)),
        _ => None,
    }
}

/// What follows the name of a member that is said once more after that.
pub const SAID_BEFORE: &str = ":[null],";

/// A value in one of its spellings: with spaces, escapes where none are needed, and members that are said once before
/// with another value, of which those take the last who read any JSON.
#[must_use]
pub fn spelt(value: &Value, how: &[u8]) -> String {
    let mut speller = Speller { text: String::new(), how: how.iter().copied().cycle(), is_plain: how.is_empty() };
    speller.write(value);
    speller.text
}

struct Speller<I> {
    text: String,
    how: I,
    is_plain: bool,
}

impl<I: Iterator<Item = u8>> Speller<I> {
    /// A choice among so many; the first is the plain one.
    fn choose(&mut self, among: u8) -> u8 {
        if self.is_plain { 0 } else { self.how.next().unwrap_or_default() % among }
    }

    fn write(&mut self, value: &Value) {
        let space = ["", " ", "\n\t"][usize::from(self.choose(3))];
        self.text.push_str(space);
        match value {
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index > 0 { "," } else { "" });
                    self.write(item);
                }
                self.text.push(']');
            }
            Value::Object(members) => {
                self.text.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    self.text.push_str(if index > 0 { "," } else { "" });
                    if self.choose(9) == 8 {
                        self.string(name);
                        self.text.push_str(SAID_BEFORE);
                    }
                    self.string(name);
                    self.text.push(':');
                    self.write(member);
                }
                self.text.push('}');
            }
            simple => self.text.push_str(&simple.to_string()),
        }
        let space = ["", "\r\n"][usize::from(self.choose(2))];
        self.text.push_str(space);
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        let all = self.choose(5) == 4;
        for c in text.chars() {
            if all || c < ' ' || matches!(c, '"' | '\\') {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(self.text, "\\u{unit:04x}").expect("writing to a String cannot fail");
                }
            } else {
                self.text.push(c);
            }
        }
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest! {
        #[test]
        fn every_spelling_says_the_same(value in any_value(), how: Vec<u8>) {
            let text = spelt(&value, &how);
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value), "{}", text);
        }

        #[test]
        fn every_node_can_be_found(value in any_value()) {
            let mut value = value;
            let count = nodes(&value);
            let mut after = |mut count: usize| node(&mut value, &mut count).is_some();
            prop_assert!(after(count - 1));
            prop_assert!(!after(count));
        }
    }
}
