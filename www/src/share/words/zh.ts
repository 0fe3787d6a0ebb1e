import type { ShareWords } from './en';

export const zh: ShareWords = {
  heading: '分享你的成果',
  title: '我在浏览器里训练的网络',
  accuracy: (share) => `从没见过的数字，它认对了 ${share}。`,
  untested: '还没有考过。',
  read: (digit, sure) => `我写的字：${digit}，${sure} 的把握`,
  testRead: (digit, sure) => `一个考题：${digit}，${sure} 的把握`,
  several: (digits) => `我写的字：${digits}`,
  none: '我画的：它认不出是哪个数字',
  draw: '也来写一个数字吧',
  of: (total) => `${total} 个从没见过的数字里认对的比例`,
  epochs: (epochs) => `练了 ${epochs} 轮`,
  link: '打开这个链接，会重新训练出逐位相同的网络',
  linkWithout:
    '打开这个链接，会按这些设置训练一个网络。教给它的、练完之后又接着练的、从别处带来的，链接里没有',
  share: '分享……',
  download: '下载卡片',
  copy: '复制链接',
  copied: '链接已复制。',
  copyByHand: '浏览器不让本页复制：链接已选中，请手动复制。',
  downloaded: '卡片已在下载里。',
  failed: '浏览器没能分享，请改为下载卡片。',
  close: '关闭',
};
