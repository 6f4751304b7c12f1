//! Signing for one actor, submitting, and saying what became of each statement.

use hashbrown::HashMap;
use serde::Deserialize;

use super::{
    acting::Ground,
    error::CliError,
    output::talk,
    remote::{self, Problem, Remote},
    session::{Hand, Session},
};
use crate::answer::Outcome;
use crate::crypto::Statement;
use crate::event::{Body, Expect, Payload, Signer};
use crate::ledger::Ledger;
use crate::value::{Hash, Subject};

/// Statements that one actor signs one after the other, each seeing what the one before did.
pub(super) struct Batch<'a> {
    ground: Ground<'a>,
    hand: &'a Hand,
    heads: HashMap<Subject, Hash>,
    statements: Vec<Vec<u8>>,
}

/// Most statements, and most bytes, that are submitted together.
const TOGETHER_MAX: usize = 1000;
const TOGETHER_BYTES_MAX: usize = 4 << 20;

impl<'a> Batch<'a> {
    pub(super) fn new(ground: impl Into<Ground<'a>>, hand: &'a Hand) -> Self {
        Self { ground: ground.into(), hand, heads: HashMap::new(), statements: Vec::new() }
    }

    /// Signs an event of today.
    pub(super) fn add(
        &mut self,
        subject: &Subject,
        body: impl Into<Body>,
        refs: Vec<Hash>,
    ) -> Result<(), CliError> {
        let mut payload = Payload::new(self.ground.today(), body);
        payload.refs = refs;
        payload.expect = match self.heads.get(subject) {
            Some(head) => Some(Expect { head: Some(*head) }),
            None => self.ground.expect(subject, &payload)?,
        };
        self.ground.show(self.hand, subject, &payload)?;
        let signed = self.hand.pen.write(subject, &payload)?;
        self.heads.insert(subject.clone(), signed.id);
        self.statements.push(signed.bytes);
        Ok(())
    }

    /// Submits them and prints what became of each.
    pub(super) fn send(self, session: &mut Session) -> Result<(), CliError> {
        let Signer { actor, role, organisation, .. } = &self.hand.signer;
        talk(format_args!("signed by {actor}, {role} of {organisation}"));
        match self.ground {
            Ground::Own(ledger) => send(session, ledger, self.statements),
            Ground::Served(remote) => send_to(session, remote, self.statements),
        }
    }
}

/// Submits statements in order and prints what became of each.
pub(super) fn send(
    session: &mut Session,
    ledger: &Ledger,
    statements: Vec<Vec<u8>>,
) -> Result<(), CliError> {
    let ids: Vec<_> = statements.iter().map(|bytes| statement_id(bytes)).collect();
    let mut outcomes = Vec::with_capacity(statements.len());
    let mut first_refusal = None;
    for together in portions(statements) {
        let answer = ledger.submit_wait(together)?.wait()?;
        for result in answer.results {
            let statement = ids[outcomes.len()];
            outcomes.push(match result {
                Ok(accepted) => Outcome::accepted(ledger, accepted)?,
                Err(rejection) => {
                    first_refusal.get_or_insert_with(|| rejection.clone());
                    Outcome::refused(statement, rejection)
                }
            });
        }
    }
    report(session, &outcomes, first_refusal.map(CliError::from))
}

/// Submits statements in order to a server and prints what became of each.
pub(super) fn send_to(
    session: &mut Session,
    remote: &Remote,
    statements: Vec<Vec<u8>>,
) -> Result<(), CliError> {
    let (outcomes, refusal) = submit_to(remote, statements)?;
    report(session, &outcomes, refusal)
}

/// Submits statements in order to a server and gives what became of each, and the first refusal as
/// the server said it.
pub(super) fn submit_to(
    remote: &Remote,
    statements: Vec<Vec<u8>>,
) -> Result<(Vec<Outcome>, Option<CliError>), CliError> {
    #[derive(Deserialize)]
    struct Became {
        #[serde(flatten)]
        outcome: Outcome,
        problem: Option<Problem>,
    }
    #[derive(Deserialize)]
    struct Submitted {
        outcomes: Vec<Became>,
    }
    let mut outcomes = Vec::with_capacity(statements.len());
    let mut first_refusal = None;
    for together in portions(statements) {
        let first = together.first().and_then(|bytes| statement_id(bytes));
        let sent = remote.post("/v1/statements", "application/cbor-seq", &together.concat())?;
        match sent {
            Ok(text) => {
                let submitted: Submitted = remote::parse(&text)?;
                for Became { outcome, problem } in submitted.outcomes {
                    first_refusal = first_refusal.or(problem.map(CliError::from));
                    outcomes.push(outcome);
                }
            }
            // A statement that comes alone is refused alone.
            Err(problem) => match problem.rule.clone() {
                Some(rule) if together.len() == 1 => {
                    outcomes.push(Outcome::Refused {
                        statement: first,
                        rule: rule.into(),
                        code: problem.code.clone().into(),
                        message: problem.detail.clone(),
                        hint: problem.hint.clone().unwrap_or_default().into(),
                    });
                    first_refusal = first_refusal.or(Some(problem.into()));
                }
                _ => return Err(problem.into()),
            },
        }
    }
    Ok((outcomes, first_refusal))
}

