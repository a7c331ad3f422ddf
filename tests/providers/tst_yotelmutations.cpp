// Each field of a call in turn dropped, nulled, of another type, out of range: the row stays, the mistake is noted
// beside it, its neighbours are as they were, and nothing wrong ever turns into 0, "" or false.
#include <QFile>
#include <QTest>
#include <algorithm>

#include "models/providers/jsonbody.h"
#include "models/providers/jsonspans.h"
#include "models/providers/readdialect.h"
#include "models/providers/yotelfields.h"

using namespace earmark;

namespace {

constexpr std::size_t kVictim = 1;  ///< the middle row of three

struct Mutation {
    const char* name;
    const char* written;  ///< JSON in place of the value; nullptr = the field is dropped
};

constexpr Mutation kMutations[] = {
    {"dropped", nullptr},
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"0", "0"},
    {"17", "17"},
    {"3.7", "3.7"},
    {"-1", "-1"},
    {"2^31", "2147483648"},
    {"2^53+1", "9007199254740993"},
    {"2^63", "9223372036854775808"},
    {"1e308", "1e308"},
    {"\"12\"", "\"12\""},
    {"\"-3\"", "\"-3\""},
    {"\"1:30\"", "\"1:30\""},
    {"\"true\"", "\"true\""},
    {"empty text", "\"\""},
    {"blank text", "\"  \""},
    {"NUL", "\"\\u0000\""},
    {"markup", "\"<img src=file:///etc/passwd>\""},
    {"list", "[]"},
    {"list of text", "[\"completed\"]"},
    {"object", "{}"},
    {"time", "\"2026-04-18T14:37:02Z\""},
    {"impossible day", "\"2026-02-30T10:00:00Z\""},
};

/// What must come out, as text: the value ("null" for none) and whether a problem is noted.
struct Expected {
    QString value;
    bool isNoted = false;
};

bool isText(const char* written) {
    return *written == '"';
}
bool isNumber(const char* written) {
    return (*written >= '0' && *written <= '9') || *written == '-';
}

QString textOf(const char* written) {
    if (QByteArray(written) == "\"\\u0000\"") {
        return QString(QChar(0));
    }
    return QString::fromUtf8(QByteArray(written).mid(1).chopped(1));
}

const QString kNone = QStringLiteral("null");

Expected expectedSeconds(const QByteArray& written) {
    if (written == "0" || written == "17" || written == "3.7") {
        return {QString::fromLatin1(written), false};
    }
    if (written == "-1" || written == "\"12\"" || written == "\"-3\"") {
        return {QString::fromLatin1(written).remove(u'"'), true};  // plain enough to keep, wrong enough to say
    }
    return {kNone, true};
}

Expected expectedFlag(const QByteArray& written) {
    const bool isLawful = written == "true" || written == "false";
    const bool isPlain = isLawful || written == "\"true\"" || written == "0";
    return {isPlain ? (written.contains("true") ? QStringLiteral("true") : QStringLiteral("false")) : kNone, !isLawful};
}

Expected expectedTime(const QByteArray& written) {
    if (written == "\"2026-04-18T14:37:02Z\"") {
        return {QStringLiteral("2026-04-18T14:37:02.000Z"), false};
    }
    if (written == "2147483648") {
        return {QStringLiteral("2038-01-19T03:14:08.000Z"), false};  // a lawful number of seconds
    }
    return {kNone, true};
}

Expected expectedOf(const CallField& field, const char* written) {
    if (written == nullptr || QByteArray(written) == "null") {
        return {kNone, field.promise == FieldPromise::Always};
    }
    switch (field.reading) {
        case FieldReading::Id:
            if (isNumber(written)) {
                return {QString::fromLatin1(written), false};
            }
            [[fallthrough]];
        case FieldReading::Text:
            return isText(written) ? Expected{textOf(written), false} : Expected{kNone, true};
        case FieldReading::Address: {
            const QString text = isText(written) ? textOf(written).trimmed() : QString();
            return {text.isEmpty() ? kNone : text, !isText(written)};
        }
        case FieldReading::Seconds:
            return expectedSeconds(written);
        case FieldReading::Number:
            break;  // Yotel writes no money
        case FieldReading::Flag:
            return expectedFlag(written);
        case FieldReading::Time:
            return expectedTime(written);
    }
    return {};
}

QString found(const CallField& field, const Call& call) {
    struct Printer {
        const Call& call;
        QString operator()(std::optional<QString> Call::*member) const { return (call.*member).value_or(kNone); }
        QString operator()(std::optional<Moment> Call::*member) const {
            return call.*member ? toIsoText(*(call.*member)) : kNone;
        }
        QString operator()(std::optional<double> Call::*member) const {
            return call.*member ? QString::number(*(call.*member)) : kNone;
        }
        QString operator()(std::optional<bool> Call::*member) const {
            return call.*member ? (*(call.*member) ? QStringLiteral("true") : QStringLiteral("false")) : kNone;
        }
    };
    return std::visit(Printer{call}, field.member);
}

/// Everything of a call in one text.
QString printed(const Call& call) {
    QString text = toText(call.key) + u'|' + word(call.status) + word(call.direction) + word(call.endReason);
    for (const CallField& field : yotelFields()) {
        text += u'|' + found(field, call);
    }
    for (const FieldError& error : call.fieldErrors) {
        text += u'!' + error.path + error.problem;
    }
    return text + QString::fromUtf8(call.raw);
}

}  // namespace

class TestYotelMutations : public QObject {
    Q_OBJECT

