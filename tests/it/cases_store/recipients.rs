use rollcall::takedown::desk::DeskError;
use rollcall::takedown::desk::types::PostState;
use rollcall::takedown::proposal::{ProposalState, ProposedRow, SameBy};
use sqlx::Row as _;

use super::*;

/// Mails of the letters directory, unfolded.
fn posted(fixture: &Fixture) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(fixture.directory.path().join("letters")) else { return Vec::new() };
    let text = |path: PathBuf| std::fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=3D", "=");
    entries.map(|entry| text(entry.unwrap().path())).collect()
}

async fn stored_letters(fixture: &Fixture) -> String {
    let address = fixture.database.clone().unwrap_or_else(|| format!("sqlite://{}", fixture.file().display()));
    let mut connection = sqlx::AnyConnection::connect(&address).await.unwrap();
    let rows = sqlx::query("SELECT text FROM letters").fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

const BY: rollcall::takedown::case::Actor = rollcall::takedown::case::Actor::Portal;

#[test]
fn every_recipient_gets_one_notice_a_version_and_acknowledges_it_once() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        desk.add_recipient("posts", "Lab of Tides", "data@tides.example", &BY).await.unwrap();
        desk.add_recipient("posts", "Noor", "noor@example.org", &BY).await.unwrap();
        desk.add_recipient("pictures", "Lab of Tides", "data@tides.example", &BY).await.unwrap();
        let twice = desk.add_recipient("posts", "The same", "data@tides.example", &BY).await;
        assert!(matches!(twice, Err(DeskError::RecipientExists)), "{twice:?}");
        for (name, email) in [("", "a@b.example"), ("Lab", "no address"), ("Lab", "")] {
            assert!(desk.add_recipient("posts", name, email, &BY).await.is_err(), "{name} {email}");
        }
        assert!(!desk.are_told("posts", 1, false).await.unwrap());
        assert_eq!(desk.tell_recipients("posts", 1, None).await.unwrap(), 2);
        assert_eq!(desk.tell_recipients("posts", 1, None).await.unwrap(), 0, "once a version");
        assert!(desk.are_told("posts", 1, false).await.unwrap());
        assert!(!desk.are_told("posts", 1, true).await.unwrap(), "its digest is still to come");
        assert_eq!(desk.tell_recipients("posts", 1, Some("5e5e")).await.unwrap(), 0);
        assert!(desk.are_told("posts", 1, true).await.unwrap());
        desk.add_recipient("posts", "Late", "late@example.org", &BY).await.unwrap();
        assert!(!desk.are_told("posts", 1, true).await.unwrap(), "who comes later is told of the version that holds");
        assert_eq!(desk.tell_recipients("posts", 1, Some("5e5e")).await.unwrap(), 1);

        assert_eq!(desk.post_letters().await.unwrap(), 3);
        let mail = posted(&fixture).into_iter().find(|mail| mail.contains("To: data@tides.example")).unwrap();
        let token = mail.split_once("/acknowledge?token=").unwrap().1[..64].to_owned();
        assert!(!stored_letters(&fixture).await.contains(&token), "only the digest of the secret is kept");
        let notice = desk.notice(&token).await.unwrap();
        assert_eq!((notice.version, notice.digest.as_deref(), notice.acknowledged_ms), (1, Some("5e5e"), None));
        assert_eq!((notice.recipient.as_str(), notice.post), ("Lab of Tides", PostState::Sent));
        fixture.pass(DAY_MS);
        for _ in 0..2 {
            assert_eq!(desk.acknowledge_notice(&token).await.unwrap().acknowledged_ms, Some(START_MS + DAY_MS));
            fixture.pass(DAY_MS);
        }
        assert!(matches!(desk.acknowledge_notice("0000").await, Err(DeskError::NoSuchLink)));
        let counts = desk.notice_counts("posts").await.unwrap()[&1];
        assert_eq!((counts.written, counts.acknowledged), (3, 1));
        assert_eq!(desk.tell_recipients("posts", 2, None).await.unwrap(), 3);
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
    });
}

