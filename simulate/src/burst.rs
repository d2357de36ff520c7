//! A burst in a world that is left in peace: everyone says something in the lobby, some of it gets lost on the way to
//! others, and somebody comes from another room meanwhile. What follows shows that something is missing, so it is there a
//! moment later, and not only when the head is asked for the next time.

use madang_common::limits::HEAD_INTERVAL_MS;

use crate::{
    script::{Step, TabName},
    server::LOBBY,
    verdict::{Fault, Ledger, Promise, demand, pass, take},
    world::World,
};

/// How many messages are said.
const SAID: u32 = 24;
/// Of the last ones none gets lost: nothing would follow.
const NOT_LOST: u32 = 2;
/// How soon all is there, in milliseconds.
const SOON: u64 = 2_000;
const _: () = assert!(2 * SOON < HEAD_INTERVAL_MS, "the head is asked for later");

/// The numbers of rooms in [`Step::Show`].
const LOBBY_NUMBER: usize = 0;
const ANOTHER: usize = 1;

/// Has it happen.
///
/// # Errors
/// If something that was missing was not there soon.
pub(crate) fn play(world: &mut World, ledger: &mut Ledger) -> Result<(), Fault> {
    let names: Vec<TabName> = world.open.keys().copied().collect();
    // What waits for a slow disk would be said later, with nothing after it.
    world.browsers.iter_mut().for_each(|browser| browser.disk_delay = 1);
    let late = names[world.rng.usize(..names.len())];
    for name in &names {
        take(world, ledger, Step::Show(*name, if *name == late { ANOTHER } else { LOBBY_NUMBER }));
    }
    wait(world, ledger, SOON)?;
    let comes_after = world.rng.u32(..SAID);
    for number in 0..SAID {
        world.lose_no_more();
        for name in names.iter().filter(|_| number + NOT_LOST < SAID) {
            let lost = u32::from(world.rng.u32(..10) < 3);
            world.lose_events(*name, lost);
        }
        let name = names[world.rng.usize(..names.len())];
        take(world, ledger, Step::Say(name));
        if number == comes_after {
            take(world, ledger, Step::Show(late, LOBBY_NUMBER));
        }
        let pause = world.rng.u64(..30);
        wait(world, ledger, pause)?;
    }
    wait(world, ledger, SOON)?;
    let stored = world.server.rooms[&LOBBY].rev;
    wait(world, ledger, SOON)?;
    for name in &names {
        let open = world.tabs[world.open[name].0].engine.view.open.0.as_ref();
        let held = open.filter(|open| open.room.id == LOBBY).map(|open| open.timeline.rev());
        demand(Promise::Prompt, held >= Some(stored), || {
            format!("tab {name:?} is at {held:?} of the lobby, {SOON} ms after the server was at {stored}")
        })?;
    }
    Ok(())
}

fn wait(world: &mut World, ledger: &Ledger, millis: u64) -> Result<(), Fault> {
    let until = world.now + millis;
    pass(world, ledger, until)
}
