//! `demo`: a ledger to look at, with sample actors for every role.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use serde::Serialize;

use super::{
    error::CliError,
    flags::raise_all,
    folder, import,
    moment::When,
    output::talk,
    reading::{Reading, bar},
    secrets::write_key,
    serve::{Said, serve},
    session::{DEMO_KEYS, NOTE_KEY, SYSTEM_KEY, Session},
    vault_key,
};
use crate::demo::{
    CITY_MONTHS, City, CityOptions, CountyOptions, CountyReport, DemoHouse, run_county,
};
use crate::ledger::{Clock, Options, SetClock, SystemClock};
use crate::rolls::{Hint, ImportOptions, RollKind, read_roll};
use crate::service::Settings;
use crate::value::{Day, FactKind};

/// How much of the story of a demo that is served is still to come: enough that applications come
/// in to the last day, and cases stand at every step.
const OPEN_DAYS: u32 = 110;
/// The name of demo ledgers.
const ORIGIN: &str = "demo.mingzheng.example/zhumadian";

/// Make a demo ledger from rolls, or from a small synthetic county (演示)
///
/// Keys are unencrypted, marked DEMO, and refused by any ledger that is not a demo.
#[derive(Args)]
pub(super) struct Demo {
    /// Import the rolls of this folder, each signed by the role that would send it
    #[arg(long, value_name = "DIR")]
    rolls: Option<PathBuf>,
    /// People of the synthetic county [default: 200; 2000 when it is served]
    #[arg(long, value_name = "N", conflicts_with = "rolls")]
    people: Option<u32>,
    /// Seed of the synthetic county
    #[arg(long, default_value_t = 1, value_name = "S", conflicts_with = "rolls")]
    seed: u64,
    /// Write which flags are due to this file (CSV: rule,id_number,programme,month); implies
    /// --anomalies
    #[arg(long, value_name = "FILE", conflicts_with = "rolls")]
    labels: Option<PathBuf>,
    /// Write the lawful look-alikes to this file (CSV: kind,id_number); implies --anomalies
    #[arg(long, value_name = "FILE", conflicts_with = "rolls")]
    look_alikes: Option<PathBuf>,
    /// A whole city instead of a clean county: most people in old registers and payrolls, with
    /// every anomaly and every lawful look-alike among them
    #[arg(long, conflicts_with = "rolls")]
    anomalies: bool,
    /// Serve it with its console when it is made, and print the console's address; implies
    /// --anomalies, so that there are flags to work
    #[arg(long, conflicts_with = "rolls")]
    serve: bool,
    /// With --serve: where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8700", requires = "serve")]
    listen: std::net::SocketAddr,
    /// Months of payment rolls of a city, up to 36; implies --anomalies [default: 12 for up to 5,000
    /// people, else 3]
    #[arg(long, value_name = "N", conflicts_with = "rolls",
          value_parser = clap::value_parser!(u8).range(MONTHS))]
    months: Option<u8>,
    /// Write the rolls of the city into this folder too, as offices would send them, to try `import`
    /// and `check` with; implies --anomalies
    #[arg(long, value_name = "DIR", conflicts_with = "rolls")]
    keep_rolls: Option<PathBuf>,
    /// Judge this day; the default is the rolls' `as_of`, else today
    #[arg(long, value_name = "DATE")]
    on: Option<Day>,
}

/// As the city has them, for the parser of the argument.
const MONTHS: std::ops::RangeInclusive<i64> =
    *CITY_MONTHS.start() as i64..=*CITY_MONTHS.end() as i64;

/// A ledger that was brought in, with what became of each roll of a folder.
type Brought = (Reading, Vec<import::Line>);

/// What only a synthetic city can tell.
#[derive(Default)]
struct More {
    rows: usize,
    /// The ID number of somebody with a flag.
    example: Option<String>,
}

#[derive(Serialize)]
struct Done {
    ledger: String,
    rows: usize,
    rejected: usize,
    events: u64,
    judged_on: Day,
    flags: BTreeMap<&'static str, usize>,
    checkpoint: String,
}

