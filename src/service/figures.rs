//! Figures of the running service, in the OpenMetrics text form.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// Upper bounds of the answer times, in seconds: a millisecond to half a minute.
const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 2.0, 10.0, 30.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

/// What is counted.
pub(super) struct Figures {
    registry: Registry,
    requests: Family<Asked, Counter>,
    seconds: Family<Route, Histogram>,
    /// Statements that are on the ledger by this service.
    pub(super) accepted: Counter,
    /// Statements to which a rule said no.
    pub(super) refused: Counter,
    /// Submissions that found the queue full.
    pub(super) busy: Counter,
    /// Reveals of personal data, each with its event.
    pub(super) reveals: Counter,
    /// Live feeds open now.
    pub(super) feeds: Gauge,
    entries: Gauge,
    indexed: Gauge,
}

impl Figures {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("mingzheng");
        let seconds: Family<Route, Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let (requests, accepted, refused) = <(Family<Asked, Counter>, Counter, Counter)>::default();
        let (busy, reveals) = <(Counter, Counter)>::default();
        let (feeds, entries, indexed) = <(Gauge, Gauge, Gauge)>::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_seconds", "Time to the answer", seconds.clone());
        registry.register("statements_accepted", "Statements recorded", accepted.clone());
        registry.register("statements_refused", "Statements refused", refused.clone());
        registry.register("queue_full", "Submissions that found the queue full", busy.clone());
        registry.register("reveals", "Reveals of personal data", reveals.clone());
        registry.register("feeds", "Live feeds open", feeds.clone());
        registry.register("entries", "Durable entries", entries.clone());
        registry.register("indexed", "Entries the index has read", indexed.clone());
        Self {
            registry,
            requests,
            seconds,
            accepted,
            refused,
            busy,
            reveals,
            feeds,
            entries,
            indexed,
        }
    }

    /// Counts an answer.
    pub(super) fn answered(
        &self,
        method: &'static str,
        route: &'static str,
        status: u16,
        seconds: f64,
    ) {
        self.requests.get_or_create(&Asked { method, route, status }).inc();
        self.seconds.get_or_create(&Route { route }).observe(seconds);
    }

    /// All of it as text.
    pub(super) fn text(&self, entries: u64, indexed: u64) -> Result<String, std::fmt::Error> {
        self.entries.set(i64::try_from(entries).unwrap_or(i64::MAX));
        self.indexed.set(i64::try_from(indexed).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
