//! Many queries together: sorted by bucket, so that a bucket is fetched once for all that visit it.

use super::plan;
use super::{AHEAD, FoundCode, MihIndex, band_of, distance, prefetch};

/// Queries of one round: their visits to a band stay within a few megabytes.
const ROUND: usize = 1 << 14;
/// Buckets ahead of the one visited whose values are asked of memory already.
const BUCKETS_AHEAD: usize = 8;

impl MihIndex {
    /// [`MihIndex::within`] for many queries of one radius; the answers in the queries' order.
    pub(in crate::index) fn within_many(
        &self,
        codes: &[u8],
        queries: &[&[u8]],
        radius: u32,
    ) -> Option<Vec<Vec<FoundCode>>> {
        let mut all: Vec<Vec<FoundCode>> = vec![Vec::new(); queries.len()];
        let mut found = Vec::new();
        for (round, queries) in queries.chunks(ROUND).enumerate() {
            found.clear();
            self.round(codes, queries, radius, &mut found)?;
            found.sort_unstable();
            found.dedup();
            for (query, id, distance) in &found {
                all[round * ROUND + *query as usize].push((*id, *distance));
            }
        }
        Some(all)
    }

    fn round(&self, codes: &[u8], queries: &[&[u8]], radius: u32, found: &mut Vec<(u32, u32, u32)>) -> Option<()> {
        let quotas = plan::quotas(self.layout.bands, radius)?;
        // A visit: bucket in the upper half, query in the lower; the mask's weight follows from the two.
        let mut visits: Vec<u64> = Vec::new();
        let mut sorted: Vec<u64> = Vec::new();
        let mut places = Vec::new();
        let mut candidates: Vec<(u32, u32)> = Vec::new();
        for band in 0..self.layout.bands {
            let next = (band + 1) % self.layout.bands;
            let (directory, values, ids) = self.band(band);
            visits.clear();
            for (query, code) in queries.iter().enumerate() {
                let bucket = band_of(code, band);
                visits.extend(
                    self.masks.below(quotas[band]).iter().map(|mask| u64::from(bucket ^ mask) << 32 | query as u64),
                );
            }
            sort_by_bucket(&mut visits, &mut sorted);
            candidates.clear();
            for (i, visit) in visits.iter().enumerate() {
                if let Some(ahead) = visits.get(i + BUCKETS_AHEAD) {
                    prefetch(bytemuck::cast_slice(values), directory[(ahead >> 32) as usize] as usize * 2);
                }
                let (bucket, query) = ((visit >> 32) as usize, *visit as u32);
                let code = queries[query as usize];
                let weight = (bucket as u16 ^ band_of(code, band)).count_ones();
                let (from, to) = (directory[bucket] as usize, directory[bucket + 1] as usize);
                let Some(run) = values.get(from..to).filter(|run| !run.is_empty()) else { continue };
                places.clear();
                (self.sieve)(
                    run,
                    band_of(code, next),
                    quotas[band] + quotas[next] - 1 - weight,
                    from as u32,
                    &mut places,
                );
                candidates.extend(places.iter().filter_map(|place| Some((query, *ids.get(*place as usize)?))));
            }
            compare(codes, queries, radius, &candidates, found);
        }
        Some(())
    }
}

fn compare(codes: &[u8], queries: &[&[u8]], radius: u32, candidates: &[(u32, u32)], found: &mut Vec<(u32, u32, u32)>) {
    for (i, (query, id)) in candidates.iter().enumerate() {
        let code = queries[*query as usize];
        let size = code.len();
        if let Some((_, ahead)) = candidates.get(i + AHEAD * 2) {
            prefetch(codes, *ahead as usize * size);
        }
        let Some(stored) = codes.get(*id as usize * size..(*id as usize + 1) * size) else { continue };
        let distance = distance(stored, code);
        if distance <= radius {
            found.push((*query, *id, distance));
        }
    }
}

/// Two counting passes over the 16 bits of the bucket.
fn sort_by_bucket(visits: &mut Vec<u64>, other: &mut Vec<u64>) {
    for shift in [32, 40] {
        let mut starts = [0_usize; 257];
        for visit in visits.iter() {
            starts[(visit >> shift & 255) as usize + 1] += 1;
        }
        for i in 0..256 {
            starts[i + 1] += starts[i];
        }
        other.clear();
        other.resize(visits.len(), 0);
        for visit in visits.iter() {
            let at = &mut starts[(visit >> shift & 255) as usize];
            other[*at] = *visit;
            *at += 1;
        }
        std::mem::swap(visits, other);
    }
}
