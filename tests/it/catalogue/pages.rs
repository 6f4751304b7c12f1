//! The written pages: schemas, the table of `events/README.md`, the form of each type.

use std::fmt::Write;

use mingzheng::event::{
    Body, Payload, RULES, Role, Rule, Standing, SubjectKind, TEXTS, rule_named, title_of,
};
use serde_json::Value;

use super::{folder, hold, read, schema};

#[test]
fn schemas_are_those_of_the_types() {
    for name in Body::NAMES {
        let schema = Body::schema_of(name).unwrap();
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        hold(&folder().join(name).join("schema.json"), &text);
        jsonschema::meta::validate(schema.as_value()).unwrap();
    }
    let payload = serde_json::to_string_pretty(&Payload::schema()).unwrap() + "\n";
    hold(&folder().join("payload.schema.json"), &payload);
    jsonschema::meta::validate(Payload::schema().as_value()).unwrap();
}

#[test]
fn the_table_is_the_rules() {
    let mut table = String::from(
        "| | event | 名称 | kind | subject | signed by | endorsed by | gates |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let Rule { number, name, .. } = rule;
        let kind = match rule.standing {
            Standing::Decision => "decision",
            Standing::Fact => "fact",
        };
        let title = title_of(name).unwrap();
        let subject = subject(rule.subject);
        let (signers, second) = (signers(rule), second(rule));
        let gates = rule.gates.join(" ");
        writeln!(
            table,
            "| E{number:02} | [`{name}`]({name}) | {title} | {kind} | {subject} | {signers} \
             | {second} | {gates} |"
        )
        .unwrap();
    }
    let mut roles = String::from("| role | 名称 |\n|---|---|\n");
    for role in Role::ALL {
        writeln!(roles, "| `{role}` | {} |", role.zh()).unwrap();
    }
    let mut texts = String::from("| type | what it is |\n|---|---|\n");
    for (name, what) in TEXTS {
        writeln!(texts, "| `{name}` | {what} |").unwrap();
    }
    let path = folder().join("README.md");
    let page = with_block(&read(&path), "table", &table);
    let page = with_block(&page, "roles", &roles);
    hold(&path, &with_block(&page, "texts", &texts));
}

#[test]
fn each_page_says_its_type_s_form() {
    for name in Body::NAMES {
        let path = folder().join(name).join("README.md");
        let page = read(&path);
        let title = format!("# `{name}` {}\n", title_of(name).unwrap());
        assert!(page.starts_with(&title), "{name}: the title is not {title}");
        let prose = page.split("<!-- form").next().unwrap();
        assert!(prose.contains("\n**Effect.** "), "{name}: its effect is not said");
        let chinese = prose.lines().skip(1).any(|line| line.ends_with('。'));
        assert!(chinese, "{name}: its purpose is not said in Chinese");
        hold(&path, &with_block(&page, "form", &form(name)));
    }
}

