//! Cases that are appealed, and what an appeal holds back.

/// Cases that end lawfully.
pub(super) const LAWFUL: &[(&str, &str)] = &[
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
        "an appeal is declined: the conclusion stands, and the panel may be asked in a new term",
        "@appealed
         panel      decline_appeal             no_appeal_open
         - on day=2026-03-13                   ok
         prefecture decline_appeal             ok
         prefecture decline_appeal             no_appeal_open
         prefecture assign to=assessor-c,assessor-d no_appeal_open
         - on day=2026-03-20                   ok
         clerk      appeal due=2026-06-30      ok
         prefecture decline_appeal             no_appeal_open
         panel      decline_appeal             ok
         panel      conclude_appeal grade=-    no_appeal_open
         clerk      appeal                     nothing_to_appeal
         clerk      submit case=2              ok",
    ),
    (
        "a declined appeal that nobody takes to the panel is over with its term",
        "@appealed
         prefecture decline_appeal             ok
         - on day=2026-04-30                   ok
         clerk      appeal                     appeal_too_late
         clerk      submit case=2              ok",
    ),
    (
        "a declined appeal lets the open case go on where it stood",
        "@approved
         clerk      appeal                     ok
         issuer     print                      appeal_open
         prefecture decline_appeal             ok
         issuer     print                      ok
         clerk      appeal                     ok
         issuer     issue                      appeal_open
         panel      decline_appeal             ok
         clerk      appeal                     appeal_final
         issuer     issue                      ok
         approver   endorse                    ok
         clerk      appeal                     nothing_to_appeal",
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
];
