//! What is to be shown, kept on both databases: codes, looks, verdicts.

use rollcall::takedown::case::{Actor, TargetState};
use rollcall::takedown::decision::{Act, DecisionError};
use rollcall::takedown::desk::types::{Attachment, QueueFilter, Strength};
use rollcall::takedown::desk::{DeskError, Wish};
use rollcall::takedown::proof::{ClaimState, Kind, Outcome, RowFacts, Seen, Subject};

use super::*;

fn domain(name: &str) -> Subject {
    Subject::read(Kind::DnsTxt, name, false).unwrap()
}

fn shown(strength: Strength) -> Outcome {
    Outcome::Shown { strength, note: "The code stands there.".into() }
}

#[test]
fn a_claim_has_one_code_for_good_and_what_came_of_it_is_kept() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let filed = fixture.file_rows(&[("posts", "a"), ("pictures", "b")]).await;
        let case = &filed.case;
        assert!(desk.claims(case).await.unwrap().is_empty());
        let claim = desk.claim(case, Kind::DnsTxt, &domain("posts.example"), &[]).await.unwrap();
        let again = fixture.another().await.claim(case, Kind::DnsTxt, &domain("posts.example"), &[]).await.unwrap();
        assert_eq!(again, claim, "another process makes the same code");
        let other_case = fixture.file_rows(&[("posts", "a")]).await.case;
        let elsewhere = desk.claim(&other_case, Kind::DnsTxt, &domain("posts.example"), &[]).await.unwrap();
        assert_ne!(elsewhere.code, claim.code);

        let look = desk.begin_look(case, &claim.claim.id).await.unwrap();
        assert_eq!(Some(&look.code), claim.code.as_ref());
        let line = desk.end_look(case, look, shown(Strength::Strong), Actor::Requester).await.unwrap();
        assert_eq!((line.claim.state, line.claim.checked_ms), (ClaimState::Shown, Some(START_MS)));
        fixture.pass(DAY_MS);
        let look = desk.begin_look(case, &claim.claim.id).await.unwrap();
        let gone = Outcome::NotShown { note: "Not there.".into() };
        desk.end_look(case, look, gone, Actor::Staff("mia".into())).await.unwrap();

        let followed = desk.follow(&case.number, &filed.passphrase).await.unwrap();
        assert_eq!(followed.proofs.len(), 1, "what was seen once stays");
        assert_eq!((followed.proofs[0].strength, followed.proofs[0].checked_ms), (Strength::Strong, START_MS));
        assert_eq!(followed.claims[0].claim.state, ClaimState::NotShown);
        let kinds: Vec<_> = followed.case.events.iter().map(|event| event.kind.as_str()).collect();
        assert!(kinds.contains(&"proof_kept") && kinds.contains(&"proof_not_found"), "{kinds:?}");
        let reviewer = fixture.reviewer("mia", &["posts"]).await;
        assert_eq!(desk.review(&reviewer, &case.number).await.unwrap().claims.len(), 1);
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
    });
}

#[test]
fn a_reservation_stands_until_it_is_given_up_and_is_seen_by_other_processes() {
    on_every_store(async |fixture| {
        let (desk, other) = (&fixture.desk, fixture.another().await);
        let subject = domain("mira.example");
        let mut versions = vec![other.reservations_version().await.unwrap()];
        for (wish, stands) in [(Wish::Reserve, true), (Wish::GiveUp, false), (Wish::Reserve, true)] {
            let code = other.reservation_code(Kind::DnsTxt, &subject, wish).await.unwrap();
            let wrong = Seen::Texts(vec!["rollcall-0".into()]);
            let refused = desk.end_reservation(Kind::DnsTxt, &subject, wish, &wrong).await.unwrap();
            assert!(matches!(refused, Outcome::NotShown { .. }), "{refused:?}");
            fixture.pass(1);
            desk.end_reservation(Kind::DnsTxt, &subject, wish, &Seen::Texts(vec![code])).await.unwrap();
            let found = other.reservations().await.unwrap();
            assert_eq!(found, if stands { vec!["mira.example".to_owned()] } else { Vec::new() });
            let version = other.reservations_version().await.unwrap();
            assert!(!versions.contains(&version), "others see that it changed");
            versions.push(version);
        }
        for _ in 0..10 {
            desk.begin_reservation(&subject).await.unwrap();
        }
        assert!(matches!(desk.begin_reservation(&subject).await, Err(DeskError::Throttled { .. })));
    });
}

