use std::collections::BTreeSet;

use rollcall::takedown::basis::Basis;
use rollcall::takedown::case::{Decision, RowState, TargetState};
use rollcall::takedown::decision::{Act, Rows};
use rollcall::takedown::desk::DeskError;
use rollcall::takedown::desk::types::{Attachment, DecisionOrder, Proof, QueueFilter, Strength};

use super::*;

#[test]
fn a_case_opens_with_its_number_and_passphrase_and_with_nothing_else() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let filed = fixture.file_rows(&[("posts", "a"), ("posts", "b"), ("pictures", "c"), ("posts", "a")]).await;
        assert_eq!(filed.passphrase.split(' ').count(), 6);
        let rows: Vec<_> =
            filed.case.targets.iter().map(|target| (target.dataset.as_str(), target.rows.len())).collect();
        assert_eq!(rows, [("pictures", 1), ("posts", 2)], "a row that is named twice counts once");
        assert!(filed.case.targets.iter().all(|target| target.state == TargetState::Acknowledged));
        assert!(filed.case.targets.iter().all(|target| target.due.as_deref() > Some("2026-12-01")));
        let typed = filed.case.number.to_lowercase().replace('-', " ");
        assert_eq!(desk.case(&typed, &filed.passphrase.to_uppercase()).await.unwrap(), filed.case);
        let other = fixture.file_rows(&[("posts", "a")]).await;
        for (number, passphrase) in [
            (&filed.case.number, &other.passphrase),
            (&"AAAA-AAAA".to_owned(), &filed.passphrase),
            (&String::new(), &String::new()),
        ] {
            assert!(matches!(desk.case(number, passphrase).await, Err(DeskError::NoSuchCase)));
        }
    });
}

#[test]
fn a_filing_that_lacks_something_is_told_what_and_leaves_nothing_behind() {
    on_every_store(async |fixture| {
        let lacking = fixture.desk.file(filing(Basis::Dmca), vec![record("posts", "a")]).await;
        let Err(DeskError::Missing(check)) = lacking else { panic!("{lacking:?}") };
        for field in ["requester.name", "signature", "statements.good_faith", "statements.perjury"] {
            assert!(check.missing.iter().any(|missing| missing == field), "{field} is not in {:?}", check.missing);
        }
        assert_eq!(fixture.desk.statistics(None).await.unwrap().cases, 0);
    });
}

#[test]
fn many_who_file_at_the_same_moment_all_get_their_case() {
    on_every_store(async |fixture| {
        let filings = (0..40).map(|at| {
            let rows = vec![record("posts", &format!("r{at}")), record("posts", "shared")];
            fixture.desk.file(plain(), rows)
        });
        let filed = futures_util::future::join_all(filings).await;
        let numbers: BTreeSet<String> = filed.iter().map(|filed| filed.as_ref().unwrap().case.number.clone()).collect();
        assert_eq!(numbers.len(), 40);
        for filed in filed.iter().map(|filed| filed.as_ref().unwrap()).step_by(7) {
            assert_eq!(fixture.desk.case(&filed.case.number, &filed.passphrase).await.unwrap(), filed.case);
        }
        assert_eq!(fixture.desk.verify_log().await.unwrap().problem, None);
    });
}

