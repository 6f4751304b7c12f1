//! Traces of the service, for a collector that its operator names: OTLP over HTTP.
//!
//! Only the service's own spans leave (`service::SPANS`): which route, how long, how it ended. No
//! event of the log, no address, no actor and nothing of a body is in them. They are sent in
//! batches by a thread of their own; a collector that does not answer costs spans, not requests.

use std::{future::Future, pin::Pin, time::Duration};

use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing_subscriber::{Layer, filter, registry::LookupSpan};
use ureq::Agent;

use super::error::CliError;
use crate::service::SPANS;

/// Longest time that sending a batch may take; as long may the end of the service wait for it.
const SEND_TIME: Duration = Duration::from_secs(5);
/// Longest answer of a collector that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 << 10;

/// What sends the traces of one run.
pub(super) struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Traces {
    /// Traces for a collector's base address.
    pub(super) fn to(collector: &str) -> Result<Self, CliError> {
        let refused = |why: String| {
            CliError::usage(format!("--otlp-endpoint: {why}"))
                .hinted("name a collector's address, such as http://127.0.0.1:4318")
        };
        if !collector.starts_with("http://") && !collector.starts_with("https://") {
            return Err(refused("not an http or https address".to_owned()));
        }
        let config = Agent::config_builder().timeout_global(Some(SEND_TIME));
        let agent = config.http_status_as_error(false).build().into();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Carrier(agent))
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(SEND_TIME)
            .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
            .build()
            .map_err(|error| refused(error.to_string()))?;
        let name = env!("CARGO_PKG_NAME");
        let version = opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name(name).with_attribute(version);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        let tracer = provider.tracer(name);
        Ok(Self { provider, tracer })
    }

    /// Takes the service's spans and nothing else.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.tracer.clone())
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter::filter_fn(|what| what.is_span() && what.target() == SPANS))
    }

    /// Sends what is left.
    pub(super) fn end(self) {
        if let Err(error) = self.provider.shutdown_with_timeout(SEND_TIME) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Carries batches over the HTTP client that the command line has anyway.
#[derive(Debug)]
struct Carrier(Agent);

impl HttpClient for Carrier {
    /// Blocks the thread that sends batches, which does nothing else.
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let sent = self.send(request);
        if let Err(error) = &sent {
            tracing::warn!(%error, "traces were not sent");
        }
        Box::pin(std::future::ready(sent))
    }
}

impl Carrier {
    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let mut answer = self.0.run(Request::from_parts(head, body.as_ref()))?;
        let read = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        let mut response = Response::new(Bytes::from(read));
        *response.status_mut() = answer.status();
        if !answer.status().is_success() {
            tracing::warn!(status = answer.status().as_u16(), "the collector refused traces");
        }
        Ok(response)
    }
}
