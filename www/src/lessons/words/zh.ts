import { count } from '../../format';
import type { Words } from './en';

export const zh: Words = {
  drawn: '你写的数字。',
  test: (index) => `第 ${count(index)} 个测试数字。`,
  none: '数字还在路上……',
  draw: '去手写板上写',
};
