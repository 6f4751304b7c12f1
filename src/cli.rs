//! Layer 7: the command line.
//!
//! One file for each command: its arguments (their doc comments are the help) and one `run`.
//! What commands share stands below them: `session` opens ledgers and keys, `secrets` reads
//! passphrases and key files, `send` signs and submits, `output` is the only place that writes to
//! standard output, `error` says what went wrong and what to do next.
//!
//! Data goes to standard output and talk to standard error. Exit codes are decided here and
//! nowhere else: 0 ok, 1 refused or a check failed, 2 usage, 3 broken pipe, 255 internal.

mod acting;
mod actor;
mod aid;
mod assign;
mod backup;
mod bench;
mod calendar;
mod check;
mod checkpoint;
mod demo;
mod draft;
mod draw;
mod endorse;
mod erase;
mod evidence;
mod error;
mod export;
mod flag_arg;
mod flags;
mod folder;
mod history;
mod import;
mod init;
mod key;
mod list;
mod moment;
mod output;
mod pack;
mod policy;
mod prove;
mod queue;
mod reading;
mod rebuild;
mod receipt;
mod recover;
mod remote;
mod repair;
mod report;
mod restore;
mod rules;
mod secrets;
mod send;
mod serve;
mod session;
mod show;
mod sign;
mod submit;
mod token;
mod traces;
mod vault;
mod vault_key;
mod verdict;
mod verify;

use std::{io::IsTerminal, panic, process::ExitCode};

use clap::{Parser, Subcommand};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    Layer, fmt::writer::BoxMakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

use error::CliError;
use session::{Global, Session};
use traces::Traces;

const AFTER: &str = "\
    While a server has the ledger open (服务运行时), every command that reads or writes it takes \
    --server URL and --key FILE and prints the same. Only where the ledger's files are: `init`, \
    `demo` and `bench` make them; `serve` opens them; `verify`, `export` and `backup` read them \
    beside a server; `restore`, `repair`, `rebuild` and `vault` replace them or a key of theirs \
    while no server runs. No ledger is needed for `key`, `sign`, `token --origin`, `rules`, \
    `policy check`, `receipt verify` and `evidence verify`.\n\n\
    Exit codes: 0 ok, 1 refused or a check failed, 2 usage, 3 broken pipe, 255 internal error";

/// 明证: a signed, hash-chained, provable ledger of certificates and benefits
#[derive(Parser)]
#[command(name = "mingzheng", version)]
#[command(after_help = AFTER)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    #[command(subcommand)]
    Key(key::Key),
    #[command(subcommand)]
    Actor(actor::Actor),
    Endorse(endorse::Endorse),
    Erase(erase::Erase),
    #[command(subcommand)]
    Vault(vault::Vault),
    #[command(subcommand)]
    Policy(policy::Policy),
    #[command(subcommand)]
    Calendar(calendar::Calendar),
    Draft(draft::Draft),
    Draw(draw::Draw),
    Sign(sign::Sign),
    Submit(submit::Submit),
    Import(import::Import),
    Check(check::Check),
    Show(show::Show),
    History(history::History),
    Flags(flags::Flags),
    Queue(queue::Queue),
    Assign(assign::Assign),
    Verdict(verdict::Verdict),
    #[command(subcommand)]
    Recover(recover::Recover),
    Aid(aid::Aid),
    Rules(rules::Rules),
    List(list::List),
    Prove(prove::Prove),
    #[command(subcommand)]
    Receipt(receipt::Receipt),
    #[command(subcommand)]
    Report(report::Report),
    #[command(subcommand)]
    Evidence(evidence::Evidence),
    Pack(pack::Pack),
    Checkpoint(checkpoint::Checkpoint),
    Verify(verify::Verify),
    Export(export::Export),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Rebuild(rebuild::Rebuild),
    Repair(repair::Repair),
    Serve(serve::Serve),
    Token(token::Token),
    Bench(bench::Bench),
}

impl Command {
    /// What sends traces: of the service alone, and when a collector is named.
    fn traces(&self) -> Result<Option<Traces>, CliError> {
        let Self::Serve(serve) = self else { return Ok(None) };
        serve.collector()?.as_deref().map(Traces::to).transpose()
    }

    /// Whether it answers over HTTP.
    const fn serves(&self) -> bool {
        match self {
            Self::Serve(_) | Self::Bench(_) => true,
            Self::Demo(demo) => demo.serves(),
            _ => false,
        }
    }

