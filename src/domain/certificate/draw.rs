//! The random draw of an institution and its assessors (E05), which anybody can repeat.
//!
//! A draw must not be chosen by whoever handles the case, and nobody may try until it pleases.
//! Three things fix it, in this order: the acceptance's statement, signed by the clerk; then the
//! first statement that somebody of another organisation has recorded after it, whose id the clerk
//! cannot know when signing the acceptance; then the round's number. The base of all seeds of a
//! case is the hash of the first two and stays the same, so a second draw of a round draws the
//! same, unless an assessor drawn may no longer sign. Only then comes the pool: designated,
//! enrolled and free of any part, conflict or relation on the day of the assignment.
//!
//! Everyone eligible is ranked by the hash of seed and id; the first `min_assessors` are drawn,
//! with the first attending physician among them where the policy asks for one. `decide` draws
//! again and compares, and so does whoever verifies the log.

use super::acceptance::needs_assessment;
use super::assignment::{barred, is_assessor_of, may_assess};
use super::case::{Case, Part, Progress, Stage};
use crate::domain::{State, publication::Institution, refusal::refusals};
use crate::event::{Recorded, Role};
use crate::value::{ActorId, CaseId, Day, DivisionCode, Hash};

refusals! {
    /// Why there is no draw.
    pub enum Refused {
        /// No such case, or one that has ended.
        NoCase = "I05", "draw_no_case", "no open certificate case of that id waits for a draw",
            "assessors are drawn in an accepted case that needs an assessment",
            "没有这个编号、等待抽取的办证案件",
            "只有已受理、需要评定的案件才抽取医师";
        /// Nobody else has signed since the acceptance.
        NotFixed = "I05", "draw_not_fixed",
            "no other organisation has recorded a statement since the acceptance",
            "wait for the next statement on the ledger: it fixes the draw",
            "受理之后还没有其他机构的记录",
            "请等账本上的下一条记录：由它确定抽取";
        /// Too few to draw from.
        PoolTooSmall { least: u32 } = "I05", "draw_pool_too_small",
            "no designated institution has {least} assessors free for this case",
            "a reviewer assigns by hand, which the log then shows",
            "没有指定机构有 {least} 名可为本案评定的医师",
            "由审核人人工指派，并照实记录";
        /// An assessor has recorded.
        UnderWay = "I05", "draw_under_way",
            "an assessor of this round has recorded, so it is not drawn again",
            "a reviewer names whoever has to take the place of another",
            "本轮已有医师记录意见，不再抽取",
            "需要替换的医师由审核人指派";
    }
}

/// What a draw gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// The seed, as `draw_seed` has it.
    pub seed: Hash,
    /// The institution.
    pub institution: ActorId,
    /// The assessors, in the order drawn.
    pub assessors: Vec<ActorId>,
}

/// Draws institution and assessors of the round that a case comes to.
///
/// # Errors
/// The case needs no draw or is not fixed yet, or too few are eligible.
pub fn draw(state: &State, id: &CaseId, today: Day) -> Result<Draw, Refused> {
    let case = state.certificates.case(id).ok_or(Refused::NoCase)?;
    let ended = matches!(case.stage, Stage::Ended(_));
    let progress = case.progress.as_deref().filter(|_| !ended && needs_assessment(case.kind));
    let progress = progress.ok_or(Refused::NoCase)?;
    let base = progress.draw.ok_or(Refused::NotFixed)?;
    // A round that is open already is drawn as it was.
    let open = progress.round.as_ref().filter(|_| case.stage == Stage::Assigned);
    if open.is_some_and(|round| !round.records.is_empty()) {
        return Err(Refused::UnderWay);
    }
    let round = progress.rounds - u32::from(open.is_some());
    let seed = hash("mingzheng v1 draw seed", &[&base.0, &round.to_be_bytes()]);
    let (_, policy) = state
        .policies
        .certificate(case.division, today)
        .ok_or(Refused::PoolTooSmall { least: 0 })?;
    let least = policy.min_assessors;
    let count = usize::try_from(least).unwrap_or(usize::MAX);
    let drawn = institutions(state, case, progress, today)
        .filter_map(|code| {
            let ranked = pool(state, (id, case, progress), code, &seed, today);
            let chosen = first(state, &ranked, count, policy.require_attending_physician)?;
            Some((rank(&seed, code), code.clone(), chosen))
        })
        .min();
    let (_, institution, assessors) = drawn.ok_or(Refused::PoolTooSmall { least })?;
    Ok(Draw { seed, institution, assessors })
}

