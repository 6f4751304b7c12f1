//! What people take away from a ledger: the strict-review report and evidence packs.

use std::{fs, io::Read, process::Command};

use super::Desk;

fn county() -> Desk {
    let desk = Desk::new();
    desk.json(&["demo", "--people", "40", "--seed", "5"]);
    fs::copy(desk.path("ledger/keys/vault.key"), desk.path("vault.key")).unwrap();
    desk
}

/// Unpacks a zip into a folder of the desk.
fn unpack(desk: &Desk, file: &str, to: &str) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(fs::File::open(desk.path(file)).unwrap()).unwrap();
    let mut names = Vec::new();
    for number in 0..zip.len() {
        let mut inside = zip.by_index(number).unwrap();
        let mut bytes = Vec::new();
        inside.read_to_end(&mut bytes).unwrap();
        let name = inside.name().unwrap().into_owned();
        let path = desk.path(to).join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        names.push(name);
    }
    names
}

/// Runs the pack's own checker; gives its exit code and what it said.
fn check(desk: &Desk, folder: &str, more: &[&str]) -> (i32, String) {
    let mut python = Command::new("python3");
    let ran = python.arg("check.py").args(more).current_dir(desk.path(folder)).output().unwrap();
    (ran.status.code().unwrap(), String::from_utf8(ran.stdout).unwrap())
}

