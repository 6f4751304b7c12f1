//! Every word of the pages. A group is declared here and filled in both files: a word that one
//! language lacks does not compile.

pub(super) mod acts;
pub(super) mod desk;
mod en;
mod zh;

use crate::event::Role;
use crate::value::{FactKind, Lang};

/// Declares the groups: name, type, words.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $group:ident: $type:ident { $($word:ident),* $(,)? })*) => {
        /// Every word, in groups.
        pub(super) struct Words {
            $(pub(super) $group: $type,)*
        }

        $(
            $(#[$doc])*
            pub(super) struct $type {
                $(pub(super) $word: &'static str,)*
            }
        )*
    };
}

catalogue! {
    /// What stands around every page.
    frame: Frame {
        name, tagline, skip, demo_short, demo, demo_switch, menu, settings, sign_in, sign_out, theme_system,
        theme_light, theme_dark, current_to, judged_on, technical, checkpoint, ledger, api,
    }
    /// The menu.
    nav: Nav {
        overview, own, desk, payroll, audit, people, certificates, payments, flags, report,
        programmes, actors, looks,
        entries, notices, check,
    }
    /// Words that many pages use.
    common: Common {
        nothing, next_page, first_page, search, filter, clear, all, any, person,
        certificate, division, province, prefecture, county, programme, month, amount, date,
        status, entry, actor, role, organisation, events, optional, from, to, details,
        download, unknown,
    }
    /// Signing in.
    sign_in: SignIn {
        title, what, needs_script, actor, key_missing, make_key, begin, once, demo_title,
        demo_what, demo_begin, demo_county, demo_benefit, demo_prefecture, demo_more, demo_enter, ended, clock,
    }
    /// A problem.
    trouble: Trouble { title, what_to_do, rule, details, code, to_sign_in, to_overview, signed_in_as }
    /// The list of people.
    people: People {
        list, empty, search_label, search_hint, not_found, not_a_number, birth,
    }
    /// One person.
    person: Person {
        record, pseudonym, paid, as_on, sealed, sealed_what, sealed_not, purpose, purpose_hint,
        reveal, looked, moment, on, as_of, as_of_hint, facts, fact, open_end,
        restricted, restricted_what, erased, erased_what, since, pack, pack_what, pack_named,
    }
    /// Steps.
    timeline: Timeline {
        title, what, empty, signed_by, recorded, endorsed_by, takes_effect_by, other_office, objections,
        receipt, verify,
    }
    /// Certificates.
    certificates: Certificates {
        list, empty, none, on, grade, issued, valid_to, legacy, holder, whole_way, valid,
        expiring_soon, expired, closed,
    }
    /// Payments.
    payments: Payments {
        list, empty, none, on, period, back_pay, paid_on,
    }
    /// Flags.
    flags: Flags {
        what, queue, empty, for_verdict, for_recovery, for_help, rule, severity, about, money,
        age, days, assignee, mine, s1, s2, s3, s4, open, assigned, needs_field, confirmed,
        dismissed, closed, not_raised, conclusive, lead, overdue, why, standing_now, gone,
        verdict, calls_for, raised_on, id, todo, exact, guards, advises, evidence, evidence_what,
        evidence_none, not_shown, life, life_none, orders, order, ordered, received, waived,
        rest, due, recover, help, mend, exact_english,
    }
    /// The strict-review report.
    report: Report {
        what, division_hint, make, takes_time, working, print,
    }
    /// Programmes and policies.
    programmes: Programmes {
        what, list, empty, on, version, document, no_document, open_end, certificate, rates,
        in_words, published, hash, text, calendar, in_force, in_force_none, per, set_by, technical,
    }
    /// Actors and keys.
    actors: Actors {
        what, list, since, key, in_force, suspended, expired, not_yet,
    }
    /// Entries of the log.
    entries: Entries {
        what, list, empty, recorded, subject, subject_hint, newest, signed, kind, statement,
        rests_on, data, neighbours, previous, following,
    }
    /// Who looked at what.
    looks: Looks {
        what, list, empty, who, whose, person_hint, purpose,
    }
    /// A person's own record.
    own: Own {
        what, empty, about, looks, no_looks, rights, correction, appeal, restriction, erasure,
        requests, requests_what, requests_first,
    }
    /// Public notices.
    notices: Notices {
        what, list, empty, name, name_sealed, differs, place, result, meets, opens, closes, number,
        object, object_how,
    }
    /// The overview.
    overview: Overview {
        title, welcome, issued, legacy, paid, returned, waiting, at_risk, recovered, by_severity,
        to_verdict, no_verdicts, verdicts, flags, days, issued_by_month, paid_by_month, paid_by_programme,
        as_table,
    }
}