#[test]
fn a_case_is_looked_at_a_bounded_number_of_times_an_hour() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let case = fixture.file_rows(&[("posts", "a")]).await.case;
        let id = desk.claim(&case, Kind::DnsTxt, &domain("posts.example"), &[]).await.unwrap().claim.id;
        for _ in 0..20 {
            desk.begin_look(&case, &id).await.unwrap();
            fixture.pass(60_000);
        }
        let refused = desk.begin_look(&case, &id).await;
        assert!(matches!(refused, Err(DeskError::Throttled { seconds: 2_400 })), "{refused:?}");
        fixture.pass(2_400_000);
        desk.begin_look(&case, &id).await.unwrap();
        for at in 1..20 {
            desk.claim(&case, Kind::DnsTxt, &domain(&format!("posts{at}.example")), &[]).await.unwrap();
        }
        let more = desk.claim(&case, Kind::DnsTxt, &domain("posts99.example"), &[]).await;
        assert!(matches!(more, Err(DeskError::TooMuch(_))), "{more:?}");
    });
}

#[test]
fn a_letter_with_a_code_goes_to_an_address_of_a_row_once_an_hour_and_is_shown_to_nobody() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        let mut row = RowFacts::of_record(record("posts", "a"));
        row.cells.push("by mira@studio.example".into());
        let rows = [row];
        let mailbox = |text| Subject::read(Kind::RowEmail, text, false).unwrap();
        let refused = desk.claim(&filed.case, Kind::RowEmail, &mailbox("noor@studio.example"), &rows).await;
        assert!(matches!(refused, Err(DeskError::NotClaimed(_))), "{refused:?}");
        for minutes in [0, 30, 31] {
            fixture.pass(minutes * 60_000);
            let line = desk.claim(&filed.case, Kind::RowEmail, &mailbox("mira@studio.example"), &rows).await.unwrap();
            assert_eq!(line.code, None);
        }
        assert_eq!(desk.post_letters().await.unwrap(), 2, "the second came too soon");
        let reviewer = fixture.reviewer("mia", &[]).await;
        let letters = desk.review(&reviewer, &filed.case.number).await.unwrap().letters;
        assert!(letters.iter().all(|letter| letter.kind != "proof_code"));
        let followed = desk.follow(&filed.case.number, &filed.passphrase).await.unwrap();
        assert!(followed.letters.iter().all(|letter| letter.kind != "proof_code"));
        assert!(
            followed
                .case
                .events
                .iter()
                .all(|event| !event.text.contains("mira") && !event.detail.to_string().contains("mira"))
        );
    });
}

#[test]
fn a_mandate_is_judged_by_a_person_and_a_document_of_identity_is_gone_afterwards() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let case = fixture.file_rows(&[("posts", "a")]).await.case;
        let file = |name: &str| Attachment {
            name: name.into(),
            media_type: "text/plain".into(),
            bytes: b"I let her".to_vec(),
        };
        let kept = desk.claim_file(&case, Kind::Mandate, file("letter.txt"), false).await.unwrap().claim;
        let passport = desk.claim_file(&case, Kind::Mandate, file("passport of Mira.txt"), true).await.unwrap().claim;
        let waits = desk.begin_look(&case, &kept.id).await;
        assert!(matches!(waits, Err(DeskError::NotClaimed(_))), "{waits:?}");
        let stranger = fixture.reviewer("noor", &["pictures"]).await;
        let refused = desk.judge_file(&stranger, &case.number, &kept.id, true, false, "").await;
        assert!(matches!(refused, Err(DeskError::NoSuchCase)), "{refused:?}");
        let reviewer = fixture.reviewer("mia", &["posts"]).await;
        desk.judge_file(&reviewer, &case.number, &kept.id, true, false, "Signed.").await.unwrap();
        let review = desk.judge_file(&reviewer, &case.number, &passport.id, false, false, "").await.unwrap();
        let names: Vec<_> = review.attachments.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["letter.txt"]);
        assert_eq!((review.proofs.len(), review.proofs[0].strength), (1, Strength::Fair));
        assert!(review.claims.iter().all(|claim| !claim.subject.contains("Mira")));
    });
}

