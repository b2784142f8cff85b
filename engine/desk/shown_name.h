#pragma once
// What other buyers are told of somebody's name: competitors sit in the same room. Whoever renders a record for buyers takes a name from
// here; one's own name and what the presenter's side sees are whole. The company is never told.

#include <string>

#include "engine/config.h"

namespace vitrine::desk {

/// Reentrant. `first`: the first word; of a name written without spaces (Chinese, Japanese, Korean) the first letter and "**"; of an
/// e-mail address given for a name nothing behind its "@", nor that sign.
std::string shown_name(const std::string& name, NamesShown how);

}  // namespace vitrine::desk
