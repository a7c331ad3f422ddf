// Which stored answers of the provider something was read from. Plain data, any thread.
#pragma once

#include <QByteArray>

#include "models/domain/callkey.h"

namespace earmark {

/// What the details were read from, to know whether there is anything new to read.
struct StoredAnswers {
    CallKey key;
    QByteArray row;
    QByteArray detail;

    friend bool operator==(const StoredAnswers&, const StoredAnswers&) = default;
};

}  // namespace earmark
