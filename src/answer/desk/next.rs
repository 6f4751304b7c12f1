//! What a case or a flag waits for, whoever has to take the step: so that nobody who looks at it wonders whose
//! turn it is, or why nothing can be signed yet.
//!
//! A few officers of each role are asked for, as if each had opened the case: the domain alone says
//! what is legal. What only a day has to come for is said with the domain's reason.

use std::collections::BTreeMap;

use super::probe::Step;
use super::{AskError, View, benefit, certificate, endorse, flag};
use crate::domain::Rejection;
use crate::domain::State;
use crate::domain::certificate::owes_opinion;
use crate::domain::endorsement::lapses_on;
use crate::event::{Role, Signer, rule_named};
use crate::ledger::Ledger;
use crate::value::{ActorId, CaseId, Day, DivisionCode, Hash};

/// A step that a case or a flag waits for.
#[derive(Debug, Clone)]
pub(crate) struct Next {
    /// The event's dotted name.
    pub(crate) name: &'static str,
    /// The dotted name of what it endorses, where it is an endorsement.
    pub(crate) of: Option<&'static str>,
    /// It may be left: nothing waits for it.
    pub(crate) is_choice: bool,
    /// Who has to endorse it then.
    pub(crate) second: &'static [Role],
    /// Who may sign it now.
    pub(crate) roles: Vec<Role>,
    /// Why nobody may take it yet; it stands beside the roles where a part of it may be taken.
    pub(crate) not_yet: Option<Rejection>,
    /// The first day on which the domain would let it pass, where nothing else has to happen before.
    pub(crate) first_day: Option<Day>,
    /// The viewer may sign it now: of a role that may, only those who were assigned.
    pub(crate) yours: bool,
}

/// Officers of one role who are asked for: one may be kept from the case by a part in it.
const OF_A_ROLE: usize = 3;

/// Refusals that a day resolves.
const NOT_YET: [&str; 2] = ["notice_still_open", "village_notice_too_short"];
/// How many days are looked ahead for the one that resolves a refusal.
const AHEAD_MAX_DAYS: i32 = 60;
const DAY_MS: u64 = 86_400_000;

/// What a case waits for now, in the order of its forms; nothing when it waits for nothing.
pub(crate) fn next(ledger: &Ledger, viewer: &Signer, case: CaseId) -> Result<Vec<Next>, AskError> {
    let now_ms = ledger.clock().wall_ms();
    let today = super::today(ledger);
    Ok(ledger.with_state(|state| {
        let mut found = Vec::new();
        let Some(division) = state.division_of_case(&case) else { return found };
        let assesses = |id: &ActorId| owes_opinion(state, &case, id);
        for signer in officers(state, division, today, assesses) {
            let view = View { state, signer: &signer, now_ms, today };
            for step in due_in(&view, case) {
                let waits = note(&mut found, &step, &view).filter(|next| next.first_day.is_none());
                if let Some(next) = waits {
                    next.first_day = first_day(&step, &view, case);
                }
            }
        }
        let view = View { state, signer: viewer, now_ms, today };
        let own: Vec<_> =
            due_in(&view, case).filter(|step| step.is_legal(&view)).map(|it| it.name).collect();
        for next in &mut found {
            next.yours = own.contains(&next.name);
        }
        found
    })?)
}

/// The steps of a case that are due and wait for no endorsement, before the domain was asked.
fn due_in<'a>(view: &'a View<'_>, case: CaseId) -> impl Iterator<Item = Step> + 'a {
    let steps = certificate::steps(view, case).into_iter();
    let steps = steps.chain(benefit::waited_for(view, case));
    let steps = steps.chain(endorse::steps_of_case(view, case));
    steps.filter(|step| step.due && !step.is_proposed(view))
}

