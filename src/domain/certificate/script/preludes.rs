//! Beginnings by name.

/// Beginnings that many cases share.
pub(in crate::domain::certificate) const PRELUDES: &[(&str, &str)] = &[
    (
        "accepted",
        "clerk submit ok
         clerk verify ok
         clerk accept ok",
    ),
    (
        "assigned",
        "@accepted
         reviewer assign ok",
    ),
    (
        "assessed",
        "@assigned
         assessor-a assess ok
         assessor-b assess ok
         seal conclude ok",
    ),
    (
        "noticed",
        "@assessed
         notice post ok",
    ),
    (
        "cleared",
        "@noticed
         - later days=8 ok
         notice close ok",
    ),
    (
        "agreed",
        "@cleared
         reviewer review ok",
    ),
    (
        "approved",
        "@agreed
         approver approve ok",
    ),
    (
        "printed",
        "@approved
         issuer print ok",
    ),
    (
        "issued",
        "@printed
         issuer issue ok
         approver endorse ok",
    ),
    (
        "not_meeting",
        "@assigned
         assessor-a assess grade=- ok
         assessor-b assess grade=- ok
         seal conclude grade=- ok",
    ),
    (
        "appealed",
        "@not_meeting
         approver refuse ok
         clerk appeal ok",
    ),
    (
        "reassessing",
        "@appealed
         prefecture assign to=assessor-c,assessor-d ok
         assessor-c assess ok
         assessor-d assess ok
         seal conclude ok",
    ),
    (
        "regrade",
        "clerk import cert=9 ok
         clerk submit kind=regrade present=9 ok
         clerk verify ok
         clerk accept ok",
    ),
];
