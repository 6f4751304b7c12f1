//! The ledger over HTTP: many connections, one connection, reads, and how far the feed is behind.
//!
//! Service and clients are threads of one process on one machine, so the clients' own work
//! (tokens signed, bodies written, answers read) is in every figure. Plain HTTP on the loopback.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    BenchError, append,
    clock::{Spent, timed},
    judge::some,
    limits,
    line::Line,
    serving::{Asker, Serving},
    work::Work,
};
use crate::demo::{DemoKeys, Pens};
use crate::ledger::Ledger;
use crate::projection::Projection;
use crate::service::{Open, Pages};
use crate::value::PersonId;

/// Connections at once.
const CONNECTIONS: usize = 64;
/// Statements of one request.
const BATCH: usize = 100;
/// At most so many persons of the city are asked for.
const ASKED: usize = 20_000;
/// Requests of one connection, for reads and for the client that waits each time.
const READS: usize = 250;
const ONE_BY_ONE: u64 = 300;
/// Reads, and follows the feed.
const READER: &str = "411700-inspector-1";
/// Follows the feed of a county, whose payments come in.
const COUNTY_READER: &str = "411702-approver-1";
/// One in so many of the statements is measured as a county's import.
const BULK_SHARE: u64 = 4;
/// Sends the statements, which are signed by their own actors.
const SENDER: &str = "411700-welfare-1";

/// What was measured.
pub(super) struct Served {
    /// Statements appended each way.
    pub(super) units: u64,
    /// By the library, in the same run.
    pub(super) library: Spent,
    /// Over HTTP.
    pub(super) http: Spent,
    /// Of one statement, over one connection.
    pub(super) one_p50_ms: f64,
    pub(super) one_p99_ms: f64,
    /// Of the machine's own flush.
    pub(super) flush_p99_ms: f64,
    /// Of an answer that asks nothing of the ledger, over all connections at once.
    pub(super) nothing_p99_ms: f64,
    /// Of a person's record, likewise.
    pub(super) read_p50_ms: f64,
    pub(super) read_p99_ms: f64,
    pub(super) reads: Spent,
    pub(super) reads_made: u64,
    /// From the recorded time of an event to its line of the feed, while appending.
    pub(super) feed_p99_ms: f64,
    /// The same, of a county's own feed, while its payments come in over all connections.
    pub(super) county_feed_p50_ms: f64,
    pub(super) county_feed_p99_ms: f64,
    /// Of a person's record, asked for by one connection meanwhile.
    pub(super) read_beside_p50_ms: f64,
    pub(super) read_beside_p99_ms: f64,
}

