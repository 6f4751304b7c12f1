//! The live feed: every new event as it becomes durable, by server-sent events.
//!
//! An event's id is its index, so that a client that was cut off sends `Last-Event-ID` and misses
//! nothing. The feed reads the log. For somebody who sees a part of the ledger it asks whose an entry
//! is: the index, and what the entries beyond it say ([`Ahead`](super::ahead::Ahead)). A feed ends
//! when the service ends, and when its actor is no longer in force.

use std::{
    borrow::Cow,
    collections::VecDeque,
    convert::Infallible,
    ops::Range,
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use serde::Deserialize;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{OwnedSemaphorePermit, watch},
};

use super::{
    App,
    ahead::AHEAD_MAX,
    entries::{As, CloudEvent, FORM, Filter, PERSON, SUBJECT},
    extract::Query,
    people::TYPE,
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, raw, shape},
    scope::Scope,
    who::{self, Caller},
};
use crate::answer::{EventLine, Records};
use crate::event::{Recorded, Role};
use crate::value::{PersonId, Subject};

/// Entries read at once: some milliseconds.
const AT_ONCE: u64 = 256;
/// How often the actor of a quiet feed is looked up again; before events are read, it always is.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// How often a word goes over a quiet line.
const QUIET: Duration = Duration::from_secs(15);

/// The rows of this file.
pub(super) fn rows() -> Vec<Row> {
    const QUERY: &[Param] = &[
        TYPE,
        SUBJECT,
        PERSON,
        FORM,
        Param {
            name: "from",
            what: "From this index on; from now on if not said. `Last-Event-ID` goes before it",
            required: false,
            of: shape::<u64>(),
        },
    ];
    vec![
        Row::get("/v1/events", feed)
            .access(Access::Roles(roles::LOG))
            .doc("log", "Every new event as it becomes durable, as server-sent events")
            .query(QUERY)
            .gives(raw("text/event-stream"))
            .time(None),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    r#type: Option<String>,
    subject: Option<Subject>,
    person: Option<PersonId>,
    #[serde(default)]
    form: As,
    from: Option<u64>,
}

/// One open feed.
struct Feed {
    app: App,
    caller: Caller,
    filter: Filter,
    form: As,
    /// The next entry to look at.
    next: u64,
    ready: VecDeque<Event>,
    /// How long the log is.
    lengths: watch::Receiver<u64>,
    /// How far the index is, for whoever sees a part of the ledger.
    indexed: Option<watch::Receiver<u64>>,
    ends: watch::Receiver<bool>,
    looked_up: Instant,
    _place: Place,
}

/// A place among the feeds open at once.
struct Place {
    app: App,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.app.figures.feeds.dec();
    }
}

