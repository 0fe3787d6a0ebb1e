import { count, hundredths } from '../../format';
import type { en } from './en';

export const zh: typeof en = {
  time: '时间',
  label: '时间轴：这次训练里留下的各步',
  newest: '最新',
  newestTip: '回到这次训练的最新一步',
  waiting: '训练时会留下一些步：在这里拖动，就能回到其中任何一步。',
  drag: (steps) => `已留下 ${count(steps)} 步，拖动可以回到过去。`,
  kept: (step) => `本机已存到第 ${count(step)} 步。`,
  refused: '本机没有保存。',
  full: '空间不足，更早的步没有保存。',
  offered: (data, step) => `上次留下一个用另一批数字训练的网络（${data}，${count(step)} 步）。`,
  takeOffered: '换上它',
  forgetOffered: '不要了',
  value: ({ step, last, epoch, accuracy }) =>
    `第 ${count(step)} 步，共 ${count(last)} 步，第 ${epoch} 轮${
      accuracy === undefined ? '' : `，测试准确率 ${hundredths(accuracy)} %`
    }`,
  back: (step) => `第 ${count(step)} 步：一切都回到当时。接着训练，每一位都和第一次一样。`,
  backOtherwise: (step) =>
    `第 ${count(step)} 步：一切都回到当时。接着训练会从这里分出一支，后来做的不再重来。`,
  again: (step) => `第 ${count(step)} 步，重走一遍，每一位都一样。`,
  otherwise: '或者换个设置继续……',
  otherwiseLabel: '从这里换一个设置继续训练，作为这次训练的分支',
  rate: (rate) => `学习率 ${rate}`,
  batch: (size) => `每批 ${count(size)} 个`,
  optimizers: { adam: 'Adam', sgd: 'SGD', momentum: 'SGD + 动量' },
  beside: '实验：与之前那次训练（虚线）放在一起看',
  branch: (step, name) => `分支：在第 ${count(step)} 步离开${name}（虚线）`,
  goBack: '回到之前那次训练',
  run: (number) => `第 ${number} 次训练`,
  runs: {
    heading: '各次训练',
    lead: '你试过的都在这里，可以放在一起比较。每一次都能回去，回到它最新的一步；更早的，再用滑块往回拖。',
    open: (others) => `训练：${count(others + 1)} 次`,
    now: '当前',
    name: '这次训练的名字',
    shown: (name) => `在图上显示${name}`,
    settings: '设置',
    same: '设置相同',
    fresh: '还没训练',
    accuracy: '测试准确率',
    loss: '测试损失',
    steps: '步数',
    from: (step, name) => `第 ${count(step)} 步离开${name}`,
    tested: (epoch) => `在第 ${epoch.toFixed(2)} 轮时测试`,
    back: '回到这里',
    backTo: (name) => `回到这里：${name}`,
    remove: (name) => `删除${name}`,
    seed: '种子',
  },
};
