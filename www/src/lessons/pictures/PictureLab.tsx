import '../../style/lesson-exhibit.css';
import '../../style/lesson-pictures.css';
import { Filters } from './Filters';
import { Pooling } from './Pooling';
import { Search } from './Search';
import { Slide } from './Slide';

export function PictureLab() {
  return (
    <div class="exhibits">
      <Slide />
      <Search />
      <Pooling />
      <Filters />
    </div>
  );
}
