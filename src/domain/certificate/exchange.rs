//! The exchange of a damaged card: `certificate.replaced` (E20) with the old card.
//!
//! The new card says what the old one said, with the same number and the same days, free of
//! charge, on a new blank; the old card is handed back. It ends the application it was made for.

use super::case::{Case, Part, Stage};
use super::gates::{self, Ask};
use super::register::Certificate;
use crate::domain::{Rejection, refusal::refusals};
use crate::event::{ApplicationKind, CertificateReplaced, OldCard};

refusals! {
    /// Why a damaged card is not exchanged.
    pub enum Refused {
        /// Nobody applied for it, or it is not accepted.
        NotApplied = "I12", "exchange_not_applied",
            "no accepted application asks to exchange this card",
            "have the holder apply with the damaged card",
            "没有已受理的换新申请",
            "请持证人持损坏的证件申请";
        /// It is lost.
        DeclaredLost = "I16", "declared_lost", "the card was declared lost",
            "replace it as a lost one, without data.old_card",
            "该证已经挂失",
            "请按遗失补证，不填 data.old_card";
        /// The old card was not handed back.
        NotReturned = "I17", "old_card_not_returned",
            "a damaged card is exchanged for the card handed back",
            "a card that cannot be handed back is declared lost",
            "损坏的证件须交回后换新",
            "无法交回的，请挂失";
        /// Another number.
        NumberDiffers = "I15", "number_differs",
            "number and suffix of an exchanged card are those of the old one",
            "print the old number again",
            "换新证件的证号和后缀与旧证相同",
            "请照旧证号制证";
        /// On the same blank.
        BlankUsed = "I14", "blank_used", "the blank is that of the card to be replaced",
            "print on a new blank",
            "该空白证是待换旧证所用",
            "请用新的空白证";
    }
}

pub(super) fn decide(
    ask: &Ask<'_>,
    data: &CertificateReplaced,
    old: &Certificate,
) -> Result<(), Rejection> {
    if data.old_card != Some(OldCard::Returned) {
        return Err(Refused::NotReturned.into());
    }
    if old.lost {
        return Err(Refused::DeclaredLost.into());
    }
    let applied = applied(ask, data).ok_or(Refused::NotApplied)?;
    let progress = applied.progress.as_deref().ok_or(gates::Refused::CaseEnded)?;
    ask.apart(progress, Part::Print, &ask.event.signer.actor)?;
    if let Some(endorsement) = ask.endorsement {
        ask.apart(progress, Part::Approve, &endorsement.signer.actor)?;
    }
    // The suffix of an imported certificate stands only inside its tagged number.
    let same_suffix = old.legacy || data.replaced == old.replaced;
    if !same_suffix || old.number.is_some_and(|number| number != data.number) {
        return Err(Refused::NumberDiffers.into());
    }
    if old.blank == Some(data.blank) { Err(Refused::BlankUsed.into()) } else { Ok(()) }
}

/// The accepted application for just this exchange.
fn applied<'a>(ask: &Ask<'a>, data: &CertificateReplaced) -> Option<&'a Case> {
    let certificates = &ask.state.certificates;
    let case = certificates.case(&certificates.open_case_of(&data.person)?)?;
    let previous = case.progress.as_ref()?.previous;
    let fits = case.kind == ApplicationKind::ExchangeDamaged
        && case.stage == Stage::Accepted
        && previous == Some(data.lost);
    fits.then_some(case)
}
