import { useRef } from 'preact/hooks';
import { network } from '../state/session';
import { photoRefused, takePhoto } from './photo';
import { yoursWords } from './words';

/** A digit on paper, from the camera of a phone or from a file. */
export function Photo() {
  const text = yoursWords.value.photo;
  const [file, camera] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const why = photoRefused.value;
  const take = (event: { currentTarget: HTMLInputElement }) => {
    void takePhoto(event.currentTarget.files?.[0]);
    event.currentTarget.value = '';
  };
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
      {([camera, file] as const).map((input) => (
        <input
          key={input === camera}
          ref={input}
          type="file"
          accept="image/*"
          {...(input === camera ? { capture: 'environment' } : {})}
          class="for-ears"
          tabIndex={-1}
          aria-label={input === camera ? text.camera : text.file}
          data-part={input === camera ? 'photo-camera' : 'photo-file'}
          onChange={take}
        />
      ))}
      {why && (
        <p class="wrong" role="alert" data-part="photo-refused" data-value={why}>
          {text[why]}
        </p>
      )}
    </section>
  );
}
