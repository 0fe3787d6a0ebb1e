import { tensor } from 'mapling';

export function LineLab() {
  return <p data-part="line-lab">{tensor([1, 2]).sum().dataSync()[0]}</p>;
}
