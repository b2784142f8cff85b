#include "pipelines/deliver/web/streams.h"

#include <algorithm>
#include <utility>

namespace vitrine::web {

ConnectionCount::Slot::Slot(std::shared_ptr<ConnectionCount> count, std::string address)
    : count_(std::move(count)), address_(std::move(address)) {
    ++count_->all_;
    ++count_->by_address_[address_];
}

ConnectionCount::Slot::~Slot() {
    release_address();
    --count_->all_;
}

void ConnectionCount::Slot::release_address() {
    kept_.reset();
    if (!std::exchange(counted_, false)) return;
    const auto found = count_->by_address_.find(address_);
    if (--found->second == 0) count_->by_address_.erase(found);
}

std::shared_ptr<ConnectionCount::Slot> ConnectionCount::take(const std::shared_ptr<ConnectionCount>& count, const std::string& address) {
    return std::make_shared<Slot>(count, address);
}

int ConnectionCount::of(const std::string& address) const {
    const auto found = by_address_.find(address);
    return found == by_address_.end() ? 0 : found->second;
}

std::string ConnectionCount::heaviest() const {
    const auto most = std::max_element(by_address_.begin(), by_address_.end(), [](auto& a, auto& b) { return a.second < b.second; });
    return most == by_address_.end() ? std::string() : most->first;
}

}  // namespace vitrine::web
