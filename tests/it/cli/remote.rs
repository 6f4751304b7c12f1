//! Commands over a server: each is run on a ledger of its own and, over HTTP, on a twin of it, and
//! has to say the same and end the same.

mod rolls;

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    Desk, Ran,
    service::{Service, demo},
    text,
};

const INSPECTOR: &str = "411700-inspector-1";
const SUPERVISOR: &str = "411700-supervisor-1";
const WELFARE: &str = "411700-civil-1";

/// A ledger in `ledger`, and its twin in `twin`, which is served.
struct Twins {
    desk: Desk,
    service: Service,
}

fn key(actor: &str) -> String {
    format!("ledger/keys/demo/{actor}.key")
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/rolls/{name}", env!("CARGO_MANIFEST_DIR"))
}

impl Twins {
    fn of(desk: Desk) -> Self {
        copy(&desk.path("ledger"), &desk.path("twin"));
        let args = ["serve", "--listen", "127.0.0.1:0", "--json", "--ledger", "twin"];
        let many = ["--actor-burst", "10000", "--peer-burst", "10000"];
        let mut command = desk.command(&[&args[..], &many].concat());
        let service = Service::spawn(command.env_remove("MINGZHENG_VAULT_KEY"));
        Self { desk, service }
    }

    /// A demo ledger of the small rolls.
    fn of_rolls() -> Self {
        let desk = Desk::new();
        assert_eq!(demo(&desk, &["demo", "--rolls", &fixture("")]).code, 0);
        Self::of(desk)
    }

    fn own(&self, args: &[&str]) -> Ran {
        demo(&self.desk, &[args, &["--json"]].concat())
    }

    fn served(&self, actor: &str, args: &[&str]) -> Ran {
        let at = ["--server", &self.service.address, "--key", &key(actor), "--json"];
        demo(&self.desk, &[args, &at].concat())
    }

    /// Runs a command both ways; gives the last line of what both said.
    fn both(&self, own: &Ran, served: &Ran, args: &[&str]) -> Value {
        assert_eq!(own.code, served.code, "{args:?}\n{own:?}\n{served:?}");
        assert_eq!(alike(&own.out), alike(&served.out), "{args:?}\n{own:?}\n{served:?}");
        let last = own.out.lines().last().map(|line| serde_json::from_str(line).unwrap());
        if own.code != 0 && last.is_none() {
            // What is wrong is the last thing said.
            let said = |ran: &Ran| -> Value {
                serde_json::from_str(ran.talk.lines().last().unwrap()).unwrap()
            };
            assert_eq!(said(own), said(served), "{args:?}");
            return said(own)["error"].clone();
        }
        last.unwrap_or_default()
    }

    /// A command that asks: the server is asked as `actor`.
    fn ask(&self, actor: &str, args: &[&str]) -> Value {
        self.both(&self.own(args), &self.served(actor, args), args)
    }

    /// A command that `actor` signs; a server's command says what before.
    fn act(&self, actor: &str, args: &[&str]) -> Value {
        let (said, talk) = self.sign(actor, args);
        if said["index"].is_u64() {
            assert!(talk.contains("即将签署"), "{talk}");
        }
        said
    }

    /// A command that `actor` signs; gives the last line of what both said, and the server's talk.
    fn sign(&self, actor: &str, args: &[&str]) -> (Value, String) {
        let own = self.own(&[args, &["--key", &key(actor)]].concat());
        let served = self.served(actor, args);
        (self.both(&own, &served, args), served.talk)
    }

    /// A proposal, and the endorsement of its last statement.
    fn act_by_two(&self, actor: &str, args: &[&str], second: &str) {
        let index = self.act(actor, args)["index"].to_string();
        self.act(second, &["endorse", &index]);
    }
}

/// What was said, without what is drawn anew on each of two ledgers: ids, and the hashes of
/// statements that hold the random token of their signature.
fn alike(said: &str) -> String {
    let is_id = |word: &str| {
        [26, 52].contains(&word.len())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
    };
    let mut alike = String::new();
    for word in said.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        alike.push_str(&if is_id(bare) { word.replace(bare, "ID") } else { word.to_owned() });
    }
    alike
}

