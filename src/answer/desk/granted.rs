//! What changes a benefit that was granted: it is stopped, amended, resumed, paid back, paid into
//! another account, and reviewed every year (R19-R22).
//!
//! Months are what goes wrong here, so they are asked of the domain beforehand: a form begins with
//! the month that its ground allows, or offers only months that may be chosen.

use serde_json::json;

use super::benefit::{by_income, income, step};
use super::cards::told;
use super::form::{Choice, one_of};
use super::probe::Step;
use super::{About, Field, Kind, View};
use crate::domain::benefit::{Case, Status};
use crate::domain::oversight::{Flag, Review};
use crate::event::{BackPayGround, StopGround, Verdict};
use crate::value::{CaseId, CertificateId, Month, Programme};

/// Every such step of a benefit case; none before it is granted.
pub(super) fn steps(view: &View<'_>, id: CaseId, case: &Case) -> Vec<Step> {
    if case.status != Status::Granted {
        return Vec::new();
    }
    let granted = Granted { view, id, case };
    let verdict = granted.verdicts();
    let stops = STOP.into_iter().filter_map(|ground| granted.stop(ground, verdict.clone()));
    let mut steps: Vec<_> = stops.collect();
    steps.extend(granted.amend().or_else(|| granted.amend_by_income()));
    steps.extend(granted.resume());
    steps.extend(BACK_PAY.into_iter().filter_map(|ground| granted.back_pay(ground)));
    steps.extend(granted.unbind());
    steps.extend(granted.review_of_the_year());
    steps.into_iter().map(Step::not_due).collect()
}

/// Stopping what a confirmed flag is about; the stop rests on the verdict (I32).
pub(super) fn of_flag(view: &View<'_>, flag: &Flag, review: &Review) -> Vec<Step> {
    let Some(person) = flag.person else { return Vec::new() };
    let of = |programme: &Programme| flag.programme.is_none_or(|named| named == *programme);
    let cases = view.state.benefits.of_person(person);
    let cases = cases.filter(|(_, case)| case.is_running() && of(&case.programme));
    let steps = cases.flat_map(|(id, case)| {
        let granted = Granted { view, id: *id, case };
        STOP.into_iter().filter_map(move |ground| {
            let step = granted.stop(ground, None)?.with("verdict", json!(review.statement));
            Some(step.about(About::Benefit(case.programme)))
        })
    });
    steps.map(|step| step.resting_on(vec![review.statement]).not_due()).collect()
}

/// That a benefit may be stopped at all by a confirmed flag: on any ground, from the next month on.
/// The form of each ground, with the month it allows, is [`of_flag`]'s.
pub(super) fn stops_of_flag(view: &View<'_>, flag: &Flag, review: &Review) -> Vec<Step> {
    let Some(person) = flag.person else { return Vec::new() };
    let of = |programme: Programme| flag.programme.is_none_or(|named| named == programme);
    let cases = view.state.benefits.of_person(person);
    let cases = cases.filter(|(_, case)| case.is_running() && of(case.programme));
    let steps = cases.map(|(id, case)| {
        let data = json!({
            "ground": StopGround::FalseMaterial,
            "from_month": view.today.month().next(),
            "verdict": review.statement,
        });
        let step = step("benefit.stopped", *id, case, data).fields(vec![told()]);
        step.resting_on(vec![review.statement]).not_due()
    });
    steps.collect()
}

struct Granted<'a> {
    view: &'a View<'a>,
    id: CaseId,
    case: &'a Case,
}

