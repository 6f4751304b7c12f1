#[test]
fn dump() {
    for name in mingzheng::event::Body::NAMES {
        let s = mingzheng::event::Body::schema_of(name).unwrap();
        std::fs::write(format!("/tmp/cat/{name}.json"), serde_json::to_string_pretty(&s).unwrap()).unwrap();
    }
}
