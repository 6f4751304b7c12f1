//! The console and the reading routes under load: some readers, some minutes, and what that takes.
//!
//! A made-up city is served with its flags on the log. First one reader alone opens every page some
//! times: what it waits is a little more than the server's own time. Then the readers ask for pages
//! and routes in turn, each as soon as it is answered. Service and readers are threads of one
//! process, so the memory is that of both, and of what making the city left behind.

mod routes;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;

use super::{
    BenchError, Figure, Part, Target,
    city::city,
    clock::{count, median},
    line::{Answer, By, Line},
    resident::memory_bytes,
    serve::died,
    serving::{Asker, Serving},
};
use crate::console;
use crate::crypto::SecretKey;
use crate::demo::DemoHouse;
use crate::ledger::{Ledger, Pen};
use crate::projection::Projection;
use crate::service::Open;
use routes::{Examples, INSPECTOR, PAGES, PERSON, ROUTES};

/// Seconds of a load when nothing is said, and the most.
pub const LOAD_SECONDS: u64 = 300;
/// The longest load.
pub const LOAD_SECONDS_MAX: u64 = 3600;
/// Readers at once.
const CONNECTIONS: usize = 8;
/// How often one reader alone opens each page.
const ALONE: usize = 12;
/// A page's cookie is made anew after this: its token lives for five minutes.
const RENEW: Duration = Duration::from_secs(120);
/// How often the memory is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How much of the city's story is still to come, so that there is work at the desks.
const OPEN_DAYS: u32 = 110;
/// What a page may take, in milliseconds.
const PAGE_MS: f64 = 50.0;
/// Most that the memory may grow, beside the middle of the first fifth.
const FLAT: f64 = 1.1;

/// Something that readers ask for.
struct Route {
    /// With parts in braces.
    path: &'static str,
    /// Who asks; nobody where anybody may.
    by: Option<&'static str>,
    is_page: bool,
}

/// An answer.
struct Seen {
    status: u16,
    text: String,
    seconds: f64,
}

/// One reader with its sessions.
struct Reader<'a> {
    line: Line,
    origin: &'a str,
    keys: &'a BTreeMap<String, SecretKey>,
    /// The session of each actor, and when it was begun.
    sessions: BTreeMap<&'static str, (String, Instant)>,
}

impl<'a> Reader<'a> {
    fn new(
        host: &str,
        origin: &'a str,
        keys: &'a BTreeMap<String, SecretKey>,
    ) -> Result<Self, BenchError> {
        Ok(Self { line: Line::open(host)?, origin, keys, sessions: BTreeMap::new() })
    }

    fn token(&self, actor: &str) -> Result<String, BenchError> {
        let key =
            self.keys.get(actor).ok_or_else(|| BenchError::Http(format!("no key of {actor}")))?;
        Asker { origin: self.origin, key }.token()
    }

    /// The session of a page: the token that a browser's page would sign.
    fn session(&mut self, actor: &'static str) -> Result<String, BenchError> {
        if let Some((token, begun)) = self.sessions.get(actor)
            && begun.elapsed() < RENEW
        {
            return Ok(token.clone());
        }
        let token = self.token(actor)?;
        self.sessions.insert(actor, (token.clone(), Instant::now()));
        Ok(token)
    }

    /// Asks, and reads the answer to its end, whatever its status is.
    fn ask(&mut self, route: &Route, path: &str) -> Result<Seen, BenchError> {
        let token = match route.by {
            Some(actor) if route.is_page => self.session(actor)?,
            Some(actor) => self.token(actor)?,
            None => String::new(),
        };
        let by = match route.by {
            Some(_) if route.is_page => By::Session(&token),
            Some(_) => By::Token(&token),
            None => By::Anybody,
        };
        let start = Instant::now();
        let Answer { status, body } = self.line.ask(path, by)?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(Seen { status, text: String::from_utf8_lossy(body).into_owned(), seconds })
    }
}

/// What one page took its only reader, in milliseconds.
struct Page {
    path: &'static str,
    middle_ms: f64,
    longest_ms: f64,
}

/// Resident bytes over a load.
struct Memory {
    start: u64,
    /// The middle of the first fifth: of a load of five minutes, its first minute.
    first: u64,
    highest: u64,
    end: u64,
}

/// Microseconds of answers, to one part in a hundred, in memory that does not grow: the load looks
/// at the memory of its own process.
type Times = Histogram<u64>;
/// Longest answer that is told apart: longer than any client here waits.
const TIME_US_MAX: u64 = 600_000_000;

fn no_times() -> Times {
    // Bounds and digits in range make one.
    Times::new_with_bounds(1, TIME_US_MAX, 2).expect("bounds of a histogram")
}