/// The words of a language.
pub(super) const fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::Zh => &zh::WORDS,
        Lang::En => &en::WORDS,
    }
}

/// What a role is called.
pub(super) const fn role(lang: Lang, role: Role) -> &'static str {
    match lang {
        Lang::Zh => role.zh(),
        Lang::En => en::role(role),
    }
}

/// What a role does, in a sentence.
pub(super) const fn does(lang: Lang, role: Role) -> &'static str {
    match lang {
        Lang::Zh => zh::does(role),
        Lang::En => en::does(role),
    }
}

/// A personal field, by its name.
pub(super) fn personal(lang: Lang, field: &str) -> &'static str {
    let found = PERSONAL.iter().find(|(name, ..)| *name == field);
    found.map_or("", |(_, zh, en)| match lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}

/// The personal fields, in Chinese and English.
const PERSONAL: &[(&str, &str, &str)] = &[
    ("name", "姓名", "Name"),
    ("id_number", "公民身份号码", "Citizen ID"),
    ("certificate_number", "残疾人证号", "Certificate number"),
    ("phone", "电话", "Phone"),
    ("village", "村（社区）", "Village"),
    ("address", "住址", "Address"),
    ("household_no", "户号", "Household"),
    ("guardian_name", "监护人", "Guardian"),
    ("guardian_id", "监护人公民身份号码", "Guardian's citizen ID"),
    ("account", "账号", "Account"),
    ("holder", "户名", "Account holder"),
    ("chassis", "车架号", "Chassis"),
    ("engine", "发动机号", "Engine"),
    ("blank", "空白证编号", "Blank card number"),
    ("assessor_1", "评残医师一", "First assessor"),
    ("assessor_2", "评残医师二", "Second assessor"),
    ("receiver", "受理人", "Receiver"),
    ("reviewer", "审核人", "Reviewer"),
    ("approver", "批准人", "Approver"),
    ("reason", "原因", "Reason"),
    ("diagnosis", "诊断", "Diagnosis"),
    ("file_name", "文件名", "File"),
];

/// A fact of another register, by its name.
pub(super) fn fact(lang: Lang, name: &str) -> String {
    let found = FactKind::ALL.iter().find(|kind| kind.name() == name);
    found.map_or_else(|| name.to_owned(), |kind| kind.words(lang).to_owned())
}

/// A fault of a request as a page says it in English, and what to do, by its code; none for what the
/// rules say. In Chinese a problem is told the same everywhere, in its own words.
pub(super) fn fault(code: &str) -> Option<(&'static str, &'static str)> {
    en::fault(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::problem::Fault;

    #[test]
    fn every_fault_is_told_in_english() {
        for known in Fault::ALL {
            let told = fault(known.code());
            assert!(told.is_some_and(|(detail, hint)| !detail.is_empty() && !hint.is_empty()));
        }
    }

    #[test]
    fn every_personal_field_has_a_name() {
        let schema = schemars::schema_for!(crate::ledger::Personal).to_value();
        for field in schema["properties"].as_object().unwrap().keys() {
            assert!(!personal(Lang::Zh, field).is_empty(), "{field}");
        }
    }
}
