//! Rules as earlier versions had them. A later version is another test; an old one can be run
//! again, on what is known now or was known then, and finds what it found.

use super::amount::{self, R16};
use super::delivery::{self, R40B, R40C};
use super::duties;
use super::executed::{self, R52};
use super::facility::{self, R40D};
use super::file::PersonFile;
use super::flag::{Findings, Flag, Rule};
use super::house::{self, R39, R39B};
use super::identity::{self, R36};
use super::kin::{self, R29, R30};
use super::likeness::{self, R08};
use super::moved::{self, R42};
use super::outlier::{R31, R32, Tallies};
use super::overtime::{self, R34};
use super::review::{self, R22, R25, R27};
use super::stopped::{self, R48};
use super::twice::{self, R17};
use super::unpaid::{self, R47};
use super::view::View;

/// R08 by four attributes, all the same.
static R08_1: Rule = Rule {
    version: 1,
    test: "two persons with different ID numbers have the same name, birth date, telephone number \
           and village",
    inputs: "all four of both persons",
    ..R08
};

/// R16 by the limit only, whatever the ledger holds of the benefit.
static R16_1: Rule = Rule {
    version: 1,
    title_zh: "补发超过上限",
    title_en: "too many months of back-pay",
    test: "more months are paid back than policy allows (three)",
    inputs: "a policy with that limit",
    guards: &["up to the limit", "every month granted by two signers on the ledger"],
    ..R16
};

/// R17 by months, and a vehicle's year.
static R17_1: Rule = Rule {
    version: 1,
    title_zh: "同月重复发放",
    title_en: "one month paid twice",
    test: "one division pays one person and programme twice for one month: twice in one roll, \
           again in a later one, or by back-pay of a month already paid",
    inputs: "payments with their month",
    ..R17
};

/// R22 on rows of the register only.
static R22_1: Rule = Rule {
    version: 1,
    test: "the row names fewer different assessors than policy asks for (two)",
    inputs: "a register with both assessor columns",
    guards: &[review::ABSENT, "assessed by sight while that was lawful"],
    ..R22
};

/// R25 on rows of the register only.
static R25_1: Rule = Rule {
    version: 1,
    test: "the holder was of age when the certificate was issued, and the notice is missing or \
           shorter than five working days; the day after its first is day 1, its last counts",
    inputs: "a register with both notice columns, and a birth date",
    guards: &[review::ABSENT, "a minor: no public notice", "public holidays and make-up workdays"],
    ..R25
};

/// R27 on rows of the register only.
static R27_1: Rule = Rule {
    version: 1,
    title_zh: "受理与批准为同一人",
    title_en: "one officer accepted and approved",
    test: "the receiver and the approver of the row are one officer",
    inputs: "a register with both columns",
    guards: &[review::ABSENT, "blank columns name nobody"],
    ..R27
};

/// R27 without the approvals of a transfer.
static R27_2: Rule = Rule {
    version: 2,
    test: "the receiver and the approver of the row are one officer; on a case of the ledger, one \
           human being took two of acceptance, assessment, review, approval and printing, or of a \
           benefit's first review, second review, determination, authorisation and payment",
    guards: &[
        review::ABSENT,
        "blank columns name nobody",
        "several steps of one duty, such as receiving and accepting, or printing and issuing",
        "other cases of the same officer",
    ],
    ..R27
};

/// R34 for review and approval of certificates only.
static R34_1: Rule = Rule {
    version: 1,
    title_zh: "审核批准超时",
    title_en: "review and approval overdue",
    test: "approval or refusal came, or has not come by the day judged, later than the policy's \
           working days (ten) after the notice was closed clear or waived, and the review names \
           no cause of delay; other steps have no limit in the policy",
    inputs: "a notice closed clear or waived on the ledger",
    guards: &[
        "a cause of delay named in the review",
        "a case returned for correction: counted from its new acceptance",
        "public holidays and make-up workdays",
    ],
    ..R34
};

/// R36, never graver for what was paid.
static R36_1: Rule = Rule {
    version: 1,
    test: "the check character is wrong, or the birth date in the number does not exist",
    ..R36
};

/// R52 by the number of months and what was authorised, without what was determined.
static R52_1: Rule = Rule {
    version: 1,
    test: "the payment names an authorised batch that has no line for the payee, or one of another \
           month, amount, account or number of months paid back; or a month is paid that the \
           benefit is not determined for, because it begins later or was stopped",
    ..R52
};

/// R48 without what the flag is about.
static R48_1: Rule = Rule {
    version: 1,
    test: "a benefit was stopped on a flag that no standing verdict confirms; or the person was \
           not told in writing, and the ledger shows no sure death of theirs",
    ..R48
};

/// R39 within one household.
static R39_1: Rule = Rule {
    version: 1,
    test: "a household has two standing grants of one programme that is granted once; or the works \
           of two programmes, or two works of one, at its house were accepted on the same paper, \
           before or after",
    inputs: "grants determined on the ledger that name their household; works accepted",
    guards: &[
        "two programmes with works of their own: renovation and adaptation",
        "a grant refused, or stopped before its first month",
        "a programme granted each month or year",
        "another household",
    ],
    ..R39
};

