//! One run: the machine alone, a ledger filled through its door, and what it then does.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{
    BenchError, EVENTS_MAX, EVENTS_MIN, Figure, Measured, Options, Part, Target, append,
    city::city,
    clock::{Spent, count, timed},
    judge,
    limits::{self, Signatures, Speed},
    load, read, resident, serve,
    work::{self, Work},
};
use crate::crypto::random_bytes;
use crate::demo::{CITY_PEOPLE_MAX, DemoHouse, DemoKeys, Pens};
use crate::ledger::{self, Ledger, Secrets};
use crate::projection::Projection;
use crate::rolls::{Hint, ImportOptions, Importer, IndexedRows, RollKind, read_roll};
use crate::value::{Day, Month};

/// Name of the ledger under measure.
pub(super) const ORIGIN: &str = "bench.mingzheng.example/ledger";
/// Statements that are signed and appended at a time: what is compared for flatness.
const CHUNK: u64 = 100_000;
/// Rows of the roll that is imported, and payments with sealed data.
const ROWS: u64 = 20_000;
/// Statements appended over HTTP, and as many by the library beside them.
const SERVED: u64 = 50_000;
/// Statements of the submitter that waits each time.
const ONE_BY_ONE: u64 = 1000;
/// What a person of a city comes to, and the fewest people in whose city every page shows something.
const EVENTS_PER_PERSON: u64 = 5;
const PEOPLE_MIN: u32 = 60;
/// How often a figure and its limit are measured in turn.
const ROUNDS: u64 = 3;

/// Measures; `talk` hears what is being done.
///
/// # Errors
/// See [`BenchError`]; a figure below its target is none.
pub fn run(options: &Options, talk: &dyn Fn(&str)) -> Result<Measured, BenchError> {
    let scratch = Scratch::new(&options.parent)?;
    let events = options.events.clamp(EVENTS_MIN, EVENTS_MAX);
    let mut run = Run {
        options,
        talk,
        scratch: &scratch.0,
        events,
        people: (events / 10).max(ROWS.min(events / 5)),
        signatures: Signatures::new()?,
        figures: Vec::new(),
    };
    run.all()?;
    Ok(Measured {
        events,
        cores: rayon::current_num_threads(),
        optimised: !cfg!(debug_assertions),
        figures: run.figures,
    })
}

struct Run<'a> {
    options: &'a Options,
    talk: &'a dyn Fn(&str),
    scratch: &'a Path,
    events: u64,
    people: u64,
    signatures: Signatures,
    figures: Vec<Figure>,
}

