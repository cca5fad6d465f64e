use rollcall::takedown::accounts::Role;
use rollcall::takedown::desk::DeskError;
use totp_rs::{Builder, Secret};

use super::*;

const MINUTE_MS: i64 = 60_000;

#[test]
fn a_session_lasts_while_it_is_used_and_ends() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let account = fixture.reviewer("mira", &["posts"]).await;
        let session = desk.sign_in(" Mira ", PASSWORD, None).await.unwrap();
        assert_eq!(desk.session(&session.token).await.unwrap(), account);
        fixture.pass(119 * MINUTE_MS);
        desk.session(&session.token).await.unwrap();
        fixture.pass(119 * MINUTE_MS);
        desk.session(&session.token).await.unwrap();
        fixture.pass(121 * MINUTE_MS);
        assert!(matches!(desk.session(&session.token).await, Err(DeskError::NoSession)), "two hours without a request");
        let session = desk.sign_in("mira", PASSWORD, None).await.unwrap();
        for _ in 0..11 {
            fixture.pass(65 * MINUTE_MS);
            desk.session(&session.token).await.unwrap();
        }
        fixture.pass(6 * MINUTE_MS);
        assert!(desk.session(&session.token).await.is_err(), "twelve hours after signing in");
        let session = desk.sign_in("mira", PASSWORD, None).await.unwrap();
        desk.sign_out(&session.token).await.unwrap();
        assert!(desk.session(&session.token).await.is_err());
        assert!(desk.session("").await.is_err());
    });
}

#[test]
fn wrong_passwords_are_told_alike_cost_time_and_stand_in_the_log() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        fixture.reviewer("mira", &[]).await;
        for name in ["mira", "nobody"] {
            for _ in 0..5 {
                let refused = desk.sign_in(name, "something else", None).await;
                assert!(matches!(refused, Err(DeskError::WrongCredentials)), "{name}: {refused:?}");
            }
            let refused = desk.sign_in(name, PASSWORD, None).await;
            assert!(matches!(refused, Err(DeskError::Throttled { seconds: 2 })), "{name}: {refused:?}");
        }
        fixture.pass(2_000);
        let session = desk.sign_in("mira", PASSWORD, None).await.unwrap();
        // Signing in clears the count.
        assert!(matches!(desk.sign_in("mira", "something else", None).await, Err(DeskError::WrongCredentials)));
        desk.session(&session.token).await.unwrap();
        let check = desk.verify_log().await.unwrap();
        // Made, five refused, one signed in, one refused; nothing of the name that nobody has.
        assert_eq!((check.events, check.problem), (8, None));
    });
}

#[test]
fn a_second_factor_is_asked_for_once_it_is_confirmed_and_each_code_works_once() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let account = fixture.reviewer("mira", &[]).await;
        let enrolment = desk.enroll_totp(&account, "").await.unwrap();
        desk.sign_in("mira", PASSWORD, None).await.unwrap();
        assert!(matches!(desk.confirm_totp(&account, "000000").await, Err(DeskError::WrongCredentials)));
        desk.confirm_totp(&account, &code(&enrolment.secret, &fixture)).await.unwrap();
        assert!(matches!(desk.sign_in("mira", PASSWORD, None).await, Err(DeskError::CodeNeeded)));
        let used = code(&enrolment.secret, &fixture);
        let replayed = desk.sign_in("mira", PASSWORD, Some(&used)).await;
        assert!(
            matches!(replayed, Err(DeskError::WrongCredentials)),
            "the code that confirmed it was seen: {replayed:?}"
        );
        fixture.pass(30_000);
        let next = code(&enrolment.secret, &fixture);
        let session = desk.sign_in("mira", PASSWORD, Some(&next)).await.unwrap();
        assert!(session.account.totp);
        assert!(desk.sign_in("mira", PASSWORD, Some(&next)).await.is_err());
        assert!(desk.remove_totp(&account, "something else").await.is_err());
        assert!(desk.enroll_totp(&account, "").await.is_err(), "an open session cannot put another in its place");
        desk.remove_totp(&account, PASSWORD).await.unwrap();
        desk.sign_in("mira", PASSWORD, None).await.unwrap();
    });
}

/// What an authenticator app shows, with the secret typed into it.
fn code(secret: &str, fixture: &Fixture) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = secret.chars().flat_map(|c| {
        let value = alphabet.find(c).unwrap();
        (0..5).rev().map(move |at| (value >> at & 1) as u8)
    });
    let bits: Vec<u8> = bits.collect();
    let bytes: Vec<u8> = bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect();
    let secret = Secret::new_stack(<[u8; 20]>::try_from(bytes).unwrap());
    let now = fixture.clock.load(Ordering::SeqCst) as u64 / 1_000;
    Builder::new().with_secret(secret).build().unwrap().generate(now).to_string()
}

#[test]
fn a_disabled_account_is_out_at_once_and_a_new_password_ends_old_sessions() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        fixture.reviewer("mira", &[]).await;
        let session = desk.sign_in("mira", PASSWORD, None).await.unwrap();
        let token = desk.make_token("mira").await.unwrap();
        assert_eq!(desk.account_by_token(&token).await.unwrap().name, "mira");
        desk.set_password("mira", "high tide at night").await.unwrap();
        assert!(desk.session(&session.token).await.is_err());
        assert!(desk.sign_in("mira", PASSWORD, None).await.is_err());
        desk.account_by_token(&token).await.unwrap();
        let session = desk.sign_in("mira", "high tide at night", None).await.unwrap();
        desk.disable_account("mira").await.unwrap();
        assert!(desk.session(&session.token).await.is_err());
        assert!(matches!(desk.account_by_token(&token).await, Err(DeskError::NoSession)));
        assert!(matches!(desk.sign_in("mira", "high tide at night", None).await, Err(DeskError::WrongCredentials)));
        assert!(matches!(desk.make_token("mira").await, Err(DeskError::NoSuchAccount(_))));
        assert!(desk.accounts().await.unwrap()[0].disabled);
    });
}

#[test]
fn names_are_taken_once_and_passwords_are_not_kept() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        fixture.reviewer("mira", &["posts", "pictures"]).await;
        let again = desk.add_account("mira", Role::Admin, Vec::new(), PASSWORD).await;
        assert!(matches!(again, Err(DeskError::AccountExists(_))));
        assert!(desk.add_account("noor", Role::Admin, Vec::new(), "short").await.is_err());
        let accounts = desk.accounts().await.unwrap();
        assert_eq!((accounts.len(), accounts[0].datasets.len()), (1, 2));
        if fixture.database.is_none() {
            let token = desk.make_token("mira").await.unwrap();
            let session = desk.sign_in("mira", PASSWORD, None).await.unwrap().token;
            let filed = fixture.file_rows(&[("posts", "a")]).await;
            let mut kept = std::fs::read(fixture.file()).unwrap();
            kept.extend(std::fs::read(fixture.file().with_extension("sqlite3-wal")).unwrap());
            for secret in [PASSWORD, &token, &session, &filed.passphrase] {
                assert!(
                    !kept.windows(secret.len()).any(|window| window == secret.as_bytes()),
                    "{secret} is in the store"
                );
            }
        }
    });
}
