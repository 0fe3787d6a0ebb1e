import { count } from '../../format';
import { comments } from '../code/zh';
import type { YoursWords } from './en';

const seconds = (milliseconds: number): string => (Math.max(50, milliseconds) / 1000).toFixed(1);

/** 属于你的部分：你写的数字、你教的类、可以带走的网络。 */
export const zh: YoursWords = {
  heading: '属于你的',
  teach: {
    which: '其实是……',
    other: '别的东西……',
    learning: (name, likes) => `正在学 ${name}：类似的写法已认对 ${likes}\u00a0%……`,
    learned: (name, milliseconds) => `用 ${seconds(milliseconds)} 秒学会了 ${name}。`,
    notYet: (name) => `还差一点：它还没认成 ${name}。再教一次。`,
    likes: (before, now) => `类似的写法：原来认对 ${before}\u00a0%，现在 ${now}\u00a0%。`,
    accuracy: (before, now) =>
      before === null
        ? `测试准确率：${now}\u00a0%。`
        : `测试准确率：原来 ${before}\u00a0%，现在 ${now}\u00a0%。`,
    failed: (detail) => `这个教不了，什么都没有变。（${detail}）`,
    name: '新的一类。叫什么：',
    example: '爱心',
    collect: (name, few, enough) =>
      `把${name ? `“${name}”` : '它'}画上至少 ${few} 遍，${enough} 遍更好，每遍略有不同，每画完一个就加进来。`,
    drawings: (now, enough) => `已有 ${now} 个，共需 ${enough} 个`,
    add: (number) => `加入第 ${number} 个`,
    more: (number) => `还差 ${number} 个才能教`,
    teachIt: '开始教',
    cancel: '取消',
  },
  gallery: {
    heading: '你写的数字',
    none: '写一个数字，再告诉它认得对不对：这些字会留在这里，只在这台设备上，单独计分。',
    score: (right, total) => `${count(total)} 个里，写的时候就认对的有 ${count(right)} 个。`,
    kept: '它们只留在这个浏览器里，不算进测试准确率。',
    read: (label) => `${label}，认对了`,
    misread: (label, guess) => `${label}，认成了 ${guess}`,
    remove: (label) => `去掉这个 ${label}`,
    mine: '下一次训练也用我写的',
    idx: '存为 IDX',
    json: '存为 JSON',
    forget: '全部忘掉',
    refused: '这个浏览器不让保存，或者已经存满：关掉标签页，这些字就没了。',
  },
  photo: {
    heading: '纸上的数字',
    lead: '用比纸深的笔写一个大大的数字。页面会把它剪出来，变成亮字暗底，照网络看到的样子放到手写板上。',
    camera: '拍一张',
    file: '选一张图片',
    picture: '浏览器打不开这个文件。需要一张照片（JPEG、PNG 或 WebP），上面写着一个数字。',
    ink: '这张图里没有什么比纸更显眼。靠近些、光线亮些，只拍一个数字。',
  },
  models: {
    heading: '把网络带走',
    lead: '文件里是它到现在学会的一切。别的程序能读，本页也能收回来。',
    formats: {
      keras: 'Keras（.keras）',
      tensorflow: 'TensorFlow.js（两个文件）',
      safetensors: '权重（.safetensors）',
      checkpoint: '检查点',
    },
    tips: {
      keras: '给 keras.saving.load_model 用，连同优化器的记忆',
      tensorflow: '给 tf.loadLayersModel 用：model.json 和它的权重',
      safetensors: '只有权重，名字与 Keras 相同',
      checkpoint: '全部状态：mapling 可以从这里接着训练，一位不差',
    },
    bring: '带一个网络回来',
    taken: (name, params) => `现在用的是 ${name}，共 ${params} 个权重。画点什么试试。`,
    takes: (name, shape) =>
      `${name} 的输入是 ${shape || '好几个'}；能读这里数字的网络，输入是 28 × 28 个值。`,
    gives: (name, shape, expected) =>
      `${name} 的输出是 ${shape || '好几个'}；能读这里数字的网络，输出是 ${expected} 个概率。`,
    unreadable: (name) =>
      `${name} 里没有本页能运行的网络。需要 .keras 文件、model.json 连同权重、与当前网络相配的 .safetensors，或者检查点。`,
    lacks: (name, part) => `${name} 要用到 ${part || 'mapling 的其他部分'}，而本页没有它。`,
    failed: '没有成功。',
    stays: '其余一切照旧。',
  },
  code: {
    heading: '这个网络写成代码',
    comments,
    copy: '复制',
    copied: '已复制',
    mapling: '在网页、Node、Deno 或 Bun 里都能跑：种子相同，结果与这里一位不差。',
    keras: 'Keras 3，后端可以是 TensorFlow、JAX 或 PyTorch。同一个种子抽出的数不同，曲线会略有差别。',
    tensorflow: '在网页里跑。TensorFlow.js 没有决定数字顺序的种子，每次都会略有不同。',
  },
};
