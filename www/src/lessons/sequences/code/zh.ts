/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'MNIST: keras.datasets.mnist.load_data(). Here, so that nothing need be fetched, each class is a column that is brighter.':
    '要用 MNIST：keras.datasets.mnist.load_data()。这里不必下载：每一类就是更亮的一列。',
  "Digits that mapling writes itself; datasets.mnist() has people's.":
    'mapling 自己写的数字；datasets.mnist() 里是人写的。',
  'a sequence of 28 rows with 28 numbers each': '28 行的序列，每行 28 个数',
  'A picture is a sequence of 28 rows with 28 numbers each.': '一张图就是 28 行的序列，每行 28 个数。',
  'the answer is the same after each row': '读完哪一行，答案都一样',
  'The answer is the same after each row: [digits, 28].': '读完哪一行，答案都一样：[数字, 28]。',
  '[digits, 28]': '[数字, 28]',
  'after each row': '每读完一行',
};
