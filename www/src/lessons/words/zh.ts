import { count } from '../../format';
import type { Words } from './en';

export const zh: Words = {
  play: '开始',
  pause: '暂停',
  step: '走一步',
  reset: '重新来过',
  keys: { play: '空格', step: 'S', reset: 'R' },
  tips: {
    play: '一步接一步地训练，直到你暂停。按键：空格',
    step: '只走一步。按键：S',
    reset: '回到一开始的权重。按键：R',
  },
  rate: '学习率',
  copy: '复制',
  copied: '已复制',
  notCopied: '浏览器不让复制：请选中这些行，自己复制',
  runs: '装好 Node 和 mapling，原样就能运行',
  runsKeras: '装好 Keras 3，原样就能运行',
  /** What is said of the digit that a lesson looks at. */
  digit: {
    drawn: '你写的数字。',
    test: (index) => `第 ${count(index)} 个测试数字。`,
    none: '数字还在路上……',
    draw: '去手写板上写',
  },
};