impl Demo {
    pub(super) fn run(&self, session: &mut Session) -> Result<(), CliError> {
        let mut done_more = More::default();
        let (reading, rolls) = match &self.rolls {
            Some(rolls) => {
                let house = self.found(session, Options::default())?;
                let as_of = as_of(rolls).unwrap_or_else(|| house.today());
                bring_in(house, rolls, as_of)?
            }
            None if self.is_city() => self.city(session, &mut done_more)?,
            None => self.county(session)?,
        };
        let on = match (self.on, &self.rolls) {
            (Some(on), _) => on,
            (None, Some(rolls)) => as_of(rolls).unwrap_or_else(|| reading.day(None)),
            (None, None) => reading.day(None),
        };
        let mut by_rule = BTreeMap::new();
        for flag in When::on(Some(on)).moment(&reading)?.flags(&reading.records())? {
            *by_rule.entry(flag.rule.id).or_insert(0) += 1;
        }
        reading.index.flush()?;
        let events = reading.ledger.len();
        let checkpoint = reading.ledger.checkpoint()?.note().to_string();
        let Reading { ledger, index } = reading;
        drop(index);
        ledger.close();
        let done = Done {
            ledger: session.folder().display().to_string(),
            rows: rolls.iter().map(|line| line.rows).sum::<usize>() + done_more.rows,
            rejected: rolls.iter().map(|line| line.rejected).sum(),
            events,
            judged_on: on,
            flags: by_rule,
            checkpoint,
        };
        if self.serve {
            return self.serve(session, &done);
        }
        if !session.global.json {
            import::print(session, &rolls);
        }
        print(session, &done, done_more.example.as_deref());
        Ok(())
    }

    /// Whether it answers over HTTP when it is made.
    pub(super) const fn serves(&self) -> bool {
        self.serve
    }

    /// Puts the flags on the log, so that there is work to do, and opens the doors.
    fn serve(&self, session: &mut Session, done: &Done) -> Result<(), CliError> {
        let raised = raise_all(session)?;
        let Done { ledger, events, .. } = done;
        talk(format_args!(
            "a demo ledger of {events} events in {ledger}; {raised} flags wait for a verdict\n\n\
             Open the address below, choose a desk, and try:\n  \
             the inspector 督查: work a flag to its verdict\n  \
             the clerk of the county 受理人: find a person, follow the certificate from application \
             to payment\n  \
             the supervisor 监督: the strict-review report, and verify a receipt in the page\n  \
             the person 申请人: the own record, and who looked at it\n\
             Ctrl-C ends it; `mingzheng --ledger {ledger} serve` serves it again."
        ));
        let settings = Settings { listen: self.listen, ..Settings::default() };
        serve(session, settings, Said::Address)
    }

    /// A served demo has room for a case at every desk, and is made in seconds all the same.
    fn people(&self) -> u32 {
        self.people.unwrap_or(if self.serve { 2000 } else { 200 })
    }

    const fn is_city(&self) -> bool {
        self.serve
            || self.anomalies
            || self.labels.is_some()
            || self.look_alikes.is_some()
            || self.months.is_some()
            || self.keep_rolls.is_some()
    }

    fn found(&self, session: &Session, options: Options) -> Result<DemoHouse, CliError> {
        let found = if self.is_city() { DemoHouse::found_city } else { DemoHouse::found };
        let folder = session.folder();
        if folder.join("log").exists() {
            return Err(CliError::refused(format!(
                "there is a ledger in {} already",
                folder.display()
            ))
            .hinted("name another folder with --ledger, or remove that one yourself"));
        }
        let house = found(folder, ORIGIN, options)?;
        write_keys(&house, folder)?;
        Ok(house)
    }

    /// A city: one in ten of its people live through the county's year on the ledger, the others
    /// come in as the rolls of old registers.
    fn city(&self, session: &Session, more: &mut More) -> Result<Brought, CliError> {
        let ends_at_ms = SystemClock::default().wall_ms();
        // Whoever sits down at a desk finds work on it.
        let open_days = if self.serve { OPEN_DAYS } else { 0 };
        let options =
            CityOptions { people: self.people(), seed: self.seed, months: self.months, open_days };
        let mut city = City::new(options, Day::of_millis(ends_at_ms))?;
        let kept = match &self.keep_rolls {
            Some(dir) => keep(dir, |out| city.write_rolls(out))?,
            None => 0,
        };
        let clock = SetClock::at(city.begins().start_millis());
        let options = Options { clock: Arc::new(clock.clone()), ..Options::default() };
        let house = self.found(session, options)?;
        say(&city.live(&house, &clock, ends_at_ms)?);
        if let Some(dir) = &self.keep_rolls {
            let homes = keep(dir, |out| city.write_home_rolls(out))?;
            talk(format_args!("{} rolls in {}", kept + homes, dir.display()));
        }
        let bar = bar(0);
        more.rows = city.send(&house, &mut |rows| bar.set_position(rows))?.try_into().unwrap_or(0);
        bar.finish_and_clear();
        type Text = fn(&City, &mut dyn std::io::Write) -> std::io::Result<u64>;
        let texts: [(_, Text, _); 2] = [
            (&self.labels, City::write_labels, "labels"),
            (&self.look_alikes, City::write_lawful, "lawful look-alikes"),
        ];
        for (path, write, what) in texts {
            let Some(path) = path else { continue };
            let failed = || super::error::at_file("writing", path);
            let file = std::fs::File::create(path).map_err(failed())?;
            let mut file = std::io::BufWriter::new(file);
            let count = write(&city, &mut file).map_err(failed())?;
            std::io::Write::flush(&mut file).map_err(failed())?;
            talk(format_args!("{count} {what} in {}", path.display()));
        }
        more.example = city.example().map(|(_, id)| id);
        if self.serve
            && let Some((id, key)) = house.give_key()?
        {
            let file = session.folder().join(DEMO_KEYS).join(format!("{id}.key"));
            write_key(&file, &key, None, true)?;
        }
        Ok((Reading::of(house.ledger)?, Vec::new()))
    }

