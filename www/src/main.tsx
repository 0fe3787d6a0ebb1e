import { render } from 'preact';
import { App } from './app';
import { open } from './state/training';
import './style/tokens.css';
import './style/base.css';
import './style/bench.css';
import './style/read.css';
import './style/training.css';
import './style/network.css';
import './style/below.css';
import { wordsCame } from './words';

void open();
void wordsCame.then(() => render(<App />, document.body));
