# Gradients by JAX, on which Keras runs with KERAS_BACKEND=jax.
import os

os.environ["KERAS_BACKEND"] = "jax"
import jax
import jax.numpy as np
import keras

keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, _) = keras.datasets.mnist.load_data()
model = keras.Sequential([
    keras.layers.Input((28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x_train[:3000] / 255, y_train[:3000], epochs=3, verbose=0)

picture = np.asarray(x_test[:1] / 255)
answer = int(model.predict(picture, verbose=0).argmax())


# The logarithm of the answer's probability: what is to be explained.
def score(x):
    return np.log(model(x)[0, answer])


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
