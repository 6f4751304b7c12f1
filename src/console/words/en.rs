//! English.

use super::{Common, Frame, Nav, Overview, SignIn, Trouble, Words};
use crate::event::Role;

pub(super) static WORDS: Words = Words {
    frame: Frame {
        name: "Mingzheng",
        tagline: "Audit ledger of disability certificates and benefits",
        skip: "Skip to content",
        demo: "Demo ledger: people, numbers and keys are made up. Enter nothing real.",
        menu: "Menu",
        settings: "Language and appearance",
        sign_in: "Sign in",
        sign_out: "Sign out",
        theme_system: "System",
        theme_light: "Light",
        theme_dark: "Dark",
        current_to: "This page goes by the ledger's first entries, in number",
        judged_on: "judged on",
        checkpoint: "checkpoint",
        ledger: "Ledger",
    },
    nav: Nav {
        overview: "Overview",
        people: "People",
        certificates: "Certificates",
        payments: "Payments",
        flags: "Flags",
        report: "Strict-review report",
        programmes: "Programmes and policies",
        actors: "Actors and keys",
        looks: "Who looked at what",
        entries: "Ledger entries",
        notices: "Public notices",
        check: "Check a receipt",
    },
    common: Common {
        nothing: "Nothing here",
        next_page: "Next page",
        first_page: "Back to the first page",
        search: "Find",
        filter: "Filter",
        clear: "Clear filters",
        show: "Show",
        all: "All",
        any: "Any",
        yes: "yes",
        no: "no",
        person: "Person",
        certificate: "Certificate",
        division: "Division",
        province: "province",
        prefecture: "prefecture",
        county: "county",
        programme: "Programme",
        month: "Month",
        amount: "Amount (yuan)",
        date: "Date",
        status: "Status",
        kind: "Category",
        entry: "Entry",
        actor: "Actor",
        role: "Role",
        organisation: "Organisation",
        events: "Events",
        reset: "Reset",
        optional: "optional",
        from: "From",
        to: "To",
        details: "Details",
        download: "Download",
        back: "Back",
        unknown: "not recorded",
    },
    sign_in: SignIn {
        title: "Sign in",
        what: "There is no password. You are known by the key that is enrolled on the ledger; it stays in this browser, and the page signs a short-lived token with it.",
        needs_script: "Signing in with your own key needs scripts; reading pages afterwards does not.",
        actor: "Actor",
        key_missing: "This browser holds no key of yours yet.",
        make_key: "Make a key",
        begin: "Sign in with the key",
        once: "A token is good once and for five minutes; it is renewed while a page is open.",
        demo_title: "Demo sign-in",
        demo_what: "This is a demo ledger and the server holds every demo key. Choose a role to see what each desk sees and signs.",
        demo_enter: "Enter",
        ended: "You are not signed in, or the session has ended. Sign in, and you are taken back to the page you asked for.",
        clock: "A wrong clock on this machine does no harm: the token goes by the server's time.",
    },
    trouble: Trouble {
        title: "This could not be done",
        what_to_do: "What to do",
        rule: "Rule",
        code: "Code",
        to_sign_in: "Sign in",
        to_overview: "To the overview",
        signed_in_as: "Signed in as",
    },
    overview: Overview {
        title: "Overview",
        welcome: "Welcome. The menu shows what your role can open.",
        role_does: "Your role",
    },
};

