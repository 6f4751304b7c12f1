//! One connection to the service under measure: requests written and answers read as they are.
//!
//! The clients share the cores with the service, so they do little: what a client library does for
//! each request would be in every figure.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use super::BenchError;

/// Longest answer, and longest line of its head.
const BODY_MAX: usize = 64 << 20;
const HEAD_LINE_MAX: u64 = 16 << 10;

/// A connection that is kept open.
pub(super) struct Line {
    stream: BufReader<TcpStream>,
    host: String,
    request: Vec<u8>,
    body: Vec<u8>,
}

impl Line {
    pub(super) fn open(host: &str) -> Result<Self, BenchError> {
        let stream = TcpStream::connect(host).map_err(BenchError::io("connecting"))?;
        stream.set_nodelay(true).map_err(BenchError::io("connecting"))?;
        let (request, body) = (Vec::new(), Vec::new());
        Ok(Self { stream: BufReader::new(stream), host: host.to_owned(), request, body })
    }

    /// Asks for a path and reads the answer's body, which must be one of success.
    pub(super) fn get(&mut self, path: &str, token: &str) -> Result<&[u8], BenchError> {
        self.ask(&format!("GET {path}"), token, "", &[])
    }

    /// Sends statements and reads the answer's body, which must be one of success.
    pub(super) fn send(&mut self, token: &str, statements: &[u8]) -> Result<&[u8], BenchError> {
        let of = format!(
            "content-type: application/cbor-seq\r\ncontent-length: {}\r\n",
            statements.len()
        );
        self.ask("POST /v1/statements", token, &of, statements)
    }

    fn ask(&mut self, what: &str, token: &str, of: &str, body: &[u8]) -> Result<&[u8], BenchError> {
        let failed = || BenchError::io("asking over HTTP");
        let host = &self.host;
        self.request.clear();
        let head = format!("{what} HTTP/1.1\r\nhost: {host}\r\nauthorization: {token}\r\n{of}\r\n");
        self.request.extend(head.as_bytes());
        self.request.extend(body);
        self.stream.get_mut().write_all(&self.request).map_err(failed())?;
        let status = self.head_line()?;
        let mut len = None;
        loop {
            let line = self.head_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                len = value.trim().parse().ok().filter(|len| *len <= BODY_MAX);
            }
        }
        let len =
            len.ok_or_else(|| BenchError::Http(format!("{what}: an answer without length")))?;
        self.body.resize(len, 0);
        self.stream.read_exact(&mut self.body).map_err(failed())?;
        let is_success = status.split(' ').nth(1).is_some_and(|code| code.starts_with('2'));
        if is_success {
            Ok(&self.body)
        } else {
            let text = String::from_utf8_lossy(&self.body);
            Err(BenchError::Http(format!("{what}: {status}: {text}")))
        }
    }

    /// A line of an answer's head, without its end.
    fn head_line(&mut self) -> Result<String, BenchError> {
        let mut line = String::new();
        let read = self.stream.by_ref().take(HEAD_LINE_MAX).read_line(&mut line);
        read.map_err(BenchError::io("reading an answer"))?;
        if !line.ends_with("\r\n") {
            return Err(BenchError::Http("an answer that is cut short".to_owned()));
        }
        line.truncate(line.len() - 2);
        Ok(line)
    }
}
