/* proof.mjs - what the assistant understands, on public data, beside NLP.js and fastText in the same run.
 *
 * Trains and examines through the commands that anybody has (`beckon intents train`, `eval`), a row a claim. The test
 * files are read here and nowhere else: whatever was chosen was chosen on parts of the training files, or on the
 * validation file where there is one. Rows go to stdout for tools/bench-table: name, value, unit, target, peers, ratio
 * to the best peer. Times are processor time, so other work on the machine does not show.
 *
 * NLP.js is installed under build/peers by npm, fastText is Debian's; what cannot be installed is said and left out.
 * PEERS=0 leaves both out (they need some ten minutes). BECKON_DATA is the folder of the data sets. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readRows } from './csv.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const beckon = resolve(here, '../build/beckon');
const peersFolder = resolve(here, '../build/peers');
const scratch = mkdtempSync(join(tmpdir(), 'beckon-proof-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const say = (text) => process.stderr.write(`bench: ${text}\n`);

/* --- data and programs -------------------------------------------------------------------------- */

/* The path of a data file, in the places where bench/data.h looks; undefined if it is nowhere. */
function dataFile(name) {
    const beside = readdirSync('..').map((folder) => join('..', folder, 'data'));
    const places = [process.env.BECKON_DATA, 'data', ...beside].filter(Boolean);
    return places.map((place) => join(place, 'intents', name)).find((path) => existsSync(path));
}

/* Runs a program to its end; gives what it printed and the processor time that it took, its threads' together. */
function run(command, args) {
    const done = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" 2>"$ERRORS"', command, ...args],
                           { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, ERRORS: join(scratch, 'errors') } });
    if (done.status !== 0)
        throw new Error(`${command} ${args.join(' ')} failed; run it by hand to see why`);
    const [user, system] = done.stderr.trim().split('\n').pop().split(' ').map(Number);
    return { out: done.stdout, cpuSeconds: user + system };
}

/* Of times the least is the best. */
function printRow(claim, value, unit, target, peers = [], digits = 2) {
    const known = peers.filter(([, figure]) => figure !== undefined);
    const figures = known.map(([, figure]) => figure);
    const best = figures.length ? (unit === '%' ? Math.max(...figures) : Math.min(...figures)) : 0;
    const list = known.map(([name, figure]) => `${name} ${figure.toFixed(digits)}`).join(', ');
    console.log([claim, value.toFixed(digits), unit, target, list, best ? (value / best).toFixed(2) : ''].join('\t'));
}

function printSkipped(claim, target, why) {
    console.log([claim, `skipped: ${why}`, '', target, '', ''].join('\t'));
}

/* --- peers -------------------------------------------------------------------------------------- */

function installNlpjs() {
    if (process.env.PEERS === '0')
        return false;
    mkdirSync(peersFolder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
        copyFileSync(join(here, 'peers', file), join(peersFolder, file));
    const done = existsSync(join(peersFolder, 'node_modules/@nlpjs/basic')) ||
        spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peersFolder, stdio: ['ignore', 2, 2] }).status === 0;
    if (!done)
        say('NLP.js cannot be installed; its figures are left out');
    return done;
}

function installFasttext() {
    if (process.env.PEERS === '0')
        return false;
    const there = () => spawnSync('which', ['fasttext']).status === 0;
    if (!there())
        spawnSync('bash', ['-c', '$([ "$(id -u)" = 0 ] || echo sudo) apt-get install -y -qq --no-install-recommends fasttext'],
                  { stdio: ['ignore', 2, 2] });
    if (!there())
        say('fastText cannot be installed; its figures are left out');
    return there();
}

function nlpjs(trainPath, testPath, tuned) {
    say(`NLP.js ${tuned ? 'tuned' : 'as it comes'}: ${trainPath} ...`);
    const args = [join(here, 'peers/nlpjs.mjs'), peersFolder, trainPath, testPath, ...(tuned ? ['tuned'] : [])];
    return JSON.parse(run('node', args).out.trim().split('\n').pop());
}

