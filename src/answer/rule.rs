//! A rule by the name that a reader gives it, such as `R18`, `r43b` or `R32@1`.

use super::AskError;
use crate::rules::{self, Rule};

/// The rule of that name, in whichever version it names.
pub(crate) fn rule_named(name: &str) -> Result<&'static Rule, AskError> {
    rules::find(name).ok_or_else(|| {
        AskError::usage("there is no such rule in this version")
            .hinted("`mingzheng rules` lists them, `mingzheng rules explain R18` explains one")
    })
}

/// The same, of those that judge now.
pub(super) fn rule_in_force(name: &str) -> Result<&'static Rule, AskError> {
    let rule = rule_named(name)?;
    if rules::superseded().contains(&rule) {
        return Err(AskError::usage("flags are raised by the rules in force, not by earlier ones")
            .hinted(
                "name the rule without a version; `mingzheng flags --rule` shows what an earlier \
                 one would find",
            ));
    }
    Ok(rule)
}
