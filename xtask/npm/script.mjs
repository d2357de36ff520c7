// Makes one small script of a module and what it imports, in its place: `node script.mjs <folder with node_modules> <js>`.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, file] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { rollup } = require('@rollup/wasm-node');
const terser = require('terser');

// What loads chunks takes the exports of the script that it is loaded by.
const onwarn = (warning) => {
  if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
};
const bundle = await rollup({ input: file, treeshake: false, onwarn });
const { output } = await bundle.generate({ format: 'es' });
const { code } = await terser.minify(output[0].code, { module: true, compress: true, mangle: true });
writeFileSync(file, code);