#[test]
fn a_recipient_that_was_removed_is_told_no_more_and_only_their_name_is_kept() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let lab = desk.add_recipient("posts", "Lab of Tides", "data@tides.example", &BY).await.unwrap();
        desk.tell_recipients("posts", 1, None).await.unwrap();
        desk.remove_recipient(&lab.id, &BY).await.unwrap();
        assert!(matches!(desk.remove_recipient(&lab.id, &BY).await, Err(DeskError::NoSuchRecipient)));
        assert_eq!(desk.tell_recipients("posts", 2, None).await.unwrap(), 0);
        let known = desk.recipients(Some("posts")).await.unwrap();
        assert_eq!((known[0].name.as_str(), known[0].email.as_deref()), ("Lab of Tides", None));
        assert!(desk.datasets_with_recipients().await.unwrap().is_empty());
        // The same address may be registered again.
        desk.add_recipient("posts", "Lab of Tides", "data@tides.example", &BY).await.unwrap();
    });
}

#[test]
fn grants_wait_to_be_published_until_they_are() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let mira = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        assert!(!desk.has_unpublished_grants("posts").await.unwrap());
        desk.decide(&mira, &filed.case.number, &grant("posts")).await.unwrap();
        assert!(desk.has_unpublished_grants("posts").await.unwrap());
        assert!(!desk.has_unpublished_grants("pictures").await.unwrap());
        let publish = rollcall::takedown::decision::Act::Publish { version: 1 };
        desk.portal_act(&filed.case.number, "posts", publish).await.unwrap();
        assert!(!desk.has_unpublished_grants("posts").await.unwrap());
    });
}

fn same(id: &str) -> ProposedRow {
    ProposedRow { record: record("derived", id), by: SameBy::Address }
}

#[test]
fn a_target_is_looked_for_once_until_it_or_the_derived_revision_changes() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let mira = fixture.reviewer("mira", &[]).await;
        let noor = desk.add_account("noor", Role::Maintainer, vec!["derived".into()], PASSWORD).await.unwrap();
        let filed = fixture.file_rows(&[("posts", "a"), ("posts", "b")]).await;
        let number = filed.case.number.clone();
        assert!(desk.to_look_for("posts", "derived", "1", 10).await.unwrap().is_empty());
        let some = order("posts", Decision::Granted, Rows::Ids(vec!["a".into()]));
        desk.decide(&mira, &number, &some).await.unwrap();
        let waiting = desk.to_look_for("posts", "derived", "1", 10).await.unwrap();
        assert_eq!(waiting[0].records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["a"]);
        desk.propose(&waiting[0], "derived", "1", vec![same("x")]).await.unwrap();
        assert!(desk.to_look_for("posts", "derived", "1", 10).await.unwrap().is_empty());
        assert_eq!(desk.to_look_for("posts", "derived", "2", 10).await.unwrap().len(), 1, "another revision");

        // More is granted: what was proposed is proposed anew with it, in one.
        desk.decide(&mira, &number, &grant("posts")).await.unwrap();
        let waiting = desk.to_look_for("posts", "derived", "1", 10).await.unwrap();
        desk.propose(&waiting[0], "derived", "1", vec![same("x"), same("y")]).await.unwrap();
        let proposals = desk.proposals(&noor).await.unwrap();
        assert_eq!(proposals.iter().map(|proposal| proposal.rows.len()).collect::<Vec<_>>(), [2]);
        assert!(desk.proposals_of(&noor, &number).await.unwrap().is_empty(), "not their case");

        let own = desk.accept_proposal(&noor, &proposals[0].id, &["x".into()]).await.unwrap();
        assert_eq!(desk.granted_rows("derived").await.unwrap()[0].record.id, "x");
        let case = desk.review(&mira, &own).await.unwrap().case;
        assert!(case.requester.name.is_none() && !case.explanation.contains(&number), "{}", case.explanation);
        let settled = desk.proposals_of(&mira, &number).await.unwrap();
        assert_eq!((settled[0].state, settled[0].case.as_deref()), (ProposalState::Accepted, Some(own.as_str())));
        let events = desk.case(&number, &filed.passphrase).await.unwrap().events;
        assert!(events.iter().any(|event| event.kind == "derived"), "the person reads it on their case");
        let again = desk.accept_proposal(&noor, &proposals[0].id, &["y".into()]).await;
        assert!(matches!(again, Err(DeskError::NoSuchProposal)), "{again:?}");
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
    });
}
