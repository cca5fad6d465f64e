use super::*;

fn group(basis: Basis, outcome: Outcome, days: Option<u32>, targets: u64) -> Group {
    Group {
        dataset: "gallery".into(),
        basis,
        outcome,
        days,
        appealed: false,
        reversed: false,
        restored: false,
        targets,
    }
}

fn shown(groups: &[Group]) -> Shown {
    Shown::of(&Figures::of(groups, &BTreeMap::new())["gallery"])
}

#[test]
fn figures_are_added_up_by_dataset() {
    let mut appealed = group(Basis::Dmca, Outcome::Refused, Some(9), 12);
    appealed.appealed = true;
    let mut reversed = appealed.clone();
    (reversed.reversed, reversed.targets) = (true, 8);
    let mut elsewhere = group(Basis::Plain, Outcome::Granted, Some(1), 3);
    elsewhere.dataset = "posts".into();
    let groups = [group(Basis::Plain, Outcome::Granted, Some(2), 30), appealed, reversed, elsewhere];
    let all = Figures::of(&groups, &BTreeMap::from([("gallery".to_owned(), (40, 7))]));
    assert_eq!(all.len(), 2);
    let gallery = Shown::of(&all["gallery"]);
    assert_eq!(gallery.by_basis["plain"], Count::Exact(30));
    assert_eq!(gallery.by_basis["dmca"], Count::Exact(20));
    assert_eq!(gallery.by_basis["gdpr_erasure"], Count::Few);
    assert_eq!(gallery.by_outcome["refused"], Count::Exact(20));
    assert_eq!(gallery.requests, Count::AtLeast(50));
    assert_eq!((gallery.appeals, gallery.reversed), (Count::Exact(20), Count::Exact(8)));
    assert_eq!((gallery.overdue, gallery.restored), (Count::Exact(7), Count::Few));
    let posts = Shown::of(&all["posts"]);
    assert!(posts.by_basis.values().chain(posts.by_outcome.values()).all(|count| *count == Count::Few));
    assert_eq!((posts.requests, posts.days_to_decide), (Count::Few, None));
}

#[test]
fn days_are_told_by_nearest_rank() {
    let days = |days: &[(u32, u64)]| {
        let groups: Vec<_> =
            days.iter().map(|(days, n)| group(Basis::Plain, Outcome::Granted, Some(*days), *n)).collect();
        shown(&groups).days_to_decide
    };
    assert_eq!(days(&[(1, 1), (3, 1), (5, 1), (9, 1), (20, 1)]), Some(Days { median: 5, percentile_90: 20 }));
    // Of ten, the fifth and the ninth.
    assert_eq!(days(&[(1, 4), (2, 4), (3, 1), (60, 1)]), Some(Days { median: 2, percentile_90: 3 }));
    assert_eq!(days(&[(0, 200)]), Some(Days { median: 0, percentile_90: 0 }));
    assert_eq!(days(&[(1, 4)]), None, "four people's waits are theirs");
}

#[test]
fn every_outcome_has_a_name_of_its_own() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
    }
    assert_eq!(Outcome::from_name(""), None);
}
