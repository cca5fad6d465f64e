//! Other cases with the same person, rows or pictures.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row as _};

use super::{Kind, Store, StoreError, Writing, named, to_json};
use crate::takedown::desk::types::RelatedCase;

/// Other targets that are looked up for a case: more than a reviewer would read.
const RELATED_MAX: i64 = 50;

impl Store {
    /// Cases of the same person, or with some of the same rows and pictures (by their keys); the most alike first.
    pub(in crate::takedown) async fn related(
        &self,
        number: &str,
        person: &str,
        rows: &[i64],
        pictures: &[i64],
    ) -> Result<Vec<RelatedCase>, StoreError> {
        let mut found: BTreeMap<i64, RelatedCase> = BTreeMap::new();
        for (keys, of_rows) in [(rows, true), (pictures, false)] {
            for (id, count) in sharing(self.kind, &self.readers, keys).await? {
                let Some(related) = self.related_target(&mut found, id).await? else { continue };
                if of_rows {
                    related.same_rows = count;
                } else {
                    related.same_pictures = count;
                }
            }
        }
        if !person.is_empty() {
            let rows = sqlx::query(
                "SELECT t.id FROM cases c JOIN targets t ON t.number = c.number
                 WHERE c.person = $1 ORDER BY t.id DESC LIMIT $2",
            )
            .bind(person)
            .bind(RELATED_MAX)
            .fetch_all(&self.readers)
            .await?;
            for row in &rows {
                if let Some(related) = self.related_target(&mut found, row.try_get(0)?).await? {
                    related.same_person = true;
                }
            }
        }
        let mut related: Vec<_> = found.into_values().filter(|related| related.number != number).collect();
        related.sort_by_key(|related| {
            std::cmp::Reverse((related.same_rows, related.same_pictures, related.same_person, related.filed_ms))
        });
        Ok(related)
    }

    async fn related_target<'a>(
        &self,
        found: &'a mut BTreeMap<i64, RelatedCase>,
        id: i64,
    ) -> Result<Option<&'a mut RelatedCase>, StoreError> {
        if let std::collections::btree_map::Entry::Vacant(vacant) = found.entry(id) {
            let row = sqlx::query("SELECT number, dataset, state, received_ms FROM targets WHERE id = $1")
                .bind(id)
                .fetch_optional(&self.readers)
                .await?;
            let Some(row) = row else { return Ok(None) };
            vacant.insert(related_of(&row)?);
        }
        Ok(found.get_mut(&id))
    }
}

impl Writing {
    /// Other targets that ask about any of the rows with these keys.
    pub(in crate::takedown) async fn others_with(&mut self, rows: &[i64], but: i64) -> Result<Vec<i64>, StoreError> {
        let sharing = sharing_all(self.kind, &mut *self.transaction, rows).await?;
        Ok(sharing.into_iter().filter(|id| *id != but).collect())
    }
}

/// Targets with any of the keys, and how many of them; those with most first.
async fn sharing<'e>(
    kind: Kind,
    at: impl Executor<'e, Database = Any>,
    keys: &[i64],
) -> Result<Vec<(i64, u64)>, StoreError> {
    let sql = match kind {
        Kind::Sqlite => {
            "SELECT target, COUNT(*) FROM row_keys WHERE row_key IN (SELECT value FROM json_each($1))
             GROUP BY target ORDER BY COUNT(*) DESC, target DESC LIMIT $2"
        }
        Kind::Postgres => {
            "SELECT target, COUNT(*) FROM row_keys
             WHERE row_key IN (SELECT value::bigint FROM json_array_elements_text($1::json) AS value)
             GROUP BY target ORDER BY COUNT(*) DESC, target DESC LIMIT $2"
        }
    };
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(sql).bind(to_json(&keys)?).bind(RELATED_MAX).fetch_all(at).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs()))).collect()
}

async fn sharing_all<'e>(
    kind: Kind,
    at: impl Executor<'e, Database = Any>,
    keys: &[i64],
) -> Result<Vec<i64>, StoreError> {
    let sql = match kind {
        Kind::Sqlite => {
            "SELECT DISTINCT target FROM row_keys WHERE row_key IN (SELECT value FROM json_each($1)) ORDER BY target"
        }
        Kind::Postgres => {
            "SELECT DISTINCT target FROM row_keys
             WHERE row_key IN (SELECT value::bigint FROM json_array_elements_text($1::json) AS value) ORDER BY target"
        }
    };
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(sql).bind(to_json(&keys)?).fetch_all(at).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn related_of(row: &AnyRow) -> Result<RelatedCase, StoreError> {
    Ok(RelatedCase {
        number: row.try_get(0)?,
        dataset: row.try_get(1)?,
        state: named(&row.try_get::<String, _>(2)?)?,
        filed_ms: row.try_get(3)?,
        same_person: false,
        same_rows: 0,
        same_pictures: 0,
    })
}
