/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'A picture of 6 × 6 pixels with an edge down its middle: [samples, height, width, channels].':
    '6 × 6 像素的图，正中有一条竖直的边缘：[样本, 高, 宽, 通道]。',
  'The kernel subtracts the left from the right: [height, width, channels, filters].':
    '卷积核用右边减去左边：[高, 宽, 通道, 卷积核]。',
  '0 3 3 0: it lights up at the edge': '0 3 3 0：在边缘处亮起来',
  '3 3 3 3: still there': '3 3 3 3：还在',
  'A layer of one such kernel, which begins anywhere, finds the same nine numbers from pictures and maps.':
    '只有一个这种卷积核的层，从随便什么数开始，凭图和特征图就能学出同样的九个数。',
};
