#include "ui/mainwindow/digitdispositions.h"

#include "models/store/store.h"
#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kCodes = u"dispositions/digits"_s;
constexpr qsizetype kLongestCode = 200;

}  // namespace

DigitDispositions::DigitDispositions(Store* store, DeskSettings* settings, QObject* parent)
    : QObject(parent), m_store(store), m_settings(settings) {}

QStringList DigitDispositions::codes() const {
    QStringList codes = m_settings->value(kCodes).toStringList();
    codes.resize(kDigits);
    return codes;
}

QString DigitDispositions::code(int digit) const {
    return codes().value(digit - 1).left(kLongestCode);
}

void DigitDispositions::setCode(int digit, const QString& code) {
    QStringList changed = codes();
    if (digit < 1 || digit > kDigits || changed.at(digit - 1) == code) {
        return;
    }
    changed[digit - 1] = code;
    m_settings->setValue(kCodes, changed);
    Q_EMIT this->changed();
}

void DigitDispositions::fillFreePlaces() {
    if (m_settings->value(kCodes).isValid()) {
        return;  // they were filled once; what is free since then is free because somebody wanted it so
    }
    m_store->loadDispositionCodes(this, [this](const Result<std::vector<DispositionCount>>& found) {
        if (!found || found->empty() || m_settings->value(kCodes).isValid()) {
            return;
        }
        QStringList places;
        for (const DispositionCount& one : *found) {
            if (places.size() < kDigits && !one.code.trimmed().isEmpty() && one.code.size() <= kLongestCode) {
                places << one.code;
            }
        }
        m_settings->setValue(kCodes, places);
        Q_EMIT changed();
    });
}

}  // namespace earmark
