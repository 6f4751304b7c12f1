//! Whole cases and every refusal, as text tables (see [`script`](super::script)).

use std::collections::BTreeSet;

use super::script::{PRELUDES, play};
use super::{Ending, Stage, Status};
use crate::domain::State;
use crate::domain::testing::{case, certificate, day, division, person, tag};
use crate::event::{CancelGround, FreezeGround};

/// Cases that end lawfully.
const LAWFUL: &[(&str, &str)] = &[
    (
        "from application to archive",
        "clerk      submit                     ok
         police     verify                     ok
         clerk      accept institution=hospital-1 ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         notice     take_down                  ok
         reviewer   review                     ok
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue                      ok
         approver-b endorse                    ok
         clerk      deliver                    ok
         issuer     seal_file                  ok
         clerk      correct                    ok
         reviewer   endorse                    ok
         system     remind                     ok",
    ),
    (
        "a minor's notice is waived",
        "clerk      submit born=2015-06-01     ok
         clerk      verify born=2015-06-01     ok
         clerk      accept                     ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         reviewer   waive                      ok
         reviewer   review                     notice_not_cleared
         supervisor endorse                    ok
         reviewer   review                     ok
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue                      ok
         approver   endorse                    ok",
    ),
    (
        "an objection is dismissed",
        "@noticed
         clerk      object                     ok
         - later days=8                        ok
         notice     close                      objection_open
         reviewer   resolve                    ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve                    ok",
    ),
    (
        "an objection is upheld: other assessors conclude anew",
        "@noticed
         clerk      object                     ok
         reviewer   resolve outcome=upheld     ok
         notice     close                      objection_upheld
         notice     close result=objection     ok
         reviewer   review                     notice_not_cleared
         reviewer   assign                     assessed_before
         reviewer   assign to=assessor-c,assessor-d ok
         assessor-c assess grade=physical4     ok
         assessor-d assess grade=physical4     ok
         seal       conclude grade=physical4   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve grade=physical4    ok
         issuer     print                      ok
         issuer     issue grade=physical4      ok
         approver   endorse                    ok",
    ),
    (
        "returned for correction: the papers come again, the assessment stands",
        "@cleared
         reviewer   review opinion=return_for_correction            reason_missing
         reviewer   review opinion=return_for_correction reason=yes ok
         approver   approve                    not_reviewed
         clerk-b    submit                     ok
         clerk-b    verify                     ok
         clerk-b    accept                     ok
         reviewer   review submit=old     checklist_differs
         reviewer   review                     ok
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue                      ok
         approver   endorse                    ok",
    ),
    (
        "returned for correction: a new assessment by the same assessors",
        "@cleared
         reviewer   review opinion=return_for_correction reason=yes ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         reviewer   review                     notice_not_cleared
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer-b review                     ok
         approver   approve                    ok",
    ),
    (
        "a severe level is assessed twice, by four assessors",
        "@assigned
         assessor-a assess grade=physical1     ok
         assessor-b assess grade=physical1     ok
         seal       conclude grade=physical1   ok
         notice     post                       second_assessment_due
         reviewer   assign                     assessed_before
         reviewer   assign to=assessor-c,assessor-a assessed_before
         reviewer   assign to=assessor-c,assessor-d ok
         assessor-c assess grade=physical2     ok
         assessor-d assess grade=physical2     ok
         seal       conclude grade=physical2   wrong_round
         seal       conclude grade=physical2 second=yes ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve grade=physical1    grade_differs
         approver   approve grade=physical2    ok",
    ),
    (
        "assessors differ and are reconciled",
        "@assigned
         assessor-a assess grade=multiple3+physical3+hearing4 ok
         assessor-b assess grade=physical3     ok
         seal       conclude grade=physical3   conclusion_differs
         seal       conclude grade=physical3 reconciled=yes ok
         notice     post                       ok",
    ),
    (
        "the standard is not met: refused in writing, then appealed",
        "@assigned
         assessor-a assess grade=-             ok
         assessor-b assess grade=-             ok
         seal       conclude grade=-           ok
         notice     post                       not_concluded
         approver   approve                    not_reviewed
         approver   refuse                     ok
         issuer     seal_file                  ok
         clerk      submit case=2              ok",
    ),
    (
        "an appeal is answered for the person: the refused case goes on",
        "@appealed
         issuer     seal_file                  ok
         clerk      submit case=2              appeal_open
         prefecture reassess                   appeal_not_reassessed
         prefecture assign                     took_part
         prefecture assign to=assessor-c,assessor-d ok
         prefecture assign to=assessor-d,assessor-c ok
         assessor-c assess                     ok
         prefecture assign to=assessor-d,assessor-c appeal_assigned
         assessor-d assess                     ok
         seal       conclude                   ok
         assessor-c assess                     case_ended
         prefecture reassess grade=physical4   appeal_result_differs
         prefecture reassess names=no          appeal_result_differs
         prefecture reassess                   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review conclude=reassess   ok
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue                      ok
         approver   endorse                    ok
         issuer     seal_file                  ok",
    ),
    (
        "an appeal is answered against the person, and the panel finds otherwise",
        "@appealed
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess grade=-             ok
         assessor-d assess grade=-             ok
         seal       conclude grade=-           ok
         prefecture reassess grade=-           ok
         panel      conclude_appeal            no_appeal_open
         clerk      appeal                     ok
         clerk      appeal                     appeal_open
         panel      conclude_appeal            ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review conclude=conclude_appeal ok
         clerk      appeal                     appeal_final
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue                      ok
         approver   endorse                    ok
         clerk      appeal                     nothing_to_appeal",
    ),
    (
        "an appeal that nobody answers is taken to the panel, which confirms the refusal",
        "@appealed
         - on day=2026-05-02                   ok
         clerk      appeal due=2026-06-30      ok
         prefecture assign to=assessor-c,assessor-d no_appeal_open
         panel      conclude_appeal grade=-    ok
         panel      conclude_appeal grade=-    no_appeal_open
         clerk      submit case=2              ok",
    ),
    (
        "an answer is not taken on: the person applies anew",
        "@reassessing
         prefecture reassess                   ok
         approver   refuse                     ok
         clerk      submit case=2              ok
         clerk      appeal                     other_case_open",
    ),
    (
        "an appeal against the level holds the case back, and its conclusion is published anew",
        "@agreed
         clerk      appeal                     ok
         approver   approve                    appeal_open
         approver   refuse                     appeal_open
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess grade=physical4     ok
         assessor-d assess grade=physical4     ok
         seal       conclude grade=physical4   ok
         prefecture reassess grade=physical4   ok
         approver   approve                    not_reviewed
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review conclude=reassess   ok
         approver   approve grade=physical4    ok",
    ),
    (
        "an appeal that changes nothing lets the case go on where it stood",
        "@approved
         clerk      appeal                     ok
         issuer     print                      appeal_open
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess                     ok
         assessor-d assess                     ok
         seal       conclude                   ok
         prefecture reassess                   ok
         issuer     print                      ok
         clerk      appeal                     ok
         issuer     issue                      appeal_open
         panel      conclude_appeal            ok
         issuer     issue                      ok
         approver   endorse                    ok",
    ),
    (
        "an appeal after the issue leads to a regrade without waiting and without assessment",
        "@issued
         clerk      appeal                     ok
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess grade=physical2     ok
         assessor-d assess grade=physical2     ok
         seal       conclude grade=physical2   ok
         prefecture reassess grade=physical2   ok
         clerk      submit case=2 kind=regrade present=1 ok
         clerk      verify case=2              ok
         clerk      accept case=2              ok
         reviewer   assign case=2              regrade_not_consented
         notice     post case=2                ok
         - later days=8                        ok
         notice     close case=2               ok
         reviewer   review case=2 conclude=reassess ok
         approver   approve case=2 grade=physical2 ok
         issuer     print case=2 blank=new     ok
         issuer     issue case=2 cert=2 old=1 card=returned grade=physical2 number=new ok
         approver   endorse                    ok",
    ),
    (
        "a regrade: consent, assessment, a new number",
        "@regrade
         reviewer   assign                     regrade_not_consented
         approver   consent                    ok
         reviewer   assign                     ok
         assessor-a assess grade=physical4     ok
         assessor-b assess grade=physical4     ok
         seal       conclude grade=physical4   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve grade=physical4    ok
         issuer     print                      ok
         issuer     issue old=9 card=returned grade=physical4 number_unchanged
         issuer     issue old=9 card=returned grade=physical4 number=new ok
         approver   endorse                    ok
         approver   freeze cert=9              certificate_not_in_force
         clerk      submit case=2 kind=regrade present=1 too_early_to_regrade",
    ),
    (
        "a regrade that changes nothing is refused, and the next one waits",
        "@regrade
         approver   consent                    ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve                    grade_unchanged
         approver   refuse                     ok
         clerk      submit case=2 kind=regrade present=9 too_early_to_regrade",
    ),
    (
        "a damaged card is exchanged, and lost afterwards",
        "@issued
         clerk      submit case=2 kind=exchange_damaged present=1 ok
         clerk      verify case=2              ok
         issuer     replace cert=2 card=returned suffix=0 number=number blank=new exchange_not_applied
         clerk      accept case=2              ok
         reviewer   assign case=2              no_assessment_needed
         issuer     replace cert=2 card=kept suffix=0 number=number blank=new old_card_not_returned
         issuer     replace cert=2 card=returned suffix=1 number=number blank=new number_differs
         issuer     replace cert=2 card=returned suffix=0 blank=new number_differs
         issuer     replace cert=2 card=returned suffix=0 number=number blank_used
         issuer     replace cert=2 card=returned suffix=0 number=number blank=new ok
         approver   endorse                    ok
         clerk      lost cert=2                ok
         issuer     replace cert=3 lost=2      ok
         approver   endorse                    ok",
    ),
    (
        "a transfer: applied for in the new county, handed over, taken over",
        "@issued
         approver   transfer_out               transfer_not_applied
         clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
         clerk-xiping verify case=2            ok
         approver   transfer_out               transfer_not_applied
         clerk-xiping accept case=2            ok
         approver-xiping transfer_in           not_handed_over
         approver   transfer_out               ok
         approver   transfer_out               transfer_under_way
         approver   transfer_in                wrong_division
         approver-city transfer_in             wrong_approval_level
         approver-xiping transfer_in from=411722 transfer_from_differs
         approver-xiping transfer_in           ok
         approver   freeze                     wrong_division
         approver-xiping freeze                ok",
    ),
    (
        "a transfer with a new assessment, which needs no waiting",
        "@issued
         clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
         clerk-xiping verify case=2            ok
         clerk-xiping accept case=2            ok
         approver   transfer_out               ok
         approver-xiping transfer_in reassess=yes ok
         clerk      submit case=3 kind=regrade present=1 certificate_kept_elsewhere
         clerk-xiping submit case=3 kind=regrade present=1 hukou=411721 ok
         clerk-xiping verify case=3            ok
         clerk-xiping accept case=3            ok
         approver-xiping consent case=3 present=1 ok",
    ),
    (
        "a certificate leaves for another ledger",
        "@issued
         approver   transfer_out to=410102     ok
         approver   freeze                     certificate_not_in_force
         approver   cancel                     certificate_ended
         clerk      submit case=2              ok",
    ),
    (
        "a transfer that nobody asks for is frozen, then cancelled",
        "@issued
         approver   freeze ground=overdue_transfer move_unknown
         - on day=2026-04-01                   ok
         police     moved to=411702            ok
         approver   freeze ground=overdue_transfer move_unknown
         police     moved from=2026-03-31      ok
         approver   freeze ground=overdue_transfer transfer_not_overdue
         - on day=2026-09-30                   ok
         approver   freeze ground=overdue_transfer transfer_not_overdue
         - later days=1                        ok
         approver   freeze ground=overdue_transfer ok
         approver   cancel ground=overdue_transfer transfer_not_overdue
         - on day=2027-04-01                   ok
         approver   cancel ground=overdue_transfer ok",
    ),
    (
        "a transfer asked for late, after the freezing",
        "@issued
         - on day=2026-04-01                   ok
         police     moved                      ok
         - on day=2026-10-02                   ok
         approver   freeze ground=overdue_transfer ok
         clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
         clerk-xiping verify case=2            ok
         clerk-xiping accept case=2            ok
         approver   transfer_out               ok
         approver-xiping transfer_in           ok
         approver-xiping freeze                ok",
    ),
    (
        "assessors are drawn, and not again once one has recorded",
        "@accepted
         system     draw                       draw_not_fixed
         assessor-d conflict                   ok
         assessor-c conflict                   ok
         junior-a   conflict                   ok
         junior-b   conflict                   ok
         system     draw seed=other            draw_differs
         system     draw swapped=yes           draw_differs
         system     assign to=assessor-a,assessor-b draw_differs
         reviewer   draw                       draw_by_system
         system     draw                       ok
         system     draw                       ok
         assessor-a assess                     ok
         system     draw                       draw_under_way
         assessor-b assess                     ok
         seal       conclude                   ok",
    ),
    (
        "the assessment is made at home",
        "clerk      submit channel=home_visit  ok
         clerk      verify                     ok
         clerk      accept                     ok
         reviewer   assign                     ok
         assessor-a assess method=home_visit   visit_record_missing
         assessor-a assess visit=yes           visit_record_missing
         assessor-a assess method=home_visit visit=yes ok
         assessor-b assess method=home_visit visit=yes ok
         seal       conclude                   ok",
    ),
    (
        "the reviewer disagrees and the approver refuses",
        "@cleared
         reviewer   review opinion=disagree reason=yes ok
         approver   approve                    not_reviewed
         approver   refuse                     ok",
    ),
    (
        "not accepted, corrected and applied for again",
        "clerk      submit form=bad_check      ok
         clerk      verify                     ok
         clerk      accept                     id_form_invalid
         clerk      not_accept                 ok
         clerk      submit case=2              ok",
    ),
    (
        "lost and replaced twice",
        "@issued
         clerk      submit case=2 kind=replace present=1 ok
         clerk      verify case=2              ok
         clerk      accept case=2              ok
         reviewer   assign case=2              no_assessment_needed
         issuer     replace cert=2             not_declared_lost
         clerk      lost                       ok
         issuer     replace cert=2 suffix=2    suffix_not_next
         issuer     replace cert=2             ok
         approver   endorse                    ok
         issuer     replace cert=3 lost=1      certificate_not_valid
         clerk      lost cert=2                ok
         issuer     replace cert=3 lost=2 suffix=1 suffix_not_next
         issuer     replace cert=3 lost=2 suffix=2 ok
         approver   endorse                    ok
         clerk      submit case=3 kind=renew present=3 too_early_to_renew",
    ),
    (
        "the certificate to renew is cancelled before the new one is issued",
        "clerk      import cert=9              ok
         clerk      submit                     holds_certificate
         clerk      submit kind=renew present=9 ok
         clerk      verify                     ok
         clerk      accept                     ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue                      supersedes_differs
         issuer     issue old=9                old_card_missing
         approver   cancel cert=9              ok
         issuer     issue old=9 card=returned  certificate_ended
         approver   refuse                     ok
         clerk      submit case=2              ok",
    ),
    (
        "a renewal ends the old certificate",
        "clerk      import cert=9              ok
         clerk      submit kind=renew present=9 ok
         clerk      verify                     ok
         clerk      accept                     ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver   approve                    ok
         issuer     print                      ok
         issuer     issue old=9 card=returned  ok
         approver   endorse                    ok
         clerk      import cert=9 corrects=yes ok
         approver   freeze cert=9              certificate_not_in_force",
    ),
    (
        "frozen, unfrozen, frozen at expiry and renewed late",
        "clerk      import cert=9 to=2026-06-30 ok
         approver   freeze cert=9              ok
         clerk      submit kind=renew present=9 certificate_not_standing
         approver   freeze cert=9              certificate_not_in_force
         approver   unfreeze cert=9            ok
         approver   unfreeze cert=9            certificate_not_frozen
         approver   freeze cert=9 ground=expiry not_expired
         - on day=2026-07-01                   ok
         approver   freeze cert=9 ground=expiry ok
         clerk      submit kind=renew present=9 ok",
    ),
    (
        "cancelled and applied for again too early",
        "@issued
         approver   cancel ground=not_meeting  ok
         approver   cancel ground=voluntary    certificate_ended
         clerk      submit case=2              reapply_too_early
         - on day=2027-03-09                   ok
         clerk      submit case=2              reapply_too_early
         - on day=2027-03-10                   ok
         clerk      submit case=2              ok",
    ),
    (
        "an application to cancel ends with the cancellation",
        "@issued
         clerk      submit case=2 kind=cancel present=1 ok
         approver   cancel                     ok
         clerk      submit case=3              ok",
    ),
    (
        "an open appeal holds a cancellation back until its term is over",
        "@issued
         clerk      appeal due=2026-03-23      appeal_term_too_short
         clerk      appeal due=2026-04-30      ok
         clerk      appeal                     appeal_open
         approver   cancel ground=not_meeting  appeal_open
         - on day=2026-04-30                   ok
         approver   cancel ground=not_meeting  appeal_open
         - on day=2026-05-01                   ok
         approver   cancel ground=not_meeting  ok",
    ),
    (
        "a final conclusion no longer holds it back",
        "clerk      import cert=9              ok
         clerk      submit kind=renew present=9 ok
         clerk      verify                     ok
         clerk      accept                     ok
         reviewer   assign                     ok
         assessor-a assess grade=-             ok
         assessor-b assess grade=-             ok
         seal       conclude grade=-           ok
         approver   cancel cert=9 ground=not_meeting appeal_term_running
         approver   refuse                     ok
         approver   cancel cert=9 ground=not_meeting appeal_term_running
         clerk      appeal                     ok
         approver   cancel cert=9 ground=not_meeting appeal_open
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess grade=-             ok
         assessor-d assess grade=-             ok
         seal       conclude grade=-           ok
         prefecture reassess grade=-           ok
         approver   cancel cert=9 ground=not_meeting appeal_open
         clerk      appeal                     ok
         panel      conclude_appeal grade=-    ok
         approver   cancel cert=9 ground=not_meeting ok",
    ),
    (
        "nobody appeals: the cancellation waits for the end of the term",
        "clerk      import cert=9              ok
         clerk      submit kind=renew present=9 ok
         clerk      verify                     ok
         clerk      accept                     ok
         reviewer   assign                     ok
         assessor-a assess grade=-             ok
         assessor-b assess grade=-             ok
         seal       conclude grade=-           ok
         approver   refuse                     ok
         - on day=2026-03-16                   ok
         approver   cancel cert=9 ground=not_meeting appeal_term_running
         - on day=2026-03-17                   ok
         clerk      appeal                     appeal_too_late
         approver   cancel cert=9 ground=not_meeting ok",
    ),
    (
        "a death needs no written notice to the dead",
        "@issued
         approver   cancel ground=death told=no ok",
    ),
    (
        "revoked with two signers, even after it was cancelled",
        "@issued
         approver   cancel                     ok
         approver   revoke                     ok
         approver-b endorse                    role_may_not_endorse
         supervisor endorse                    ok
         approver   revoke                     certificate_ended",
    ),
    (
        "the world changes between proposal and endorsement",
        "@printed
         issuer     issue                      ok
         approver   refuse                     ok
         approver   endorse                    case_ended",
    ),
    (
        "received and assessed where the person lives, approved at home",
        "clerk-xiping submit residence=411721    ok
         clerk-xiping verify                     ok
         clerk-xiping accept                     ok
         reviewer   assign                     ok
         assessor-a assess                     ok
         assessor-b assess                     ok
         seal       conclude                   ok
         notice     post                       ok
         - later days=8                        ok
         notice     close                      ok
         reviewer   review                     ok
         approver-xiping approve                 wrong_division
         approver-city approve                   wrong_approval_level
         approver   approve                    ok",
    ),
    (
        "before 2018's rule the prefecture approves, if a policy says so again",
        "@agreed
         approver-city publish set=approval_authority:[{level=\"prefecture\"}] ok
         approver   approve                    wrong_approval_level
         approver-city approve                 ok
         issuer     print                      ok
         issuer     issue division=411702      approving_division_differs
         issuer     issue division=411700      ok
         approver   endorse                    wrong_approval_level
         approver-city endorse                 ok
         clerk      deliver                    ok",
    ),
    (
        "a round under way gets another assessor but keeps who recorded",
        "@assigned
         assessor-a assess                     ok
         reviewer   assign to=assessor-b,assessor-c fresh=no recorded_left_out
         reviewer   assign to=assessor-a,assessor-c fresh=no ok
         assessor-b assess                     not_the_assigned_assessor
         seal       conclude                   too_few_assessments
         assessor-c assess                     ok
         seal       conclude                   ok",
    ),
    (
        "a roster row is corrected, decided about, corrected again, retracted",
        "clerk      import cert=9              ok
         clerk      import cert=9 corrects=yes level=2 ok
         approver   freeze cert=9              ok
         clerk      import cert=9 corrects=yes level=3 ok
         approver   freeze cert=9              certificate_not_in_force
         clerk      retract_row cert=9         ok
         approver   freeze cert=9              unknown_certificate
         clerk      submit                     ok",
    ),
];

/// One refusal each, with the shortest way to it.
const REFUSALS: &[&str] = &[
    // Any step.
    "clerk verify unknown_case",
    "clerk conflict unknown_case",
    "clerk submit ok
     clerk not_accept ok
     clerk verify case_ended",
    "approver freeze unknown_certificate",
    "@assessed
     notice post policy=none policy_not_in_force
     notice post policy=other policy_not_in_force
     approver-city publish set=notice_working_days:6 ok
     notice post policy=first policy_not_in_force
     notice post notice_too_short
     notice post closes=2026-03-10 ok",
    "@agreed
     custodian enrol who=approver-x like=approver same=clerk ok
     approver-x approve officers_not_apart
     custodian enrol who=approver-y like=approver same=reviewer ok
     approver-y approve officers_not_apart
     custodian enrol who=approver-z like=approver same=assessor-a ok
     approver-z approve assessor_not_apart
     approver-z refuse assessor_not_apart",
    "@cleared
     custodian enrol who=reviewer-x like=reviewer same=clerk ok
     reviewer-x review officers_not_apart",
    "@approved
     custodian enrol who=issuer-x like=issuer same=approver ok
     issuer-x print officers_not_apart",
    "@printed
     custodian enrol who=approver-x like=approver same=issuer ok
     issuer issue ok
     approver-x endorse own_proposal
     custodian enrol who=approver-y like=approver same=assessor-b ok
     approver-y endorse assessor_not_apart
     approver endorse ok",
    "@accepted
     custodian enrol who=assessor-x like=assessor-a same=clerk ok
     reviewer assign to=assessor-x,assessor-b assessor_not_apart",
    "@printed
     issuer conflict ok
     issuer issue conflict_declared",
    "@printed
     issuer-xiping issue wrong_division",
    "custodian enrol who=clerk-x like=clerk relative=1 ok
     clerk-x submit own_case",
    // Application.
    "clerk submit kind=transfer certificate_missing
     clerk import cert=9 from=2015-01-05 to=2026-03-01 ok
     clerk submit kind=regrade present=9 certificate_not_valid
     clerk submit kind=exchange_damaged present=9 certificate_not_valid
     clerk submit kind=transfer present=9 transfer_not_needed
     clerk-xiping submit kind=renew present=9 hukou=411721 certificate_kept_elsewhere
     approver freeze cert=9 ok
     clerk-xiping submit kind=transfer present=9 hukou=411721 certificate_not_standing",
    "clerk submit channel=cross_province residence_permit_missing
     clerk submit channel=cross_province permit=yes residence_permit_missing
     clerk submit channel=window permit=yes residence=411721 residence_permit_missing
     clerk submit channel=cross_province permit=yes residence=411721 ok",
    // Regrade, exchange, transfer.
    "@accepted
     approver consent not_a_regrade",
    "@regrade
     approver consent present=8 certificate_differs
     approver-city consent wrong_approval_level
     approver consent ok
     approver consent regrade_not_accepted",
    "@issued
     clerk lost ok
     issuer replace cert=2 card=returned suffix=0 number=number declared_lost",
    "@issued
     approver transfer_out from=411721 transfer_from_differs
     approver transfer_out to=411702 transfer_to_no_county
     approver transfer_out to=411700 transfer_to_no_county
     approver-city transfer_out wrong_approval_level
     approver freeze ok
     approver transfer_out transfer_not_standing",
    "clerk submit ok
     clerk submit case_exists
     clerk submit case=2 case_open",
    "@cleared
     reviewer review opinion=return_for_correction reason=yes ok
     clerk submit born=1980-01-02 resubmission_differs",
    "clerk submit hukou=411800 residence=411702 hukou_not_of_this_ledger
     clerk submit hukou=411700 residence=411702 hukou_not_of_this_ledger",
    "clerk submit ok
     clerk submit case=2 person=2 id=1 id_of_another_person",
    "clerk submit ok
     clerk not_accept ok
     clerk submit case=2 id=7 id_not_current",
    "clerk import cert=9 ok
     clerk submit holds_certificate",
    "clerk import cert=9 status=frozen ok
     clerk submit holds_certificate
     clerk submit kind=renew present=9 certificate_not_standing",
    "clerk submit present=1 certificate_not_expected
     clerk submit kind=renew certificate_missing
     clerk submit kind=renew present=9 unknown_certificate
     clerk import cert=9 person=2 ok
     clerk submit kind=renew present=9 certificate_of_another
     clerk import cert=8 status=cancelled ok
     clerk submit kind=renew present=8 certificate_not_standing
     clerk submit ok",
    "clerk import cert=9 to=2027-03-03 ok
     clerk submit kind=renew present=9 too_early_to_renew
     - later days=1 ok
     clerk submit kind=renew present=9 ok",
    // Identity and acceptance.
    "clerk submit ok
     clerk accept not_verified
     clerk verify photo=no identity_does_not_match
     clerk verify register=no identity_does_not_match
     clerk verify born=1980-01-02 birth_date_differs
     clerk verify ok
     clerk verify not_submitted
     clerk accept institution=hospital-3 institution_not_designated
     clerk accept ok
     clerk not_accept already_accepted",
    // Assignment.
    "clerk submit ok
     reviewer assign not_accepted
     clerk verify ok
     clerk accept ok
     reviewer assign seed=draw draw_by_system
     system assign draw_not_fixed
     reviewer assign institution=hospital-2 institution_not_designated
     reviewer assign institution=hospital-9 institution_not_designated
     reviewer assign to=assessor-a,assessor-eye not_an_assessor
     reviewer assign to=assessor-a,clerk not_an_assessor
     reviewer assign to=assessor-a,assessor-a assessor_twice
     reviewer assign to=assessor-a too_few_assessors
     reviewer assign to=junior-a,junior-b no_attending_physician
     custodian enrol who=assessor-x like=assessor-a same=assessor-a ok
     reviewer assign to=assessor-a,assessor-x assessor_twice
     assessor-b conflict ok
     reviewer assign conflict_declared
     supervisor suspend who=assessor-c ok
     reviewer assign to=assessor-a,assessor-c not_an_assessor
     reviewer assign to=assessor-a,junior-a ok",
    "@assessed
     reviewer assign already_concluded",
    // Assessment.
    "@accepted
     assessor-a assess not_assigned
     seal conclude not_assigned
     reviewer assign ok
     assessor-c assess not_the_assigned_assessor
     assessor-a assess grade=- meets=yes grade_missing
     assessor-a assess grade=physical3 meets=no grade_not_expected
     assessor-a assess grade=multiple3+physical3 grade_inconsistent
     assessor-a assess grade=visual3 institution_not_designated
     assessor-a assess grade=multiple3+physical3+visual4 institution_not_designated
     assessor-a assess sight=yes by_sight_not_allowed
     assessor-a assess ok
     assessor-a assess assessed_already",
    "@assigned
     prefecture suspend_institution ok
     assessor-a assess institution_not_designated",
    // Conclusion.
    "@assigned
     assessor-a assess ok
     seal conclude too_few_assessments
     assessor-b assess ok
     seal-eye conclude seal_of_another_institution
     seal conclude second=yes wrong_round
     seal conclude skip=1 assessments_differ
     seal conclude grade=physical4 conclusion_differs
     seal conclude grade=- conclusion_differs
     seal conclude grade=multiple3+physical3 grade_inconsistent
     prefecture suspend_institution ok
     seal conclude institution_not_designated",
    "@accepted
     reviewer assign to=assessor-a,junior-a,junior-b ok
     junior-a assess ok
     junior-b assess ok
     seal conclude no_attending_physician",
    // Notice.
    "@assigned
     notice post not_concluded
     reviewer waive not_concluded",
    "@assessed
     reviewer waive not_a_minor
     approver-city publish set=notice_waived_for_minors:false ok
     reviewer waive waiver_not_allowed
     notice post closes=2026-03-08 notice_too_short
     notice post closes=2026-03-01 span_empty
     notice post opens=2026-02-20 closes=2026-03-02 notice_too_short
     notice close notice_not_posted
     clerk object notice_not_posted
     notice post ok
     reviewer resolve no_such_objection
     notice close result=objection no_objection_upheld
     clerk object ok
     reviewer resolve evidence=no evidence_missing
     reviewer resolve object=other no_such_objection
     reviewer resolve ok
     - on day=2026-03-09 ok
     notice close notice_still_open
     - later days=1 ok
     notice close ok
     clerk object notice_not_posted",
    "clerk submit born=2008-03-02 ok
     clerk verify born=2008-03-02 ok
     clerk accept ok
     reviewer assign ok
     assessor-a assess ok
     assessor-b assess ok
     seal conclude ok
     reviewer waive not_a_minor",
    // Review and approval.
    "@noticed
     reviewer review notice_not_cleared",
    "@cleared
     reviewer review submit=x checklist_differs
     reviewer review accept=x checklist_differs
     reviewer review conclude=x checklist_differs
     reviewer review close=x checklist_differs
     reviewer review opinion=disagree reason_missing
     reviewer review policy=none policy_not_in_force
     approver approve not_reviewed",
    "@agreed
     approver approve review=x review_differs
     approver approve grade=physical2 grade_differs
     approver approve policy=none policy_not_in_force
     approver-b approve ok
     approver approve not_reviewed",
    "clerk submit ok
     approver refuse not_accepted",
    // Printing and issue.
    "@agreed
     issuer print not_approved
     approver approve ok
     issuer issue not_printed
     issuer print ok
     issuer print not_approved",
    "@printed
     issuer issue case=5 unknown_case
     issuer issue person=2 id=1 person_differs
     issuer issue grade=physical2 grade_differs
     issuer issue id=2 id_not_current
     issuer issue suffix=1 suffix_not_expected
     issuer issue from=2026-03-09 valid_from_differs
     issuer issue at=2026-03-09 from=2026-03-09 valid_from_differs
     issuer issue to=2036-03-10 valid_to_differs
     issuer issue division=411700 approving_division_differs
     issuer issue old=9 supersedes_none
     issuer issue card=returned supersedes_none
     issuer issue policy=none policy_not_in_force
     clerk import cert=8 ok
     issuer issue cert=8 certificate_exists
     issuer issue holds_certificate",
    "@issued
     issuer issue cert=2 case_ended",
    // Replacement.
    "@issued
     issuer replace cert=2 lost=7 unknown_certificate
     clerk lost ok
     issuer replace cert=1 certificate_exists
     issuer replace cert=2 person=2 id=1 certificate_of_another
     issuer replace cert=2 suffix=0 suffix_not_next
     issuer replace cert=2 id=2 id_not_current
     issuer-xiping replace cert=2 wrong_division
     approver freeze ok
     issuer replace cert=2 certificate_not_valid
     approver unfreeze ok
     clerk import cert=8 ok
     issuer replace cert=2 holds_certificate",
    "clerk import cert=9 ok
     clerk lost cert=9 ok
     issuer replace cert=2 lost=9 suffix=0 suffix_not_next
     issuer replace cert=2 lost=9 suffix=100 suffix_not_next
     issuer replace cert=2 lost=9 suffix=4 ok
     approver endorse ok
     clerk lost cert=2 ok
     issuer replace cert=3 lost=2 suffix=6 suffix_not_next
     issuer replace cert=3 lost=2 suffix=5 ok",
    "clerk import cert=9 ok
     clerk lost cert=9 ok
     issuer replace cert=2 lost=9 suffix=99 ok
     approver endorse ok
     clerk lost cert=2 ok
     issuer replace cert=3 lost=2 suffix=99 suffix_not_next
     issuer replace cert=3 lost=2 suffix=100 suffix_not_next",
    // Freezing and ending.
    "@issued
     approver freeze evidence=no evidence_missing
     approver freeze policy=none policy_not_in_force
     approver-city freeze wrong_approval_level
     approver unfreeze certificate_not_frozen
     approver cancel evidence=no evidence_missing
     approver cancel told=no written_notice_missing
     approver cancel policy=none policy_not_in_force
     approver cancel ground=overdue_renewal renewal_not_overdue
     approver unfreeze certificate_not_frozen",
    "clerk import cert=9 to=2026-03-10 ok
     - on day=2026-09-10 ok
     approver cancel cert=9 ground=overdue_renewal renewal_not_overdue
     - later days=1 ok
     approver cancel cert=9 ground=overdue_renewal not_frozen_for_expiry
     approver freeze cert=9 ground=expiry ok
     clerk submit kind=renew present=9 ok
     approver cancel cert=9 ground=overdue_renewal renewal_under_way
     clerk not_accept ok
     approver cancel cert=9 ground=overdue_renewal ok
     approver freeze cert=9 certificate_not_in_force",
    // Appeal and archive.
    "@assigned
     clerk appeal nothing_to_appeal
     prefecture reassess no_appeal_open",
    "@assessed
     clerk appeal due=2026-03-01 appeal_term_too_short
     clerk appeal ok
     panel conclude_appeal no_appeal_open
     prefecture reassess grade=multiple1 grade_inconsistent
     - on day=2026-05-02 ok
     clerk appeal ok
     panel conclude_appeal grade=multiple1 grade_inconsistent
     panel conclude_appeal ok
     panel conclude_appeal no_appeal_open",
    "@assigned
     assessor-a assess grade=physical1 ok
     assessor-b assess grade=physical1 ok
     seal conclude grade=physical1 ok
     reviewer assign to=assessor-c,assessor-d ok
     clerk appeal round_open",
    "@appealed
     prefecture assign to=junior-a,junior-b no_attending_physician
     custodian enrol who=assessor-x like=assessor-c same=approver ok
     prefecture assign to=assessor-x,assessor-d assessor_not_apart
     custodian enrol who=prefecture-x like=prefecture same=reviewer ok
     prefecture-x assign to=assessor-c,assessor-d took_part
     prefecture assign seed=draw to=assessor-c,assessor-d draw_by_system",
    "@reassessing
     custodian enrol who=panel-x like=panel same=prefecture ok
     prefecture reassess ok
     clerk appeal ok
     panel-x conclude_appeal took_part
     panel conclude_appeal ok",
    // The draw.
    "@accepted
     assessor-d conflict ok
     system draw ok
     custodian enrol who=assessor-x like=assessor-a ok
     approver-city publish set=min_assessors:9 ok
     system draw draw_pool_too_small",
    "@printed
     issuer seal_file case_not_ended
     issuer issue ok
     approver endorse ok
     issuer seal_file names=2 case_differs
     issuer seal_file items=0 case_file_empty
     issuer seal_file ok
     issuer seal_file case_file_sealed
     clerk correct refs=no target_not_in_refs",
];

#[test]
fn lawful_cases() {
    for (_, script) in LAWFUL {
        play(script);
    }
}

#[test]
fn refusals() {
    for script in REFUSALS {
        play(script);
    }
}

/// A refusal that no table reaches is a rule that nobody knows to work.
#[test]
fn every_refusal_of_the_chain_is_in_a_table() {
    // A ledger without any policy has its own test below, a draw outside a case one beside it.
    const ELSEWHERE: [&str; 2] = ["policy_missing", "draw_no_case"];
    let scripts = LAWFUL.iter().map(|(_, script)| script).chain(REFUSALS);
    let seen: BTreeSet<&str> = scripts
        .flat_map(|script| script.lines())
        .filter_map(|line| line.split_whitespace().last())
        .chain(ELSEWHERE)
        .collect();
    let codes = [
        super::acceptance::Refused::CODES,
        super::appeal::Refused::CODES,
        super::application::Refused::CODES,
        super::approval::Refused::CODES,
        super::archive::Refused::CODES,
        super::assessment::Refused::CODES,
        super::assignment::Refused::CODES,
        super::conclusion::Refused::CODES,
        super::draw::Refused::CODES,
        super::ending::Refused::CODES,
        super::exchange::Refused::CODES,
        super::freezing::Refused::CODES,
        super::gates::Refused::CODES,
        super::identity::Refused::CODES,
        super::issue::Refused::CODES,
        super::notice::Refused::CODES,
        super::objection::Refused::CODES,
        super::printing::Refused::CODES,
        super::replacement::Refused::CODES,
        super::regrade::Refused::CODES,
        super::review::Refused::CODES,
        super::transfer::Refused::CODES,
    ];
    for (_, code) in codes.into_iter().flatten() {
        assert!(seen.contains(code), "{code}");
    }
}

#[test]
fn without_a_policy_nothing_is_assigned() {
    let mut run = play("@accepted");
    run.world.state.policies = crate::policy::PolicyBook::default();
    run.play("reviewer assign policy=none policy_missing");
}

#[test]
fn an_issue_holds_the_printed_certificate_and_ends_the_case() {
    let run = play("@issued");
    let certificates = &run.world.state.certificates;
    let issued = certificates.find(&certificate(1)).unwrap();
    assert!(issued.is_valid_on(day("2026-03-10")) && issued.is_valid_on(day("2036-03-09")));
    assert!(!issued.is_valid_on(day("2026-03-09")) && !issued.is_valid_on(day("2036-03-10")));
    let ended = certificates.case(&case(1)).unwrap();
    assert_eq!(ended.stage, Stage::Ended(Ending::Issued));
    assert_eq!(certificates.open_case_of(&person(1)), None);
    let holder = run.world.state.people.find(&person(1)).unwrap();
    assert_eq!(holder.certificates, [certificate(1)]);
    assert_eq!(holder.birth_date, Some(day("1980-01-01")));
}

#[test]
fn statuses_follow_the_chain() {
    let today = day("2026-03-10");
    let rows = [
        ("approver freeze ok", Status::Frozen(Some(FreezeGround::Investigation))),
        (
            "approver cancel ground=missing ok",
            Status::Cancelled(Some((CancelGround::Missing, today))),
        ),
        ("approver revoke ok", Status::Valid),
        ("approver revoke ok\nsupervisor endorse ok", Status::Revoked),
        ("clerk lost ok\nissuer replace cert=2 ok\napprover endorse ok", Status::Superseded),
    ];
    for (script, expected) in rows {
        let mut run = play("@issued");
        run.play(script);
        assert_eq!(run.status(1), expected, "{script}");
    }
}

#[test]
fn a_replacement_keeps_grade_and_last_day() {
    let run = play("@issued\nclerk lost ok\nissuer replace cert=2 ok\napprover endorse ok");
    let certificates = &run.world.state.certificates;
    let (old, new) = (certificates.find(&certificate(1)), certificates.find(&certificate(2)));
    let (old, new) = (old.unwrap(), new.unwrap());
    assert_eq!((&new.grade, new.valid_to, new.replaced), (&old.grade, old.valid_to, 1));
    assert!(new.is_valid_on(day("2026-03-10")) && !new.lost && old.lost);
}

#[test]
fn a_corrected_row_moves_to_the_right_person() {
    let run = play("clerk import cert=9 ok\nclerk import cert=9 person=2 corrects=yes ok");
    let held = |n| run.world.state.people.find(&person(n)).unwrap().certificates.clone();
    assert_eq!((held(1), held(2)), (vec![], vec![certificate(9)]));
    assert_eq!(run.world.state.certificates.len(), 1);
}

#[test]
fn a_row_of_the_old_register_does_not_touch_what_was_issued_here() {
    let run = play("@issued\nclerk import status=cancelled ok\nclerk retract_row ok");
    assert_eq!(run.status(1), Status::Valid);
}

/// The snapshot is postcard, which names no fields: every state the chain passes must come back.
#[test]
fn every_state_of_the_chain_survives_the_snapshot() {
    let severe = "@assigned
        assessor-a assess grade=multiple3+physical3+hearing4 ok";
    let leaving = "@issued
        clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
        clerk-xiping verify case=2 ok
        clerk-xiping accept case=2 ok
        approver transfer_out ok";
    let answered = "@reassessing\nprefecture reassess ok";
    let scripts = PRELUDES.iter().map(|(name, _)| format!("@{name}"));
    let waiting = ["@printed\nissuer issue ok", severe, leaving, answered].map(str::to_owned);
    for script in scripts.chain(waiting) {
        let state = play(&script).world.state;
        let bytes = postcard::to_stdvec(&state).unwrap();
        assert_eq!(postcard::from_bytes::<State>(&bytes).unwrap(), state, "{script}");
    }
}

/// What an appeal may still need is kept to the last day of its term, and not longer.
#[test]
fn an_ended_case_forgets_what_it_knew_after_the_appeal_term() {
    let mut run = play("@issued");
    let kept = |run: &super::script::Run| {
        run.world.state.certificates.case(&case(1)).unwrap().progress.is_some()
    };
    assert!(kept(&run));
    // Ten working days after Tuesday 2026-03-10 are over on 2026-03-24; others are forgotten when
    // another case ends or is appealed.
    for (day, expected) in [("2026-03-24", true), ("2026-03-25", false)] {
        let mut run_until = play("@issued");
        run_until.play(&format!(
            "- on day={day} ok
             clerk submit case=2 person=2 ok
             clerk verify case=2 person=2 ok
             clerk accept case=2 person=2 ok
             reviewer assign case=2 person=2 ok
             approver refuse case=2 person=2 ok"
        ));
        assert_eq!(kept(&run_until), expected, "{day}");
    }
    run.play("- on day=2026-03-25 ok\nclerk appeal appeal_too_late");
}

#[test]
fn a_transferred_certificate_keeps_number_grade_and_days() {
    let before = play("@issued");
    let mut run = play("@issued");
    run.play(
        "clerk-xiping submit case=2 kind=transfer present=1 hukou=411721 ok
         clerk-xiping verify case=2 ok
         clerk-xiping accept case=2 ok
         approver transfer_out ok
         approver-xiping transfer_in ok",
    );
    let of = |run: &super::script::Run| {
        run.world.state.certificates.find(&certificate(1)).unwrap().clone()
    };
    let (old, new) = (of(&before), of(&run));
    assert_eq!((new.number, &new.grade, new.valid_to), (old.number, &old.grade, old.valid_to));
    assert_eq!((new.division, new.since), (division("411721"), day("2026-03-10")));
    let ended = run.world.state.certificates.case(&case(2)).unwrap();
    assert_eq!(ended.stage, Stage::Ended(Ending::Transferred));
    assert_eq!(run.world.state.certificates.open_case_of(&person(1)), None);
}

#[test]
fn an_exchanged_card_is_the_old_certificate_on_a_new_blank() {
    let run = play(
        "@issued
         clerk submit case=2 kind=exchange_damaged present=1 ok
         clerk verify case=2 ok
         clerk accept case=2 ok
         issuer replace cert=2 card=returned suffix=0 number=number blank=new ok
         approver endorse ok",
    );
    let certificates = &run.world.state.certificates;
    let old = certificates.find(&certificate(1)).unwrap().clone();
    let new = certificates.find(&certificate(2)).unwrap();
    assert_eq!(old.status, Status::Superseded);
    assert_eq!(new.blank, Some(tag("new")));
    let same = super::Certificate { status: new.status, blank: new.blank, ..old };
    assert_eq!(*new, same);
    assert_eq!(certificates.case(&case(2)).unwrap().stage, Stage::Ended(Ending::Replaced));
}
