#include <cstdlib>
#include <cstring>

#include "overlays/models/model_parser.h"
#include "overlays/models/model_wire.h"

namespace {

class Memory : public vitrine::WireSource {
  public:
    Memory(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
    bool read(void* into, std::size_t bytes) override {
        if (bytes > size_) return false;
        std::memcpy(into, data_, bytes);
        data_ += bytes, size_ -= bytes;
        return true;
    }

  private:
    const std::uint8_t* data_;
    std::size_t size_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    vitrine::ModelLimits limits;
    limits.vertices = limits.triangles = 20'000;
    limits.decoded_bytes = 1 << 20;
    Memory memory(data, size);
    vitrine::WireReader in(memory);
    const auto model = vitrine::read_model(in, limits);
    if (model && !vitrine::judge_model_data(*model, limits)) std::abort();
    return 0;
}
