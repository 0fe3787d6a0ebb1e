# A line is one Dense layer with one unit: forward, loss, gradient, update.
import keras
import numpy as np

area = np.array([[0.45], [0.6], [0.75], [0.9], [1.05], [1.2], [1.4], [1.6]])
price = np.array([[1.6], [1.7], [2.5], [2.3], [3.2], [3], [4.1], [4.2]])

model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.set_weights([np.array([[-2.0]]), np.array([5.0])])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
model.fit(area, price, batch_size=8, epochs=1000, verbose=0)

slope, offset = model.layers[0].get_weights()
print(f"price = {slope[0, 0]:.3f} × area + {offset[0]:.3f}")
