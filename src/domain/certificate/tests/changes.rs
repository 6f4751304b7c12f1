//! What becomes of a certificate: renewed, replaced, exchanged, regraded, transferred.

/// Cases that end lawfully.
pub(super) const LAWFUL: &[(&str, &str)] = &[
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
];
