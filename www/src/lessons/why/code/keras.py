# Gradients are JAX' own: Keras runs on it with KERAS_BACKEND=jax.
import jax
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


images, labels = digits(3000)
model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(images, labels, epochs=3, verbose=0)

picture = digits(1)[0]
answer = int(model.predict(picture, verbose=0).argmax())


# What is to be explained: the logarithm of the answer's probability. The page takes the score before softmax.
def score(x):
    return keras.ops.log(model(x)[0, answer])


gradient_at = jax.grad(score)

# Gradient × input.
simple = gradient_at(picture) * picture

# Integrated gradients: the mean gradient on the way from an empty page, × input.
steps = 32
path = [gradient_at(picture * (step + 0.5) / steps) for step in range(steps)]
integrated = sum(path) / steps * picture

gained = score(picture) - score(np.zeros_like(picture))
print(f"the contributions add up to {integrated.sum():.2f}, the score gained {gained:.2f}")
print(f"gradient × input adds up to {simple.sum():.2f}")
