//! A desk of many rows: narrowed to a step and to a matter, read page by page, and each row opened by
//! its code.

use std::collections::BTreeSet;

use super::desk::signer;
use super::{CLERK, Desk, link};
use crate::answer::Records;
use crate::answer::desk::{Asked, Narrowed, narrowed, waiting};

const NOTICE: &str = "411702-notice-1";
const WELFARE: &str = "411702-welfare-1";
const DPF: &str = "411700-dpf-1";

/// What an actor's desk holds, read three rows at once: the codes of the rows, and the first page.
async fn read(
    desk: &Desk,
    actor: &str,
    step: Option<&str>,
    matter: Option<&str>,
) -> (Vec<String>, Narrowed) {
    let (step, matter) = (step.map(str::to_owned), matter.map(str::to_owned));
    let mut asked = Asked { step, matter, after: None };
    let (mut all, mut first) = (Vec::new(), None);
    loop {
        let (signer, now) = (signer(desk, actor), asked.clone());
        let page = desk
            .app
            .read(move |records: &Records<'_>| Ok(narrowed(records, &signer, &now, 3, false)?));
        let page = page.await.unwrap_or_else(|_| panic!("{actor}"));
        assert!(page.rows.len() <= 3);
        all.extend(page.rows.iter().map(|(row, _)| format!("{:?} {:?}", row.place, row.steps)));
        asked.after.clone_from(&page.next);
        first.get_or_insert(page);
        if asked.after.is_none() {
            return (all, first.unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_choice_leaves_as_many_rows_as_it_says_and_pages_hold_each_row_once() {
    let desk = Desk::open_county();
    let mut chosen = 0;
    for actor in [CLERK, NOTICE, WELFARE, DPF] {
        let (all, first) = read(&desk, actor, None, None).await;
        let waits = waiting(&desk.app.ledger, &signer(&desk, actor)).unwrap().0;
        assert_eq!((all.len(), first.of_matter), (waits.len(), waits.len()), "{actor}");
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{actor}: {all:?}");
        assert_eq!(first.matters.values().sum::<usize>(), all.len(), "{actor}");
        for (step, count) in &first.steps {
            let (rows, page) = read(&desk, actor, Some(step), None).await;
            assert_eq!(rows.len(), *count, "{actor} {step}");
            assert!(rows.iter().all(|row| row.contains(step)), "{rows:?}");
            assert_eq!(page.steps, first.steps, "the other steps can still be chosen");
            for (matter, count) in &page.matters {
                let (rows, _) = read(&desk, actor, Some(step), Some(matter.name())).await;
                assert_eq!(rows.len(), *count, "{actor} {step} {matter:?}");
                chosen += 1;
            }
        }
    }
    assert!(chosen > 5, "{chosen}");
    let (none, _) = read(&desk, CLERK, Some("no.such_step"), None).await;
    assert!(none.is_empty(), "{none:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_has_links_to_each_step_and_its_rows_are_opened_by_their_code() {
    let desk = Desk::open_county();
    let page = desk.page(NOTICE, "/console/desk?lang=zh").await;
    let case = link(&page, "/console/desk/cases/");
    assert!(
        page.text().contains(&format!("<th scope=\"row\"><a href=\"{case}\"")),
        "{}",
        page.text()
    );
    let to = link(&page, "/console/desk?step=");
    let narrowed = desk.page(NOTICE, &to).await;
    let current = format!("<a href=\"{to}\" aria-current=\"page\"");
    assert!(narrowed.text().contains(&current), "{}", narrowed.text());
    assert!(narrowed.text().contains("/console/desk/cases/"), "{}", narrowed.text());
    let none = desk.page(NOTICE, "/console/desk?lang=zh&step=no.such_step").await;
    assert!(none.text().contains("没有这样的事项"), "{}", none.text());
    let unknown = desk.page(NOTICE, "/console/desk?colour=red").await;
    assert_eq!(unknown.status, 400, "{}", unknown.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_stands_on_a_desk_once_and_says_each_step_once() {
    let desk = Desk::open_county();
    for actor in [CLERK, NOTICE, WELFARE, DPF] {
        let (all, _) = read(&desk, actor, None, Some("certificate")).await;
        for row in waiting(&desk.app.ledger, &signer(&desk, actor)).unwrap().0 {
            let once: BTreeSet<_> = row.steps.iter().collect();
            let alike = row.steps.iter().filter(|step| **step == "objection.resolved").count();
            assert_eq!(once.len() + alike.saturating_sub(1), row.steps.len(), "{row:?}");
        }
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{actor}: {all:?}");
    }
}