/// Asks until an answer is current to its own checkpoint.
fn caught_up(host: &str, asker: Asker<'_>) -> Result<(), BenchError> {
    const AT_MOST: Duration = Duration::from_secs(300);
    let (start, mut line) = (Instant::now(), Line::open(host)?);
    while start.elapsed() < AT_MOST {
        let answer = line.get("/v1/people?limit=1", &asker.token()?)?;
        let answer: Value =
            serde_json::from_slice(answer).map_err(|error| BenchError::Http(error.to_string()))?;
        let of = |field| answer["current"][field].as_u64();
        if let (Some(index), Some(size)) = (of("index"), of("size"))
            && index >= size
        {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Err(BenchError::Http("the index does not catch up".to_owned()))
}

/// Measures a city's ledger, which is closed at the end. What is appended are facts about so many
/// other people.
pub(super) fn measure(
    ledger: Ledger,
    pens: &Pens,
    keys: &DemoKeys,
    (people, units): (u64, u64),
    scratch: &Path,
) -> Result<Served, BenchError> {
    let key_of = |name: &str| {
        let found = keys.actors.iter().find(|(id, _)| id.as_str() == name);
        found.map(|(_, key)| key).ok_or_else(|| BenchError::Http(format!("no actor {name}")))
    };
    let (sender, reader, county) = (key_of(SENDER)?, key_of(READER)?, key_of(COUNTY_READER)?);
    let work = Work { ledger: &ledger, pens, people };
    // Numbers that no earlier part used: a fact of the same month is another statement all the same.
    let base = 1 << 40;
    let ours = work.facts(base..base + units)?;
    let theirs = work.facts(base + units..base + 2 * units)?;
    let alone = work.facts(base + 2 * units..base + 2 * units + ONE_BY_ONE)?;
    let bulk = units / BULK_SHARE;
    let payments = work.payments(base + 3 * units..base + 3 * units + bulk)?;
    let library = append::many(&ledger, ours)?;
    let mut index = Projection::open(ledger.folder())?;
    index.catch_up(&ledger)?;
    let asked: Vec<PersonId> = some(&index.persons()?, ASKED).collect();
    if asked.is_empty() {
        return Err(BenchError::Http("the city has nobody to ask for".to_owned()));
    }
    let origin = ledger.origin().to_string();
    let of = |key| Asker { origin: &origin, key };
    let (sender, reader, county) = (of(sender), of(reader), of(county));
    let open = Open { ledger, index, system: None, demo_keys: Vec::new() };
    let serving = Serving::start(open, Pages::default())?;
    let host = &serving.host;

    // Many connections, with the feed open beside them.
    let (http, lags) = followed(host, (sender, reader), &theirs)?;

    // The same of one county's payments, with its own feed, and somebody who reads beside it.
    caught_up(host, reader)?;
    let plan = plan(&asked, 0, || reader.token())?;
    let sending = AtomicBool::new(true);
    let (county_lags, beside) = thread::scope(|scope| {
        let reads = scope.spawn(|| asked_while(host, &plan, &sending));
        let lags = followed(host, (sender, county), &payments).map(|(_, lags)| lags);
        sending.store(false, Ordering::Release);
        let beside = reads.join().unwrap_or_else(|_| Err(died()));
        lags.and_then(|lags| Ok((lags, beside?)))
    })?;

    // One connection, waiting each time, beside the machine's own flush; the index has taken in what
    // was appended, and nothing else is going on.
    caught_up(host, reader)?;
    let mut line = Line::open(host)?;
    let mut times = Vec::with_capacity(alone.len());
    for statement in &alone {
        let token = sender.token()?;
        let start = Instant::now();
        line.send(&token, statement)?;
        times.push(start.elapsed().as_secs_f64());
    }
    let flush_p99_ms = limits::flush_p99_s(scratch)? * 1e3;

    // Reads, over all connections at once, beside answers that ask nothing of the ledger.
    caught_up(host, reader)?;
    // Signed before: a client's own signatures are no part of an answer.
    let plans = plans(&asked, || reader.token())?;
    let (reads, spent) = ask_all(host, &plans)?;
    let nothing = |(_, token): &(String, String)| ("/healthz".to_owned(), token.clone());
    let nothing: Vec<Vec<_>> =
        plans.iter().map(|plan| plan.iter().map(nothing).collect()).collect();
    let (nothing, _) = ask_all(host, &nothing)?;
    serving.end()?;
    Ok(Served {
        units,
        library,
        http,
        one_p50_ms: percentile(&mut times, 50) * 1e3,
        one_p99_ms: percentile(&mut times, 99) * 1e3,
        flush_p99_ms,
        reads: spent,
        reads_made: reads.len() as u64,
        nothing_p99_ms: percentile(&mut nothing.clone(), 99) * 1e3,
        read_p50_ms: percentile(&mut reads.clone(), 50) * 1e3,
        read_p99_ms: percentile(&mut reads.clone(), 99) * 1e3,
        feed_p99_ms: percentile(&mut lags.clone(), 99) * 1e3,
        county_feed_p50_ms: percentile(&mut county_lags.clone(), 50) * 1e3,
        county_feed_p99_ms: percentile(&mut county_lags.clone(), 99) * 1e3,
        read_beside_p50_ms: percentile(&mut beside.clone(), 50) * 1e3,
        read_beside_p99_ms: percentile(&mut beside.clone(), 99) * 1e3,
    })
}

/// Sends statements over many connections while a reader follows the feed: what the sending took,
/// and the seconds from each event's recorded time to its line.
fn followed(
    host: &str,
    (sender, follower): (Asker<'_>, Asker<'_>),
    statements: &[Vec<u8>],
) -> Result<(Spent, Vec<f64>), BenchError> {
    let batches: Vec<Vec<u8>> = statements.chunks(BATCH).map(<[Vec<u8>]>::concat).collect();
    let (done, token) = (AtomicBool::new(false), follower.token()?);
    thread::scope(|scope| {
        let feed = scope.spawn(|| feed_lags(host, &token, statements.len() as u64, &done));
        let (sent, spent) = timed(|| {
            thread::scope(|scope| {
                let share = batches.len().div_ceil(CONNECTIONS);
                let threads: Vec<_> = batches
                    .chunks(share.max(1))
                    .map(|share| {
                        scope.spawn(move || {
                            let mut line = Line::open(host)?;
                            share
                                .iter()
                                .try_for_each(|batch| line.send(&sender.token()?, batch).map(drop))
                        })
                    })
                    .collect();
                joined(threads)
            })
        });
        done.store(true, Ordering::Release);
        let lags = feed.join().unwrap_or_else(|_| Err(died()));
        sent.map(|_| spent).and_then(|spent| Ok((spent, lags?)))
    })
}

/// Asks for one after the other as long as others send, each once at most; the seconds of each.
fn asked_while(
    host: &str,
    plan: &[(String, String)],
    sending: &AtomicBool,
) -> Result<Vec<f64>, BenchError> {
    let (mut line, mut times) = (Line::open(host)?, Vec::new());
    for (path, token) in plan {
        let start = Instant::now();
        line.get(path, token)?;
        times.push(start.elapsed().as_secs_f64());
        if !sending.load(Ordering::Acquire) {
            break;
        }
    }
    Ok(times)
}

/// Asks for everything, each plan over a connection of its own; answers the seconds of each.
fn ask_all(host: &str, plans: &[Vec<(String, String)>]) -> Result<(Vec<f64>, Spent), BenchError> {
    let (times, spent) = timed(|| {
        thread::scope(|scope| {
            let ask = |plan: &[(String, String)]| -> Result<Vec<f64>, BenchError> {
                let (mut line, mut times) = (Line::open(host)?, Vec::new());
                for (path, token) in plan {
                    let start = Instant::now();
                    line.get(path, token)?;
                    times.push(start.elapsed().as_secs_f64());
                }
                Ok(times)
            };
            joined(plans.iter().map(|plan| scope.spawn(move || ask(plan))).collect())
        })
    });
    Ok((times?.concat(), spent))
}

/// What each connection asks for: persons from all over the city in no order, each with a token.
fn plans(
    asked: &[PersonId],
    token: impl Fn() -> Result<String, BenchError>,
) -> Result<Vec<Vec<(String, String)>>, BenchError> {
    (0..CONNECTIONS).map(|connection| plan(asked, connection, &token)).collect()
}

/// What one connection asks for.
fn plan(
    asked: &[PersonId],
    connection: usize,
    token: impl Fn() -> Result<String, BenchError>,
) -> Result<Vec<(String, String)>, BenchError> {
    let at = |number: usize| (connection * 7919 + number * 104_729) % asked.len();
    let persons = (0..READS).filter_map(|number| asked.get(at(number)));
    persons.map(|who| Ok((format!("/v1/people/{who}"), token()?))).collect()
}

pub(super) fn died() -> BenchError {
    BenchError::Http("a client's thread died".to_owned())
}

fn joined<T>(
    threads: Vec<thread::ScopedJoinHandle<'_, Result<T, BenchError>>>,
) -> Result<Vec<T>, BenchError> {
    threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(died()))).collect()
}

