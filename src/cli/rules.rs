//! `rules`: what is judged, how, and what is guarded against.

use clap::Args;

use super::{error::CliError, session::Session};
use crate::rules::{self, Rule};

/// List the rules, or explain one (规则)
#[derive(Args)]
pub(super) struct Rules {
    /// Explain this rule, such as R18
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Rules {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let Some(id) = &self.id else {
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
        let rule = rules::list().iter().find(|rule| rule.id.eq_ignore_ascii_case(id));
        let rule = rule.ok_or_else(|| {
            CliError::usage(format!("there is no rule {id} in this version"))
                .hinted("`mingzheng rules` lists them")
        })?;
        session.out.document(rule, &fields(rule));
        Ok(())
    }
}

fn fields(rule: &Rule) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("rule", format!("{} version {}", rule.id, rule.version)),
        ("名称", rule.title_zh.to_owned()),
        ("title", rule.title_en.to_owned()),
        ("severity", format!("{:?}", rule.severity)),
        ("kind", format!("{:?}", rule.kind).to_lowercase()),
        ("test", rule.test.to_owned()),
        ("inputs", rule.inputs.to_owned()),
    ];
    fields.extend(rule.guards.iter().map(|guard| ("guard", (*guard).to_owned())));
    fields.push(("怎么办", rule.todo_zh.to_owned()));
    fields.push(("what to do", rule.todo_en.to_owned()));
    fields
}
