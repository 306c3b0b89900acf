/* nlpjs.mjs - NLP.js on the data sets of the benchmarks, for comparison.
 *
 * Usage: node nlpjs.mjs FOLDER-OF-ITS-PACKAGES TRAIN.csv TEST.csv [tuned]
 * `oos` becomes its own word for it, None. Tuned: its learner with a learning rate of 0.05 and no momentum, the best that
 * was found for it on parts of the training data; by default it stops long before it has learned many intents. Prints JSON;
 * times are processor time. */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

import { readRows } from '../csv.mjs';

const [folder, trainPath, testPath, tuned] = process.argv.slice(2);
const { dockStart } = createRequire(`${folder}/index.js`)('@nlpjs/basic');
process.noDeprecation = true;

const cpuSeconds = (since) => {
    const used = process.cpuUsage(since);
    return (used.user + used.system) / 1e6;
};
const own = (intent) => (intent === 'oos' ? 'None' : intent);
const part = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];

const settings = { nlp: { languages: ['en'], autoSave: false, autoLoad: false, log: false, forceNER: false } };
if (tuned)
    settings['nlu-en'] = { learningRate: 0.05, momentum: 0 };
const dock = await dockStart({ settings, use: ['Basic', 'LangEn'] });
const nlp = dock.get('nlp');
nlp.settings.autoSave = false;
for (const { text, intent } of readRows(trainPath))
    nlp.addDocument('en', text, own(intent));
const before = process.cpuUsage();
await nlp.train();
const trainSeconds = cpuSeconds(before);

const figures = { inScope: 0, inScopeRight: 0, outside: 0, outsideRight: 0 };
const times = [];
for (const { text, intent } of readRows(testPath)) {
    const began = performance.now();
    const said = (await nlp.process('en', text)).intent;
    times.push((performance.now() - began) * 1e3);
    const kind = intent === 'oos' ? 'outside' : 'inScope';
    figures[kind]++;
    figures[`${kind}Right`] += said === own(intent);
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({
    accuracy: (figures.inScopeRight + figures.outsideRight) / times.length,
    right: figures.inScopeRight + figures.outsideRight,
    in_scope_accuracy: figures.inScopeRight / figures.inScope,
    oos_recall: figures.outside ? figures.outsideRight / figures.outside : null,
    train_s: trainSeconds,
    text_us_p50: part(times, 0.5), text_us_p99: part(times, 0.99), text_us_mean: times.reduce((a, b) => a + b) / times.length,
}));
process.exit(0);
