//! Rolls: check a payroll before it is paid, and lay out what its sender would sign.

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    App,
    answer::Current,
    extract::{Query, Whole, expect_type},
    problem::{Fault, Problem},
    roles,
    row::{Access, Param, Row, json, raw, shape},
    who::Caller,
};
use crate::answer::{
    check::{Checked, FindingLine, ReadRoll, day_judged},
    draft::{DraftClaims, DraftFile},
    today,
};
use crate::crypto::random_bytes;
use crate::ledger::Pen;
use crate::rolls::{
    FILE_BYTES_MAX, Form, Hint, ImportOptions, Importer, IndexedRows, LaidOut, RefusedRow,
    Rejected, Roll, RollKind, read_roll,
};
use crate::value::{Cti, Day, DivisionCode, Lang, Month};

/// Longest roll over HTTP, in bytes.
const BODY_MAX: usize = if FILE_BYTES_MAX < 16 << 20 { FILE_BYTES_MAX } else { 16 << 20 };
/// Most statements laid out at once: their sender holds them all before one is sent.
const DRAFTS_MAX: usize = 20_000;
/// Reading a long workbook and judging everybody in it.
const TIME: std::time::Duration = std::time::Duration::from_secs(120);

const NAME: Param = Param {
    name: "name",
    what: "The file's name, with its ending: .csv, .xlsx or .xls",
    required: true,
    of: shape::<String>(),
};
const KIND: Param = Param {
    name: "kind",
    what: "What the roll is, when it does not say so itself",
    required: false,
    of: shape::<String>(),
};
const MONTH: Param = Param {
    name: "month",
    what: "Its benefit month, YYYY-MM",
    required: false,
    of: shape::<Month>(),
};
const DIVISION: Param = Param {
    name: "division",
    what: "For which division; the caller's if none",
    required: false,
    of: shape::<DivisionCode>(),
};

/// The rows of this file.
pub(crate) fn rows() -> Vec<Row> {
    const CHECK: &[Param] = &[
        NAME,
        KIND,
        MONTH,
        DIVISION,
        Param { name: "on", what: "The day judged", required: false, of: shape::<Day>() },
    ];
    const DRAFTS: &[Param] = &[
        NAME,
        KIND,
        MONTH,
        DIVISION,
        Param {
            name: "complete",
            what: "`true`: a full list",
            required: false,
            of: shape::<bool>(),
        },
        Param {
            name: "at",
            what: "The day the roll speaks of",
            required: false,
            of: shape::<Day>(),
        },
    ];
    vec![
        Row::post("/v1/rolls/check", check)
            .doc("writing", "Every rule on a payroll, as if it were recorded; writes nothing")
            .access(Access::Roles(roles::CHECKERS))
            .query(CHECK)
            .takes(&const { [raw(MEDIA)] }, BODY_MAX)
            .gives(json::<RollCheck>())
            .time(Some(TIME)),
        Row::post("/v1/rolls/annotated", annotated)
            .doc("writing", "A copy of a payroll with what every rule finds beside each row")
            .access(Access::Roles(roles::CHECKERS))
            .query(CHECK)
            .takes(&const { [raw(MEDIA)] }, BODY_MAX)
            .gives(raw(MEDIA))
            .time(Some(TIME)),
        Row::post("/v1/rolls/drafts", drafts)
            .doc("writing", "Lay out what importing a roll would record, for the caller to sign")
            .access(Access::Roles(roles::senders()))
            .query(DRAFTS)
            .takes(&const { [raw(MEDIA)] }, BODY_MAX)
            .gives(json::<RollDrafts>())
            .time(Some(TIME)),
    ]
}

const MEDIA: &str = "application/octet-stream";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    name: String,
    kind: Option<String>,
    month: Option<Month>,
    division: Option<DivisionCode>,
    on: Option<Day>,
    at: Option<Day>,
    #[serde(default)]
    complete: bool,
}

/// A row that is not part of the answer's findings.
#[derive(Serialize, JsonSchema)]
struct Left {
    row: u32,
    why: String,
    /// Why, in Chinese.
    why_zh: String,
}

impl Left {
    fn rejected(row: &Rejected) -> Self {
        let why_zh = row.why.in_chinese();
        Self { row: row.row, why: row.why.to_string(), why_zh }
    }

    fn refused(row: &RefusedRow) -> Self {
        let rejection = &row.rejection;
        let why_zh = format!("{}（{}）", rejection.message_zh, rejection.rule);
        Self { row: row.row.unwrap_or_default(), why: rejection.to_string(), why_zh }
    }
}

/// A payroll with what was found on it.
#[derive(Serialize, JsonSchema)]
struct RollCheck {
    current: Current,
    kind: String,
    /// What offices call such a roll.
    kind_zh: String,
    kind_en: String,
    on: Day,
    rows: usize,
    conclusive: usize,
    findings: Vec<FindingLine>,
    not_checked: Vec<Left>,
}

/// What a sender would sign, in order.
#[derive(Serialize, JsonSchema)]
struct RollDrafts {
    current: Current,
    kind: String,
    /// What offices call such a roll.
    kind_zh: String,
    kind_en: String,
    rows: usize,
    unchanged: usize,
    rejected: Vec<Left>,
    refused: Vec<Left>,
    /// Sign each and send them all, in this order, to `/v1/statements`.
    drafts: Vec<DraftFile>,
}

