// The strip over a player without a sound device and a recording made here: what it shows, what it asks of the player,
// what it remembers.
#include <QApplication>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QVariantMap>

#include "tests/audio/soundfixture.h"
#include "tests/support/patience.h"
#include "ui/common/desksettings.h"
#include "ui/common/theme.h"
#include "ui/playback/callsound.h"
#include "ui/playback/player.h"
#include "ui/soundstrip/soundstrip.h"
#include "ui/soundstrip/stripedge.h"
#include "ui/soundstrip/timeline.h"
#include "ui/soundstrip/timeruler.h"
#include "ui/soundstrip/waveformview.h"
#include "ui/soundstrip/wavepainting.h"

using namespace earmark;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

class FakeSettings final : public DeskSettings {
 public:
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback) const override {
        return m_values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override { m_values.insert(key, value); }

 private:
    QVariantMap m_values;
};

Call callNamed(const QString& id) {
    Call call;
    call.key = {u"a"_s, id};
    call.provider = Provider::Yotel;
    call.status = CallStatus::Completed;
    const qint64 began = 1'776'500'000'000;
    call.dialTime = momentFromMs(began - 6'000);
    call.answerTime = momentFromMs(began - 1'000);
    call.agentConnectTime = momentFromMs(began);
    call.endTime = momentFromMs(began + 30'000);
    return call;
}

}  // namespace

class SoundStripTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsTheOpenRecording();
    void saysWhyThereIsNothing();
    void clickSeeks();
    void rulerMovesThePlayer();
    void dragLoopsAndEscapeEndsIt();
    void viewsShareOneScale();
    void goesAlongWithTheSound();
    void showsWhatWasPlayed();
    void asksForARecordingThatIsNotOpen();
    void anotherCallStartsAnew();
    void foldsTheTimelineFirst();
    void remembersHeightAndFolding();
    void isDescribed();

 private:
    void open();
    template <typename T>
    T* part() const {
        return m_strip->findChild<T*>();
    }
    void clickWave(milliseconds at) const {
        QTest::mouseClick(part<WaveformView>(), Qt::LeftButton, {}, {int(part<WaveformView>()->xOf(at)), 40});
    }
    void drag(QWidget* view, const QPoint& from, const QPoint& to) const {
        QTest::mousePress(view, Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, to, view->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view, &move);
        QTest::mouseRelease(view, Qt::LeftButton, {}, to);
    }

    QTemporaryDir m_folder;
    QString m_file;
    std::unique_ptr<FakeSettings> m_settings;
    std::unique_ptr<Player> m_player;
    std::unique_ptr<CallSound> m_sound;
    std::unique_ptr<SoundStrip> m_strip;
};

void SoundStripTest::initTestCase() {
    const QByteArray nowhere = QFile::encodeName(m_folder.path());
    qputenv("PULSE_SERVER", "unix:" + nowhere + "/nobody.sock");
    qputenv("XDG_RUNTIME_DIR", nowhere);
    theme::apply(ColorScheme::Light);
    m_file = m_folder.filePath(u"thirty.wav"_s);
    QVERIFY(fixture::writeFile(m_file, fixture::wav(fixture::noise(30 * 8000, 2), 8000, 2)));
}

void SoundStripTest::init() {
    m_settings = std::make_unique<FakeSettings>();
    m_player = std::make_unique<Player>();
    m_sound = std::make_unique<CallSound>(m_player.get(), nullptr, m_settings.get());
    m_strip = std::make_unique<SoundStrip>(m_sound.get(), m_player.get(), m_settings.get());
    m_strip->resize(1200, 220);
    m_strip->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_strip.get()));
}

void SoundStripTest::cleanup() {
    m_strip.reset();
    m_sound.reset();
    m_player.reset();
}

void SoundStripTest::open() {
    m_sound->setCall(callNamed(u"1"_s), nullptr);
    m_player->open({u"a"_s, u"1"_s}, m_file);
    QTRY_VERIFY(m_sound->map() != nullptr);
    QTRY_COMPARE(m_player->state(), PlayerState::Paused);
}

void SoundStripTest::showsTheOpenRecording() {
    open();
    QCOMPARE(part<WaveformView>()->laneCount(), 2);
    QCOMPARE(part<Timeline>()->places().whole(), (TimeSpan{-6s, 30s}));
    QVERIFY(part<WaveformView>()->scale().showsAll());
    QCOMPARE(part<WaveformView>()->scale().whole(), (TimeSpan{-6s, 30s}));
    QCOMPARE(part<WaveformView>()->position(), std::optional(0ms));
    for (const QSize size : {QSize(900, 96), QSize(1200, 184), QSize(2600, 480), QSize(320, 96)}) {
        m_strip->resize(size);
        QVERIFY(!m_strip->grab().isNull());
    }
}

