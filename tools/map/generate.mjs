// Packs MapLibre GL JS, as it is published, into internal/web/locator/map: the
// module, its worker, and its licence.
//
//   npm ci && npm run generate     writes the files
//   npm ci && npm run check        exits 1 when a file is not what the package says
//
// MapLibre GL JS (https://maplibre.org, licence BSD-3-Clause) is not changed. A page
// under a strict policy can use it: its worker is a file of its own, and nothing is
// evaluated.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'

const source = (name) => readFileSync(new URL(`node_modules/maplibre-gl/${name}`, import.meta.url))
const target = (name) => fileURLToPath(new URL(`../../internal/web/locator/map/${name}`, import.meta.url))
const files = [
  ['dist/maplibre-gl.mjs', 'maplibre-gl.mjs.gz', true],
  ['dist/maplibre-gl-worker.mjs', 'maplibre-gl-worker.mjs.gz', true],
  ['LICENSE.txt', 'LICENSE.txt', false],
]
// The maps from source to module are not served: a browser would ask for them in vain.
const plain = (name, packed) => {
  const text = source(name)
  return packed ? Buffer.from(text.toString().replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')) : text
}

if (process.argv.includes('--check')) {
  for (const [from, to, packed] of files) {
    const now = readFileSync(target(to))
    if (!plain(from, packed).equals(packed ? gunzipSync(now) : now)) {
      console.error(`map: ${to} is not what the package says; run 'npm run generate' in tools/map`)
      process.exitCode = 1
    }
  }
} else {
  mkdirSync(target(''), { recursive: true })
  for (const [from, to, packed] of files) writeFileSync(target(to), packed ? gzipSync(plain(from, true), { level: 9 }) : plain(from, false))
}
