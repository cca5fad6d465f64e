//! The arithmetic of multi-index hashing: which buckets must be visited so that nothing within a radius is missed.
//!
//! A code is cut into bands of 16 bits. The general pigeonhole principle (Norouzi, Punjani and Fleet 2012; Qin and Xiao
//! 2018): give every band a quota, the quotas adding up to radius + 1. Two codes within the radius differ, summed over
//! all bands, by less than all quotas together; walking the bands as a ring, there is then a band to start from such
//! that every stretch beginning there differs by less than its quotas together (the cycle lemma). So it is enough to
//! visit, for each band, the buckets that differ by less than the band's quota, and to keep of their codes those whose
//! next band, too, stays below the two quotas together.

/// Bits of a band; a band's values are the buckets.
pub(super) const BAND_BITS: usize = 16;
/// Largest quota: radius 63 over 16 bands, and 12 over 4, give at most 4. Bits a bucket may differ by: one less.
const QUOTA_MAX: u32 = 4;

/// Quotas of all bands for a radius, spread as evenly as they go. A quota of 0: the band is not visited.
pub(super) fn quotas(bands: usize, radius: u32) -> Option<Vec<u32>> {
    let bands_u32 = u32::try_from(bands).ok()?;
    let (each, more) = ((radius + 1) / bands_u32, (radius + 1) % bands_u32);
    let all: Vec<u32> = (0..bands_u32).map(|band| each + u32::from(band < more)).collect();
    all.iter().all(|quota| *quota <= QUOTA_MAX).then_some(all)
}

/// Every 16-bit mask of at most 3 bits, fewest first, and where those of each weight end.
pub(super) struct Masks {
    masks: Vec<u16>,
    ends: [usize; QUOTA_MAX as usize],
}

impl Masks {
    pub(super) fn new() -> Self {
        let mut masks = vec![0];
        let mut ends = [1; QUOTA_MAX as usize];
        for weight in 1..QUOTA_MAX {
            masks.extend((1..=u16::MAX).filter(|mask| mask.count_ones() == weight));
            ends[weight as usize] = masks.len();
        }
        Self { masks, ends }
    }

    /// Buckets that a query visits in all bands.
    pub(super) fn visits(&self, quotas: &[u32]) -> usize {
        quotas.iter().map(|quota| self.below(*quota).len()).sum()
    }

    /// Masks of fewer bits than the quota.
    pub(super) fn below(&self, quota: u32) -> &[u16] {
        match quota {
            0 => &[],
            quota => &self.masks[..self.ends[(quota - 1) as usize]],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_add_up_to_one_more_than_the_radius() {
        for (bands, radius_max) in [(16, 63), (4, 12)] {
            for radius in 0..=radius_max {
                let quotas = quotas(bands, radius).unwrap();
                assert_eq!(quotas.iter().sum::<u32>(), radius + 1);
            }
        }
        assert_eq!(quotas(16, 64), None);
    }

    #[test]
    fn masks_are_all_there_once() {
        let masks = Masks::new();
        assert_eq!([0, 1, 2, 3, 4].map(|quota| masks.below(quota).len()), [0, 1, 17, 137, 697]);
    }
}
