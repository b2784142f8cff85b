#pragma once
// Writes edits of a running show back into its files, on a thread of its own, in order. A file is changed only while it still is what was
// read (or last written) here: what somebody else has changed meanwhile is never overwritten. The new text appears whole or not at
// all (a new file beside it, synced, renamed over it), also when the power goes.

#include <functional>
#include <memory>

#include "engine/config.h"
#include "engine/result.h"
#include "engine/toml_edit.h"

namespace vitrine {

class ShowFiles {
  public:
    explicit ShowFiles(ShowTexts texts);
    /// Makes what is still waiting.
    ~ShowFiles();
    ShowFiles(const ShowFiles&) = delete;
    ShowFiles& operator=(const ShowFiles&) = delete;

    /// Thread-safe. `done` is called on the files' thread, once.
    void write(FileEdit edit, std::function<void(Result<void>)> done);

  private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace vitrine
