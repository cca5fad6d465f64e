//! A Merkle tree as RFC 6962 has it: one root stands for many leaves, and a short path proves that one is among them.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Before a leaf and before an inner node, so that neither can pass for the other.
const LEAF: u8 = 0;
const NODE: u8 = 1;
/// Longest path: trees have fewer than 2^63 leaves.
pub const PATH_MAX: usize = 63;

/// The hash of a leaf's bytes.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([LEAF]).chain_update(data).finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([NODE]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree over hashes of leaves, in the order given.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The leaves, then what stands over them, up to the root.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    pub fn new(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            // One left over goes up as it is: the same tree as RFC 6962's split at the largest power of two.
            let above = below.chunks(2).map(|pair| match pair {
                [left, right] => node_hash(left, right),
                pair => pair[0],
            });
            let above = above.collect();
            levels.push(above);
        }
        Self { levels }
    }

    pub fn leaves(&self) -> usize {
        self.levels[0].len()
    }

    /// The root; of no leaves, the hash of nothing.
    pub fn root(&self) -> Hash {
        let top = self.levels.last().and_then(|level| level.first());
        top.copied().unwrap_or_else(|| Sha256::digest([]).into())
    }

    /// What must be hashed with a leaf, from below, to reach the root; `None` where there is no such leaf.
    pub fn path(&self, index: usize) -> Option<Vec<Hash>> {
        if index >= self.leaves() {
            return None;
        }
        let below_root = &self.levels[..self.levels.len() - 1];
        let sibling = |(height, level): (usize, &Vec<Hash>)| level.get((index >> height) ^ 1).copied();
        Some(below_root.iter().enumerate().filter_map(sibling).collect())
    }
}

/// Whether a leaf stands at this place of a tree of this many leaves with this root (RFC 9162, 2.1.3.2).
pub fn is_in_tree(leaf: Hash, index: u64, leaves: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= leaves || path.len() > PATH_MAX {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, leaves - 1, leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(step, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(n: usize) -> Vec<Hash> {
        (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
    }

    /// The definition of RFC 6962, word for word.
    fn root_by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let split = many.len().next_power_of_two() / 2;
                node_hash(&root_by_definition(&many[..split]), &root_by_definition(&many[split..]))
            }
        }
    }

    /// Known roots of the tree over the eight inputs that Certificate Transparency's own tests use.
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let inputs =
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let leaves: Vec<_> = inputs.iter().map(|digits| leaf_hash(&hex::decode(digits).unwrap())).collect();
        let root = |n: usize| hex::encode(Tree::new(leaves[..n].to_vec()).root());
        assert_eq!(root(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(root(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assert_eq!(root(2), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assert_eq!(root(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_at_no_other_place() {
        for n in 1..40 {
            let leaves = leaves(n);
            let tree = Tree::new(leaves.clone());
            assert_eq!(tree.root(), root_by_definition(&leaves), "{n} leaves");
            for (index, leaf) in leaves.iter().enumerate() {
                let path = tree.path(index).unwrap();
                for claimed in 0..n {
                    let is_in = is_in_tree(*leaf, claimed as u64, n as u64, &path, &tree.root());
                    assert_eq!(is_in, claimed == index, "leaf {index} of {n} at {claimed}");
                }
            }
            assert_eq!(tree.path(n), None);
        }
    }

    proptest! {
        #[test]
        fn a_changed_leaf_path_root_or_size_proves_nothing(n in 1_usize..600, pick in any::<prop::sample::Index>(), bit in 0_usize..256, which in 0..3) {
            let leaves = leaves(n);
            let tree = Tree::new(leaves.clone());
            let index = pick.index(n);
            let (mut leaf, mut path, mut root) = (leaves[index], tree.path(index).unwrap(), tree.root());
            prop_assert!(is_in_tree(leaf, index as u64, n as u64, &path, &root));
            prop_assert_eq!(root, root_by_definition(&leaves));
            prop_assert!(!is_in_tree(leaf, n as u64, n as u64, &path, &root));
            let flip = |hash: &mut Hash| hash[bit / 8] ^= 1 << (bit % 8);
            match which {
                0 => flip(&mut leaf),
                1 => flip(&mut root),
                _ if path.is_empty() => path.push(leaf),
                _ => { let at = bit % path.len(); flip(&mut path[at]); }
            }
            prop_assert!(!is_in_tree(leaf, index as u64, n as u64, &path, &root));
        }
    }
}
