/** What is the visitor's own: their digits, their network as code and as files, a photo of their hand. */
import '../style/yours.css';
import { Code } from './Code';
import { Gallery } from './Gallery';
import { Models } from './Models';
import { Photo } from './Photo';
import { yoursWords } from './words';

export { Teach } from './Teach';

export function Yours() {
  const text = yoursWords.value;
  return (
    <div class="yours" data-part="yours">
      <h2>{text.heading}</h2>
      <div class="yours-parts">
        <Gallery />
        <Photo />
        <Models />
      </div>
      <Code />
    </div>
  );
}
