//! What goes wrong with what is delivered, and for whom, and what only looks so (R37c, R39, R39b, R40).

use super::{HOUSEHOLDER, INTELLECTUAL, MILD, SCHOOLCHILD, SEVERE, Walk};

pub(super) static WALKS: &[Walk] = &[
    Walk::wrong(
        "care_paid_and_not_given",
        &[SEVERE],
        "200 apply a care_placement papers=entry_assessment,contract\n\
               186 first a\n\
               179 second a\n\
               178 grant a 1500.00\n\
               178 bind a\n\
               172 paid a care_placement 1500.00\n\
               ! R05 a care_placement 172\n\
               ! R40 a care_placement 172\n",
    ),
    Walk::wrong(
        "placed_in_two_houses",
        &[SEVERE],
        care!(
            "176 prepare p1 care_placement a:1500.00\n\
             174 authorise p1\n\
             172 paid a p1\n\
             170 place a care_placement at=2\n\
             ! R40b a care_placement 170+1\n"
        ),
    ),
    Walk::wrong(
        "sessions_of_two_houses_on_one_day",
        &[SEVERE],
        care!(
            "176 session a care_placement by=2\n\
             ! R40c a care_placement 176\n"
        ),
    ),
    Walk::wrong(
        "day_care_at_two_centres",
        &[INTELLECTUAL],
        day_care!(
            "176 prepare p1 day_care a:600.00\n\
             174 authorise p1\n\
             172 paid a p1\n\
             170 place a day_care at=2\n\
             ! R40b a day_care 170+1\n"
        ),
    ),
    Walk::wrong(
        "employed_by_two",
        &[MILD],
        "230 apply a employment papers=contract\n\
               210 first a\n\
               209 grant a\n\
               208 place a employment\n\
               150 place a employment at=1\n\
               ! R40b a employment 150+1\n",
    ),
    Walk::wrong(
        "remote_work_of_two_employers",
        &[MILD],
        "230 apply a remote_work papers=contract\n\
               210 first a\n\
               209 grant a\n\
               208 place a remote_work\n\
               150 place a remote_work at=1\n\
               ! R40b a remote_work 150+1\n",
    ),
    Walk::wrong(
        "trained_by_two_on_one_day",
        &[MILD],
        training!(
            "200 session a vocational_training by=1\n\
             200 session a vocational_training by=2\n\
             199 prepare p1 vocational_training a:1000.00\n\
             198 authorise p1\n\
             196 paid a p1\n\
             ! R40c a vocational_training 200\n"
        ),
    ),
    Walk::wrong(
        "community_sessions_of_two_on_one_day",
        &[MILD],
        community!(
            "200 session a community_rehabilitation by=2\n\
             199 prepare p1 community_rehabilitation a:1200.00\n\
             198 authorise p1\n\
             196 paid a p1\n\
             ! R40c a community_rehabilitation 200\n"
        ),
    )
    .in_february(),
    Walk::lawful(
        "day_care_where_every_bed_is_taken",
        &[SEVERE, SEVERE],
        care!(
            "180 open places=1\n\
         170 leaves a\n\
         170 place a care_placement at=own\n\
         160 place b day_care at=own\n"
        ),
    ),
    Walk::wrong(
        "one_photograph_for_two_works",
        &[HOUSEHOLDER, SEVERE],
        works!(
            "220 works h1 house_renovation grade=D photo\n\
         210 works h1 home_adaptation photo\n\
         ! R39 a house_renovation\n\
         ! R39 b home_adaptation\n"
        ),
    ),
    Walk::wrong(
        "one_photograph_for_two_houses",
        &[SEVERE, SEVERE],
        two_homes!(
            "220 works h1 home_adaptation door=1组11号\n\
             210 works h2 home_adaptation door=2组22号 photo\n\
             ! R39 a home_adaptation\n\
             ! R39 b home_adaptation\n"
        ),
    ),
    Walk::wrong(
        "one_house_under_two_households",
        &[SEVERE, SEVERE],
        two_homes!(
            "220 works h1 home_adaptation door=3组7号\n\
             210 works h2 home_adaptation door=第三组07号\n\
             ! R39b a home_adaptation\n\
             ! R39b b home_adaptation\n"
        ),
    ),
    Walk::wrong(
        "more_residents_than_places",
        &[SEVERE, SEVERE],
        care!(
            "180 open places=1\n\
         170 leaves a\n\
         170 place a care_placement at=own\n\
         160 place b care_placement at=own\n\
         ! R40d b care_placement 160\n"
        ),
    ),
    Walk::wrong("child_on_its_own", &[SCHOOLCHILD], nursing!("! R37c a nursing_care_subsidy\n"))
        .without_guardian(),
    Walk::wrong(
        "visited_and_reviewed_after_death",
        &[SEVERE],
        nursing!(
            "25 fact a death since=3\n\
         20 visit a paired_support\n\
         20 reviewed a\n\
         ! R40e a paired_support 20\n\
         ! R40e a nursing_care_subsidy 20\n"
        ),
    ),
    Walk::lawful(
        "visited_on_the_day_of_death",
        &[SEVERE],
        nursing!(
            "20 fact a death since=0\n\
         20 visit a paired_support\n"
        ),
    ),
    Walk::lawful(
        "place_taken_on_the_day_it_was_left",
        &[SEVERE, SEVERE],
        care!(
            "180 open places=1\n\
         170 leaves a\n\
         170 place a care_placement at=own\n\
         160 leaves a\n\
         160 place b care_placement at=own\n"
        ),
    ),
    Walk::lawful("guardian_recorded_afterwards", &[SCHOOLCHILD], nursing!("60 guardian a\n"))
        .without_guardian(),
    Walk::lawful(
        "two_sessions_of_one_house_on_one_day",
        &[SEVERE],
        care!("176 session a care_placement by=1\n"),
    ),
    Walk::lawful(
        "session_written_down_later",
        &[SEVERE],
        care!(
            "176 prepare p1 care_placement a:1500.00\n\
         174 authorise p1\n\
         172 paid a p1\n\
         160 session a care_placement by=1 back=14\n"
        ),
    ),
    Walk::lawful(
        "two_flats_of_one_building",
        &[SEVERE, SEVERE],
        two_homes!(
            "220 works h1 home_adaptation door=5号楼2单元301室\n\
             210 works h2 home_adaptation door=5号楼2单元302室\n"
        ),
    ),
    Walk::lawful(
        "one_yard_of_many_homes",
        &[SEVERE, SEVERE],
        two_homes!(
            "220 works h1 home_adaptation door=文化路12号院\n\
             210 works h2 home_adaptation door=文化路12号院\n"
        ),
    ),
    Walk::lawful(
        "house_of_somebody_who_moved_out",
        &[SEVERE, SEVERE, HOUSEHOLDER],
        two_homes!(
            "320 joins c h1\n\
             220 works h1 home_adaptation door=3组7号\n\
             215 parts a h1\n\
             214 joins a h3\n\
             210 works h2 home_adaptation door=3组7号\n"
        ),
    ),
    Walk::lawful(
        "household_split_whose_record_was_kept",
        &[SEVERE, SEVERE],
        two_homes!(
            "300 joins b h1\n\
             220 works h1 home_adaptation door=3组7号\n\
             210 works h2 home_adaptation door=3组9号\n"
        ),
    ),
    Walk::lawful(
        "two_works_with_photographs_of_their_own",
        &[HOUSEHOLDER, SEVERE],
        works!(
            "220 works h1 house_renovation grade=D\n\
         210 works h1 home_adaptation\n"
        ),
    ),
];
