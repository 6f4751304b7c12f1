//! The writer's clock, passed in so that tests and demos can say what time it is.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall time and a monotonic time to check it against.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 UTC, as the system believes.
    fn wall_ms(&self) -> u64;
    /// Milliseconds since some moment, never stepping back.
    fn monotonic_ms(&self) -> u64;
}

/// The operating system's clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A clock that stands until it is set: demos live through a year in a minute with it.
#[derive(Debug, Clone, Default)]
pub struct SetClock {
    wall_ms: Arc<AtomicU64>,
    monotonic_ms: Arc<AtomicU64>,
}

impl SetClock {
    /// A clock standing at that time.
    #[must_use]
    pub fn at(wall_ms: u64) -> Self {
        let clock = Self::default();
        clock.wall_ms.store(wall_ms, Ordering::SeqCst);
        clock.monotonic_ms.store(wall_ms, Ordering::SeqCst);
        clock
    }

    /// Lets time pass: wall and monotonic time move together.
    pub fn advance_to(&self, wall_ms: u64) {
        let before = self.wall_ms.fetch_max(wall_ms, Ordering::SeqCst);
        self.monotonic_ms.fetch_add(wall_ms.saturating_sub(before), Ordering::SeqCst);
    }

    /// Moves the wall clock alone, as a wrongly set clock does.
    pub fn jump_to(&self, wall_ms: u64) {
        self.wall_ms.store(wall_ms, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn wall_ms(&self) -> u64 {
        self.wall_ms.load(Ordering::SeqCst)
    }

    fn monotonic_ms(&self) -> u64 {
        self.monotonic_ms.load(Ordering::SeqCst)
    }
}

/// Watches the wall clock against the monotonic one.
#[derive(Debug)]
pub(super) struct Watch {
    last_wall_ms: u64,
    last_monotonic_ms: Option<u64>,
}

/// The wall clock jumped: more than 5 s back or 5 min ahead of what the monotonic clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Jumped {
    /// What the monotonic clock lets expect.
    pub(super) expected_ms: u64,
    /// What the wall clock says.
    pub(super) found_ms: u64,
}

impl Watch {
    const BEHIND_MS_MAX: u64 = 5_000;
    const AHEAD_MS_MAX: u64 = 300_000;

    /// Starts from the last entry's time; how long nobody wrote is not known, so the first draw
    /// is only checked for being behind.
    pub(super) const fn from_last_entry(recorded_at_ms: u64) -> Self {
        Self { last_wall_ms: recorded_at_ms, last_monotonic_ms: None }
    }

    /// Draws the recorded time of a group: never before the last one.
    pub(super) fn draw(&mut self, clock: &dyn Clock) -> Result<u64, Jumped> {
        let (wall, monotonic) = (clock.wall_ms(), clock.monotonic_ms());
        let passed = self.last_monotonic_ms.map(|last| monotonic.saturating_sub(last));
        let expected_ms = self.last_wall_ms + passed.unwrap_or(0);
        let ahead = passed.is_some() && wall > expected_ms + Self::AHEAD_MS_MAX;
        if wall + Self::BEHIND_MS_MAX < expected_ms || ahead {
            return Err(Jumped { expected_ms, found_ms: wall });
        }
        self.last_wall_ms = wall.max(self.last_wall_ms);
        self.last_monotonic_ms = Some(monotonic);
        Ok(self.last_wall_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_time_never_steps_back_and_jumps_are_named() {
        let clock = SetClock::at(1_000_000);
        let mut watch = Watch::from_last_entry(999_000);
        assert_eq!(watch.draw(&clock), Ok(1_000_000));
        clock.jump_to(997_000);
        assert_eq!(watch.draw(&clock), Ok(1_000_000));
        clock.jump_to(994_000);
        assert_eq!(watch.draw(&clock), Err(Jumped { expected_ms: 1_000_000, found_ms: 994_000 }));
        clock.jump_to(1_300_001);
        assert!(watch.draw(&clock).is_err());
        clock.jump_to(1_300_000);
        assert_eq!(watch.draw(&clock), Ok(1_300_000));
        let mut late = Watch::from_last_entry(5_000_000);
        assert!(late.draw(&clock).is_err());
    }
}