impl Granted<'_> {
    fn step(&self, name: &'static str, data: serde_json::Value) -> Step {
        step(name, self.id, self.case, data)
    }

    /// Which of these months may stand in a field of a step, each by itself.
    fn legal(
        &self,
        months: impl Iterator<Item = Month>,
        step: impl Fn(Month) -> Step,
    ) -> Vec<Month> {
        months.filter(|month| step(*month).is_legal(self.view)).collect()
    }

    /// The months since the application, as far back as anybody still decides about.
    fn months(&self) -> impl Iterator<Item = Month> + use<> {
        let now = self.view.today.month();
        self.case.month.max(now.plus(-MONTHS_MAX)).to(now)
    }

    /// One form for each ground. Of a loss that the ledger knows the form begins with the first
    /// month that is no longer owed; else with the latest that may be named.
    fn stop(&self, ground: StopGround, verdict: Option<Field>) -> Option<Step> {
        let at = |month: Month| {
            let data = json!({ "ground": ground, "from_month": month });
            let dead = ground == StopGround::Death;
            let step = self.step("benefit.stopped", data);
            if dead { step } else { step.fields(vec![told()]) }
        };
        let months: Vec<_> = self.months().chain([self.view.today.month().next()]).collect();
        let latest = *months.iter().rev().take(2).find(|month| at(**month).is_legal(self.view))?;
        let first = months.partition_point(|month| !at(*month).is_legal(self.view));
        // Where even the oldest month may be named, the ledger knows of no loss.
        let from = months.get(first).filter(|_| first > 0).copied().unwrap_or(latest);
        let mut step = self.step("benefit.stopped", json!({ "ground": ground }));
        let month = Field::new("from_month", Kind::Month, "自何月起停发", "first month not paid");
        step.fields.push(month.at_first(from));
        step.fields.extend(verdict);
        step.fields.extend((ground != StopGround::Death).then(told));
        Some(step)
    }

    /// The confirmed verdicts about the person on which a stop may rest.
    fn verdicts(&self) -> Option<Field> {
        let own = |flag: &&Flag| flag.person == Some(self.case.person);
        let flags = self.view.state.oversight.flags().map(|(_, flag)| flag).filter(own);
        let reviews = flags.filter_map(|flag| Some((flag, flag.review.as_ref()?)));
        let confirmed = reviews.filter(|(_, review)| review.verdict == Verdict::Confirmed);
        let choices: Vec<_> = confirmed
            .map(|(flag, review)| {
                let words = format!("{} {}", flag.rule, review.on);
                Choice { value: review.statement.to_string(), zh: words.clone(), en: words }
            })
            .collect();
        let field = Field::new(
            "verdict",
            Kind::One(choices.clone()),
            "所依据的核查结论",
            "verdict it rests on",
        );
        (!choices.is_empty()).then(|| field.optional())
    }

    /// The amount that the policy sets from the next month on which it differs.
    fn amend(&self) -> Option<Step> {
        let policies = &self.view.state.policies;
        let Case { programme, division, .. } = *self.case;
        let next = self.view.today.month().next();
        let differs = next.to(next.plus(AMENDED_MONTHS)).find_map(|month| {
            let (published, policy) = policies.programme(programme, division, month)?;
            if policy.formula.is_some() {
                return None;
            }
            let item = self.case.item.as_ref().and_then(|item| policy.item(item));
            let amount = match item {
                Some(item) => item.amount_fen?,
                None => policies.rate(programme, division, month).ok()?.amount,
            };
            (self.case.amount(month) != Some(amount)).then_some((month, amount, published.hash))
        });
        let (month, amount, policy) = differs?;
        let data = json!({ "from_month": month, "amount": amount });
        Some(self.step("benefit.amended", data).under(Some(policy)).fields(vec![
            Field::new("reason", Kind::Text, "变更理由", "why it is changed"),
            told().optional(),
        ]))
    }

    /// Where the amount is worked out from the household's income, another income is told.
    fn amend_by_income(&self) -> Option<Step> {
        let Case { programme, division, .. } = *self.case;
        let next = self.view.today.month().next();
        let (published, policy) = self.view.state.policies.programme(programme, division, next)?;
        policy.formula.as_ref()?;
        let (earned, amount) = by_income(self.view, self.case, next)?;
        let data = json!({ "from_month": next });
        let amend = self.step("benefit.amended", data).under(Some(published.hash)).fields(vec![
            income(),
            Field::new("amount", Kind::Yuan, "每月金额（元）", "yuan a month"),
            Field::new("reason", Kind::Text, "变更理由", "why it is changed"),
            told().optional(),
        ]);
        Some(amend.sample("income", json!(earned)).sample("amount", json!(amount)))
    }

    fn resume(&self) -> Option<Step> {
        let stopped = self.case.stopped?;
        let at = |month: Month| {
            self.step("benefit.resumed", json!({ "from_month": month, "reason": "x" }))
        };
        let months = self.legal(self.months().filter(|month| *month >= stopped), at);
        let first = *months.first()?;
        let from = Kind::One(months.into_iter().map(named).collect());
        Some(self.step("benefit.resumed", json!({})).fields(vec![
            Field::new("from_month", from, "自何月起恢复", "first month paid again").sampled(first),
            Field::new("reason", Kind::Text, "恢复理由", "why it is resumed"),
            told().optional(),
        ]))
    }

    /// Only months that this ground pays: those from the application to its decision, those that are
    /// over and were missed, those that came back, those before a reissue.
    fn back_pay(&self, ground: BackPayGround) -> Option<Step> {
        let now = self.view.today.month();
        let determined = self.case.spans.first();
        let of_application =
            |month| determined.is_some_and(|span| span.covers(month) && month < span.decided);
        let fits = |month: &Month| match ground {
            BackPayGround::ApplicationMonth => of_application(*month),
            BackPayGround::MissedMonth => !of_application(*month) && *month < now,
            BackPayGround::Reissue | BackPayGround::ReturnedPayment => true,
        };
        let mut data = json!({ "ground": ground });
        if ground == BackPayGround::Reissue {
            data["certificate"] = json!(self.newest_certificate()?);
        }
        let at = |month| self.step("back_pay.granted", data.clone()).with("months", json!([month]));
        let months = self.legal(self.months().filter(fits), at);
        let choices = Kind::Some(months.iter().copied().map(named).collect(), 1);
        let field = Field::new("months", choices, "补发月份", "months to be paid back");
        let step = self.step("back_pay.granted", data.clone()).fields(vec![field]);
        (!months.is_empty()).then_some(step)
    }

    fn newest_certificate(&self) -> Option<CertificateId> {
        let held = &self.view.state.people.find(&self.case.person)?.certificates;
        let certificates = &self.view.state.certificates;
        let is_valid = |id: &&CertificateId| {
            certificates.find(id).is_some_and(|found| found.is_valid_on(self.view.today))
        };
        held.iter().rev().find(is_valid).copied()
    }

    /// The account is taken off, so that another one can be bound.
    fn unbind(&self) -> Option<Step> {
        let account = self.case.account?.tag;
        let reason = Field::new("reason", Kind::Text, "解绑理由", "why it is taken off");
        Some(self.step("account.unbound", json!({ "account": account })).fields(vec![reason]))
    }

    fn review_of_the_year(&self) -> Option<Step> {
        let policy = self.view.state.policies.programme(
            self.case.programme,
            self.case.division,
            self.view.today.month(),
        );
        let asked = policy.is_some_and(|(_, policy)| policy.annual_review);
        let year = self.view.today.month().year();
        let step = self.step("annual_review.completed", json!({ "year": year })).fields(vec![
            Field::new("outcome", one_of(OUTCOMES), "复核结果", "outcome"),
            Field::new("alive", Kind::Paper("生存证明"), "生存证明", "proof that the person lives"),
        ]);
        (asked && self.case.is_running()).then_some(step)
    }
}

fn named(month: Month) -> Choice {
    let word = month.to_string();
    Choice { value: word.clone(), zh: word.clone(), en: word }
}

/// How many months back a form looks: five years.
const MONTHS_MAX: i32 = 60;
/// How far ahead an amount that was published already is looked for: two years.
const AMENDED_MONTHS: i32 = 24;
const STOP: [StopGround; 9] = [
    StopGround::Death,
    StopGround::MovedAway,
    StopGround::CertificateNotValid,
    StopGround::Imprisonment,
    StopGround::LeftDibao,
    StopGround::ExclusiveBenefit,
    StopGround::LevelChanged,
    StopGround::FalseMaterial,
    StopGround::Voluntary,
];
const BACK_PAY: [BackPayGround; 4] = [
    BackPayGround::ApplicationMonth,
    BackPayGround::MissedMonth,
    BackPayGround::ReturnedPayment,
    BackPayGround::Reissue,
];
const OUTCOMES: &[(&str, &str, &str)] =
    &[("granted", "继续符合", "still entitled"), ("refused", "不再符合", "no longer entitled")];