    std::shared_ptr<const ReadDialect> m_yotel = readDialectFor(Provider::Yotel);
    Account m_account;
    std::vector<QByteArray> m_rows;
    CallPage m_intact;

    QByteArray mutated(const QByteArray& row, const QString& name, const char* written) const {
        QByteArray result = "{";
        const auto members = objectMembers(row);
        for (const JsonMember& member : *members) {
            const bool isVictim = member.name == name;
            if (isVictim && written == nullptr) {
                continue;
            }
            result += (result.size() > 1 ? "," : "") + QByteArray("\"") + member.name.toUtf8() +
                      "\":" + (isVictim ? QByteArray(written) : member.value.toByteArray());
        }
        return result + '}';
    }

    Result<CallPage> parseWith(const QByteArray& victim) const {
        QByteArray rows;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            rows += (i > 0 ? "," : "") + (i == kVictim ? victim : m_rows[i]);
        }
        return m_yotel->parsePage(m_account, "{\"items\":[" + rows + "],\"total\":3,\"page\":1,\"page_size\":25}");
    }

 private Q_SLOTS:
    void initTestCase() {
        m_account.name = QStringLiteral("main");
        QFile file(QStringLiteral(EARMARK_SOURCE_DIR "/tests/providers/fixtures/page.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto body = JsonBody::parse(file.readAll());
        const auto rows = body->rows(QStringLiteral("items"));
        for (const JsonRow& row : *rows) {
            m_rows.push_back(row.text.toByteArray());
        }
        QCOMPARE(m_rows.size(), std::size_t{3});
        std::rotate(m_rows.begin(), m_rows.begin() + 2, m_rows.end());  // the fullest row into the middle
        m_intact = *parseWith(m_rows[kVictim]);
        QVERIFY(m_intact.calls[kVictim].fieldErrors.empty());
    }

    void everyFieldByEveryMutation_data() {
        QTest::addColumn<std::size_t>("field");
        QTest::addColumn<std::size_t>("mutation");
        for (std::size_t field = 0; field < yotelFields().size(); ++field) {
            for (std::size_t mutation = 0; mutation < std::size(kMutations); ++mutation) {
                QTest::addRow("%s %s", yotelFields()[field].name, kMutations[mutation].name) << field << mutation;
            }
        }
    }
    void everyFieldByEveryMutation() {
        QFETCH(std::size_t, field);
        QFETCH(std::size_t, mutation);
        const CallField& victim = yotelFields()[field];
        const char* written = kMutations[mutation].written;
        const auto page = parseWith(mutated(m_rows[kVictim], QString::fromLatin1(victim.name), written));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        QCOMPARE(page->rejectedRows, 0);
        const Call& call = page->calls[kVictim];

        const Expected expected = expectedOf(victim, written);
        QCOMPARE(found(victim, call), expected.value);
        QCOMPARE(call.fieldErrors.size(), std::size_t{expected.isNoted ? 1U : 0U});
        if (expected.isNoted) {
            QCOMPARE(call.fieldErrors.front().path, QString::fromLatin1(victim.name));
            QVERIFY(!call.fieldErrors.front().problem.isEmpty());
            QVERIFY(call.fieldErrors.front().problem.size() <= 200);
        }
        for (const CallField& other : yotelFields()) {
            if (other.name != victim.name) {
                QCOMPARE(found(other, call), found(other, m_intact.calls[kVictim]));
            }
        }
        if (written != nullptr) {
            const QByteArray member = QByteArray("\"") + victim.name + "\":" + compactJson(written);
            QVERIFY(call.raw.contains(member));
        }
        QCOMPARE(printed(page->calls[0]), printed(m_intact.calls[0]));
        QCOMPARE(printed(page->calls[2]), printed(m_intact.calls[2]));
    }

    void theIdItself_data() {
        QTest::addColumn<std::size_t>("mutation");
        for (std::size_t mutation = 0; mutation < std::size(kMutations); ++mutation) {
            QTest::addRow("id %s", kMutations[mutation].name) << mutation;
        }
    }
    void theIdItself() {
        QFETCH(std::size_t, mutation);
        const char* written = kMutations[mutation].written;
        const auto page = parseWith(mutated(m_rows[kVictim], QStringLiteral("id"), written));
        QVERIFY(page.has_value());
        const bool isId =
            written != nullptr && (isNumber(written) || (isText(written) && !textOf(written).trimmed().isEmpty()));
        QCOMPARE(page->calls.size(), std::size_t{isId ? 3U : 2U});
        QCOMPARE(page->rejectedRows, isId ? 0 : 1);
        if (isId) {
            QCOMPARE(page->calls[kVictim].key.remoteId,
                     isText(written) ? textOf(written) : QString::fromLatin1(written));
        } else {
            QCOMPARE(page->rejections, QStringList{QStringLiteral("row 2: no id")});
        }
        QCOMPARE(printed(page->calls.front()), printed(m_intact.calls.front()));
        QCOMPARE(printed(page->calls.back()), printed(m_intact.calls.back()));
    }

    void unknownFieldsAreKeptInRaw() {
        QByteArray row = m_rows[kVictim];
        row.insert(1, R"("brand_new": {"x": [1, 2.50]}, )");
        const auto page = parseWith(row);
        QVERIFY(page->calls[kVictim].raw.startsWith(R"({"brand_new":{"x":[1,2.50]},)"));
        QVERIFY(page->calls[kVictim].fieldErrors.empty());
    }
};

QTEST_GUILESS_MAIN(TestYotelMutations)
#include "tst_yotelmutations.moc"
