//! Random walks through the state machine.

use proptest::prelude::*;

use super::tests::{Walk, decide, notice, reasons, record};
use super::*;
use crate::takedown::basis::Basis;
use crate::takedown::case::RowState;

const IDS: [&str; 4] = ["a", "b", "c", "d"];

fn rows() -> impl Strategy<Value = Rows> {
    let ids = proptest::sample::subsequence(IDS.to_vec(), 1..=IDS.len());
    prop_oneof![
        2 => Just(Rows::All),
        1 => ids.prop_map(|ids| Rows::Ids(ids.into_iter().map(str::to_owned).collect())),
    ]
}

fn by() -> impl Strategy<Value = String> {
    prop_oneof![Just("mia".to_owned()), Just("noah".to_owned())]
}

fn act() -> impl Strategy<Value = Act> {
    let decision = proptest::sample::select(vec![
        Decision::Granted,
        Decision::Refused,
        Decision::Partial,
        Decision::Forwarded,
        Decision::OutOfScope,
        Decision::NeedsInfo,
        Decision::Extended,
    ]);
    let ruling = prop_oneof![Just(Ruling::Uphold), Just(Ruling::Reverse)];
    let staff = Actor::Staff("mia".to_owned());
    prop_oneof![
        8 => (decision, rows(), by()).prop_map(|(decision, rows, by)| decide(decision, rows, &by)),
        3 => (ruling, by()).prop_map(|(ruling, by)| Act::DecideAppeal { ruling, reasons: reasons(), by }),
        2 => Just(Act::Appeal { why: "why".into() }),
        1 => proptest::sample::select(vec![
            Act::Acknowledge,
            Act::Start { by: "mia".into() },
            Act::AskProof { reasons: reasons(), by: "mia".into() },
            Act::Message { text: "text".into(), by: Actor::Requester },
            Act::Message { text: "text".into(), by: staff.clone() },
            Act::ProofChecked { summary: "code".into(), by: staff.clone() },
            Act::Expire,
            Act::MarkDuplicate { of: "K7Q2".into(), by: "mia".into() },
            Act::AddRows { rows: vec![record("d")], by: "mia".into() },
            Act::Publish { version: 1 },
            Act::Verify { release: "r2".into(), sha256: "00".into() },
            Act::Reopen { release: "r3".into(), sha256: "00".into(), found: vec!["a".into()], untold: Vec::new() },
            Act::CounterNotice { notice: notice(), by: staff.clone() },
            Act::CourtAction { reference: "1".into(), by: "mia".into() },
            Act::Restore { reasons: reasons(), by: staff.clone() },
        ]),
        1 => proptest::sample::select(vec![
            Act::Withdraw,
            Act::Narrow { drop: vec!["a".into()] },
            Act::Close { by: staff },
        ]),
    ]
}

/// Nothing leads out of these but an appeal, a regression, and what carries a grant out or takes it back.
fn may_leave(from: TargetState, act: &Act) -> bool {
    if from.is_waiting() {
        return true;
    }
    matches!(
        act,
        Act::Appeal { .. }
            | Act::Reopen { .. }
            | Act::Publish { .. }
            | Act::Verify { .. }
            | Act::Close { .. }
            | Act::CounterNotice { .. }
            | Act::Restore { .. }
    )
}

fn agrees(target: &Target) -> Result<(), TestCaseError> {
    let rows: Vec<RowState> =
        target.rows.iter().map(|row| row.state).filter(|state| *state != RowState::Withdrawn).collect();
    let undecided = rows.iter().any(|state| state.is_undecided());
    let granted = rows.iter().filter(|state| state.is_granted()).count();
    let some = !rows.is_empty();
    match target.state {
        TargetState::Granted => prop_assert_eq!(granted, rows.len()),
        TargetState::Partial => prop_assert!(granted > 0 && granted < rows.len()),
        TargetState::Refused | TargetState::OutOfScope | TargetState::Forwarded => prop_assert_eq!(granted, 0),
        TargetState::Published | TargetState::Verified => prop_assert!(rows.contains(&RowState::Granted)),
        TargetState::Restored => prop_assert!(rows.contains(&RowState::Restored)),
        TargetState::Expired => prop_assert!(!rows.contains(&RowState::Restricted)),
        _ => {}
    }
    let open = target.state.is_open();
    prop_assert!(open || !undecided || !some || target.state == TargetState::Expired, "{:?}", target);
    let running = open && target.memo.paused_on.is_none();
    let waits = matches!(target.state, TargetState::AppealReview | TargetState::CounterNotice);
    prop_assert_eq!(target.due.is_some(), running || waits, "{:?}", target.state);
    prop_assert_eq!(target.paused_ms.is_some(), target.memo.paused_on.is_some());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_in_whatever_order_the_target_stays_sound(
        basis in proptest::sample::select(Basis::ALL.to_vec()),
        two_person in proptest::bool::weighted(0.2),
        n_rows in 1..=3_usize,
        acts in proptest::collection::vec((act(), 0..40_i32), 1..30),
    ) {
        let mut walk = Walk::new(basis, Some("DE"), &IDS[..n_rows]);
        walk.rules.two_person_rows = two_person.then_some(1);
        let mut hidden: Vec<bool> = vec![false; IDS.len()];
        let shown = |hidden: &mut Vec<bool>, outcome: &Outcome| {
            for at in &outcome.hide { hidden[*at] = true; }
            for at in &outcome.unhide { hidden[*at] = false; }
        };
        shown(&mut hidden, &walk.last);
        for (act, days) in acts {
            walk.today = walk.today.saturating_add(jiff::ToSpan::days(days));
            let before = walk.last.target.clone();
            if walk.act(&act).is_err() {
                prop_assert_eq!(&walk.last.target, &before);
                continue;
            }
            let outcome = &walk.last;
            shown(&mut hidden, outcome);
            prop_assert!(!outcome.events.is_empty(), "{:?}", act);
            let moved = outcome.target.state != before.state;
            prop_assert!(!moved || may_leave(before.state, &act), "{:?} by {:?}", before.state, act);
            let proposed = outcome.events.iter().any(|event| event.kind == "proposed");
            if matches!(act, Act::Decide { .. } | Act::DecideAppeal { .. }) && !proposed {
                prop_assert!(!outcome.letters.is_empty(), "{:?}", act);
                prop_assert!(outcome.target.reasons.is_some() || outcome.target.memo.asked.is_some()
                    || outcome.target.memo.extension.is_some());
            }
            for (at, row) in outcome.target.rows.iter().enumerate() {
                prop_assert_eq!(hidden[at], row.state.is_hidden(), "row {} {:?} after {:?}", at, row.state, act);
            }
            agrees(&outcome.target)?;
        }
    }
}