/// The page with the text between the markers of `block` replaced.
fn with_block(page: &str, block: &str, text: &str) -> String {
    let start = format!("<!-- {block}: written by tools/catalogue.sh -->\n");
    let end = format!("<!-- end of {block} -->\n");
    let (before, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no block {block}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no end of block {block}"));
    format!("{before}{start}{text}{end}{after}")
}

/// Who signs, which fields there are, and what the types inside them are.
fn form(name: &str) -> String {
    let rule = rule_named(name).unwrap();
    let standing = match rule.standing {
        Standing::Decision => "decision: refused when a gate forbids it",
        Standing::Fact => "fact: refused for form or authority only, then judged by the rules",
    };
    let mut text = String::from("| | |\n|---|---|\n");
    for (what, value) in [
        ("number", format!("E{:02}", rule.number)),
        ("kind", standing.to_owned()),
        ("subject", subject(rule.subject).to_owned()),
        ("signed by", signers(rule)),
        ("endorsed by", second(rule)),
        ("gates", rule.gates.join(" ")),
    ] {
        writeln!(text, "| {what} | {value} |").unwrap();
    }
    let schema = schema(name);
    let required = list(&schema, "required");
    let Some(fields) = schema["properties"].as_object() else {
        return text + "\n`data` is empty: `{}`.\n";
    };
    text += "\n| field of `data` | | type | meaning |\n|---|---|---|---|\n";
    let optional = fields.keys().filter(|field| !required.contains(&field.as_str()));
    for field in required.iter().copied().chain(optional.map(String::as_str)) {
        let need = if required.contains(&field) { "required" } else { "optional" };
        let (kind, meaning) = (type_of(&fields[field]), fields[field]["description"].as_str());
        let meaning = meaning.unwrap_or_else(|| panic!("{name}.{field} has no description"));
        writeln!(text, "| `{field}` | {need} | {kind} | {meaning} |").unwrap();
    }
    let inner: Vec<String> = schema["$defs"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(def, _)| !TEXTS.iter().any(|(known, _)| known == def))
        .map(|(def, schema)| format!("- `{def}`: {}\n", shape(schema)))
        .collect();
    if !inner.is_empty() {
        text = text + "\n" + &inner.concat();
    }
    text
}

fn list<'a>(schema: &'a Value, key: &str) -> Vec<&'a str> {
    let items = schema[key].as_array().into_iter().flatten();
    items.map(|item| item.as_str().unwrap()).collect()
}

/// How a field's type is called.
fn type_of(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return format!("`{}`", target.trim_start_matches("#/$defs/"));
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", type_of(&schema["items"])),
        Some("string") => "text".to_owned(),
        Some("integer") => "integer".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        other => panic!("a field of type {other:?}: {schema}"),
    }
}

/// What a type inside the fields is, on one line.
fn shape(schema: &Value) -> String {
    let words = |schema: &Value| match (schema["const"].as_str(), schema["description"].as_str()) {
        (Some(word), Some(meaning)) => format!("`{word}` ({})", meaning.trim_end_matches('.')),
        (Some(word), None) => format!("`{word}`"),
        (None, _) => shape(schema),
    };
    if let Some(kinds) = schema["oneOf"].as_array() {
        return kinds.iter().map(words).collect::<Vec<_>>().join(", ");
    }
    if schema["enum"].is_array() {
        let words = list(schema, "enum");
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    let Some(fields) = schema["properties"].as_object() else {
        return schema["description"].as_str().unwrap().to_owned();
    };
    let required = list(schema, "required");
    let optional = fields.keys().filter(|field| !required.contains(&field.as_str()));
    let named = required.iter().copied().chain(optional.map(String::as_str)).map(|field| {
        let mark = if required.contains(&field) { "" } else { ", optional" };
        format!("`{field}` ({}{mark})", type_of(&fields[field]))
    });
    format!("an object of {}", named.collect::<Vec<_>>().join(", "))
}

fn role(role: &Role) -> String {
    format!("{role} {}", role.zh())
}

fn signers(rule: &Rule) -> String {
    if rule.signers == Role::ALL {
        return "any role".to_owned();
    }
    rule.signers.iter().map(role).collect::<Vec<_>>().join(", ")
}

fn second(rule: &Rule) -> String {
    let Some(second) = &rule.second else { return "-".to_owned() };
    let roles = second.roles.iter().map(role).collect::<Vec<_>>().join(" or ");
    let where_from = if second.other_organisation { ", other organisation" } else { "" };
    format!("{roles}{where_from}, within {} days", second.lapses_after_days)
}

const fn subject(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Person => "person",
        SubjectKind::Case => "case",
        SubjectKind::Certificate => "certificate",
        SubjectKind::Household => "household",
        SubjectKind::Institution => "institution",
        SubjectKind::Actor => "actor",
        SubjectKind::Account => "account",
        SubjectKind::Payroll => "payroll",
        SubjectKind::Roll => "roll",
        SubjectKind::Programme => "programme",
        SubjectKind::Ledger => "ledger",
        SubjectKind::PersonOrRoll => "person, or roll",
        SubjectKind::PersonOrLedger => "person, or ledger",
        SubjectKind::OfTarget => "that of the statement it names",
    }
}
