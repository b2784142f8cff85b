import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

import * as rules from './rules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const paths = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {cwd: root, encoding: 'utf8'})
    .split('\n')
    .filter((p) => p && existsSync(join(root, p)));
const is_text = (p) => /\.(cpp|h|ts|mjs|md|toml|json|txt|css|html|sh)$/.test(p);
const files = paths.map((path) => ({path, text: is_text(path) ? readFileSync(join(root, path), 'utf8') : ''}));
const none = (complaints) => assert.deepEqual(complaints, []);

test('includes point one way', () => none(rules.include_direction(files)));
test('rooms have names of their own', () => none(rules.room_names(files)));
test('no file is too long', () => none(rules.file_length(files)));
test('links in documents lead somewhere', () => none(rules.doc_links(files, (p) => existsSync(join(root, p)))));
test('assets have a licence beside them', () => none(rules.asset_licences(files)));
test('nothing is marked unfinished', () => none(rules.unfinished(files)));
test('keys used by the shipped shows are documented', () => none(rules.catalogue_complete(files)));
test('the sentences that the panel translates are still said', () => none(rules.said_sentences(files)));

test('threads, and functions that C code calls, are behind a barrier', () => none(rules.barriers(files)));

test('C++ is formatted', (t) => {
    const version = spawnSync('clang-format', ['--version'], {encoding: 'utf8'});
    if (version.status !== 0 || !/version 14\./.test(version.stdout)) return t.skip('needs clang-format 14: other versions break lines elsewhere');
    const sources = paths.filter((p) => /\.(cpp|h)$/.test(p));
    const run = spawnSync('clang-format', ['--dry-run', '-Werror', ...sources], {cwd: root, encoding: 'utf8', maxBuffer: 1 << 26});
    const named = [...new Set((run.stderr.match(/^[^:\s]+(?=:\d+:\d+: error)/gm) ?? []))];
    none(named.map((p) => `${p}: run clang-format -i`));
});

// The rules themselves, on planted faults.
test('the rules find planted faults', () => {
    const bad = (path, text) => [{path, text}];
    assert.equal(rules.include_direction(bad('engine/x.cpp', '#include <gst/gst.h>\n')).length, 1);
    assert.equal(rules.include_direction(bad('overlays/x.cpp', '#include "pipelines/tap.h"\n')).length, 1);
    assert.equal(rules.include_direction(bad('pipelines/x.h', '#include "overlays/show_stage.h"\n')).length, 1);
    assert.equal(rules.include_direction(bad('tools/panel/x.cpp', '#include "pipelines/tap.h"\n')).length, 1);
    assert.equal(rules.include_direction(bad('tools/x.cpp', '#include "overlays/show_stage.h"\n')).length, 0);
    assert.equal(rules.room_names(bad('engine/utils/x.cpp', '')).length, 1);
    assert.equal(rules.file_length(bad('engine/x.cpp', 'a\n'.repeat(601))).length, 1);
    assert.equal(rules.doc_links(bad('engine/README.md', '[a](b.md)'), (p) => p === 'b.md').length, 1);
    assert.equal(rules.doc_links(bad('engine/README.md', '[a](../b.md)'), (p) => p === 'b.md').length, 0);
    assert.equal(rules.asset_licences(bad('assets/models/x.glb', '')).length, 1);
    assert.equal(rules.unfinished(bad('engine/x.cpp', '// TO' + 'DO later')).length, 1);
    const panel = bad('tools/panel/show_sentences.cpp', '    {"it is {} gone", "{} 没有了"},\n');
    assert.equal(rules.said_sentences(panel).length, 2);
    assert.equal(rules.said_sentences([...panel, ...bad('engine/x.cpp', 'fail("it is " + x + " gone")')]).length, 0);
    const door = (text) => rules.barriers(bad('pipelines/x.cpp', text)).length;
    assert.equal(door('g_signal_connect(a, "pad-added", G_CALLBACK(on_pad), this);'), 1);
    assert.equal(door('g_signal_connect(a, "pad-added", G_CALLBACK((barrier::barred<"pad", &on_pad>)), this);'), 0);
    assert.equal(door('gst_pad_add_probe(pad, what, on_data, this, nullptr);'), 1);
    assert.equal(door('gst_bus_set_sync_handler(bus, on_message, this, nullptr);'), 1);
    assert.equal(door('gst_bus_set_sync_handler(bus, nullptr, nullptr, nullptr);'), 0);
    assert.equal(door('callbacks.new_sample = [](GstAppSink* s, gpointer c) { return take(s, c); };'), 1);
    assert.equal(door('curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);'), 1);
    assert.equal(door('glfwSetKeyCallback(window, key);'), 1);
    assert.equal(door('thread_ = std::thread([this] { run(); });'), 1);
    assert.equal(door('std::thread worker([this] { run(); });'), 1);
    assert.equal(door('std::thread thread_; std::thread::id teller; for (std::thread& t : all) t.join();'), 0);
    assert.equal(door('thread_ = barrier::thread("net", [this] { io_->run(); });'), 0);
    assert.equal(door('void serve() { io_->run(); }'), 1);
    assert.equal(rules.catalogue_complete(bad('assets/shows/demo/show.toml', '[show]\nnonsense = 1\n')).length, 1);
});