/// R39 by grants of the ledger, without works that nobody applied for.
static R39_2: Rule = Rule {
    version: 2,
    test: "a household has two standing grants of one programme that is granted once; or works at \
           its house were accepted on a paper, before or after, on which other works were accepted \
           too: of another programme or once more at this house, or at another household's",
    inputs: "grants determined on the ledger that name their household; works accepted; between \
             households, papers hashed as the house's own and not as one person's",
    ..R39
};

/// R39b by grants of the ledger, without works that nobody applied for.
static R39B_1: Rule = Rule {
    version: 1,
    test: "works of one programme that is granted once were accepted at one home, by its address \
           down to the door, for two households of one county, and both grants stand",
    inputs: "grants determined on the ledger that name their household; works accepted with the \
             address of the home",
    ..R39B
};

/// R40b, conclusive of two jobs too.
static R40B_1: Rule = Rule {
    version: 1,
    test: "two placements of the person in one programme at different places overlap by more than \
           the day of the change",
    inputs: "placements recorded on the ledger",
    guards: &[
        "one ends on the day the other begins",
        "placements of different programmes: a job beside a day centre",
        "the same place recorded again",
    ],
    ..R40B
};

/// R40c on any day of rest, of residents too.
static R40C_1: Rule = Rule {
    version: 1,
    test: "a session is recorded on a day that the calendar does not count as a working day, or \
           two providers record one of the same programme on one day",
    guards: &["a make-up workday", "two sessions of one provider on one day"],
    ..R40C
};

/// R40d with whoever is placed there, by day too.
static R40D_1: Rule = Rule {
    version: 1,
    test: "on the day the person's placement at an institution began, at least as many others as \
           its designation gives it places for lived there, who came on an earlier day or stand \
           before it on the log",
    guards: &[
        "somebody who left that day",
        "one person placed there twice",
        "an institution without a designated number of places",
        "a placement or a designation of a later day",
    ],
    ..R40D
};

/// R42 by the county that kept the certificate first.
static R42_1: Rule = Rule {
    version: 1,
    test: "the household registration moved out of the county that keeps the certificate, and more \
           than the policy's months later (six) the certificate was never frozen or ended, or after \
           more months (twelve) it is frozen still and not ended",
    guards: &[
        "transferred, or on the way",
        "moved back, or within the county",
        "a move that was retracted",
        "a fact whose name is another's, or not signed by its custodian: a lead only",
    ],
    ..R42
};

/// R29 by enrolments only.
static R29_1: Rule = Rule {
    version: 1,
    test: "who signed a step of a case is the person of the case, has declared that person as a \
           relative in an enrolment, or signed after declaring a conflict in the case; a lead when \
           the officer is the person's guardian or of the household, or declared the conflict \
           after the step",
    inputs: "steps of a case, or of a benefit, on the ledger; enrolments with the officer's ID tag",
    ..R29
};

/// R30 by enrolments only.
static R30_1: Rule = Rule {
    version: 1,
    test: "the person has an open certificate or a payment, an enrolled officer is that person, \
           the guardian or of the household, and that officer declared neither the relation nor a \
           conflict in a case of the person",
    guards: &[
        "a relation declared in the enrolment",
        "a conflict declared in one of the person's cases",
        "a household or a guardianship that was left",
    ],
    ..R30
};

/// R31 by each village alone, however many are compared.
static R31_1: Rule = Rule {
    version: 1,
    test: "a village has 20 or more open certificates, and the share of levels 1 and 2 among them \
           exceeds the median share of the villages of its county that have as many by more than \
           3 robust standard deviations (the greater of 1.4826 median distances and the binomial \
           standard error). Certificates per resident are not judged: no roll says how many live \
           in a village",
    guards: &[
        "fewer than 20 certificates",
        "fewer than 8 villages to compare with",
        "a high share that chance explains",
        "closed certificates",
    ],
    ..R31
};

/// R32 against all rows together.
static R32_1: Rule = Rule {
    version: 1,
    test: "an assessor stands on 30 or more rows of the register, and the share of levels 1 and 2 \
           among them exceeds the share over all rows by more than 4 binomial standard errors",
    inputs: "a register with assessor columns",
    guards: &["fewer than 30 rows", "a high share that chance explains", "a low share"],
    ..R32
};

/// R47 for nursing care only.
static R47_1: Rule = Rule {
    version: 1,
    title_zh: "符合条件未享受护理补贴",
    title_en: "entitled to nursing care, not paid",
    test: "in each of the last three months whose nursing-care roll is in (two at least) the \
           person has a certificate of level 1 or 2, is alive at its start, is in no excluding \
           benefit and not in prison; and none of them is paid",
    inputs: "nursing-care rolls of the person's division for two months or more",
    guards: &[
        "level 3 or 4",
        "died, in prison, in extreme-poverty support or with the work-injury nursing fee",
        "issued, expired or closed within those months",
        "a month paid by another division or paid back later",
        "a benefit applied for, granted or refused on the ledger",
    ],
    ..R47
};