impl Run<'_> {
    fn wants(&self, part: Part) -> bool {
        // A load of minutes is asked for by name.
        self.options.only.map_or(part != Part::Load, |only| only == part)
    }

    fn all(&mut self) -> Result<(), BenchError> {
        if self.wants(Part::Limits) {
            (self.talk)("the machine alone");
            self.figures.extend(limits::figures(&self.signatures, self.scratch)?);
        }
        let of_a_city = [Part::Judge, Part::Serve, Part::Load];
        if of_a_city.into_iter().any(|part| self.wants(part)) {
            self.of_a_city()?;
        }
        let alone = |only| only == Part::Limits || of_a_city.contains(&only);
        if self.options.only.is_some_and(alone) {
            return Ok(());
        }
        let folder = self.scratch.join("ledger");
        let house = DemoHouse::found(&folder, ORIGIN, ledger::Options::default())?;
        let DemoHouse { ledger, keys, pens } = house;
        self.append(&ledger, &pens)?;
        (self.talk)("closing the ledger");
        ledger.close();
        if self.wants(Part::Verify) {
            self.verify(&folder)?;
        }
        let wants_index = self.wants(Part::Rebuild) || self.wants(Part::Scale);
        if wants_index {
            (self.talk)("rebuilding the index");
            let ledger = open(&folder, &keys)?;
            self.rebuild(&ledger)?;
        }
        if self.wants(Part::Scale) {
            (self.talk)("a process that only opens the ledger");
            self.resident(&folder)?;
        }
        if self.wants(Part::Import) {
            let ledger = open(&folder, &keys)?;
            self.import(&ledger, &pens)?;
        }
        Ok(())
    }

    /// Fills the ledger up to its size; what is not asked for is not measured with care.
    fn append(&mut self, ledger: &Ledger, pens: &Pens) -> Result<(), BenchError> {
        let work = Work { ledger, pens, people: self.people };
        let first = self.events.min(CHUNK);
        let few = self.people.min(ROWS);
        (self.talk)("signing statements");
        let facts = work.facts(0..first)?;
        let bytes: usize = facts.iter().map(Vec::len).sum();
        let before = self.signatures.strict();
        (self.talk)("appending, 64 submitters");
        let cold = append::many(ledger, facts)?;
        if self.wants(Part::Append) {
            let statement = count(bytes as u64) / count(first);
            self.put(Part::Append, "statement_bytes", statement, "bytes");
            let limit = before.better(self.signatures.strict());
            self.beside("append_64x32", first, cold, limit, Some(Target::RatioAtLeast(0.6)));

            let next = first..first + first / 4;
            let (spent, behind) = followed(ledger, work.facts(next.clone())?)?;
            let limit = limit.better(self.signatures.strict());
            let units = next.end - next.start;
            self.beside("append_64x32_followers_on", units, spent, limit, None);
            self.put(Part::Append, "followers_behind", behind, "s");

            let spent = append::many(ledger, work.payments(0..few)?)?;
            let limit = limit.better(self.signatures.strict());
            self.beside("append_64x32_sealed_payments", few, spent, limit, None);
            self.one_by_one(ledger, &work)?;
        } else {
            append::many(ledger, work.payments(0..few)?)?;
        }
        if self.wants(Part::Scale) && self.events > CHUNK {
            self.grow(ledger, &work, cold)?;
        }
        Ok(())
    }

    fn one_by_one(&mut self, ledger: &Ledger, work: &Work<'_>) -> Result<(), BenchError> {
        (self.talk)("appending, 1 submitter");
        let units = ONE_BY_ONE.min(self.events);
        let mut alone_s = self.signatures.one_event_s(self.scratch)?;
        let (mut middle_s, mut spent) = append::one(ledger, work.facts(0..units)?)?;
        for _ in 1..ROUNDS {
            alone_s = alone_s.min(self.signatures.one_event_s(self.scratch)?);
            let (again_s, took) = append::one(ledger, work.facts(0..units)?)?;
            (middle_s, spent) = (middle_s.min(again_s), spent.and(took));
        }
        let units = units * ROUNDS;
        let figure = Figure::new(Part::Append, "append_1x1", 1.0 / middle_s, "1/s")
            .of(1.0 / alone_s, "strict verify, write, fdatasync, sign in a row; middle times")
            .target(Target::RatioAtLeast(0.7));
        self.figures.push(figure);
        self.put(Part::Append, "append_1x1_mean", spent.rate(units), "1/s");
        Ok(())
    }

    /// Grows the ledger to its full size and compares the cost of the last events with the first.
    fn grow(&mut self, ledger: &Ledger, work: &Work<'_>, first: Spent) -> Result<(), BenchError> {
        let mut sealed = true;
        while ledger.len() + CHUNK < self.events {
            (self.talk)(&format!("growing: {} of {} events", ledger.len(), self.events));
            let from = ledger.len();
            let to = from + (CHUNK / 2).min(self.events - CHUNK - from);
            let statements = if sealed { work.payments(from..to)? } else { work.facts(from..to)? };
            append::many(ledger, statements)?;
            sealed = !sealed;
        }
        let last = append::many(ledger, work.facts(self.events..self.events + CHUNK)?)?;
        let figure = Figure::new(Part::Scale, "cost_per_event_last", 1e6 / last.rate(CHUNK), "us")
            .of(1e6 / first.rate(CHUNK), "cost per event of the first 100,000")
            .cpu(last.cpu_us(CHUNK), first.cpu_us(CHUNK))
            .target(Target::RatioAtMost(1.2));
        self.figures.push(figure);
        Ok(())
    }

    fn verify(&mut self, folder: &Path) -> Result<(), BenchError> {
        (self.talk)("verifying");
        // In turn, and the best of each: a limit that had more chances would not be one.
        let (mut seen, mut limit) = (Speed::default(), self.signatures.batches(512));
        for _ in 0..ROUNDS {
            let (entries, spent) = read::verify(folder)?;
            seen = seen.better(Speed::of(entries, spent));
            limit = limit.better(self.signatures.batches(512));
        }
        let figure = Figure::new(Part::Verify, "verify", seen.per_s, "1/s")
            .of(limit.per_s, "cofactored batches, all cores")
            .cpu(seen.cpu_us, limit.cpu_us)
            .target(Target::RatioAtLeast(0.6));
        self.figures.push(figure);
        Ok(())
    }

    fn rebuild(&mut self, ledger: &Ledger) -> Result<(), BenchError> {
        let read::Rebuilt { rows, ours, sled } = read::rebuild(ledger, self.scratch)?;
        if self.wants(Part::Rebuild) {
            let figure = Figure::new(Part::Rebuild, "rebuild_rows", ours.rate(rows), "1/s")
                .of(sled.rate(rows), "sled alone, the same rows sorted")
                .cpu(ours.cpu_us(rows), sled.cpu_us(rows))
                .target(Target::RatioAtLeast(0.5));
            self.figures.push(figure);
            let entries = ledger.len();
            self.put(Part::Rebuild, "rebuild_entries", ours.rate(entries), "1/s");
        }
        if self.wants(Part::Scale) {
            let sizes = read::sizes(ledger)?;
            let log = Figure::new(Part::Scale, "log_bytes", count(sizes.log), "bytes")
                .of(count(sizes.entries), "bytes of the entries")
                .target(Target::RatioAtMost(1.15));
            let index = Figure::new(Part::Scale, "index_bytes", count(sizes.index), "bytes")
                .of(count(sizes.log), "bytes of the log")
                .target(Target::RatioAtMost(1.5));
            (self.talk)("following the log from its first entry");
            let (spent, bytes) = read::follow(ledger, self.scratch)?;
            let live = Figure::new(Part::Scale, "index_bytes_followed", count(bytes), "bytes")
                .of(count(sizes.log), "bytes of the log")
                .target(Target::RatioAtMost(1.5));
            self.figures.extend([log, index, live]);
            self.put(Part::Scale, "follow_entries", spent.rate(ledger.len()), "1/s");
        }
        Ok(())
    }

    /// What hangs on people's records is measured on a city's.
    fn of_a_city(&mut self) -> Result<(), BenchError> {
        let people = u32::try_from(self.events / EVENTS_PER_PERSON).unwrap_or(u32::MAX);
        let people = people.clamp(PEOPLE_MIN, CITY_PEOPLE_MAX);
        let folder = self.scratch.join("city");
        (self.talk)(&format!("making a city of {people} people"));
        if self.wants(Part::Load) {
            let of = (people, self.options.seconds);
            self.figures.extend(load::measure(&folder, of, self.talk)?);
            return Ok(());
        }
        let house = city(&folder, people, 0)?;
        if self.wants(Part::Judge) {
            (self.talk)("judging");
            self.judge(&house, people)?;
        }
        let DemoHouse { ledger, keys, pens } = house;
        ledger.close();
        if self.wants(Part::Serve) {
            (self.talk)("serving");
            let ledger = open(&folder, &keys)?;
            let of = (self.people, SERVED.min(self.events));
            let served = serve::measure(ledger, &pens, &keys, of, self.scratch)?;
            self.served(&served);
        }
        Ok(())
    }

    fn judge(&mut self, house: &DemoHouse, people: u32) -> Result<(), BenchError> {
        let judged = judge::judge(house)?;
        self.put(Part::Judge, "judge_people", count(u64::from(people)), "");
        let everybody = judged.everybody.rate(judged.persons);
        self.put(Part::Judge, "judge_everybody", everybody, "1/s");
        self.put(Part::Judge, "judge_persons_an_entry", judged.persons_an_entry, "");
        let most = |name, value, unit, most| {
            Figure::new(Part::Judge, name, value, unit).target(Target::AtMost(most))
        };
        self.figures.extend([
            most("judge_entry", judged.entry_us, "us", 10.0).cpu(judged.entry_cpu_us, None),
            most("judge_late_death", judged.death_ms, "ms", 5.0),
            most("judge_late_death_longest", judged.death_ms_max, "ms", 5.0),
        ]);
        Ok(())
    }

    fn served(&mut self, served: &serve::Served) {
        let of = |name, value, unit| Figure::new(Part::Serve, name, value, unit);
        let rate = |spent: Spent| spent.rate(served.units);
        self.figures.extend([
            of("http_append_64x100", rate(served.http), "1/s")
                .of(rate(served.library), "the library's durable append in the same run")
                .cpu(served.http.cpu_us(served.units), served.library.cpu_us(served.units))
                .target(Target::RatioAtLeast(0.7)),
            of("http_one", served.one_p50_ms, "ms"),
            of("http_one_p99", served.one_p99_ms, "ms")
                .of(served.flush_p99_ms, "one flush in a hundred takes longer")
                .target(Target::AtMost(2.0 * served.flush_p99_ms + 2.0)),
            of("http_reads", served.reads.rate(served.reads_made), "1/s")
                .cpu(served.reads.cpu_us(served.reads_made), None),
            of("http_read", served.read_p50_ms, "ms"),
            of("http_read_p99", served.read_p99_ms, "ms")
                .of(served.nothing_p99_ms, "an answer that asks nothing of the ledger")
                .target(Target::AtMost(10.0)),
            of("feed_behind_p99", served.feed_p99_ms, "ms").target(Target::AtMost(200.0)),
            of("feed_of_county_behind", served.county_feed_p50_ms, "ms"),
            of("feed_of_county_behind_p99", served.county_feed_p99_ms, "ms")
                .target(Target::AtMost(200.0)),
            of("http_read_beside_import", served.read_beside_p50_ms, "ms"),
            of("http_read_beside_import_p99", served.read_beside_p99_ms, "ms"),
        ]);
    }

    fn resident(&mut self, folder: &Path) -> Result<(), BenchError> {
        let answer = resident::in_a_process(&self.options.program, folder, self.people)?;
        let scale = |name, value, unit, most| {
            Figure::new(Part::Scale, name, value, unit).target(Target::AtMost(most))
        };
        self.put(Part::Scale, "entries", count(answer.entries), "");
        let megabytes = |bytes: u64| count(bytes) / 1e6;
        self.figures.extend(
            answer.rebuilt_bytes.map(|b| scale("rebuilding_peak", megabytes(b), "MB", 600.0)),
        );
        self.figures
            .extend(answer.open_bytes.map(|b| scale("resident_ledger", megabytes(b), "MB", 600.0)));
        self.figures.extend(
            answer.answered_bytes.map(|b| scale("resident_with_index", megabytes(b), "MB", 600.0)),
        );
        self.figures.extend([
            scale("reopen", answer.open_s, "s", 3.0),
            scale("show", answer.show_us, "us", 5000.0),
            scale("show_longest", answer.show_us_max, "us", 5000.0),
            scale("proof", answer.proof_us, "us", 5000.0),
            scale("proof_longest", answer.proof_us_max, "us", 5000.0),
        ]);
        Ok(())
    }

    fn import(&mut self, ledger: &Ledger, pens: &Pens) -> Result<(), BenchError> {
        (self.talk)("importing a roll");
        let mut index = Projection::open(ledger.folder())?;
        index.catch_up(ledger)?;
        let rows = self.people.min(ROWS);
        let csv = work::roll(rows);
        let name = "困难残疾人生活补贴发放名册_2026-06.csv";
        let month: Month = work::MONTH.parse()?;
        let hint = Hint { kind: Some(RollKind::LivingAllowance), month: Some(month) };
        let known = IndexedRows::new(&index, ledger);
        let options = ImportOptions {
            division: work::DIVISION.parse()?,
            complete: false,
            dry_run: false,
            at: Day::of_millis(ledger.clock().wall_ms()),
        };
        let pen = pens.pen(work::BANK)?;
        let importer = Importer { ledger, known: &known, pen, options };
        let (report, spent) = timed(|| -> Result<_, BenchError> {
            let roll = read_roll(name, csv.as_bytes(), &hint)?;
            Ok(importer.import(name, csv.as_bytes(), &roll, &mut |_, _| {})?)
        });
        let report = report?;
        if let Some(refused) = report.refused.into_iter().next() {
            return Err(BenchError::Refused(refused.rejection));
        }
        let new = report.new as u64;
        let figure = Figure::new(Part::Import, "import_rows", spent.rate(new), "1/s")
            .cpu(spent.cpu_us(new), None)
            .target(Target::AtLeast(5000.0));
        self.figures.push(figure);
        Ok(())
    }

    /// An append beside the strict signature checks that all cores do alone.
    fn beside(
        &mut self,
        name: &'static str,
        units: u64,
        spent: Spent,
        limit: Speed,
        target: Option<Target>,
    ) {
        let figure = Figure::new(Part::Append, name, spent.rate(units), "1/s")
            .of(limit.per_s, "strict verify, all cores")
            .cpu(spent.cpu_us(units), limit.cpu_us);
        self.figures.push(match target {
            Some(target) => figure.target(target),
            None => figure,
        });
    }

    fn put(&mut self, part: Part, name: &'static str, value: f64, unit: &'static str) {
        self.figures.push(Figure::new(part, name, value, unit));
    }
}

