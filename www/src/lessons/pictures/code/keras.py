import keras
import numpy as np

# A picture of 6 × 6 pixels with an edge down its middle: [samples, height, width, channels].
picture = np.tile([0, 0, 0, 1, 1, 1], (6, 1)).reshape(1, 6, 6, 1).astype("float32")
# The kernel subtracts the left from the right: [height, width, channels, filters].
kernel = np.tile([-1, 0, 1], (3, 1)).reshape(3, 3, 1, 1).astype("float32")

feature_map = keras.ops.conv(picture, kernel, strides=1, padding="valid")
print("map", *np.ravel(feature_map)[:4].astype(int))  # 0 3 3 0: it lights up at the edge
pooled = keras.ops.max_pool(feature_map, (2, 2), strides=(2, 2))
print("pooled", *np.ravel(pooled).astype(int))  # 3 3 3 3: still there

# A layer of one such kernel, which begins anywhere, finds the same nine numbers from pictures and maps.
model = keras.Sequential([
    keras.Input((6, 6, 1)),
    keras.layers.Conv2D(filters=1, kernel_size=3, use_bias=False),
])
model.compile(optimizer=keras.optimizers.Adam(0.1), loss="mean_squared_error")
pictures = np.sin(np.arange(64 * 36, dtype="float32") ** 2).reshape(64, 6, 6, 1)
targets = np.array(keras.ops.conv(pictures, kernel, strides=1, padding="valid"))
model.fit(pictures, targets, epochs=40, batch_size=16, verbose=0)
found = np.ravel(model.get_weights()[0])
print("found", *(round(float(weight)) for weight in found))
