// Complex tensors, Fourier transforms beside NumPy's, windows and short-time spectra beside SciPy's.
import { readFileSync } from 'node:fs';
import { assert, mapling, test } from './mapling.mjs';

const { complex, fft, grad, gradCheck, ifft, imag, irfft, real, rfft, signal, spectral, tensor } = mapling;
const oracle = JSON.parse(readFileSync(new URL('./oracle/spectral.json', import.meta.url), 'utf8'));

/** Compares values within 1e-6 of the greatest. */
function near(what, got, want) {
  assert.equal(got.length, want.length, `${what}: how many there are`);
  const scale = want.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const wrong = want.findIndex((value, at) => !(Math.abs(got[at] - value) <= 1e-6 * scale));
  assert.ok(wrong < 0, `${what}[${wrong}]: ${got[wrong]}, expected ${want[wrong]}`);
}

/** The complex tensor of real and imaginary parts by turns. */
const complexOf = (values, shape) =>
  complex(
    tensor(
      values.filter((_, at) => at % 2 === 0),
      shape,
    ),
    tensor(
      values.filter((_, at) => at % 2 === 1),
      shape,
    ),
  );

for (const { shape, x, ...want } of oracle.transforms) {
  test(`transforms of [${shape}]: error ≤ 1e-6 of the greatest value beside NumPy`, () => {
    const z = complexOf(x, shape);
    const re = real(z);
    assert.deepEqual([z.shape, z.dtype, z.size], [shape, 'complex64', x.length / 2]);
    assert.deepEqual([...z.dataSync()], x);
    for (const [name, got] of Object.entries({
      fft: [fft(z), spectral.fft(z), z.fft()],
      ifft: [ifft(z), spectral.ifft(z), z.ifft()],
      rfft: [rfft(re), spectral.rfft(re), re.rfft()],
      rfft5: [rfft(re, 5)],
      rfft12: [rfft(re, 12)],
      irfft: [irfft(z), spectral.irfft(z), z.irfft()],
    }))
      for (const one of got) near(name, one.dataSync(), want[name]);
    assert.deepEqual(fft(z).shape, shape);
    assert.deepEqual(rfft(re).shape, [...shape.slice(0, -1), Math.floor(shape.at(-1) / 2) + 1]);
    const back = Math.max(1, 2 * (shape.at(-1) - 1));
    // As in TensorFlow.js, of one row a matrix comes back.
    assert.deepEqual(irfft(z).shape, shape.length === 1 ? [1, back] : [...shape.slice(0, -1), back]);
    near('there and back', ifft(fft(z)).dataSync(), x);
  });
}

test('long rows of prime and of even length: error ≤ 1e-6 of the greatest value beside the sum itself', () => {
  for (const n of [1021, 4096, 10007]) {
    const x = Float32Array.from({ length: n }, (_, at) => ((at * 37) % 19) - 9);
    const y = rfft(tensor(x)).dataSync();
    let [scale, off] = [0, 0];
    for (const value of y) scale = Math.max(scale, Math.abs(value));
    for (const k of [0, 1, 17, n >> 2, n >> 1]) {
      let [re, im] = [0, 0];
      for (let j = 0; j < n; j++) {
        const angle = (-2 * Math.PI * ((j * k) % n)) / n;
        re += x[j] * Math.cos(angle);
        im += x[j] * Math.sin(angle);
      }
      off = Math.max(off, Math.abs(y[2 * k] - re), Math.abs(y[2 * k + 1] - im));
    }
    assert.ok(off <= 1e-6 * scale, `${n}: off by ${off} of ${scale}`);
  }
});

test('the bits of a transform are those of native builds', () => {
  let hash = 0xcbf29ce484222325n;
  for (const n of [31, 64, 100]) {
    const part = (step, length, middle) =>
      Array.from({ length: n }, (_, at) => ((step * at) % length) - middle);
    const bits = new Uint32Array(fft(complex(part(37, 19, 9), part(11, 7, 3))).dataSync().buffer);
    for (const word of bits) hash = BigInt.asUintN(64, (hash ^ BigInt(word)) * 0x100000001b3n);
  }
  // src/kernels/tests/fourier.rs has the same number.
  assert.equal(hash, 0x120853eb351563b9n);
});

