/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'MNIST: keras.datasets.mnist.load_data(). So that nothing need be fetched, here are digits of 5 × 3 squares, moved':
    '要用 MNIST：keras.datasets.mnist.load_data()。这里不必下载，用的是 5 × 3 方格拼成的数字，',
  'about under noise.': '随意挪动，再加上噪点。',
  'Four of each picture: turned, stretched and moved a little.': '每张图变出四张：略微旋转、拉伸、移动。',
  'Each picture turned, stretched, slanted and moved a little, anew each time.':
    '每张图略微旋转、拉伸、倾斜、移动，每次都不同。',
  'Smaller and smaller steps, to a fiftieth, and weights that decay.':
    '步子越来越小，直到五十分之一；权重也会衰减。',
  'Smaller and smaller steps, to a fiftieth.': '步子越来越小，直到五十分之一。',
  'Weights that decay: AdamW.': '会衰减的权重：AdamW。',
  'An ensemble: three networks, whose probabilities are averaged.': '集成：三个网络，概率取平均。',
  'An ensemble: three seeds, whose probabilities are averaged.': '集成：三个种子各练一个，概率取平均。',
  'How far chance alone may move such a share, at 95 %.': '单凭运气，这个比例会上下浮动多少（95 % 的把握）。',
};
