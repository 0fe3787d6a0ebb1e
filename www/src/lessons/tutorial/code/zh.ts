/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'MNIST: keras.datasets.mnist.load_data(). So that nothing need be fetched, here are digits of 5 × 3 squares, moved':
    '要用 MNIST：keras.datasets.mnist.load_data()。这里不必下载，用的是 5 × 3 方格拼成的数字，',
  'about under noise.': '随意挪动，再加上噪点。',
  "Digits that mapling writes itself. MNIST's: await datasets.mnist({ url: './mnist/' })":
    "mapling 自己写的数字。要用 MNIST：await datasets.mnist({ url: './mnist/' })",
};
