import '../../style/lesson-lab.css';
import '../../style/lesson-sequences.css';
import { Opinions } from './Opinions';
import { Reader } from './Reader';

export function SequenceLab() {
  return (
    <div class="labs">
      <Reader />
      <Opinions />
    </div>
  );
}