impl Asked {
    /// The division asked for, which the caller's must cover.
    fn division(&self, caller: &Caller) -> Result<DivisionCode, Problem> {
        let own = caller.signer.division;
        let division = self.division.unwrap_or(own);
        if own.covers(division) { Ok(division) } else { Err(Fault::OtherDivision.into()) }
    }

    fn read(&self, bytes: &[u8]) -> Result<Roll, Problem> {
        let kind = self.kind.as_deref().map(str::parse::<RollKind>).transpose();
        let kind = kind.map_err(|error| Problem::saying(Fault::BadQuery, error.to_string()))?;
        let hint = Hint { kind, month: self.month };
        read_roll(&self.name, bytes, &hint).map_err(|error| {
            Problem::refused("not_a_roll", error.to_string()).in_chinese(error.in_chinese())
        })
    }
}

async fn check(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Json<RollCheck>, Problem> {
    expect_type(&request, &[MEDIA])?;
    let Whole(bytes) = Whole::from_request(request, &app).await?;
    let division = asked.division(&caller)?;
    let of = app.clone();
    let found = app.read(move |records| {
        let roll = asked.read(&bytes)?;
        let kind = roll.kind;
        let rows = roll.rows.len();
        let mut rolls = [ReadRoll::new(asked.name, roll)];
        let on = asked.on.unwrap_or_else(|| day_judged(today(records.ledger), &rolls));
        let mut checked =
            Checked::of(records, &mut rolls, division, on).map_err(|(_, error)| error)?;
        checked.judge(records, on)?;
        let findings = checked.lines(&rolls);
        let [ReadRoll { unchecked, .. }] = rolls;
        let conclusive = |line: &&FindingLine| line.kind == crate::event::FlagKind::Conclusive;
        let rejected = unchecked.rejected.iter();
        let refused = unchecked.refused.iter();
        Ok(RollCheck {
            current: Current::of(&of, records.index.current_to())?,
            kind: kind.to_string(),
            kind_zh: kind.title(Lang::Zh),
            kind_en: kind.title(Lang::En),
            on,
            rows,
            conclusive: findings.iter().filter(conclusive).count(),
            not_checked: rejected.map(Left::rejected).chain(refused.map(Left::refused)).collect(),
            findings,
        })
    });
    Ok(Json(found.await?))
}

/// In the form of the file sent; a workbook of the old form comes back as a new one.
async fn annotated(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Response, Problem> {
    expect_type(&request, &[MEDIA])?;
    let Whole(bytes) = Whole::from_request(request, &app).await?;
    let division = asked.division(&caller)?;
    let form = Form::of_name(&asked.name).unwrap_or(Form::Xlsx);
    let copied = app.read(move |records| {
        let roll = asked.read(&bytes)?;
        let mut rolls = [ReadRoll::new(asked.name, roll)];
        let on = asked.on.unwrap_or_else(|| day_judged(today(records.ledger), &rolls));
        let mut checked =
            Checked::of(records, &mut rolls, division, on).map_err(|(_, error)| error)?;
        checked.judge(records, on)?;
        let [read] = rolls;
        // A cell may be longer than a workbook takes.
        checked.copy(&bytes, &read, form).map_err(|error| Problem {
            status: 422,
            code: "roll_refused",
            ..Problem::saying(Fault::BadBody, error.to_string())
        })
    });
    Ok(([(header::CONTENT_TYPE, MEDIA)], copied.await?).into_response())
}

async fn drafts(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Json<RollDrafts>, Problem> {
    expect_type(&request, &[MEDIA])?;
    let Whole(bytes) = Whole::from_request(request, &app).await?;
    let division = asked.division(&caller)?;
    let of = app.clone();
    let laid_out = app.read(move |records| {
        let roll = asked.read(&bytes)?;
        let ledger = records.ledger;
        let organisation = caller.signer.organisation.as_str();
        let pen =
            Pen::elsewhere(caller.kid, organisation, ledger.origin().as_str(), ledger.clock());
        let known = IndexedRows::new(records.index, ledger);
        let at = asked.at.unwrap_or_else(|| today(ledger));
        let options = ImportOptions { division, complete: asked.complete, dry_run: false, at };
        let importer = Importer { ledger, known: &known, pen: &pen, options };
        if roll.rows.len() > DRAFTS_MAX {
            return Err(Fault::TooLarge.into());
        }
        let (report, laid_out) = importer.lay_out(&asked.name, &bytes, &roll)?;
        let drafts = laid_out.into_iter().map(|one| draft_of(&caller, records.ledger, one));
        Ok(RollDrafts {
            current: Current::of(&of, records.index.current_to())?,
            kind: report.kind.to_string(),
            kind_zh: report.kind.title(Lang::Zh),
            kind_en: report.kind.title(Lang::En),
            rows: report.rows,
            unchanged: report.unchanged,
            rejected: report.rejected.iter().map(Left::rejected).collect(),
            refused: report.refused.iter().map(Left::refused).collect(),
            drafts: drafts.collect::<Result<_, Problem>>()?,
        })
    });
    Ok(Json(laid_out.await?))
}

fn draft_of(
    caller: &Caller,
    ledger: &crate::ledger::Ledger,
    laid_out: LaidOut,
) -> Result<DraftFile, Problem> {
    let claims = DraftClaims {
        iss: caller.signer.organisation.clone(),
        sub: laid_out.subject,
        aud: ledger.origin().clone(),
        kid: caller.kid,
        cti: Cti(random_bytes().map_err(Problem::internal)?),
    };
    Ok(DraftFile::new(claims, &laid_out.payload, laid_out.opens.into_iter()))
}
