# Two hidden layers learn to tell a heap of points from the ring around it.
import keras
import numpy as np

keras.utils.set_random_seed(1)
angle = np.linspace(0, 2 * np.pi, 90)
circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
ring = 2.2 * circle + np.random.normal(0, 0.2, (90, 2))
heap = 0.8 * circle + np.random.normal(0, 0.25, (90, 2))
points = np.concatenate([ring, heap])
labels = np.concatenate([np.zeros((90, 1)), np.ones((90, 1))])

model = keras.Sequential(
    [
        keras.Input((2,)),
        keras.layers.Dense(4, activation="tanh"),
        keras.layers.Dense(4, activation="tanh"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.03), loss="binary_crossentropy", metrics=["accuracy"])

model.fit(points, labels, epochs=300, batch_size=180, verbose=0)
loss, right = model.evaluate(points, labels, verbose=0)
print(f"loss {loss:.3f}, right {100 * right:.1f} %")
