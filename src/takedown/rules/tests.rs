use super::*;

/// The rules with one file changed.
fn with(file: &str, change: impl Fn(&str) -> String) -> Result<RuleBook, RulesError> {
    let directory = tempfile::tempdir().unwrap();
    let text = FILES.iter().find(|(name, _)| *name == file).unwrap().1;
    std::fs::write(directory.path().join(file), change(text)).unwrap();
    RuleBook::load(directory.path())
}

fn line_of(file: &str, part: &str) -> usize {
    let text = FILES.iter().find(|(name, _)| *name == file).unwrap().1;
    text[..text.find(part).unwrap()].matches('\n').count() + 1
}

fn refused(file: &str, from: &str, to: &str) -> (usize, String) {
    let changed = with(file, |text| {
        assert!(text.contains(from), "{file} has no {from}");
        text.replacen(from, to, 1)
    });
    match changed.unwrap_err() {
        RulesError::Wrong { file: named, line, what } => {
            assert_eq!(named, file);
            (line, what)
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_built_in_rules_are_read_and_every_basis_has_every_letter() {
    let book = RuleBook::built_in();
    assert_eq!(book.all().map(|rules| rules.basis).collect::<Vec<_>>(), Basis::ALL);
    for rules in &book.rules {
        assert_eq!(rules.letters.len(), LetterKind::ALL.len(), "{:?}", rules.basis);
        assert!(rules.field("records").is_some_and(|field| field.required), "{:?}", rules.basis);
        assert!(rules.redress.contains("{appeal_until}"), "{:?}", rules.basis);
    }
}

#[test]
fn somebody_in_the_united_kingdom_has_the_law_of_the_united_kingdom() {
    let book = RuleBook::built_in();
    for basis in [Basis::GdprErasure, Basis::GdprObjection, Basis::GdprAccess, Basis::GdprRestriction] {
        let (eu, uk) = (book.of(basis, Some("de")), book.of(basis, Some("GB-SCT")));
        assert_eq!((eu.regime.as_str(), eu.region.as_str()), ("", "eu"));
        assert_eq!((uk.regime.as_str(), uk.region.as_str()), ("uk", "uk"));
        assert!(uk.reference.ends_with("UK GDPR") && !eu.reference.contains("UK"));
        assert!(uk.redress.contains("Information Commissioner") && !eu.redress.contains("Commissioner"));
        assert_eq!(book.regime(basis, "uk").regime, "uk");
        assert_eq!(book.regime(basis, "gone").regime, "");
        assert_eq!(book.of(basis, None).regime, "");
    }
    assert_eq!(book.of(Basis::Dmca, Some("GB")).regime, "");
}

#[test]
fn what_is_personal_is_kept_for_a_time_that_can_be_meant() {
    let (line, what) = refused("retention.toml", "[letters]\ncount = 24", "[letters]\ncount = 36");
    assert_eq!(line, line_of("retention.toml", "[letters]"));
    assert!(what.contains("they name the person"), "{what}");
    let (line, what) = refused("retention.toml", "unit = \"months\"", "unit = \"business_days\"");
    assert_eq!(line, line_of("retention.toml", "unit = "));
    assert!(what.contains("months or days"), "{what}");
    refused("retention.toml", "count = 12", "count = 0");
    refused("retention.toml", "[messages]", "[message]");
    let (_, what) = refused("retention.toml", "region = \"eu\"", "region = \"mars\"");
    assert!(what.contains("mars"), "{what}");
}

#[test]
fn a_term_that_is_no_law_does_not_say_that_it_is() {
    for rules in &RuleBook::built_in().rules {
        let appeal = rules.appeal.as_ref().map(|appeal| [&appeal.within, &appeal.decide]);
        let counter = rules.counter_notice.as_ref().map(|counter| [&counter.not_before, &counter.not_after]);
        let all = [Some(&rules.decide), rules.extension.as_ref(), rules.acknowledge.as_ref(), Some(&rules.expire)];
        for term in all.into_iter().flatten().chain(appeal.into_iter().flatten()).chain(counter.into_iter().flatten()) {
            let names_portal = term.source.contains("this portal");
            assert_eq!(term.binding == Binding::Promise, names_portal, "{:?}: {term:?}", rules.basis);
        }
    }
}

#[test]
fn a_file_of_the_operator_takes_the_place_of_one_built_in_file() {
    let book = with("plain.toml", |text| text.replacen("count = 14", "count = 21", 1)).unwrap();
    assert_eq!(book.of(Basis::Plain, None).decide.count, 21);
    assert_eq!(book.of(Basis::Ccpa, None).decide.count, 45);
    let own = with("common.toml", |text| text.replace("enabled = false", "enabled = true")).unwrap();
    assert_eq!(own.of(Basis::Plain, None).two_person_rows, Some(1));
    assert_eq!(own.with_two_person(None).of(Basis::Plain, None).two_person_rows, None);
}

#[test]
fn a_mistake_is_named_with_file_and_line() {
    let table = [
        ("plain.toml", "count = 14", "count = 0", "count = 14", "1 to 3660"),
        ("plain.toml", "unit = \"days\"", "unit = \"fortnights\"", "unit = \"days\"", "fortnights"),
        ("plain.toml", "effect = \"remove\"", "efect = \"remove\"", "effect = \"remove\"", "efect"),
        ("plain.toml", "region = \"eu\"", "region = \"mars\"", "region = \"eu\"", "mars"),
        ("plain.toml", "name = \"explanation\"", "name = \"shoe_size\"", "name = \"explanation\"", "shoe_size"),
        ("dmca.toml", "name = \"perjury\"", "name = \"oath\"", "name = \"perjury\"", "oath"),
        ("dsa.toml", "\"AT\", ", "\"Austria\", ", "countries = [", "Austria"),
        ("ccpa.toml", "notices = [\"recipients\"]", "notices = [\"granted\"]", "notices = ", "granted"),
        ("letters.toml", "request {number} has arrived", "request {nummer} has arrived", "subject = ", "{nummer}"),
        ("letters.toml", "[closed]", "[cloesd]", "[closed]", "cloesd"),
        ("holidays.toml", "dates = []", "dates = [\"2026-02-30\"]", "dates = []", "2026-02-30"),
        ("holidays.toml", "{ month = 1, day = 1 }", "{ month = 13, day = 1 }", "yearly = [", "no such day"),
        ("common.toml", "red_days = 2", "red_days = 20", "[warnings]", "amber"),
    ];
    for (file, from, to, at, says) in table {
        let (line, what) = refused(file, from, to);
        assert!(what.contains(says), "{file} {to}: {what}");
        assert_eq!(line, line_of(file, at), "{file} {to}: {what}");
    }
}

#[test]
fn what_two_values_contradict_is_refused() {
    let (_, what) = refused(
        "ccpa.toml",
        "[extension]\n# Counted from the end of the first term; has to be told within it.\ncount = 45\nunit = \"days\"",
        "[extension]\ncount = 45\nunit = \"months\"",
    );
    assert!(what.contains("same unit"), "{what}");
    let (_, what) =
        refused("dmca.toml", "[counter_notice.not_before]\ncount = 10", "[counter_notice.not_before]\ncount = 15");
    assert!(what.contains("not_before"), "{what}");
    let (_, what) = refused("plain.toml", "name = \"requester.email\"", "name = \"requester.name\"");
    assert!(what.contains("twice"), "{what}");
}

#[test]
fn a_letter_that_is_missing_and_a_file_that_is_none_are_named() {
    let cut = with("letters.toml", |text| text.split("[confirm_email]").next().unwrap().to_owned());
    assert!(cut.unwrap_err().to_string().contains("confirm_email"));
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("notes.txt"), "not a rule").unwrap();
    RuleBook::load(directory.path()).unwrap();
    std::fs::write(directory.path().join("gdpr.toml"), "").unwrap();
    let error = RuleBook::load(directory.path()).unwrap_err().to_string();
    assert!(error.contains("gdpr.toml") && error.contains("gdpr_erasure.toml"), "{error}");
    let error = RuleBook::load(&directory.path().join("nowhere")).unwrap_err().to_string();
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn a_template_never_fills_in_what_a_person_wrote() {
    let template = Template { subject: "{number}".into(), text: "{explanation} {number}".into() };
    let (_, text) = template.fill(|name| match name {
        "explanation" => "{number} {".to_owned(),
        _ => "K7Q2".to_owned(),
    });
    assert_eq!(text, "{number} { K7Q2");
}
