//! Each programme's way, as text: from the application to the payment or the service, and on to a
//! flag and its verdict.

mod fuel;
mod homes;
mod others;
mod script;
mod services;
mod verdicts;
