//! The table of metrics: Keras' names, their settings, and what each adds up.
use super::{Batch, accuracy, counts, r2, ratio, thresholds};
use crate::base::error::{Result, bail};
use crate::base::json::{Field, Settings, Value};
use crate::base::names::plain;
use crate::nn::Dims;
use alloc::string::String;

/// Settings of metrics; each metric heeds its own.
#[derive(Clone)]
pub(super) struct Set {
    /// Scores above this count as yes; none where the greatest of a row does.
    pub(super) threshold: Option<f32>,
    /// How many of the greatest scores of a row count.
    pub(super) top: Option<usize>,
    /// The one class that is looked at.
    pub(super) class: Option<usize>,
    /// The place of a choice among the words that its key may have.
    pub(super) choice: usize,
    /// The place of a second choice.
    pub(super) curve: usize,
    pub(super) beta: f64,
    /// How many thresholds from 0 to 1 there are.
    pub(super) thresholds: usize,
    pub(super) from_logits: bool,
    /// How many values a row of outputs has.
    pub(super) width: usize,
}

/// A row of the table.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// More names, as [`plain`] spells them.
    pub(super) aliases: &'static [&'static str],
    pub(super) keys: &'static [&'static str],
    /// The words of `choice`, the default first.
    pub(super) choices: &'static [&'static str],
    pub(super) sums: fn(&Set) -> usize,
    pub(super) add: fn(&Set, &Batch, &mut [f64]) -> Result<()>,
    pub(super) value: fn(&Set, &[f64]) -> f64,
    /// Whether it is in this build; if not, only its name is.
    pub(super) is_here: bool,
}

/// A mean: what is added up is a total and what it is divided by.
const fn mean(
    name: &'static str,
    aliases: &'static [&'static str],
    add: fn(&Set, &Batch, &mut [f64]) -> Result<()>,
) -> Row {
    Row {
        name,
        aliases,
        keys: &[],
        choices: &[],
        sums: |_| 2,
        add,
        value: |_, sums| ratio(sums[0], sums[1]),
        is_here: true,
    }
}

/// A metric that is there with the feature `metrics` only.
const fn rare(row: Row) -> Row {
    if cfg!(feature = "metrics") {
        return row;
    }
    Row {
        is_here: false,
        ..mean(row.name, row.aliases, accuracy::sparse)
    }
}

/// Counts of right and wrong answers; see `counts.rs`.
const fn count(name: &'static str, value: fn(&Set, &[f64]) -> f64) -> Row {
    rare(Row {
        name,
        aliases: &[],
        keys: &["thresholds", "top_k", "class_id"],
        choices: &[],
        sums: |_| 4,
        add: counts::add,
        value,
        is_here: true,
    })
}

const AVERAGES: &[&str] = &["macro", "micro", "weighted"];

pub(super) static TABLE: &[Row] = &[
    mean(SPARSE_ACCURACY, &[], accuracy::sparse),
    mean(CATEGORICAL_ACCURACY, &[], accuracy::categorical),
    Row {
        keys: &["threshold"],
        ..mean("binary_accuracy", &[], accuracy::binary)
    },
    rare(Row {
        keys: &["k"],
        ..mean("top_k_categorical_accuracy", &["topk"], accuracy::top)
    }),
    rare(Row {
        keys: &["k"],
        ..mean(
            "sparse_top_k_categorical_accuracy",
            &[],
            accuracy::sparse_top,
        )
    }),
    count("precision", |_, n| ratio(n[0], n[0] + n[1])),
    count("recall", |_, n| ratio(n[0], n[0] + n[2])),
    count("true_positives", |_, n| n[0]),
    count("false_positives", |_, n| n[1]),
    count("false_negatives", |_, n| n[2]),
    count("true_negatives", |_, n| n[3]),
    rare(Row {
        name: "f1_score",
        aliases: &["f1"],
        keys: &["average", "threshold"],
        choices: AVERAGES,
        sums: |set| 4 * set.width,
        add: counts::add_by_class,
        value: counts::f_beta,
        is_here: true,
    }),
    rare(Row {
        name: "f_beta_score",
        aliases: &["fbeta"],
        keys: &["average", "threshold", "beta"],
        choices: AVERAGES,
        sums: |set| 4 * set.width,
        add: counts::add_by_class,
        value: counts::f_beta,
        is_here: true,
    }),
    rare(Row {
        name: "auc",
        aliases: &[],
        keys: &["num_thresholds", "curve", "summation_method", "from_logits"],
        choices: &["interpolation", "minoring", "majoring"],
        sums: |set| 2 * set.thresholds,
        add: thresholds::add,
        value: thresholds::area,
        is_here: true,
    }),
    rare(Row {
        name: "r2_score",
        aliases: &["r2"],
        keys: &["class_aggregation"],
        choices: &["uniform_average", "variance_weighted_average"],
        sums: |set| 4 * set.width,
        add: r2::add,
        value: r2::value,
        is_here: true,
    }),
];