/// What was measured.
struct Loaded {
    pages: Vec<Page>,
    /// Answers by status, of every route.
    answers: BTreeMap<(&'static str, u16), u64>,
    /// Of the load alone.
    seconds: f64,
    times: Times,
    memory: Option<Memory>,
}

/// Measures a city of so many people for so many seconds.
pub(super) fn measure(
    folder: &Path,
    (people, seconds): (u32, u64),
    talk: &dyn Fn(&str),
) -> Result<Vec<Figure>, BenchError> {
    let house = city(folder, people, OPEN_DAYS)?;
    // A key for somebody who lives there.
    let own = house.give_key()?;
    let DemoHouse { ledger, keys, .. } = house;
    Ledger::close(ledger);
    let ledger = super::run::open(folder, &keys)?;
    let mut index = Projection::open(folder)?;
    index.catch_up(&ledger)?;
    let origin = ledger.origin().to_string();
    let system = Pen::new(keys.system.clone(), "ledger", &origin, ledger.clock());
    let open = Open { ledger, index, system: Some(system), demo_keys: keys.actors.clone() };
    let serving = Serving::start(open, console::pages())?;
    let actors = keys.actors.iter().chain(&own);
    let keys = actors.map(|(id, key)| (id.to_string(), key.clone())).collect();
    let loaded = under_load(&serving.host, &origin, &keys, seconds, talk);
    serving.end()?;
    let loaded = loaded?;
    for ((path, status), times) in &loaded.answers {
        if !(200..300).contains(status) {
            talk(&format!("{path} answered {status}, {times} times"));
        }
    }
    Ok(figures(loaded))
}

fn under_load(
    host: &str,
    origin: &str,
    keys: &BTreeMap<String, SecretKey>,
    seconds: u64,
    talk: &dyn Fn(&str),
) -> Result<Loaded, BenchError> {
    let reader = || Reader::new(host, origin, keys);
    let mut alone = reader()?;
    // The city's flags go on the log, so that the queue has work.
    let token = alone.token(INSPECTOR)?;
    alone.line.post("/v1/flags/raise", &token, ("application/json", b"{}"))?;
    let examples = Examples::find(&mut alone)?;
    // A very small city has nobody who was paid.
    let is_there = |route: &&Route| route.by != Some(PERSON) || keys.contains_key(PERSON);
    let mut answers = BTreeMap::new();
    talk("every page, one reader");
    let mut pages = Vec::new();
    for route in PAGES.iter().filter(is_there) {
        let mut times = Vec::with_capacity(ALONE);
        for turn in 0..ALONE {
            let seen = alone.ask(route, &examples.fill(route.path, turn))?;
            *answers.entry((route.path, seen.status)).or_default() += 1;
            times.push(seen.seconds * 1e3);
        }
        let longest_ms = times.iter().copied().fold(0.0, f64::max);
        pages.push(Page { path: route.path, middle_ms: median(times), longest_ms });
    }
    talk(&format!("{CONNECTIONS} readers for {seconds} seconds"));
    let routes: Vec<&Route> = PAGES.iter().chain(ROUTES).filter(is_there).collect();
    let start = Instant::now();
    let ends = start + Duration::from_secs(seconds);
    let done = AtomicBool::new(false);
    let (looks, read) = thread::scope(|scope| {
        let looks = scope.spawn(|| looks(&done));
        let readers: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                let (routes, examples) = (&routes, &examples);
                // Each begins elsewhere, so that they do not all ask for the same.
                let first = number * routes.len() / CONNECTIONS;
                scope.spawn(move || read_until(ends, &mut reader()?, routes, examples, first))
            })
            .collect();
        let read: Vec<_> =
            readers.into_iter().map(|it| it.join().unwrap_or_else(|_| Err(died()))).collect();
        done.store(true, Ordering::Release);
        (looks.join().unwrap_or_default(), read)
    });
    let took = start.elapsed().as_secs_f64();
    let mut times = no_times();
    for one in read {
        let (own, counted) = one?;
        times += own;
        for (key, number) in counted {
            *answers.entry(key).or_default() += number;
        }
    }
    Ok(Loaded { pages, answers, seconds: took, times, memory: Memory::of(&looks) })
}

