#include "pipelines/program/burner.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/barrier.h"

namespace vitrine {

struct Burner::Core {
    std::shared_ptr<ProgramTap> clean;
    std::shared_ptr<ProgramTap> burned = ProgramTap::create();
    FrameStage& stage;
    FramePool pool;

    std::mutex mutex;
    std::condition_variable changed;
    bool wanted = false, stopping = false;
    std::shared_ptr<ProgramTap::Reader> reader;
    std::thread thread;

    Core(std::shared_ptr<ProgramTap> c, FrameStage& s) : clean(std::move(c)), stage(s) {}

    void want(bool want_now) {
        {
            std::lock_guard lock(mutex);
            wanted = want_now;
        }
        changed.notify_all();
    }

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [&] { return stopping || wanted; });
            if (stopping) return;
            lock.unlock();
            auto source = clean->read(3);
            lock.lock();
            while (!stopping && wanted) {
                lock.unlock();
                if (auto frame = source->pop(std::chrono::milliseconds(100))) barrier::run("burned picture", [&] { paint(*frame); });
                lock.lock();
            }
        }
    }

    void paint(const ProgramFrame& frame) {
        auto picture = pool.take(frame.picture->width(), frame.picture->height());
        copy(frame.picture->view(), picture->view());
        picture->sequence = frame.picture->sequence;
        picture->capture_ns = frame.picture->capture_ns;
        stage.paint(picture->view(), *frame.scene, *frame.snapshot);
        burned->push({std::move(picture), frame.scene, frame.snapshot, frame.pts});
    }
};

Burner::Burner(std::shared_ptr<ProgramTap> clean, FrameStage& stage) : core_(std::make_unique<Core>(std::move(clean), stage)) {
    core_->burned->on_readers([core = core_.get()](std::size_t readers) { core->want(readers > 0); });
    core_->thread = barrier::thread("burner", [core = core_.get()] { core->run(); });
}

Burner::~Burner() {
    core_->burned->on_readers(nullptr);
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->changed.notify_all();
    core_->thread.join();
}

std::shared_ptr<ProgramTap> Burner::output() const { return core_->burned; }

}  // namespace vitrine