test('gradients flow through transforms, twice', () => {
  const weights = (length) =>
    tensor(Float32Array.from({ length }, (_, at) => Math.fround(((at * 7) % 5) / 3 - 0.6)));
  /** What is made of real and imaginary parts. */
  const parts = (z) => {
    const both = mapling.concat([real(z).flatten(), imag(z).flatten()]);
    return both.square().mul(weights(both.size)).sum();
  };
  for (const [name, f] of Object.entries({
    rfft: (x) => parts(rfft(x)),
    'rfft, cut': (x) => parts(rfft(x, 3)),
    'rfft, filled up': (x) => parts(rfft(x, 9)),
    irfft: (x) => irfft(complex(x, x.square())).square().mul(weights(8)).sum(),
    'fft and ifft': (x) => parts(ifft(fft(complex(x, x.square())).mul(complex(x, x)))),
    abs: (x) => rfft(x).abs().square().sum().add(rfft(x).abs().sum()),
  })) {
    const x = tensor([0.9, -0.4, 1.3, 0.2, -1.1]);
    const first = gradCheck(f, x);
    assert.ok(first.ok, `${name}: ${first.maxDifference}`);
    const second = gradCheck((x) => grad(f)(x).mul(weights(5)).sum(), x, { tolerance: 0.02 });
    assert.ok(second.ok, `${name}, second: ${second.maxDifference}`);
  }
});

test('the length of a complex 0 has the slope 0, not NaN', () => {
  const f = (x) => complex(x, x.mul(2)).abs().sum();
  near('slope', grad(f)(tensor([0, 1, -1])).dataSync(), [0, Math.sqrt(5), -Math.sqrt(5)]);
});

test('complex tensors are added, multiplied, moved about, printed and read', () => {
  const a = complex([1, 2, 3], [0, 1, -1]);
  const b = complex([[2], [0]], [[1], [1]]);
  const values = (x) => [...x.dataSync()];
  assert.deepEqual(
    [values(real(a)), values(imag(a))],
    [
      [1, 2, 3],
      [0, 1, -1],
    ],
  );
  assert.deepEqual(values(a.add(1)), [2, 0, 3, 1, 4, -1]);
  assert.deepEqual(values(mapling.sub(tensor([1, 1, 1]), a)), [0, 0, -1, -1, -2, 1]);
  assert.deepEqual(
    [a.mul(b).shape, values(a.mul(b))],
    [
      [2, 3],
      [2, 1, 3, 4, 7, 1, 0, 1, -1, 2, 1, 3],
    ],
  );
  assert.deepEqual(values(mapling.abs(complex([3, 0], [-4, 0]))), [5, 0]);
  assert.deepEqual(values(mapling.concat([a, a.slice(1, 1)])), [1, 0, 2, 1, 3, -1, 2, 1]);
  assert.deepEqual(values(mapling.stack([a, a]).transpose()), [1, 0, 1, 0, 2, 1, 2, 1, 3, -1, 3, -1]);
  assert.deepEqual(values(a.reverse().gather(tensor([0, 0], [2], 'int32'))), [3, -1, 3, -1]);
  assert.deepEqual(values(a.reshape([3, 1]).unstack()[1]), [2, 1]);
  assert.deepEqual(a.reshape([1, 3]).arraySync(), [[1, 0, 2, 1, 3, -1]]);
  assert.deepEqual(
    [values(mapling.onesLike(b)), values(mapling.zerosLike(b))],
    [
      [1, 0, 1, 0],
      [0, 0, 0, 0],
    ],
  );
  assert.deepEqual(values(a.cast('float32')), [1, 2, 3]);
  assert.deepEqual(values(tensor([1, 2], [2], 'int32').cast('complex64')), [1, 0, 2, 0]);
  assert.equal(a.toString(), 'Tensor\n    [1 + 0j, 2 + 1j, 3 + -1j]');
  assert.equal(complex(1, 2).toString(), 'Tensor\n    1 + 2j');
  // The values survive the scope that they are made in, and the end of the tensor that they are shared with.
  const kept = mapling.tidy(() => fft(complex([1, 2], [3, 4])));
  const again = kept.reshape([2, 1]);
  kept.dispose();
  assert.deepEqual(values(again), [3, 7, -1, -1]);
});

