import { useRef } from 'preact/hooks';
import { FileInput } from '../parts/FileInput';
import { network } from '../state/session';
import { photoRefused, takePhoto } from './photo';
import { yoursWords } from './words';

/** A digit on paper, from the camera of a phone or from a file. */
export function Photo() {
  const text = yoursWords.value.photo;
  const [file, camera] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const why = photoRefused.value;
  const take = ([photo]: File[]) => void takePhoto(photo);
  return (
    <section class="photo" aria-labelledby="photo-heading">
      <h3 id="photo-heading">{text.heading}</h3>
      <p class="lead">{text.lead}</p>
      <div class="row">
        <button type="button" disabled={!network.value} onClick={() => camera.current?.click()}>
          {text.camera}
        </button>
        <button type="button" disabled={!network.value} onClick={() => file.current?.click()}>
          {text.file}
        </button>
      </div>
      <FileInput
        at={camera}
        more={{ accept: 'image/*', capture: 'environment' }}
        part="photo-camera"
        onFiles={take}
      />
      <FileInput at={file} more={{ accept: 'image/*' }} part="photo-file" onFiles={take} />
      {why && (
        <p class="wrong" role="alert" data-part="photo-refused" data-value={why}>
          {text[why]}
        </p>
      )}
    </section>
  );
}
