//! Layer 7: demo ledgers: sample actors for every role, and rolls or a small synthetic county
//! brought in by the very ways real ones come.
//!
//! A demo ledger says so in its entry 0: it accepts ID numbers of the prefix 99, which no
//! division has, and its keys are unencrypted files marked DEMO, which no other ledger accepts.

mod actors;
mod chance;
mod city;
mod county;
mod house;
mod names;
mod people;

pub use actors::{SampleActor, sample_actors};
pub use city::{CITY_MONTHS, CITY_PEOPLE_MAX, City, CityOptions};
pub use county::{CountyOptions, CountyReport, run as run_county};
pub use house::{DemoError, DemoHouse, DemoKeys, Pens};
use house::{city_officer_id, officer_id};

/// The prefecture of demo ledgers.
pub const PREFECTURE: &str = actors::PREFECTURE;
