//! Whatever comes over a plain WebSocket: requests that are nearly right, up to the event in them. Over Socket.IO the
//! same payloads come as text, and are read alike.

use std::collections::HashMap;

use madang_common::event::{CLIENT_EVENTS, ClientEvent};
use madang_fuzz::{
    check,
    json::{self, spelt},
    mutated,
    protocol::events_in,
};
use proptest::{collection::vec, prelude::*, test_runner::TestCaseResult};
use serde_json::{Value, json};

use super::{Request, unreadable_request};
use crate::realtime::{
    dispatch::{Handler, Object, Register},
    events::table,
    inbound::{unknown_event, unreadable},
};

/// Most bytes of a refusal, whatever it refuses.
const REFUSAL: usize = 2_500;

/// Reads an event's payload and writes what was read, from a value and from a text.
type Reading = fn(&Value) -> [Result<Value, String>; 2];

/// How each event is read.
#[derive(Default)]
struct Readings(HashMap<&'static str, Reading>);

impl Register for Readings {
    fn on<E: ClientEvent + Sync>(&mut self, _: impl Handler<E>) {
        self.0.insert(E::NAME, |data| {
            let written = |event: serde_json::Result<Object<E>>| {
                let Object(event) = event.map_err(|error| error.to_string())?;
                Ok(serde_json::to_value(event).expect("an event can be written"))
            };
            [written(serde_json::from_value(data.clone())), written(serde_json::from_str(&data.to_string()))]
        });
    }
}

fn readings() -> Readings {
    let mut readings = Readings::default();
    table(&mut readings);
    readings
}

/// A request for each event.
fn samples() -> Vec<Value> {
    let request = |(name, examples): (&str, Vec<Value>)| json!({ "event": name, "data": examples[0], "id": 7 });
    events_in("Events of a client").into_iter().map(request).collect()
}

fn is_short(fault: &impl serde::Serialize) -> TestCaseResult {
    let written = serde_json::to_string(fault).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(written.len() <= REFUSAL, "{} bytes refuse it", written.len());
    Ok(())
}

fn take(readings: &Readings, text: &str) -> TestCaseResult {
    let Request { event, data, .. } = match Request::parse(text) {
        Ok(request) => request,
        Err(error) => return is_short(&unreadable_request(&error)),
    };
    let Some(reading) = readings.0.get(event.as_str()) else { return is_short(&unknown_event(&event)) };
    let [from_value, from_text] = reading(&data);
    prop_assert_eq!(from_value.as_ref().ok(), from_text.as_ref().ok(), "{} as a value and as a text", data);
    match from_value {
        Ok(written) => {
            prop_assert!(data.is_object(), "{} is one more form of {}", data, event);
            prop_assert_eq!(reading(&written), [Ok(written.clone()), Ok(written)]);
        }
        Err(error) => is_short(&unreadable(&event, &error))?,
    }
    from_text.map_or_else(|error| is_short(&unreadable(&event, &error)), |_| Ok(()))
}

#[test]
fn requests() {
    let readings = readings();
    let samples = samples();
    let texts: Vec<String> = samples.iter().map(Value::to_string).collect();
    let value = (json::mutated(&samples), vec(any::<u8>(), 0..8)).prop_map(|(value, how)| spelt(&value, &how));
    let inputs = prop_oneof![1 => mutated::text(&texts), 2 => value];
    check("requests", 512, &inputs, |text| take(&readings, &text));
}

#[test]
fn every_sample_is_read() {
    let readings = readings();
    assert_eq!(samples().len(), CLIENT_EVENTS.len());
    for sample in samples() {
        let Request { event, data, id } = Request::parse(&sample.to_string()).expect("a request");
        let [from_value, from_text] = readings.0[event.as_str()](&data);
        assert_eq!((from_value.as_ref(), from_text.as_ref(), id), (Ok(&data), Ok(&data), Some(7)), "{event}");
    }
}
