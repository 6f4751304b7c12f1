//! What stands around every page: head, banner, menu, foot.

use maud::{DOCTYPE, Markup, html};

use super::{
    assets,
    view::{Sheet, Theme, View},
    words::{Nav, Words},
};
use crate::service::{answer::Current, own::PERSONS, roles, row::Access, who::LIFE_S_MAX};
use crate::value::Lang;

/// Where a page belongs in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Overview,
    Own,
    Desk,
    Payroll,
    Audit,
    People,
    Certificates,
    Payments,
    Flags,
    Report,
    Programmes,
    Actors,
    Looks,
    Entries,
    Notices,
}

/// An item of the menu.
struct Item {
    place: Place,
    address: &'static str,
    /// As the row of the address has it.
    access: Access,
    word: fn(&Nav) -> &'static str,
}

/// The menu, in the order of the day's work.
const MENU: &[Item] = &[
    item(Place::Overview, "/console", Access::Enrolled, |nav| nav.overview),
    item(Place::Own, "/console/mine", Access::Roles(PERSONS), |nav| nav.own),
    item(Place::Desk, "/console/desk", Access::Actors, |nav| nav.desk),
    item(Place::Payroll, "/console/payroll", Access::Roles(roles::CHECKERS), |nav| nav.payroll),
    item(Place::People, "/console/people", Access::Roles(roles::CASE), |nav| nav.people),
    item(Place::Certificates, "/console/certificates", Access::Roles(roles::CASE), |nav| {
        nav.certificates
    }),
    item(Place::Payments, "/console/payments", Access::Roles(roles::MONEY), |nav| nav.payments),
    item(Place::Flags, "/console/flags", Access::Roles(roles::FLAGS), |nav| nav.flags),
    item(Place::Report, "/console/report", Access::Roles(roles::LOG), |nav| nav.report),
    item(Place::Programmes, "/console/programmes", Access::Enrolled, |nav| nav.programmes),
    item(Place::Actors, "/console/actors", Access::Actors, |nav| nav.actors),
    item(Place::Looks, "/console/looks", Access::Roles(roles::LOG), |nav| nav.looks),
    item(Place::Entries, "/console/entries", Access::Roles(roles::LOG), |nav| nav.entries),
    item(Place::Audit, "/console/audit", Access::Enrolled, |nav| nav.audit),
    item(Place::Notices, "/console/notices", Access::Public, |nav| nav.notices),
];

const fn item(
    place: Place,
    address: &'static str,
    access: Access,
    word: fn(&Nav) -> &'static str,
) -> Item {
    Item { place, address, access, word }
}

/// A whole page.
pub(super) fn document(view: &View, sheet: &Sheet<'_>) -> Markup {
    let w = view.w;
    let theme = match view.theme {
        Theme::System => None,
        Theme::Light | Theme::Dark => Some(view.theme.name()),
    };
    html! {
        (DOCTYPE)
        html lang=(view.html_lang()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (sheet.title) " · " (w.frame.name) }
                link rel="icon" href=(ICON);
                link rel="stylesheet" href=(assets::address("console.css"));
                link rel="stylesheet" href=(assets::address("desk.css"));
                script type="module" src=(assets::address("console.js")) {}
            }
            // What the script needs to renew the session, by the server's time.
            body data-ends-ms=[view.ends_ms()] data-now-ms=(view.app.ledger.clock().wall_ms())
                data-audience=(view.app.ledger.origin()) data-life-s=(LIFE_S_MAX)
                data-actor=[view.signed_in().map(|caller| &caller.signer.actor)]
                data-kid=[view.signed_in().map(|caller| caller.kid)]
                data-organisation=[view.signed_in().map(|caller| &caller.signer.organisation)]
                data-demo=[view.app.demo.then_some("yes")] {
                a.skip href="#main" { (w.frame.skip) }
                @if view.app.demo {
                    aside.demo-banner aria-label=(w.frame.demo_short) {
                        strong { (w.frame.demo_short) } " " (w.frame.demo) " "
                        a href={ "/console/demo?" (view.back_here()) } { (w.frame.demo_switch) }
                    }
                }
                (top(view))
                div.columns {
                    @if view.signed_in().is_some() { (menu(view, sheet.place)) }
                    main #main tabindex="-1" {
                        h1 { (sheet.title) }
                        (sheet.body)
                    }
                }
                (foot(view, sheet.current))
            }
        }
    }
}