#[test]
fn a_plain_request_below_the_operators_size_is_never_asked_for_a_proof() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let reviewer = fixture.reviewer("mia", &[]).await;
        let names: Vec<String> = (0..100).map(|at| format!("r{at}")).collect();
        let rows: Vec<_> = names.iter().map(|name| ("posts", name.as_str())).collect();
        let small = fixture.file_rows(&rows[..99]).await.case;
        let large = fixture.file_rows(&rows).await.case;
        let ask = || Act::AskProof { reasons: reasons(), by: "mia".into() };
        let refused = desk.act(&reviewer, &small.number, "posts", ask(), None).await;
        assert!(matches!(refused, Err(DeskError::Refused(DecisionError::NoProof))), "{refused:?}");
        let asked = desk.act(&reviewer, &large.number, "posts", ask(), None).await.unwrap();
        assert_eq!(asked.case.targets[0].state, TargetState::Verifying);
        // Shown, it goes on by itself.
        let id = desk.claim(&large, Kind::DnsTxt, &domain("posts.example"), &[]).await.unwrap().claim.id;
        let look = desk.begin_look(&large, &id).await.unwrap();
        desk.end_look(&large, look, shown(Strength::Strong), Actor::Requester).await.unwrap();
        let review = desk.review(&reviewer, &large.number).await.unwrap();
        assert_eq!(review.case.targets[0].state, TargetState::InReview);
    });
}

#[test]
fn a_store_from_before_proofs_gets_their_tables_when_it_is_opened() {
    on_every_store(async |fixture| {
        let case = fixture.file_rows(&[("posts", "a")]).await.case;
        for sql in [
            "DROP TABLE portal_secrets",
            "DROP TABLE proof_claims",
            "DROP TABLE proof_checks",
            "DROP TABLE reservations",
            "DROP INDEX targets_figures",
            "ALTER TABLE targets DROP COLUMN outcome",
            "ALTER TABLE targets DROP COLUMN decide_days",
            "ALTER TABLE targets DROP COLUMN appealed",
            "ALTER TABLE targets DROP COLUMN reversed",
            "ALTER TABLE targets DROP COLUMN restored",
            "DROP TABLE target_words",
            "DROP TABLE tallies",
            "CREATE INDEX targets_counts ON targets (dataset, state, is_open, due_key)",
            // Their tables are the fifth step and the sixth; what is counted and the words came after them.
            "UPDATE schema_version SET version = 4",
        ] {
            fixture.tamper(sql).await;
        }
        let desk = fixture.another().await;
        let claim = desk.claim(&case, Kind::DnsTxt, &domain("posts.example"), &[]).await.unwrap();
        assert_eq!(desk.claims(&case).await.unwrap(), [claim]);
        assert!(desk.reservations().await.unwrap().is_empty());
        let account = fixture.reviewer("mira", &[]).await;
        let by_number = QueueFilter { text: Some(case.number.clone()), ..QueueFilter::default() };
        let queue = desk.queue(&account, &by_number).await.unwrap();
        assert_eq!((queue.lines.len(), queue.counts[0].targets), (1, 1), "it is found and counted as new ones are");
    });
}