async fn feed(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let last = match headers.get("last-event-id") {
        None => None,
        Some(id) => {
            let id = id.to_str().ok().and_then(|id| id.parse::<u64>().ok());
            Some(id.ok_or_else(|| Problem::saying(Fault::BadQuery, "Last-Event-ID is an index"))?)
        }
    };
    let next = match last {
        Some(last) => last.saturating_add(1),
        None => asked.from.unwrap_or_else(|| app.ledger.len()),
    };
    let permit = app.feeds.clone().try_acquire_owned().map_err(|_| Fault::Crowded)?;
    app.figures.feeds.inc();
    let is_whole = caller.covers(None, app.whole);
    let feed = Feed {
        filter: Filter { name: asked.r#type, subject: asked.subject, person: asked.person },
        form: asked.form,
        next,
        ready: VecDeque::new(),
        lengths: app.ledger.lengths(),
        indexed: (!is_whole).then(|| app.index.places()),
        ends: app.ends.subscribe(),
        looked_up: Instant::now(),
        _place: Place { app: app.clone(), _permit: permit },
        caller,
        app,
    };
    let events = stream::unfold(feed, |mut feed| async move {
        let event = feed.event().await?;
        Some((Ok(event), feed))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(QUIET)))
}

impl Feed {
    /// The next event; none when the feed ends.
    async fn event(&mut self) -> Option<Event> {
        loop {
            if *self.ends.borrow() {
                return None;
            }
            if self.looked_up.elapsed() >= LOOK_AGAIN && !self.still() {
                return None;
            }
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let reach = self.reach();
            if self.next < reach {
                if !self.still() {
                    return None;
                }
                if let Err(problem) = self.read_more(reach).await {
                    tracing::error!(cause = problem.cause, "a feed ended");
                    return None;
                }
                continue;
            }
            let index_goes_on = async {
                match &mut self.indexed {
                    Some(indexed) => indexed.changed().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = self.lengths.changed() => changed.ok()?,
                changed = index_goes_on => changed.ok()?,
                changed = self.ends.changed() => changed.ok()?,
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// How far it may read now: to the end of the log, or as far as it can be told whose entries are.
    fn reach(&mut self) -> u64 {
        let len = *self.lengths.borrow_and_update();
        match &mut self.indexed {
            Some(indexed) => len.min(indexed.borrow_and_update().saturating_add(AHEAD_MAX)),
            None => len,
        }
    }

    /// Whether the actor is in force.
    fn still(&mut self) -> bool {
        self.looked_up = Instant::now();
        who::still(&self.app, &self.caller)
    }

    /// Reads some of the new entries before `reach`.
    async fn read_more(&mut self, reach: u64) -> Result<(), Problem> {
        let until = reach.min(self.next.saturating_add(AT_ONCE));
        let batch = Batch {
            app: self.app.clone(),
            caller: self.caller.clone(),
            filter: self.filter.clone(),
            form: self.form,
            entries: self.next..until,
        };
        // Who sees a part takes its turn for the index; the whole ledger is read from the log alone.
        let turn = if batch.is_whole() {
            None
        } else {
            Some(self.app.short.clone().acquire_owned().await.map_err(Problem::internal)?)
        };
        let read = move || {
            let _turn = turn;
            batch.read()
        };
        // Where the events are sent from: while all cores are busy each thread that has to be woken
        // for an event costs more time than reading it.
        self.ready = match Handle::current().runtime_flavor() {
            RuntimeFlavor::MultiThread => tokio::task::block_in_place(read)?,
            _ => tokio::task::spawn_blocking(read).await.map_err(Problem::internal)??,
        };
        self.next = until;
        Ok(())
    }
}

/// Some entries, and for whom they are read.
struct Batch {
    app: App,
    caller: Caller,
    filter: Filter,
    form: As,
    entries: Range<u64>,
}

impl Batch {
    /// Whether the caller sees every entry of the ledger.
    fn is_whole(&self) -> bool {
        self.caller.covers(None, self.app.whole)
    }

    /// The events among them that the caller asked for and may see.
    fn read(&self) -> Result<VecDeque<Event>, Problem> {
        let Self { app, caller, filter, form, entries } = self;
        let mut ready = VecDeque::new();
        // An assessor of the whole ledger is kept from what others found, too.
        let is_part = !self.is_whole();
        let index = (is_part || caller.signer.role == Role::Assessor).then(|| app.index.read());
        let ahead = match &index {
            Some(index) if is_part => app.ahead.until(entries.end, &app.ledger, index)?,
            _ => None,
        };
        let mut scope = index.as_deref().map(|index| {
            let records = Records { ledger: &app.ledger, index };
            Scope::new(app, caller, &records).with(ahead.as_deref())
        });
        let mut tell = |event: Cow<'_, Recorded>| {
            let sees = match &mut scope {
                Some(scope) => scope.event(&event)?,
                None => true,
            };
            if !sees || !filter.wants(&event) {
                return Ok(());
            }
            let sent =
                Event::default().id(event.index.to_string()).event(event.payload.body.name());
            let event = event.into_owned();
            // In one piece: JSON has no line ends, and every piece is searched for them.
            let text = match form {
                As::Event => serde_json::to_string(&EventLine::of(&app.ledger, event, false)?),
                As::CloudEvents => serde_json::to_string(&CloudEvent::of(&app.ledger, event)?),
            };
            ready.push_back(sent.data(text.map_err(Problem::internal)?));
            Ok::<(), Problem>(())
        };
        // Once read for all feeds of a part, if they are near each other.
        match ahead.as_ref().and_then(|ahead| ahead.events(entries.clone())) {
            Some(mut events) => events.try_for_each(|event| tell(Cow::Borrowed(event)))?,
            None => {
                let decoder = app.ledger.decoder()?;
                app.ledger.each_entry(entries.clone(), |index, bytes| {
                    tell(Cow::Owned(decoder.event(index, bytes)?))
                })?;
            }
        }
        Ok(ready)
    }
}
