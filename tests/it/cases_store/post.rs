use rollcall::takedown::desk::DeskError;
use rollcall::takedown::desk::types::PostState;

use super::*;

/// Texts of the letters directory, in no order.
fn posted(fixture: &Fixture) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(fixture.directory.path().join("letters")) else { return Vec::new() };
    entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

/// A mail's text without the line breaks that its encoding puts in.
fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

#[test]
fn letters_go_to_an_address_only_once_it_is_confirmed_and_are_on_the_page_before() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let filed = desk.file(signed("Mira", "mira@example.org"), vec![record("posts", "a")]).await.unwrap();
        let followed = desk.follow(&filed.case.number, &filed.passphrase).await.unwrap();
        let kinds: Vec<_> = followed.letters.iter().map(|letter| (letter.kind.as_str(), letter.post)).collect();
        assert!(kinds.contains(&("acknowledgement", PostState::Page)), "{kinds:?}");
        assert!(kinds.contains(&("confirm_email", PostState::Queued)), "{kinds:?}");
        assert!(!followed.email_confirmed);
        assert_eq!(desk.post_letters().await.unwrap(), 1);
        assert_eq!(desk.post_letters().await.unwrap(), 0, "a letter is posted once");
        let mail = unfolded(&posted(&fixture)[0]);
        let token = mail.split("/cases/confirm/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        assert!(matches!(desk.confirm_email("0000").await, Err(DeskError::NoSuchLink)));
        for _ in 0..2 {
            assert_eq!(desk.confirm_email(&token).await.unwrap(), filed.case.number, "mail programs open links, too");
        }
        let account = fixture.reviewer("mira", &[]).await;
        desk.decide(&account, &filed.case.number, &grant("posts")).await.unwrap();
        assert_eq!(desk.post_letters().await.unwrap(), 1);
        assert_eq!(posted(&fixture).len(), 2);
        fixture.pass(31 * DAY_MS);
        assert!(matches!(desk.confirm_email(&token).await, Err(DeskError::NoSuchLink)));
    });
}

#[test]
fn a_letter_that_cannot_be_posted_waits_survives_a_restart_and_goes_out_later() {
    on_every_store(async |fixture| {
        let directory = fixture.directory.path().join("letters");
        std::fs::write(&directory, "a file where a directory should be").unwrap();
        let filed = fixture.desk.file(signed("Mira", "mira@example.org"), vec![record("posts", "a")]).await.unwrap();
        assert_eq!(fixture.desk.post_letters().await.unwrap(), 0);
        std::fs::remove_file(&directory).unwrap();
        let restarted = fixture.another().await;
        assert_eq!(restarted.post_letters().await.unwrap(), 0, "its time has not come");
        fixture.pass(60_000);
        assert_eq!(restarted.post_letters().await.unwrap(), 1);
        let letters = restarted.follow(&filed.case.number, &filed.passphrase).await.unwrap().letters;
        assert!(letters.iter().any(|letter| letter.post == PostState::Sent));
    });
}

#[test]
fn a_letter_that_is_refused_for_two_days_is_given_up() {
    on_every_store(async |fixture| {
        std::fs::write(fixture.directory.path().join("letters"), "in the way").unwrap();
        let filed = fixture.desk.file(signed("Mira", "mira@example.org"), vec![record("posts", "a")]).await.unwrap();
        for _ in 0..12 {
            assert_eq!(fixture.desk.post_letters().await.unwrap(), 0);
            fixture.pass(8 * 3_600_000);
        }
        let letters = fixture.desk.follow(&filed.case.number, &filed.passphrase).await.unwrap().letters;
        assert!(letters.iter().any(|letter| letter.post == PostState::Failed), "{letters:?}");
    });
}

#[test]
fn somebody_without_an_address_finds_every_letter_on_the_page() {
    on_every_store(async |fixture| {
        let account = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        fixture.desk.decide(&account, &filed.case.number, &grant("posts")).await.unwrap();
        let letters = fixture.desk.follow(&filed.case.number, &filed.passphrase).await.unwrap().letters;
        assert!(letters.len() >= 2 && letters.iter().all(|letter| letter.post == PostState::Page), "{letters:?}");
        assert!(letters.iter().all(|letter| !letter.subject.is_empty() && letter.text.contains(&filed.case.number)));
        assert_eq!(fixture.desk.post_letters().await.unwrap(), 0);
        assert!(posted(&fixture).is_empty());
    });
}