/// Appends while a projection follows; answers the append's cost and how many seconds the
/// projection needed after it to be current.
fn followed(ledger: &Ledger, statements: Vec<Vec<u8>>) -> Result<(Spent, f64), BenchError> {
    /// How long a follower that is current waits before it looks again.
    const WAIT: Duration = Duration::from_millis(1);
    let mut index = Projection::open(ledger.folder())?;
    index.catch_up(ledger)?;
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let follower = scope.spawn(|| -> Result<(), BenchError> {
            loop {
                // Asked first: what is there when the appending is done is read once more.
                let (last, before) = (done.load(Ordering::Acquire), index.current_to());
                index.follow_to(ledger, ledger.len())?;
                if index.current_to() == before && !last {
                    thread::park_timeout(WAIT);
                }
                if last {
                    return Ok(());
                }
            }
        });
        let appended = append::many(ledger, statements);
        done.store(true, Ordering::Release);
        let (joined, behind) = timed(|| follower.join());
        joined.unwrap_or(Err(ledger::ReadError::Stopped.into()))?;
        Ok((appended?, behind.wall_s))
    })
}

pub(super) fn open(folder: &Path, keys: &DemoKeys) -> Result<Ledger, BenchError> {
    let secrets =
        Secrets { note_key: Some(keys.note.clone()), vault_key: Some(keys.vault.clone()) };
    Ok(Ledger::open(folder, secrets, ledger::Options::default())?)
}

/// The folder of a run, removed with all that is in it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(parent: &Path) -> Result<Self, BenchError> {
        let random: [u8; 8] = random_bytes()?;
        let name = format!("mingzheng-bench-{:016x}", u64::from_be_bytes(random));
        let path = parent.join(name);
        fs::create_dir(&path).map_err(BenchError::io("making a folder for the measure"))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of the measure was not removed");
        }
    }
}
