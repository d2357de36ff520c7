//! Stored unsent messages and drafts: the text that a browser keeps of its people. Where it is kept, under which keys and
//! how that is written, is the driver's part.
//!
//! Unsent messages are kept one by one, each as a list of one person's outbox with one message in it; what was spilled is
//! such a list as well, of all people of the browser. Drafts begin with the id of who typed them.

use madang_common::{
    id::{ClientId, UserId},
    time::UnixMillis,
};
use serde_json::Value;

use crate::{
    json,
    outbox::{Outbox, Pending},
};

/// How long what another person of this browser left unsent is kept for them, in milliseconds.
const KEPT_FOR_OTHERS: f64 = 7.0 * 86_400_000.0;

/// Outboxes, each with whose it is.
type Outboxes = Vec<(UserId, Outbox)>;

/// An unsent message of a person, as it is kept by itself. None where it can't be written.
#[must_use]
pub fn write_pending(me: UserId, pending: Pending) -> Option<String> {
    let mut outbox = Outbox::default();
    outbox.put(pending);
    write(&[(me, outbox)])
}

/// Sorts what is kept of unsent messages, each by itself, at a time in milliseconds since 1970: those of a person, and
/// which of others have been kept for long enough. What can't be read is passed over.
#[must_use]
pub fn sort(kept: &[String], me: UserId, now: f64) -> (Outbox, Vec<ClientId>) {
    let (mut mine, mut old) = (Outbox::default(), Vec::new());
    for (user, outbox) in kept.iter().filter_map(|kept| read(kept)).flatten() {
        for pending in outbox.iter() {
            if user == me {
                mine.put(pending.clone());
            } else if !is_recent(pending.composed_at, now) {
                old.push(pending.client_id);
            }
        }
    }
    (mine, old)
}

/// The outbox of a person in what was spilled; empty if there is none, or it can't be read.
#[must_use]
pub fn spilled(kept: Option<&str>, me: UserId) -> Outbox {
    take(&mut kept.and_then(read).unwrap_or_default(), me)
}

/// What was spilled, with the outbox of a person changed, and without what has been kept for others for long enough.
/// None if nothing is left.
#[must_use]
pub fn change_spilled(kept: Option<&str>, me: UserId, now: f64, change: impl FnOnce(&mut Outbox)) -> Option<String> {
    let mut all = kept.and_then(read).unwrap_or_default();
    let mut mine = take(&mut all, me);
    change(&mut mine);
    all.retain(|(_, outbox)| outbox.iter().any(|pending| is_recent(pending.composed_at, now)));
    if !mine.is_empty() {
        all.push((me, mine));
    }
    if all.is_empty() { None } else { write(&all) }
}

/// A draft as it is kept. None for one that is empty.
#[must_use]
pub fn write_draft(me: UserId, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| [&*whose(me), text].concat())
}

/// What is kept of a draft, if it is this person's: nobody sees what others of this browser have typed.
#[must_use]
pub fn read_draft(kept: &str, me: UserId) -> Option<&str> {
    kept.strip_prefix(&*whose(me))
}

fn whose(me: UserId) -> String {
    [&*me.to_string(), " "].concat()
}

fn is_recent(composed_at: UnixMillis, now: f64) -> bool {
    now - (composed_at.0 as f64) < KEPT_FOR_OTHERS
}

fn take(all: &mut Outboxes, me: UserId) -> Outbox {
    let at = all.iter().position(|(user, _)| *user == me);
    at.map(|at| all.swap_remove(at).1).unwrap_or_default()
}

/// Reads JSON by way of a `Value`, as all that the browser reads: to read types from text too would compile a second
/// reader for each.
fn read(kept: &str) -> Option<Outboxes> {
    serde_json::from_str(kept).ok().and_then(|value: Value| json::read(value).ok())
}

fn write(outboxes: &[(UserId, Outbox)]) -> Option<String> {
    Some(serde_json::to_value(outboxes).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use madang_common::{id::RoomId, text::MessageText};

    use super::*;
    use crate::fixtures::client_id;

    const ME: UserId = UserId(1);
    const OTHER: UserId = UserId(2);
    const DAY: f64 = 86_400_000.0;

    fn pending(n: i64) -> Pending {
        let text = MessageText::parse("said").expect("valid");
        Pending { client_id: client_id(n), room: RoomId(1), text, composed_at: UnixMillis(n), refused: None }
    }

    fn ids(outbox: &Outbox) -> Vec<ClientId> {
        outbox.iter().map(|pending| pending.client_id).collect()
    }

    #[test]
    fn unsent_messages_that_are_kept_one_by_one_are_sorted_by_whose_they_are_and_how_old() {
        let kept: Vec<String> = [(ME, 2), (OTHER, 3), (ME, 1)]
            .into_iter()
            .filter_map(|(user, n)| write_pending(user, pending(n)))
            .chain(["{".to_owned(), "[[1,[{}]]]".to_owned(), String::new()])
            .collect();
        let (mine, old) = sort(&kept, ME, 6.0 * DAY);
        assert_eq!((ids(&mine), old), (vec![client_id(1), client_id(2)], vec![]));
        let (mine, old) = sort(&kept, ME, 8.0 * DAY);
        assert_eq!((mine.iter().count(), old), (2, vec![client_id(3)]));
    }

    #[test]
    fn what_one_spills_leaves_what_others_have_spilled_for_a_week() {
        let put = |n| move |outbox: &mut Outbox| outbox.put(pending(n));
        let one = change_spilled(None, OTHER, DAY, put(1));
        let two = change_spilled(one.as_deref(), ME, DAY, put(2));
        assert_eq!(ids(&spilled(two.as_deref(), OTHER)), [client_id(1)]);
        assert_eq!(ids(&spilled(two.as_deref(), ME)), [client_id(2)]);
        let later = change_spilled(two.as_deref(), ME, 9.0 * DAY, put(3));
        assert_eq!(ids(&spilled(later.as_deref(), OTHER)), []);
        assert_eq!(ids(&spilled(later.as_deref(), ME)), [client_id(2), client_id(3)]);
        let none = change_spilled(later.as_deref(), ME, 9.0 * DAY, |outbox| *outbox = Outbox::default());
        assert_eq!(none, None);
        assert_eq!(spilled(Some("not JSON"), ME), Outbox::default());
    }

    #[test]
    fn a_draft_is_read_by_whose_it_is() {
        let kept = write_draft(ME, "see you").expect("there is one");
        assert_eq!(read_draft(&kept, ME), Some("see you"));
        assert_eq!(read_draft(&kept, UserId(11)), None);
        assert_eq!(read_draft(&kept, OTHER), None);
        assert_eq!(write_draft(ME, ""), None);
    }
}
