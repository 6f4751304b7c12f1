//! `draft`: an event body becomes a draft that its signer can check and sign offline.

use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::{
    error::CliError,
    folder,
    output::talk,
    remote::{AskArgs, parse},
    session::{Session, Vault, today},
};
use crate::answer::draft::{BODY_BYTES_MAX, DraftFile, Signs, read_body};
use crate::value::{ActorId, Hash};
use crate::vault::write_secret;

/// Turn an event body into a draft to sign (起草)
///
/// BODY is JSON: {"type", "at", "subject", "data"} and, where they apply, "policy", "refs",
/// "about" and "personal" (an object of personal fields, or one object for each person
/// concerned). Tags of personal fields, what an ID number says, and the person of a case may be
/// left out of "data": they are filled in. A subject such as case:new draws a new id.
#[derive(Args)]
pub(super) struct Draft {
    /// The event body
    #[arg(value_name = "BODY")]
    body: PathBuf,
    /// The actor who will sign
    #[arg(long, value_name = "ID", required_unless_present_any = ["key_id", "server"])]
    actor: Option<ActorId>,
    /// The id of the key that will sign, in place of the actor
    #[arg(long, value_name = "KID", conflicts_with = "actor")]
    key_id: Option<Hash>,
    /// Where to write the draft, for its owner only [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    ask: AskArgs,
}

impl Draft {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let text = Zeroizing::new(folder::read_text(&self.body, BODY_BYTES_MAX)?);
        if let Some(remote) = self.ask.open(session)? {
            let drafted = remote.post("/v1/drafts", "application/json", text.as_bytes())?;
            let draft: DraftFile = parse(&Zeroizing::new(drafted?))?;
            return self.write(session, &draft, "the key's owner");
        }
        let body = read_body(&text)?;
        let vault = if body.has_personal() { Vault::Needed } else { Vault::IfThere };
        let ledger = session.open_to_read(vault)?;
        let signs = match (&self.actor, self.key_id) {
            (Some(actor), _) => Signs::Actor(actor),
            (None, Some(kid)) => Signs::Key(kid),
            (None, None) => return Err(CliError::usage("name who will sign, with --actor")),
        };
        let (signer, kid) = signs.find(&ledger, today(&ledger))?;
        let draft = body.draft(&ledger, &signer, kid)?;
        self.write(session, &draft, signer.actor.as_str())
    }

    fn write(
        &self,
        session: &mut Session,
        draft: &DraftFile,
        signer: &str,
    ) -> Result<(), CliError> {
        let text = draft.to_text();
        match &self.output {
            Some(path) => write_secret(path, &text)?,
            None => session.out.text(draft, &text),
        }
        let kid = draft.claims.kid;
        let signs = format_args!("{signer} signs it with key {kid}: mingzheng sign");
        talk(format_args!("{signs}{}", draft.opens_note()));
        Ok(())
    }
}