/// The institutions designated for what a case claims and for its place, each with the assessors who
/// may take its next round, as many as policy asks for or more: what an officer may choose from.
pub fn able<'a>(state: &'a State, id: &CaseId, today: Day) -> Vec<(&'a ActorId, Vec<&'a ActorId>)> {
    let Some(case) = state.certificates.case(id) else { return Vec::new() };
    let Some(progress) = case.progress.as_deref() else { return Vec::new() };
    let Some((_, policy)) = state.policies.certificate(case.division, today) else {
        return Vec::new();
    };
    let count = usize::try_from(policy.min_assessors).unwrap_or(usize::MAX);
    let no_seed = Hash([0; 32]);
    let with = |code| {
        let mut free = pool(state, (id, case, progress), code, &no_seed, today);
        free.sort_unstable();
        (code, free)
    };
    let all = of_the_place(state, case, progress, today).map(with);
    all.filter(|(_, free)| free.len() >= count).collect()
}

/// The institution the applicant was sent to, else every one designated for the place.
fn institutions<'a>(
    state: &'a State,
    case: &'a Case,
    progress: &'a Progress,
    today: Day,
) -> impl Iterator<Item = &'a ActorId> {
    let may = |code: &&ActorId| {
        let found = state.institutions.find(code);
        found.is_some_and(|found| may_assess(found, &progress.claimed, today))
    };
    let named = progress.institution.as_ref();
    let open = named.is_none().then(|| of_the_place(state, case, progress, today));
    named.filter(may).into_iter().chain(open.into_iter().flatten())
}

/// Every institution designated for the place and for what is claimed.
fn of_the_place<'a>(
    state: &'a State,
    case: &'a Case,
    progress: &'a Progress,
    today: Day,
) -> impl Iterator<Item = &'a ActorId> {
    let of_place = |institution: &Institution, place: DivisionCode| {
        institution.division.covers(place) || place.covers(institution.division)
    };
    state.institutions.iter().filter_map(move |(code, institution)| {
        let here =
            of_place(institution, case.division) || of_place(institution, progress.residence);
        (here && may_assess(institution, &progress.claimed, today)).then_some(code)
    })
}

/// Everyone eligible, ranked, each person once.
fn pool<'a>(
    state: &'a State,
    (id, case, progress): (&CaseId, &Case, &Progress),
    institution: &ActorId,
    seed: &Hash,
    today: Day,
) -> Vec<&'a ActorId> {
    let actors = &state.actors;
    let ids = state.people.find(&case.person).map_or(&[][..], |person| &person.ids);
    let eligible = actors.iter().map(|(actor, _)| actor).filter(|actor| {
        let same = |other: &ActorId| actors.same_person(actor, other);
        let other_part = |(part, by): &(Part, ActorId)| *part != Part::Assess && same(by);
        is_assessor_of(state, actor, institution, today)
            && !state.conflicts.contains(&(*id, (*actor).clone()))
            && !progress.officers.iter().any(other_part)
            && !barred(case, progress).any(same)
            && !ids.iter().chain([&progress.id]).any(|tag| actors.is_related(actor, tag))
    });
    let mut ranked: Vec<_> = eligible.map(|actor| (rank(seed, actor), actor)).collect();
    ranked.sort_unstable();
    let mut distinct: Vec<&ActorId> = Vec::new();
    for (_, actor) in ranked {
        if !distinct.iter().any(|other| actors.same_person(actor, other)) {
            distinct.push(actor);
        }
    }
    distinct
}

/// The first of the ranking; the last place goes to the first attending physician where none is
/// among them.
fn first(
    state: &State,
    ranked: &[&ActorId],
    count: usize,
    attending: bool,
) -> Option<Vec<ActorId>> {
    let attends = |actor: &&ActorId| state.actors.find(actor).is_some_and(|found| found.attending);
    let physician = ranked.iter().position(attends);
    let last = count.checked_sub(1)?;
    let place = physician.filter(|place| attending && *place > last);
    if ranked.len() < count || (attending && physician.is_none()) {
        return None;
    }
    let mut chosen: Vec<ActorId> =
        ranked.iter().take(count).map(|actor| (*actor).clone()).collect();
    if let Some(place) = place {
        chosen[last] = ranked[place].clone();
    }
    Some(chosen)
}

fn rank(seed: &Hash, actor: &ActorId) -> Hash {
    hash("mingzheng v1 draw rank", &[&seed.0, actor.as_str().as_bytes()])
}

fn hash(context: &str, parts: &[&[u8]]) -> Hash {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for part in parts {
        hasher.update(part);
    }
    Hash(*hasher.finalize().as_bytes())
}