#[test]
fn the_queue_is_walked_by_due_date_each_target_once_and_only_in_ones_own_datasets() {
    on_every_store(async |fixture| {
        for at in 0..25 {
            fixture.file_rows(&[(if at % 2 == 0 { "posts" } else { "pictures" }, &format!("r{at}"))]).await;
            fixture.pass(DAY_MS / 3);
        }
        let all = fixture.reviewer("all", &[]).await;
        let some = fixture.reviewer("some", &["posts"]).await;
        let (mut lines, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let filter = QueueFilter { cursor, limit: 4, ..QueueFilter::default() };
            let page = fixture.desk.queue(&all, &filter).await.unwrap();
            lines.extend(page.lines);
            pages += 1;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!((lines.len(), pages), (25, 7));
        assert!(lines.windows(2).all(|pair| pair[0].due <= pair[1].due));
        assert_eq!(lines.iter().map(|line| &line.number).collect::<BTreeSet<_>>().len(), 25);
        let own = fixture.desk.queue(&some, &QueueFilter::default()).await.unwrap();
        assert_eq!(own.lines.len(), 13);
        assert!(own.lines.iter().all(|line| line.dataset == "posts"));
        assert_eq!(
            own.counts.iter().map(|count| (count.dataset.as_str(), count.targets)).collect::<Vec<_>>(),
            [("posts", 13)]
        );
        let foreign = QueueFilter { dataset: Some("pictures".into()), ..QueueFilter::default() };
        assert!(fixture.desk.queue(&some, &foreign).await.unwrap().lines.is_empty());
        let bad = QueueFilter { cursor: Some("'; DROP TABLE targets".into()), ..QueueFilter::default() };
        assert!(matches!(fixture.desk.queue(&all, &bad).await, Err(DeskError::BadCursor)));
    });
}

#[test]
fn the_queue_is_filtered_by_what_was_filed() {
    on_every_store(async |fixture| {
        let mira = signed("Mira 100% Okoye", "mira@example.org");
        let mira = fixture.desk.file(mira, vec![record("posts", "a")]).await.unwrap();
        fixture.desk.file(signed("Noor Haddad", "noor@example.org"), vec![record("posts", "b")]).await.unwrap();
        let account = fixture.reviewer("all", &[]).await;
        let found = async |filter: QueueFilter| fixture.desk.queue(&account, &filter).await.unwrap().lines.len();
        let text = |text: &str| QueueFilter { text: Some(text.to_owned()), ..QueueFilter::default() };
        assert_eq!(found(text("mira@EXAMPLE")).await, 1);
        assert_eq!(found(text(&mira.case.number)).await, 1);
        assert_eq!(found(text("100% O")).await, 1);
        assert_eq!(found(text("%")).await + found(text("_")).await, 0, "signs stand in no word");
        for typed in ["okoye mira", "MIR okó", &mira.case.number.replace('-', "").to_lowercase()] {
            assert_eq!(found(text(typed)).await, 1, "{typed}");
        }
        assert_eq!(found(text("mira haddad")).await, 0, "all words are of one case");
        assert_eq!(found(text("koye")).await, 0, "words are found by how they begin");
        assert_eq!((found(text("example")).await, found(text("  ")).await), (2, 2));
        let due = mira.case.targets[0].due.clone();
        assert_eq!(found(QueueFilter { due_before: due, ..QueueFilter::default() }).await, 2);
        assert_eq!(found(QueueFilter { due_before: Some("2026-11-23".into()), ..QueueFilter::default() }).await, 0);
        assert_eq!(found(QueueFilter { basis: Some(Basis::Dsa), ..QueueFilter::default() }).await, 0);
        assert_eq!(found(QueueFilter { state: Some(TargetState::Acknowledged), ..QueueFilter::default() }).await, 2);
        fixture.desk.assign(&account, &mira.case.number, "posts", Some("all")).await.unwrap();
        assert_eq!(found(QueueFilter { assigned: Some("all".into()), ..QueueFilter::default() }).await, 1);
        fixture.desk.decide(&account, &mira.case.number, &grant("posts")).await.unwrap();
        assert_eq!(found(QueueFilter::default()).await, 1, "what is decided is not in the queue any more");
        assert_eq!(found(QueueFilter { closed_too: true, ..QueueFilter::default() }).await, 2);
    });
}

#[test]
fn a_decision_is_on_the_case_the_log_and_the_counts() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &["posts"]).await;
        let filed = fixture.file_rows(&[("posts", "a"), ("posts", "b"), ("pictures", "c")]).await;
        let number = &filed.case.number;
        let seen = fixture.desk.review(&account, number).await.unwrap();
        assert_eq!(seen.versions.keys().collect::<Vec<_>>(), ["posts"], "other datasets are not this account's");
        let some = Rows::Ids(vec!["a".into()]);
        let first =
            DecisionOrder { rows: some, expected_version: seen.versions.get("posts").copied(), ..grant("posts") };
        let review = fixture.desk.decide(&account, number, &first).await.unwrap();
        let states: Vec<RowState> = review.case.targets[0].rows.iter().map(|row| row.state).collect();
        assert_eq!(states, [RowState::Granted, RowState::Pending]);
        // The page that was open since before the decision.
        let late = fixture.desk.decide(&account, number, &first).await;
        assert!(matches!(late, Err(DeskError::Conflict { version }) if version > seen.versions["posts"]), "{late:?}");
        let rest = order("posts", Decision::Refused, Rows::Ids(vec!["b".into()]));
        let review = fixture.desk.decide(&account, number, &rest).await.unwrap();
        assert_eq!(review.case.targets[0].state, TargetState::Partial);
        let case = fixture.desk.case(number, &filed.passphrase).await.unwrap();
        assert!(case.events.iter().filter(|event| event.kind == "decided").count() >= 1, "{:?}", case.events);
        assert_eq!(case.targets[0].state, TargetState::Acknowledged, "the other dataset has not decided");
        let statistics = fixture.desk.statistics(Some("posts")).await.unwrap();
        assert_eq!((statistics.targets, statistics.rows_granted, statistics.open), (1, 1, 0));
        assert_eq!(fixture.desk.statistics(None).await.unwrap().open, 1);
        let granted = fixture.desk.granted_rows("posts").await.unwrap();
        assert_eq!(granted.iter().map(|row| row.record.id.as_str()).collect::<Vec<_>>(), ["a"]);
        let foreign = fixture.desk.decide(&account, number, &grant("pictures")).await;
        assert!(matches!(foreign, Err(DeskError::NoSuchCase)));
    });
}

