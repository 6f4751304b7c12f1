//! Whose account it is (R18, R19).

use super::super::scene::List;
use super::super::stage::{Holder, POOR, SEVERE_ONLY, Stage};
use super::{Story, lawful, wrong};

pub(super) const STORIES: &[Story] = &[
    wrong("one_account_for_strangers", one_account_for_strangers),
    wrong("account_of_somebody_else", account_of_somebody_else),
    lawful("two_strangers_one_account", two_strangers),
    lawful("care_home_account", care_home),
    lawful("couple_shared_account", couple),
    lawful("family_one_account", family),
    lawful("guardian_account_minor", guardian),
    lawful("guardian_of_several", guardian_of_several),
    lawful("household_member_account", household_member),
];

/// People who are paid in the same months.
fn people(stage: &mut Stage<'_>, count: usize) -> Vec<Holder> {
    let mut holders: Vec<_> = (0..count).map(|_| stage.holder(POOR)).collect();
    let latest = holders.iter().map(|holder| holder.card.issued.month()).max();
    for holder in &mut holders {
        latest.into_iter().for_each(|month| holder.paid_from(month));
    }
    holders
}

/// Everybody's money goes to the first one's account, in a name or each in their own.
fn into_one(holders: &mut [Holder], name: Option<&str>) {
    let account = holders[0].person().account.clone();
    for holder in holders {
        let own = holder.person().name.clone();
        holder.paid_into(&account, name.unwrap_or(&own));
    }
}

fn enter_all(stage: &mut Stage<'_>, holders: Vec<Holder>) {
    for holder in holders {
        stage.enter(holder);
    }
}

fn one_account_for_strangers(stage: &mut Stage<'_>) {
    let mut holders = people(stage, 3);
    into_one(&mut holders, None);
    for holder in &holders {
        for pay in &holder.pays {
            stage.label_of("R18", &pay.id, None, Some(pay.month));
        }
    }
    enter_all(stage, holders);
}

fn account_of_somebody_else(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(SEVERE_ONLY);
    let mut other = stage.extra((40, 60));
    if other.name == holder.person().name {
        other.name.push('民');
    }
    holder.paid_into(&other.account, &other.name);
    stage.label_pays("R19", &holder, |_| true);
    stage.enter(holder);
}

fn two_strangers(stage: &mut Stage<'_>) {
    let mut holders = people(stage, 2);
    into_one(&mut holders, None);
    enter_all(stage, holders);
}

fn care_home(stage: &mut Stage<'_>) {
    let mut holders = people(stage, 5);
    let name = format!("第{}阳光托养中心", stage.number);
    into_one(&mut holders, Some(&name));
    let account = holders[0].person().account.clone();
    stage.scene.institutions.push((account, name));
    enter_all(stage, holders);
}

fn one_household(holders: &mut [Holder]) {
    let household = holders[0].person().household.clone();
    for holder in holders {
        holder.card.person.household.clone_from(&household);
    }
}

fn couple(stage: &mut Stage<'_>) {
    let mut holders = people(stage, 2);
    one_household(&mut holders);
    let name = holders[0].person().name.clone();
    into_one(&mut holders, Some(&name));
    enter_all(stage, holders);
}

fn family(stage: &mut Stage<'_>) {
    let mut holders = people(stage, 4);
    one_household(&mut holders);
    let name = holders[1].person().name.clone();
    into_one(&mut holders, Some(&name));
    enter_all(stage, holders);
}

fn guardian(stage: &mut Stage<'_>) {
    let mut holder = stage.child(POOR);
    let account = stage.extra((30, 40)).account;
    if let Some((name, _)) = holder.card.guardian.clone() {
        holder.paid_into(&account, &name);
    }
    stage.enter(holder);
}

/// Three wards of three households, one guardian who receives for all.
fn guardian_of_several(stage: &mut Stage<'_>) {
    let mut holders = people(stage, 3);
    let guardian = stage.extra((40, 60));
    for holder in &mut holders {
        holder.card.guardian = Some((guardian.name.clone(), guardian.id.clone()));
        holder.paid_into(&guardian.account, &guardian.name);
    }
    enter_all(stage, holders);
}

/// Somebody of the household without a certificate, known from the Dibao list only.
fn household_member(stage: &mut Stage<'_>) {
    let mut holder = stage.holder(POOR);
    let mut member = stage.extra((40, 60));
    member.household.clone_from(&holder.person().household);
    holder.paid_into(&member.account, &member.name);
    stage.list(List::Dibao, &member, stage.frame.before(40), None);
    stage.enter(holder);
}
