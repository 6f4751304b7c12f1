//! Sockets: plain HTTP or TLS, time limits for slow clients, and the graceful end.
//!
//! HTTP/1.1 alone is spoken: nothing here needs more, and an HTTP/2 connection has no time limit once
//! its first request is in, so that idle ones would be kept for good.
//!
//! The end: no new connection, requests in hand are answered, live feeds are closed; then the
//! writer writes what was queued and leaves its head and snapshot, and the index is flushed.

use std::{future::Future, io, net::SocketAddr, sync::Arc, thread};

use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use rustls::ServerConfig;

use super::{App, Open, Pages, Settings, index, router};
use crate::ledger::{OpenError, ReadError};

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The ledger cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger's public key is gone.
    #[error(transparent)]
    Ledger(#[from] OpenError),
    /// The address cannot be listened at.
    #[error("listening at {address}: {why}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        why: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("the TLS certificate or key: {0}")]
    Tls(io::Error),
    /// The system gave no thread.
    #[error("the system refused: {0}")]
    Thread(io::Error),
}

/// An answer leaves at once: head and body are two writes, and a client that waits for both would
/// wait for its own delayed acknowledgement between them.
const NO_DELAY: NoDelayAcceptor = NoDelayAcceptor;

/// A service that runs.
pub struct Running {
    app: App,
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    server: tokio::task::JoinHandle<io::Result<()>>,
    follower: thread::JoinHandle<()>,
}

/// Starts the service; it answers when this returns.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(open: Open, settings: Settings, pages: Pages) -> Result<Running, ServeError> {
    let app = App::new(open, settings)?;
    let settings = &app.settings;
    let listen = |why| ServeError::Listen { address: settings.listen, why };
    let listener = std::net::TcpListener::bind(settings.listen).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let handle = Handle::new();
    let service = router(&app, pages).into_make_service_with_connect_info::<SocketAddr>();
    let server = match &settings.tls {
        Some((certificate, key)) => {
            // Fails only where somebody installed one already.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config = RustlsConfig::from_pem_file(certificate, key).await;
            let config = config.map_err(ServeError::Tls)?;
            let mut http1 = ServerConfig::clone(&config.get_inner());
            http1.alpn_protocols = vec![b"http/1.1".to_vec()];
            config.reload_from_config(Arc::new(http1));
            let acceptor = RustlsAcceptor::new(config).acceptor(NO_DELAY);
            let mut server = axum_server::from_tcp(listener).map_err(listen)?.acceptor(acceptor);
            server.http_builder().http1().header_read_timeout(settings.header_time);
            let server = server.http1_only().handle(handle.clone());
            let server = server.first_request_timeout(settings.header_time);
            tokio::spawn(server.serve(service))
        }
        None => {
            let mut server = axum_server::from_tcp(listener).map_err(listen)?.acceptor(NO_DELAY);
            server.http_builder().http1().header_read_timeout(settings.header_time);
            let server = server.http1_only().handle(handle.clone());
            let server = server.first_request_timeout(settings.header_time);
            tokio::spawn(server.serve(service))
        }
    };
    let follower = index::start(&app).map_err(ServeError::Thread)?;
    Ok(Running { address, handle, server, follower, app })
}

impl Running {
    /// Where it listens, with the port that was drawn when 0 was asked for.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Runs until `end` is ready, then ends gracefully.
    ///
    /// # Errors
    /// The server failed while it ran.
    pub async fn until(self, end: impl Future<Output = ()>) -> io::Result<()> {
        let Self { app, handle, mut server, follower, .. } = self;
        tokio::select! {
            () = end => {}
            failed = &mut server => return failed.map_err(io::Error::other)?,
        }
        app.ends.send_replace(true);
        handle.graceful_shutdown(Some(app.settings.end_time));
        let served = server.await.map_err(io::Error::other)?;
        let closed = tokio::task::spawn_blocking(move || {
            if follower.join().is_err() {
                tracing::error!("the index follower died");
            }
            // The last handle: the writer writes what was queued, leaves its head and ends.
            drop(app);
        });
        closed.await.map_err(io::Error::other)?;
        served
    }
}