    /// A year of a synthetic county that ends now, lived through on a clock of its own.
    fn county(&self, session: &Session) -> Result<Brought, CliError> {
        let ends_at_ms = SystemClock::default().wall_ms();
        let begins = Day::of_millis(ends_at_ms).plus_months(-12);
        let clock = SetClock::at(begins.start_millis());
        let options = Options { clock: Arc::new(clock.clone()), ..Options::default() };
        let house = self.found(session, options)?;
        let options =
            CountyOptions { people: self.people(), seed: self.seed, ends_at_ms, open_days: 0 };
        say(&run_county(&house, &clock, options)?);
        Ok((Reading::of(house.ledger)?, Vec::new()))
    }
}

/// Where rolls are written: name and text.
type RollsOut<'a> = &'a mut dyn FnMut(&str, &str) -> std::io::Result<()>;

/// Writes rolls into a folder; answers with their number.
fn keep(
    dir: &Path,
    write: impl FnOnce(RollsOut<'_>) -> std::io::Result<u64>,
) -> Result<u64, CliError> {
    let failed = || super::error::at_file("writing", dir);
    std::fs::create_dir_all(dir).map_err(failed())?;
    write(&mut |name, text| std::fs::write(dir.join(name), text)).map_err(failed())
}

fn say(report: &CountyReport) {
    let CountyReport { people, applications, issued, refused, paid_months, paid, .. } = report;
    talk(format_args!(
        "a county of {people} people: {applications} applications, {issued} certificates issued, \
         {refused} refused, {paid_months} paid months, {paid} yuan"
    ));
}

/// Writes every key of the demo below its own folder, marked DEMO.
fn write_keys(house: &DemoHouse, ledger: &Path) -> Result<(), CliError> {
    write_key(&ledger.join(NOTE_KEY), &house.keys.note, None, true)?;
    write_key(&ledger.join(SYSTEM_KEY), &house.keys.system, None, true)?;
    vault_key::write(&vault_key::in_demo(ledger), house.ledger.origin(), &house.keys.vault)?;
    let actors = ledger.join(DEMO_KEYS);
    folder::make_private(&actors)?;
    for (id, key) in &house.keys.actors {
        write_key(&actors.join(format!("{id}.key")), key, None, true)?;
    }
    Ok(())
}

/// The sample actor who would send a roll of that kind.
const fn sender(kind: RollKind) -> &'static str {
    match kind {
        RollKind::CertificateRoster | RollKind::InstitutionAccounts => "411700-clerk-1",
        RollKind::LivingAllowance
        | RollKind::NursingCareSubsidy
        | RollKind::FuelSubsidy
        | RollKind::Monthly(_)
        | RollKind::Yearly(_)
        | RollKind::BankResult(_) => "411700-bank-1",
        RollKind::Dibao | RollKind::ExtremePoverty | RollKind::Orphan => "411700-welfare-1",
        RollKind::WorkInjuryNursing => "411700-labour-1",
        RollKind::Deaths => "411700-police-1",
        RollKind::Prisoners => "411700-justice-1",
        RollKind::Rates => "411700-approver-1",
        RollKind::Register(FactKind::Vehicle) => "411700-police-1",
        RollKind::Register(FactKind::LongTermCare) => "411700-health-1",
        RollKind::Register(
            FactKind::DutyDisabilityLiving
            | FactKind::DutyDisabilityNursing
            | FactKind::RetiredCadreLiving
            | FactKind::RetiredCadreNursing
            | FactKind::Employment,
        ) => "411700-labour-1",
        RollKind::Register(_) => "411700-welfare-1",
        RollKind::Sessions(_) | RollKind::Placements(_) | RollKind::Departures(_) => {
            "411700-provider-1"
        }
        RollKind::SupportVisits | RollKind::Households => "411700-clerk-1",
        RollKind::Works(_) => "411700-dpf-2",
    }
}

