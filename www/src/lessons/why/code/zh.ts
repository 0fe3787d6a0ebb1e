/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  "Gradients are JAX' own: Keras runs on it with KERAS_BACKEND=jax.":
    '梯度用 JAX 自己的：设 KERAS_BACKEND=jax，Keras 就跑在它上面。',
  'MNIST: keras.datasets.mnist.load_data(). So that nothing need be fetched, here are digits of 5 × 3 squares, moved':
    '要用 MNIST：keras.datasets.mnist.load_data()。这里不必下载，用的是 5 × 3 方格拼成的数字，',
  'about under noise.': '随意挪动，再加上噪点。',
  "What is to be explained: the logarithm of the answer's probability. The page takes the score before softmax.":
    '要解释的是：答案的概率的对数。本页用的是 softmax 之前的得分。',
  'Gradient × input.': '梯度 × 输入。',
  'Integrated gradients: the mean gradient on the way from an empty page, × input.':
    '积分梯度：从白纸一路过来的平均梯度，× 输入。',
};
