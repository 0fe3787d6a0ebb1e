import keras
import numpy as np

keras.utils.set_random_seed(1)
# MNIST: keras.datasets.mnist.load_data(). So that nothing need be fetched, here are digits of 5 × 3 squares, moved
# about under noise.
FONT = "75557 26227 71747 71717 55711 74717 74757 71111 75757 75717"
rng = np.random.default_rng(1)


def digits(count):
    labels = rng.integers(0, 10, count)
    images = np.zeros((count, 28, 28))
    for image, label in zip(images, labels):
        rows = [[int(row) >> 2 & 1, int(row) >> 1 & 1, int(row) & 1] for row in FONT.split()[label]]
        y, x = rng.integers(2, 7), rng.integers(5, 12)
        image[y : y + 20, x : x + 12] = np.kron(rows, np.ones((4, 4)))
    return images * rng.random(images.shape), labels


(x_train, y_train), (x_test, y_test) = digits(1000), digits(1000)
x_train, x_test = x_train[..., None], x_test[..., None]

# Four of each picture: turned, stretched and moved a little.
augment = keras.Sequential([
    keras.layers.RandomRotation(0.03, fill_mode="constant"),
    keras.layers.RandomZoom(0.1, 0.1, fill_mode="constant"),
    keras.layers.RandomTranslation(0.035, 0.035, fill_mode="constant"),
])
x_train = np.concatenate([augment(x_train, training=True) for _ in range(4)])
y_train = np.tile(y_train, 4)


def trained():
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(10, activation="softmax"),
    ])
    # Smaller and smaller steps, to a fiftieth, and weights that decay.
    rate = keras.optimizers.schedules.PolynomialDecay(0.001, 4 * 125, 0.00002)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=0.1)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    model.fit(x_train, y_train, epochs=4, batch_size=32, verbose=0)
    return model


# An ensemble: three networks, whose probabilities are averaged.
answers = [trained().predict(x_test, verbose=0) for _ in range(3)]
share = np.mean(np.mean(answers, axis=0).argmax(axis=1) == y_test)
# How far chance alone may move such a share, at 95 %.
error = 1.96 * np.sqrt(share * (1 - share) / len(y_test))
print(f"accuracy {100 * share:.1f} ± {100 * error:.1f} %")
