//! The days of a walk: counted back from the end of the story, and taken when offices are open.

use std::sync::Arc;

use crate::demo::city::walks::Walk;
use crate::value::{Day, Month, WorkingCalendar};

/// A walk of February takes less.
const WALK_DAYS: i32 = 75;

/// The days by which a walk counts.
#[derive(Clone)]
pub(super) struct Dates {
    pub(super) today: Day,
    pub(super) calendar: Option<Arc<WorkingCalendar>>,
}

impl Dates {
    /// So many days before the end; a walk of February is moved to the last one that leaves time.
    pub(super) fn day(&self, walk: &Walk, before: &str) -> Day {
        let days = |text: &str| text.parse::<i32>().unwrap_or_default();
        let day = self.today.plus_days(-days(before));
        if !walk.in_february {
            return day;
        }
        let first = walk.text.split(' ').next().map(days).unwrap_or_default();
        let year = self.today.plus_days(-WALK_DAYS).year();
        let february = |year| Day::new(year, 2, 2).unwrap_or(self.today);
        let this = february(year);
        let begins = if self.today.since(this) >= WALK_DAYS { this } else { february(year - 1) };
        begins.plus_days(first - days(before))
    }

    /// The day on which a step that is due on a day is taken.
    pub(super) fn worked(&self, walk: &Walk, days: &str) -> Day {
        self.open(self.day(walk, days))
    }

    /// The first working day from a day on.
    pub(super) fn open(&self, mut day: Day) -> Day {
        if let Some(calendar) = &self.calendar {
            while !calendar.is_working_day(day) {
                day = day.plus_days(1);
            }
        }
        day
    }
}

/// The month of a day: `120`, the day after it `120+1`, the month after it `120>1`.
pub(super) fn month(dates: &Dates, walk: &Walk, text: &str) -> Month {
    let more = |text: &str| text.parse::<i32>().unwrap_or_default();
    let (text, months) = text.split_once('>').unwrap_or((text, "0"));
    let (days, after) = text.split_once('+').unwrap_or((text, "0"));
    dates.worked(walk, days).plus_days(more(after)).month().plus(more(months))
}
