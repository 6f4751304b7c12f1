//! Wall and processor time of a piece of work.
//!
//! On a machine with neighbours the wall says as much about them as about us; processor time says
//! what the work itself cost. Both are given, and targets are judged by the wall.

use std::time::Instant;

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    /// Seconds on the wall.
    pub(super) wall_s: f64,
    /// Seconds of all processors that this process took, where the system tells.
    pub(super) cpu_s: Option<f64>,
}

impl Spent {
    /// Units per second on the wall.
    pub(super) fn rate(&self, units: u64) -> f64 {
        count(units) / self.wall_s.max(f64::MIN_POSITIVE)
    }

    /// This and more of the same work.
    pub(super) fn and(self, more: Self) -> Self {
        let cpu_s = self.cpu_s.unwrap_or_default();
        Self { wall_s: self.wall_s + more.wall_s, cpu_s: more.cpu_s.map(|more| cpu_s + more) }
    }

    /// Microseconds of processor time per unit.
    pub(super) fn cpu_us(&self, units: u64) -> Option<f64> {
        (units > 0).then(|| self.cpu_s.map(|seconds| seconds * 1e6 / count(units))).flatten()
    }
}

/// Does the work and says what it took.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (cpu, start) = (cpu_s(), Instant::now());
    let done = work();
    let wall_s = start.elapsed().as_secs_f64();
    let cpu_s = cpu.zip(cpu_s()).map(|(before, after)| after - before);
    (done, Spent { wall_s, cpu_s })
}

/// A count as a number to reckon with; counts here are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
pub(super) const fn count(units: u64) -> f64 {
    units as f64
}

/// The middle one; 0 of none.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Processor seconds of this process so far: user and system time of proc(5), in hundredths.
fn cpu_s() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets and may hold spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: Vec<u64> =
        fields.split_whitespace().skip(11).take(2).filter_map(|text| text.parse().ok()).collect();
    let [user, system] = ticks[..] else { return None };
    Some(count(user + system) / 100.0)
}