pub(super) const fn does(role: Role) -> &'static str {
    match role {
        Role::Clerk => "Receives applications at the window and verifies identities.",
        Role::Assessor => "Assesses in person and signs for the medical truth.",
        Role::InstitutionSeal => "Concludes for the assessment institution.",
        Role::NoticeOfficer => "Posts and closes public notices.",
        Role::Reviewer => "Reviews the file, the procedure and the result of the notice.",
        Role::Approver => "Approves or refuses certificates, publishes policies.",
        Role::Issuer => "Prints and issues certificates.",
        Role::TownshipReviewer => "First review of benefit applications.",
        Role::DpfReviewer => "Second review of benefit applications.",
        Role::CivilAffairsOfficer => "Determines benefits and prepares payrolls.",
        Role::FinanceOfficer => "Authorises payment.",
        Role::BankAgent => "Pays by the payroll and reports results.",
        Role::ServiceProvider => "Delivers care or rehabilitation and signs for it.",
        Role::PrefectureDpf => "Designates assessment institutions and takes appeals.",
        Role::ProvincialPanel => "Gives the final conclusion of an appeal.",
        Role::DataCustodian => "Reports facts of its own register: deaths, dibao, imprisonment.",
        Role::Inspector => "Works flags to a verdict.",
        Role::Supervisor => "Watches over all of it, endorses actors and policies, verifies alone.",
        Role::PrivacyOfficer => "Restricts, erases and discloses personal data.",
        Role::KeyCustodian => "Enrols actors and destroys data keys.",
        Role::System => "The ledger's own automatic signer.",
        Role::Applicant => "A person or guardian: sees the own record, and who looked at it.",
    }
}

pub(super) fn fault(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "no_token" => ("The request carries no token.", "Sign in again."),
        "bad_token" => (
            "The token is not of the accepted form, or its signature does not hold.",
            "Sign in again; if that fails, check which key you chose.",
        ),
        "foreign_token" => ("The token is made for another ledger.", "Sign in again on this page."),
        "expired_token" => ("The token has expired.", "Sign in again."),
        "early_token" => (
            "The token is made in the future.",
            "Reload the sign-in page: the token goes by the server's time.",
        ),
        "long_token" => ("The token lives longer than five minutes.", "Reload the sign-in page."),
        "replayed_token" => ("The token was used before.", "Sign in again."),
        "stale_token" => ("The token is older than this server's start.", "Sign in again."),
        "no_session" => ("You are not signed in, or the session has ended.", "Sign in."),
        "foreign_page" => (
            "The form was not sent from a page of this console.",
            "Open the page here and send it again.",
        ),
        "role_may_not" => (
            "Your role cannot use this.",
            "Sign in with a role that may, or ask who does this work.",
        ),
        "other_division" => (
            "This belongs to a division that yours does not cover.",
            "Ask the office of that division, or the one above both.",
        ),
        "processing_restricted" => {
            ("Processing of this person's data is restricted.", "Ask the privacy officer.")
        }
        "no_route" => ("There is nothing at this address.", "Start again from the menu."),
        "not_found" => {
            ("The ledger holds nothing of that name.", "Check the number or id, and try again.")
        }
        "wrong_method" => ("This address does not take that.", "Start again from the menu."),
        "slow_body" => (
            "The request did not come in whole in time.",
            "Send it again: nothing is recorded twice.",
        ),
        "too_large" => ("What was sent is too long.", "Send it in parts, or a smaller file."),
        "wrong_type" => ("What was sent is of another type.", "Send it again from the page."),
        "bad_body" => (
            "Something in the form is missing or not of its form.",
            "Go back, fill it in as it says, and send it again.",
        ),
        "bad_query" => (
            "A condition in the address is unknown or not of its form.",
            "Clear the filters and try again; a date is written 2026-09-30.",
        ),
        "too_many_requests" => ("Too many requests.", "Wait a second and try again."),
        "internal" => (
            "The server failed; nothing that was acknowledged is lost.",
            "Name the request id (header x-request-id) when you report it.",
        ),
        "busy" => ("The ledger is busy.", "Send it again in a moment: nothing is recorded twice."),
        "crowded" => ("The server has too many requests in hand.", "Try again in a moment."),
        "took_too_long" => ("It took longer than it may.", "Ask for less, or try again later."),
        "not_writing" => (
            "The ledger is not writing; what became of what you sent may be unknown.",
            "Send the same again when it is back: nothing is recorded twice.",
        ),
        "no_reveal" => (
            "Personal data cannot be shown now: the vault key or the system key is not open.",
            "Ask the administrator to start the service with its keys.",
        ),
        _ => return None,
    })
}
