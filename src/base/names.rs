//! Names in the spellings that people use.
use super::sorted::sorted;
use alloc::{string::String, vec::Vec};

/// Names that are in use, in order.
#[derive(Default)]
pub(crate) struct Taken(Vec<String>);

impl Taken {
    /// These names; of a name that is there twice both.
    pub(crate) fn of(names: impl Iterator<Item = String>) -> Self {
        Taken(sorted(names.collect()))
    }

    /// A name that is there twice.
    pub(crate) fn twice(&self) -> Option<&str> {
        let pair = self.0.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(&pair[0])
    }

    fn find(&self, name: &str) -> core::result::Result<usize, usize> {
        self.0.binary_search_by(|other| other.as_str().cmp(name))
    }

    /// Whether a name is in use.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// From now on a name is in use.
    pub(crate) fn take(&mut self, name: String) {
        if let Err(place) = self.find(&name) {
            self.0.insert(place, name);
        }
    }

    /// From now on a name is free.
    pub(crate) fn give_back(&mut self, name: &str) {
        if let Ok(place) = self.find(name) {
            self.0.remove(place);
        }
    }
}

/// `name` without underscores and case: `categorical_crossentropy`, `categoricalCrossentropy` and
/// `CategoricalCrossentropy` are the same name.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|&c| c != '_')
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// `MaxPooling2D` as `max_pooling2d`, as Keras names layers: a word begins with a capital letter that follows a small
/// one, or that a small one follows.
pub(crate) fn snake(class_name: &str) -> String {
    let mut snake = String::new();
    let mut letters = class_name.chars().peekable();
    let mut previous = None::<char>;
    while let Some(c) = letters.next() {
        let is_small = |c: Option<&char>| c.is_some_and(char::is_ascii_lowercase);
        let begins = is_small(previous.as_ref()) || is_small(letters.peek());
        if c.is_ascii_uppercase() && previous.is_some() && begins {
            snake.push('_');
        }
        previous = Some(c);
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// The one of `names` that `name` was probably meant to be: few letters differ, and case and underscores do not count.
pub(crate) fn alike<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = plain(name).chars().collect();
    let most = 1.max(wanted.len() / 3);
    let apart = names
        .into_iter()
        .map(|one| (changes(&wanted, &plain(one)), one));
    let (least, nearest) = apart.min_by_key(|(changes, _)| *changes)?;
    (least <= most).then_some(nearest)
}

/// How many letters have to be put in, left out or changed to make `b` of `a` (Levenshtein).
fn changes(a: &[char], b: &str) -> usize {
    // Changes that make the part of `b` so far of each beginning of `a`.
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (at, letter) in b.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for i in 0..a.len() {
            let changed = diagonal + usize::from(a[i] != letter);
            diagonal = row[i + 1];
            row[i + 1] = changed.min(row[i] + 1).min(diagonal + 1);
        }
    }
    row[a.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_the_names_that_keras_gives_them() {
        for (class_name, name) in [
            ("Dense", "dense"),
            ("MaxPooling2D", "max_pooling2d"),
            ("Conv2DTranspose", "conv2d_transpose"),
            ("DepthwiseConv2D", "depthwise_conv2d"),
            ("GlobalAveragePooling1D", "global_average_pooling1d"),
            ("InputLayer", "input_layer"),
            ("LSTM", "lstm"),
            ("GRUCell", "gru_cell"),
            ("ConvLSTM2D", "conv_lstm2d"),
            ("SimpleRNN", "simple_rnn"),
            ("ReLU", "re_lu"),
            ("LeakyReLU", "leaky_re_lu"),
            ("PReLU", "p_re_lu"),
            ("ELU", "elu"),
        ] {
            assert_eq!(snake(class_name), name);
        }
    }

    #[test]
    fn a_misspelt_name_is_told_from_another_one() {
        let keys = ["units", "kernel_size", "kernel_initializer", "padding"];
        for (given, meant) in [
            ("kernal_size", Some("kernel_size")),
            ("kernelsize", Some("kernel_size")),
            ("unit", Some("units")),
            ("paddign", Some("padding")),
            ("strides", None),
            ("lr", None),
            ("", None),
        ] {
            assert_eq!(alike(given, keys), meant, "{given}");
        }
        assert_eq!(alike("units", []), None);
    }
}