type Counted = BTreeMap<(&'static str, u16), u64>;

/// One reader: asks for one after the other until the time is over; answers with what they took, and
/// the answers by status.
fn read_until(
    ends: Instant,
    reader: &mut Reader<'_>,
    routes: &[&Route],
    examples: &Examples,
    first: usize,
) -> Result<(Times, Counted), BenchError> {
    let (mut times, mut answers) = (no_times(), Counted::new());
    let mut turn = first;
    while Instant::now() < ends {
        let route = routes[turn % routes.len()];
        // In another round other examples.
        let seen = reader.ask(route, &examples.fill(route.path, turn / routes.len() + first))?;
        *answers.entry((route.path, seen.status)).or_default() += 1;
        let took = Duration::from_secs_f64(seen.seconds).as_micros();
        times.saturating_record(u64::try_from(took).unwrap_or(TIME_US_MAX).max(1));
        turn += 1;
    }
    Ok((times, answers))
}

/// Resident bytes, looked at until the load is done; nothing where the system does not tell.
fn looks(done: &AtomicBool) -> Vec<u64> {
    let mut looks = Vec::new();
    while !done.load(Ordering::Acquire) {
        looks.extend(memory_bytes("VmRSS:"));
        thread::sleep(LOOK);
    }
    looks.extend(memory_bytes("VmRSS:"));
    looks
}

impl Memory {
    fn of(looks: &[u64]) -> Option<Self> {
        let mut first = looks[..looks.len().div_ceil(5)].to_vec();
        first.sort_unstable();
        Some(Self {
            start: *looks.first()?,
            first: *first.get(first.len() / 2)?,
            highest: *looks.iter().max()?,
            end: *looks.last()?,
        })
    }
}

fn figures(loaded: Loaded) -> Vec<Figure> {
    let Loaded { pages, answers, seconds, times, memory } = loaded;
    let of = |name, value, unit| Figure::new(Part::Load, name, value, unit);
    let mut figures = Vec::new();
    for Page { path, middle_ms, longest_ms } in pages {
        let within = |value, unit| of(path, value, unit).target(Target::AtMost(PAGE_MS));
        figures.extend([within(middle_ms, "ms, middle"), within(longest_ms, "ms, longest")]);
    }
    let asked = count(times.len());
    let ms_at = |quantile| count(times.value_at_quantile(quantile)) / 1e3;
    figures.extend([
        of("load_seconds", seconds, "s"),
        of("load_answers", asked / seconds.max(f64::MIN_POSITIVE), "1/s"),
        of("load_answer", ms_at(0.50), "ms, middle"),
        of("load_answer_p99", ms_at(0.99), "ms"),
    ]);
    let classes = [
        ("answers_2xx", 200..300),
        ("answers_3xx", 300..400),
        ("answers_4xx", 400..500),
        ("answers_5xx", 500..600),
    ];
    for (name, statuses) in classes {
        let here = answers.iter().filter(|((_, status), _)| statuses.contains(status));
        let figure = of(name, count(here.map(|(_, times)| times).sum()), "");
        let wanted = name == "answers_2xx";
        figures.push(if wanted { figure } else { figure.target(Target::AtMost(0.0)) });
    }
    if let Some(Memory { start, first, highest, end }) = memory {
        let megabytes = |bytes: u64| count(bytes) / 1e6;
        let limit_is = "the middle of the first fifth of the load";
        figures.extend([
            of("resident_start", megabytes(start), "MB"),
            of("resident_first_fifth", megabytes(first), "MB"),
            of("resident_highest", megabytes(highest), "MB"),
            of("resident_end", megabytes(end), "MB")
                .of(megabytes(first), limit_is)
                .target(Target::RatioAtMost(FLAT)),
        ]);
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_flat_beside_its_first_fifth() {
        let mb = |values: &[u64]| values.iter().map(|value| value * 1_000_000).collect::<Vec<_>>();
        let loaded = |looks: &[u64]| Loaded {
            pages: vec![Page { path: "/console", middle_ms: 1.0, longest_ms: 51.0 }],
            answers: BTreeMap::from([(("/console", 200), 9), (("/console", 429), 1)]),
            seconds: 2.0,
            times: {
                let mut times = no_times();
                (1..=100).for_each(|ms| times.saturating_record(ms * 1000));
                times
            },
            memory: Memory::of(&mb(looks)),
        };
        let figures_of = |looks: &[u64]| figures(loaded(looks));
        let met = |figures: &[Figure], name: &str| {
            figures.iter().filter(|figure| figure.name == name).map(|it| it.met).collect::<Vec<_>>()
        };
        let flat = figures_of(&[90, 100, 104, 150, 120, 110, 108, 109, 112, 110]);
        assert_eq!(met(&flat, "resident_end"), [Some(true)], "110 beside the middle of two, 100");
        let grows = figures_of(&[100, 100, 104, 105, 108, 109, 111, 112, 113, 111]);
        assert_eq!(met(&grows, "resident_end"), [Some(false)]);
        assert_eq!(met(&flat, "/console"), [Some(true), Some(false)], "the longest is too long");
        assert_eq!(met(&flat, "answers_4xx"), [Some(false)], "an answer that was refused");
        assert_eq!(met(&flat, "answers_5xx"), [Some(true)]);
        let value = |name: &str| flat.iter().find(|figure| figure.name == name).unwrap().value;
        assert!((value("load_answer") - 50.0).abs() <= 0.5, "{}", value("load_answer"));
        assert!((value("load_answer_p99") - 99.0).abs() <= 1.0, "{}", value("load_answer_p99"));
        assert!(Memory::of(&[]).is_none());
    }
}
