// Puts a brotli-compressed `.br` beside each file of the folder named, as cargo-leptos does with the rest of the UI.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const folder = process.argv[2];
for (const name of readdirSync(folder).filter((name) => !name.endsWith('.br'))) {
  const file = path.join(folder, name);
  writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
}
