//! The printed number of a card says whose it is, of which category and level, and how often it was
//! replaced: it has to be the number of what is issued.

use super::{door::Refused, personal::Personal};
use crate::domain::Rejection;
use crate::event::Body;
use crate::value::CertificateNumber;

/// Checks the number of the card that an event issues, before it is sealed.
///
/// # Errors
/// It is not the number of that person, grade and replacement (I15).
pub fn check(body: &Body, personal: &Personal) -> Result<(), Rejection> {
    if number_fits(body, personal) { Ok(()) } else { Err(Refused::CardNumber.into()) }
}

/// Whether the number of the card that an event issues, as it is sealed, is its own (I15); other
/// events issue none.
pub(super) fn number_fits(body: &Body, personal: &Personal) -> bool {
    let (grade, replaced) = match body {
        Body::CertificateIssued(data) => (Some(&data.grade), data.replaced),
        // The grade of the card that is replaced stands on the ledger.
        Body::CertificateReplaced(data) => (None, data.replaced),
        _ => return true,
    };
    let number: Option<CertificateNumber> =
        personal.certificate_number.as_deref().and_then(|number| number.parse().ok());
    number.is_some_and(|number| {
        Some(number.id.as_str()) == personal.id_number.as_deref()
            && number.replaced == replaced
            && grade.is_none_or(|grade| {
                (number.category, number.level) == (grade.category, grade.level)
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_of_the_person_the_grade_and_the_replacement() {
        let issued = |category: &str, level: u8, replaced: u8| {
            let data = serde_json::json!({
                "person": crate::value::PersonId([1; 16]), "case": crate::value::CaseId([2; 16]),
                "id": tag(), "number": tag(), "grade": { "category": category, "level": level },
                "replaced": replaced, "generation": "third", "valid_from": "2026-08-01",
                "valid_to": "2036-07-31", "approving_division": "411702",
            });
            Body::from_json("certificate.issued", &data.to_string()).unwrap()
        };
        let card = |number: &str| {
            let mut personal = Personal::default();
            personal.id_number = Some("11010519491231002X".to_owned());
            personal.certificate_number = Some(number.to_owned());
            personal
        };
        let visual = issued("visual", 4, 0);
        assert!(number_fits(&visual, &card("11010519491231002X14")));
        for wrong in [
            "11010519491231002X13",
            "11010519491231002X44",
            "11010519491231002X14B1",
            "11010519491231002X99",
            "110105194912310021",
            "41170219850607008814",
            "",
        ] {
            assert!(!number_fits(&visual, &card(wrong)), "{wrong}");
        }
        assert!(!number_fits(&visual, &Personal::default()));
        let again = issued("visual", 4, 2);
        assert!(number_fits(&again, &card("11010519491231002X14B2")));
    }

    fn tag() -> crate::value::Tag {
        crate::value::Tag { version: 1, bytes: [0; 20] }
    }
}
