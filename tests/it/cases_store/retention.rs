use rollcall::takedown::case::{Actor, Case, TargetState};
use rollcall::takedown::decision::Act;
use rollcall::takedown::desk::types::{Attachment, Proof, QueueFilter, Strength};
use rollcall::takedown::proof::{Kind, Outcome, RowFacts, Subject};

use super::*;

/// Nobody but the person and the portal ever wrote these.
const SECRETS: [&str; 7] = [
    "Wintergarden",
    "secretsite",
    "veiled terrace",
    "scanned letterhead",
    "lighthouse keeper",
    "terrace.png",
    "/s/ Rosalind",
];
const MONTH_MS: i64 = 31 * DAY_MS;

/// A case with something of everything that is personal, granted and closed; with its passphrase.
async fn closed_case(fixture: &Fixture, mira: &Account) -> (String, String) {
    let desk = &fixture.desk;
    let filing = Filing {
        explanation: "It shows the veiled terrace.".into(),
        signature: Some("/s/ Rosalind".into()),
        typed_urls: vec!["https://secretsite.example/1.jpg".into()],
        ..signed("Rosalind Wintergarden", "rosalind@secretsite.example")
    };
    let filed = desk.file(filing, vec![record("posts", "a"), record("posts", "b")]).await.unwrap();
    let number = filed.case.number;
    let file = Attachment {
        name: "terrace.png".into(),
        media_type: "image/png".into(),
        bytes: b"a scanned letterhead of nobody else".to_vec(),
    };
    desk.message(&number, &filed.passphrase, "I am the lighthouse keeper.", vec![file]).await.unwrap();
    let proof = Proof {
        kind: "dns_txt".into(),
        subject: "secretsite.example".into(),
        strength: Strength::Strong,
        checked_ms: START_MS,
        note: "The lighthouse keeper holds secretsite.example.".into(),
    };
    desk.add_proof(&number, proof, Actor::Staff("mira".into())).await.unwrap();
    desk.decide(mira, &number, &grant("posts")).await.unwrap();
    let close = Act::Close { by: Actor::Portal };
    desk.act(mira, &number, "posts", close, None).await.unwrap();
    desk.post_letters().await.unwrap();
    (number, filed.passphrase)
}

/// Every table that may hold what people wrote, as one text.
async fn everything(fixture: &Fixture, mira: &Account, number: &str, passphrase: &str) -> String {
    let followed = fixture.desk.follow(number, passphrase).await.unwrap();
    let review = fixture.desk.review(mira, number).await.unwrap();
    let mut attached = Vec::new();
    for file in &followed.attachments {
        let file = fixture.desk.attachment(number, passphrase, &file.id).await.unwrap();
        attached.push(String::from_utf8(file.bytes).unwrap());
    }
    let files: Vec<_> = std::fs::read_dir(fixture.directory.path().join("letters"))
        .map(|files| files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect())
        .unwrap_or_default();
    format!("{followed:?}\n{}\n{files:?}\n{attached:?}", serde_json::to_string(&review).unwrap())
}

#[test]
fn what_is_personal_goes_after_its_time_and_the_case_the_rows_and_the_log_stay() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let mira = fixture.reviewer("mira", &[]).await;
        let (number, passphrase) = closed_case(&fixture, &mira).await;
        let before = everything(&fixture, &mira, &number, &passphrase).await;
        for secret in SECRETS {
            assert!(before.contains(secret), "the test no longer sees {secret}");
        }
        let statistics = desk.statistics(None).await.unwrap();
        let (granted, feed) = (desk.granted_rows("posts").await.unwrap(), desk.all_tombstones().await.unwrap());

        // Half a year later nothing is due, a year later the files are, and the rest after two.
        fixture.pass(6 * MONTH_MS);
        assert!(desk.retention(true).await.unwrap().cases.is_empty());
        fixture.pass(7 * MONTH_MS);
        let report = desk.retention(true).await.unwrap();
        assert_eq!(report.cases[0].due.keys().copied().collect::<Vec<_>>(), ["attachments"]);
        let text = everything(&fixture, &mira, &number, &passphrase).await;
        assert!(!text.contains("terrace.png") && text.contains("Wintergarden"));
        let id = desk.follow(&number, &passphrase).await.unwrap().attachments[0].id.clone();
        assert_eq!(desk.attachment(&number, &passphrase, &id).await.unwrap().bytes, b"[erased]");

        fixture.pass(12 * MONTH_MS);
        let dry = desk.retention(false).await.unwrap();
        assert_eq!((dry.applied, dry.counts["contact"], dry.counts["letters"]), (false, 1, 1));
        assert_eq!(dry.cases[0].due["contact"], "2028-11-22", "two years after the day it was closed");
        assert!(everything(&fixture, &mira, &number, &passphrase).await.contains("Wintergarden"));
        assert_eq!(desk.retention(true).await.unwrap().cases[0].due, dry.cases[0].due);
        assert!(desk.retention(true).await.unwrap().cases.is_empty(), "once is enough");

        let after = everything(&fixture, &mira, &number, &passphrase).await;
        for secret in SECRETS {
            assert!(!after.contains(secret), "{secret} is still there: {after}");
        }
        if fixture.database.is_none() {
            let mut bytes = std::fs::read(fixture.file()).unwrap();
            bytes.extend(std::fs::read(fixture.directory.path().join("cases.sqlite3-wal")).unwrap_or_default());
            let text = String::from_utf8_lossy(&bytes);
            for secret in SECRETS {
                assert!(!text.contains(secret), "{secret} is still in the file");
            }
        }
        let case = desk.case(&number, &passphrase).await.unwrap();
        assert_eq!((case.targets[0].state, case.targets[0].rows.len()), (TargetState::Closed, 2));
        assert_eq!(case.targets[0].reasons.as_ref().unwrap().facts, reasons().facts, "why it was decided stays");
        assert_eq!(case.requester.name.as_deref(), Some("[erased]"));
        assert!(case.events.iter().any(|event| event.kind == "erased"), "the case says that it was erased");
        assert_eq!(desk.statistics(None).await.unwrap(), statistics);
        assert_eq!(desk.granted_rows("posts").await.unwrap(), granted);
        assert_eq!(desk.all_tombstones().await.unwrap(), feed);
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
        let found =
            |text: &str| QueueFilter { text: Some(text.to_owned()), closed_too: true, ..QueueFilter::default() };
        assert!(desk.queue(&mira, &found("wintergarden")).await.unwrap().lines.is_empty());
        assert_eq!(desk.queue(&mira, &found(&number)).await.unwrap().lines.len(), 1);

        fixture.tamper("UPDATE events SET text = 'something else' WHERE kind = 'message'").await;
        assert!(desk.verify_log().await.unwrap().problem.is_some(), "the place of an erased text is kept empty");
    });
}

