//! What the public may count: kept from filing to reversal, with what is small hidden.

use rollcall::takedown::basis::Basis;
use rollcall::takedown::case::Decision;
use rollcall::takedown::decision::{Act, Rows, Ruling};
use rollcall::takedown::desk::public_figures::ReleaseCheck;
use rollcall::takedown::statistics::small_counts::Count;
use rollcall::takedown::statistics::{Days, Shown};

use super::{DAY_MS, Fixture, filing, grant, on_every_store, order, reasons, record};

impl Fixture {
    async fn figures(&self) -> Shown {
        self.desk.public_figures().await.unwrap().remove("posts").unwrap()
    }
}

#[test]
fn requests_are_counted_from_filing_to_decision() {
    on_every_store(async |fixture| {
        let staff = fixture.reviewer("mira", &["posts"]).await;
        let mut numbers = Vec::new();
        for at in 0..12 {
            let filed =
                fixture.desk.file(filing(Basis::Plain), vec![record("posts", &format!("r{at}"))]).await.unwrap();
            numbers.push((filed.case.number, filed.passphrase));
        }
        let figures = fixture.figures().await;
        assert_eq!(figures.by_basis["plain"], Count::Exact(12));
        assert_eq!(figures.by_outcome["undecided"], Count::Exact(12));
        assert_eq!((figures.requests, figures.days_to_decide), (Count::AtLeast(12), None));

        // Seven are granted after three days, one is refused after nine, one is withdrawn.
        fixture.pass(3 * DAY_MS);
        for (number, _) in &numbers[..7] {
            fixture.desk.decide(&staff, number, &grant("posts")).await.unwrap();
        }
        fixture.pass(6 * DAY_MS);
        let refused = order("posts", Decision::Refused, Rows::All);
        fixture.desk.decide(&staff, &numbers[7].0, &refused).await.unwrap();
        fixture.desk.withdraw(&numbers[8].0, &numbers[8].1, None).await.unwrap();
        let figures = fixture.figures().await;
        assert_eq!(figures.by_outcome["granted"], Count::Exact(7));
        assert_eq!(figures.by_outcome["refused"], Count::Few);
        assert_eq!(figures.by_outcome["undecided"], Count::Few);
        assert_eq!(figures.days_to_decide, Some(Days { median: 3, percentile_90: 9 }));

        // A grant stays one when its set is published and its case closed.
        for (number, _) in &numbers[..7] {
            fixture.desk.portal_act(number, "posts", Act::Publish { version: 1 }).await.unwrap();
        }
        assert_eq!(fixture.figures().await.by_outcome["granted"], Count::Exact(7));
    });
}

#[test]
fn appeals_and_reversals_are_counted_and_the_first_decision_stays() {
    on_every_store(async |fixture| {
        let (mira, sven) = (fixture.reviewer("mira", &["posts"]).await, fixture.reviewer("sven", &["posts"]).await);
        for at in 0..11 {
            let filed =
                fixture.desk.file(filing(Basis::Plain), vec![record("posts", &format!("r{at}"))]).await.unwrap();
            let number = filed.case.number;
            fixture.desk.decide(&mira, &number, &order("posts", Decision::Refused, Rows::All)).await.unwrap();
            fixture.desk.appeal(&number, &filed.passphrase, Some("posts"), "They are mine.").await.unwrap();
            let ruling = if at < 6 { Ruling::Reverse } else { Ruling::Uphold };
            fixture.desk.decide_appeal(&sven, &number, "posts", ruling, reasons()).await.unwrap();
        }
        let figures = fixture.figures().await;
        assert_eq!(figures.by_outcome["refused"], Count::Exact(11));
        assert_eq!((figures.appeals, figures.reversed), (Count::Exact(11), Count::Exact(6)));
        assert_eq!(figures.days_to_decide, Some(Days { median: 0, percentile_90: 0 }));
    });
}

#[test]
fn what_is_overdue_is_counted_by_the_day_it_was_due() {
    on_every_store(async |fixture| {
        for at in 0..6 {
            fixture.desk.file(filing(Basis::Plain), vec![record("posts", &format!("r{at}"))]).await.unwrap();
        }
        assert_eq!(fixture.figures().await.overdue, Count::Few);
        fixture.pass(60 * DAY_MS);
        assert_eq!(fixture.figures().await.overdue, Count::Exact(6));
    });
}

#[test]
fn looks_at_releases_are_told_newest_first_with_small_counts_hidden() {
    on_every_store(async |fixture| {
        for (release, gone, found) in [("r2", 38, 2), ("r3", 40, 0)] {
            let rows = [("gone", gone), ("still_there", found)].map(|(fate, rows)| (fate.to_owned(), rows));
            let check = ReleaseCheck { release: release.into(), sha256: "ab".repeat(32), rows: rows.into() };
            fixture.desk.keep_release_check("posts", &check).await.unwrap();
        }
        let checks = fixture.desk.release_checks("posts").await.unwrap();
        assert_eq!(checks.iter().map(|check| check.release.as_str()).collect::<Vec<_>>(), ["r3", "r2"]);
        assert_eq!(checks[1].rows["still_there"], Count::Few);
        assert_eq!(checks[1].rows["gone"], Count::AtLeast(5), "38 of a known 40 would leave two");
        assert!(fixture.desk.release_checks("pictures").await.unwrap().is_empty());
    });
}
