// Makes a style sheet: `node style.mjs <folder with node_modules> <scss> <css>`. What the browsers below don't know yet is
// put in terms that they do, as cargo-leptos puts it for development.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, scss, css] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const browserslist = require('browserslist');
const sass = require('sass');
const { browserslistToTargets, transform } = require('lightningcss-wasm');

// As `browserquery` in Cargo.toml.
const targets = browserslistToTargets(browserslist('defaults'));
const code = Buffer.from(sass.compile(scss).css);
writeFileSync(css, transform({ filename: scss, code, targets, minify: true }).code);
