//! A reader who can do nothing for a person is not led to an empty page, and is told where their own
//! steps come up.

use super::desk::signer;
use super::{CLERK, Desk};
use crate::answer::desk::acts_for;
use crate::value::PersonId;

const TOWNSHIP: &str = "411702-township-1";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_can_do_nothing_for_a_person_is_told_so() {
    let desk = Desk::county();
    let listed = desk.get(CLERK, "/v1/people?limit=100").await.ok();
    let people = listed["items"].as_array().unwrap().iter();
    let mut people =
        people.map(|item| item["person"].as_str().unwrap().parse::<PersonId>().unwrap());
    let acts =
        |actor: &str, person| acts_for(&desk.app.ledger, &signer(&desk, actor), person).unwrap();
    let person = people.find(|person| !acts(TOWNSHIP, *person)).unwrap();
    assert!(acts(CLERK, person));
    let leads = format!("href=\"/console/desk/people/{person}\"");
    let nothing = "您的岗位现在对此人没有可以办理的事项";
    for (actor, does) in [(CLERK, true), (TOWNSHIP, false)] {
        let page = desk.page(actor, &format!("/console/people/{person}?lang=zh")).await;
        assert_eq!(page.text().contains(&leads), does, "{actor}");
        assert_eq!(page.text().contains(nothing), !does, "{actor}");
        let page = desk.page(actor, &format!("/console/desk/people/{person}?lang=zh")).await;
        assert_eq!(page.text().contains(nothing), !does, "{actor}: {}", page.text());
        assert_eq!(page.text().contains("<form data-sign"), does, "{actor}");
    }
}
