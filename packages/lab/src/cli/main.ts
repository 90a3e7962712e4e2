/**
 * The entry of the command `posenc`. Looks at Node's version before anything that needs a new one is loaded.
 */
const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `error: posenc needs Node ${OLDEST_NODE} or later, this is Node ${process.versions.node}; ` +
      'the package brings its own: start it with npx posenc, or with npm run\n',
  );
  process.exitCode = 2;
} else {
  const { main } = await import('./run-cli.ts');
  const { processIo } = await import('./io.ts');
  process.exitCode = await main(process.argv.slice(2), processIo(process));
}
