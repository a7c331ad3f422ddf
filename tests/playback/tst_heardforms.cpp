// Every container and codec that can be made here, played by the Player and heard back: the right sound, from the right
// place, at the right speed, each voice on its own side.
#include <QTest>

#include "tests/audio/audioencoder.h"
#include "tests/audio/soundfixture.h"
#include "tests/playback/listencheck.h"
#include "tests/support/patience.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kLength = 500ms;

}  // namespace

class TestHeardForms : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void everyForm_data();
    void everyForm();
    void oddFiles_data();
    void oddFiles();
    void aWrongSoundIsNoticed();

 private:
    [[nodiscard]] QByteArray made(const char* form) const;
    [[nodiscard]] Listen hear(const QString& file, const fixture::Voices& expected, const ListenLimits& limits);

    QTemporaryDir m_folder;
    NullSink m_sink{Listener::kRate};
    fixture::Voices m_voices;
    fixture::Voices m_expected;  ///< at the recorder's rate
    std::unique_ptr<Player> m_player;
    std::unique_ptr<Listener> m_listener;
};

void TestHeardForms::initTestCase() {
    const QString missing = m_sink.start();
    if (!missing.isEmpty()) {
        QSKIP(qPrintable(missing));
    }
    m_voices = fixture::demoVoices();
    QCOMPARE(m_voices.channels.size(), 2U);
    m_expected = m_voices.at(Listener::kRate);
    m_player = std::make_unique<Player>();
    m_listener = std::make_unique<Listener>(&m_sink, m_player.get());
}

Listen TestHeardForms::hear(const QString& file, const fixture::Voices& expected, const ListenLimits& limits) {
    const auto from = loudPlace(expected, 300ms, kLength);
    return listenUntilRight(limits, [&] {
        if (const QString deaf = m_sink.startRecording(); !deaf.isEmpty()) {
            return Listen{deaf, {}};
        }
        const auto lead = std::chrono::milliseconds(static_cast<int>(limits.leadMs));
        const QString trouble = m_listener->play(file, from, kLength + lead);
        return trouble.isEmpty() ? m_listener->judge(expected, from, kLength) : Listen{trouble, {}};
    });
}

/// The bytes of both voices in the form of that name.
QByteArray TestHeardForms::made(const char* form) const {
    const QString path = m_folder.filePath(u"made"_s);
    for (const fixture::AudioForm& each : fixture::audioForms()) {
        QFile file(path);
        if (QLatin1StringView(each.name) == QLatin1StringView(form) &&
            fixture::encode(each, m_voices.at(each.rate).samples(each.channels), path).isEmpty() &&
            file.open(QIODevice::ReadOnly)) {
            return file.readAll();
        }
    }
    return {};
}

void TestHeardForms::everyForm_data() {
    QTest::addColumn<int>("index");
    int index = 0;
    for (const fixture::AudioForm& form : fixture::audioForms()) {
        QTest::newRow(form.name) << index++;
    }
}

void TestHeardForms::everyForm() {
    QFETCH(int, index);
    const fixture::AudioForm& form = fixture::audioForms()[static_cast<std::size_t>(index)];
    const QString file = m_folder.filePath(u"%1.%2"_s.arg(index).arg(QLatin1StringView(form.suffix)));
    QCOMPARE(fixture::encode(form, m_voices.at(form.rate).samples(form.channels), file), QString());
    fixture::Voices expected = m_expected;
    expected.channels.resize(static_cast<std::size_t>(form.channels));
    const ListenLimits limits{.leastFit = form.leastFit,
                              .leadMs = static_cast<double>(form.leadMs),
                              .gain = form.channels == 1 ? kMonoGain : 1};
    const Listen listen = hear(file, expected, limits);
    qInfo().noquote() << described(listen);
    MUST_BE_RIGHT(listen, limits);
    QVERIFY(m_player->notice().isEmpty());
}

