//! The frame that all pages share.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// One self-contained page.
pub(super) fn page(zh: &str, en: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                // Nothing is fetched and nothing runs, whatever a text on the page says.
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'";
                title { (zh) " " (en) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (zh) " " span.en lang="en" { (en) } }
                    (body)
                }
            }
        }
    };
    page.into_string()
}

/// A heading in both languages.
pub(super) fn heading(zh: &str, en: &str) -> Markup {
    html! { h2 { (zh) " " span.en lang="en" { (en) } } }
}

/// A term in both languages.
pub(super) fn term(zh: &str, en: &str) -> Markup {
    html! { (zh) " " span.en lang="en" { (en) } }
}

/// How all pages look.
pub(super) const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --line: #d0d7de;
  --card: #f6f8fa; --link: #0550ae; --bad: #b42318; --good: #116329; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --paper: #0d1117;
  --line: #3d444d; --card: #161b22; --link: #79c0ff; --bad: #ff9a8f; --good: #7ee2a8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line);
  padding-bottom: .25rem; }
.en { color: var(--soft); font-weight: normal; font-size: .85em; }
a { color: var(--link); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: .5rem 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem;
  margin: 1rem 0; }
.figure { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; }
.figure b { display: block; font-size: 1.7rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figure b a { text-decoration: none; }
.bad { color: var(--bad); } .good { color: var(--good); }
.chart { background: #fff; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem;
  margin: .6rem 0; overflow-x: auto; }
.chart svg { display: block; max-width: 100%; height: auto; }
.soft { color: var(--soft); } code, .mono { font-family: ui-monospace, monospace; font-size: .88em;
  overflow-wrap: anywhere; }
ol.timeline { list-style: none; margin: 1rem 0; padding: 0 0 0 1.2rem; border-left: 2px solid var(--line); }
ol.timeline > li { margin: 0 0 1.1rem; position: relative; break-inside: avoid; }
ol.timeline > li::before { content: ''; position: absolute; left: -1.58rem; top: .5rem; width: .7rem;
  height: .7rem; border-radius: 50%; background: var(--link); border: 2px solid var(--paper); }
ol.timeline h3 { margin: 0; font-size: 1rem; } ol.timeline p { margin: .1rem 0; }
details summary { cursor: pointer; }
.indexes { font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere; }
:target { outline: 2px solid var(--link); outline-offset: 3px; }
@media print { main { max-width: none; padding: 0; } body { font-size: 11pt; } a { color: inherit;
  text-decoration: none; } h2 { break-after: avoid; } table, .chart, .figure { break-inside: avoid; } }
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_says_stays_text() {
        let page = page("题", "<script>alert(1)</script>", &html! { p { "a & b" } });
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.contains("a &amp; b"));
        assert!(!page.contains("<script"));
        assert!(page.starts_with("<!DOCTYPE html>"));
    }
}
