//! Parquet files of random rows: flat, nested, repeated, null at every level, in several row groups, codecs, encodings
//! and page versions. Cut into columns here, by hand, so that nothing of what is tested is used.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, GzipLevel, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;
use proptest::prelude::*;
use roaring::RoaringBitmap;

const SCHEMA: &str = "message rows {
  REQUIRED INT64 id;
  OPTIONAL BYTE_ARRAY text (UTF8);
  REQUIRED BYTE_ARRAY name (UTF8);
  OPTIONAL DOUBLE score;
  OPTIONAL BOOLEAN flag;
  REQUIRED BOOLEAN sure;
  OPTIONAL INT32 n;
  OPTIONAL INT96 moment;
  REQUIRED FIXED_LEN_BYTE_ARRAY(4) code;
  REQUIRED FLOAT r;
  OPTIONAL GROUP tags (LIST) { REPEATED GROUP list { OPTIONAL BYTE_ARRAY element (UTF8); } }
  REQUIRED GROUP meta { REQUIRED INT32 a; OPTIONAL BYTE_ARRAY b (UTF8); }
  OPTIONAL GROUP deep { REPEATED GROUP items { REQUIRED INT64 k; OPTIONAL GROUP inner { REPEATED INT32 more; } } }
}";
/// What the library prints of a row that was blanked.
pub(super) const EMPTY: &str = "{id: 0, text: null, name: \"\", score: null, flag: null, sure: false, n: null, \
moment: null, code: [0, 0, 0, 0], r: 0E0, tags: null, meta: {a: 0, b: null}, deep: null}";

#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub rows: usize,
    pub group: usize,
    pub codec: usize,
    pub is_v2: bool,
    pub has_dictionary: bool,
    pub statistics: usize,
    pub has_bloom: bool,
    /// In 1,024 rows, how many go.
    pub removed: u64,
}

pub(super) fn layout() -> impl Strategy<Value = Layout> {
    let removed = prop_oneof![Just(0_u64), Just(1), Just(30), Just(512), Just(1024)];
    (1_usize..300, 1_usize..150, 0_usize..5, any::<[bool; 3]>(), 0_usize..3, removed).prop_map(
        |(rows, group, codec, [is_v2, has_dictionary, has_bloom], statistics, removed)| Layout {
            rows,
            group,
            codec,
            is_v2,
            has_dictionary,
            statistics,
            has_bloom,
            removed,
        },
    )
}

pub(super) fn some_rows(seed: u64, layout: &Layout) -> RoaringBitmap {
    let mut dice = Dice(seed ^ 0xabcd);
    (0..layout.rows as u32).filter(|_| dice.below(1024) < layout.removed).collect()
}

/// Enough randomness for a test, the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The cells of one leaf.
#[derive(Default)]
struct Leaf {
    values: Vec<u64>,
    def: Vec<i16>,
    rep: Vec<i16>,
}

pub(super) fn write(path: &Path, seed: u64, layout: &Layout) {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
    ];
    let statistics = [EnabledStatistics::None, EnabledStatistics::Chunk, EnabledStatistics::Page];
    let mut properties = WriterProperties::builder()
        .set_compression(codecs[layout.codec])
        .set_writer_version(if layout.is_v2 { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
        .set_dictionary_enabled(layout.has_dictionary)
        .set_statistics_enabled(statistics[layout.statistics])
        .set_bloom_filter_enabled(layout.has_bloom)
        .set_data_page_row_count_limit(40)
        .set_write_batch_size(16)
        .set_created_by("somebody else 1.0".to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new("pandas".to_owned(), "{}".to_owned())]));
    if !layout.has_dictionary {
        properties = properties.set_column_encoding("text".into(), Encoding::DELTA_BYTE_ARRAY);
    }
    let mut writer =
        SerializedFileWriter::new(File::create(path).unwrap(), schema.clone(), Arc::new(properties.build())).unwrap();
    let mut dice = Dice(seed);
    let mut left = layout.rows;
    while left > 0 {
        let count = left.min(layout.group);
        let mut leaves: Vec<Leaf> = (0..writer.schema_descr().num_columns()).map(|_| Leaf::default()).collect();
        for _ in 0..count {
            let mut at = 0;
            for field in schema.get_fields() {
                cut(field, &mut dice, (0, 0, 0), true, &mut at, &mut leaves);
            }
        }
        let mut group = writer.next_row_group().unwrap();
        for leaf in &leaves {
            let mut column = group.next_column().unwrap().unwrap();
            write_leaf(leaf, &mut column);
            column.close().unwrap();
        }
        group.close().unwrap();
        left -= count;
    }
    writer.close().unwrap();
}