#[test]
fn a_flag_is_worked_to_its_end_over_a_server() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    // The ledger's own key signs: here its file, there whoever asks the server.
    let raise = ["flags", "raise"];
    let raised = twins.ask(SUPERVISOR, &raise);
    assert_eq!(raised["act"], "raised");
    assert!(twins.ask(SUPERVISOR, &raise).is_null(), "raised twice");

    let queue = demo(desk, &["queue", "--json"]).out;
    let queue: Vec<Value> = queue.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |remedy: &str| {
        let found = queue.iter().find(|line| line["remedy"] == remedy);
        text(found.unwrap_or_else(|| panic!("{remedy}: {queue:?}")), "flag_id").to_owned()
    };
    let (paid, unpaid) = (of("recover"), of("help"));
    twins.act(SUPERVISOR, &["assign", &paid[..12], INSPECTOR]);
    let index = twins.act(INSPECTOR, &["verdict", &paid, "needs-field", "--reason", "去核实"]);
    // An entry of its life names a flag too.
    let index = index["index"].to_string();
    desk.write("notes.txt", "走访记录");
    let papers = ["--evidence", "inquiry_record=notes.txt"];
    let confirmed = ["verdict", &index, "confirmed", "--reason", "属实"];
    let given = twins.act(INSPECTOR, &[&confirmed[..], &papers].concat());
    let given = given["index"].to_string();
    let paper = twins.ask(INSPECTOR, &["evidence", "check", "notes.txt", "--entry", &given]);
    assert_eq!(paper["kind"], "inquiry_record");
    desk.write("other.txt", "别的");
    let other = twins.ask(INSPECTOR, &["evidence", "check", "other.txt", "--entry", &given]);
    assert!(text(&other, "message").starts_with("evidence_differs"), "{other}");
    let none = twins.ask(INSPECTOR, &["evidence", "check", "notes.txt", "--entry", "3"]);
    assert!(text(&none, "message").contains("refers to no document"), "{none}");

    let order = ["recover", "order", &paid, "--due", "2027-12-31"];
    twins.act_by_two(WELFARE, &order, SUPERVISOR);
    let over = [&order[..], &["--amount", "0.01"]].concat();
    assert_eq!(text(&twins.act(WELFARE, &over), "code"), "over_money_at_risk");
    twins.act("411700-finance-1", &["recover", "received", &paid, "--amount", "20.5"]);
    twins.act_by_two(WELFARE, &["recover", "waive", &paid, "--ground", "特别困难"], SUPERVISOR);
    twins.act(INSPECTOR, &["verdict", &unpaid, "confirmed", "--reason", "属实"]);
    twins.act("411702-clerk-1", &["aid", &unpaid, "granted", "--what", "已纳入", "--amount", "60"]);
    for which in ["recover", "help"] {
        assert!(twins.ask(INSPECTOR, &["queue", which]).is_null(), "{which}");
    }

    // Whoever may not is told the same, and nothing is signed that names no flag.
    let verdict = ["verdict", &paid, "dismissed", "--reason", "x"];
    assert_eq!(text(&twins.act(WELFARE, &verdict), "code"), "role_may_not_sign");
    for nobody in ["aaaaaaaaaaaa", "aaa", "3", "99999999", "../flags", ""] {
        let none = twins.act(INSPECTOR, &["verdict", nobody, "confirmed", "--reason", "x"]);
        assert_eq!(text(&none, "message"), "no flag on the log has that id", "{nobody}");
    }
    assert_eq!(twins.service.end(), 0);
    for ledger in ["ledger", "twin"] {
        assert_eq!(demo(desk, &["verify", "--strict", "--ledger", ledger]).code, 0);
    }
}

#[test]
fn actors_policies_and_erasures_are_signed_over_a_server() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    let keys = "411700-keys-1";
    let public = desk.key("new");
    let enrol = ["actor", "enrol", "411702-new-1", "--role", "clerk", "--organisation", "区残联"];
    let of = ["--division", "411702", "--public-key", &public];
    let tagged = ["--person-id", "990000194912310026", "--relation", "spouse:990000194912310034"];
    twins.act_by_two(keys, &[&enrol[..], &of, &tagged].concat(), SUPERVISOR);
    // The tags are those that the vault makes: the same on both.
    let last = |ledger: &str| -> Value {
        let ran = demo(desk, &["history", "actor:411702-new-1", "--json", "--ledger", ledger]);
        serde_json::from_str(ran.out.lines().next().unwrap()).unwrap()
    };
    let wrong =
        twins.act(keys, &[&enrol[..], &of, &["--person-id", "990000194912310027"]].concat());
    assert!(text(&wrong, "message").contains("ID number"), "{wrong}");
    let public = desk.key("newer");
    let rotate = ["actor", "rotate", "411702-new-1", "--public-key", &public, "--reason", "旧钥"];
    twins.act_by_two(keys, &rotate, SUPERVISOR);
    twins.act(SUPERVISOR, &["actor", "suspend", "411702-new-1", "--reason", "调离"]);

    twins.act("411700-approver-1", &["calendar", "publish"]);
    let defaults = ["policy", "publish", "--defaults"];
    twins.act("411700-approver-1", &defaults);
    assert_eq!(
        text(&twins.act("411702-clerk-1", &["calendar", "publish"]), "code"),
        "role_may_not_sign"
    );

    let listed = demo(desk, &["list", "certificates", "--json"]).out;
    let first: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    let person = format!("person:{}", text(&first, "person"));
    let certificate = format!("certificate:{}", text(&first, "certificate"));
    let erase = |who| ["erase", who, "--basis", "art. 47", "--final-on", "2027-01-31"];
    let index = twins.act("411700-privacy-1", &erase(&certificate))["index"].to_string();
    let own = twins.own(&["endorse", &index, "--key", &key(keys)]);
    let served = twins.served(keys, &["endorse", &index]);
    twins.both(&own, &served, &["endorse"]);
    assert!(own.talk.contains("vault rewrite") && served.talk.contains("vault rewrite"));
    let again = twins.act("411700-privacy-1", &erase(&person));
    assert!(text(&again, "message").contains("no data key"), "{again}");
    assert_eq!(twins.service.end(), 0);
    assert_eq!(last("ledger")["data"], last("twin")["data"]);
    for ledger in ["ledger", "twin"] {
        assert_eq!(demo(desk, &["verify", "--strict", "--ledger", ledger]).code, 0);
    }
}

