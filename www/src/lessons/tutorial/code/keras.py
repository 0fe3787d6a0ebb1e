import keras

keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()

model = keras.Sequential([
    keras.layers.Input((28, 28)),
    keras.layers.Flatten(),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.Adam(0.001),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train / 255, y_train, epochs=5, batch_size=32)

loss, accuracy = model.evaluate(x_test / 255, y_test, verbose=0)
print(f"test loss {loss:.3f}, accuracy {accuracy:.3f}")

answer = model.predict(x_test[:1] / 255, verbose=0)
print(f"read as {answer[0].argmax()}, in truth {y_test[0]}")