    fn run(&self, session: &mut Session) -> Result<(), CliError> {
        match self {
            Self::Demo(command) => command.run(session),
            Self::Init(command) => command.run(session),
            Self::Key(command) => command.run(session),
            Self::Actor(command) => command.run(session),
            Self::Endorse(command) => command.run(session),
            Self::Erase(command) => command.run(session),
            Self::Vault(command) => command.run(session),
            Self::Policy(command) => command.run(session),
            Self::Calendar(command) => command.run(session),
            Self::Draft(command) => command.run(session),
            Self::Draw(command) => command.run(session),
            Self::Sign(command) => command.run(session),
            Self::Submit(command) => command.run(session),
            Self::Import(command) => command.run(session),
            Self::Check(command) => command.run(session),
            Self::Show(command) => command.run(session),
            Self::History(command) => command.run(session),
            Self::Flags(command) => command.run(session),
            Self::Queue(command) => command.run(session),
            Self::Assign(command) => command.run(session),
            Self::Verdict(command) => command.run(session),
            Self::Recover(command) => command.run(session),
            Self::Aid(command) => command.run(session),
            Self::Rules(command) => command.run(session),
            Self::List(command) => command.run(session),
            Self::Prove(command) => command.run(session),
            Self::Receipt(command) => command.run(session),
            Self::Report(command) => command.run(session),
            Self::Evidence(command) => command.run(session),
            Self::Pack(command) => command.run(session),
            Self::Checkpoint(command) => command.run(session),
            Self::Verify(command) => command.run(session),
            Self::Export(command) => command.run(session),
            Self::Backup(command) => command.run(session),
            Self::Restore(command) => command.run(session),
            Self::Rebuild(command) => command.run(session),
            Self::Repair(command) => command.run(session),
            Self::Serve(command) => command.run(session),
            Self::Token(command) => command.run(session),
            Self::Bench(command) => command.run(session),
        }
    }
}

/// Reads the process's arguments, runs the command they name and says how it ended.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) => {
            // Help and version go to standard output with 0, mistakes to standard error with 2.
            let code = if asked.use_stderr() { error::USAGE } else { error::OK };
            return match asked.print() {
                Ok(()) => ExitCode::from(code),
                Err(_) => ExitCode::from(error::BROKEN_PIPE),
            };
        }
    };
    let json = cli.global.json;
    let traces = match cli.command.traces() {
        Ok(traces) => traces,
        Err(error) => {
            output::report(&error, json);
            return ExitCode::from(error.kind().exit_code());
        }
    };
    let logs = log_to_stderr(traces.as_ref(), cli.command.serves());
    // A panic is our mistake: the hook has named the place, the code says so to programs.
    let ran = panic::catch_unwind(panic::AssertUnwindSafe(|| {
        let mut session = Session::new(cli.global);
        let ran = cli.command.run(&mut session);
        // What was printed before a refusal is printed all the same.
        let printed = session.out.finish();
        ran.and(printed)
    }));
    if let Some(traces) = traces {
        traces.end();
    }
    // The last lines go out.
    drop(logs);
    match ran {
        Ok(Ok(())) => ExitCode::from(error::OK),
        Ok(Err(error)) => {
            output::report(&error, json);
            ExitCode::from(error.kind().exit_code())
        }
        Err(_) => ExitCode::from(error::INTERNAL),
    }
}

/// What is logged unless `MINGZHENG_LOG` says otherwise: trouble, and each answer of the service.
const LOG: &str = "warn,mingzheng::service=info";

/// Lines of the service's log that wait to be written; with more of them requests wait too.
const LOG_LINES_MAX: usize = 8192;

/// Logs of the layers below, on standard error; `MINGZHENG_LOG` sets the level. Spans go to the
/// collector, when there is one. A service's lines are written by a thread of their own, as long as
/// what is answered lives; any other command's at once, between its own.
fn log_to_stderr(traces: Option<&Traces>, serves: bool) -> Option<WorkerGuard> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MINGZHENG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(LOG));
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (writer, guard) = if serves {
        let beside = NonBlockingBuilder::default().lossy(false);
        let beside = beside.buffered_lines_limit(LOG_LINES_MAX);
        let (writer, guard) = beside.finish(std::io::stderr());
        (BoxMakeWriter::new(writer), Some(guard))
    } else {
        (BoxMakeWriter::new(std::io::stderr), None)
    };
    let logs = tracing_subscriber::fmt::layer().with_ansi(colour).with_writer(writer);
    let subscriber = tracing_subscriber::registry()
        .with(traces.map(Traces::layer))
        .with(logs.with_filter(filter));
    // Fails only where somebody set one already.
    let _ = subscriber.try_init();
    guard
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_contradict_nowhere() {
        Cli::command().debug_assert();
    }
}
