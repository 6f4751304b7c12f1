//! What a signer has to say by themselves is never said before them: no opinion, outcome, verdict or
//! attestation stands in any form, though the domain was asked with one.

use std::collections::BTreeSet;

use crate::answer::desk::{
    Kind, Offer, endorsements, flag_offers, new_offers, offers, person_offers, waiting,
};
use crate::demo::sample_actors;
use crate::service::tests::Desk;
use crate::value::{Day, Hash, Subject};

use super::desk::{signer, somebody};

fn expect_unset(offer: &Offer, today: Day) {
    for field in offer.fields.iter().filter(|field| field.kind.is_answer()) {
        let place = format!("{} {}", offer.name, field.path);
        assert_eq!(field.value, None, "{place} is preset");
        let asked = field.required && !matches!(field.kind, Kind::OneSubject(_));
        assert!(!asked || field.sample(today).is_some(), "{place} has no sample");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_preset_in_any_form() {
    let desk = Desk::open_county();
    let today = Day::of_millis(desk.now_s() * 1000);
    let person = somebody(&desk).await;
    desk.raise(&person, 7, "S2", 6000).await;
    let person = person.parse().unwrap();
    let roots = ["411700-keys-1", "411700-supervisor-1"].map(str::to_owned);
    let actors = sample_actors().into_iter().map(|actor| actor.id.to_string()).chain(roots);
    let (mut seen, mut pages) = (BTreeSet::new(), BTreeSet::new());
    for actor in actors {
        let (ledger, signer) = (&desk.app.ledger, signer(&desk, &actor));
        let mut all = new_offers(ledger, &signer).unwrap();
        all.extend(endorsements(ledger, &signer).unwrap());
        all.extend(person_offers(ledger, &signer, person).unwrap());
        all.extend(flag_offers(ledger, &signer, Hash([7; 32])).unwrap());
        for case in waiting(ledger, &signer).unwrap().0 {
            if let Subject::Case(id) = case.subject {
                let own = offers(ledger, &signer, id).unwrap();
                if own.iter().any(|offer| !seen.contains(offer.name)) {
                    pages.insert((actor.clone(), format!("/console/desk/cases/{id}")));
                }
                all.extend(own);
            }
        }
        for offer in &all {
            expect_unset(offer, today);
            seen.insert(offer.name);
        }
    }
    pages.insert(("411700-inspector-1".to_owned(), format!("/console/flags/{}", Hash([7; 32]))));
    for name in [
        "identity.verified",
        "assessment.recorded",
        "review.completed",
        "objection.resolved",
        "appeal.concluded",
        "benefit.second_reviewed",
        "anomaly.reviewed",
    ] {
        assert!(seen.contains(name), "{name} is not among {seen:?}");
    }
    for (actor, path) in pages {
        let page = desk.page(&actor, &path).await;
        let forms = page.text().split("<form data-sign").skip(1);
        for form in forms.filter_map(|rest| rest.split("</form>").next()) {
            for preset in [" checked", " selected"] {
                assert!(!form.contains(preset), "{path} for {actor} has {preset}: {form}");
            }
        }
    }
}
