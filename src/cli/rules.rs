//! `rules`: what is judged, how, and what is guarded against.

use clap::Args;
use serde::Serialize;

use super::{error::CliError, session::Session};
use crate::answer::rule_named;
use crate::rules::{self, Rule, Words};

/// List the rules, or explain one (规则)
#[derive(Args)]
pub(super) struct Rules {
    /// Explain this rule, such as R18, or an earlier version of it, such as R32@1; the word
    /// `explain` may stand before it
    #[arg(value_name = "ID", num_args = 0..=2)]
    words: Vec<String>,
}

impl Rules {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let id = match self.words.as_slice() {
            [] => None,
            [id] => Some(id),
            [word, id] if word == "explain" => Some(id),
            _ => {
                return Err(
                    CliError::usage("one rule at a time").hinted("`mingzheng rules explain R18`")
                );
            }
        };
        let Some(id) = id else {
            let heading = ["rule", "sev", "kind", "title"];
            session.out.list(&heading, rules::list(), |rule| {
                vec![
                    rule.id.to_owned(),
                    format!("{:?}", rule.severity),
                    format!("{:?}", rule.kind).to_lowercase(),
                    format!("{} {}", rule.title_zh, rule.title_en),
                ]
            });
            return Ok(());
        };
        let rule = rule_named(id)?;
        let words = rules::words(rule);
        session.out.document(&Explained { rule, words }, &fields(rule, words));
        Ok(())
    }
}

/// A rule with its explanation.
#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    rule: &'static Rule,
    #[serde(flatten)]
    words: Option<&'static Words>,
}

fn fields(rule: &Rule, words: Option<&Words>) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("rule", format!("{} version {}", rule.id, rule.version)),
        ("名称", rule.title_zh.to_owned()),
        ("title", rule.title_en.to_owned()),
        ("severity", format!("{:?}", rule.severity)),
        ("kind", format!("{:?}", rule.kind).to_lowercase()),
        ("what", rule.test.to_owned()),
        ("inputs", rule.inputs.to_owned()),
    ];
    if let Some(words) = words {
        fields.push(("查什么", words.test_zh.to_owned()));
        fields.push(("why", words.why_en.to_owned()));
        fields.push(("为什么查", words.why_zh.to_owned()));
    }
    fields.extend(rule.guards.iter().map(|guard| ("guard", (*guard).to_owned())));
    let guards = words.map_or(&[][..], |words| words.guards_zh);
    fields.extend(guards.iter().map(|guard| ("排除", (*guard).to_owned())));
    fields.push(("怎么办", rule.todo_zh.to_owned()));
    fields.push(("what to do", rule.todo_en.to_owned()));
    fields
}