#[test]
fn reports_packs_and_proofs_are_the_same() {
    let twins = Twins::of_rolls();
    let desk = &twins.desk;
    let same = |actor: &str, args: &[&str]| {
        let (own, served) = (twins.own(args), twins.served(actor, args));
        assert_eq!((own.code, served.code), (0, 0), "{args:?} {own:?} {served:?}");
        assert_eq!(own.out, served.out, "{args:?}");
        let last = own.out.lines().last().unwrap();
        serde_json::from_str::<Value>(last).unwrap()
    };
    let listed = same(INSPECTOR, &["list", "certificates"]);
    let certificate = format!("certificate:{}", text(&listed, "certificate"));
    let person = format!("person:{}", text(&listed, "person"));
    for what in ["certificates", "payments"] {
        let entry = same(INSPECTOR, &["list", what])["entry"].to_string();
        let then = same(INSPECTOR, &["list", what, "--as-of", &entry]);
        assert_eq!(then["entry"].to_string(), entry, "what came later is not known");
    }
    same(INSPECTOR, &["list", "actors", "--on", "2026-08-01"]);
    same(INSPECTOR, &["checkpoint"]);
    same(INSPECTOR, &["prove", "12"]);
    desk.write("paper", "材料");
    // A document about nobody alone, and one about somebody; the salts are the vault's.
    same(INSPECTOR, &["evidence", "hash", "paper"]);
    same(INSPECTOR, &["evidence", "hash", "paper", "--person", &person]);
    same(INSPECTOR, &["evidence", "hash", "paper", "--person", &certificate]);

    // Files that are written are the same to the byte.
    let written = |actor: &str, args: &[&str], name: &str| {
        let own = twins.own(&[args, &["-o", name]].concat());
        let bytes = fs::read(desk.path(name)).unwrap();
        fs::remove_file(desk.path(name)).unwrap();
        let served = twins.served(actor, &[args, &["-o", name]].concat());
        assert_eq!((own.code, &own.out), (served.code, &served.out), "{args:?}\n{served:?}");
        assert!(bytes == fs::read(desk.path(name)).unwrap(), "{args:?}: {name} differs");
        fs::remove_file(desk.path(name)).unwrap();
        bytes
    };
    let strict = ["report", "strict-review", "--from", "2020-01-01"];
    same(INSPECTOR, &strict);
    same(INSPECTOR, &[&strict[..], &["--as-of", "300"]].concat());
    let page = written(INSPECTOR, &strict, "report.html");
    assert!(String::from_utf8(page).unwrap().contains("<!DOCTYPE html>"));
    for who in [&person, &certificate, "actor:411702-clerk-1", "programme:rates"] {
        written("411700-clerk-1", &["pack", who], "pack.zip");
    }
    let entry = twins.ask(INSPECTOR, &["pack", "3", "-o", "pack.zip"]);
    assert_eq!(text(&entry, "message"), "a pack is about a person, a certificate or a subject");

    // A name on a timeline is a look, which has a purpose and stands on the ledger.
    let named = ["pack", &person, "-o", "pack.zip", "--reveal"];
    assert_eq!(twins.served(INSPECTOR, &named).code, 2);
    let looked = twins.served(INSPECTOR, &[&named[..], &["--purpose", "核查"]].concat());
    assert_eq!(looked.code, 0, "{looked:?}");
    let history = twins.served(INSPECTOR, &["history", &person]);
    assert!(history.out.lines().last().unwrap().contains("query.logged"), "{history:?}");

    // Who covers another division gets nothing of it, and nothing is written.
    let listed = demo(desk, &["list", "payments", "--json"]).out;
    let mut paid = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let elsewhere = paid.find(|line| line["division"] == "411729").unwrap();
    let other = format!("person:{}", text(&elsewhere, "person"));
    let refused = twins.served("411702-clerk-1", &["pack", &other, "-o", "none.zip"]);
    assert!(refused.code == 1 && refused.talk.contains("does not cover"), "{refused:?}");
    let region =
        twins.served("411702-approver-1", &[&strict[..], &["--division", "411703"]].concat());
    assert!(region.code == 1 && region.talk.contains("does not cover"), "{region:?}");
    assert!(!desk.path("none.zip").exists());
    let address = twins.service.address.clone();
    assert_eq!(twins.service.end(), 0);
    // And when nobody answers.
    let key = key(INSPECTOR);
    let at = ["--server", &address, "--key", &key];
    for args in [&["checkpoint"][..], &["endorse", "3"], &["import", "paper"], &["flags", "raise"]]
    {
        let gone = demo(desk, &[args, &at].concat());
        assert!(gone.code == 1 && gone.talk.contains("asking the server"), "{args:?} {gone:?}");
    }
}
