/** The comments of the programs, in Chinese. */
export const comments: Record<string, string> = {
  'The page trains on digits in many hands’ styles besides.': '本页还用了许多人写法的数字来训练。',
  'The page trains on digits that it drew itself; here it is MNIST.':
    '本页用自己写的数字来训练；这里用 MNIST。',
  'The page trains on your own files; here it is MNIST.': '本页用你自己的文件来训练；这里用 MNIST。',
  'Your own files, if they are named so.': '你自己的文件，如果叫这些名字。',
  "MNIST's four files, packed, lie in this folder.": 'MNIST 的四个压缩文件放在这个文件夹里。',
  "MNIST's four files, packed, lie in this folder; digits in many hands' styles stand beside them.":
    'MNIST 的四个压缩文件放在这个文件夹里；旁边还有许多人写法的数字。',
  'Your files: `files` are those of <input type="file" multiple>.':
    '你的文件：`files` 取自 <input type="file" multiple>。',
  'TensorFlow.js varies no pictures by itself, as the page does: it learns a little less well.':
    'TensorFlow.js 不像本页那样自己变换图片：学得会略差一点。',
  'Classes after the ten digits were taught on the page; these data have none of them.':
    '十个数字之外的类是在本页教的，这些数据里没有。',
};
