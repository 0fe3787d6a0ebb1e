import type { EditorWords } from './en';

/** 网络编辑器的文字。 */
export const zh: EditorWords = {
  heading: '你自己的网络',
  lead: '在你建好这个网络之前，正在训练的网络不会动；建好之后也还能回去。',
  add: '添加一层',
  full: (most) => `最多 ${most} 层`,
  up: (name) => `把${name}往上移`,
  down: (name) => `把${name}往下移`,
  remove: (name) => `去掉${name}`,
  answer: '答案：十个概率',
  answerTip: '一个全连接层，每个数字一个单元，再加 softmax：它总在最后',
  params: (count) => `${count} 个参数`,
  work: (count) => `${count} 次乘加`,
  allWork: (count) => `读一个数字要 ${count} 次乘加`,
  build: '建好并训练',
  close: '关闭',
  stays: '现在还建不起来。原来的网络不变。',
  between: (min, max) => `${min} 到 ${max}`,
  fields: {
    units: '单元数',
    filters: '卷积核数',
    kernelSize: '核大小',
    strides: '步幅',
    poolSize: '方格',
    rate: '关掉的比例',
    activation: '激活函数',
    padding: '边缘',
    targetShape: '形状',
  },
  choices: {
    linear: '无',
    valid: '裁掉',
    same: '补零',
  },
  refused: {
    picture: (given) =>
      `这一层看的是图（高 × 宽 × 通道），而它得到的是一排 ${given} 个数。请把它移到“展平”之前。`,
    window: (size, given) => `${size} × ${size} 的窗口放不进 ${given}。把窗口改小，或者去掉前面的一次池化。`,
    reshape: (given, wanted) => `它得到 ${given} 个数，而这个形状要装 ${wanted} 个：两者必须相等。`,
    flat: (given) => `答案需要一排数，而它得到的是 ${given}。请在看图的各层之后加上“展平”。`,
    memory: '对网页能用的内存来说太大了。减少单元或卷积核，或者在前面加一次池化。',
    other: '库拒绝了这一层：',
  },
};
