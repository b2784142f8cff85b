#pragma once
// The documents that are made of the desk: offers, tables for Excel and the CRM, cards, the report after the show, and what waits to be
// told to the factory's systems. Made on a thread of their own from the records that are kept.

#include "engine/show.h"
#include "pipelines/deliver/web/desk_files.h"

namespace vitrine {

/// `show` outlives what it returns. `sent_again`: called when an entry has been put back into the outbox; may be empty.
DeskFiles make_desk_files(Show& show, std::function<void()> sent_again = {});

}  // namespace vitrine
