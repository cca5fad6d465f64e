use std::collections::BTreeSet;

use proptest::prelude::*;
use rollcall::takedown::basis::Basis;
use rollcall::takedown::case::{Decision, TargetState};
use rollcall::takedown::decision::Rows;
use rollcall::takedown::tombstone::{Scope, Tombstone};

use super::*;

/// What a reader of the feed hides, by dataset and record.
fn hidden(feed: &[Tombstone]) -> BTreeSet<(String, String)> {
    let mut hidden = BTreeSet::new();
    for entry in feed {
        let key = (entry.dataset.clone(), entry.record.id.clone());
        if entry.lifted {
            hidden.remove(&key)
        } else {
            hidden.insert(key)
        };
    }
    hidden
}

fn names(hidden: &BTreeSet<(String, String)>) -> Vec<&str> {
    hidden.iter().map(|(_, id)| id.as_str()).collect()
}

#[test]
fn granted_rows_are_in_the_feed_when_the_decision_returns() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let rows = vec![record("posts", "a"), record("posts", "b")];
        let filed = fixture.desk.file(Filing { scope: Scope::Copies, ..plain() }, rows).await.unwrap();
        assert!(fixture.desk.tombstones_after(0).await.unwrap().is_empty());
        let one = order("posts", Decision::Granted, Rows::Ids(vec!["b".into()]));
        fixture.desk.decide(&account, &filed.case.number, &one).await.unwrap();
        let feed = fixture.another().await.tombstones_after(0).await.unwrap();
        let seen: Vec<_> = feed.iter().map(|entry| (entry.record.id.as_str(), entry.scope, entry.lifted)).collect();
        assert_eq!(seen, [("b", Scope::Copies, false)]);
        assert_eq!(feed[0].record, record("posts", "b"));
        let last = feed[0].seq;
        assert_eq!(fixture.desk.newest_tombstone().await.unwrap(), last);
        let rest = order("posts", Decision::Granted, Rows::Ids(vec!["a".into()]));
        fixture.desk.decide(&account, &filed.case.number, &rest).await.unwrap();
        let later = fixture.desk.tombstones_after(last).await.unwrap();
        assert_eq!(later.iter().map(|entry| entry.record.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert!(later[0].seq > last);
    });
}

#[test]
fn an_objection_hides_its_rows_at_filing_and_a_refusal_shows_them_again() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let mut objection = filing(Basis::GdprObjection);
        objection.requester.relationship = Some("self".into());
        objection.requester.country = Some("IE".into());
        objection.explanation = "I am looked for by somebody I fled from.".into();
        let filed = fixture.desk.file(objection, vec![record("posts", "a")]).await.unwrap();
        assert_eq!(names(&hidden(&fixture.desk.tombstones_after(0).await.unwrap())), ["a"]);
        assert!(fixture.desk.granted_rows("posts").await.unwrap().is_empty(), "hidden, and in no removal set");
        let refuse = order("posts", Decision::Refused, Rows::All);
        fixture.desk.decide(&account, &filed.case.number, &refuse).await.unwrap();
        assert!(hidden(&fixture.desk.tombstones_after(0).await.unwrap()).is_empty());
    });
}

#[test]
fn a_grant_that_is_taken_back_is_lifted_unless_another_case_holds_the_row_down() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let one = fixture.file_rows(&[("posts", "a"), ("posts", "b")]).await;
        let two = fixture.file_rows(&[("posts", "b"), ("posts", "c")]).await;
        for number in [&one.case.number, &two.case.number] {
            fixture.desk.decide(&account, number, &grant("posts")).await.unwrap();
        }
        assert_eq!(names(&hidden(&fixture.desk.tombstones_after(0).await.unwrap())), ["a", "b", "c"]);
        let review = fixture.desk.restore(&account, &one.case.number, "posts", reasons()).await.unwrap();
        assert_eq!(review.case.targets[0].state, TargetState::Restored);
        let feed = fixture.desk.tombstones_after(0).await.unwrap();
        assert!(feed.iter().any(|entry| entry.lifted && entry.record.id == "a"));
        assert_eq!(names(&hidden(&feed)), ["b", "c"]);
        let granted: BTreeSet<_> =
            fixture.desk.granted_rows("posts").await.unwrap().into_iter().map(|row| row.record.id).collect();
        assert_eq!(granted.into_iter().collect::<Vec<_>>(), ["b", "c"]);
    });
}

#[test]
fn a_reviewer_may_not_take_a_grant_back() {
    on_every_store(async |fixture| {
        let account = fixture.desk.add_account("noor", Role::Reviewer, Vec::new(), PASSWORD).await.unwrap();
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        fixture.desk.decide(&account, &filed.case.number, &grant("posts")).await.unwrap();
        let refused = fixture.desk.restore(&account, &filed.case.number, "posts", reasons()).await;
        assert!(matches!(refused, Err(rollcall::takedown::desk::DeskError::Forbidden { .. })));
    });
}

/// Which of three cases is decided how: the rows they share overlap.
fn acts() -> impl Strategy<Value = Vec<(usize, bool)>> {
    proptest::collection::vec((0..3_usize, proptest::bool::weighted(0.6)), 1..8)
}

proptest! {
    // Each case opens a store of its own: few, with the whole feed looked at after every act.
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_decided_the_feed_grows_in_order_and_hides_exactly_the_granted_rows(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::new(None).await;
            let account = fixture.reviewer("mira", &[]).await;
            let mut numbers = Vec::new();
            for rows in [["a", "b"], ["b", "c"], ["c", "a"]] {
                numbers.push(fixture.file_rows(&rows.map(|id| ("posts", id))).await.case.number);
            }
            let mut read: Vec<Tombstone> = Vec::new();
            for (case, grants) in acts {
                // What the state machine refuses (granted twice, restored before) changes nothing.
                let done = if grants {
                    fixture.desk.decide(&account, &numbers[case], &grant("posts")).await
                } else {
                    fixture.desk.restore(&account, &numbers[case], "posts", reasons()).await
                };
                let after = read.last().map_or(0, |entry| entry.seq);
                let new = fixture.desk.tombstones_after(after).await.unwrap();
                prop_assert!(done.is_ok() || new.is_empty());
                read.extend(new);
                prop_assert!(read.windows(2).all(|pair| pair[0].seq < pair[1].seq));
                let granted: BTreeSet<(String, String)> = fixture.desk.granted_rows("posts").await.unwrap()
                    .into_iter().map(|row| (row.record.dataset, row.record.id)).collect();
                prop_assert_eq!(hidden(&read), granted);
                prop_assert_eq!(&fixture.desk.tombstones_after(0).await.unwrap(), &read);
            }
            prop_assert_eq!(fixture.desk.verify_log().await.unwrap().problem, None);
            Ok(())
        })?;
    }
}
