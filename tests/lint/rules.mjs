// The house rules that are tests. Each rule is a pure function: files in, complaints out.

const forbidden = {
    engine: /^(gst\/|opencv2\/|GL\/|epoxy\/|boost\/|imgui|GLFW\/|sys\/socket\.h|netinet\/|curl\/|openssl\/|pango|cairo)/,
    overlays: /^(gst\/|boost\/|imgui|GLFW\/|sys\/socket\.h|netinet\/|curl\/|openssl\/)/,
    pipelines: /^(opencv2\/|imgui|GLFW\/|GL\/|epoxy\/|pango|cairo)/,
    panel: /^(gst\/|opencv2\/|boost\/|pango|cairo)/,
};
const may_include = {
    engine: ['engine'],
    overlays: ['overlays', 'engine'],
    pipelines: ['pipelines', 'engine'],
    panel: ['tools/panel', 'engine'],
    tools: ['tools', 'pipelines', 'overlays', 'engine'],
};

function room_of(path) {
    if (path.startsWith('tools/panel/')) return 'panel';
    return path.split('/')[0];
}

/// files: [{path, text}]; paths from the repository's root.
export function include_direction(files) {
    const complaints = [];
    for (const {path, text} of files) {
        const room = room_of(path);
        if (!(room in may_include) || !/\.(cpp|h)$/.test(path)) continue;
        for (const match of text.matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm)) {
            const [, kind, name] = match;
            if (kind === '"' && /^(engine|overlays|pipelines|tools)\//.test(name) && !may_include[room].some((r) => name.startsWith(r + '/')))
                complaints.push(`${path}: ${room} may not include "${name}"`);
            if (forbidden[room]?.test(name)) complaints.push(`${path}: ${room} may not use <${name}>`);
        }
    }
    return complaints;
}