void SoundStripTest::saysWhyThereIsNothing() {
    QVERIFY(part<WaveformView>()->scale().isEmpty());
    QVERIFY(part<WaveformView>()->accessibleDescription().isEmpty());
    Call call = callNamed(u"1"_s);
    call.dialTime.reset();
    call.answerTime.reset();
    call.agentConnectTime.reset();
    call.endTime.reset();
    m_sound->setCall(call, nullptr);
    QCOMPARE(part<WaveformView>()->accessibleDescription(), QString());  // nobody has said yet
    for (const QString& message : {u"Recording is there, not fetched yet. Play fetches it."_s, u"Offline."_s}) {
        m_strip->setRecordingMessage(message);
        QCOMPARE(part<WaveformView>()->accessibleDescription(), message);
    }
    m_strip->setRecordingMessage({});
    call.hasRecording = false;
    m_sound->setCall(call, nullptr);
    QCOMPARE(part<WaveformView>()->accessibleDescription(), u"This call has no recording."_s);
}

void SoundStripTest::clickSeeks() {
    open();
    for (const milliseconds at : {12'000ms, 3'000ms}) {
        clickWave(at);
        const double perPixel = part<WaveformView>()->scale().millisecondsPerPixel();
        QVERIFY(std::abs((m_player->position() - at).count()) <= qint64(std::ceil(perPixel)));
    }
    clickWave(-3s);  // the call was not recorded yet
    QCOMPARE(m_player->position(), 0ms);
}

void SoundStripTest::rulerMovesThePlayer() {
    open();
    auto* ruler = part<TimeRuler>();
    drag(ruler, {int(ruler->xOf(5s)), 10}, {int(ruler->xOf(20s)), 10});
    QTRY_VERIFY(std::abs((m_player->position() - 20s).count()) < 200);
    QCOMPARE(m_player->state(), PlayerState::Paused);
}

void SoundStripTest::dragLoopsAndEscapeEndsIt() {
    open();
    auto* wave = part<WaveformView>();
    drag(wave, {int(wave->xOf(10s)), 40}, {int(wave->xOf(15s)), 40});
    QVERIFY(m_player->loop());
    QVERIFY(std::abs((m_player->loop()->begin - 10s).count()) < 50);
    QVERIFY(std::abs((m_player->loop()->end - 15s).count()) < 50);
    QVERIFY(wave->accessibleDescription().contains(u"loop from "_s));
    QTest::keyClick(wave, Qt::Key_Escape);
    QVERIFY(!m_player->loop());
}

void SoundStripTest::viewsShareOneScale() {
    open();
    m_strip->zoomIn();
    m_strip->zoomIn();
    const TimeScale scale = part<WaveformView>()->scale();
    QVERIFY(!scale.showsAll());
    QCOMPARE(part<Timeline>()->scale(), scale);
    QCOMPARE(part<TimeRuler>()->scale(), scale);
    QVERIFY(std::abs(part<WaveformView>()->xOf(5s) - part<Timeline>()->xOf(5s)) < 1e-9);
    m_strip->zoomOut();
    QVERIFY(part<Timeline>()->scale().millisecondsPerPixel() > scale.millisecondsPerPixel());
    Q_EMIT part<Timeline>()->zoomWanted(1e6, 300);
    QCOMPARE(part<WaveformView>()->scale().millisecondsPerPixel(), TimeScale::kFinest);
    m_strip->zoomAll();
    QVERIFY(part<WaveformView>()->scale().showsAll());
    m_strip->resize(800, 220);
    QVERIFY(part<WaveformView>()->scale().showsAll());
}