/* Lower case, punctuation apart, as fastText's own examples have it. How long it learns was chosen on parts of the training files. */
function writeFasttext(rows, path) {
    const words = (text) => text.toLowerCase().replace(/([.!?,'"/()])/g, ' $1 ').replace(/\s+/g, ' ').trim();
    writeFileSync(path, rows.map(({ text, intent }) => `__label__${intent.replace(/ /g, '-')} ${words(text)}\n`).join(''));
}

function fasttext(trainPath, testPath) {
    say(`fastText: ${trainPath} ...`);
    const [train, test] = [readRows(trainPath), readRows(testPath)];
    const [trainFile, testFile, model] = ['fast.train', 'fast.test', 'fast'].map((name) => join(scratch, name));
    writeFasttext(train, trainFile);
    writeFasttext(test, testFile);
    const pace = train.length < 3000 ? ['-epoch', '300', '-lr', '1.0', '-wordNgrams', '1'] : ['-epoch', '50', '-lr', '0.5', '-wordNgrams', '2'];
    const learned = run('fasttext', ['supervised', '-input', trainFile, '-output', model, '-dim', '100', ...pace, '-minn', '2', '-maxn', '5',
                                     '-bucket', '200000', '-thread', '1', '-verbose', '0']);
    const said = run('fasttext', ['predict', `${model}.bin`, testFile]).out.trim().split('\n');
    const right = test.filter(({ intent }, i) => said[i] === `__label__${intent.replace(/ /g, '-')}`);
    const inside = test.filter(({ intent }) => intent !== 'oos');
    return {
        train_s: learned.cpuSeconds, accuracy: right.length / test.length, right: right.length,
        in_scope_accuracy: right.filter(({ intent }) => intent !== 'oos').length / inside.length,
        oos_recall: right.filter(({ intent }) => intent === 'oos').length / (test.length - inside.length || 1),
    };
}

/* --- beckon ------------------------------------------------------------------------------------- */

function learn(trainPath, ...options) {
    const model = join(scratch, 'intents.model');
    say(`beckon ${options.join(' ')}: ${trainPath} ...`);
    const done = run(beckon, ['intents', 'train', trainPath, '-o', model, '--json', ...options]);
    return { model, trainSeconds: done.cpuSeconds, ...JSON.parse(done.out) };
}

function examine(learned, testPath) {
    return JSON.parse(run(beckon, ['intents', 'eval', learned.model, testPath, '--json']).out);
}

const percent = (share) => share * 100;

/* --- rows --------------------------------------------------------------------------------------- */

/* Gives the paths, or prints rows that say that they are skipped. */
function pathsOr(names, claims) {
    const paths = names.map(dataFile);
    const missing = names.filter((name, i) => !paths[i]);
    for (const [claim, target] of missing.length ? claims : [])
        printSkipped(claim, target, `no ${missing.join(', ')}`);
    return missing.length ? undefined : paths;
}

function measureBanking(peers) {
    const claims = [['BANKING77, all examples, --best: accuracy', '>= 93 %'], ['BANKING77, all examples, as it comes: accuracy', ''],
                    ['BANKING77: calibration error, --best', '<= 0.02'], ['training on BANKING77, as it comes', '<= 3 s'],
                    ['training on BANKING77, --best', '<= 30 s'], ['text to intent, p50', ''], ['text to intent, p99', '<= 0.2 ms'],
                    ['memory of the model, as it comes; --best', '']];
    const paths = pathsOr(['banking77_train.csv', 'banking77_test.csv'], claims);
    if (!paths)
        return;
    const best = learn(paths[0], '--best'), bestFigures = examine(best, paths[1]);
    const quick = learn(paths[0]), quickFigures = examine(quick, paths[1]);
    const [plain, tuned] = peers.nlpjs ? [nlpjs(...paths, false), nlpjs(...paths, true)] : [];
    const fast = peers.fasttext ? fasttext(...paths) : undefined;
    const others = (pick) => [['NLP.js', plain && pick(plain)], ['tuned', tuned && pick(tuned)], ['fastText', fast && pick(fast)]];
    const claim = (i, ...figures) => printRow(claims[i][0], figures[0], figures[1], claims[i][1], figures[2], figures[3]);
    claim(0, percent(bestFigures.accuracy), '%', others((figures) => percent(figures.accuracy)));
    claim(1, percent(quickFigures.accuracy), '%', others((figures) => percent(figures.accuracy)));
    claim(2, bestFigures.calibration_error, '', [], 4);
    claim(3, quick.trainSeconds, 's', others((figures) => figures.train_s));
    claim(4, best.trainSeconds, 's', others((figures) => figures.train_s));
    const times = (key) => [['NLP.js', plain && plain[key] / 1e3]];
    claim(5, bestFigures.text_us_p50 / 1e3, 'ms', times('text_us_p50'), 3);
    claim(6, bestFigures.text_us_p99 / 1e3, 'ms', times('text_us_p99'), 3);
    printRow('memory of the model, as it comes', quick.bytes / 1048576, 'MB', '');
    printRow('memory of the model, --best', best.bytes / 1048576, 'MB', '');
}

function measureFewExamples(peers) {
    const claims = [['BANKING77, 10 examples an intent, --best: accuracy', '>= 78 %'],
                    ['the same with the unlabelled training texts', '>= 84 %'], ['learning with them', '']];
    const paths = pathsOr(['banking77_10shot.csv', 'banking77_test.csv', 'banking77_train.csv'], claims);
    if (!paths)
        return;
    const few = examine(learn(paths[0], '--best'), paths[1]);
    const others = [['NLP.js', peers.nlpjs && percent(nlpjs(paths[0], paths[1], false).accuracy)],
                    ['tuned', peers.nlpjs && percent(nlpjs(paths[0], paths[1], true).accuracy)],
                    ['fastText', peers.fasttext && percent(fasttext(paths[0], paths[1]).accuracy)]].filter(([, figure]) => figure);
    printRow(claims[0][0], percent(few.accuracy), '%', claims[0][1], others);
    const learned = learn(paths[0], '--best', '--unlabelled', paths[2]);
    printRow(claims[1][0], percent(examine(learned, paths[1]).accuracy), '%', claims[1][1], others);
    printRow(claims[2][0], learned.trainSeconds, 's', claims[2][1]);
}

function measureOutOfScope(peers) {
    const claims = [['CLINC150, threshold chosen on the validation file: in scope', '>= 93.5 %'],
                    ['CLINC150, the same threshold: out-of-scope recall', '>= 60 %'], ['CLINC150: calibration error', '<= 0.02'],
                    ['training on 15,000 examples (CLINC150), as it comes', '<= 3 s']];
    const paths = pathsOr(['clinc150_train.csv', 'clinc150_test.csv', 'clinc150_val.csv'], claims);
    if (!paths)
        return;
    const figures = examine(learn(paths[0], '--best', '--check', paths[2]), paths[1]);
    const quick = learn(paths[0]);
    const other = peers.nlpjs ? nlpjs(paths[0], paths[1], false) : undefined;
    const fast = peers.fasttext ? fasttext(paths[0], paths[1]) : undefined;
    const others = (key, by) => [['NLP.js', other && by(other[key])], ['fastText', fast && by(fast[key])]];
    printRow(claims[0][0], percent(figures.in_scope_accuracy), '%', claims[0][1], others('in_scope_accuracy', percent));
    printRow(claims[1][0], percent(figures.oos_recall), '%', claims[1][1], others('oos_recall', percent));
    printRow(claims[2][0], figures.calibration_error, '', claims[2][1], [], 4);
    printRow(claims[3][0], quick.trainSeconds, 's', claims[3][1], others('train_s', Number));
}

function measureSmall(peers) {
    const corpora = ['chatbot', 'askubuntu', 'webapplications'];
    const claim = 'three small corpora together, --best: accuracy', target = '>= 93.1 %';
    const paths = pathsOr(corpora.flatMap((name) => [`${name}_train.csv`, `${name}_test.csv`]), [[claim, target]]);
    if (!paths)
        return;
    const right = { own: 0, nlpjs: 0, fasttext: 0 };
    let rows = 0;
    for (let i = 0; i < paths.length; i += 2) {
        const count = readRows(paths[i + 1]).length;
        rows += count;
        right.own += Math.round(count * examine(learn(paths[i], '--best'), paths[i + 1]).accuracy);
        right.nlpjs += peers.nlpjs ? nlpjs(paths[i], paths[i + 1], false).right : 0;
        right.fasttext += peers.fasttext ? fasttext(paths[i], paths[i + 1]).right : 0;
    }
    printRow(`${claim} (of ${rows} texts)`, percent(right.own / rows), '%', target,
             [['NLP.js', right.nlpjs ? percent(right.nlpjs / rows) : undefined], ['fastText', right.fasttext ? percent(right.fasttext / rows) : undefined]]);
}

const peers = { nlpjs: installNlpjs(), fasttext: installFasttext() };
measureBanking(peers);
measureFewExamples(peers);
measureOutOfScope(peers);
measureSmall(peers);
