#pragma once
// Translation of free text by a service that speaks LibreTranslate's protocol. One worker thread asks; answers are kept by text and
// language, and two who ask for the same are one question. Everything is bounded: the queue, the cache, the answer's size, the time. What
// comes back is free text like any other: nobody trusts it, whoever shows it escapes it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "engine/result.h"

namespace vitrine {

struct Translation {
    std::string text, language;
    std::string provider;  ///< the service's host
};

class Translator {
  public:
    struct Limits {
        std::size_t cached = 4000, waiting = 64, answer_bytes = 64 * 1024;
        std::int64_t timeout_ms = 5000;
    };
    /// `key` may be empty; it is sent to the service and nowhere else.
    Translator(std::string url, std::string key, Limits limits);
    /// Answers those who still wait with an error.
    ~Translator();
    Translator(const Translator&) = delete;
    Translator& operator=(const Translator&) = delete;

    /// Thread-safe, returns at once. `from` may be empty: the service finds out. `done` at once when it is known, else on the worker
    /// thread; the error says in a sentence that the text stands as it was written.
    void translate(const std::string& text, const std::string& from, const std::string& to, std::function<void(Result<Translation>)> done);
    /// Thread-safe. Questions put to the service so far.
    std::uint64_t asked() const;

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

/// With the key from the first line of `key_file` (empty path: no key); missing: it cannot be read.
Result<std::unique_ptr<Translator>> make_translator(const std::string& url, const std::filesystem::path& key_file);

}  // namespace vitrine
