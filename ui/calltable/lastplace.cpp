#include "ui/calltable/lastplace.h"

#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kCall = u"table/current_call"_s;
const QString kRowsAbove = u"table/rows_above_current"_s;

}  // namespace

LastPlace::LastPlace(DeskSettings* settings)
    : m_settings(settings), m_rowsAbove(settings->value(kRowsAbove, 0).toInt()) {
    if (const Result<CallKey> key = callKeyFromText(settings->value(kCall).toString())) {
        m_call = *key;
    }
}

void LastPlace::keep(const CallKey& call, int rowsAbove) {
    m_settings->setValue(kCall, toText(call));
    m_settings->setValue(kRowsAbove, rowsAbove);
}

}  // namespace earmark
