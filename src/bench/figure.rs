//! One figure beside its limit, the ratio of the two, and the target.

use serde::Serialize;

use super::Part;

/// All that a run measured.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// Events of the ledger under measure.
    pub events: u64,
    /// Threads that work on signatures.
    pub cores: usize,
    /// A build without optimisation says nothing about speed.
    pub optimised: bool,
    /// The figures, as they were measured.
    pub figures: Vec<Figure>,
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// The part of the run.
    pub part: &'static str,
    /// A stable name.
    pub name: &'static str,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What the machine alone could do, in the same unit.
    pub limit: Option<f64>,
    /// What that limit is.
    pub limit_is: Option<&'static str>,
    /// The value over the limit.
    pub ratio: Option<f64>,
    /// The same by processor time: what one unit must cost over what it does cost.
    pub cpu_ratio: Option<f64>,
    /// Microseconds of processor time per unit.
    pub cpu_us: Option<f64>,
    /// What it should be.
    pub target: Option<Target>,
    /// Whether it is.
    pub met: Option<bool>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The ratio is at least this.
    RatioAtLeast(f64),
    /// The ratio is at most this.
    RatioAtMost(f64),
    /// The value is at least this.
    AtLeast(f64),
    /// The value is at most this.
    AtMost(f64),
}

impl Figure {
    /// A value that has no limit yet.
    pub(super) const fn new(
        part: Part,
        name: &'static str,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self {
            part: part.name(),
            name,
            value,
            unit,
            limit: None,
            limit_is: None,
            ratio: None,
            cpu_ratio: None,
            cpu_us: None,
            target: None,
            met: None,
        }
    }

    /// Beside what the machine alone could do.
    pub(super) fn of(mut self, limit: f64, limit_is: &'static str) -> Self {
        (self.limit, self.limit_is) = (Some(limit), Some(limit_is));
        self.ratio = Some(self.value / limit);
        self
    }

    /// With the processor time of one unit, and the time that the limit's unit takes.
    pub(super) fn cpu(mut self, own_us: Option<f64>, limit_us: Option<f64>) -> Self {
        self.cpu_us = own_us;
        self.cpu_ratio = own_us.zip(limit_us).map(|(own, limit)| limit / own);
        self
    }

    /// With what it should be.
    pub(super) fn target(mut self, target: Target) -> Self {
        self.target = Some(target);
        self.met = match target {
            Target::RatioAtLeast(least) => self.ratio.map(|ratio| ratio >= least),
            Target::RatioAtMost(most) => self.ratio.map(|ratio| ratio <= most),
            Target::AtLeast(least) => Some(self.value >= least),
            Target::AtMost(most) => Some(self.value <= most),
        };
        self
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::RatioAtLeast(least) => write!(f, "ratio >= {least}"),
            Self::RatioAtMost(most) => write!(f, "ratio <= {most}"),
            Self::AtLeast(least) => write!(f, ">= {least}"),
            Self::AtMost(most) => write!(f, "<= {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_judged_by_what_they_name() {
        let figure = || Figure::new(Part::Append, "events", 60.0, "1/s").of(100.0, "alone");
        assert_eq!(figure().ratio, Some(0.6));
        for (target, met) in [
            (Target::RatioAtLeast(0.6), true),
            (Target::RatioAtLeast(0.61), false),
            (Target::RatioAtMost(0.6), true),
            (Target::RatioAtMost(0.59), false),
            (Target::AtLeast(60.0), true),
            (Target::AtLeast(61.0), false),
            (Target::AtMost(60.0), true),
            (Target::AtMost(59.0), false),
        ] {
            assert_eq!(figure().target(target).met, Some(met), "{target}");
        }
        let alone = Figure::new(Part::Append, "events", 60.0, "1/s");
        assert_eq!(alone.target(Target::RatioAtLeast(0.6)).met, None);
    }
}
