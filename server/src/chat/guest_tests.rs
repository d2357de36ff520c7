use std::{collections::BTreeSet, time::Duration};

use madang_common::{
    fault::{Fault, FaultCode},
    message::MessageView,
};

use super::{
    fixtures::{Trial, name, words},
    guest::{Dialect, Form, MayAdd, Origin, Say, Socket},
};
use crate::{error::Refusal, net::websocket, store::fixtures::rows_in};

static DIALECT: Dialect = Dialect { key: "test", form: Form::Frame(|name, text| format!("{name}: {text}")) };

/// Where what a guest says comes from: a WebSocket that is gone.
pub(super) fn origin() -> Origin {
    let (sender, _) = websocket::queue(1);
    Origin { dialect: &DIALECT, socket: Socket::Plain(sender), outbound: Vec::new(), form_to_others: false }
}

fn saying(trial: &Trial, as_name: &str, may_add: MayAdd) -> Say {
    let (name, text) = (name(as_name), words("hello"));
    Say { chat: trial.chat.clone(), name, text, origin: origin(), untold: None, may_add }
}

async fn say(trial: &mut Trial, as_name: &str) -> MessageView {
    let say = saying(trial, as_name, Box::new(|| Ok(())));
    trial.run(say).await.expect("a guest's word")
}

#[tokio::test]
async fn a_guest_gets_the_next_number_then_one_that_stays_theirs() {
    let mut trial = Trial::new().await;
    trial.join("x").await;
    assert_eq!(say(&mut trial, "x").await.author.name.as_str(), "x (2)");
    for number in 2..30 {
        trial.join(&format!("x ({number})")).await;
    }
    let first = say(&mut trial, "x").await.author;
    let number = first.name.as_str().strip_prefix("x (").and_then(|rest| rest.strip_suffix(')'));
    let number: u32 = number.and_then(|number| number.parse().ok()).expect("a number");
    assert!(number >= 30, "{number}: nobody holds it");
    assert!(first.outside);
    assert_eq!(say(&mut trial, "x").await.author, first, "the same guest");

    // Others of other names get others.
    for base in ["y", "z"] {
        trial.join(base).await;
        for number in 2..10 {
            trial.join(&format!("{base} ({number})")).await;
        }
    }
    let mut numbers = BTreeSet::from([number.to_string()]);
    for base in ["y", "z"] {
        let name = say(&mut trial, base).await.author.name;
        numbers.insert(name.as_str().trim_start_matches(base).trim_matches([' ', '(', ')']).to_owned());
    }
    assert_eq!(numbers.len(), 3, "{numbers:?}");
}

#[tokio::test]
async fn who_has_been_away_for_long_is_in_no_guests_way() {
    let mut trial = Trial::new().await;
    trial.join("x").await;
    assert_eq!(say(&mut trial, "x").await.author.name.as_str(), "x (2)");
    trial.clock.advance(Duration::from_secs(3_600));
    assert_eq!(say(&mut trial, "x").await.author.name.as_str(), "x");
}

#[tokio::test]
async fn a_name_that_is_new_is_stored_only_where_it_may_be() {
    let mut trial = Trial::new().await;
    let known = say(&mut trial, "x").await.author;
    let refuse = || -> MayAdd { Box::new(|| Err(Fault::new(FaultCode::TooOften, "That was a lot to store."))) };
    let before = rows_in(trial.committer.conn(), "users").await;
    let say = saying(&trial, "y", refuse());
    let refused = trial.run(say).await;
    assert!(matches!(&refused, Err(Refusal::Fault(fault)) if fault.code == FaultCode::TooOften), "{refused:?}");
    assert_eq!(rows_in(trial.committer.conn(), "users").await, before);
    let say = saying(&trial, "x", refuse());
    assert_eq!(trial.run(say).await.expect("a name that is known").author, known);
}