/// Prints what became of statements; the first refusal is the error.
pub(super) fn report(
    session: &mut Session,
    outcomes: &[Outcome],
    refusal: Option<CliError>,
) -> Result<(), CliError> {
    let alone = outcomes.len() == 1;
    let refusal = match refusal {
        Some(error) if alone && !session.global.json => return Err(error),
        refusal => refusal,
    };
    session.out.list(
        &["index 序号", "statement", "type 事项", "subject 对象", ""],
        outcomes,
        cells,
    );
    let waiting = outcomes.iter().any(|outcome| {
        matches!(outcome, Outcome::Accepted { waits_for: Some(_), again: false, .. })
    });
    if waiting {
        talk("A proposal takes effect when it is endorsed: mingzheng endorse ID --key FILE");
    }
    let Some(error) = refusal else { return Ok(()) };
    let all = outcomes.len();
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Refused { .. }));
    let refused = refused.count();
    Err(if all == 1 { error } else { error.during(format!("{refused} of {all} refused, first")) })
}

/// Submits statements in order and gives the index of each; the first refusal ends it.
pub(super) fn send_quietly(
    ledger: &Ledger,
    statements: Vec<Vec<u8>>,
) -> Result<Vec<u64>, CliError> {
    let mut indexes = Vec::with_capacity(statements.len());
    for together in portions(statements) {
        for result in ledger.submit_wait(together)?.wait()?.results {
            indexes.push(result?.index);
        }
    }
    Ok(indexes)
}

fn cells(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Accepted { index, statement, name, subject, again, waits_for } => {
            let waits = waits_for.as_ref().map(|waits| {
                let roles: Vec<_> = waits.roles.iter().map(ToString::to_string).collect();
                let other = if waits.other_organisation { " of another organisation" } else { "" };
                let roles = roles.join(" or ");
                format!("waits for a {roles}{other} until {}", waits.lapses_on)
            });
            let again = again.then(|| "on the ledger before".to_owned());
            let remark = waits.or(again).unwrap_or_default();
            vec![
                index.to_string(),
                statement.to_string(),
                name.to_string(),
                subject.to_string(),
                remark,
            ]
        }
        Outcome::Refused { statement, rule, code, message, hint } => {
            let statement = statement.map(|id| id.to_string()).unwrap_or_default();
            let remark = format!("refused by {rule} ({code}): {message}; {hint}");
            vec!["-".to_owned(), statement, String::new(), String::new(), remark]
        }
    }
}

fn statement_id(bytes: &[u8]) -> Option<Hash> {
    Statement::parse(bytes).ok().map(|statement| statement.id())
}

/// Cuts a long list into submissions of bounded size.
fn portions(statements: Vec<Vec<u8>>) -> Vec<Vec<Vec<u8>>> {
    let mut portions: Vec<Vec<Vec<u8>>> = Vec::new();
    let mut bytes = 0;
    for statement in statements {
        bytes += statement.len();
        match portions.last_mut() {
            Some(last) if last.len() < TOGETHER_MAX && bytes <= TOGETHER_BYTES_MAX => {
                last.push(statement);
            }
            _ => {
                bytes = statement.len();
                portions.push(vec![statement]);
            }
        }
    }
    portions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_submitted_in_order_in_bounded_portions() {
        let lens = |count: usize, len: usize| {
            let portions = portions(vec![vec![0; len]; count]);
            portions.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(lens(2001, 1), [1000, 1000, 1]);
        assert_eq!(lens(3, TOGETHER_BYTES_MAX / 2), [2, 1]);
        assert_eq!(lens(0, 1), [0; 0]);
        let ordered: Vec<Vec<u8>> = (0..9).map(|n| vec![n]).collect();
        assert_eq!(portions(ordered.clone()).concat(), ordered);
    }
}
