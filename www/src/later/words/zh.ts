import { count, hundredths } from '../../format';
import type { LaterWords } from './en';

const holds = { images: '图像', labels: '标签' };
const size = ([height, width]: readonly number[]): string => `${height}\u00a0×\u00a0${width}`;

/** 首屏之后才出现的文字：消息、下方各栏、点开的卡片。 */
export const zh: LaterWords = {
  lessons: {
    label: '课程',
    main: '训练',
    names: {
      line: '一条直线',
      neurons: '神经元与层',
      backwards: '反向传播',
      tutorial: '教程',
      pictures: '图像',
      sequences: '序列',
      better: '更好',
      why: '为什么',
    },
    of: (at: number, all: number) => `第 ${at} 课，共 ${all} 课`,
    guess: '先猜一猜',
    right: '猜对了。',
    wrong: '不是这样。',
    tries: '动手试试',
    code: '写成代码',
    next: (name: string) => `下一课：${name}`,
    before: (name: string) => `上一课：${name}`,
    end: '路走完了：去训练、去写、去弄坏它',
    way: '前后的课',
    unknown: (name: string) => `没有叫“${name}”的课。上面的栏里是所有的课。`,
    failed: '没能取到这一课，可能是网络断了；一能取到就会出现。',
    again: '再试一次',
    share: '分享',
    library: {
      coming: '计算用的库正在路上……',
      missing: '这一课用来计算的库还没有到：可能还在编译，也可能是网络断了。正文和代码可以先看。',
    },
  },
  notice: {
    noMnist:
      '取不到 MNIST。网络改用本页自己写的数字来学，它们和人写的毕竟不同。想用 MNIST，把它的四个文件拖进来，或在下方“数字从哪里来”一栏里选择。',
    noMnistNow: '取不到 MNIST。数字和网络学到的东西都还是原来的。',
    taughtNoMore:
      '数字到了，新的网络从头学起：你教给热身网络的东西随它一起走了。你写的都留着，等新网络练好了再教一次。',
    unfetched: '这个页面有一部分没能取到，每隔几秒会再取一次。',
    cut: '网络断了，这个页面还有一部分没有取到。训练会进行到这一轮结束；网络恢复后，其余部分会自动取来，训练也会接着进行。',
    exploded: '损失已经不是一个数了：步子迈得太大，权重飞散。',
    lowerRate: (step) =>
      step === null
        ? '把学习率调小，再重置。'
        : `网络已退回到出事之前的第 ${count(step)} 步。把学习率调小，接着训练就行：两次训练都留在图上。`,
    keptDamaged: '上次留在这个浏览器里的训练读不出来了，这次从头开始。',
    notKept:
      '浏览器不让本页保存东西：存储被禁用，或者已经满了。一切照常，只是关掉标签页后，训练的结果就没有了。',
    stuck: '现在几乎每个数字它都给同一个答案：头几步迈得太大，多数单元已经失灵。',
    restarted: (step) =>
      `负责训练的后台进程被浏览器结束了；已换上一个新的，${
        step === null ? '从几秒前的网络继续' : `停在第 ${count(step)} 步，等你继续`
      }。`,
    filesGone: (run) =>
      run === null
        ? '装着你那些数字的文件不在了：页面重新打开时，浏览器没有留住它们。想用它们训练，请重新选择。'
        : `${run} 用的那些数字文件不在了：页面重新打开时，浏览器没有留住它们。这次训练照原样显示；它的网络能认你写的字，接着训练则用现在的数字。想用原来的数字，请重新选择那些文件。`,
    badLink: {
      begin: '这个链接有一部分读不懂：',
      net: '其中的网络（net）建不起来，所以用预设代替。',
      adjust: '其中途中的改动（adjust）没有意义，所以训练途中什么也不改。',
      ink: '其中的笔迹（ink）读不出来，所以手写板是空的。',
      settings: '其中有些设置取不了这样的值，所以用平常的值。',
    },
    tooLarge: '这么大的一批，这个网络在内存里放不下。把批大小调小，或者换小一点的网络；已经训练的都还在。',
    failed: '出错了。重置会换一个新网络，刷新页面则一切重来。',
    detail: '技术信息（英文原文）',
    dismiss: '关闭这条消息',
  },
  refused: {
    stays: '其余一切照旧：数字还是原来那些，网络学到的也都在。',
    expected:
      '需要的是 IDX 文件，例如 train-images-idx3-ubyte 和 train-labels-idx1-ubyte：一份图像，一份标签，压缩与否都行；或每行先写标签、再写像素的表格；或按 0 到 9 分文件夹放的图片。',
    kind: ({ file, looks }) =>
      `${file} ${
        {
          picture: '是一张图片，不是一套数字',
          gzip: '压缩了两次',
          zip: '是 zip 压缩包，请先解开',
          pdf: '是 PDF 文档',
          hdf5: '是 HDF5 文件',
          npy: '是 NumPy 数组',
          text: '是文本',
          empty: '是空的',
          unknown: '不是 IDX 文件',
        }[looks]
      }。`,
    type: ({ file }) => `${file} 里的值不是 0 到 255 的字节。`,
    axes: ({ file, axes }) => `${file} 有 ${axes} 个轴：图像应有三个（数目、高、宽），标签应有一个。`,
    length: ({ file, bytes, promised }) =>
      promised === undefined || bytes === undefined
        ? `${file} 的长度与文件头所说的不符。`
        : `${file} ${bytes < promised ? '不完整' : '太长'}：应有 ${count(promised)} 字节，实有 ${count(bytes)} 字节。`,
    size: ({ file }) => `${file} 太大，这个页面装不下。`,
    damaged: ({ file }) => `${file} 已损坏，解压不了。`,
    unreadable: ({ file }) => `${file} 读不了：它是一个文件夹，或者刚刚被移走了。`,
    twice: ({ file, other, holds: kind }) =>
      `${file} 和 ${other} 都是同一套的${holds[kind]}：请在文件名里写明 train 或 test。`,
    alone: ({ file, missing }) => `缺少与 ${file} 配套的${holds[missing]}。`,
    counts: ({ images, labels }) =>
      `${images.file} 有 ${count(images.count)} 幅图像，${labels.file} 却有 ${count(labels.count)} 个标签。`,
    sizes: ({ train, test }) => `学习用的图像是 ${size(train)}，测试用的却是 ${size(test)}。`,
    row: ({ file, row }) => `${file} 的第 ${count(row)} 行不是一个标签加上一幅方形图像的像素（0 到 255）。`,
    unlabelled: ({ file }) => `${file} 不在以标签命名的文件夹里，例如 7。`,
    few: () => '图像太少：学习和测试至少各要一幅。',
    other: '这些文件用不了。',
  },
  taken: {
    label: '你的前几幅图像',
    from: (count, size) => `${count} 幅图像，原为 ${size}，已像手写那样缩放到 28\u00a0×\u00a028。`,
    classes: (classes) => `共 ${classes} 类，从 0 到 ${classes - 1}。`,
    turned: 'EMNIST 的文件把图像横着放，这里已经转正。',
    upright: '它们是正着的吗？',
    turn: '转过来',
    turnBack: '转回去',
    size,
  },
  network: {
    heading: '网络',
    preset: '预设',
    presets: { dense: '全连接（教程）', lenet: 'LeNet', convnet: '卷积网络' },
    own: '你自己的',
    edit: '修改',
    goIn: '点一下，进到里面看',
    total: (params) => `共 ${count(params)} 个参数`,
    input: '图像',
    varied: '略加变化',
    params: (params) => `${count(params)} 个权重`,
    layers: {
      Flatten: '展平',
      Reshape: '变形',
      Dense: '全连接',
      Conv2D: '卷积',
      MaxPooling2D: '最大池化',
      AveragePooling2D: '平均池化',
      GlobalAveragePooling2D: '全局平均池化',
      BatchNormalization: '批归一化',
      Dropout: '随机失活',
      Activation: '激活',
    },
    explain: {
      varied: '训练时，每个数字都会略微旋转、拉伸、移动，每次都不一样',
      input: '一幅画：28 行，每行 28 个 0 到 1 的灰度',
      Flatten: '把图像的各行首尾相接',
      Reshape: '给图像添一个通道轴，卷积需要它',
      Dense: '每个输出都是全部输入的加权和',
      Conv2D: '小小的卷积核在图上滑动，吻合处有回应',
      MaxPooling2D: '每个小方格里只留最强的回应',
      AveragePooling2D: '每个小方格里只留平均的回应',
      GlobalAveragePooling2D: '每张特征图只留一个数：它的平均',
      BatchNormalization: '把每个值平移、缩放，让它在一个批次里平均为 0、幅度为 1，再乘上、加上学来的两个数',
      Dropout: '训练时随机关掉一些输入，免得过分依赖谁',
      Activation: '用一个函数弯折每个值',
    },
    tiles: (shown, all) => `${all} 个单元${shown === all ? '' : `中的 ${shown} 个`}：各自在找什么`,
    filters: (shown, all) =>
      `${all} 个卷积核${shown === all ? '' : `中的 ${shown} 个`}，画的是作用于第一个输入的部分`,
    mapsOf: (shown, all) => `${all} 个卷积核${shown === all ? '' : `中的 ${shown} 个`}在板上的字里找到了什么`,
    columns: '每个数字一行：哪些输入支持它，哪些反对',
    sign: '绿色支持，橙色反对',
    lit: (lit, all) => `${all} 个中亮起 ${lit} 个`,
    litTip: '板上的字把它点亮：回应越强颜色越浓，沉默的变淡',
  },
  settings: {
    heading: '设置',
    learningRate: '学习率',
    batchSize: '批大小',
    momentum: '动量',
    adjusted: (times) =>
      `训练途中改了 ${times} 次。地址里记着何时改了什么：打开链接，重来一遍，每一位都相同。`,
    epochs: '轮数',
    optimizer: '优化器',
    seed: '种子',
    optimizers: { adam: 'Adam', sgd: 'SGD', momentum: '带动量的 SGD' },
    tips: {
      learningRate: '每一步把权重挪多远。训练途中改动，从下一步起生效',
      falls: (left) => `用这个预设时，它会一步步降到原来的 ${hundredths(left, 0)} %`,
      batchSize: '每走一步之前看多少个数字。训练途中改动，从下一步起生效',
      momentum: '每一步保留上一步的多少。训练途中改动，从下一步起生效',
      epochs: '把全部训练数字学几遍，从下一次开始算',
      optimizer: '由梯度决定怎么走的规则',
      seed: '同一个种子，在任何机器上都长出同样的权重',
      dice: '换一个种子',
    },
    refused: {
      number: (said) => `“${said}”不是数`,
      whole: (said) => `${said} 不是整数`,
      range: (said, min, max) => `${said} 不在 ${min} 到 ${max} 之间`,
      stays: (value) => `仍用 ${value}`,
    },
  },
  machine: {
    mode: '运算',
    exact: '精确',
    fast: '快速',
    threads: '线程',
    tips: {
      mode: '精确：同一个种子，在任何机器上每一位都相同。快速：浏览器能合并运算时放弃这一点。更改后页面重新开始',
      threads: '用几个核心来算；结果不变。更改后页面重新开始',
    },
    notes: {
      alone: '这个页面只能用一个线程：服务器没有把它隔离开',
      fewer: '有些线程没能启动',
      exact: '这个浏览器没有快速模式',
    },
  },
  mistakes: {
    heading: '它认错了哪些',
    before: '第一次测验之后，认错的数字会摆在这里。',
    shown: (shown, all) =>
      shown === all ? `全部 ${count(all)} 个错误` : `${count(all)} 个错误中的前 ${count(shown)} 个`,
    cell: (label, guess, n) =>
      label === guess ? `${count(n)} 个 ${label}，认对了` : `${count(n)} 个 ${label}，认成了 ${guess}`,
    none: '一个也没有。',
    all: '看全部错误',
    more: '再看一些',
    hint: '点一个，仔细看看',
    list: '认错的数字',
  },
  opened: {
    heading: (index) => `第 ${count(index)} 个测试数字`,
    truth: '其实是',
    read: '认成',
    lay: '放到手写板上',
    why: '问为什么',
    close: '关闭',
  },
  confusion: {
    heading: '把什么认成什么',
    label: '混淆矩阵：行是真数字，列是读出的数字',
    truth: '其实是',
    read: '认成',
    recall: '认对',
    most: (shown, all) => `${all} 类中错得最多的 ${shown} 类`,
  },
  ideas: {
    heading: '如果……',
    lead: '每个实验都从默认设置开始，与之前那次训练放在一起看。',
    list: [
      {
        title: '步子太大呢？',
        text: '学习率 1：看损失会怎样，里面的单元又会怎样。',
        try: { learningRate: 1 },
      },
      { title: '步子太小呢？', text: '学习率 0.00001：学是学，就是慢。', try: { learningRate: 0.00001 } },
      { title: '一次只看一个数字呢？', text: '批大小 1：曲线抖得厉害，也慢。', try: { batchSize: 1 } },
      { title: '改用卷积核来看呢？', text: 'LeNet 的权重少得多，错得也更少。', try: { preset: 'lenet' } },
    ],
    go: '试一试',
  },
  data: {
    heading: '数字从哪里来',
    drop: '把 IDX 文件拖到这里，或页面任何地方',
    dropNow: '松手，就用这些文件训练',
    explain:
      'MNIST 的四个文件，或同样格式的数据（Fashion、Kuzushiji、EMNIST）：学习用和测试用的图像与标签，压缩与否都行。别的尺寸会缩放到 28 × 28。也可以是表格（CSV：先标签，后像素），或按标签分文件夹放的图片。',
    choose: '选择文件',
    folder: '选择文件夹',
    mnist: '用 MNIST',
    styles: '用 MNIST 加各种写法',
    stylesTip:
      'MNIST 出自美国人的手。在那六万个数字旁边，再放上本页按别处写法写的两万个：带横的 7、带钩的 9、有长起笔的 1。手画的数字会读得准得多',
    generated: '用本页自己写的数字',
    stays: '文件只在这里读取，不会发往别处。',
  },
  foot: {
    made: '由 mapling 制作：用 Rust 写的张量、梯度与层，编译成 WebAssembly，接口与 Keras 相仿。',
    source: '源代码',
    documentation: '文档',
    npm: 'npm',
    licences: '许可',
    mnist:
      'MNIST：Yann LeCun、Corinna Cortes 与 Christopher J. C. Burges 整理，扫描件来自 NIST；以 CC BY-SA 3.0 许可发布。',
    parts: '另含 Preact、uPlot、Papa Parse 与由 IBM Plex Sans 精简而来的字体。',
  },
};
