// Each field of a call in turn dropped, nulled, of another type, out of range, with every provider: the row stays, the
// mistake is noted beside it, its neighbours are as they were, and nothing wrong ever turns into 0, "" or false.
#include <QFile>
#include <QMap>
#include <QTest>
#include <algorithm>

#include "models/providers/atomsfields.h"
#include "models/providers/autocallsfields.h"
#include "models/providers/jsonbody.h"
#include "models/providers/jsonspans.h"
#include "models/providers/readdialect.h"
#include "models/providers/vatelfields.h"
#include "models/providers/yotelfields.h"
#include "tests/providers/mutations.h"

using namespace earmark;
using namespace earmark::test;

namespace {

constexpr std::size_t kVictim = 1;  ///< the middle row of three

/// A member that is no plain value: read in a way of its own, or from several places.
struct Part {
    const char* name;
    QStringList lawful;  ///< names of the mutations that are nothing wrong; everything else is noted
};

struct Answers {
    Provider provider;
    const char* fixture;  ///< a page of three calls, the fullest first
    QStringList rows;     ///< where they stand in it
    const char* id;       ///< the member that is the id
    std::span<const CallField> fields;
    std::vector<Part> parts;
    QStringList secondBest;                ///< fields whose value may come from another place when theirs is not there
    QMap<QString, QStringList> rulesOver;  ///< fields whose meaning follows from another's
};

const QStringList kNothing{QStringLiteral("dropped"), QStringLiteral("null")};

QStringList nothingOr(const QStringList& more) {
    return kNothing + more;
}

QStringList everyMutation() {
    QStringList names;
    for (const Mutation& mutation : kMutations) {
        names += QString::fromLatin1(mutation.name);
    }
    return names;
}

QStringList everyText() {
    QStringList names;
    for (const Mutation& mutation : kMutations) {
        if (mutation.written != nullptr && *mutation.written == '"') {
            names += QString::fromLatin1(mutation.name);
        }
    }
    return names;
}

const std::vector<Answers>& allAnswers() {
    static const QStringList empties{QStringLiteral("list"), QStringLiteral("object")};
    static const QStringList flags{QStringLiteral("true"), QStringLiteral("false")};
    static const QStringList texts{QStringLiteral("list of text")};
    static const std::vector<Answers> answers{
        {Provider::Yotel, "page.json", {QStringLiteral("items")}, "id", yotelFields(), {}, {}, {}},
        {Provider::Atoms,
         "atoms_page.json",
         {QStringLiteral("data"), QStringLiteral("logs")},
         "callId",
         atomsFields(),
         {{"postCallAnalytics", nothingOr(empties)},
          {"turnLatencyMetrics", nothingOr(empties)},
          {"callFailureReason", nothingOr(everyText())}},
         {QStringLiteral("recordingUrl"), QStringLiteral("createdAt")},
         {{QStringLiteral("type"), {QStringLiteral("from"), QStringLiteral("to")}}}},
        {Provider::Vatel,
         "vatel_page.json",
         {QStringLiteral("calls")},
         "id",
         vatelFields(),
         {{"outbound", nothingOr(flags)},
          {"extracted_variables", nothingOr(empties)},
          {"transcript", nothingOr(empties)},
          {"tags", nothingOr(empties + texts)},
          {"feedback", nothingOr(empties)},
          {"connected_at", everyMutation()},
          {"organization_id", everyMutation()}},
         {},
         {}},
        {Provider::Autocalls,
         "autocalls_page.json",
         {QStringLiteral("data")},
         "id",
         autocallsFields(),
         {{"transcript", nothingOr(empties + texts + everyText())},
          {"variables", nothingOr(empties)},
          {"evaluation", nothingOr(empties)},
          {"webhook_response", everyMutation()}},
         {},
         {}},
    };
    return answers;
}

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

Expected expectedNumber(const QByteArray& written) {
    bool isNumber = false;
    const double number = QString::fromLatin1(written).remove(u'"').trimmed().toDouble(&isNumber);
    return isNumber ? Expected{QString::number(number), false} : Expected{kNone, true};
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
            return expectedNumber(written);
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
QString printed(const Answers& answers, const Call& call) {
    QString text = toText(call.key) + u'|' + word(call.status) + word(call.direction) + word(call.endReason);
    for (const CallField& field : answers.fields) {
        text += u'|' + found(field, call);
    }
    text += call.transcriptText.value_or(QString()) + call.summary.value_or(QString()) + call.tags.join(u',');
    for (const FieldError& error : call.fieldErrors) {
        text += u'!' + error.path + error.problem;
    }
    return text + QString::fromUtf8(call.raw);
}

/// One provider's page with its fullest row in the middle.
class Page {
 public:
    explicit Page(const Answers& answers) : m_answers(answers), m_dialect(readDialectFor(answers.provider)) {
        m_account.name = QStringLiteral("main");
        m_account.provider = answers.provider;
        QFile file(QStringLiteral(EARMARK_SOURCE_DIR "/tests/providers/fixtures/") +
                   QString::fromLatin1(answers.fixture));
        const auto body = JsonBody::parse(file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
        if (!body) {
            return;
        }
        for (const JsonRow& row : body->rowsUnder(answers.rows).value_or(std::vector<JsonRow>())) {
            m_rows.push_back(row.text.toByteArray());
        }
        if (m_rows.size() == 3) {
            std::rotate(m_rows.begin(), m_rows.begin() + 2, m_rows.end());
            m_intact = parseWith(victim()).value_or(CallPage{});
        }
    }

    [[nodiscard]] const QByteArray& victim() const { return m_rows[kVictim]; }
    [[nodiscard]] const CallPage& intact() const { return m_intact; }
    [[nodiscard]] bool isSound() const {
        return m_intact.calls.size() == 3 && m_intact.calls[kVictim].fieldErrors.empty();
    }

    [[nodiscard]] Result<CallPage> parseWith(const QByteArray& row) const {
        QByteArray body = '[' + m_rows[0] + ',' + row + ',' + m_rows[2] + ']';
        for (auto name = m_answers.rows.crbegin(); name != m_answers.rows.crend(); ++name) {
            body = "{\"" + name->toUtf8() + "\":" + body + '}';
        }
        if (m_answers.provider == Provider::Atoms) {
            body.insert(1, "\"status\":true,");
        }
        return m_dialect->parsePage(m_account, body);
    }

    [[nodiscard]] CallDetails details(const Call& call) const { return m_dialect->details(m_account, call); }

 private:
    const Answers& m_answers;
    std::shared_ptr<const ReadDialect> m_dialect;
    Account m_account;
    std::vector<QByteArray> m_rows;
    CallPage m_intact;
};

const Page& pageOf(std::size_t provider) {
    static const std::vector<Page> pages = [] {
        std::vector<Page> made;
        for (const Answers& answers : allAnswers()) {
            made.emplace_back(answers);
        }
        return made;
    }();
    return pages[provider];
}

}  // namespace

class TestMutations : public QObject {
    Q_OBJECT

    static void checkNeighbours(std::size_t provider, const CallPage& page) {
        const Answers& answers = allAnswers()[provider];
        const CallPage& intact = pageOf(provider).intact();
        QCOMPARE(printed(answers, page.calls.front()), printed(answers, intact.calls.front()));
        QCOMPARE(printed(answers, page.calls.back()), printed(answers, intact.calls.back()));
    }

    /// One error about the victim, or none.
    static void checkNote(const Call& call, const QString& victim, bool isNoted) {
        QCOMPARE(call.fieldErrors.size(), std::size_t{isNoted ? 1U : 0U});
        if (isNoted) {
            QCOMPARE(call.fieldErrors.front().path.section(u'.', 0, 0), victim);
            QVERIFY(!call.fieldErrors.front().problem.isEmpty());
            QVERIFY(call.fieldErrors.front().problem.size() <= 200);
        }
    }

    static void checkOtherFields(std::size_t provider, const Call& call, const QString& victim) {
        const Answers& answers = allAnswers()[provider];
        const QStringList ruled = answers.rulesOver.value(victim);
        for (const CallField& other : answers.fields) {
            const QString name = QString::fromLatin1(other.name);
            if (name != victim && !ruled.contains(name)) {
                QCOMPARE(found(other, call), found(other, pageOf(provider).intact().calls[kVictim]));
            }
        }
    }

    static void checkRaw(const Call& call, const char* victim, const char* written) {
        if (written != nullptr) {
            const QByteArray member = QByteArray("\"") + victim + "\":" + compactJson(written);
            QVERIFY(call.raw.contains(member));
        }
    }

    template <typename Names>
    static void addRows(const Names& namesOf) {
        QTest::addColumn<std::size_t>("provider");
        QTest::addColumn<std::size_t>("victim");
        QTest::addColumn<std::size_t>("mutation");
        for (std::size_t provider = 0; provider < allAnswers().size(); ++provider) {
            const QStringList names = namesOf(allAnswers()[provider]);
            for (std::size_t victim = 0; victim < static_cast<std::size_t>(names.size()); ++victim) {
                for (std::size_t mutation = 0; mutation < std::size(kMutations); ++mutation) {
                    QTest::addRow("%s %s %s", qPrintable(word(allAnswers()[provider].provider)),
                                  qPrintable(names[static_cast<qsizetype>(victim)]), kMutations[mutation].name)
                        << provider << victim << mutation;
                }
            }
        }
    }

 private Q_SLOTS:
    void initTestCase() {
        for (std::size_t provider = 0; provider < allAnswers().size(); ++provider) {
            QVERIFY2(pageOf(provider).isSound(), allAnswers()[provider].fixture);
        }
    }

    void everyFieldByEveryMutation_data() {
        addRows([](const Answers& answers) {
            QStringList names;
            for (const CallField& field : answers.fields) {
                names += QString::fromLatin1(field.name);
            }
            return names;
        });
    }
    void everyFieldByEveryMutation() {
        QFETCH(std::size_t, provider);
        QFETCH(std::size_t, victim);
        QFETCH(std::size_t, mutation);
        const Answers& answers = allAnswers()[provider];
        const CallField& field = answers.fields[victim];
        const QString name = QString::fromLatin1(field.name);
        const char* written = kMutations[mutation].written;
        const auto page = pageOf(provider).parseWith(mutated(pageOf(provider).victim(), name, written));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        QCOMPARE(page->rejectedRows, 0);
        const Call& call = page->calls[kVictim];
        const Expected expected = expectedOf(field, written);
        if (!answers.secondBest.contains(name)) {
            QCOMPARE(found(field, call), expected.value);
        }
        checkNote(call, name, expected.isNoted);
        checkOtherFields(provider, call, name);
        checkRaw(call, field.name, written);
        checkNeighbours(provider, *page);
        (void)pageOf(provider).details(call);
    }

    void everyPartByEveryMutation_data() {
        addRows([](const Answers& answers) {
            QStringList names;
            for (const Part& part : answers.parts) {
                names += QString::fromLatin1(part.name);
            }
            return names;
        });
    }
    void everyPartByEveryMutation() {
        QFETCH(std::size_t, provider);
        QFETCH(std::size_t, victim);
        QFETCH(std::size_t, mutation);
        const Part& part = allAnswers()[provider].parts[victim];
        const QString name = QString::fromLatin1(part.name);
        const char* written = kMutations[mutation].written;
        const auto page = pageOf(provider).parseWith(mutated(pageOf(provider).victim(), name, written));
        QVERIFY(page.has_value());
        QCOMPARE(page->calls.size(), std::size_t{3});
        const Call& call = page->calls[kVictim];
        checkNote(call, name, !part.lawful.contains(QLatin1StringView(kMutations[mutation].name)));
        checkOtherFields(provider, call, name);
        checkRaw(call, part.name, written);
        checkNeighbours(provider, *page);
        (void)pageOf(provider).details(call);
    }

    void theIdItself_data() {
        addRows([](const Answers& answers) { return QStringList{QString::fromLatin1(answers.id)}; });
    }
    void theIdItself() {
        QFETCH(std::size_t, provider);
        QFETCH(std::size_t, mutation);
        const char* written = kMutations[mutation].written;
        const auto page = pageOf(provider).parseWith(
            mutated(pageOf(provider).victim(), QString::fromLatin1(allAnswers()[provider].id), written));
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
        checkNeighbours(provider, *page);
    }

    void unknownFieldsAreKeptInRaw() {
        for (std::size_t provider = 0; provider < allAnswers().size(); ++provider) {
            QByteArray row = pageOf(provider).victim();
            row.insert(1, "\"brand_new\": {\"x\": [1, 2.50]}, ");
            const auto page = pageOf(provider).parseWith(row);
            QVERIFY(page->calls[kVictim].raw.startsWith("{\"brand_new\":{\"x\":[1,2.50]},"));
            QVERIFY(page->calls[kVictim].fieldErrors.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestMutations)
#include "tst_mutations.moc"