/// R47 for the two monthly subsidies.
static R47_2: Rule = Rule {
    version: 2,
    title_zh: "符合条件未享受补贴",
    title_en: "entitled to a monthly subsidy, not paid",
    test: "in each of the last three months whose roll of the subsidy is in (two at least) the \
           person has a certificate, meets every condition of policy that the ledger speaks about, \
           is alive at its start, is in no excluding or weighed benefit and not in prison; and \
           none of them is paid",
    inputs: "rolls of the subsidy of the person's division for two months or more; for living \
             allowance the Dibao list of the division too",
    guards: &[
        "level 3 or 4, for nursing care, unless policy accepts it",
        "not in the Dibao list, for living allowance, unless policy accepts what the person has",
        "died, in prison, or in a benefit that excludes the subsidy or is weighed against it",
        "issued, expired or closed within those months",
        "a month paid by another division or paid back later",
        "a benefit applied for, granted or refused on the ledger",
    ],
    ..R47
};

/// R47 by rolls and lists only.
static R47_3: Rule = Rule {
    version: 3,
    test: "in each of the last three months whose roll of a monthly programme is in (two at least), \
           or all through the last year whose roll of a yearly one is in, the person has a \
           certificate, is of the ages of policy, meets every condition that the ledger speaks \
           about and one at least beside certificate and registration, is alive, in no excluding \
           or weighed benefit and not in prison; and nothing is paid",
    inputs: "rolls of the programme of the person's division; the list that a condition rests on, \
             such as Dibao; for a vehicle programme the vehicle's registration, for a service its \
             sessions or placement; programmes of a household, or granted once, are not judged",
    ..R47
};

/// Every earlier version, in the order of the rules.
pub(super) static OLD: [&Rule; 25] = [
    &R08_1, &R16_1, &R17_1, &R22_1, &R25_1, &R27_1, &R27_2, &R29_1, &R30_1, &R31_1, &R32_1, &R34_1,
    &R36_1, &R39_1, &R39_2, &R39B_1, &R40B_1, &R40C_1, &R40D_1, &R42_1, &R47_1, &R47_2, &R47_3,
    &R48_1, &R52_1,
];

/// Judges a person by an old version.
pub(super) fn judge(rule: &'static Rule, view: &View<'_>, file: &PersonFile) -> Vec<Flag> {
    let mut out = Findings::of(file);
    match (rule.id, rule.version) {
        ("R08", 1) => likeness::judge_by_all_four(rule, view, file, &mut out),
        ("R16", 1) => {
            for payment in &file.payments {
                amount::beyond_limit(view, file, payment, rule, &mut out);
            }
        }
        ("R17", 1) => twice::judge_months(rule, view, file, &mut out),
        ("R27", 2) => duties::judge_without_transfers(rule, view, file, &mut out),
        ("R29", 1) => kin::judge_enrolled_cases(rule, view, file, &mut out),
        ("R30", 1) => kin::judge_enrolled_holders(rule, view, file, &mut out),
        ("R34", 1) => overtime::judge_certificates(rule, view, file, &mut out),
        ("R36", 1) => identity::judge_numbers(rule, file, |_| None, &mut out),
        ("R39", 1) => house::judge_one_household(rule, view, file, &mut out),
        ("R39", 2) => house::judge_granted(rule, view, file, &mut out),
        ("R39b", 1) => house::judge_granted_addresses(rule, view, file, &mut out),
        ("R40b", 1) => delivery::judge_two_places(rule, file, &mut out),
        ("R40c", 1) => delivery::judge_doubtful(rule, view, file, &mut out),
        ("R40d", 1) => facility::judge_everybody(rule, view, file, &mut out),
        ("R42", 1) => moved::judge_first_keeper(rule, view, file, &mut out),
        ("R47", 3) => unpaid::judge_rolls(rule, view, file, &mut out),
        ("R47", 2) => unpaid::judge_subsidies(rule, view, file, &mut out),
        ("R48", 1) => stopped::judge_any_verdict(rule, view, file, &mut out),
        ("R52", 1) => executed::judge_counted(rule, view, file, &mut out),
        ("R47", 1) => unpaid::judge_nursing(rule, view, file, &mut out),
        _ => {}
    }
    let rows = file.certificates.iter().filter_map(|card| Some((card, card.row.as_deref()?)));
    for (card, row) in rows {
        match (rule.id, rule.version) {
            ("R22", 1) => review::assessors(view, card, row, rule, &mut out),
            ("R25", 1) => review::notice(view, card, row, rule, &mut out),
            ("R27", 1 | 2) => review::duties(card, row, rule, &mut out),
            _ => {}
        }
    }
    out.finish()
}

/// Judges everybody together by an old version.
pub(super) fn judge_tallies(rule: &'static Rule, tallies: &Tallies) -> Vec<Flag> {
    match (rule.id, rule.version) {
        ("R31", 1) => tallies.judge_each_village(rule),
        ("R32", 1) => tallies.judge_by_all_rows(rule),
        _ => Vec::new(),
    }
}