/// What a person set out to show: a domain, a mailbox of a row, a mandate. Gives what names them.
async fn show_everything(desk: &Desk, mira: &Account, case: &Case) -> [&'static str; 4] {
    let subject = |kind, text| Subject::read(kind, text, false).unwrap();
    let domain = subject(Kind::DnsTxt, "keepersite.example");
    let claim = desk.claim(case, Kind::DnsTxt, &domain, &[]).await.unwrap().claim;
    let look = desk.begin_look(case, &claim.id).await.unwrap();
    let note = "The code stands in the DNS of keepersite.example.".to_owned();
    desk.end_look(case, look, Outcome::Shown { strength: Strength::Strong, note }, Actor::Requester).await.unwrap();
    let mut row = RowFacts::of_record(record("posts", "a"));
    row.cells.push("by ros@lamproom.example".into());
    desk.claim(case, Kind::RowEmail, &subject(Kind::RowEmail, "ros@lamproom.example"), &[row]).await.unwrap();
    let file = Attachment {
        name: "mandate-of-rosalind.pdf".into(),
        media_type: "application/pdf".into(),
        bytes: b"signed by the lamplighter".to_vec(),
    };
    let mandate = desk.claim_file(case, Kind::Mandate, file, false).await.unwrap().claim;
    desk.judge_file(mira, &case.number, &mandate.id, true, false, "Signed by the lamplighter.").await.unwrap();
    desk.post_letters().await.unwrap();
    ["keepersite", "lamproom", "mandate-of-rosalind", "lamplighter"]
}

#[test]
fn what_somebody_set_out_to_show_goes_too_and_what_was_shown_stays() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let mira = fixture.reviewer("mira", &[]).await;
        let filed = fixture.file_rows(&[("posts", "a")]).await;
        let (case, passphrase) = (&filed.case, &filed.passphrase);
        let number = &case.number;
        let secrets = show_everything(desk, &mira, case).await;
        desk.decide(&mira, number, &grant("posts")).await.unwrap();
        desk.act(&mira, number, "posts", Act::Close { by: Actor::Portal }, None).await.unwrap();
        desk.post_letters().await.unwrap();
        let whole = everything(&fixture, &mira, number, passphrase).await;
        let code = desk.claims(case).await.unwrap().into_iter().find_map(|line| line.code).unwrap();
        for secret in secrets.into_iter().chain([code.as_str()]) {
            assert!(whole.contains(secret), "the test no longer sees {secret}");
        }

        // The file and its name with the attached files; what it showed, and the rest, with names and addresses.
        fixture.pass(13 * MONTH_MS);
        assert_eq!(desk.retention(true).await.unwrap().counts["attachments"], 1);
        let text = everything(&fixture, &mira, number, passphrase).await;
        assert!(!text.contains("mandate-of-rosalind") && !text.contains("signed by the lamplighter"), "{text}");
        assert!(text.contains("keepersite"));
        fixture.pass(12 * MONTH_MS);
        assert_eq!(desk.retention(true).await.unwrap().counts["contact"], 1);
        let text = everything(&fixture, &mira, number, passphrase).await;
        for secret in secrets.into_iter().chain([code.as_str()]) {
            assert!(!text.contains(secret), "{secret} is still there: {text}");
        }
        let followed = desk.follow(number, passphrase).await.unwrap();
        assert!(followed.claims.is_empty());
        let mut kept: Vec<_> =
            followed.proofs.iter().map(|proof| (&*proof.kind, proof.strength, &*proof.subject)).collect();
        kept.sort_unstable();
        assert_eq!(kept, [("dns_txt", Strength::Strong, "[erased]"), ("mandate", Strength::Fair, "[erased]")]);
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
        if fixture.database.is_none() {
            let mut bytes = std::fs::read(fixture.file()).unwrap();
            bytes.extend(std::fs::read(fixture.directory.path().join("cases.sqlite3-wal")).unwrap_or_default());
            let text = String::from_utf8_lossy(&bytes);
            for secret in secrets {
                assert!(!text.contains(secret), "{secret} is still in the file");
            }
        }

        // Something new to be shown, though nothing else happened: it goes again in its time.
        let domain = Subject::read(Kind::DnsTxt, "keepersite.example", false).unwrap();
        desk.claim(case, Kind::DnsTxt, &domain, &[]).await.unwrap();
        assert!(desk.retention(true).await.unwrap().cases.is_empty());
        fixture.pass(25 * MONTH_MS);
        assert_eq!(desk.retention(true).await.unwrap().counts["contact"], 1);
        assert!(desk.claims(case).await.unwrap().is_empty());
    });
}