/// What a flag waits for now, and what may be done about it besides; what two sign and one signed
/// waits for the second, as long as that one may endorse it.
pub(crate) fn next_of_flag(
    ledger: &Ledger,
    viewer: &Signer,
    id: Hash,
) -> Result<Vec<Next>, AskError> {
    let now_ms = ledger.clock().wall_ms();
    let today = super::today(ledger);
    Ok(ledger.with_state(|state| {
        let mut found = Vec::new();
        let own = View { state, signer: viewer, now_ms, today };
        for proposal in state.proposals.iter() {
            let body = &proposal.payload.body;
            let rests = proposal.payload.refs.iter().any(|it| is_verdict_of(state, it, id));
            if (body.flag() == Some(id) || rests)
                && let Some(second) = body.second()
                && today <= lapses_on(proposal, &second)
            {
                let step = endorse::endorse(&own, proposal);
                let yours = step.is_some_and(|step| step.is_legal(&own));
                let (of, roles) = (Some(body.name()), second.roles.to_vec());
                let (name, is_choice, second) = ("endorsed", false, &[][..]);
                let (not_yet, first_day) = (None, None);
                found.push(Next { name, of, is_choice, second, roles, not_yet, first_day, yours });
            }
        }
        let Some(flag) = state.oversight.flag(&id) else { return found };
        let place = flag.person.and_then(|person| flag::place_of(state, person));
        let whole = state.genesis.as_ref().map(|genesis| genesis.division);
        let Some(division) = place.or(whole) else { return found };
        for signer in officers(state, division, today, |_| false) {
            let view = View { state, signer: &signer, now_ms, today };
            for step in flag::turns(&view, id) {
                note(&mut found, &step, &view);
            }
        }
        let mine = flag::turns(&own, id).into_iter().filter(|step| step.is_legal(&own));
        let mine: Vec<_> = mine.map(|step| step.name).collect();
        for next in found.iter_mut().filter(|next| next.of.is_none()) {
            next.yours = mine.contains(&next.name);
        }
        found
    })?)
}

/// Whether a statement is the standing verdict on a flag.
fn is_verdict_of(state: &State, statement: &Hash, flag: Hash) -> bool {
    state.oversight.confirmed_by(statement) == Some(flag)
}

/// Some officers of each role who reach a division, and whoever is named for the case.
fn officers(
    state: &State,
    division: DivisionCode,
    today: Day,
    is_named: impl Fn(&ActorId) -> bool,
) -> Vec<Signer> {
    let mut by_role: BTreeMap<Role, Vec<Signer>> = BTreeMap::new();
    for (id, actor) in state.actors.iter() {
        let Some(key) = actor.keys.last() else { continue };
        // An applicant signs only for themselves, the ledger by itself.
        let skipped = matches!(actor.role, Role::System | Role::Applicant);
        if skipped || !actor.division.covers(division) {
            continue;
        }
        let of_role = by_role.entry(actor.role).or_default();
        // Of the assessors and seals of many hospitals only those of the case have the step, and of
        // the custodians of many registers only one's.
        let of_many = matches!(actor.role, Role::InstitutionSeal | Role::DataCustodian);
        let named = of_many || is_named(id);
        if (named || of_role.len() < OF_A_ROLE)
            && let Ok(signer) = state.actors.signer(&key.kid(), today)
        {
            of_role.push(signer);
        }
    }
    by_role.into_values().flatten().collect()
}

/// Adds what the domain says of a step, as this officer would sign it; gives it where a day is missing.
fn note<'a>(found: &'a mut Vec<Next>, step: &Step, view: &View<'_>) -> Option<&'a mut Next> {
    let not_yet = match step.judged(view) {
        Some(Ok(())) => None,
        Some(Err(why)) if NOT_YET.contains(&why.code) => Some(why),
        Some(Err(_)) | None => return None,
    };
    let at = found.iter().position(|next| next.name == step.name);
    let at = at.unwrap_or_else(|| {
        let second = rule_named(step.name).and_then(|rule| rule.second);
        found.push(Next {
            name: step.name,
            of: None,
            is_choice: !step.due,
            second: second.map_or(&[][..], |second| second.roles),
            roles: Vec::new(),
            not_yet: None,
            first_day: None,
            yours: false,
        });
        found.len() - 1
    });
    let role = view.signer.role;
    let next = &mut found[at];
    if not_yet.is_some() {
        next.not_yet = not_yet;
        return Some(next);
    }
    if !next.roles.contains(&role) {
        next.roles.push(role);
    }
    None
}

/// The first day on which the domain lets a step of a case pass, if nothing else happens before.
fn first_day(step: &Step, view: &View<'_>, case: CaseId) -> Option<Day> {
    let View { state, signer, .. } = *view;
    (1..=AHEAD_MAX_DAYS).zip(1..).find_map(|(days, times)| {
        let (today, now_ms) = (view.today.plus_days(days), view.now_ms + times * DAY_MS);
        let later = View { state, signer, now_ms, today };
        let is_same = |it: &Step| it.name == step.name && it.data == step.data;
        let passes = due_in(&later, case).any(|it| is_same(&it) && it.is_legal(&later));
        passes.then_some(today)
    })
}
