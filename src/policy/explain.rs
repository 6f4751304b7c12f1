//! A policy in plain words, Chinese or English, for the person who is about to publish it.
//!
//! One sentence per line, in a fixed order; what is not set is said in words, because an amount
//! that is missing stops payment.

mod certificate;
mod programme;

use super::{Policy, PolicyBody, RateSpan, RatesPolicy, defaults};
use crate::value::{Day, Lang, Period, PolicyName, Unit};

/// Says what a policy means, one line per rule.
#[must_use]
pub fn explain(policy: &Policy, lang: Lang) -> Vec<String> {
    let mut words = Words { lang, lines: Vec::new() };
    words.head(policy);
    match &policy.body {
        PolicyBody::Certificate(body) => words.certificate(body),
        PolicyBody::Programme(body) => words.programme(body),
        PolicyBody::Rates(body) => words.rates(body),
    }
    words.lines
}

struct Words {
    lang: Lang,
    lines: Vec<String>,
}

impl Words {
    fn say(&mut self, zh: String, en: String) {
        self.lines.push(match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        });
    }

    fn list<W: Into<String>>(&self, words: impl Iterator<Item = W>) -> String {
        let words: Vec<String> = words.map(Into::into).collect();
        words.join(match self.lang {
            Lang::Zh => "、",
            Lang::En => ", ",
        })
    }

    /// One line of a list, left out when the list is empty.
    fn say_list<W: Into<String>>(&mut self, zh: &str, en: &str, words: impl Iterator<Item = W>) {
        let list = self.list(words);
        if !list.is_empty() {
            self.say(format!("{zh}：{list}。"), format!("{en}: {list}."));
        }
    }

    fn head(&mut self, policy: &Policy) {
        let Policy { version, division, valid_from, valid_to, .. } = policy;
        let name = title(policy, self.lang);
        let (zh, en) = match valid_to {
            Some(last) => (format!("至{last}"), format!("to {last}")),
            None => ("起长期有效".to_owned(), "with no end set".to_owned()),
        };
        self.say(
            format!(
                "{name}，第{version}版，适用于{}及其下级区划，{valid_from}{zh}。",
                division.named(Lang::Zh)
            ),
            format!(
                "{name}, version {version}, for {} and the divisions below it, in force \
                 from {valid_from} {en}.",
                division.named(Lang::En)
            ),
        );
        if let (Some(last), PolicyBody::Programme(_)) = (valid_to, &policy.body) {
            self.ended(*last);
        }
        match &policy.document_number {
            Some(number) => self.say(format!("依据：{number}。"), format!("Made from {number}.")),
            None => self.say(
                "依据文号：未注明。".to_owned(),
                "The document it is made from is not named.".to_owned(),
            ),
        }
    }

    /// What holds after the last day of a programme.
    fn ended(&mut self, last: Day) {
        self.say(
            format!(
                "{last}之后本项目终止：对之后月份的申请、审定和发放一律拒绝，除非另行公布\
                 此后施行的政策；此前的登记和事实保留可查。"
            ),
            format!(
                "After {last} the programme has ended: an application, a determination or a payroll \
                 for a later month is refused (no_policy) unless a policy for then is published; \
                 what was recorded of the time before stays."
            ),
        );
    }

    fn rates(&mut self, body: &RatesPolicy) {
        for (programme, table) in &body.programmes {
            let name = defaults::title(*programme, self.lang);
            self.say(format!("{name}："), format!("{name}:"));
            self.spans(table.unit, table.period, &table.spans);
        }
    }

    fn spans(&mut self, unit: Unit, period: Period, spans: &[RateSpan]) {
        let (unit, period) = (unit.words(self.lang), period.words(self.lang));
        for RateSpan { from, until, amount_fen } in spans {
            let (zh, en) = match until {
                Some(last) => (format!("{from}至{last}"), format!("from {from} to {last}")),
                None => (format!("{from}起"), format!("from {from}")),
            };
            self.say(
                format!("{zh}，每{unit}{period}{amount_fen}元。"),
                format!("{amount_fen} yuan per {unit} and {period} {en}."),
            );
        }
    }
}

