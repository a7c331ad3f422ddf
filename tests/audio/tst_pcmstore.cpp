#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <numeric>
#include <thread>

#include "models/audio/pcmstore.h"

using namespace earmark;

namespace {

std::int16_t valueAt(std::int64_t sample) {
    return static_cast<std::int16_t>((sample * 2654435761LL) >> 7);
}

std::vector<std::int16_t> ramp(std::int64_t from, std::int64_t count) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        samples[static_cast<std::size_t>(i)] = valueAt(from + i);
    }
    return samples;
}

/// First sample in the read piece that is not what was written there, or -1.
std::int64_t firstWrong(const PcmStore& store, std::int64_t frame, std::int64_t frames) {
    const int channels = store.format().channels;
    std::vector<std::int16_t> got(static_cast<std::size_t>(frames * channels));
    const std::int64_t count = store.read(frame, got);
    for (std::int64_t i = 0; i < count * channels; ++i) {
        if (got[static_cast<std::size_t>(i)] != valueAt(frame * channels + i)) {
            return frame * channels + i;
        }
    }
    return -1;
}

}  // namespace

class TestPcmStore : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void keepsWhatWasWritten();
    void readsOverTheEndAndOutside();
    void spillsBeyondTheMemoryLimit();
    void spillFolderThatCannotBeWritten();
    void refusesMoreThanTheTotalLimit();
    void tellsLengthBeforeAndAfterTheEnd();
    void isReadWhileItIsWritten();
};

void TestPcmStore::keepsWhatWasWritten() {
    PcmStore store({8000, 2}, "/nonexistent");
    std::int64_t written = 0;
    for (const std::int64_t piece : {2LL, 4094LL, 131072LL, 131070LL, 300002LL, 2LL}) {
        QVERIFY(store.append(ramp(written, piece)).has_value());
        written += piece;
        QCOMPARE(store.framesAvailable(), written / 2);
    }
    QCOMPARE(firstWrong(store, 0, written / 2), -1);
    for (std::int64_t frame = 65530; frame < 65540; ++frame) {
        QCOMPARE(firstWrong(store, frame, 9), -1);
    }
    QCOMPARE(store.spilledBytes(), 0);
}

void TestPcmStore::readsOverTheEndAndOutside() {
    PcmStore store({8000, 1}, "/nonexistent");
    QVERIFY(store.append(ramp(0, 100)).has_value());
    std::vector<std::int16_t> into(64);
    QCOMPARE(store.read(90, into), 10);
    QCOMPARE(store.read(100, into), 0);
    QCOMPARE(store.read(-1, into), 0);
    QCOMPARE(store.read(INT64_MAX, into), 0);
}

void TestPcmStore::spillsBeyondTheMemoryLimit() {
    const QTemporaryDir folder;
    constexpr std::int64_t kBlockBytes = PcmStore::kBlockSamples * 2;
    PcmStore store({48000, 2}, folder.path().toStdString(), {3 * kBlockBytes, PcmStore::kTotalLimit});
    const std::int64_t samples = PcmStore::kBlockSamples * 9 + 500;
    for (std::int64_t at = 0; at < samples; at += 1000) {
        QVERIFY(store.append(ramp(at, std::min<std::int64_t>(1000, samples - at))).has_value());
        QVERIFY(store.memoryBytes() <= 3 * kBlockBytes);
    }
    store.finish();
    QCOMPARE(store.totalFrames(), samples / 2);
    QCOMPARE(store.spilledBytes(), 7 * kBlockBytes);
    QCOMPARE(firstWrong(store, 0, samples / 2), -1);
    QCOMPARE(firstWrong(store, PcmStore::kBlockSamples * 3 / 2 - 7, 50), -1);
    QVERIFY2(QDir(folder.path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             "the file must have no name");
}

void TestPcmStore::spillFolderThatCannotBeWritten() {
    PcmStore store({8000, 1}, "/nonexistent", {PcmStore::kBlockSamples * 2, PcmStore::kTotalLimit});
    QVERIFY(store.append(ramp(0, PcmStore::kBlockSamples)).has_value());
    const auto done = store.append(ramp(PcmStore::kBlockSamples, 10));
    QVERIFY(!done);
    QVERIFY(!done.error().message.isEmpty());
    QCOMPARE(store.framesAvailable(), PcmStore::kBlockSamples);
    QCOMPARE(firstWrong(store, 0, PcmStore::kBlockSamples), -1);
    QVERIFY2(!store.append(ramp(0, 10)), "after an error nothing more is taken");
}

void TestPcmStore::refusesMoreThanTheTotalLimit() {
    constexpr std::int64_t kBlockBytes = PcmStore::kBlockSamples * 2;
    PcmStore store({8000, 1}, "/nonexistent", {PcmStore::kMemoryLimit, 2 * kBlockBytes});
    QVERIFY(store.append(ramp(0, 2 * PcmStore::kBlockSamples)).has_value());
    const auto done = store.append(ramp(0, 1));
    QVERIFY(!done);
    QCOMPARE(done.error().kind, ErrorKind::TooLarge);
}

void TestPcmStore::tellsLengthBeforeAndAfterTheEnd() {
    PcmStore store({8000, 1}, "/nonexistent");
    QCOMPARE(store.totalFrames(), 0);
    store.setEstimatedFrames(1000);
    QCOMPARE(store.totalFrames(), 1000);
    QVERIFY(store.append(ramp(0, 1200)).has_value());
    QCOMPARE(store.totalFrames(), 1200);
    store.setEstimatedFrames(5000);
    QCOMPARE(store.totalFrames(), 5000);
    QVERIFY(!store.isFinished());
    store.finish();
    QVERIFY(store.isFinished());
    QCOMPARE(store.totalFrames(), 1200);
}

void TestPcmStore::isReadWhileItIsWritten() {
    const QTemporaryDir folder;
    constexpr std::int64_t kBlockBytes = PcmStore::kBlockSamples * 2;
    PcmStore store({16000, 1}, folder.path().toStdString(), {2 * kBlockBytes, PcmStore::kTotalLimit});
    constexpr std::int64_t kFrames = PcmStore::kBlockSamples * 8;
    std::thread writer([&store] {
        for (std::int64_t at = 0; at < kFrames; at += 512) {
            if (!store.append(ramp(at, 512))) {
                return;
            }
        }
        store.finish();
    });
    std::atomic<std::int64_t> wrong = -1;
    const auto reader = [&store, &wrong](std::int64_t step) {
        std::int64_t at = 0;
        for (bool last = false; !last;) {
            last = store.isFinished();
            const std::int64_t end = store.framesAvailable();
            for (; at < end; at += step) {
                if (const std::int64_t bad = firstWrong(store, at, 64); bad >= 0) {
                    wrong = bad;
                }
            }
        }
    };
    std::thread first(reader, 37);
    std::thread second(reader, 4099);
    writer.join();
    first.join();
    second.join();
    QCOMPARE(wrong.load(), -1);
    QCOMPARE(store.framesAvailable(), kFrames);
}

QTEST_GUILESS_MAIN(TestPcmStore)
#include "tst_pcmstore.moc"