pub(super) const SPARSE_ACCURACY: &str = "sparse_categorical_accuracy";
pub(super) const CATEGORICAL_ACCURACY: &str = "categorical_accuracy";

impl Row {
    /// The settings of a configuration; `name` and `dtype`, which Keras writes for all, ask for nothing.
    pub(super) fn settings(&self, config: &Value, output: &Dims) -> Result<Set> {
        let keys = [self.keys, &["name", "dtype"]].concat();
        let read = Settings::new(self.name, config, &keys)?;
        let width = output.last().copied().flatten().unwrap_or(1);
        if cfg!(not(feature = "metrics")) {
            // Accuracy takes no more than this.
            let mut threshold = 0.5;
            read.fill(&mut [("threshold", &mut threshold)])?;
            return Ok(Set {
                threshold: Some(threshold),
                top: None,
                class: None,
                choice: 0,
                curve: 0,
                beta: 1.0,
                thresholds: 0,
                from_logits: false,
                width,
            });
        }
        let (mut choice, mut curve) = (String::new(), String::new());
        let (mut k, mut class, mut threshold) = (f64::NAN, f64::NAN, f64::NAN);
        let (mut beta, mut thresholds, mut from_logits) = (1.0, 200usize, false);
        let own = |names: &[&'static str]| {
            let mut own = names.iter().filter(|&key| self.keys.contains(key));
            own.next().copied().unwrap_or("name of none")
        };
        read.fill(&mut [
            (
                own(&["average", "summation_method", "class_aggregation"]),
                &mut choice,
            ),
            ("curve", &mut curve),
            (own(&["k", "top_k"]), &mut k),
            ("class_id", &mut class),
            ("threshold", &mut threshold),
            ("beta", &mut beta),
            ("num_thresholds", &mut thresholds),
            ("from_logits", &mut from_logits),
        ])?;
        // A list of one threshold is one.
        match &config["thresholds"] {
            Value::Null => {}
            Value::Array(list) if list.len() == 1 => threshold.put(&list[0])?,
            one => threshold.put(one)?,
        }
        let place = |word: &str, words: &[&str]| -> Result<usize> {
            if word.is_empty() {
                return Ok(0);
            }
            match words.iter().position(|one| plain(one) == plain(word)) {
                Some(place) => Ok(place),
                None => bail!(
                    Value,
                    "{}: expected {}, not {word}",
                    self.name,
                    words.join(" or ")
                ),
            }
        };
        let averages = matches!(self.choices.first(), Some(&"macro"));
        let given = |number: f64| (!number.is_nan()).then_some(number);
        let default = (!averages && k.is_nan()).then_some(0.5);
        let set = Set {
            threshold: given(threshold)
                .map(|threshold| threshold as f32)
                .or(default),
            top: given(k).map(|k| k as usize),
            class: given(class).map(|class| class as usize),
            choice: place(&choice, self.choices)?,
            curve: place(&curve, &["ROC", "PR"])?,
            beta,
            thresholds,
            from_logits,
            width,
        };
        let whole = |number: f64, least: f64| {
            number.is_nan() || (number >= least && number as u32 as f64 == number)
        };
        if !(2..=100_000).contains(&thresholds)
            || !whole(k, 1.0)
            || !whole(class, 0.0)
            || beta.is_nan()
            || beta <= 0.0
        {
            bail!(
                Value,
                "{}: there must be from 2 to 100000 thresholds, k of at least 1, class_id of at least 0, and beta above 0",
                self.name
            );
        }
        Ok(set)
    }
}
