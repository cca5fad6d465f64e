//! What is hidden in a public table, so that nobody is found in it.
//!
//! The rule has the two steps of every textbook on disclosure control in tables (Hundepool and others, "Statistical
//! Disclosure Control", Wiley 2012, chapter 4: the threshold rule, then secondary suppression):
//!
//! 1. A count under five, zero too, is shown as "fewer than five".
//! 2. Whoever knows a total finds a single hidden count by subtraction. So no total is shown beside a hidden count, only
//!    what the shown counts come to; and since two tables over the same requests have the same total, they are looked at
//!    together, as a reader would: by the sums, every hidden count has a lowest and a highest value that it can have.
//!    Where that says more than "fewer than five" (a lowest value above 0, or a highest below 4), the smallest count that
//!    is still shown is shown as "five or more", until it does not any more.
//!
//! What the rule cannot do: whoever looks twice sees what was added between.

use serde::{Serialize, Serializer, ser::SerializeMap as _};

/// Counts below are hidden.
pub const THRESHOLD: u64 = 5;

/// A count as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exact(u64),
    /// Below [`THRESHOLD`].
    Few,
    /// So many or more.
    AtLeast(u64),
}

impl Count {
    /// A sum of which `shown` can be added up by everybody.
    pub fn total(total: u64, shown: u64) -> Self {
        if total < THRESHOLD { Self::Few } else { Self::AtLeast(shown.max(THRESHOLD)) }
    }

    /// What is surely there.
    pub fn at_least(&self) -> u64 {
        match self {
            Self::Exact(n) | Self::AtLeast(n) => *n,
            Self::Few => 0,
        }
    }

    pub fn exact(&self) -> Option<u64> {
        match self {
            Self::Exact(n) => Some(*n),
            Self::Few | Self::AtLeast(_) => None,
        }
    }
}

/// `12`, `{"fewer_than": 5}`, `{"at_least": 5}`.
impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, n) = match self {
            Self::Exact(n) => return serializer.serialize_u64(*n),
            Self::Few => ("fewer_than", THRESHOLD),
            Self::AtLeast(n) => ("at_least", *n),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(name, &n)?;
        map.end()
    }
}

/// A count beside the whole it is a part of. Neither it nor what is left of the whole gives a small count away, and no
/// more than `shown` of the whole is known, so an exact part above that would say something of what is hidden.
pub fn part_of(n: u64, whole: u64, shown: u64) -> Count {
    let rest = whole.saturating_sub(n);
    if n < THRESHOLD {
        Count::Few
    } else if (1..THRESHOLD).contains(&rest) || n > shown {
        Count::AtLeast(THRESHOLD)
    } else {
        Count::Exact(n)
    }
}

/// Tables over the same things, each adding up to the same total, which is known to everybody where `total` names it.
pub fn protect<const N: usize>(tables: [&[u64]; N], total: Option<u64>) -> [Vec<Count>; N] {
    let mut tables = tables.map(Table::new);
    while let Some((at, lack)) = first_unsafe(&tables, total) {
        // More doubt is needed here, or in what the total is known by.
        let elsewhere = (0..N).filter(|other| *other != at);
        let order: Vec<usize> = match lack {
            Lack::BelowHere => std::iter::once(at).chain(elsewhere).collect(),
            Lack::Above => elsewhere.chain([at]).collect(),
        };
        if !order.into_iter().any(|table| tables[table].withhold_smallest()) {
            // Nothing is shown any more but which counts are small.
            break;
        }
    }
    tables.map(Table::counts)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Shown,
    Small,
    Withheld,
}

/// Where the bounds of a small count say more than that it is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lack {
    /// Its lowest value is above 0.
    BelowHere,
    /// Its highest value is below 4.
    Above,
}

/// A lowest and a highest value; no highest where there is none.
type Range = (u64, Option<u64>);

struct Table(Vec<(u64, Mark)>);

impl Table {
    fn new(cells: &[u64]) -> Self {
        Self(cells.iter().map(|n| (*n, if *n < THRESHOLD { Mark::Small } else { Mark::Shown })).collect())
    }

    fn counts(self) -> Vec<Count> {
        let count = |(n, mark)| match mark {
            Mark::Shown => Count::Exact(n),
            Mark::Small => Count::Few,
            Mark::Withheld => Count::AtLeast(THRESHOLD),
        };
        self.0.into_iter().map(count).collect()
    }

    fn number_of(&self, mark: Mark) -> u64 {
        self.0.iter().filter(|(_, other)| *other == mark).count() as u64
    }

    fn shown(&self) -> impl Iterator<Item = u64> {
        self.0.iter().filter(|(_, mark)| *mark == Mark::Shown).map(|(n, _)| *n)
    }

    /// What cells can come to that are not shown, `but` of the small ones left out. A reader who knows the rule knows
    /// that no withheld count is above a shown one.
    fn hidden(&self, but: u64) -> Range {
        let (small, withheld) = (self.number_of(Mark::Small).saturating_sub(but), self.number_of(Mark::Withheld));
        let highest = if withheld == 0 { Some(0) } else { self.shown().min().map(|least| withheld * least) };
        (withheld * THRESHOLD, highest.map(|highest| highest + small * (THRESHOLD - 1)))
    }

    /// What the total can be by this table alone.
    fn total(&self) -> Range {
        let (shown, (low, high)) = (self.shown().sum::<u64>(), self.hidden(0));
        (shown + low, high.map(|high| shown + high))
    }

