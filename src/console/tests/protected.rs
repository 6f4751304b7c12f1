//! What the pages say of somebody whose data are restricted or erased.

use super::{CLERK, Desk, INSPECTOR, SUPERVISOR, link};
use crate::service::tests::erasure::{erase, restrict};

const PRIVACY: &str = "411700-privacy-1";

async fn text(desk: &Desk, actor: &str, path: &str) -> String {
    let page = desk.page(actor, path).await;
    super::pages::expect_page(&page, path);
    page.text().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_that_its_person_is_restricted_or_erased_and_asks_for_no_vain_look() {
    let desk = Desk::county();
    let path = link(&desk.page(CLERK, "/console/people").await, "/console/people/");
    let person = path.rsplit('/').next().unwrap();
    let (zh, en) = (format!("{path}?lang=zh"), format!("{path}?lang=en"));
    let before = text(&desk, CLERK, &en).await;
    assert!(before.contains("/reveal\"") && !before.contains("restricted"));

    let entry = restrict(&desk, person).await;
    let stands = format!("{entry}</");
    let page = text(&desk, CLERK, &en).await;
    assert!(page.contains("Processing restricted") && page.contains(&stands), "{page}");
    assert!(page.contains("the privacy officer and the supervisor alone may look"));
    assert!(!page.contains("/reveal\""), "a clerk is not asked for a purpose in vain");
    assert!(text(&desk, CLERK, &zh).await.contains("已限制处理"));
    for actor in [SUPERVISOR, PRIVACY] {
        assert!(text(&desk, actor, &en).await.contains("/reveal\""), "{actor}");
    }
    assert!(!text(&desk, SUPERVISOR, &en).await.contains("Personal data erased"));

    let entry = erase(&desk, person).await;
    let stands = format!("{entry}</");
    for actor in [CLERK, INSPECTOR, SUPERVISOR, PRIVACY] {
        let page = text(&desk, actor, &en).await;
        assert!(page.contains("Personal data erased") && page.contains(&stands), "{page}");
        assert!(page.contains("nobody can read them any more"), "{actor}");
        assert!(!page.contains("/reveal\""), "{actor}");
        assert!(text(&desk, actor, &zh).await.contains("个人信息已删除"), "{actor}");
    }
}
