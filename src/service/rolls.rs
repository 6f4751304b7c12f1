//! Rolls: check a payroll before it is paid, and lay out what its sender would sign.

use std::io::{Cursor, Read};

use axum::{
    Json,
    extract::{FromRequest, Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

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
    check::{Checked, CheckedRolls, ReadRoll, day_judged},
    draft::{DraftClaims, DraftFile},
    plan::RollPlan,
    today,
};
use crate::crypto::random_bytes;
use crate::ledger::Pen;
use crate::rolls::{
    FILE_BYTES_MAX, Form, Hint, ImportOptions, Importer, IndexedRows, LaidOut, RollKind, read_roll,
};
use crate::value::{Cti, Day, DivisionCode, Month};

/// Longest roll over HTTP, in bytes.
const BODY_MAX: usize = if FILE_BYTES_MAX < 16 << 20 { FILE_BYTES_MAX } else { 16 << 20 };
/// Most statements laid out at once: their sender holds them all before one is sent.
const DRAFTS_MAX: usize = 20_000;
/// Reading a long workbook and judging everybody in it.
const TIME: std::time::Duration = std::time::Duration::from_secs(120);

/// Most rolls judged together, and most bytes of theirs once unpacked.
const FILES_MAX: usize = 64;
const UNPACKED_MAX: usize = 64 << 20;

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
    const ON: Param =
        Param { name: "on", what: "The day judged", required: false, of: shape::<Day>() };
    const CHECK: &[Param] = &[
        Param {
            what: "The file's name, with its ending: .csv, .xlsx or .xls; the files of an \
                   archive have their own",
            required: false,
            ..NAME
        },
        KIND,
        MONTH,
        DIVISION,
        ON,
    ];
    const COPY: &[Param] = &[
        NAME,
        KIND,
        MONTH,
        DIVISION,
        ON,
        Param {
            name: "form",
            what: "Of the copy, csv or xlsx; that of the file if not said",
            required: false,
            of: shape::<CopyForm>(),
        },
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
            name: "dry_run",
            what: "`true`: only say what would change; nothing is laid out",
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
            .doc(
                "writing",
                "Every rule on a payroll, as if it were recorded; writes nothing. Several, in a \
                 zip archive, are judged together",
            )
            .access(Access::Roles(roles::CHECKERS))
            .query(CHECK)
            .takes(&const { [raw(MEDIA), raw(ZIP)] }, BODY_MAX)
            .gives(json::<RollCheck>())
            .time(Some(TIME)),
        Row::post("/v1/rolls/annotated", annotated)
            .doc("writing", "A copy of a payroll with what every rule finds beside each row")
            .access(Access::Roles(roles::CHECKERS))
            .query(COPY)
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
const ZIP: &str = "application/zip";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    name: Option<String>,
    kind: Option<String>,
    month: Option<Month>,
    division: Option<DivisionCode>,
    on: Option<Day>,
    at: Option<Day>,
    form: Option<CopyForm>,
    #[serde(default)]
    complete: bool,
    #[serde(default)]
    dry_run: bool,
}

/// In which form a copy comes.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CopyForm {
    Csv,
    Xlsx,
}

impl From<CopyForm> for Form {
    fn from(form: CopyForm) -> Self {
        match form {
            CopyForm::Csv => Self::Csv,
            CopyForm::Xlsx => Self::Xlsx,
        }
    }
}

/// Payrolls with what was found on them.
#[derive(Serialize, JsonSchema)]
struct RollCheck {
    current: Current,
    #[serde(flatten)]
    checked: CheckedRolls,
}

/// What a sender would sign, in order.
#[derive(Serialize, JsonSchema)]
struct RollDrafts {
    current: Current,
    #[serde(flatten)]
    plan: RollPlan,
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

    /// The roll that was sent.
    fn read_one(&self, bytes: &[u8]) -> Result<ReadRoll, Problem> {
        let unnamed = || Problem::saying(Fault::BadQuery, "name says the file's name");
        self.read(self.name.as_deref().ok_or_else(unnamed)?, bytes)
    }

