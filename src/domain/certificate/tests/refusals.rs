//! Every refusal of the chain, step by step.

/// One refusal each, with the shortest way to it.
pub(super) const REFUSALS: &[&str] = &[
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
    // Two proposals of one case would look alike. What can take effect no more is in nobody's way.
    "@printed
     issuer issue ok
     issuer issue cert=2 proposed_already
     - later days=30 ok
     issuer issue cert=2 proposed_already
     - later days=1 ok
     issuer issue cert=2 ok
     approver endorse ok",
    "@printed
     issuer issue ok
     approver-city publish set=validity_years:9 ok
     issuer issue cert=2 to=2035-03-31 valid_to_differs
     approver endorse policy_not_in_force",
    "@issued
     clerk submit case=2 kind=replace present=1 ok
     clerk verify case=2 ok
     clerk accept case=2 ok
     clerk lost ok
     issuer replace cert=2 ok
     issuer replace cert=3 lost=1 proposed_already
     approver endorse ok",
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
     clerk accept institution=hospital-2 institution_not_designated
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
    "clerk submit born=2008-03-03 ok
     clerk verify born=2008-03-03 ok
     clerk accept ok
     reviewer assign ok
     assessor-a assess ok
     assessor-b assess ok
     seal conclude ok
     notice post minor_not_published
     approver-city publish set=notice_waived_for_minors:false ok
     notice post ok",
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
     prefecture reassess no_appeal_open
     prefecture decline_appeal no_appeal_open",
    "@appealed
     clerk decline_appeal role_may_not_sign
     prefecture assign to=assessor-c,assessor-d ok
     prefecture decline_appeal appeal_admitted
     assessor-c assess grade=- ok
     assessor-d assess grade=- ok
     seal conclude grade=- ok
     prefecture decline_appeal appeal_admitted
     prefecture reassess grade=- ok
     prefecture decline_appeal no_appeal_open",
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
