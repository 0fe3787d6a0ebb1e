import { comments } from '../code/zh';
import type { Words } from './en';

export const zh: Words = {
  title: '教程：几行代码学会认数字',
  comments,
  text: [
    '这是 Keras 的第一课，也就是主页上的那个网络。28 × 28 的图拉成 784 个数；128 个单元的一层把它们全看一遍；再来一层给十个数字各一个概率。整个就是一个长长的映射：从像素到猜测。',
    'compile 说怎么学：损失函数衡量正确答案让网络多意外，优化器把梯度变成一步。fit 每次拿 32 个数字（一批）：前向、损失、反向、更新。所有数字看过一遍就是一轮：MNIST 的 60,000 个要走 60,000 ÷ 32 = 1,875 步，加上本页自写的 20,000 个是 2,500 步。',
    'evaluate 拿从没学过的数字来考。只有这个数才说得上能不能认你的字：网络可以把自己的数字背下来，那时两条曲线就分开了。predict 则回答一张手写。',
    '这里每一行在干活时就会亮起来，用的正是此刻在这个标签页里训练的网络。点哪一行，就做哪一行。下面是几个网络的赛跑：同一个种子，同样的初始权重，同样的数字顺序，只差一处。',
  ],
  question: {
    ask: '只给 500 个数字，练 100 轮：没见过的数字上的损失会怎样？',
    guesses: ['跟训练损失一样降到 0', '先降，再升', '一直不降'],
    right: 1,
    why: '开头学到的对所有数字都管用。后来它开始背这 500 个，对别处的错误却越来越自信：准确率几乎不掉，损失看的是把握，所以往上走。',
  },
  tries: [
    '训练到一半点 model.compile，再点 model.fit：权重还在，只是优化器忘了过去。损失会跳一下吗？',
    '比一比批的大小。同样的数字，8 要走的步数是 256 的 32 倍：按数字算谁领先，按秒算谁更快？',
    '先用 100 个数字，再用 5,000 个。两条曲线在哪里分开？',
  ],
  program: {
    heading: '正在运行的程序',
    lead: '亮着的那行正在干活。点一行，就做一行。',
    notYet: '–',
    loading: (done, total) => `${done} / ${total} MB`,
    load: (train, test) => `${train} 个数字用来学，${test} 个用来考`,
    model: (params) => `${params} 个参数，初值由种子决定`,
    compile: (last, isVaried) =>
      `可以学了${last === null ? '' : `；学习率会逐步降到 ${last}`}${isVaried ? '；每张图都略作变化' : ''}`,
    fit: (epoch, epochs, batch, batches, loss, accuracy) =>
      `第 ${epoch} / ${epochs} 轮 · 第 ${batch} / ${batches} 批 · 损失 ${loss} · 准确率 ${accuracy} %`,
    evaluate: (loss, accuracy, wrong, total) =>
      `损失 ${loss} · 准确率 ${accuracy} %${wrong ? ` · ${total} 个里错 ${wrong} 个` : ''}`,
    digit: (name, sure) => `${name}，${sure}\u00a0%`,
    predict: (digits) => `板上的字：${digits.join('；')}`,
    predictNone: '板上的字：不像它认识的任何数字',
    press: {
      load: '重新取数字；网络从头开始',
      model: '从同一个种子长出新网络',
      compile: '优化器忘掉过去，权重不变',
      fit: '训练',
      evaluate: '拿从没学过的数字来考',
      predict: '读板上的字；板是空的就放一个考题',
    },
  },
  races: {
    heading: '并排赛跑',
    lead: (digits) =>
      `三个网络在另一个 worker 里轮流训练：${digits} 个数字，同一个种子，只差一处。你的网络照常训练。`,
    choose: '差在哪里',
    names: { optimizer: '优化器', batch: '批的大小', epochs: '轮数' },
    about: {
      optimizer:
        'Adam（学习率 0.001）给每个权重自己的步长；SGD（0.01）沿梯度直走；加上 0.9 的动量，它会顺势滚下去。',
      batch: '都用 Adam，各练 2 轮。小批走很多步，每步不太准；大批走得少，每步更稳。',
      epochs: '都用 Adam，每批 32 个。同一次训练，早停或晚停：短的曲线与长的逐位重合。',
    },
    start: { race: '开跑', few: '用这些来练' },
    again: '再来一次',
    stop: '停下',
    failed: '没能跑起来，请再试一次。',
    waiting: '第一次测试之后，曲线就开始。',
    testLoss: (digits) => `${digits} 个没见过的数字上的损失`,
    chart: (names) => `测试损失随看过的数字变化的曲线：${names}；数值在下面的表里`,
    seen: '个数字',
    lossNow: '测试损失',
    accuracyNow: '测试准确率',
    speed: '每秒数字',
    fewHeading: '死记硬背',
    fewLead: '同一个网络，数字太少，反复地看。',
    fewChoose: '用多少个数字来学',
    digits: (number) => `${number} 个数字`,
    loss: '损失',
    train: '训练',
    test: '测试',
    epoch: '轮',
    fewChart: '损失随轮数变化的曲线：训练数字与没见过的数字；数值在下面一行',
    fewFinding: (train, test, least, epoch) =>
      `训练损失 ${train}，测试损失 ${test}。最好的时候是第 ${epoch} 轮：${least}。从那以后它就在背了。`,
  },
};
