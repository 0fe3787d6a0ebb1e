export const en = {
  heading: 'Share your result',
  title: 'A network that I trained in my browser',
  accuracy: (share: string) => `It reads ${share} of digits that it has never seen.`,
  untested: 'It has not been tested yet.',
  read: (digit: string, sure: string) => `My drawing: ${digit}, ${sure} sure`,
  testRead: (digit: string, sure: string) => `A test digit: ${digit}, ${sure} sure`,
  several: (digits: string) => `My drawing: ${digits}`,
  none: 'My drawing: no digit it knows',
  draw: 'Draw a digit, too',
  of: (total: string) => `of ${total} digits that it had never seen, read right`,
  epochs: (epochs: string) => `after ${epochs} ${epochs === '1' ? 'epoch' : 'epochs'}`,
  link: 'This link trains it again, to the same bits',
  linkWithout:
    'This link trains a network with these settings. What was taught, trained on after its epochs, or brought from elsewhere, does not stand in it',
  share: 'Share…',
  download: 'Download the card',
  copy: 'Copy the link',
  copied: 'The link is copied.',
  copyByHand: 'The browser does not let this page copy: the link is marked, copy it by hand.',
  downloaded: 'The card is among your downloads.',
  failed: 'The browser could not share it. Download the card instead.',
  close: 'Close',
};

export type ShareWords = typeof en;
