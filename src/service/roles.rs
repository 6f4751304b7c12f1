//! Which roles read what: named groups of roles, for the table of routes.

use crate::event::Role::{
    self, Approver, Assessor, BankAgent, CivilAffairsOfficer, Clerk, DpfReviewer, FinanceOfficer,
    Inspector, Issuer, NoticeOfficer, PrefectureDpf, PrivacyOfficer, ProvincialPanel, Reviewer,
    Supervisor, TownshipReviewer,
};
use crate::event::rule_named;

/// Those who work on a person's case, or answer for how it was worked on.
pub(crate) const CASE: &[Role] = &[
    Clerk,
    Assessor,
    NoticeOfficer,
    Reviewer,
    Approver,
    Issuer,
    TownshipReviewer,
    DpfReviewer,
    CivilAffairsOfficer,
    FinanceOfficer,
    PrefectureDpf,
    ProvincialPanel,
    Inspector,
    Supervisor,
    PrivacyOfficer,
];

/// Those who pay, decide on payments, or look at them.
pub(crate) const MONEY: &[Role] = &[
    Clerk,
    Approver,
    TownshipReviewer,
    DpfReviewer,
    CivilAffairsOfficer,
    FinanceOfficer,
    BankAgent,
    PrefectureDpf,
    Inspector,
    Supervisor,
];

/// Those who prepare, check and pay.
pub(crate) const CHECKERS: &[Role] = &[
    Clerk,
    Approver,
    TownshipReviewer,
    DpfReviewer,
    CivilAffairsOfficer,
    FinanceOfficer,
    BankAgent,
    Inspector,
    Supervisor,
];
/// Those who pay what finance released: they see whom, by a look that stands on the ledger.
pub(crate) const PAYERS: &[Role] = &[BankAgent];

/// Those who may have to see a name or a number; an assessor sees the person.
pub(crate) const REVEAL: &[Role] = &[
    Clerk,
    NoticeOfficer,
    Reviewer,
    Approver,
    Issuer,
    TownshipReviewer,
    DpfReviewer,
    CivilAffairsOfficer,
    PrefectureDpf,
    Inspector,
    Supervisor,
    PrivacyOfficer,
];

/// Whether a role is shown the masked name of whom its own work is about: whoever may look at names,
/// and the bank, which binds an account to its holder.
pub(crate) fn knows_masked(role: crate::event::Role) -> bool {
    REVEAL.contains(&role) || PAYERS.contains(&role)
}

/// Those who answer for how a person's data are used: they look where processing is restricted, too.
pub(crate) const PROTECTORS: &[Role] = &[Supervisor, PrivacyOfficer];

/// Those who work on flags or answer for them.
pub(crate) const FLAGS: &[Role] = &[
    Approver,
    DpfReviewer,
    CivilAffairsOfficer,
    FinanceOfficer,
    PrefectureDpf,
    Inspector,
    Supervisor,
];

/// Those who sign anything under a flag, or work on flags: help is given by whoever is near.
pub(crate) const FLAG_ACTS: &[Role] = &[
    Clerk,
    Approver,
    TownshipReviewer,
    DpfReviewer,
    CivilAffairsOfficer,
    FinanceOfficer,
    PrefectureDpf,
    Inspector,
    Supervisor,
];

/// Those who read the log itself.
pub(crate) const LOG: &[Role] = &[
    Approver,
    CivilAffairsOfficer,
    FinanceOfficer,
    PrefectureDpf,
    Inspector,
    Supervisor,
    PrivacyOfficer,
];

/// Those who mirror and verify the whole log.
pub(crate) const WHOLE_LOG: &[Role] = &[Inspector, Supervisor];

/// Those who may send a roll, as the catalogue has it.
pub(crate) fn senders() -> &'static [Role] {
    rule_named("roll.received").map_or(&[], |rule| rule.signers)
}

/// Those who enrol actors, as the catalogue has it.
pub(crate) fn enrollers() -> &'static [Role] {
    rule_named("actor.enrolled").map_or(&[], |rule| rule.signers)
}

/// Those who propose to erase personal data, as the catalogue has it.
pub(crate) fn erasers() -> &'static [Role] {
    rule_named("personal_data.erased").map_or(&[], |rule| rule.signers)
}
