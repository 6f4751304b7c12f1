//! Cases from the application to the issue.

/// Cases that end lawfully.
pub(super) const LAWFUL: &[(&str, &str)] = &[
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
];