void TestHeardForms::oddFiles_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("notice");
    QTest::addColumn<int>("leadMs");
    const auto row = [](const char* what, const QByteArray& bytes, const QString& name, const QString& notice = {},
                        int leadMs = 0) { QTest::newRow(what) << bytes << name << notice << leadMs; };
    const QByteArray wav = made("wav pcm 16 bit stereo");
    const QByteArray mp3 = made("mp3 44.1 kHz");
    QVERIFY(wav.size() > 80'000 && mp3.size() > 30'000);
    QByteArray streamed = wav;
    streamed.replace(4, 4, QByteArray(4, '\xff')).replace(streamed.indexOf("data") + 4, 4, QByteArray(4, '\xff'));
    row("both sizes unknown", streamed, u"a.wav"_s);
    row("size 0", QByteArray(wav).replace(4, 4, QByteArray(4, '\0')), u"a.wav"_s);
    row("cut wav", wav.first(wav.size() - 4 * 8000 * 8 / 10), u"a.wav"_s,
        u"Damaged after 0:02; what exists is played."_s);
    row("cut mp3", mp3.first(mp3.size() * 3 / 4), u"a.mp3"_s, u"Damaged after 0:02; what exists is played."_s);
    row("mp3 named wav", mp3, u"a.wav"_s);
    row("wav named mp3", wav, u"a.mp3"_s);
    const QByteArray title = QByteArray("\x01") + QByteArray::fromHex("fffe2d4e8765ee04") + QByteArray(11, '\0');
    row("tag with other letters",
        "ID3\x03" + QByteArray(5, '\0') + char(30) + "TIT2" + QByteArray(3, '\0') + char(20) + QByteArray(2, '\0') +
            title + mp3,
        u"a.mp3"_s);
    const qsizetype info = mp3.indexOf("Info") > 0 ? mp3.indexOf("Info") : mp3.indexOf("Xing");
    QVERIFY(info > 0);
    const QByteArray sync = mp3.mid(mp3.lastIndexOf('\xff', info), 2);
    row("mp3 without a head", mp3.mid(mp3.indexOf(sync, info + 100)), u"a.mp3"_s, {}, 26);
}

void TestHeardForms::oddFiles() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, name);
    QFETCH(QString, notice);
    QFETCH(int, leadMs);
    QVERIFY(fixture::writeFile(m_folder.filePath(name), bytes));
    const ListenLimits limits{.leastFit = 0.95, .leadMs = static_cast<double>(leadMs)};
    const Listen listen = hear(m_folder.filePath(name), m_expected, limits);
    qInfo().noquote() << described(listen);
    MUST_BE_RIGHT(listen, limits);
    QTRY_COMPARE(m_player->notice(), notice);
}

/// The judge itself: swapped sides, 2 % too fast, 40 ms too late and a quarter of the loudness are each found.
void TestHeardForms::aWrongSoundIsNoticed() {
    const auto& form = fixture::audioForms()[1];
    const QString file = m_folder.filePath(u"judge.wav"_s);
    QCOMPARE(fixture::encode(form, m_voices.samples(2), file), QString());
    const auto from = loudPlace(m_expected, 300ms, kLength);
    const ListenLimits limits{.leastFit = 0.99};
    const Listen own = hear(file, m_expected, limits);
    MUST_BE_RIGHT(own, limits);
    const auto judged = [&](const fixture::Voices& voices, std::chrono::milliseconds place) {
        return isRight(m_listener->judge(voices, place, kLength), {});
    };
    fixture::Voices swapped = m_expected;
    std::swap(swapped.channels[0], swapped.channels[1]);
    QVERIFY(!judged(swapped, from));
    fixture::Voices fast = m_expected;
    fixture::Voices quiet = m_expected;
    for (std::size_t side = 0; side < 2; ++side) {
        fast.channels[side] = fixture::resampled(m_expected.channels[side], 48000, 48960);
        std::transform(quiet.channels[side].begin(), quiet.channels[side].end(), quiet.channels[side].begin(),
                       [](double value) { return 4 * value; });
    }
    QVERIFY(!judged(fast, from * 102 / 100));
    QVERIFY(!judged(quiet, from));
    QVERIFY(!judged(m_expected, from + 40ms));
}

QTEST_GUILESS_MAIN(TestHeardForms)
#include "tst_heardforms.moc"