/// What a policy is about, as people call it.
fn title(policy: &Policy, lang: Lang) -> String {
    let own = match &policy.body {
        PolicyBody::Programme(body) => body.title(lang),
        PolicyBody::Certificate(_) | PolicyBody::Rates(_) => None,
    };
    let words = match (policy.name, lang) {
        (PolicyName::Certificate, Lang::Zh) => "残疾人证核发",
        (PolicyName::Certificate, Lang::En) => "disability certificate",
        (PolicyName::Rates, Lang::Zh) => "补贴标准",
        (PolicyName::Rates, Lang::En) => "rates",
        (PolicyName::Programme(programme), _) => {
            return own.map_or_else(|| programme.to_string(), ToOwned::to_owned);
        }
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::defaults;
    use crate::value::punctuation::has_half_width;

    fn words(text: &str, lang: Lang) -> String {
        explain(&Policy::parse(text).unwrap(), lang).join("\n")
    }

    fn shipped(name: &str) -> &'static str {
        defaults::POLICIES.iter().find(|(found, _)| *found == name).unwrap().1
    }

    #[test]
    fn the_certificate_in_english_and_chinese() {
        let english = words(defaults::CERTIFICATE, Lang::En);
        for part in [
            "Valid for 10 years; the last day is the day before the anniversary.",
            "A conclusion is published for 5 working days.",
            "at least 2 different assessors",
            "Level 1, 2 needs a second assessment.",
            "Approved by the prefecture federation until 2017-12-31.",
            "Approved by the county federation from 2018-01-01.",
        ] {
            assert!(english.contains(part), "{part}\n{english}");
        }
        let chinese = words(defaults::CERTIFICATE, Lang::Zh);
        assert!(chinese.contains("评定结论公示5个工作日。"), "{chinese}");
        assert!(chinese.contains("2018-01-01起由县级残联批准。"), "{chinese}");
    }

    #[test]
    fn an_amount_that_is_not_set_is_said() {
        let english = words(shipped("living_allowance"), Lang::En);
        assert!(english.contains("nothing may be paid until one is published"), "{english}");
        assert!(words(shipped("living_allowance"), Lang::Zh).contains("不得发放"));
        let fuel = words(shipped("fuel_subsidy"), Lang::En);
        assert!(fuel.contains("260.00 yuan per vehicle and year from 2011-01."), "{fuel}");
        assert!(fuel.contains("Age 18 to 70, counted on 03-31 of that year."), "{fuel}");
        assert!(!fuel.contains("nothing may be paid"), "{fuel}");
        assert!(words(shipped("employment"), Lang::En).contains("It pays no money."));
    }

    #[test]
    fn a_programme_that_ended_says_what_is_refused_since() {
        let english = words(shipped("poverty_register"), Lang::En);
        assert!(english.contains("After 2020-12-31 the programme has ended"), "{english}");
        assert!(english.contains("refused (no_policy)"), "{english}");
        let chinese = words(shipped("poverty_register"), Lang::Zh);
        assert!(chinese.contains("2020-12-31之后本项目终止"), "{chinese}");
        assert!(!words(shipped("fuel_subsidy"), Lang::En).contains("ended"));
    }

    #[test]
    fn an_extension_is_named_with_its_condition() {
        let text = shipped("living_allowance").replace(
            "exclude =",
            "extensions = [\n  { instead_of = \"dibao_household\", \
             accept = [\"low_income\"] },\n]\nexclude =",
        );
        let english = words(&text, Lang::En);
        let part = "member of a Dibao household, or one of: low-income household.";
        assert!(english.contains(part), "{english}");
    }

    #[test]
    fn the_languages_say_the_same_number_of_things_in_their_own_letters() {
        for (name, text) in defaults::POLICIES {
            let policy = Policy::parse(text).unwrap();
            let (zh, en) = (explain(&policy, Lang::Zh), explain(&policy, Lang::En));
            assert_eq!(zh.len(), en.len(), "{name}");
            let document = policy.document_number.as_deref().unwrap_or_default();
            for line in en.iter().filter(|line| !line.contains(document) || document.is_empty()) {
                assert!(line.is_ascii(), "{name}: {line}");
            }
        }
    }

    #[test]
    fn each_language_stands_by_itself() {
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for text in defaults::defaults() {
            let policy = Policy::parse(text).unwrap();
            for line in explain(&policy, Lang::Zh) {
                let latin = line.split(|c: char| !c.is_ascii_alphabetic());
                assert!(!has_half_width(&line), "{} {line}", policy.name);
                // The grades of a house are letters; a national standard goes by its number.
                let latin: Vec<_> = latin.filter(|run| run.len() > 1 && *run != "GB").collect();
                assert!(latin.is_empty(), "{} {line}", policy.name);
            }
            let number = policy.document_number.clone().unwrap_or_default();
            for line in explain(&policy, Lang::En) {
                assert!(!line.replace(&number, "").contains(is_han), "{} {line}", policy.name);
            }
        }
    }
}
