use rollcall::takedown::desk::DeskError;
use rollcall::takedown::desk::views::VIEWS_MAX;

use super::*;

async fn names(fixture: &Fixture, account: &Account) -> Vec<(String, String)> {
    let views = fixture.desk.views(account).await.unwrap();
    views.into_iter().map(|view| (view.name, view.filter)).collect()
}

#[test]
fn a_view_belongs_to_its_account_is_renamed_and_removed() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let (mira, noor) = (fixture.reviewer("mira", &[]).await, fixture.reviewer("noor", &[]).await);
        let view = desk.add_view(&mira, "  Posts,\n over due ", "due=over&dataset=posts").await.unwrap();
        fixture.pass(1);
        desk.add_view(&mira, "Mine", "mine=1").await.unwrap();
        desk.add_view(&noor, "Mine", "mine=1").await.unwrap();
        let pair = |name: &str, filter: &str| (name.to_owned(), filter.to_owned());
        let both = [pair("Posts, over due", "due=over&dataset=posts"), pair("Mine", "mine=1")];
        assert_eq!(names(&fixture, &mira).await, both);
        assert!(matches!(desk.add_view(&mira, "Mine", "q=x").await, Err(DeskError::ViewExists(_))));
        assert!(matches!(desk.rename_view(&mira, &view.id, "Mine").await, Err(DeskError::ViewExists(_))));
        desk.rename_view(&mira, &view.id, "Posts, over due").await.unwrap();
        desk.rename_view(&mira, &view.id, "Late").await.unwrap();
        // Nobody else's: neither to name nor to throw away.
        assert!(matches!(desk.rename_view(&noor, &view.id, "Ha").await, Err(DeskError::NoSuchView)));
        assert!(matches!(desk.remove_view(&noor, &view.id).await, Err(DeskError::NoSuchView)));
        assert_eq!(names(&fixture, &mira).await[0].0, "Late");
        desk.remove_view(&mira, &view.id).await.unwrap();
        assert_eq!(names(&fixture, &mira).await, [pair("Mine", "mine=1")]);
        assert_eq!(names(&fixture, &noor).await, [pair("Mine", "mine=1")]);
    });
}

#[test]
fn views_have_names_of_a_line_and_an_end() {
    on_every_store(async |fixture| {
        let desk = &fixture.desk;
        let mira = fixture.reviewer("mira", &[]).await;
        let (long, endless) = ("x".repeat(41), format!("q={}", "x".repeat(5_000)));
        for (name, filter) in [("", "q=x"), (" \n", "q=x"), (long.as_str(), "q=x"), ("fine", endless.as_str())] {
            assert!(matches!(desk.add_view(&mira, name, filter).await, Err(DeskError::TooMuch(_))), "{name:?}");
        }
        for n in 0..VIEWS_MAX {
            desk.add_view(&mira, &format!("view {n}"), "q=x").await.unwrap();
        }
        assert!(matches!(desk.add_view(&mira, "one more", "q=x").await, Err(DeskError::TooMuch(_))));
    });
}
