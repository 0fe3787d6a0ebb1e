// A process of Node with one library in it; `benches/hosts.mjs` talks to it.
const [, , subject, options] = process.argv;
const { create } = await import(`./${subject}.mjs`);
const library = await create(JSON.parse(options));

process.on('message', async ([method, ...args]) => {
  try {
    process.send({ value: await library[method](...args) });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.send({ value: 'ready' });
