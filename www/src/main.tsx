import { render } from 'preact';
import { App } from './app';
import { open } from './state/open';
import './style/tokens.css';
import './style/base.css';
import './style/header.css';
import './style/bench.css';
import './style/read.css';
import './style/training.css';
import './style/tiles.css';
import './style/deck.css';
import { wordsCame } from './words';

void open();
void wordsCame.then(() => {
  // What stands there is for the case that nothing could start.
  document.body.replaceChildren();
  render(<App />, document.body);
});