test('what does not take complex numbers says so by its name', () => {
  const z = complex([1, 2], [3, 4]);
  for (const [name, call] of Object.entries({
    sum: () => z.sum(),
    neg: () => mapling.neg(z),
    matMul: () => mapling.matMul(z.reshape([1, 2]), z.reshape([2, 1])),
    div: () => z.div(z),
    pad: () => mapling.pad(z, [[1, 1]]),
    equal: () => mapling.equal(z, z),
    variable: () => mapling.variable(z),
    toPixels: () => mapling.image.resizeBilinear(z.reshape([1, 2, 1]), [1, 1]),
  }))
    assert.throws(call, { code: 'type', message: /complex64/ }, name);
  assert.throws(() => fft(tensor([1])), {
    message: /^fft: expected complex64, got float32; complex\(real, imag\)/,
  });
  assert.throws(() => rfft(z), { message: 'rfft: expected float32, got complex64' });
  assert.throws(() => rfft(tensor([])), {
    code: 'shape',
    message: /^rfft: expected rows of at least one value/,
  });
  assert.throws(() => complex([1], [1, 2]), { code: 'shape', message: /^complex: the real part is \[1\]/ });
  assert.throws(() => complex(mapling.ones([1, 1, 1, 1, 1, 1]), mapling.ones([1, 1, 1, 1, 1, 1])), {
    code: 'shape',
  });
  assert.throws(() => mapling.zeros([2], 'complex64'), { message: /unknown dtype "complex64"/ });
});

test('windows are those of SciPy', () => {
  for (const { length, hann, hamming } of oracle.windows) {
    near(`hann ${length}`, signal.hannWindow(length).dataSync(), hann);
    near(`hamming ${length}`, signal.hammingWindow(length).dataSync(), hamming);
    near(`cosine ${length}`, mapling.cosineWindow(length, 0.5, 0.5).dataSync(), hann);
  }
  assert.deepEqual([1, 2, 3, 4, 5, 1000].map(mapling.enclosingPowerOfTwo), [1, 2, 4, 4, 8, 1024]);
});

test('frames and short-time spectra', () => {
  for (const { x, length, step, points, out } of oracle.spectra) {
    near('stft', signal.stft(tensor(x), length, step, points).dataSync(), out);
  }
  const x = tensor([1, 2, 3, 4, 5], [5], 'int32');
  assert.deepEqual(signal.frame(x, 3, 2).arraySync(), [
    [1, 2, 3],
    [3, 4, 5],
  ]);
  assert.deepEqual(signal.frame(x, 3, 2, true, 9).arraySync(), [
    [1, 2, 3],
    [3, 4, 5],
    [5, 9, 9],
  ]);
  assert.deepEqual([signal.frame(x, 9, 2).shape, signal.frame(x, 3, 2).dtype], [[0, 9], 'int32']);
  const tall = signal.stft(mapling.ones([6]), 3, 3, null, (length) => mapling.ones([length]));
  near('ones', tall.dataSync(), [3, 0, 0, -1, 1, 0, 3, 0, 0, -1, 1, 0]);
  const level = (x) => signal.stft(x, 4, 2).abs().sum();
  assert.ok(gradCheck(level, tensor([0.4, -1, 0.3, 0.9, 1.2, -0.7])).ok);
});
