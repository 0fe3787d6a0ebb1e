import '../../style/lesson-exhibit.css';
import '../../style/lesson-sequences.css';
import { Opinions } from './Opinions';
import { Reader } from './Reader';

export function SequenceLab() {
  return (
    <div class="exhibits">
      <Reader />
      <Opinions />
    </div>
  );
}