/// Follows the feed and answers, for each event, the seconds from its recorded time to its line. A
/// feed that does not show every event has no figure.
fn feed_lags(
    host: &str,
    token: &str,
    events: u64,
    done: &AtomicBool,
) -> Result<Vec<f64>, BenchError> {
    const PAUSE: Duration = Duration::from_millis(500);
    const PAUSES_MAX: u32 = 20;
    let failed = || BenchError::io("following the feed");
    let mut line = TcpStream::connect(host).map_err(failed())?;
    line.set_read_timeout(Some(PAUSE)).map_err(failed())?;
    let request = format!(
        "GET /v1/events?form=cloudevents HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    line.write_all(request.as_bytes()).map_err(failed())?;
    let (mut lags, mut lines, mut text) = (Vec::new(), BufReader::new(line), String::new());
    let mut pauses = 0;
    while (lags.len() as u64) < events {
        match lines.read_line(&mut text) {
            Ok(0) => break,
            Ok(_) => pauses = 0,
            // What is left when all was sent comes after a few pauses, or not at all.
            Err(_) if !done.load(Ordering::Acquire) => continue,
            Err(_) if pauses < PAUSES_MAX => {
                pauses += 1;
                continue;
            }
            Err(_) => break,
        }
        let time = text.split("\"time\":\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(time) = time.and_then(|time| time.parse::<Timestamp>().ok()) {
            lags.push(Timestamp::now().duration_since(time).as_secs_f64());
        }
        text.clear();
    }
    let seen = lags.len() as u64;
    if seen < events {
        return Err(BenchError::Http(format!("the feed showed {seen} of {events} events")));
    }
    Ok(lags)
}

pub(super) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let at = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or_default()
}
