// Bundles the editor, and beside it the licences of all that is in the bundle.
import { build } from 'esbuild';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const target = new URL('../../Platz.Web/wwwroot/lib/', import.meta.url).pathname;
const result = await build({
  entryPoints: ['editor.js'], outfile: `${target}yaml-editor.js`, bundle: true, minify: true, format: 'esm',
  target: 'es2022', legalComments: 'none', metafile: true,
  banner: { js: '/* CodeMirror, MIT licence: see yaml-editor.licences.txt. Built by scripts/yaml-editor. */' },
});

const packages = new Set(Object.keys(result.metafile.inputs).flatMap(path => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []));
const licences = [...packages].sort().map(name => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  if (!existsSync(`${folder}/LICENSE`)) {
    throw new Error(`${name} has no LICENSE file`);
  }

  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/LICENSE`, 'utf8').trim()}\n`;
});
writeFileSync(`${target}yaml-editor.licences.txt`, licences.join(`\n${'-'.repeat(80)}\n\n`));
