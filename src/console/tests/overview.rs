//! The overview: each reader's own figures.

use super::{CLERK, Desk, INSPECTOR};

async fn text(desk: &Desk, actor: &str, path: &str) -> String {
    let page = desk.page(actor, path).await;
    super::pages::expect_page(&page, path);
    page.text().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_shows_what_was_issued_month_by_month_where_its_reader_may_look() {
    let mut desk = Desk::county();
    for actor in [CLERK, INSPECTOR, "411702-approver-1"] {
        let page = text(&desk, actor, "/console?lang=en").await;
        let (_, chart) = page.split_once("Certificates issued by month").expect("the chart");
        let chart = chart.split("</figure>").next().unwrap();
        assert!(chart.contains("<svg") && chart.contains("<table"), "{actor}");
        assert!(chart.contains("<th scope=\"row\">2026-") || chart.contains("2025-"), "{chart}");
    }
    // A clerk works on certificates and sees no money.
    assert!(!text(&desk, CLERK, "/console?lang=en").await.contains("Paid by month"));
    let other =
        crate::service::tests::hire(&mut desk, "411721-approver-9", "approver", "411721").await;
    let page = text(&desk, &other, "/console?lang=en").await;
    assert!(!page.contains("Certificates issued by month"), "another county issued nothing");
    for nobody in ["411702-bank-1", "411700-keys-1"] {
        assert!(!text(&desk, nobody, "/console?lang=en").await.contains("Certificates issued"));
    }
}