/// Draws one value of a field and cuts it into its leaves. Levels: defined so far, repetition of this value, how deep
/// repetition is here.
fn cut(
    field: &Type,
    dice: &mut Dice,
    (def, rep, depth): (i16, i16, i16),
    is_there: bool,
    at: &mut usize,
    leaves: &mut [Leaf],
) {
    let first = *at;
    match field.get_basic_info().repetition() {
        Repetition::REQUIRED => inside(field, dice, (def, rep, depth), is_there, at, leaves),
        Repetition::OPTIONAL => {
            let is_there = is_there && dice.below(4) > 0;
            inside(field, dice, (def + i16::from(is_there), rep, depth), is_there, at, leaves);
        }
        Repetition::REPEATED => {
            let count = if is_there { dice.below(4) } else { 0 };
            if count == 0 {
                inside(field, dice, (def, rep, depth + 1), false, at, leaves);
            }
            for number in 0..count {
                *at = first;
                let rep = if number == 0 { rep } else { depth + 1 };
                inside(field, dice, (def + 1, rep, depth + 1), true, at, leaves);
            }
        }
    }
}

fn inside(field: &Type, dice: &mut Dice, levels: (i16, i16, i16), is_there: bool, at: &mut usize, leaves: &mut [Leaf]) {
    if field.is_group() {
        for child in field.get_fields() {
            cut(child, dice, levels, is_there, at, leaves);
        }
        return;
    }
    let leaf = &mut leaves[*at];
    *at += 1;
    leaf.def.push(levels.0);
    leaf.rep.push(levels.1);
    if is_there {
        leaf.values.push(dice.below(60));
    }
}

fn write_leaf(leaf: &Leaf, column: &mut SerializedColumnWriter<'_>) {
    macro_rules! write_as {
        ($kind:ty, $make:expr) => {{
            let values: Vec<_> = leaf.values.iter().map($make).collect();
            column.typed::<$kind>().write_batch(&values, Some(&leaf.def), Some(&leaf.rep)).unwrap();
        }};
    }
    let text = |value: &u64| ByteArray::from(format!("text number {value}").into_bytes());
    let fixed = |value: &u64| FixedLenByteArray::from((*value as u32).to_be_bytes().to_vec());
    let moment = |value: &u64| Int96::from(vec![*value as u32, 0, 2_440_588]);
    let kind = match column.untyped() {
        parquet::column::writer::ColumnWriter::BoolColumnWriter(_) => Physical::BOOLEAN,
        parquet::column::writer::ColumnWriter::Int32ColumnWriter(_) => Physical::INT32,
        parquet::column::writer::ColumnWriter::Int64ColumnWriter(_) => Physical::INT64,
        parquet::column::writer::ColumnWriter::Int96ColumnWriter(_) => Physical::INT96,
        parquet::column::writer::ColumnWriter::FloatColumnWriter(_) => Physical::FLOAT,
        parquet::column::writer::ColumnWriter::DoubleColumnWriter(_) => Physical::DOUBLE,
        parquet::column::writer::ColumnWriter::ByteArrayColumnWriter(_) => Physical::BYTE_ARRAY,
        parquet::column::writer::ColumnWriter::FixedLenByteArrayColumnWriter(_) => Physical::FIXED_LEN_BYTE_ARRAY,
    };
    match kind {
        Physical::BOOLEAN => write_as!(BoolType, |value| value % 2 == 1),
        Physical::INT32 => write_as!(Int32Type, |value| *value as i32 - 30),
        Physical::INT64 => write_as!(Int64Type, |value| *value as i64 * 1_000_000_007),
        Physical::INT96 => write_as!(Int96Type, moment),
        Physical::FLOAT => write_as!(FloatType, |value| *value as f32 / 8.0),
        Physical::DOUBLE => write_as!(DoubleType, |value| *value as f64 / 16.0),
        Physical::BYTE_ARRAY => write_as!(ByteArrayType, text),
        Physical::FIXED_LEN_BYTE_ARRAY => write_as!(FixedLenByteArrayType, fixed),
    }
}
