// The same calls through four dialects: what every provider tells comes out alike, what only some tell is as each does.
// Skipped, and said so, where the shared collection of answers is not beside the source.
#include <QDateTime>
#include <QDirIterator>
#include <QSet>
#include <QTest>
#include <array>
#include <map>

#include "models/domain/fields.h"
#include "tests/providers/sharedanswers.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr std::array kProviders{Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls};

QString named(Provider provider, const QJsonObject& dialogue) {
    return word(provider) + u' ' + dialogue.value(u"sid"_s).toString();
}

/// A time that is one of the truth's, to a second.
bool isAt(const std::optional<Moment>& time, const QJsonObject& dialogue, const char* name) {
    const auto known = QDateTime::fromString(dialogue.value(QLatin1StringView(name)).toString(), Qt::ISODate);
    return time && known.isValid() && qAbs(toMs(*time) - known.toMSecsSinceEpoch()) <= 1000;
}

}  // namespace

class TestFourDialects : public QObject {
    Q_OBJECT

    struct Desk {
        std::shared_ptr<const ReadDialect> dialect;
        Account account;
        std::vector<Call> calls;
    };
    std::map<Provider, Desk> m_desks;

    /// Every page of a provider, and the single calls laid over their rows where they are a part of their own.
    void read(Provider provider) {
        Desk desk;
        desk.dialect = readDialectFor(provider);
        QVERIFY2(desk.dialect, qPrintable(word(provider)));
        desk.account.name = u"main"_s;
        desk.account.provider = provider;
        QMap<QString, Call> calls;
        QDirIterator files(sharedData() + u"pages/"_s + word(provider), {u"*.json"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        QStringList paths;
        while (files.hasNext()) {
            paths += files.next();
        }
        paths.sort();
        const auto take = [&calls](const Call& call) {
            const QString id = call.key.remoteId;
            const auto known = calls.constFind(id);
            calls.insert(id, known == calls.constEnd() ? call : mergedCall(*known, call));
        };
        for (const bool areSingles : {false, true}) {
            for (const QString& path : paths) {
                const bool isSingle = path.contains(u"/call/") || path.contains(u"pages/yotel/calls/");
                if (isSingle != areSingles || path.contains(u"error_") || path.endsWith(u"empty.json")) {
                    continue;
                }
                const QByteArray body = contents(path.mid(sharedData().size()));
                if (isSingle) {
                    const auto call = desk.dialect->parseCall(desk.account, body);
                    QVERIFY2(call, qPrintable(path));
                    take(*call);
                    continue;
                }
                const auto page = desk.dialect->parsePage(desk.account, body);
                QVERIFY2(page, qPrintable(path));
                for (const Call& call : page->calls) {
                    take(call);
                }
            }
        }
        for (const Call& call : calls) {
            desk.calls.push_back(call);
        }
        QCOMPARE(static_cast<int>(desk.calls.size()), truthOf(provider).value(u"rows"_s).toInt());
        m_desks[provider] = std::move(desk);
    }

    const Call& callOf(Provider provider, const QJsonObject& dialogue) const {
        static const Call none;
        const QJsonValue id = dialogue.value(u"ids"_s).toObject().value(word(provider));
        const Call* call = findCall(m_desks.at(provider).calls, id.toVariant().toString());
        return call != nullptr ? *call : none;
    }

    CallDetails detailsOf(Provider provider, const QJsonObject& dialogue) const {
        const Desk& desk = m_desks.at(provider);
        return desk.dialect->details(desk.account, callOf(provider, dialogue));
    }

 private Q_SLOTS:
    void initTestCase() {
        if (!hasSharedAnswers()) {
            QSKIP("The shared collection of answers is not beside the source: the dialects are not compared.");
        }
        for (const Provider provider : kProviders) {
            read(provider);
        }
        QCOMPARE(test::dialogues().size(), 20);
    }

    void oneTruth_data() {
        QTest::addColumn<QJsonObject>("dialogue");
        for (const auto& dialogue : test::dialogues()) {
            QTest::newRow(qPrintable(dialogue.toObject().value(u"sid"_s).toString())) << dialogue.toObject();
        }
    }
    void oneTruth() {
        QFETCH(QJsonObject, dialogue);
        const Call& yotel = callOf(Provider::Yotel, dialogue);
        QVERIFY(yotel.summary && yotel.direction != Direction::Unknown);
        const Call& vatel = callOf(Provider::Vatel, dialogue);
        QVERIFY(vatel.customerNumber && !vatel.customerNumber->isEmpty());
        for (const Provider provider : kProviders) {
            const Call& call = callOf(provider, dialogue);
            const QString where = named(provider, dialogue);
            QVERIFY2(call.summary == yotel.summary, qPrintable(where));
            QVERIFY2(call.direction == yotel.direction, qPrintable(where));
            QVERIFY2(isAt(startTime(call), dialogue, "dial"), qPrintable(where));
            QVERIFY2(call.status == CallStatus::Completed, qPrintable(where));
            QVERIFY2(call.fieldErrors.empty(), qPrintable(where));
            const bool hasNumber = provider != Provider::Yotel;
            QVERIFY2(call.customerNumber == (hasNumber ? vatel.customerNumber : std::nullopt), qPrintable(where));
            const auto recording = provider == Provider::Vatel ? std::nullopt : std::optional(true);
            QVERIFY2(call.hasRecording == recording, qPrintable(where));
        }
    }

    void oneTranscript_data() { oneTruth_data(); }
    void oneTranscript() {
        QFETCH(QJsonObject, dialogue);
        QStringList known;
        for (const auto& turn : dialogue.value(u"turns"_s).toArray()) {
            known += turn.toArray().at(2).toString() + u": "_s + turn.toArray().at(3).toString();
        }
        QVERIFY(!known.isEmpty());
        for (const Provider provider : kProviders) {
            QStringList said;
            for (const Turn& turn : detailsOf(provider, dialogue).transcript) {
                if (turn.kind == TurnKind::Message) {
                    said += word(turn.speaker) + u": "_s + turn.text;
                }
            }
            const QString where = named(provider, dialogue);
            if (provider == Provider::Yotel) {
                QVERIFY2(said.isEmpty() && !callOf(provider, dialogue).hasTranscript, qPrintable(where));
                continue;
            }
            QVERIFY2(said == known, qPrintable(where + u'\n' + said.join(u'\n')));
            QVERIFY2(callOf(provider, dialogue).hasTranscript == true, qPrintable(where));
            for (const QString& line : known) {
                const QString text = line.section(u": "_s, 1);
                QVERIFY2(callOf(provider, dialogue).transcriptText->contains(text), qPrintable(where + text));
            }
        }
    }

    void asEachProviderTells_data() { oneTruth_data(); }
    void asEachProviderTells() {
        QFETCH(QJsonObject, dialogue);
        const Call& yotel = callOf(Provider::Yotel, dialogue);
        QVERIFY(isAt(yotel.ringTime, dialogue, "ring") && isAt(yotel.answerTime, dialogue, "answer"));
        QVERIFY(isAt(yotel.agentConnectTime, dialogue, "agent_connect") && isAt(yotel.endTime, dialogue, "end"));
        QCOMPARE(*yotel.talkSeconds, dialogue.value(u"talk_s"_s).toDouble());
        const Call& vatel = callOf(Provider::Vatel, dialogue);
        QVERIFY(isAt(vatel.answerTime, dialogue, "agent_connect") && isAt(vatel.endTime, dialogue, "end"));
        // Three providers count from the moment in which the agent speaks, Yotel from the answer.
        const auto connected = std::chrono::duration<double>(*yotel.endTime - *yotel.agentConnectTime).count();
        for (const Provider provider : {Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
            const Call& call = callOf(provider, dialogue);
            QVERIFY2(call.talkSeconds && qAbs(*call.talkSeconds - connected) <= 1.0,
                     qPrintable(named(provider, dialogue)));
        }
        const QString sentiment = dialogue.value(u"sentiment"_s).toString();
        const Call& autocalls = callOf(Provider::Autocalls, dialogue);
        QVERIFY(yotel.sentiment == sentiment && autocalls.sentiment == sentiment && !vatel.sentiment);
        const QString disposition = dialogue.value(u"disposition"_s).toString();
        QVERIFY(yotel.disposition == disposition && autocalls.disposition == disposition && !vatel.disposition);
        QVERIFY(autocalls.agentName == dialogue.value(u"agent"_s).toString());
        QVERIFY(!autocalls.answerTime && !autocalls.endTime && !callOf(Provider::Atoms, dialogue).endTime);
    }

    void whatIsNotOfferedIsNotThere() {
        for (const Provider provider : kProviders) {
            for (const Call& call : m_desks.at(provider).calls) {
                ReviewedCall reviewed;
                reviewed.call = call;
                for (const FieldInfo& field : allFields()) {
                    if (offers(provider, field.field) || field.kind == FieldKind::List) {
                        continue;
                    }
                    QVERIFY2(std::holds_alternative<std::monostate>(value(reviewed, field.field)),
                             qPrintable(word(provider) + u' ' + QLatin1StringView(field.jsonName)));
                }
                QVERIFY(offers(provider, Field::Tags) || call.tags.isEmpty());
            }
        }
    }

    void whatIsOfferedIsTold() {
        // Each field that a provider is said to offer has a value in one of its sixty calls at least.
        const QSet<Field> elsewhere{Field::Campaign,   Field::Agent,    Field::HasRecording, Field::Sentiment,
                                    Field::NextAction, Field::LatencyMs};  // by other answers, or where configured
        for (const Provider provider : kProviders) {
            for (const FieldInfo& field : allFields()) {
                if (!offers(provider, field.field) || offersAlways(field.field) || elsewhere.contains(field.field)) {
                    continue;
                }
                const auto& calls = m_desks.at(provider).calls;
                const bool isTold = std::any_of(calls.begin(), calls.end(), [&](const Call& call) {
                    ReviewedCall reviewed;
                    reviewed.call = call;
                    return !std::holds_alternative<std::monostate>(value(reviewed, field.field));
                });
                QVERIFY2(isTold, qPrintable(word(provider) + u' ' + QLatin1StringView(field.jsonName)));
            }
        }
    }

 private:
    static bool offersAlways(Field field) {
        return std::all_of(kProviders.begin(), kProviders.end(),
                           [field](Provider provider) { return offers(provider, field); });
    }
};

QTEST_GUILESS_MAIN(TestFourDialects)
#include "tst_fourdialects.moc"