#[test]
fn a_case_that_waits_for_somebody_is_kept_and_one_that_goes_on_is_erased_again_later() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let mira = fixture.reviewer("mira", &[]).await;
        let open = desk.file(signed("Ada", "ada@example.org"), vec![record("posts", "x")]).await.unwrap();
        let (number, passphrase) = closed_case(&fixture, &mira).await;
        fixture.pass(30 * MONTH_MS);
        let report = desk.retention(true).await.unwrap();
        assert_eq!(report.cases.iter().map(|case| &case.number).collect::<Vec<_>>(), [&number]);
        let kept = desk.case(&open.case.number, &open.passphrase).await.unwrap();
        assert_eq!(kept.requester.name.as_deref(), Some("Ada"));

        // A message to a closed case: it counts from there once more.
        desk.message(&number, &passphrase, "The lighthouse keeper again.", Vec::new()).await.unwrap();
        assert!(desk.retention(true).await.unwrap().cases.is_empty());
        fixture.pass(30 * MONTH_MS);
        assert_eq!(desk.retention(true).await.unwrap().cases.len(), 1);
        let text = everything(&fixture, &mira, &number, &passphrase).await;
        assert!(!text.contains("lighthouse keeper"), "{text}");
        assert_eq!(desk.verify_log().await.unwrap().problem, None);
    });
}

#[test]
fn a_text_cannot_be_erased_by_hand_without_being_found() {
    on_every_store(async |fixture| {
        let mira = fixture.reviewer("mira", &[]).await;
        closed_case(&fixture, &mira).await;
        fixture.tamper("UPDATE events SET text = '[erased]', text_digest = hash WHERE kind = 'message'").await;
        assert!(fixture.desk.verify_log().await.unwrap().problem.is_some());
    });
}

#[test]
fn the_command_says_what_is_due_and_erases_it() {
    let home = crate::support::Home::new();
    let entropy = Arc::new(|bytes: &mut [u8]| getrandom::fill(bytes).unwrap());
    // Filed and withdrawn long ago, whatever day it is where the test runs.
    let long_ago = || START_MS - 120 * MONTH_MS;
    let desk = Desk::open_blocking(DeskConfig::new(home.data(), Arc::new(long_ago), entropy)).unwrap();
    let number = rollcall::takedown::desk::block_on(async {
        let filed =
            desk.file(signed("Rosalind", "rosalind@secretsite.example"), vec![record("posts", "a")]).await.unwrap();
        let domain = Subject::read(Kind::DnsTxt, "keepersite.example", false).unwrap();
        desk.claim(&filed.case, Kind::DnsTxt, &domain, &[]).await.unwrap();
        desk.withdraw(&filed.case.number, &filed.passphrase, None).await.unwrap();
        filed.case.number
    })
    .unwrap();
    drop(desk);
    home.run(&["retention"]).expect(2);
    home.run(&["retention", "--dry-run", "--apply"]).expect(2);
    let holds = |what: &str| {
        let bytes = std::fs::read(home.data().join("cases.sqlite3")).unwrap();
        String::from_utf8_lossy(&bytes).contains(what)
    };
    assert!(holds("keepersite") && holds("Rosalind"));
    let dry = home.run(&["retention", "--dry-run", "--json"]).expect(0).json();
    assert_eq!((&dry["applied"], &dry["cases"][0]["number"]), (&false.into(), &number.clone().into()), "{dry}");
    assert_eq!(dry["counts"]["contact"], 1);
    let done = home.run(&["retention", "--apply"]).expect(0).stdout;
    assert!(done.contains(&number) && done.contains("Erased in 1 case"), "{done}");
    assert!(!holds("keepersite") && !holds("Rosalind") && !holds("rosalind"));
    assert!(home.run(&["retention", "--apply"]).expect(0).stdout.contains("Nothing is due"));
    home.run(&["verify", "--log-of-cases"]).expect(0);
}
