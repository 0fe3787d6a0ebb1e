//! Real MNIST for tests and examples.
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

pub struct Mnist {
    pub train_images: Vec<u8>,
    pub train_labels: Vec<u8>,
    pub test_images: Vec<u8>,
    pub test_labels: Vec<u8>,
}

/// The four files, and how long their headers are.
const FILES: [(&str, usize); 4] = [
    ("train-images-idx3-ubyte", 16),
    ("train-labels-idx1-ubyte", 8),
    ("t10k-images-idx3-ubyte", 16),
    ("t10k-labels-idx1-ubyte", 8),
];

impl Mnist {
    /// Loads the four files, packed or not, from `MNIST_DIR`, the page's folder, or a folder beside the checkout.
    ///
    /// Where no folder has them, `None`: a clone without MNIST passes its other tests. What is then left out stands
    /// on the error output, which `cargo test` shows for tests that pass too. Where `CI` is set, nothing may be left
    /// out, so this panics.
    pub fn load() -> Option<Self> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let places = [
            std::env::var_os("MNIST_DIR").map(PathBuf::from),
            Some(root.join("www/public/mnist")),
            Some(root.join("../shared/mnist")),
        ];
        if let Some(mnist) = places
            .into_iter()
            .flatten()
            .find_map(|place| Self::from(&place))
        {
            return Some(mnist);
        }
        let needs = "this needs MNIST: run `node scripts/mnist.mjs` once, or set MNIST_DIR to a folder with its four files";
        let is_ci = std::env::var("CI").is_ok_and(|ci| !["", "0", "false"].contains(&&*ci));
        assert!(!is_ci, "{needs}");
        // `eprintln!` would be kept back with the output of the test.
        let _ = writeln!(std::io::stderr(), "\nLeft out: {needs}");
        None
    }

    fn from(place: &Path) -> Option<Self> {
        let [train_images, train_labels, test_images, test_labels] =
            FILES.map(|(name, header)| values(place, name, header));
        Some(Mnist {
            train_images: train_images?,
            train_labels: train_labels?,
            test_images: test_images?,
            test_labels: test_labels?,
        })
    }
}

/// What follows the header of a file, if the file is there.
fn values(place: &Path, name: &str, header: usize) -> Option<Vec<u8>> {
    let packed = place.join(format!("{name}.gz"));
    let mut bytes = Vec::new();
    if let Ok(file) = std::fs::File::open(&packed) {
        let read = flate2::read::GzDecoder::new(file).read_to_end(&mut bytes);
        read.unwrap_or_else(|error| panic!("{}: {error}", packed.display()));
    } else {
        bytes = std::fs::read(place.join(name)).ok()?;
    }
    Some(bytes.split_off(header))
}