export function room_names(files) {
    return files.filter(({path}) => /(^|\/)(common|utils?|misc|core|helpers)\//.test(path)).map(({path}) => `${path}: no such room in this house`);
}

export function file_length(files, limit = 600) {
    return files
        .filter(({path}) => /\.(cpp|h|ts|mjs)$/.test(path))
        .map(({path, text}) => ({path, lines: text.split('\n').length - 1}))
        .filter(({lines}) => lines > limit)
        .map(({path, lines}) => `${path}: ${lines} lines, split it by subject (at most ${limit})`);
}

/// exists: path -> boolean.
export function doc_links(files, exists) {
    const complaints = [];
    for (const {path, text} of files) {
        if (!path.endsWith('.md')) continue;
        for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
            if (/^(https?:|mailto:|#)/.test(target)) continue;
            const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
            const resolved = new URL(folder + target.split('#')[0], 'file:///').pathname.slice(1);
            if (!exists(decodeURIComponent(resolved))) complaints.push(`${path}: the link ${target} leads nowhere`);
        }
        // A path in backquotes that looks like one of ours must exist too.
        for (const [, target] of text.matchAll(/`((?:engine|overlays|pipelines|tools|assets|tests)\/[\w./-]+\.(?:h|cpp|ts|mjs|md|toml|json))`/g))
            if (!exists(target)) complaints.push(`${path}: names ${target}, which does not exist`);
    }
    return complaints;
}

export function asset_licences(files) {
    const folders_with_licence = new Set(files.filter(({path}) => /\/LICEN[CS]E[^/]*$/.test(path)).map(({path}) => path.slice(0, path.lastIndexOf('/'))));
    const complaints = [];
    for (const {path} of files) {
        if (!path.startsWith('assets/') || !/\.(png|jpe?g|glb|gltf|ttf|otf|woff2?|wav|mp4|avi|svg)$/.test(path)) continue;
        let folder = path;
        let covered = false;
        while ((folder = folder.slice(0, folder.lastIndexOf('/'))).length) {
            if (folders_with_licence.has(folder)) covered = true;
            if (!folder.includes('/')) break;
        }
        if (!covered) complaints.push(`${path}: no LICENSE file beside it or above it in assets/`);
    }
    return complaints;
}

export function unfinished(files) {
    const complaints = [];
    for (const {path, text} of files) {
        if (!/^(engine|overlays|pipelines|tools|assets\/buyer\/src)\//.test(path)) continue;
        text.split('\n').forEach((line, i) => {
            if (/\b(TODO|FIXME|XXX|HACK)\b/.test(line)) complaints.push(`${path}:${i + 1}: unfinished work`);
        });
    }
    return complaints;
}

export function catalogue_complete(files) {
    // A key of the configuration that the demo uses must stand in the reference.
    const reference = files.find(({path}) => path === 'engine/CONFIG.md')?.text ?? '';
    const complaints = [];
    for (const {path, text} of files) {
        if (!/^assets\/shows\/.*show\.toml$/.test(path)) continue;
        let table = '';
        for (const line of text.split('\n')) {
            const head = line.match(/^\s*\[\[?([\w.]+)\]?\]/);
            if (head) table = head[1] + (line.trim().startsWith('[[') ? '[]' : '');
            const key = line.match(/^\s*([A-Za-z_]+)\s*=/);
            // A table of one text in several languages is one key of the reference.
            if (key && table && !reference.includes(`${table}.${key[1]}`) && !(reference.includes(`\`${table}\``) && /^[a-z]{2,3}$/.test(key[1]))) complaints.push(`${path}: ${table}.${key[1]} is not in engine/CONFIG.md`);
        }
    }
    return complaints;
}

/** The panel says the show's sentences in Chinese by their English words (tools/panel/*_sentences.cpp): each of them is still said somewhere. */
export function said_sentences(files) {
    const whole = (text) => text.replace(/"\s*\n\s*"/g, '');
    const tables = files.filter(({path}) => /^tools\/panel\/\w+_sentences\.cpp$/.test(path));
    const said = files.filter(({path}) => /^(engine|overlays|pipelines|tools)\/.*\.cpp$/.test(path) && !tables.some((table) => table.path === path)).map(({text}) => whole(text)).join('\n');
    return tables.flatMap((own) => sentences_not_said(own.path, whole(own.text), said));
}

function sentences_not_said(path, table, said) {
    return [...table.matchAll(/\{"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\},/gm)].flatMap(([, english, chinese]) => {
        const parts = english.split('{}').filter((part) => part.trim().length > 3);
        const lost = parts.filter((part) => !said.includes(part.trim()));
        const places = (text) => text.split('{}').length;
        return [...lost.map((part) => `${path}: nothing says "${part}" any more`), ...(places(english) === places(chinese) ? [] : [`${path}: "${english}" has other places in Chinese`])];
    });
}

// What hands a function to a thread or to a C library, and in which of its arguments.
const doors = [
    [/\bg_signal_connect(?:_data|_after|_swapped|_object)?\s*\(/g, 'g_signal_connect'],
    [/\bgst_pad_add_probe\s*\(/g, 'gst_pad_add_probe'],
    [/\bgst_bus_(?:set_sync_handler|add_watch(?:_full)?)\s*\(/g, 'a bus handler'],
    [/\bgst_pad_set_\w+_function(?:_full)?\s*\(/g, 'a pad function'],
    [/\bgst_(?:iterator|buffer|caps|structure|buffer_list)_\w*foreach\s*\(/g, 'a foreach'],
    [/\bgst_promise_new_with_change_func\s*\(/g, 'a promise'],
    [/\bg_(?:idle|timeout)_add(?:_\w+)?\s*\(|\bg_source_set_callback\s*\(/g, 'a GLib source'],
    [/\bnice_agent_attach_recv\s*\(/g, 'a libnice callback'],
    [/\bcurl_(?:easy|multi)_setopt\s*\(\s*[^,]+,\s*CURL(?:M)?OPT_\w*FUNCTION\b/g, 'a curl callback'],
    [/\bSSL_CTX_set_\w*(?:_cb|_callback|verify)\s*\(/g, 'an OpenSSL callback'],
    [/\bsqlite3_(?:\w+_(?:hook|handler)|create_function\w*|trace\w*)\s*\(/g, 'an SQLite callback'],
    [/\bpng_(?:set_\w+_fn|create_\w+_struct(?:_2)?)\s*\(/g, 'a libpng callback'],
    [/\bcairo_\w+_(?:to_png_stream|create_for_stream)\s*\(/g, 'a Cairo callback'],
    [/\bglfwSet\w+Callback\s*\(/g, 'a GLFW callback'],
];

/// The text of a call's arguments: from the bracket that opens at `from` to its own.
function arguments_at(text, from) {
    let depth = 0;
    for (let at = from; at < text.length; ++at) {
        if (text[at] === '(') ++depth;
        if (text[at] === ')' && --depth === 0) return text.slice(from, at + 1);
    }
    return text.slice(from);
}

/** Whatever other people's threads call goes through the barrier of engine/barrier.h, and so does every thread of ours. */
export function barriers(files) {
    const complaints = [];
    for (const {path, text: whole} of files) {
        if (!/^(engine|overlays|pipelines|tools)\/.*\.(cpp|h)$/.test(path) || path.startsWith('engine/barrier.')) continue;
        const text = whole.replace(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
        const complain = (at, what) => complaints.push(`${path}:${text.slice(0, at).split('\n').length}: ${what} without a barrier (engine/barrier.h)`);
        for (const [pattern, what] of doors)
            for (const match of text.matchAll(pattern)) {
                const call = arguments_at(text, text.indexOf('(', match.index));
                const none = /^[^,]*,\s*nullptr\b/.test(call) || /FUNCTION\s*,\s*nullptr\b/.test(call);
                // A function of ours that hands on its parameter `callback`: whoever calls that is looked at instead.
                if (!none && !/barrier::barred</.test(call) && !/\bcallback\b/.test(call)) complain(match.index, what);
            }
        for (const match of text.matchAll(/\.(?:new_sample|new_preroll|eos|new_event|need_data|enough_data)\s*=(?!=)([^;]*);/g))
            if (!/barrier::barred</.test(match[1])) complain(match.index, 'an appsink or appsrc callback');
        for (const match of text.matchAll(/\b(?:probe|connect)\s*\(\s*(?:\w+->)?wire_\s*,/g))
            if (!/barrier::barred</.test(arguments_at(text, text.indexOf('(', match.index)))) complain(match.index, 'a callback');
        // std::thread that is given work: barrier::thread makes it. A declaration, a parameter and an id are none.
        for (const match of text.matchAll(/\bstd::j?thread\s*(?:\w+\s*)?[({]\s*[^)\s}]|\bstd::async\s*\(|\bpthread_create\s*\(|\bg_thread_(?:try_)?new\s*\(|\bthreads?_?\.emplace_back\s*\(/g))
            complain(match.index, 'a thread');
        // A loop of handlers runs inside the barrier of its thread: named in the same statement, or two lines before.
        for (const match of text.matchAll(/\b(?:io_?|listening|asking|context)\s*(?:->|\.)run\(\)/g))
            if (!/barrier::(?:thread|run)\(/.test(text.slice(Math.max(0, text.lastIndexOf(';', match.index)), match.index))) complain(match.index, 'a loop of handlers');
    }
    return complaints;
}
