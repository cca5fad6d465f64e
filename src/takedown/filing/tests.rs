use super::*;

fn filing(basis: Basis) -> Filing {
    serde_json::from_value(serde_json::json!({ "basis": basis })).unwrap()
}

/// A filing with every field of the public API.
fn complete(basis: Basis) -> Filing {
    serde_json::from_value(serde_json::json!({
        "basis": basis,
        "requester": {"name": "Anna Berg", "email": "anna@example.org", "relationship": "self", "country": "DE"},
        "explanation": "That is my picture.",
        "statements": {"good_faith": true, "accuracy": true, "perjury": true},
        "signature": "Anna Berg",
    }))
    .unwrap()
}

#[test]
fn every_basis_asks_for_what_its_law_asks_for_and_for_no_more() {
    let book = RuleBook::built_in();
    let gdpr: &[&str] = &["records", "requester.relationship", "requester.country"];
    let table: [(Basis, &[&str]); 8] = [
        (Basis::Plain, &["records"]),
        (Basis::GdprErasure, gdpr),
        (Basis::GdprObjection, &["records", "requester.relationship", "requester.country", "explanation"]),
        (Basis::GdprAccess, gdpr),
        (Basis::GdprRestriction, gdpr),
        (
            Basis::Dmca,
            &[
                "records",
                "explanation",
                "requester.name",
                "requester.email",
                "requester.relationship",
                "signature",
                "statements.good_faith",
                "statements.accuracy",
                "statements.perjury",
            ],
        ),
        (Basis::Dsa, &["records", "explanation", "requester.name", "requester.email", "statements.good_faith"]),
        (Basis::Ccpa, &["records", "requester.relationship"]),
    ];
    for (basis, expected) in table {
        assert_eq!(missing(&filing(basis), &book, 0), expected, "{basis:?}");
        assert_eq!(check(&complete(basis), &book, 3), Check::default(), "{basis:?}");
    }
}

#[test]
fn what_could_not_be_found_is_enough_unless_the_law_asks_for_the_place() {
    let book = RuleBook::built_in();
    for basis in Basis::ALL {
        let mut told = complete(basis);
        told.cannot_find = Some("A picture of me on a bridge in Riga".into());
        let exact = matches!(basis, Basis::Dmca | Basis::Dsa);
        assert_eq!(missing(&told, &book, 0).is_empty(), !exact, "{basis:?}");
        told.typed_urls = vec!["https://example.org/me.jpg".into()];
        assert!(missing(&told, &book, 0).is_empty(), "{basis:?}");
    }
}

#[test]
fn a_text_left_in_the_form_is_no_answer() {
    let book = RuleBook::built_in();
    for left in ["USERNAME", "Your name", "[your name]", " <Your Name> ", "you@example.com", "  "] {
        let mut filing = complete(Basis::Dmca);
        filing.requester.name = Some(left.into());
        filing.signature = Some(left.into());
        assert_eq!(missing(&filing, &book, 1), ["requester.name", "signature"], "{left}");
    }
    let mut named = complete(Basis::Dmca);
    named.requester.name = Some("Namé O'Neil".into());
    assert!(missing(&named, &book, 1).is_empty());
}

#[test]
fn a_notice_of_child_abuse_needs_no_name() {
    let book = RuleBook::built_in();
    let mut notice = complete(Basis::Dsa);
    notice.requester = Requester::default();
    assert_eq!(missing(&notice, &book, 1), ["requester.name", "requester.email"]);
    notice.answers.insert("offence".into(), "child_abuse".into());
    assert_eq!(check(&notice, &book, 1), Check::default());
}

#[test]
fn what_cannot_be_right_is_named() {
    let book = RuleBook::built_in();
    let mut wrong = complete(Basis::GdprErasure);
    wrong.requester.email = Some("anna at home".into());
    wrong.requester.country = Some("Germany".into());
    wrong.requester.relationship = Some("friend".into());
    wrong.explanation = "x".repeat(EXPLANATION_CHARS_MAX + 1);
    wrong.typed_urls = vec!["u".repeat(URL_CHARS_MAX + 1); TYPED_URLS_MAX + 1];
    wrong.answers = [("ground", "because"), ("shoe", "43")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let check = check(&wrong, &book, 1);
    let fields: Vec<_> = check.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "explanation",
            "typed_urls",
            "typed_urls",
            "requester.email",
            "requester.relationship",
            "requester.country",
            "answers.ground",
            "answers"
        ]
    );
}

#[test]
fn three_questions_lead_to_the_forms_that_fit() {
    use Basis::{Ccpa, Dmca, Dsa, GdprAccess, GdprErasure, GdprObjection, GdprRestriction, Plain};
    let book = RuleBook::built_in();
    let table: [(About, Option<&str>, &[Basis]); 7] = [
        (About::Me, Some("DE"), &[GdprErasure, GdprObjection, GdprAccess, GdprRestriction, Dsa, Plain]),
        (About::Me, Some("gb"), &[GdprErasure, GdprObjection, GdprAccess, GdprRestriction, Plain]),
        (About::Me, Some("US-CA"), &[Ccpa, Plain]),
        (About::Me, Some("US"), &[Plain]),
        (About::MyWork, Some("FR"), &[Dsa, Dmca, Plain]),
        (About::MyWork, None, &[Dmca, Plain]),
        (About::Other, Some("IE"), &[Dsa, Plain]),
    ];
    for (about, country, expected) in table {
        assert_eq!(choose_basis(Answers { about, for_self: true, country }, &book), expected, "{about:?} {country:?}");
    }
}
