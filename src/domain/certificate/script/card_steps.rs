//! What happens to a card and around it: issued, lost, moved, ended, imported, corrected.

use super::Run;
use super::line::Line;
use crate::domain::testing::{
    case, certificate, day, division, evidence, label, on_the_old_register, person, tag, told,
};
use crate::event::{
    ActorSuspended, Body, CertificateCancelled, CertificateDelivered, CertificateFrozen,
    CertificateIssued, CertificateLegacyImported, CertificateLost, CertificateReplaced,
    CertificateRevoked, CertificateTransferredIn, CertificateTransferredOut, CertificateUnfrozen,
    CorrectionRecorded, ExternalFactRecorded, Generation, InstitutionSuspended, OldCard,
    ReminderKind, ReminderSent, RevokeGround, RollRowRetracted, RowRef,
};
use crate::value::{Day, FactKind, Hash, IdForm, Level, RollId};

impl Run {
    /// What a verb about a card says; none for other verbs.
    pub(super) fn of_the_card(&self, line: &Line<'_>, today: Day) -> Option<Body> {
        let number = line.number("person", 1);
        let person = person(number);
        let id = tag(&format!("id {}", line.number("id", number)));
        let reason = label("reason");
        let papers = if line.yes("evidence", true) { vec![evidence("papers")] } else { vec![] };
        Some(match line.verb {
            "issue" => {
                let valid_from = line.day("from", today);
                let last = valid_from.plus_months(120).plus_days(-1);
                CertificateIssued {
                    person,
                    case: case(line.number("case", 1)),
                    id,
                    number: tag(line.or("number", "number")),
                    grade: line.grade().unwrap(),
                    replaced: line.number("suffix", 0),
                    generation: Generation::Third,
                    valid_from,
                    valid_to: line.day("to", last),
                    approving_division: division(line.or("division", "411702")),
                    supersedes: line.of("old").map(|n| certificate(n.parse().unwrap())),
                    old_card: line.of("card").map(|_| OldCard::Returned),
                }
                .into()
            }
            "deliver" => CertificateDelivered {
                person,
                to_agent: false,
                mode: None,
                receipt: evidence("receipt"),
            }
            .into(),
            "lost" => CertificateLost { person, declaration: evidence("declaration") }.into(),
            "replace" => CertificateReplaced {
                person,
                lost: certificate(line.number("lost", 1)),
                id,
                number: tag(line.or("number", "next number")),
                replaced: line.number("suffix", 1),
                blank: tag(line.or("blank", "blank")),
                old_card: line.of("card").map(|card| match card {
                    "returned" => OldCard::Returned,
                    _ => OldCard::NotReturned(label("burnt")),
                }),
            }
            .into(),
            "freeze" => CertificateFrozen {
                person,
                ground: line.name("ground", "investigation"),
                evidence: papers,
                told: told(),
            }
            .into(),
            "unfreeze" => CertificateUnfrozen { person, reason, evidence: papers }.into(),
            "cancel" => CertificateCancelled {
                person,
                ground: line.name("ground", "voluntary"),
                evidence: papers,
                told: line.yes("told", true).then(told),
            }
            .into(),
            "revoke" => CertificateRevoked {
                person,
                ground: RevokeGround::Fraud,
                finding: evidence("finding"),
                recover: vec![],
                told: told(),
            }
            .into(),
            "remind" => {
                let kind = ReminderKind::ExpirySixMonths;
                ReminderSent { person, kind, channel: label("letter") }.into()
            }
            "transfer_out" => CertificateTransferredOut {
                person,
                from: division(line.or("from", "411702")),
                to: division(line.or("to", "411721")),
                file: evidence("file"),
            }
            .into(),
            "transfer_in" => CertificateTransferredIn {
                person,
                from: division(line.or("from", "411702")),
                to: division(line.or("to", "411721")),
                reassess: line.yes("reassess", false),
            }
            .into(),
            "moved" => ExternalFactRecorded {
                person: Some(person),
                id,
                id_form: IdForm::Valid,
                name: None,
                kind: FactKind::HukouMove,
                from: line.day("from", today),
                to: None,
                household_no: None,
                division: Some(division(line.or("to", "411721"))),
                row: None,
            }
            .into(),
            "correct" => CorrectionRecorded {
                target: self.named(line, "submit"),
                field: label("data.township"),
                value: None,
                reason,
            }
            .into(),
            "suspend" => ActorSuspended { reason }.into(),
            "suspend_institution" => InstitutionSuspended { reason }.into(),
            "retract_row" => RollRowRetracted {
                target: self.named(line, "import"),
                row: row(None),
                certificate: Some(certificate(line.number("cert", 1))),
            }
            .into(),
            "import" => CertificateLegacyImported {
                number: Some(tag("number")),
                level: Level::new(line.number("level", 3)).unwrap(),
                issued: line.day("from", day("2017-01-05")),
                valid_to: line.day("to", day("2027-01-04")),
                status: line.name("status", "normal"),
                ..on_the_old_register(
                    (person, id, tag("name")),
                    row(line.of("corrects").map(|_| self.named(line, "import"))),
                )
            }
            .into(),
            _ => return None,
        })
    }
}

fn row(corrects: Option<Hash>) -> RowRef {
    RowRef { roll: RollId([1; 16]), row: 2, key: tag("key"), content: tag("content"), corrects }
}
