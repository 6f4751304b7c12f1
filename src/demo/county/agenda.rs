//! What is due on which day.

use std::collections::{BTreeMap, VecDeque};

use crate::value::{Day, WorkingCalendar};

/// The order within one day: what a day's desk work settles, its payroll already knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// One person's matter.
    Desk,
    /// A payroll.
    Payroll,
}

/// Tasks by the working day on which they are due; a task holds all that it needs, so that what is
/// done leaves nothing behind.
pub(super) struct Agenda<T> {
    calendar: WorkingCalendar,
    due: BTreeMap<(Day, Order), VecDeque<T>>,
}

impl<T> Agenda<T> {
    pub(super) const fn new(calendar: WorkingCalendar) -> Self {
        Self { calendar, due: BTreeMap::new() }
    }

    pub(super) const fn calendar(&self) -> &WorkingCalendar {
        &self.calendar
    }

    /// The first working day on or after a day.
    pub(super) fn working_day(&self, day: Day) -> Day {
        if self.calendar.is_working_day(day) { day } else { self.calendar.after(day, 1) }
    }

    /// Puts a task on a day, or on the first working day after it.
    pub(super) fn put(&mut self, day: Day, order: Order, task: T) {
        let day = self.working_day(day);
        self.due.entry((day, order)).or_default().push_back(task);
    }

    /// Puts a task so many working days after a day.
    pub(super) fn put_after(&mut self, today: Day, working_days: u32, task: T) {
        let day = self.calendar.after(today, working_days);
        self.put(day, Order::Desk, task);
    }

    /// Takes the next task that is due by a day.
    pub(super) fn take(&mut self, today: Day) -> Option<T> {
        let mut first = self.due.first_entry()?;
        if first.key().0 > today {
            return None;
        }
        let task = first.get_mut().pop_front();
        if first.get().is_empty() {
            first.remove();
        }
        task
    }

    /// Nothing is left to do.
    pub(super) fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_come_on_working_days_in_order() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut calendar = WorkingCalendar::default();
        calendar.publish(2026, &[day("2026-03-09")], &[]);
        let mut agenda = Agenda::new(calendar);
        agenda.put(day("2026-03-06"), Order::Payroll, "payroll");
        agenda.put(day("2026-03-06"), Order::Desk, "friday");
        agenda.put_after(day("2026-03-06"), 1, "tuesday, for Monday is a holiday");
        agenda.put(day("2026-03-07"), Order::Desk, "tuesday too");
        assert!(!agenda.is_empty());
        assert_eq!(agenda.take(day("2026-03-05")), None);
        assert_eq!(agenda.take(day("2026-03-09")), Some("friday"));
        assert_eq!(agenda.take(day("2026-03-09")), Some("payroll"));
        assert_eq!(agenda.take(day("2026-03-09")), None);
        assert_eq!(agenda.take(day("2026-03-10")), Some("tuesday, for Monday is a holiday"));
        assert_eq!(agenda.take(day("2026-03-10")), Some("tuesday too"));
        assert!(agenda.is_empty());
    }
}
