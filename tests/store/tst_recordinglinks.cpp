// Signed links of recordings: they lie in one place only, and go when nobody needs them any more.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "models/store/callsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kSigned = "https://storage.test/rec/1.wav?X-Goog-Signature=SIGCANARY&X-Goog-Date=20260418";

Call callWith(int number, const QString& link) {
    Call call = sample::wholeCall(number);
    call.recordingUrl = link;
    // As providers write it: slashes and ampersands may be escaped.
    call.raw = "{\"id\":\"1\",\"recording_url\":\"" + link.toUtf8().replace("/", "\\/").replace("&", "\\u0026") + "\"}";
    return call;
}

}  // namespace

class TestRecordingLinks : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        auto opened = CallsDatabase::open(file(), CallsDatabase::Access::ReadWrite);
        QVERIFY(opened.has_value());
        m_database = std::move(*opened);
    }
    void cleanup() { m_database.reset(); }

    void rawHoldsNoSignature() {
        store({callWith(1, QLatin1StringView(kSigned))});
        const Call read = load(1);
        QCOMPARE(read.recordingUrl, std::optional<QString>(QLatin1StringView(kSigned)));
        QVERIFY(!read.raw.contains("SIGCANARY") && !read.raw.contains("X-Goog"));
        QVERIFY(read.raw.contains("storage.test"));
        // Told again with another signature: that one counts, and still lies in one place.
        store({callWith(1, QString::fromLatin1(kSigned).replace(u"SIGCANARY"_s, u"SIGSECOND"_s))});
        QVERIFY(load(1).recordingUrl->contains(u"SIGSECOND"_s));
        QVERIFY(!load(1).raw.contains("SIG"));
    }

    void aFetchedRecordingNeedsNoLink() {
        store({callWith(1, QLatin1StringView(kSigned)), callWith(2, QLatin1StringView(kSigned))});
        QVERIFY(m_database->dropLink(load(1).key).has_value());
        QVERIFY(!load(1).recordingUrl && load(1).hasRecording == true);
        QVERIFY(load(2).recordingUrl.has_value());
        QVERIFY(m_database->dropLink(load(2).key).has_value());
        m_database.reset();
        // Not only out of sight: no page of the file holds it.
        QFile whole(file());
        QVERIFY(whole.open(QIODevice::ReadOnly));
        QVERIFY(!whole.readAll().contains("SIGCANARY"));
    }

    void oldLinksGo() {
        store({callWith(1, QLatin1StringView(kSigned))}, sample::kNow - std::chrono::hours(8 * 24));
        store({callWith(2, QLatin1StringView(kSigned))}, sample::kNow);
        store({callWith(3, u"https://storage.test/rec/open.wav"_s)}, sample::kNow - std::chrono::hours(8 * 24));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(m_database->dropLinksToldBefore(sample::kNow - std::chrono::hours(7 * 24)).has_value());
            QVERIFY(!load(1).recordingUrl);
            QVERIFY(load(2).recordingUrl.has_value());
            QVERIFY(load(3).recordingUrl.has_value());  // nobody signed it
        }
    }

 private:
    QString file() const { return m_folder->filePath(u"calls.db"_s); }
    void store(const std::vector<Call>& calls, Moment at = sample::kNow) {
        QVERIFY(m_database->storePage({u"main"_s, calls, std::nullopt}, at).has_value());
    }
    Call load(int number) {
        const auto read = m_database->call(sample::wholeCall(number).key);
        return read && *read ? (*read)->call : Call();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<CallsDatabase> m_database;
};

QTEST_GUILESS_MAIN(TestRecordingLinks)
#include "tst_recordinglinks.moc"
