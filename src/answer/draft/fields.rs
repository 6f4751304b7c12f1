//! Which fields of `data` a draft fills in by itself.
//!
//! A tag is filled in where the type has a field of the usual name for a personal field that was
//! given; what an ID number says by itself; the person, where the ledger knows who is meant. What
//! results is held against the
//! ledger's own list of tags and sealed fields before it is drafted, so nothing here is trusted.

use serde_json::{Map, Value, json};

use super::super::AskError;
use crate::crypto::{TagKind, Tagger, random_bytes};
use crate::event::Body;
use crate::ledger::Personal;
use crate::value::{CitizenId, IdForm, PersonId, Tag, VehicleId};

/// A personal field, the kind of its tag, and the usual names of that tag in `data`; a dot leads
/// into an object.
struct Usual {
    text: fn(&Personal) -> Option<&str>,
    kind: TagKind,
    names: &'static [&'static str],
}

const USUAL: &[Usual] = &[
    Usual { text: |p| p.id_number.as_deref(), kind: TagKind::Id, names: &["id", "to"] },
    Usual { text: |p| p.name.as_deref(), kind: TagKind::Name, names: &["name"] },
    Usual {
        text: |p| p.certificate_number.as_deref(),
        kind: TagKind::Certificate,
        names: &["number"],
    },
    Usual { text: |p| p.phone.as_deref(), kind: TagKind::Phone, names: &["phone"] },
    Usual { text: |p| p.village.as_deref(), kind: TagKind::Village, names: &["village"] },
    Usual {
        text: |p| p.household_no.as_deref(),
        kind: TagKind::HouseholdNo,
        names: &["household_no"],
    },
    Usual {
        text: |p| p.guardian_id.as_deref(),
        kind: TagKind::Id,
        names: &["guardian.id", "guardian"],
    },
    Usual {
        text: |p| p.guardian_name.as_deref(),
        kind: TagKind::Name,
        names: &["guardian.name", "guardian_name"],
    },
    Usual { text: |p| p.account.as_deref(), kind: TagKind::Account, names: &["account"] },
    Usual { text: |p| p.holder.as_deref(), kind: TagKind::Name, names: &["holder", "holder_name"] },
    Usual {
        text: |p| p.chassis.as_deref(),
        kind: TagKind::Chassis,
        names: &["chassis", "asked.chassis"],
    },
    Usual {
        text: |p| p.engine.as_deref(),
        kind: TagKind::Engine,
        names: &["engine", "asked.engine"],
    },
    Usual { text: |p| p.blank.as_deref(), kind: TagKind::Blank, names: &["blank"] },
];

/// Types that may be the first to name a person.
const FIRST_MENTIONS: [&str; 4] =
    ["application.submitted", "certificate.legacy_imported", "person.recorded", "payment.executed"];

/// What the schema of a type says of its fields.
pub(super) struct Known {
    schema: Value,
    first_mention: bool,
}

impl Known {
    pub(super) fn of(name: &str) -> Result<Self, AskError> {
        let schema = Body::schema_of(name).ok_or_else(|| {
            AskError::refused("the event type is not in the catalogue")
                .hinted("events/README.md lists the types")
        })?;
        let first_mention = FIRST_MENTIONS.contains(&name);
        Ok(Self { schema: schema.to_value(), first_mention })
    }

    /// Fills in the tags of personal fields, where they are not there.
    pub(super) fn fill_tags(
        &self,
        data: &mut Map<String, Value>,
        personal: &Personal,
        tagger: &Tagger,
    ) {
        let properties = &self.schema["properties"];
        let sound = personal.name.as_deref().and_then(|name| tagger.name_sound(name));
        if let Some(sound) = sound.filter(|_| is_tag(&properties["name_sound"])) {
            data.entry("name_sound").or_insert_with(|| json!(sound));
        }
        let id = personal.id_number.as_deref().and_then(|id| id.parse::<CitizenId>().ok());
        let meant = id.map(|id| tagger.meant_ids(&id)).filter(|meant| !meant.is_empty());
        if let Some(meant) = meant.filter(|_| !properties["meant_ids"].is_null()) {
            data.entry("meant_ids").or_insert_with(|| json!(meant));
        }
        let home = personal.address.as_deref().and_then(|address| tagger.dwelling(address));
        if let Some(home) = home.filter(|_| is_tag(&properties["dwelling"])) {
            data.entry("dwelling").or_insert_with(|| json!(home));
        }
        for Usual { text, kind, names } in USUAL {
            let Some(text) = text(personal) else { continue };
            for name in *names {
                let tag = || json!(tagger.tag(*kind, text));
                match name.split_once('.') {
                    Some((outer, inner)) if self.is_object(&properties[outer]) => {
                        let object = data.entry(outer).or_insert_with(|| json!({}));
                        if let Some(object) = object.as_object_mut() {
                            object.entry(inner).or_insert_with(tag);
                        }
                    }
                    None if is_tag(&properties[*name]) => {
                        data.entry(*name).or_insert_with(tag);
                    }
                    Some(_) | None => {}
                }
            }
        }
    }

    /// Fills in what an ID number says by itself, where the type asks for it: its form, and of a
    /// valid one the birth date and sex.
    pub(super) fn fill_number(&self, data: &mut Map<String, Value>, personal: &Personal) {
        let number = personal.id_number.as_deref().and_then(|id| id.parse::<CitizenId>().ok());
        let Some(number) = number else { return };
        let form = number.form();
        let valid = (form == IdForm::Valid).then_some(&number);
        let fields = [
            ("id_form", Some(json!(form))),
            ("birth_date", valid.and_then(CitizenId::birth_date).map(|day| json!(day))),
            ("sex", valid.map(|number| json!(number.sex()))),
        ];
        for (name, value) in fields {
            if let Some(value) = value.filter(|_| self.is_required(name)) {
                data.entry(name).or_insert(value);
            }
        }
    }

