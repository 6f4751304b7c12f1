//! How certificates are frozen, cancelled and revoked, and how rows of the old register go.

/// Cases that end lawfully.
pub(super) const LAWFUL: &[(&str, &str)] = &[
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
