/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'A line is one Dense layer with one unit: forward, loss, gradient, update.':
    '一条直线就是只有一个单元的 Dense 层：前向、损失、梯度、更新。',
  'A line, fitted by gradient descent: forward, loss, gradient, update.':
    '用梯度下降拟合一条直线：前向、损失、梯度、更新。',
};