    /// Fields that the type needs and `data` does not have.
    pub(super) fn missing(&self, data: &Map<String, Value>) -> Vec<&str> {
        self.required().filter(|name| !data.contains_key(*name)).collect()
    }

    /// Fields in `data` that the type does not know, where they look like names of fields.
    pub(super) fn unknown<'a>(&self, data: &'a Map<String, Value>) -> Vec<&'a str> {
        let is_name = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let known = |name: &&str| !self.schema["properties"][*name].is_null();
        data.keys().map(String::as_str).filter(is_name).filter(|name| !known(name)).collect()
    }

    fn is_object(&self, field: &Value) -> bool {
        definition(field).is_some_and(|name| self.schema["$defs"][name]["properties"].is_object())
    }

    fn is_required(&self, name: &str) -> bool {
        self.required().any(|required| required == name)
    }

    fn required(&self) -> impl Iterator<Item = &str> {
        self.schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// Fills in the person, asking `known` (with the ID tag in `data`) who it is; a type that may
    /// be the first to name a person draws a new pseudonym. Answers with the person of the event.
    pub(super) fn fill_person<E: Into<AskError>>(
        &self,
        data: &mut Map<String, Value>,
        known: impl FnOnce(Option<Tag>) -> Result<Option<PersonId>, E>,
    ) -> Result<Option<PersonId>, AskError> {
        if let Some(person) = data.get("person") {
            return Ok(person.as_str().and_then(|text| text.parse().ok()));
        }
        if self.schema["properties"]["person"].is_null() {
            return Ok(None);
        }
        let id = data.get("id").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let person = match known(id).map_err(Into::into)? {
            None if self.first_mention => Some(PersonId(random_bytes()?)),
            known => known,
        };
        if let Some(person) = person {
            data.insert("person".to_owned(), json!(person));
        }
        Ok(person)
    }
}

/// Draws the id of a vehicle that is applied for with `new` in its place: the numbers on it tell
/// whether it is the same as another.
pub(super) fn fill_vehicle(data: &mut Map<String, Value>) -> Result<(), AskError> {
    if let Some(vehicle) = data.get_mut("vehicle").filter(|id| id.as_str() == Some("new")) {
        *vehicle = json!(VehicleId(random_bytes()?));
    }
    Ok(())
}

/// Says whether a field is a tag: the schema names it so.
fn is_tag(field: &Value) -> bool {
    definition(field) == Some("Tag")
}

/// The type a field refers to.
fn definition(field: &Value) -> Option<&str> {
    field["$ref"].as_str()?.strip_prefix("#/$defs/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::TagKey;

    fn personal(fields: Value) -> Personal {
        serde_json::from_value(fields).unwrap()
    }

    fn filled(name: &str, personal: &Personal) -> Vec<String> {
        let tagger = Tagger::new(&TagKey::new(1, [5; 32]).unwrap(), "example.org/a");
        let mut data = Map::new();
        Known::of(name).unwrap().fill_tags(&mut data, personal, &tagger);
        let mut filled: Vec<_> = data.keys().cloned().collect();
        filled.sort();
        filled
    }

    #[test]
    fn tags_are_filled_where_the_type_has_them() {
        let personal = personal(json!({
            "id_number": "11010519491231002X",
            "name": "李生林",
            "phone": "13800000000",
            "guardian_name": "范艳",
            "account": "6217000000000000000",
            "address": "东村3组5号",
        }));
        let rows: &[(&str, &[&str])] = &[
            ("application.submitted", &["guardian", "id", "name", "name_sound", "phone"]),
            ("person.corrected", &["name", "name_sound", "phone"]),
            ("identity.corrected", &["to"]),
            ("guardian.recorded", &["guardian_name"]),
            ("payment.executed", &["account", "id", "name"]),
            ("works.accepted", &["dwelling"]),
            ("certificate.cancelled", &[]),
        ];
        for (name, expected) in rows {
            assert_eq!(filled(name, &personal), *expected, "{name}");
        }
    }

    #[test]
    fn a_valid_number_says_birth_date_and_sex_and_missing_fields_are_named() {
        let known = Known::of("application.submitted").unwrap();
        let filled = |number: &str| {
            let mut data = Map::new();
            known.fill_number(&mut data, &personal(json!({ "id_number": number })));
            Value::Object(data)
        };
        assert_eq!(
            filled("11010519491231002X"),
            json!({ "id_form": "valid", "birth_date": "1949-12-31", "sex": "female" })
        );
        assert_eq!(filled("110105194912310021"), json!({ "id_form": "bad_check" }));
        assert_eq!(filled("none"), json!({}));
        let missing = known.missing(&Map::new());
        assert!(missing.contains(&"channel") && !missing.contains(&"phone"), "{missing:?}");
    }

    #[test]
    fn a_person_is_the_known_one_or_new_at_a_first_mention() {
        let known = PersonId([4; 16]);
        let fill = |name: &str, answer: Option<PersonId>| {
            let mut data = Map::new();
            let fill = |_| Ok::<_, AskError>(answer);
            Known::of(name).unwrap().fill_person(&mut data, fill).unwrap()
        };
        assert_eq!(fill("certificate.frozen", Some(known)), Some(known));
        assert_eq!(fill("certificate.frozen", None), None);
        assert_eq!(fill("application.submitted", Some(known)), Some(known));
        assert!(fill("application.submitted", None).is_some());
        assert_eq!(fill("actor.suspended", Some(known)), None);
    }
}