/// Every statement fixes the draws of the cases that another organisation accepted before it.
/// The ledger itself fixes none: it could wait for a statement of its liking.
pub(super) fn hear(state: &mut State, event: &Recorded) {
    if event.signer.role == Role::System {
        return;
    }
    for id in state.certificates.take_undrawn(&event.signer.organisation) {
        let Some((_, progress)) = state.certificates.progress_mut(&id) else { continue };
        if let (None, Some(acceptance)) = (progress.draw, progress.acceptance) {
            let parts: [&[u8]; 3] = [&id.0, &acceptance.0, &event.id.0];
            progress.draw = Some(hash("mingzheng v1 draw base", &parts));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::play;
    use super::*;
    use crate::domain::testing::{actor, case};

    fn drawn(script: &str) -> Result<Draw, Refused> {
        let run = play(script);
        draw(&run.world.state, &case(1), run.world.today())
    }

    #[test]
    fn only_an_open_case_with_an_assessment_is_drawn_for() {
        let replaced = "@issued\nclerk submit case=2 kind=replace present=1 ok
            clerk verify case=2 ok\nclerk accept case=2 ok\nassessor-a conflict case=2 ok";
        let run = play(replaced);
        for number in 1..4 {
            let draw = draw(&run.world.state, &case(number), run.world.today());
            assert_eq!(draw, Err(Refused::NoCase), "{number}");
        }
    }

    #[test]
    fn the_draw_waits_for_a_statement_of_another_organisation() {
        assert_eq!(drawn("clerk submit ok\nclerk verify ok"), Err(Refused::NotFixed));
        assert_eq!(drawn("@accepted"), Err(Refused::NotFixed));
        assert_eq!(drawn("@accepted\nreviewer conflict ok"), Err(Refused::NotFixed));
        let first = drawn("@accepted\nassessor-d conflict ok").unwrap();
        assert_eq!(first.institution, actor("hospital-1"));
        assert!(!first.assessors.contains(&actor("assessor-d")), "a declared conflict");
        // What comes later changes the pool and not the seed.
        let more = "@accepted\nassessor-d conflict ok\nassessor-c conflict ok";
        assert_eq!(drawn(more).unwrap().seed, first.seed);
    }

    #[test]
    fn who_has_another_part_or_is_related_is_not_drawn() {
        let script = "@accepted
            custodian enrol who=assessor-x like=assessor-a relative=1 ok
            custodian enrol who=assessor-y like=assessor-a same=clerk ok
            custodian enrol who=assessor-z like=assessor-a same=assessor-a ok
            approver-city publish set=min_assessors:6 ok
            assessor-d conflict ok";
        assert_eq!(drawn(script), Err(Refused::PoolTooSmall { least: 6 }));
        let five = script.replace("min_assessors:6", "min_assessors:5");
        let mut ids: Vec<_> = drawn(&five).unwrap().assessors;
        ids.sort_unstable();
        let one_of = |id: &ActorId| *id == actor("assessor-a") || *id == actor("assessor-z");
        assert_eq!(ids.iter().filter(|id| one_of(id)).count(), 1, "one person, one place");
        ids.retain(|id| !one_of(id));
        assert_eq!(ids, ["assessor-b", "assessor-c", "junior-a", "junior-b"].map(actor));
    }

    #[test]
    fn an_officer_chooses_from_institutions_that_can_assess_the_case() {
        let able_of = |script: &str| -> Vec<String> {
            let run = play(script);
            let state = &run.world.state;
            let all = able(state, &case(1), run.world.today());
            all.iter().map(|(code, free)| format!("{code} {}", free.len())).collect()
        };
        assert_eq!(able_of("clerk submit ok\nclerk verify ok"), ["hospital-1 6"], "not for eyes");
        assert_eq!(able_of("@accepted\nassessor-d conflict ok"), ["hospital-1 5"]);
        let more = "@accepted\napprover-city publish set=min_assessors:9 ok";
        assert!(able_of(more).is_empty(), "nobody has nine");
    }

    #[test]
    fn a_second_round_is_drawn_anew_from_those_who_did_not_assess() {
        let first = drawn("@accepted\nassessor-d conflict ok").unwrap();
        let script = "@accepted
            assessor-d conflict ok
            reviewer assign ok
            assessor-a assess grade=physical1 ok
            assessor-b assess grade=physical1 ok
            seal conclude grade=physical1 ok";
        let second = drawn(script).unwrap();
        assert_ne!(second.seed, first.seed);
        let others = ["assessor-c", "junior-a", "junior-b"].map(actor);
        assert!(second.assessors.iter().all(|id| others.contains(id)), "{second:?}");
        assert!(second.assessors.contains(&actor("assessor-c")), "the one attending physician");
    }

    #[test]
    fn an_attending_physician_is_always_drawn() {
        let mut seen = std::collections::BTreeSet::new();
        for number in 2..40 {
            // Others who apply before the acceptance give it another id, and so another draw.
            let others = (2..number).map(|n| format!("clerk submit case={n} person={n} ok\n"));
            let others: String = others.collect();
            let script = format!(
                "{others}@accepted
                 assessor-c conflict ok
                 assessor-d conflict ok"
            );
            let assessors = drawn(&script).unwrap().assessors;
            assert_eq!(assessors.len(), 2);
            let attends = |id: &ActorId| id.as_str().starts_with("assessor");
            assert!(assessors.iter().any(attends), "{assessors:?}");
            seen.extend(assessors);
        }
        assert_eq!(seen.len(), 4, "everybody eligible comes: {seen:?}");
    }
}