void SoundStripTest::goesAlongWithTheSound() {
    open();
    auto* wave = part<WaveformView>();
    Q_EMIT wave->zoomWanted(1e6, 0);  // about ten seconds in sight
    QVERIFY(!wave->scale().shows(25s));
    m_player->seek(25s);
    QTRY_VERIFY(wave->scale().shows(25s));
    Q_EMIT wave->scrollWanted(-1e9);
    QVERIFY(!wave->scale().shows(25s));
    m_player->play();
    QTRY_VERIFY(m_player->position() > 25'300ms);
    QVERIFY(!wave->scale().shows(m_player->position()));  // the hand was there last
    m_player->pause();
    m_player->seek(28s);
    QTRY_VERIFY(wave->scale().shows(28s));

    // A hand that draws a stretch is not left alone on another page.
    QTest::mousePress(wave, Qt::LeftButton, {}, {int(wave->xOf(27s)), 40});
    m_player->seek(2s);
    QTest::qWait(50);
    QVERIFY(wave->scale().shows(27s));
    QTest::mouseRelease(wave, Qt::LeftButton, {}, {int(wave->xOf(27s)), 40});
}

void SoundStripTest::showsWhatWasPlayed() {
    open();
    auto* wave = part<WaveformView>();
    const auto isPlayed = [wave](milliseconds at) {
        const QImage image = wave->grab().toImage();
        return image.pixel(int(wave->xOf(at)), image.height() - kPlayedBand + 2) == theme::accent().rgb();
    };
    m_player->seek(10s);
    m_player->play();
    QTRY_VERIFY(m_player->position() > 10'600ms);
    m_player->pause();
    m_player->seek(20s);
    QTRY_VERIFY(isPlayed(10'300ms));
    QVERIFY(!isPlayed(9'500ms));
    QVERIFY(!isPlayed(15s));
    m_player->rememberListening(m_player->call().value(), {{}, {}, {{14s, 16s}}});  // of an earlier day
    QVERIFY(isPlayed(15s));
    QVERIFY(isPlayed(10'300ms));
    const Call shown = *m_sound->call();
    m_sound->setCall(callNamed(u"2"_s), nullptr);
    QVERIFY(!isPlayed(15s));
    m_sound->setCall(shown, nullptr);  // back to it
    QVERIFY(isPlayed(15s));
}

void SoundStripTest::asksForARecordingThatIsNotOpen() {
    const QSignalSpy wanted(m_strip.get(), &SoundStrip::playWanted);
    m_sound->setCall(callNamed(u"2"_s), nullptr);
    QVERIFY(!part<Timeline>()->scale().isEmpty());  // the times of the call are known without its sound
    Q_EMIT part<Timeline>()->seekWanted(7s);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.first().first().value<milliseconds>(), milliseconds(7s));
}

void SoundStripTest::anotherCallStartsAnew() {
    open();
    m_strip->zoomIn();
    m_sound->setCall(callNamed(u"1"_s), nullptr);  // told anew
    QVERIFY(!part<WaveformView>()->scale().showsAll());
    m_player->setLoop(TimeSpan{2s, 5s});
    m_sound->setCall(callNamed(u"2"_s), nullptr);
    QVERIFY(part<WaveformView>()->scale().showsAll());
    QCOMPARE(part<WaveformView>()->laneCount(), 0);
    QVERIFY(!part<WaveformView>()->position());
    m_sound->clear();
    QVERIFY(part<WaveformView>()->scale().isEmpty());
}

void SoundStripTest::foldsTheTimelineFirst() {
    QVERIFY(m_strip->minimumSizeHint().height() <= 96);
    m_strip->resize(1000, 96);
    QVERIFY(!part<Timeline>()->isVisible());
    QVERIFY(part<WaveformView>()->isVisible());
    QVERIFY(part<WaveformView>()->height() >= 48);
    m_strip->resize(1000, 200);
    QVERIFY(part<Timeline>()->isVisible());
    QVERIFY(part<Timeline>()->geometry().bottom() < part<WaveformView>()->geometry().top());
}

void SoundStripTest::remembersHeightAndFolding() {
    const int usual = m_strip->sizeHint().height();
    drag(part<StripEdge>(), {600, 2}, {600, 2 - 40});
    QVERIFY(m_strip->sizeHint().height() != usual);
    const int wanted = m_strip->sizeHint().height();
    m_strip->findChild<QToolButton*>(u"soundStripFold"_s)->click();
    QVERIFY(m_strip->isFolded());
    QVERIFY(!part<WaveformView>()->isVisible());
    QVERIFY(part<TimeRuler>()->isVisible());
    QVERIFY(m_strip->sizeHint().height() < 40);

    SoundStrip again(m_sound.get(), m_player.get(), m_settings.get());
    QVERIFY(again.isFolded());
    again.setFolded(false);
    QCOMPARE(again.sizeHint().height(), wanted);
}

void SoundStripTest::isDescribed() {
    open();
    m_player->seek(12s);
    QTRY_VERIFY(part<WaveformView>()->accessibleDescription().startsWith(u"At 0:12 of 0:30"_s));
    for (const QWidget* each : m_strip->findChildren<QWidget*>()) {
        if (each->focusPolicy() != Qt::NoFocus) {
            QVERIFY2(!each->accessibleName().isEmpty(), each->metaObject()->className());
        }
    }
}

QTEST_MAIN(SoundStripTest)
#include "tst_soundstrip.moc"
