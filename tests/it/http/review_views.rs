//! Filters of the queue that a reviewer keeps under a name, as a browser without JavaScript does it.

use rollcall::takedown::accounts::Role;

use super::cases::{portal, posts};
use super::review_pages::{Staff, file};

#[test]
fn a_filter_is_kept_opened_renamed_and_removed() {
    let server = portal();
    let staff = Staff::new(&server, "mira", Role::Reviewer);
    file(&staff.client, &posts(&staff.client, 1), "Ada Lindqvist");
    file(&staff.client, &posts(&staff.client, 1), "Grace Okoye");
    assert!(!staff.page("/review").has(".queue-view"), "there is nothing to keep without a filter");
    let filter = staff
        .page("/review?q=Okoye&limit=20")
        .one("form.queue-view input[name=filter]")
        .attr("value")
        .unwrap()
        .to_owned();
    let kept = staff.post("/review/views", &[("filter", &filter), ("name", "About <Grace>")]).expect(303);
    assert_eq!(kept.header("location"), Some("/review?q=Okoye"));

    let tab = staff.page("/review").link("About <Grace>");
    let page = staff.page(&tab);
    assert_eq!(page.texts(".views [aria-current]"), ["About <Grace>"]);
    assert_eq!(page.all(".queue tbody tr").len(), 1, "{}", page.words());
    let form = page.one("form.queue-view").attr("action").unwrap().to_owned();
    staff.post(&form, &[("filter", &filter), ("act", "rename"), ("name", "Grace")]).expect(303);
    assert_eq!(staff.page(&tab).texts(".views [aria-current]"), ["Grace"]);
    staff.post("/review/views", &[("filter", "state=all"), ("name", "Grace")]).expect(409);

    let other = Staff::new(&server, "noor", Role::Reviewer);
    assert!(!other.page("/review").texts(".views").join(" ").contains("Grace"), "views are one's own");
    other.post(&form, &[("act", "remove")]).expect(409);

    let gone = staff.post(&form, &[("filter", &filter), ("act", "remove")]).expect(303);
    assert!(!staff.page(gone.header("location").unwrap()).texts(".views").join(" ").contains("Grace"));
    staff.post("/review/views", &[("filter", ""), ("name", "All")]).expect(400);
    staff.post("/review/views", &[("filter", "state=lost"), ("name", "Lost")]).expect(400);
    staff.post(&form, &[("act", "dance")]).expect(400);
}
