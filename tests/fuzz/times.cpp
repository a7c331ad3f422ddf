// Times as providers write them: what is accepted is a real moment and comes back when it is written out.
#include <QDateTime>
#include <QRegularExpression>

#include "models/providers/timeparser.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

using namespace Qt::StringLiterals;

void times(const QByteArray& input) {
    if (input.size() > 200) {
        return;
    }
    static const AssumedZone berlin(u"Europe/Berlin"_s);
    static const AssumedZone utc(u"UTC"_s);
    const QString text = QString::fromUtf8(input);
    const auto parsed = parseTime(text, berlin);
    const auto inUtc = parseTime(text, utc);
    // At the ends of the range one zone may still be inside it and the other not.
    const bool isAtTheEdge = text.trimmed().startsWith(u"9999"_s) || text.trimmed().startsWith(u"000"_s);
    EARMARK_LAW(parsed.has_value() == inUtc.has_value() || isAtTheEdge, input);

    static const QRegularExpression plain(u"^[0-9]{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$"_s);
    if (plain.match(text).hasMatch() && !text.contains(u"T24"_s) && !text.contains(u":60"_s)) {
        const QDateTime qt = QDateTime::fromString(text, Qt::ISODateWithMs);
        if (qt.isValid() && qt.date().year() > 0) {
            EARMARK_LAW(parsed && toMs(parsed->at) == qt.toMSecsSinceEpoch(), input);
        }
    }
    if (!parsed || !inUtc) {
        return;
    }
    EARMARK_LAW(parsed->zoneAssumed == inUtc->zoneAssumed, input);
    EARMARK_LAW(parsed->zoneAssumed || parsed->at == inUtc->at, input);
    const qint64 apart = std::abs(toMs(parsed->at) - toMs(inUtc->at));
    EARMARK_LAW(apart <= 24LL * 3600 * 1000, input);
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(toMs(parsed->at), Qt::UTC);
    EARMARK_LAW(moment.isValid() && moment.date().year() >= -1 && moment.date().year() <= 10000, input);
    if (moment.date().year() >= 1 && moment.date().year() <= 9999) {
        const auto again = parseTime(moment.toString(Qt::ISODateWithMs), berlin);
        EARMARK_LAW(again && again->at == parsed->at && !again->zoneAssumed, input);
    }
}

}  // namespace earmark::fuzz
