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


(x_train, y_train), (x_test, y_test) = digits(6000), digits(1000)

model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.Adam(0.001),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=5, batch_size=32, verbose=0)

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test loss {loss:.3f}, accuracy {accuracy:.3f}")

answer = model.predict(x_test[:1], verbose=0)
print(f"read as {answer[0].argmax()}, in truth {y_test[0]}")
