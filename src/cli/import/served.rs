//! `import` over a server: laid out there, held against the roll here, signed here.

use serde::Deserialize;

use super::{Line, RollFile, read, say_differences, say_why};
use crate::answer::{Outcome, draft::DraftFile, plan::RollPlan};
use crate::cli::{
    error::CliError,
    output::talk,
    remote::{self, Query, Remote},
    send::submit_to,
    session::Hand,
    sign::open_all,
};
use crate::event::Payload;
use crate::rolls::{Agreed, Agreement, Hint, ImportOptions, Roll};

/// Who sends rolls to which server, and what is said of them.
pub(super) struct Sender<'a> {
    pub(super) remote: &'a Remote,
    pub(super) hand: &'a Hand,
    pub(super) hint: Hint,
    pub(super) options: ImportOptions,
}

/// What a server lays out.
#[derive(Deserialize)]
struct LaidOut {
    #[serde(flatten)]
    plan: RollPlan,
    drafts: Vec<DraftFile>,
}

impl Sender<'_> {
    /// Imports one file; none for a file that is no roll.
    pub(super) fn import(&self, file: &RollFile) -> Result<Option<Line>, CliError> {
        let Some((bytes, roll)) = read(file, &self.hint)? else { return Ok(None) };
        let LaidOut { mut plan, drafts } = self.lay_out(file, &bytes)?;
        for refused in &plan.refused {
            talk(format_args!("{}: {}: {}", file.name, place(refused.row), refused.why));
        }
        say_why(&file.name, &plan);
        if self.options.dry_run {
            say_differences(&file.name, &plan);
        }
        if self.options.dry_run || drafts.is_empty() {
            return Ok(Some(Line::of(&file.name, &plan, None, None)));
        }
        let (statements, agreed) = self.sign(file, &roll, &drafts)?;
        let outcomes = self.submit(statements)?;
        let (first, last) = tell(&file.name, &mut plan, &agreed, &outcomes);
        Ok(Some(Line::of(&file.name, &plan, first, last)))
    }

    fn lay_out(&self, file: &RollFile, bytes: &[u8]) -> Result<LaidOut, CliError> {
        let ImportOptions { division, complete, dry_run, at } = &self.options;
        let mut query = Query::default();
        query.add("name", Some(&file.name));
        query.add("kind", self.hint.kind);
        query.add("month", self.hint.month);
        query.add("division", Some(division));
        query.add("complete", complete.then_some(true));
        query.add("dry_run", dry_run.then_some(true));
        query.add("at", Some(at));
        let path = format!("/v1/rolls/drafts{query}");
        remote::parse(&self.remote.post(&path, "application/octet-stream", bytes)??)
    }

    /// Holds every draft against the roll, and only then signs.
    fn sign(
        &self,
        file: &RollFile,
        roll: &Roll,
        drafts: &[DraftFile],
    ) -> Result<(Vec<Vec<u8>>, Vec<Agreed>), CliError> {
        let wrong = |why: String| {
            CliError::failed_check(format!("the server's drafts are not signed: {why}"))
                .hinted("tell whoever runs the server; both programs should be of one version")
        };
        let mut agreement = Agreement::new(&file.name, roll, &self.options)?;
        let (mut payloads, mut agreed) = (Vec::new(), Vec::new());
        for draft in drafts {
            let claims = &draft.claims;
            if !draft.is_known()
                || claims.aud != self.remote.ledger.origin
                || claims.kid != self.hand.pen.kid()
            {
                return Err(wrong("one is for another key or another ledger".to_owned()));
            }
            let payload = Payload::from_json(draft.payload.as_bytes());
            let payload = payload.map_err(|error| wrong(error.to_string()))?;
            let opened = open_all(draft, &payload)?;
            let taken = agreement.take(&claims.sub, &payload, &opened);
            agreed.push(taken.map_err(|error| wrong(error.to_string()))?);
            payloads.push((&claims.sub, payload));
        }
        self.say(&file.name, &agreed);
        let signed = payloads
            .iter()
            .map(|(subject, payload)| Ok(self.hand.pen.write(subject, payload)?.bytes));
        Ok((signed.collect::<Result<_, CliError>>()?, agreed))
    }

    /// Says in words what is about to be signed.
    fn say(&self, name: &str, agreed: &[Agreed]) {
        let count = |wanted: fn(&Agreed) -> bool| agreed.iter().filter(|one| wanted(one)).count();
        let new = count(|one| matches!(one, Agreed::New(_)));
        let corrects = count(|one| matches!(one, Agreed::Corrects(_)));
        let retracts = count(|one| *one == Agreed::Retracts);
        let rates = count(|one| *one == Agreed::Rates);
        talk(format_args!(
            "{name}: signing (签署) for {} on {}: that it came in, {new} new rows, {corrects} \
             corrections, {retracts} retractions, {rates} tables of amounts; each is as the roll \
             says",
            self.hand.signer.organisation, self.remote.ledger.origin,
        ));
    }

    /// Submits the roll first and alone: one that is refused leaves no rows behind.
    fn submit(&self, mut statements: Vec<Vec<u8>>) -> Result<Vec<Outcome>, CliError> {
        let rows = statements.split_off(1);
        let (mut outcomes, _) = submit_to(self.remote, statements)?;
        if let Some(Outcome::Refused { rule, code, message, hint, .. }) = outcomes.first() {
            let ruled = crate::cli::error::Ruled { rule: rule.clone(), code: code.clone() };
            return Err(CliError::by_rule(ruled, message, hint.as_ref()));
        }
        outcomes.extend(submit_to(self.remote, rows)?.0);
        Ok(outcomes)
    }
}

/// Puts into the plan what was recorded of it, and gives the first entry and the last.
fn tell(
    name: &str,
    plan: &mut RollPlan,
    agreed: &[Agreed],
    outcomes: &[Outcome],
) -> (Option<u64>, Option<u64>) {
    let amounts = plan.new;
    (plan.new, plan.corrected, plan.retracted) = (0, 0, 0);
    let (mut first, mut last) = (None, None);
    for (agreed, outcome) in agreed.iter().zip(outcomes) {
        match outcome {
            Outcome::Accepted { index, statement, waits_for, .. } => {
                first = first.or(Some(*index));
                last = last.max(Some(*index));
                match agreed {
                    Agreed::Received => {}
                    Agreed::New(_) => plan.new += 1,
                    Agreed::Corrects(_) => plan.corrected += 1,
                    Agreed::Retracts => plan.retracted += 1,
                    Agreed::Rates => plan.new += amounts,
                }
                plan.waiting.extend(waits_for.as_ref().map(|_| *statement));
            }
            Outcome::Refused { rule, code, message, .. } => {
                let row = match agreed {
                    Agreed::New(row) | Agreed::Corrects(row) => *row,
                    Agreed::Received | Agreed::Retracts | Agreed::Rates => 0,
                };
                let why = format!("refused by {rule} ({code}): {message}");
                talk(format_args!("{name}: {}: {why}", place(row)));
                let (file, sheet) = (name.to_owned(), None);
                plan.refused.push(crate::answer::check::LeftRow {
                    file,
                    sheet,
                    row,
                    why,
                    why_zh: None,
                });
            }
        }
    }
    (first, last)
}

/// A row in words; a retraction has none.
fn place(row: u32) -> String {
    if row == 0 { "a retraction".to_owned() } else { format!("row {row}") }
}