/// Registers before lists, lists before payments: the order in which an office would begin.
const fn turn(kind: RollKind) -> u8 {
    match kind {
        RollKind::Rates => 0,
        RollKind::CertificateRoster => 1,
        RollKind::InstitutionAccounts => 2,
        RollKind::LivingAllowance
        | RollKind::NursingCareSubsidy
        | RollKind::FuelSubsidy
        | RollKind::Monthly(_)
        | RollKind::Yearly(_)
        // Homes come before the works at them, placements before their ends.
        | RollKind::Works(_)
        | RollKind::Departures(_) => 4,
        RollKind::BankResult(_) => 5,
        _ => 3,
    }
}

/// Imports every roll of a folder, each signed by the role that would send it.
fn bring_in(
    house: DemoHouse,
    rolls: &Path,
    as_of: Day,
) -> Result<(Reading, Vec<import::Line>), CliError> {
    let mut files = Vec::new();
    for file in import::expand(&[rolls.to_owned()])? {
        let bytes = folder::read(&file.path, crate::rolls::FILE_BYTES_MAX as u64)?;
        match read_roll(&file.name, &bytes, &Hint::default()) {
            Ok(roll) => files.push((turn(roll.kind), roll.kind, file)),
            Err(crate::rolls::RollError::NotARoll(why)) => {
                talk(format_args!("skipped {}: {why}", file.name));
            }
            Err(error) => talk(format_args!("skipped {}: {error}", file.name)),
        }
    }
    files.sort_by_key(|(turn, ..)| *turn);
    if files.is_empty() {
        return Err(CliError::usage(format!("{} holds no rolls", rolls.display()))
            .hinted("name a folder of .csv, .xlsx or .xls rolls"));
    }
    let DemoHouse { ledger, pens, .. } = house;
    let mut reading = Reading::of(ledger)?;
    let mut lines = Vec::new();
    for (_, kind, file) in &files {
        let pen = pens.pen(sender(*kind))?;
        let options = ImportOptions {
            division: crate::demo::PREFECTURE.parse()?,
            complete: false,
            dry_run: false,
            at: as_of.min(reading.day(None)),
        };
        let brought = import::one(&mut reading, pen, file, &Hint::default(), &options)?;
        let Some((line, report)) = brought else { continue };
        if !report.waiting_endorsement.is_empty() {
            let endorser =
                if *kind == RollKind::Rates { "411700-supervisor-1" } else { "411700-bank-1" };
            pens.endorse(&reading.ledger, endorser, &report.waiting_endorsement)?;
            super::reading::catch_up(&mut reading.index, &reading.ledger)?;
        }
        lines.push(line);
    }
    Ok((reading, lines))
}

/// `as_of` of the folder's truth.json, where there is one.
fn as_of(rolls: &Path) -> Option<Day> {
    let text = folder::read_text(&rolls.join("truth.json"), 1 << 20).ok()?;
    let truth: serde_json::Value = serde_json::from_str(&text).ok()?;
    truth.get("as_of")?.as_str()?.parse().ok()
}

fn print(session: &mut Session, done: &Done, example: Option<&str>) {
    let flags: Vec<String> = done.flags.iter().map(|(rule, n)| format!("{rule} {n}")).collect();
    let size = done.checkpoint.lines().nth(1).unwrap_or_default();
    let root = done.checkpoint.lines().nth(2).unwrap_or_default();
    session.out.document(
        done,
        &[
            ("ledger 账本", done.ledger.clone()),
            ("rows read 读入行数", done.rows.to_string()),
            ("rows rejected 退回行数", done.rejected.to_string()),
            ("events 事件", done.events.to_string()),
            ("judged on 判定日", done.judged_on.to_string()),
            ("flags 疑点", flags.join(", ")),
            ("checkpoint 检查点", format!("size {size}, root {root}")),
        ],
    );
    let ledger = &done.ledger;
    let on = done.judged_on;
    let who = match example {
        Some(id) => format!("history {id} --reveal\n  mingzheng --ledger {ledger} show {id}"),
        None => "history WHO --reveal   (WHO: an ID number of the list above)".to_owned(),
    };
    talk(format_args!(
        "\nTry next:\n  mingzheng --ledger {ledger} verify\n  mingzheng --ledger {ledger} flags \
         --on {on} --reveal\n  mingzheng --ledger {ledger} {who}\n  mingzheng --ledger {ledger} \
         rules R18"
    ));
}