#[test]
fn of_two_who_decide_at_once_one_is_told_that_the_other_was_faster() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        let version = fixture.desk.review(&account, &filed.case.number).await.unwrap().versions["posts"];
        let grant = DecisionOrder { expected_version: Some(version), ..grant("posts") };
        let refuse = DecisionOrder { expected_version: Some(version), ..order("posts", Decision::Refused, Rows::All) };
        let other = fixture.another().await;
        let (one, two) = futures_util::future::join(
            fixture.desk.decide(&account, &filed.case.number, &grant),
            other.decide(&account, &filed.case.number, &refuse),
        )
        .await;
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
        let lost = if one.is_ok() { two } else { one };
        assert!(matches!(lost, Err(DeskError::Conflict { .. })), "{lost:?}");
        assert_eq!(fixture.desk.verify_log().await.unwrap().problem, None);
    });
}

#[test]
fn many_cases_are_decided_together_and_what_cannot_be_is_told_apart() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let one = fixture.file_rows(&[("posts", "a")]).await.case.number;
        let two = fixture.file_rows(&[("pictures", "b")]).await.case.number;
        let numbers = [one, two, "AAAA-AAAA".to_owned()];
        let outcomes = fixture.desk.decide_many(&account, &numbers, &grant("posts")).await.unwrap();
        assert!(outcomes[0].1.is_ok());
        assert!(matches!(outcomes[1].1, Err(DeskError::NoSuchTarget(_))));
        assert!(matches!(outcomes[2].1, Err(DeskError::NoSuchCase)));
    });
}

#[test]
fn the_person_answers_narrows_withdraws_and_attaches() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let account = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a"), ("posts", "b"), ("pictures", "c")]).await;
        let (number, passphrase) = (&filed.case.number, &filed.passphrase);
        let file = |bytes: usize| Attachment {
            name: "../me.png".into(),
            media_type: "image/png".into(),
            bytes: vec![7; bytes],
        };
        desk.message(number, passphrase, "It is my face.\0", vec![file(3)]).await.unwrap();
        let followed = desk.follow(number, passphrase).await.unwrap();
        assert_eq!(followed.attachments.len(), 1);
        let line = &followed.attachments[0];
        assert_eq!((line.name.as_str(), line.bytes), ("me.png", 3));
        assert_eq!(desk.attachment(number, passphrase, &line.id).await.unwrap().bytes, [7; 3]);
        let huge = desk.message(number, passphrase, "", vec![file((16 << 20) + 1)]).await;
        assert!(matches!(huge, Err(DeskError::TooMuch(_))));
        let review = desk.delete_attachment(&account, number, &line.id).await.unwrap();
        assert!(review.attachments.is_empty());
        let case = desk.narrow(number, passphrase, &["b".into()]).await.unwrap();
        let posts = case.targets.iter().find(|target| target.dataset == "posts").unwrap();
        assert!(posts.rows.iter().all(|row| row.record.id != "b" || row.state == RowState::Withdrawn));
        assert!(desk.narrow(number, passphrase, &["nobody's".into()]).await.is_err());
        let case = desk.withdraw(number, passphrase, Some("posts")).await.unwrap();
        let states: Vec<_> = case.targets.iter().map(|target| (target.dataset.as_str(), target.state)).collect();
        assert_eq!(states, [("pictures", TargetState::Acknowledged), ("posts", TargetState::Withdrawn)]);
        let case = desk.withdraw(number, passphrase, None).await.unwrap();
        assert!(case.targets.iter().all(|target| target.state == TargetState::Withdrawn));
        assert!(desk.withdraw(number, passphrase, None).await.is_err(), "nothing is left to withdraw");
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
    });
}

