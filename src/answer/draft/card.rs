//! A card is drafted for the person it is issued to: the printed number and the name stand in no tag
//! that the signer would notice.

use super::super::{AskError, personal};
use crate::crypto::TagKind;
use crate::domain::refusals;
use crate::event::Body;
use crate::ledger::{Ledger, Personal, check_card};

refusals! {
    /// Why a card is not drafted.
    pub(super) enum Refused {
        /// Another name than the person's.
        NameDiffers = "I15", "name_differs",
            "the name is not the one that the ledger knows of this person",
            "type the name of the application, or correct the person's record first",
            "姓名与账本所记的此人姓名不一致",
            "请按申请上的姓名填写，或先更正人员信息";
    }
}

/// Holds what was typed for a card against what the ledger knows; other events pass.
pub(super) fn check(ledger: &Ledger, event: &Body, typed: &Personal) -> Result<(), AskError> {
    check_card(event, typed).map_err(AskError::Rejected)?;
    let person = match event {
        Body::CertificateIssued(data) => data.person,
        Body::CertificateReplaced(data) => data.person,
        _ => return Ok(()),
    };
    let known = ledger.with_state(|state| state.people.find(&person).and_then(|it| it.name))?;
    let tagger = personal(ledger)?.tagger();
    let said = typed.name.as_deref().map(|name| tagger.tag(TagKind::Name, name));
    // A name that the ledger does not know, or that was not typed, is held against nothing.
    if known.is_some() && said.is_some() && said != known {
        return Err(AskError::Rejected(Refused::NameDiffers.into()));
    }
    Ok(())
}