#[test]
fn a_report_counts_what_happened_and_names_the_entries() {
    let desk = county();
    let report = desk.json(&["report", "strict-review", "--from", "2020-01-01", "-o", "r.html"]);
    let figures = &report["figures"];
    let listed = desk.run(&["--json", "list", "statistics"]).out;
    let events = |name: &str| {
        let lines =
            listed.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines
            .filter(|line| line["name"] == name)
            .map(|line| line["count"].as_i64().unwrap())
            .sum::<i64>()
    };
    let issued = figures["issued"]["all"]["count"].as_i64().unwrap();
    assert!(issued > 10);
    assert_eq!(issued, events("certificate.issued"));
    let by_month = listed.lines().filter(|line| line.contains(r#""what":"issued""#)).count();
    assert!(by_month > 1, "certificates are counted by month and division");
    assert_eq!(issued, events("certificate"));
    assert_eq!(figures["issued"]["gated"]["held"]["count"], issued);
    assert_eq!(figures["outcomes"]["approved"]["count"], events("certificate.approved"));
    assert_eq!(figures["outcomes"]["refused"]["count"], events("certificate.refused"));
    assert_eq!(figures["objections"]["raised"]["count"], events("objection.raised"));
    assert_eq!(report["verified"]["ok"], true);
    // Every step that was counted took a notice of five working days or more.
    let steps = figures["steps"].as_array().unwrap();
    let notice = steps.iter().find(|line| line["step"] == "notice").unwrap();
    assert!(notice["days"]["median"].as_u64().unwrap() >= 5);
    assert_eq!(notice["beyond"]["count"], 0);
    let page = fs::read_to_string(desk.path("r.html")).unwrap();
    assert!(page.contains("严格审核情况报告") && page.contains("<svg"));
    assert!(!page.contains("<script") && !page.contains("src="));
    // Another division, and a time before anything happened, have nothing.
    for more in [
        ["--division", "411721", "--from", "2020-01-01", "--to", "2030-01-01"],
        ["--division", "411700", "--from", "2000-01-01", "--to", "2001-01-01"],
    ] {
        let none = desk.json(&[&["report", "strict-review"][..], &more].concat());
        assert_eq!(none["figures"]["issued"]["all"]["count"], 0);
    }
}

#[test]
fn a_report_as_of_an_entry_counts_what_was_known_then() {
    let desk = county();
    let report = |more: &[&str]| {
        desk.json(&[&["report", "strict-review", "--from", "2020-01-01"], more].concat())
    };
    let now = report(&[]);
    assert!(now.get("known").is_none());
    let issued = now["figures"]["issued"]["all"]["indexes"].as_str().unwrap().to_owned();
    let third: u64 = issued.split(", ").nth(2).unwrap().parse().unwrap();
    let then = report(&["--as-of", &third.to_string()]);
    assert_eq!(then["figures"]["issued"]["all"]["count"], 3);
    assert_eq!(then["known"]["entries"], third + 1);
    assert_eq!(then["checkpoint"], now["checkpoint"], "the newest covers what was known before");
    // The entry before it had not been issued; the last entry knows all; a day can end before.
    let before = report(&["--as-of", &(third - 1).to_string()]);
    assert_eq!(before["figures"]["issued"]["all"]["count"], 2);
    assert_ne!(before["known"]["root"], then["known"]["root"]);
    let size = now["entries"].as_u64().unwrap();
    let today = now["figures"]["to"].as_str().unwrap();
    let all = report(&["--as-of", &(size - 1).to_string(), "--on", today]);
    assert_eq!((&all["figures"], &all["known"]["root"]), (&now["figures"], &now["root"]));
    let its_day = then["figures"]["to"].as_str().unwrap();
    assert_eq!(report(&["--as-of", &third.to_string(), "--on", its_day]), then);
    let none = report(&["--as-of", &third.to_string(), "--on", "2020-01-02"]);
    assert_eq!(none["figures"]["issued"]["all"]["count"], 0);
    let past =
        desk.error(1, &["report", "strict-review", "--from", "2020-01-01", "--as-of", "99999"]);
    assert_eq!(past["kind"], "refused");
}

#[test]
fn a_pack_is_checked_without_the_program_and_a_changed_one_is_refused() {
    let desk = county();
    let listed = desk.run(&["--json", "list", "certificates"]).out;
    let first: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = format!("person:{}", first["person"].as_str().unwrap());
    let written = desk.json(&["pack", &person, "-o", "p.zip"]);
    let names = unpack(&desk, "p.zip", "p");
    let receipts = names.iter().filter(|name| name.starts_with("receipts/")).count();
    assert_eq!(written["entries"].as_u64().unwrap(), receipts as u64);
    let history = desk.run(&["--json", "history", &person]).out;
    assert!(written["steps"].as_u64().unwrap() >= history.lines().count() as u64);

    let vkey = fs::read_to_string(desk.path("ledger/keys/ledger.vkey")).unwrap();
    let genesis = fs::read_to_string(desk.path("p/genesis.txt")).unwrap();
    let known = ["--vkey", vkey.trim(), "--genesis", genesis.trim()];
    let (code, said) = check(&desk, "p", &known);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(&format!("{receipts} entries")));
    // The same receipts hold for the program too.
    let receipt =
        format!("p/{}", names.iter().rfind(|name| name.starts_with("receipts/")).unwrap());
    desk.json(&["receipt", "verify", &receipt, "--vkey", vkey.trim()]);

    // Another key, another ledger's entry 0, an entry changed, a signer left out.
    let other = desk.path("p/ledger.vkey");
    let wrong = fs::read_to_string(&other).unwrap().replace("demo.", "demx.");
    assert_eq!(check(&desk, "p", &["--vkey", wrong.trim()]).0, 1);
    let (code, said) = check(&desk, "p", &["--vkey", vkey.trim(), "--genesis", "AAAA"]);
    assert_eq!(code, 1, "{said}");
    let path = desk.path(&receipt);
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().nth(1).unwrap();
    let at = line.len() / 2;
    let flipped = if &line[at..=at] == "A" { "B" } else { "A" };
    let changed = format!("{}{flipped}{}", &line[..at], &line[at + 1..]);
    fs::write(&path, text.replace(line, &changed)).unwrap();
    assert_eq!(check(&desk, "p", &known).0, 1);
    fs::write(&path, &text).unwrap();
    assert_eq!(check(&desk, "p", &known).0, 0);
    fs::remove_file(desk.path("p/receipts/000000000000.txt")).unwrap();
    let (code, said) = check(&desk, "p", &known);
    assert_eq!(code, 1);
    assert!(said.contains("enrolled"), "{said}");
}

/// Writes the sums of a folder anew, as whoever forges would.
fn sum_anew(desk: &Desk, folder: &str) {
    let script = "import hashlib, pathlib\n\
        files = [f for f in sorted(pathlib.Path('.').rglob('*')) if f.is_file() and f.name != 'SHA256SUMS']\n\
        lines = [f'{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.as_posix()}\\n' for f in files]\n\
        pathlib.Path('SHA256SUMS').write_text(''.join(lines))\n";
    let ran = Command::new("python3").args(["-c", script]).current_dir(desk.path(folder)).status();
    assert!(ran.unwrap().success());
}

/// Who was paid out of an authorised payroll, or by a roll.
fn paid(desk: &Desk) -> String {
    let listed = desk.run(&["--json", "list", "certificates"]).out;
    let persons = listed.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("person:{}", line["person"].as_str().unwrap())
    });
    persons
        .into_iter()
        .find(|person| {
            let history = desk.run(&["--json", "history", person]).out;
            history.contains("payment.executed") && history.contains("payroll.prepared")
        })
        .expect("the county pays by payrolls")
}

