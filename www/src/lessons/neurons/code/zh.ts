/** The comments of the two programs, in Chinese. */
export const comments: Record<string, string> = {
  'Two hidden layers learn to tell a heap of points from the ring around it.':
    '两个隐藏层，学着分清一团点和围着它的一圈点。',
};
