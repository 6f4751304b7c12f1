//! Which event types have a form, found out by walking the catalogue; those that have none are in
//! a table with the reason.

use std::{collections::BTreeSet, fs, path::Path};

use crate::event::{RULES, Role};

/// Why a type has no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The ledger's own automatic signer makes it.
    System,
    /// Offices report it as rows of a roll, which the payroll desk and `import` sign.
    Roll,
    /// This command makes it: from a file, or where what it asks for is typed into no page.
    Command(&'static str),
    /// Signed once in a ledger's life, by `draft`, `sign` and `submit`.
    Once,
}

#[rustfmt::skip]
const NO_FORM: &[(&str, Why)] = &[
    ("ledger.created", Why::System),
    ("checkpoint.anchored", Why::System),
    ("anomaly.raised", Why::System),
    ("query.logged", Why::System),
    ("ledger.succeeds", Why::Once),
    // The officer's own number and those of relatives become tags where they are typed.
    ("actor.enrolled", Why::Command("actor_enrol")),
    // A whole file, which `policy check` explains before.
    ("policy.published", Why::Command("policy_publish")),
    ("calendar.published", Why::Command("calendar_publish")),
    ("certificate.legacy_imported", Why::Roll),
    ("external_fact.recorded", Why::Roll),
    ("external_fact.retracted", Why::Roll),
    ("household.member_joined", Why::Roll),
    ("institution_account.recorded", Why::Roll),
    ("payment.executed", Why::Roll),
    ("payment.returned", Why::Roll),
    ("placement.started", Why::Roll),
    ("placement.ended", Why::Roll),
    ("roll.received", Why::Roll),
    ("roll.row_retracted", Why::Roll),
    ("service.delivered", Why::Roll),
    ("support_visit.logged", Why::Roll),
    ("works.accepted", Why::Roll),
];

/// Every text of the sources in a folder.
fn sources(folder: &str) -> String {
    let mut all = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn every_type_has_a_form_or_a_reason_to_have_none() {
    let desk = sources("src/answer/desk");
    let rolls = sources("src/rolls");
    let named: BTreeSet<_> = NO_FORM.iter().map(|(name, _)| *name).collect();
    assert_eq!(named.len(), NO_FORM.len(), "a type is in the table twice");
    for rule in RULES {
        let has_form = desk.contains(&format!("\"{}\"", rule.name));
        let reason = NO_FORM.iter().find(|(name, _)| *name == rule.name).map(|(_, why)| *why);
        let act = crate::console::words::acts::of(rule.name);
        assert_eq!(has_form, act.is_some(), "{}: {act:?}", rule.name);
        assert_eq!(has_form, reason.is_none(), "{}: form {has_form}, reason {reason:?}", rule.name);
        match reason {
            Some(Why::System) => assert_eq!(rule.signers, [Role::System], "{}", rule.name),
            Some(Why::Roll) => {
                let words = rule.name.split(['.', '_']);
                let upper = |word: &str| word[..1].to_uppercase() + &word[1..];
                let event: String = words.map(upper).collect();
                assert!(rolls.contains(&event), "no roll makes {event}");
            }
            Some(Why::Command(command)) => {
                let help =
                    format!("tests/it/cli/snapshots/it__cli__help__mingzheng_{command}.snap");
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(help).exists(), "{command}");
            }
            Some(Why::Once) | None => {}
        }
    }
    let types: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
    assert!(named.is_subset(&types), "the table names what is no type");
}
