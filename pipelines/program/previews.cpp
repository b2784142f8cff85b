#include "pipelines/program/previews.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "engine/preview.h"

namespace vitrine {
namespace {

constexpr std::chrono::milliseconds preview_period{66};

}  // namespace

struct Previews::Core {
    std::shared_ptr<ProgramTap> burned;
    std::unique_ptr<PreviewWriter> writer;
    std::vector<const Camera*> cameras;
    std::vector<const VideoFrame*> written;  // what each camera slot shows; compared, never dereferenced
    std::shared_ptr<ProgramTap::Reader> reader;
    std::uint64_t sequence = 0;

    std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, preview_period, [&] { return stopping; })) {
            lock.unlock();
            if (!writer->wanted()) {
                reader.reset();
            } else {
                write();
            }
            lock.lock();
        }
    }

    void write() {
        if (!reader) reader = burned->read(1);
        ++sequence;
        if (auto frame = reader->try_pop())
            writer->write(0, frame->picture->view(), sequence, frame->scene ? to_cbor(*frame->scene) : std::vector<std::uint8_t>());
        for (std::size_t i = 0; i < cameras.size(); ++i) {
            const Camera::Picture picture = cameras[i]->newest();
            if (!picture.frame || picture.frame.get() == written[i]) continue;
            written[i] = picture.frame.get();
            writer->write(i + 1, picture.frame->view(), sequence);
        }
    }
};

Previews::Previews(std::unique_ptr<Core> core) : core_(std::move(core)) {}

Result<std::unique_ptr<Previews>> Previews::start(std::shared_ptr<ProgramTap> burned, const Program::Cameras& cameras,
                                                  const ShowConfig& show) {
    auto core = std::make_unique<Core>();
    core->burned = std::move(burned);
    std::vector<std::string> slots{"program"};
    for (const CameraConfig& camera : show.cameras) {
        if (slots.size() == static_cast<std::size_t>(preview_max_slots)) break;
        slots.push_back(camera.id);
        core->cameras.push_back(cameras.at(camera.id).get());
    }
    core->written.resize(core->cameras.size(), nullptr);
    auto writer = PreviewWriter::create(slots);
    if (!writer) return tl::unexpected(writer.error());
    core->writer = std::move(*writer);
    core->thread = barrier::thread("previews", [c = core.get()] { c->run(); });
    return std::unique_ptr<Previews>(new Previews(std::move(core)));
}

Previews::~Previews() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
    core_->thread.join();
}

const std::string& Previews::name() const { return core_->writer->name(); }

}  // namespace vitrine
