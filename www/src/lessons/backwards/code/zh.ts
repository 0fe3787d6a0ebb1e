/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'One neuron and its loss in Keras, on JAX: every gradient from one walk back, and a difference to check one of them.':
    '一个神经元和它的损失，用 Keras（跑在 JAX 上）：往回走一趟得到所有梯度，再用差商验算其中一个。',
  'One neuron and its loss: every gradient from one walk back, and a difference to check one of them.':
    '一个神经元和它的损失：往回走一趟得到所有梯度，再用差商验算其中一个。',
};
