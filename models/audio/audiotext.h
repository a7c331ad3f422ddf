// The translation context of this room. Any thread.
#pragma once

#include <QCoreApplication>

namespace earmark {

struct AudioText {
    Q_DECLARE_TR_FUNCTIONS(AudioText)
};

}  // namespace earmark
