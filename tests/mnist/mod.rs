//! Real MNIST for tests.
use std::io::Read;
use std::path::PathBuf;

pub struct Mnist {
    pub train_images: Vec<u8>,
    pub train_labels: Vec<u8>,
    pub test_images: Vec<u8>,
    pub test_labels: Vec<u8>,
}

impl Mnist {
    /// Loads the four files from `MNIST_DIR`, the page's folder, or a folder beside the checkout.
    pub fn load() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let places = [
            std::env::var_os("MNIST_DIR").map(PathBuf::from),
            Some(root.join("www/public/mnist")),
            Some(root.join("../shared/mnist")),
        ];
        let has_it = |place: &PathBuf| place.join("train-images-idx3-ubyte.gz").exists();
        let Some(place) = places.into_iter().flatten().find(has_it) else {
            panic!(
                "this test needs MNIST: run `npm start` once, or set MNIST_DIR to a folder with its four .gz files"
            );
        };
        let read = |name: &str, header: usize| {
            let file = std::fs::File::open(place.join(name)).unwrap();
            let mut bytes = Vec::new();
            flate2::read::GzDecoder::new(file)
                .read_to_end(&mut bytes)
                .unwrap();
            bytes.split_off(header)
        };
        Mnist {
            train_images: read("train-images-idx3-ubyte.gz", 16),
            train_labels: read("train-labels-idx1-ubyte.gz", 8),
            test_images: read("t10k-images-idx3-ubyte.gz", 16),
            test_labels: read("t10k-labels-idx1-ubyte.gz", 8),
        }
    }
}