    fn withhold_smallest(&mut self) -> bool {
        let shown = self.0.iter_mut().filter(|(_, mark)| *mark == Mark::Shown);
        let smallest = shown.min_by_key(|(n, _)| *n);
        smallest.map(|cell| cell.1 = Mark::Withheld).is_some()
    }

    /// What a reader who knows the total to be in `total` lacks in doubt about a small cell of this table.
    fn lack(&self, (low, high): Range) -> Option<Lack> {
        if self.number_of(Mark::Small) == 0 {
            return None;
        }
        let shown: u64 = self.shown().sum();
        let others = self.hidden(1);
        if others.1.is_some_and(|most| low > shown + most) {
            Some(Lack::BelowHere)
        } else if high.is_some_and(|high| high < shown + others.0 + THRESHOLD - 1) {
            Some(Lack::Above)
        } else {
            None
        }
    }
}

fn first_unsafe(tables: &[Table], total: Option<u64>) -> Option<(usize, Lack)> {
    let known = total.map_or((0, None), |total| (total, Some(total)));
    let range = tables.iter().map(Table::total).fold(known, |(low, high), (other_low, other_high)| {
        let high = high.into_iter().chain(other_high).min();
        (low.max(other_low), high)
    });
    tables.iter().enumerate().find_map(|(at, table)| Some((at, table.lack(range)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that hidden cells can be, `most` at most.
    fn readings(counts: &[Count], most: u64) -> Vec<Vec<u64>> {
        let least_shown = counts.iter().filter_map(Count::exact).min().unwrap_or(most);
        let mut all = vec![Vec::new()];
        for count in counts {
            let values: Vec<u64> = match count {
                Count::Exact(n) => vec![*n],
                Count::Few => (0..THRESHOLD).collect(),
                Count::AtLeast(_) => (THRESHOLD..=least_shown).collect(),
            };
            all = all
                .iter()
                .flat_map(|before: &Vec<u64>| values.iter().map(|n| [before.as_slice(), &[*n]].concat()))
                .collect();
        }
        all
    }

    /// Every hidden small cell can still be anything, whatever a reader adds up.
    fn nothing_is_learned(tables: [&[u64]; 2]) {
        let shown = protect(tables, None);
        let readings = shown.each_ref().map(|counts| readings(counts, 24));
        let sums = readings.each_ref().map(|all| all.iter().map(|cells| cells.iter().sum::<u64>()).collect::<Vec<_>>());
        let is_bare = shown.iter().flatten().all(|count| count.exact().is_none());
        for (table, counts) in shown.iter().enumerate() {
            for (cell, _) in counts.iter().enumerate().filter(|(_, count)| **count == Count::Few) {
                let possible =
                    readings[table].iter().zip(&sums[table]).filter(|(_, sum)| sums[1 - table].contains(sum));
                let values: std::collections::BTreeSet<u64> = possible.map(|(cells, _)| cells[cell]).collect();
                let is_free = values.contains(&0) && values.contains(&(THRESHOLD - 1));
                assert!(is_free || is_bare, "{tables:?} {shown:?}: cell {cell} of table {table} is one of {values:?}");
            }
        }
    }

    #[test]
    fn a_single_small_count_is_not_found_by_subtraction() {
        let [bases, outcomes] = protect([&[12, 9], &[20, 1]], None);
        assert_eq!(bases, [Count::Exact(12), Count::Exact(9)]);
        assert_eq!(outcomes, [Count::AtLeast(5), Count::Few]);
        let [rows] = protect([&[30, 12, 1, 0]], Some(43));
        assert_eq!(rows, [Count::Exact(30), Count::AtLeast(5), Count::Few, Count::Few]);
    }

    #[test]
    fn counts_that_give_nothing_away_are_shown() {
        let [bases, outcomes] = protect([&[12, 9, 0, 0, 1, 0], &[20, 1, 0, 1, 0]], None);
        assert_eq!(bases[..2], [Count::Exact(12), Count::Exact(9)]);
        assert_eq!(outcomes[..2], [Count::Exact(20), Count::Few]);
    }

    #[test]
    fn no_reader_of_two_tables_learns_a_small_count() {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..300 {
            let total = next(20);
            let mut deal = |cells: usize| {
                let mut table = vec![0; cells];
                for _ in 0..total {
                    // Uneven: most go to one cell.
                    let cell = next(cells as u64 + 3).min(cells as u64 - 1);
                    table[usize::try_from(cell).unwrap()] += 1;
                }
                table
            };
            let (one, other) = (deal(4), deal(3));
            nothing_is_learned([&one, &other]);
        }
    }

    #[test]
    fn a_part_hides_itself_and_what_is_left() {
        assert_eq!(part_of(4, 100, 100), Count::Few);
        assert_eq!(part_of(12, 12, 100), Count::Exact(12), "none is left");
        assert_eq!(part_of(12, 14, 100), Count::AtLeast(5), "two are left");
        assert_eq!(part_of(12, 40, 10), Count::AtLeast(5), "two of the twelve must be among the hidden ones");
        assert_eq!(part_of(12, 40, 30), Count::Exact(12));
    }

    #[test]
    fn counts_have_one_writing() {
        let written = |count| serde_json::to_string(&count).unwrap();
        assert_eq!(written(Count::Exact(12)), "12");
        assert_eq!(written(Count::Few), r#"{"fewer_than":5}"#);
        assert_eq!(written(Count::total(40, 31)), r#"{"at_least":31}"#);
        assert_eq!(Count::total(6, 0), Count::AtLeast(5));
        assert_eq!(Count::total(4, 0), Count::Few);
    }
}
