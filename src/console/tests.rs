//! The pages in process: what each shows to whom, in both languages, and what none ever shows.

mod apply;
mod cards;
mod case_turns;
mod changes;
mod desk;
mod escaping;
mod examples;
mod granted;
mod hints;
mod idle;
mod independent;
mod notices;
mod offered;
mod overview;
mod packs;
mod narrowed;
mod pages;
mod payable;
mod protected;
mod ready;
mod recognised;
mod record;
mod referred;
mod sessions;
mod turns;
mod unset;
mod words;

use crate::service::tests::{Answered, Desk};

const CLERK: &str = "411702-clerk-1";
const INSPECTOR: &str = "411700-inspector-1";
const SUPERVISOR: &str = "411700-supervisor-1";

/// The first address in a page that begins so.
fn link(page: &Answered, begin: &str) -> String {
    let text = page.text();
    let mut links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = links.find(|link| link.starts_with(begin) && link.len() > begin.len());
    found.unwrap_or_else(|| panic!("no link {begin} in {text}")).to_owned()
}
