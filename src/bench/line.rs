//! One connection to the service under measure: requests written and answers read as they are.
//!
//! The clients share the cores with the service, so they do little: what a client library does for
//! each request would be in every figure.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use super::BenchError;

/// Longest answer, and longest line of its head, in bytes.
const BODY_MAX: usize = 64 << 20;
const HEAD_LINE_MAX: u64 = 16 << 10;

/// How a request says who asks.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    /// Nobody.
    Anybody,
    /// A program, by a token that is good once.
    Token(&'a str),
    /// A page, in the session that this token began.
    Session(&'a str),
}

/// What a request brings, with its media type.
type Brings<'a> = Option<(&'static str, &'a [u8])>;

/// An answer.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) body: &'a [u8],
}

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

    /// Asks for a path and reads the answer to its end, whatever its status is.
    pub(super) fn ask(&mut self, path: &str, by: By<'_>) -> Result<Answer<'_>, BenchError> {
        self.exchange(&format!("GET {path}"), by, None)
    }

    /// Asks for a path as a program; anything but success is an error.
    pub(super) fn get(&mut self, path: &str, token: &str) -> Result<&[u8], BenchError> {
        succeeded(path, self.ask(path, By::Token(token))?)
    }

    /// Posts to a path as a program; anything but success is an error.
    pub(super) fn post(
        &mut self,
        path: &str,
        token: &str,
        (media, body): (&'static str, &[u8]),
    ) -> Result<&[u8], BenchError> {
        let what = format!("POST {path}");
        succeeded(path, self.exchange(&what, By::Token(token), Some((media, body)))?)
    }

    /// Posts statements.
    pub(super) fn send(&mut self, token: &str, statements: &[u8]) -> Result<&[u8], BenchError> {
        self.post("/v1/statements", token, ("application/cbor-seq", statements))
    }

    fn exchange(
        &mut self,
        what: &str,
        by: By<'_>,
        brings: Brings<'_>,
    ) -> Result<Answer<'_>, BenchError> {
        let failed = || BenchError::io("asking over HTTP");
        self.request.clear();
        let host = &self.host;
        self.request.extend(format!("{what} HTTP/1.1\r\nhost: {host}\r\n").as_bytes());
        let who = match by {
            By::Anybody => String::new(),
            By::Token(token) => format!("authorization: Bearer {token}\r\n"),
            By::Session(token) => format!("cookie: mingzheng={token}\r\n"),
        };
        self.request.extend(who.as_bytes());
        if let Some((media, body)) = brings {
            let of = format!("content-type: {media}\r\ncontent-length: {}\r\n", body.len());
            self.request.extend(of.as_bytes());
        }
        self.request.extend(b"\r\n");
        self.request.extend(brings.map_or(&[][..], |(_, body)| body));
        self.stream.get_mut().write_all(&self.request).map_err(failed())?;
        let first = self.head_line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| BenchError::Http(format!("{what}: {first}")))?;
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
        Ok(Answer { status, body: &self.body })
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

fn succeeded<'a>(path: &str, answer: Answer<'a>) -> Result<&'a [u8], BenchError> {
    let Answer { status, body } = answer;
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let text = String::from_utf8_lossy(body);
    Err(BenchError::Http(format!("{path}: {status}: {text}")))
}
