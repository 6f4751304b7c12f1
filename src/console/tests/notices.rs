//! Public notices, over a county's year.

use super::{Desk, pages::expect_page};
use crate::event::Body;
use crate::value::Day;

/// The notices that were ever posted, with their first days; and how many were waived.
fn notices(desk: &Desk) -> (Vec<(u64, Day)>, usize) {
    let (mut posted, mut waived) = (Vec::new(), 0);
    for index in 0..desk.app.ledger.len() {
        match desk.app.ledger.event(index).unwrap().payload.body {
            Body::NoticePosted(data) => posted.push((index, data.opens_on)),
            Body::NoticeWaived(_) => waived += 1,
            _ => {}
        }
    }
    (posted, waived)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_masked_and_gone_when_it_closes_and_a_childs_never_hangs() {
    let desk = Desk::open_county();
    let (posted, waived) = notices(&desk);
    assert!(!posted.is_empty() && waived > 0, "{posted:?} {waived}");
    let page = desk.anybody("/console/notices").await;
    expect_page(&page, "notices");
    let hanging = desk.anybody("/v1/notices").await.ok();
    let hanging = hanging["items"].as_array().unwrap();
    assert!(!hanging.is_empty() && hanging.len() < posted.len(), "{hanging:?} of {posted:?}");
    assert_eq!(page.text().matches("<tr><th scope=\"row\">").count(), hanging.len());
    for notice in hanging {
        let name = notice["name"].as_str().unwrap();
        assert!(name.contains('*') && (2..=3).contains(&name.chars().count()), "{name}");
        assert!(page.text().contains(name));
        let fields: Vec<_> = notice.as_object().unwrap().keys().map(String::as_str).collect();
        let shown = ["closes_on", "division", "entry", "name", "opens_on", "place"];
        assert_eq!(fields, shown, "nothing more than a neighbour needs");
    }
    // When the last day of each is over it is gone, though nobody closed it yet.
    let last = hanging.iter().map(|notice| notice["closes_on"].as_str().unwrap()).max().unwrap();
    let last: Day = last.parse().unwrap();
    desk.clock.advance_to(last.plus_days(1).start_millis());
    let later = desk.anybody("/v1/notices").await.ok();
    assert_eq!(later["items"], serde_json::json!([]));
    // Only adults' notices were ever posted.
    for (index, opens_on) in posted {
        let event = desk.app.ledger.event(index).unwrap();
        let person = event.payload.body.person().unwrap();
        let born =
            desk.app.ledger.with_state(|state| state.people.find(&person).unwrap().birth_date);
        assert!(opens_on.age_from(born.unwrap().unwrap()) >= 18);
    }
}
