#pragma once
// A body that is fetched piece by piece while it goes out, so that a reader costs one piece however long the body is and however slowly it
// is taken. Net thread only.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace vitrine::web {

/// What a connection asks for at a time, and all of a long body that is in memory for one reader.
inline constexpr std::size_t body_piece = 64 * 1024;

class BodySource {
  public:
    /// Null: it can no longer be read, and the connection is cut, for its length has been promised.
    using Piece = std::shared_ptr<const std::string>;

    virtual ~BodySource() = default;
    virtual std::uint64_t size() const = 0;
    /// `bytes` from `at`, all of them within size(). `done` once, on the net thread, later or from inside.
    virtual void read(std::uint64_t at, std::size_t bytes, std::function<void(Piece)> done) = 0;
};

}  // namespace vitrine::web
