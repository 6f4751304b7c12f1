//! The synthetic city that judging, serving and the load are measured on: its people have
//! certificates, payments, households and accounts like any other's. A question about nobody's file
//! costs little and says nothing.

use std::{path::Path, sync::Arc};

use super::BenchError;
use crate::demo::{City, CityOptions, DemoHouse};
use crate::ledger::{self, Clock, SetClock, SystemClock};
use crate::value::Day;

/// Fixes the city's story.
const SEED: u64 = 3;

/// Makes a city that ends now; `open_days` of its story are left open.
pub(super) fn city(folder: &Path, people: u32, open_days: u32) -> Result<DemoHouse, BenchError> {
    let ends_at_ms = SystemClock::default().wall_ms();
    let options = CityOptions { people, seed: SEED, months: None, open_days };
    let mut city = City::new(options, Day::of_millis(ends_at_ms))?;
    let clock = SetClock::at(city.begins().start_millis());
    let options = ledger::Options { clock: Arc::new(clock.clone()), ..ledger::Options::default() };
    let house = DemoHouse::found_city(folder, super::run::ORIGIN, options)?;
    city.live(&house, &clock, ends_at_ms)?;
    city.send(&house, &mut |_| {})?;
    // What is signed from now on is signed now.
    clock.advance_to(SystemClock::default().wall_ms());
    Ok(house)
}