    /// The rolls of an archive that was sent, in its order.
    fn read_all(&self, bytes: &[u8]) -> Result<Vec<ReadRoll>, Problem> {
        let wrong = || Problem::saying(Fault::BadBody, "the body is no zip archive of rolls");
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| wrong())?;
        if zip.is_empty() {
            return Err(wrong());
        }
        if zip.len() > FILES_MAX {
            return Err(Fault::TooLarge.into());
        }
        let mut room = UNPACKED_MAX;
        let mut rolls = Vec::with_capacity(zip.len());
        for number in 0..zip.len() {
            let file = zip.by_index(number).map_err(|_| wrong())?;
            let name = file.name().map_err(|_| wrong())?;
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let mut unpacked = Vec::new();
            // One byte more than there is room for, so that too much is seen.
            file.take(room as u64 + 1).read_to_end(&mut unpacked).map_err(|_| wrong())?;
            room = room.checked_sub(unpacked.len()).ok_or(Fault::TooLarge)?;
            rolls.push(self.read(&name, &unpacked)?);
        }
        Ok(rolls)
    }

    fn read(&self, name: &str, bytes: &[u8]) -> Result<ReadRoll, Problem> {
        let kind = self.kind.as_deref().map(str::parse::<RollKind>).transpose();
        let kind = kind.map_err(|error| Problem::saying(Fault::BadQuery, error.to_string()))?;
        let hint = Hint { kind, month: self.month };
        let roll = read_roll(name, bytes, &hint).map_err(|error| {
            Problem::refused("not_a_roll", error.to_string()).in_chinese(error.in_chinese())
        })?;
        Ok(ReadRoll::new(name.to_owned(), roll))
    }
}

/// One payroll, or several that are judged together: a person who is paid on two of them is found.
async fn check(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Json<RollCheck>, Problem> {
    expect_type(&request, &[MEDIA, ZIP])?;
    let many = expect_type(&request, &[ZIP]).is_ok();
    let Whole(bytes) = Whole::from_request(request, &app).await?;
    let division = asked.division(&caller)?;
    let of = app.clone();
    let found = app.read(move |records| {
        let mut rolls = if many { asked.read_all(&bytes)? } else { vec![asked.read_one(&bytes)?] };
        let on = asked.on.unwrap_or_else(|| day_judged(today(records.ledger), &rolls));
        let mut checked =
            Checked::of(records, &mut rolls, division, on).map_err(|(_, error)| error)?;
        checked.judge(records, on)?;
        let checked = checked.shown(&rolls, on);
        Ok(RollCheck { current: Current::of(&of, records.index.current_to())?, checked })
    });
    Ok(Json(found.await?))
}

/// In the form asked for, or that of the file sent; a workbook of the old form comes back as a new
/// one.
async fn annotated(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Response, Problem> {
    expect_type(&request, &[MEDIA])?;
    let Whole(bytes) = Whole::from_request(request, &app).await?;
    let division = asked.division(&caller)?;
    let own = || asked.name.as_deref().and_then(Form::of_name).unwrap_or(Form::Xlsx);
    let form = asked.form.map_or_else(own, Form::from);
    let copied = app.read(move |records| {
        let mut rolls = [asked.read_one(&bytes)?];
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
        let ReadRoll { name, roll, .. } = asked.read_one(&bytes)?;
        let ledger = records.ledger;
        let organisation = caller.signer.organisation.as_str();
        let pen =
            Pen::elsewhere(caller.kid, organisation, ledger.origin().as_str(), ledger.clock());
        let known = IndexedRows::new(records.index, ledger);
        let at = asked.at.unwrap_or_else(|| today(ledger));
        let options =
            ImportOptions { division, complete: asked.complete, dry_run: asked.dry_run, at };
        let importer = Importer { ledger, known: &known, pen: &pen, options };
        if roll.rows.len() > DRAFTS_MAX {
            return Err(Fault::TooLarge.into());
        }
        let (report, laid_out) = importer.lay_out(&name, &bytes, &roll)?;
        let drafts = laid_out.into_iter().map(|one| draft_of(&caller, records.ledger, one));
        Ok(RollDrafts {
            current: Current::of(&of, records.index.current_to())?,
            plan: RollPlan::of(&name, &report),
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
