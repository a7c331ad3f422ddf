#include "tests/playback/listening.h"

#include <QTest>
#include <array>

#include "tests/audio/correlation.h"

namespace earmark {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using fixture::Track;

namespace {

constexpr int kPatienceMs = 15000;
constexpr int kCoarse = 6;  // places are sought at 8 kHz first
constexpr std::ptrdiff_t kMs = Listener::kRate / 1000;
constexpr std::ptrdiff_t kFade = 12 * kMs;  // the player fades in; what it hides is not judged

Track part(const Track& track, std::ptrdiff_t from, std::ptrdiff_t count) {
    const auto size = static_cast<std::ptrdiff_t>(track.size());
    from = std::clamp<std::ptrdiff_t>(from, 0, size);
    return {track.begin() + from, track.begin() + std::min(size, from + count)};
}

double energy(const Track& track) {
    double sum = 0;
    for (const double value : track) {
        sum += value * value;
    }
    return sum;
}

Track sum(const Track& first, const Track& second) {
    Track both = first;
    for (std::size_t i = 0; i < std::min(both.size(), second.size()); ++i) {
        both[i] += second[i];
    }
    return both;
}

double loudness(const Track& track) {
    return std::sqrt(energy(track) / static_cast<double>(std::max<std::size_t>(1, track.size())));
}

/// How much later in the source than asked for the sound begins: the first moment as loud as the source is there.
/// Negative: something was heard before the wanted place. `lag` is where the wanted place lies in the recording.
double landingMs(const Track& clip, const Track& recording, std::ptrdiff_t lag) {
    constexpr std::ptrdiff_t kWindow = 5 * kMs;
    const double most = loudness(part(clip, 0, 60 * kMs));
    const double gain = loudness(part(recording, lag + kFade, 200 * kMs)) / loudness(part(clip, kFade, 200 * kMs));
    const auto before = std::find_if(recording.begin(), recording.begin() + std::max<std::ptrdiff_t>(0, lag - kMs),
                                     [&](double value) { return std::abs(value) > most * gain / 10; });
    if (before - recording.begin() < lag - kMs) {
        return static_cast<double>(before - recording.begin() - lag) / kMs;
    }
    for (std::ptrdiff_t at = 0; at < 200 * kMs; at += kMs) {
        const double wanted = loudness(part(clip, at, kWindow)) * gain;
        if (wanted > most * gain / 3 && loudness(part(recording, lag + at, kWindow)) > 0.4 * wanted) {
            return static_cast<double>(at) / kMs;
        }
    }
    return 200;
}

/// Where the piece lies in the recording, to the sample: coarse first, then around the best place.
correlation::Fit find(const Track& piece, const Track& recording) {
    const auto coarse =
        correlation::place(correlation::decimated(piece, kCoarse), correlation::decimated(recording, kCoarse));
    correlation::Fit best;
    for (int lag = std::max(0, (coarse.lag - 2) * kCoarse); lag <= (coarse.lag + 2) * kCoarse; ++lag) {
        if (const double value = correlation::fitAt(piece, recording, lag); value > best.value) {
            best = {lag, value};
        }
    }
    return best;
}

double driftMs(const Track& clip, const Track& recording, int lag) {
    const auto third = static_cast<std::ptrdiff_t>(clip.size()) / 3;
    const std::ptrdiff_t reach = 20 * kMs;
    const auto lagOf = [&](std::ptrdiff_t at) {
        const std::ptrdiff_t from = std::max<std::ptrdiff_t>(0, lag + at - reach);
        return find(part(clip, at, third), part(recording, from, third + 2 * reach)).lag + from - lag - at;
    };
    return static_cast<double>(lagOf(static_cast<std::ptrdiff_t>(clip.size()) - third) - lagOf(0)) / kMs;
}

Heard judgeSide(const Track& source, const Track& other, const Track& recording, std::ptrdiff_t lag) {
    const Track clip = part(source, kFade, static_cast<std::ptrdiff_t>(source.size()));
    const auto size = static_cast<std::ptrdiff_t>(clip.size());
    const Track same = part(recording, lag + kFade, size);
    if (same.size() != clip.size()) {
        return {};
    }
    if (energy(clip) < 1) {
        return {1, 0, 1};  // both are silent
    }
    return {correlation::fitAt(clip, same, 0), std::abs(correlation::fitAt(part(other, kFade, size), same, 0)),
            std::sqrt(energy(same) / std::max(1.0, energy(clip)))};
}

}  // namespace

QString Listener::play(const QString& file, std::chrono::milliseconds from, std::chrono::milliseconds length) {
    m_player->open({u"a"_s, file}, file, from);
    if (!QTest::qWaitFor([this] { return m_player->state() != PlayerState::Loading; }, kPatienceMs)) {
        return u"still loading"_s;
    }
    if (m_player->state() != PlayerState::Paused) {
        return m_player->problem() ? errorText(*m_player->problem()) + m_player->problem()->detail : u"not opened"_s;
    }
    return playOn(from, length);
}

QString Listener::playOn(std::chrono::milliseconds from, std::chrono::milliseconds length) {
    m_player->seek(from);
    m_asked = m_sink->recordedFrames();
    m_player->play();
    const auto enough = [this, from, length] {
        return m_player->position() >= from + length || m_player->state() == PlayerState::Ended;
    };
    if (!QTest::qWaitFor(enough, kPatienceMs)) {
        return u"the position stands at %1 ms"_s.arg(m_player->position().count());
    }
    m_player->pause();
    // The recorder hears it a little later; then it is silent before the next one begins.
    const std::int64_t last = m_sink->recordedFrames() + 170 * kMs;
    if (!QTest::qWaitFor([this, last] { return m_sink->recordedFrames() >= last; }, kPatienceMs)) {
        return u"the recorder stands"_s;
    }
    return {};
}

Listen Listener::judge(const fixture::Voices& source, std::chrono::milliseconds from,
                       std::chrono::milliseconds length) const {
    const auto recorded = m_sink->recorded();
    const std::span<const std::int16_t> asked(recorded.begin() + m_asked * 2, recorded.end());
    const std::array heard{correlation::channel(asked, 2, 0), correlation::channel(asked, 2, 1)};
    std::array<Track, 2> clips;
    for (std::size_t side = 0; side < 2; ++side) {
        clips[side] =
            part(source.channels[source.channels.size() == 1 ? 0 : side], from.count() * kMs, length.count() * kMs);
        if ((energy(heard[side]) < 1) != (energy(clips[side]) < 1)) {
            return {u"the %1 side is silent where it must not be, or is not where it must"_s.arg(
                        side == 0 ? u"left"_s : u"right"_s),
                    {}};
        }
    }
    // Both sides together settle the place, so that swapped sides are swapped there and not elsewhere.
    const Track clip = sum(clips[0], clips[1]);
    const Track recording = sum(heard[0], heard[1]);
    const auto lag = find(part(clip, kFade, 250 * kMs), recording).lag - kFade;
    Listen listen;
    for (std::size_t side = 0; side < 2; ++side) {
        listen.sides.push_back(
            judgeSide(clips[side], source.channels.size() == 1 ? Track() : clips[1 - side], heard[side], lag));
    }
    listen.driftMs =
        driftMs(part(clip, kFade, static_cast<std::ptrdiff_t>(clip.size())), recording, static_cast<int>(lag + kFade));
    listen.delayMs = static_cast<double>(lag) / kMs;
    listen.landingMs = landingMs(clip, recording, lag);
    return listen;
}

std::chrono::milliseconds loudPlace(const fixture::Voices& source, std::chrono::milliseconds from,
                                    std::chrono::milliseconds length) {
    constexpr double kLoud = 1200;
    const auto ms = static_cast<std::ptrdiff_t>(source.rate) / 1000;
    const auto level = [&source, ms](std::size_t channel, std::chrono::milliseconds at,
                                     std::chrono::milliseconds span) {
        return loudness(part(source.channels[channel], at.count() * ms, span.count() * ms));
    };
    const auto end = static_cast<std::ptrdiff_t>(source.channels.front().size()) / ms - length.count();
    for (std::chrono::milliseconds at = from; at.count() < end; at += 5ms) {
        bool begins = false;
        bool all = true;
        for (std::size_t channel = 0; channel < source.channels.size(); ++channel) {
            begins = begins || (level(channel, at, 10ms) > kLoud && level(channel, at, 60ms) > kLoud);
            all = all && level(channel, at, length) > kLoud / 4;
        }
        if (begins && all) {
            return at;
        }
    }
    return from;
}

}  // namespace earmark