#[test]
fn other_cases_of_the_same_person_rows_and_pictures_are_found() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let same_file = |dataset: &str, id: &str| RecordRef { sha256: Some("ab".repeat(32)), ..record(dataset, id) };
        let first = desk.file(signed("Mira", "mira@example.org"), vec![same_file("posts", "a")]).await.unwrap();
        let same_row = desk.file(plain(), vec![record("posts", "a")]).await.unwrap();
        let same_picture = desk.file(plain(), vec![same_file("pictures", "b")]).await.unwrap();
        let same_person = desk.file(signed("M. O.", "MIRA@example.org"), vec![record("posts", "c")]).await.unwrap();
        desk.file(plain(), vec![record("posts", "d")]).await.unwrap();
        let account = fixture.reviewer("mira", &[]).await;
        let review = desk.review(&account, &first.case.number).await.unwrap();
        let found: Vec<_> = review
            .related
            .iter()
            .map(|other| (other.number.clone(), other.same_rows, other.same_pictures, other.same_person))
            .collect();
        let expected = [
            (same_row.case.number, 1, 0, false),
            (same_picture.case.number, 0, 1, false),
            (same_person.case.number, 0, 0, true),
        ];
        assert_eq!(found, expected);
    });
}

#[test]
fn the_strongest_proof_stands_in_the_queue() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        for (kind, strength) in [("dns_txt", Strength::Strong), ("row_email", Strength::Weak)] {
            let proof = Proof {
                kind: kind.into(),
                subject: "mira.example".into(),
                strength,
                checked_ms: START_MS,
                note: "The code stands there.".into(),
            };
            let by = rollcall::takedown::case::Actor::Portal;
            fixture.desk.add_proof(&filed.case.number, proof, by).await.unwrap();
        }
        let queue = fixture.desk.queue(&account, &QueueFilter::default()).await.unwrap();
        assert_eq!(queue.lines[0].proof, Some(Strength::Strong));
        let review = fixture.desk.review(&account, &filed.case.number).await.unwrap();
        assert_eq!(review.proofs.len(), 2);
    });
}

#[test]
fn a_duplicate_follows_the_decision_of_the_case_it_repeats() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let first = fixture.file_rows(&[("posts", "a")]).await.case.number;
        let again = fixture.file_rows(&[("posts", "a")]).await.case.number;
        let other = fixture.file_rows(&[("posts", "a")]).await.case.number;
        let act = Act::MarkDuplicate { of: first.to_lowercase(), by: String::new() };
        fixture.desk.act(&account, &again, "posts", act, None).await.unwrap();
        fixture.desk.decide(&account, &first, &grant("posts")).await.unwrap();
        let state = async |number: &str| fixture.desk.review(&account, number).await.unwrap().case.targets[0].state;
        assert_eq!(state(&again).await, TargetState::Granted);
        assert_eq!(state(&other).await, TargetState::Acknowledged);
    });
}

#[test]
fn nobody_signs_for_somebody_else() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        let act = Act::Start { by: "noor".into() };
        let review = fixture.desk.act(&account, &filed.case.number, "posts", act, None).await.unwrap();
        assert_eq!(review.case.targets[0].state, TargetState::InReview);
        let text = serde_json::to_string(&review.case.events).unwrap();
        assert!(text.contains("mira") && !text.contains("noor"), "{text}");
    });
}
