import keras
import numpy as np

keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train, y_train = x_train[:3000, ..., None] / 255, y_train[:3000]
x_test = x_test[..., None] / 255


def trained():
    # Smaller and smaller steps, and weights that decay.
    rate = keras.optimizers.schedules.PolynomialDecay(0.001, 4 * 94, 0.00002)
    model = keras.Sequential([
        keras.layers.Input((28, 28, 1)),
        # Each picture turned, stretched and moved a little, anew each time.
        keras.layers.RandomRotation(0.03, fill_mode="constant"),
        keras.layers.RandomZoom(0.1, 0.1, fill_mode="constant"),
        keras.layers.RandomTranslation(0.035, 0.035, fill_mode="constant"),
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=0.1),
        loss="sparse_categorical_crossentropy",
    )
    model.fit(x_train, y_train, epochs=4, batch_size=32, verbose=0)
    return model


# An ensemble: three networks, whose probabilities are averaged.
answers = [trained().predict(x_test, verbose=0) for _ in range(3)]
share = np.mean(np.mean(answers, axis=0).argmax(axis=1) == y_test)
# How far chance alone may move such a share, at 95 %.
error = 1.96 * np.sqrt(share * (1 - share) / len(y_test))
print(f"accuracy {100 * share:.1f} ± {100 * error:.1f} %")
