// Runs a program of the tests on the CPython of Pyodide: another version, on 32 bits, in WebAssembly.
//
//   node tests/guarantees/another_python.mjs FOLDER PROGRAM [ARGUMENT ...]
//
// FOLDER is made once, anywhere outside the repository:
//
//   npm install --prefix FOLDER pyodide
//   pip install --target FOLDER/site --only-binary=:all: --platform any --python-version 3.14 \
//     --implementation py --abi none sqlalchemy attrs cattrs pluggy transitions click tzdata
//   pip install --target FOLDER/site --no-deps . plugins/*

import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, program, ...args] = process.argv.slice(2);
const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const made = pathToFileURL(join(folder, "node_modules/pyodide/pyodide.mjs"));
const { loadPyodide } = await import(made);
const { PYTHONHASHSEED, TZ, PARTIZIPATION_PLUGINS } = process.env;
const env = { PYTHONHASHSEED, TZ, PARTIZIPATION_PLUGINS, HOME: "/home" };
const python = await loadPyodide({
  env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
});
for (const place of [root, resolve(folder, "site")]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: place }, place);
}
const sources = readdirSync(join(root, "plugins")).map((name) => `${root}/plugins/${name}/src`);
const paths = [`${root}/src`, ...sources, resolve(folder, "site")];
python.globals.set("given", python.toPy([paths, resolve(program), args]));
process.exitCode = python.runPython(`
import runpy, sys
paths, program, arguments = given
sys.path[:0] = paths
sys.argv = [program, *arguments]
code = 0
try:
    runpy.run_path(program, run_name="__main__")
except SystemExit as end:
    code = end.code or 0
code
`);
