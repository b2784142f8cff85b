#pragma once
// The desk's way between the net thread and the show, for both listeners. Net thread only.

#include <functional>
#include <memory>
#include <string>

#include "engine/show.h"
#include "pipelines/deliver/translate.h"
#include "pipelines/deliver/web/attachment_api.h"
#include "pipelines/deliver/web/awaited.h"
#include "pipelines/deliver/web/desk_api.h"

namespace vitrine::web {

class DeskDoor final : public DeskHost, public AttachmentHost {
  public:
    /// `show` and `translator` (may be null) outlive it.
    DeskDoor(Show& show, Translator* translator, std::function<void(std::function<void()>)> post)
        : show_(show), translator_(translator), awaited_(std::move(post)) {}

    void act(desk::Act act, desk::Actor actor, std::function<void(Result<desk::ActResult>)> done) override {
        show_.act(std::move(act), std::move(actor), awaited_.expect(std::move(done)));
    }
    void put_orders(std::vector<desk::Order> orders, std::function<void(Result<std::vector<desk::OrderRefusal>>)> done) {
        show_.put_orders(std::move(orders), awaited_.expect(std::move(done)));
    }
    void command(Command command, Doer by, std::function<void(Result<std::uint64_t>)> done) override {
        show_.post(std::move(command), awaited_.expect(std::move(done)), std::move(by));
    }
    desk::DeskViewPtr desk() override { return show_.snapshot()->desk; }
    void translate(const std::string& text, const std::string& from, const std::string& to,
                   std::function<void(Result<Translation>)> done) override {
        translator_->translate(text, from, to, awaited_.expect(std::move(done)));
    }
    bool translates() override { return translator_ != nullptr; }
    void attach(std::string name, std::string type, std::string bytes, desk::Actor actor,
                std::function<void(Result<desk::Attachment>)> done) override {
        show_.attach(std::move(name), std::move(type), std::move(bytes), std::move(actor), awaited_.expect(std::move(done)));
    }
    void attachment(std::string id, desk::Actor actor, std::function<void(Result<Download>)> done) override {
        show_.find_attachment(std::move(id), std::move(actor),
                              awaited_.expect<Result<desk::Attachment>>([this, done = std::move(done)](Result<desk::Attachment> found) {
                                  if (!found) return done(tl::unexpected<Error>(found.error()));
                                  auto bytes = std::make_shared<StoredBody>(*show_.store(), *found, awaited_);
                                  done(Download{std::move(*found), std::move(bytes)});
                              }));
    }
    /// For other answers from other threads.
    Awaited& awaited() { return awaited_; }

  private:
    class StoredBody final : public BodySource {
      public:
        StoredBody(desk::Store& store, const desk::Attachment& file, Awaited& awaited)
            : store_(store), id_(file.id), size_(static_cast<std::uint64_t>(file.bytes)), awaited_(awaited) {}
        std::uint64_t size() const override { return size_; }
        void read(std::uint64_t at, std::size_t bytes, std::function<void(Piece)> done) override {
            store_.read_attachment(id_, at, bytes,
                                   awaited_.expect<Result<std::string>>([done = std::move(done)](Result<std::string> piece) {
                                       done(piece ? std::make_shared<const std::string>(std::move(*piece)) : nullptr);
                                   }));
        }

      private:
        desk::Store& store_;
        std::string id_;
        std::uint64_t size_;
        Awaited& awaited_;
    };

    Show& show_;
    Translator* translator_;
    Awaited awaited_;
};

}  // namespace vitrine::web