#[test]
fn a_pack_has_what_its_payments_rest_on_and_every_edit_is_refused() {
    let desk = county();
    let person = paid(&desk);
    desk.json(&["pack", &person, "-o", "p.zip"]);
    let names = unpack(&desk, "p.zip", "p");
    let read = |name: &str| fs::read_to_string(desk.path("p").join(name)).unwrap();
    let write = |name: &str, text: &str| fs::write(desk.path("p").join(name), text).unwrap();
    let (code, said) = check(&desk, "p", &[]);
    assert_eq!(code, 0, "{said}");

    // Whoever prepared a payroll, who authorised it, and what set the amount that was paid.
    let timeline: serde_json::Value = serde_json::from_str(&read("timeline.json")).unwrap();
    let steps = timeline["steps"].as_array().unwrap();
    let of = |name: &str| steps.iter().filter(|step| step["type"] == name).count();
    assert!(of("payment.executed") > 0);
    assert_eq!(of("payroll.prepared"), of("payroll.authorised"));
    let texts = |place: &str| names.iter().filter(|name| name.starts_with(place)).count();
    assert!(texts("calendars/") > 0);
    let policies: Vec<String> =
        names.iter().filter(|name| name.starts_with("policies/")).map(|name| read(name)).collect();
    assert!(policies.iter().any(|text| text.contains("amount_fen")), "{policies:?}");
    assert!(read("README.txt").contains("SHA256SUMS"));

    // Each edit is found by the sums; with the sums written anew, by what the entries say.
    let policy = names.iter().find(|name| name.starts_with("policies/")).unwrap();
    let endorsed = steps.iter().find(|step| step["type"] == "endorsed").unwrap();
    let receipt = format!("receipts/{:012}.txt", endorsed["index"].as_u64().unwrap());
    let (page, json) = (read("timeline.html"), read("timeline.json"));
    let yuan = |text: &str| text.replacen("60.00", "90.00", 1);
    assert_ne!(yuan(&page), page, "sixty yuan were paid");
    let edits: [(&str, Option<String>, &str); 7] = [
        (policy, Some(format!("{}\n# more\n", read(policy))), "not the text that was published"),
        (policy, None, "it is missing"),
        ("policies/more.toml", Some("version = 1\n".to_owned()), "no entry of the pack published"),
        ("timeline.html", Some(yuan(&page)), "not what timeline.json says"),
        ("timeline.html", Some(page.replace("</ol>", "<li>x</li></ol>")), "not what timeline"),
        ("timeline.json", Some(yuan(&json)), "not what the entry says"),
        (&receipt, None, "has no receipt in the pack"),
    ];
    for (name, text, expected) in edits {
        let before = fs::read_to_string(desk.path("p").join(name)).ok();
        let sums = read("SHA256SUMS");
        match &text {
            Some(text) => write(name, text),
            None => fs::remove_file(desk.path("p").join(name)).unwrap(),
        }
        let (code, said) = check(&desk, "p", &[]);
        assert_eq!(code, 1, "{name}: {said}");
        sum_anew(&desk, "p");
        let (code, said) = check(&desk, "p", &[]);
        assert_eq!(code, 1, "{name}: {said}");
        assert!(said.contains(expected), "{name}: {said}");
        match before {
            Some(before) => write(name, &before),
            None => fs::remove_file(desk.path("p").join(name)).unwrap(),
        }
        write("SHA256SUMS", &sums);
        assert_eq!(check(&desk, "p", &[]).0, 0, "{name} put back");
    }
    // What nothing else proves, the sums still show: a file added, and this text.
    write("more.txt", "more");
    assert!(check(&desk, "p", &[]).1.contains("it was added"));
    fs::remove_file(desk.path("p/more.txt")).unwrap();
    write("README.txt", "trust this");
    assert!(check(&desk, "p", &[]).1.contains("it was changed"));
}

#[test]
fn names_are_in_a_pack_only_when_revealed() {
    let desk = county();
    let listed = desk.run(&["--json", "list", "certificates"]).out;
    let first: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = format!("person:{}", first["person"].as_str().unwrap());
    desk.json(&["pack", &person, "-o", "plain.zip"]);
    desk.json(&["pack", &person, "-o", "named.zip", "--reveal"]);
    let history = desk.run(&["--json", "history", &person, "--reveal"]).out;
    let name = history
        .lines()
        .find_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["personal"]["name"].as_str().map(str::to_owned)
        })
        .unwrap();
    unpack(&desk, "plain.zip", "plain");
    unpack(&desk, "named.zip", "named");
    let page = |folder: &str| fs::read_to_string(desk.path(folder).join("timeline.html")).unwrap();
    assert!(page("named").contains(&name));
    assert!(!page("plain").contains(&name));
    // An entry by its index is no subject of a pack, and nothing is written over.
    assert_eq!(desk.run(&["pack", "3", "-o", "x.zip"]).code, 2);
    assert_eq!(desk.run(&["pack", &person, "-o", "plain.zip"]).code, 1);
}
