#include "ui/playback/qtsound.h"

#include <QAudioDevice>
#include <QAudioSink>
#include <QMediaDevices>
#include <QThread>
#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "ui/playback/pcmfeed.h"
#include "ui/playback/pulsemends.h"
#include "ui/playback/serverretry.h"

namespace earmark {

namespace {

constexpr qint64 kBufferUs = 100'000;  // with Qt 6.4, 40 ms stall

std::optional<QAudioFormat> formatFor(const QAudioDevice& device) {
    QAudioFormat format = device.preferredFormat();
    if (!format.isValid()) {
        return std::nullopt;
    }
    for (const int channels : {2, 1, format.channelCount()}) {
        format.setChannelCount(channels);
        for (const auto sample : {QAudioFormat::Int16, QAudioFormat::Float, QAudioFormat::Int32, QAudioFormat::UInt8}) {
            format.setSampleFormat(sample);
            if (device.isFormatSupported(format)) {
                return format;
            }
        }
    }
    return std::nullopt;
}

class QtSoundDevice final : public SoundDevice {
 public:
    QtSoundDevice(const QAudioDevice& device, const QAudioFormat& format, std::unique_ptr<PcmFeed> feed)
        : m_sink(new QAudioSink(device, format)), m_feed(feed.release()) {
        m_feed->setParent(m_sink);  // which reads from it until it is gone
        m_sink->setBufferSize(format.bytesForDuration(kBufferUs));
        m_sink->start(m_feed);
    }
    QtSoundDevice(const QtSoundDevice&) = delete;
    QtSoundDevice& operator=(const QtSoundDevice&) = delete;
    ~QtSoundDevice() override {
        // Qt 6.4.2 takes events while it destroys a sink, and one that still runs then feeds a stream that is gone: the
        // program ends there. A stopped one does not.
        m_sink->stop();
        m_sink->deleteLater();
    }

    [[nodiscard]] bool isGood() const { return m_sink->error() == QAudio::NoError && !isStopped(); }
    [[nodiscard]] PcmFeed& feed() override { return *m_feed; }
    void suspend() override { m_sink->suspend(); }
    void resume() override { m_sink->resume(); }
    [[nodiscard]] bool isSuspended() const override { return m_sink->state() == QAudio::SuspendedState; }
    [[nodiscard]] bool isStopped() const override { return m_sink->state() == QAudio::StoppedState; }
    [[nodiscard]] int sampleRate() const override { return m_sink->format().sampleRate(); }
    [[nodiscard]] std::int64_t bufferFrames() const override {
        return m_sink->bufferSize() / std::max(1, m_sink->format().bytesPerFrame());
    }
    [[nodiscard]] std::int64_t playedFrames() const override {
        // Qt's figure knows what the sound server still holds; where a back end gives none, our own buffer is counted.
        const std::int64_t written = m_feed->writtenFrames();
        if (const qint64 microseconds = m_sink->processedUSecs(); microseconds > 0) {
            return std::min<std::int64_t>(written, microseconds * sampleRate() / 1'000'000);
        }
        const qint64 buffered = std::max<qint64>(0, m_sink->bufferSize() - m_sink->bytesFree());
        return std::max<std::int64_t>(0, written - buffered / std::max(1, m_sink->format().bytesPerFrame()));
    }

 private:
    QAudioSink* m_sink;
    PcmFeed* m_feed;
};

class QtSoundSystem final : public SoundSystem {
 public:
    QtSoundSystem() {
        mendPulse();
        // What Qt keeps of a sound server lives in the thread that asks for the first time, and needs its events.
        static std::once_flag once;
        std::call_once(once, [] {
            s_retry = new ServerRetry;  // stays, as what Qt keeps
            static_cast<void>(QMediaDevices::audioOutputs());
        });
    }
    [[nodiscard]] bool needsThisThread() const override { return s_retry.load()->thread() == QThread::currentThread(); }
    void lookNow() override { s_retry.load()->tryNow(); }
    [[nodiscard]] QList<OutputDevice> devices() override {
        QList<OutputDevice> told;
        for (const QAudioDevice& device : QMediaDevices::audioOutputs()) {
            told.append({device.id(), device.description(), device.isDefault()});
        }
        return told;
    }
    [[nodiscard]] std::unique_ptr<SoundDevice> open(const QByteArray& id, const FeedMaker& makeFeed) override {
        for (const QAudioDevice& device : QMediaDevices::audioOutputs()) {
            const auto format = device.id() == id ? formatFor(device) : std::nullopt;
            if (format) {
                auto opened = std::make_unique<QtSoundDevice>(device, *format, makeFeed(*format));
                return opened->isGood() ? std::move(opened) : nullptr;
            }
        }
        return nullptr;
    }

 private:
    static inline std::atomic<ServerRetry*> s_retry{};
};

}  // namespace

std::unique_ptr<SoundSystem> makeQtSoundSystem() {
    return std::make_unique<QtSoundSystem>();
}

}  // namespace earmark