fn top(view: &View) -> Markup {
    let w = view.w;
    html! {
        header.top {
            a.brand href="/console" {
                span.seal aria-hidden="true" { "证" }
                span { (w.frame.name) }
                span.office { (w.frame.tagline) }
            }
            div.tools {
                (switches(view))
                @if let Some(caller) = view.signed_in() {
                    div.who {
                        span { (super::parts::role(view, caller.signer.role)) }
                        span.soft {
                            (super::parts::organisation(view, &caller.signer.organisation))
                            span.code { " · " (caller.signer.actor) }
                        }
                    }
                    form method="post" action="/console/sign-out" {
                        button.quiet type="submit" { (w.frame.sign_out) }
                    }
                } @else {
                    a.button.quiet href="/console/sign-in" { (w.frame.sign_in) }
                }
            }
        }
    }
}

/// Language and theme.
fn switches(view: &View) -> Markup {
    let w = view.w;
    let theme = |theme: Theme| match theme {
        Theme::System => w.frame.theme_system,
        Theme::Light => w.frame.theme_light,
        Theme::Dark => w.frame.theme_dark,
    };
    html! {
        nav.switches aria-label=(w.frame.settings) {
            ul {
                @for (lang, code, html_lang, name) in
                    [(Lang::Zh, "zh", "zh-CN", "中文"), (Lang::En, "en", "en", "English")]
                {
                    li {
                        a href=(view.with("lang", code)) lang=(html_lang) hreflang=(html_lang)
                            aria-current=[(view.lang == lang).then_some("true")] { (name) }
                    }
                }
            }
            ul {
                @for one in Theme::ALL {
                    li {
                        a href=(view.with("theme", one.name()))
                            aria-current=[(view.theme == one).then_some("true")] { (theme(one)) }
                    }
                }
            }
        }
    }
}

fn menu(view: &View, place: Option<Place>) -> Markup {
    let Words { nav, frame, .. } = view.w;
    let role = view.signed_in().map(|caller| caller.signer.role);
    let open = MENU.iter().filter(|item| role.is_some_and(|role| item.access.admits(role)));
    html! {
        nav.menu aria-label=(frame.menu) {
            ul {
                @for item in open {
                    li {
                        a href=(item.address)
                            aria-current=[(place == Some(item.place)).then_some("page")] {
                            ((item.word)(nav))
                        }
                    }
                }
            }
        }
    }
}

fn foot(view: &View, current: Option<&Current>) -> Markup {
    let w = view.w;
    html! {
        footer.foot {
            @if let Some(current) = current {
                p {
                    (w.frame.current_to) " "
                    strong.n { (current.index) }
                    @if let Some(on) = current.on { " · " (w.frame.judged_on) " " (on) }
                }
            }
            p {
                a href="/console/notices" { (w.nav.notices) }
                " · " a href="/console/check" { (w.nav.check) }
            }
            details {
                summary { (w.frame.technical) }
                p {
                    (w.frame.ledger) " " code { (view.app.ledger.origin()) }
                    @if let Some(current) = current {
                        " · " a href="/checkpoint" { (w.frame.checkpoint) }
                        " " span.n { (current.size) } " " code { (current.root) }
                    }
                    " · " a href="/openapi.json" { (w.frame.api) }
                }
            }
        }
    }
}

/// A seal, as an address of its own: nothing is fetched.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='5' fill='%23a3262a'/%3E%3Cpath d='M9 8h14M16 8v16M16 15h6M10 14v10M8 24h16' stroke='%23fff' stroke-width='2.4' fill='none'/%3E%3C/svg%3E";
