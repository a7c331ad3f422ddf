#include "tests/audio/heldoutvoices.h"

#include <QProcess>
#include <QStandardPaths>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace earmark::fixture {

using namespace Qt::StringLiterals;

namespace {

constexpr int kFormants = 5;
using Shape = std::array<double, 3>;  // the first three formants in hertz

constexpr std::array kVowels{Shape{660, 1700, 2400}, Shape{390, 1990, 2550}, Shape{280, 2250, 2890},
                             Shape{490, 1350, 1690}, Shape{440, 1020, 2240}, Shape{310, 870, 2250},
                             Shape{750, 1220, 2540}, Shape{520, 920, 2500},  Shape{380, 1650, 2300}};
static_assert(kVowels.size() == kHeldVowels);
constexpr Shape kNasal{250, 1100, 2200};

double gainOf(double db) {
    return std::pow(10.0, db / 20);
}

/// A glottis opens slowly and shuts at once (Rosenberg).
double flowAt(double phase) {
    return phase < 0.4   ? 0.5 * (1 - std::cos(std::numbers::pi * phase / 0.4))
           : phase < 0.6 ? std::cos(std::numbers::pi * (phase - 0.4) / 0.4)
                         : 0;
}

struct Resonance {
    double one = 0;
    double two = 0;
    double b = 0;
    double c = 0;
    int left = 0;

    double pass(double in, double hertz, double width, int rate) {
        if (left-- == 0) {  // it moves slowly
            const double radius = std::exp(-std::numbers::pi * width / rate);
            c = -radius * radius;
            b = 2 * radius * std::cos(2 * std::numbers::pi * std::min(hertz, 0.45 * rate) / rate);
            left = 31;
        }
        const double out = (1 - b - c) * in + b * one + c * two;
        two = one;
        one = out;
        return out;
    }
};

class Tract {
 public:
    Tract(const Talker& talker, int rate, std::mt19937& random) : m_talker(talker), m_rate(rate), m_random(random) {}

    Track sentence(double seconds) {
        const auto whole = static_cast<std::size_t>(seconds * m_rate);
        while (m_sound.size() < whole) {
            m_done = std::min(1.0, static_cast<double>(m_sound.size()) / static_cast<double>(whole));
            syllable();
        }
        m_done = 1;
        if (chance(0.5)) {
            fricative();
        }
        if (m_talker.breathes) {
            noise(between(0.2, 0.4), -38, 1500, 900);
        }
        return std::move(m_sound);
    }

 private:
    double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(m_random); }
    bool chance(double share) { return between(0, 1) < share; }
    [[nodiscard]] std::size_t length(double seconds) const {
        return static_cast<std::size_t>(seconds * m_rate / m_talker.pace);
    }
    [[nodiscard]] double contour() const { return m_talker.ending * m_done * m_done; }

    void syllable() {
        const double kind = between(0, 1);
        if (kind < 0.3) {
            plosive();
        } else if (kind < 0.6) {
            fricative();
        } else if (kind < 0.75) {
            voiced(between(0.05, 0.12), kNasal, kNasal, -10);
        } else if (kind < 0.8) {
            voiced(between(0.2, 0.5), kNasal, kNasal, -8);  // "mm"
        }
        const auto vowel = [this] { return kVowels[static_cast<std::size_t>(between(0, kVowels.size() - 0.01))]; };
        voiced(between(0.06, 0.24), vowel(), vowel(), -between(0, 6));
        if (chance(0.08)) {
            m_sound.resize(m_sound.size() + length(between(0.1, 0.5)), 0.0);  // a halt
        }
    }
    void plosive() {
        m_sound.resize(m_sound.size() + length(between(0.04, 0.1)), 0.0);
        noise(between(0.005, 0.015), -between(8, 20), between(800, 3400), 900);
        noise(between(0.01, 0.06), -between(22, 34), 1800, 1500);
    }
    void fricative() {
        const bool isSharp = chance(0.6);
        noise(between(0.06, 0.18), m_talker.hiss - between(0, isSharp ? 6 : 16), isSharp ? 3300 : 1700, 1400);
    }
    void noise(double seconds, double db, double hertz, double width) {
        Track part(length(seconds));
        Resonance first;
        Resonance second;
        for (double& value : part) {
            value = second.pass(first.pass(between(-1, 1), hertz, width, m_rate), hertz * 1.3, width, m_rate);
        }
        add(std::move(part), db, 0.008);
    }
    void voiced(double seconds, const Shape& from, const Shape& to, double db) {
        Track part(length(seconds));
        std::array<Resonance, kFormants> tract;
        const double pitch = m_talker.pitch * (1.12 - 0.3 * m_done) * between(0.93, 1.07);
        double phase = 0;
        double period = 1;
        double before = 0;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const double way = static_cast<double>(i) / static_cast<double>(part.size());
            phase += pitch * (1 + 0.08 * std::sin(3 * way)) * period / m_rate;
            if (phase >= 1) {
                phase -= 1;
                period = between(0.985, 1.015);
            }
            const double flow = flowAt(phase);
            double value = m_talker.whispers ? between(-1, 1) : flow - before + 0.004 * between(-1, 1);
            before = flow;
            for (int k = 0; k < kFormants; ++k) {
                const auto at = static_cast<std::size_t>(k);
                const double hertz = k < 3 ? from[at] + (to[at] - from[at]) * way : 3500 + 900.0 * (k - 3);
                value = tract[at].pass(value, hertz * m_talker.tract, 60 + 0.05 * hertz, m_rate);
            }
            part[i] = value;
        }
        add(std::move(part), db - (m_talker.whispers ? 6 : 0), 0.02);
    }
    void add(Track part, double db, double edgeSeconds) {
        double energy = 1e-20;
        for (const double value : part) {
            energy += value * value;
        }
        const double gain =
            gainOf(db + contour()) / std::sqrt(energy / static_cast<double>(std::max<std::size_t>(1, part.size())));
        const double edge = std::min(edgeSeconds * m_rate, static_cast<double>(part.size()) / 2) + 1;
        for (std::size_t i = 0; i < part.size(); ++i) {
            const double near = static_cast<double>(std::min(i, part.size() - 1 - i));
            m_sound.push_back(part[i] * gain * std::min(1.0, near / edge));
        }
    }

    Talker m_talker;
    int m_rate;
    std::mt19937& m_random;
    Track m_sound;
    double m_done = 0;
};

/// The loudest 10 ms become 0 dB of a mean square of 1.
Track normalised(Track track, int rate) {
    const auto frame = static_cast<std::size_t>(rate / 100);
    double loudest = 1e-20;
    for (std::size_t at = 0; at + frame <= track.size(); at += frame) {
        double energy = 0;
        for (std::size_t i = at; i < at + frame; ++i) {
            energy += track[i] * track[i];
        }
        loudest = std::max(loudest, energy / static_cast<double>(frame));
    }
    for (double& value : track) {
        value /= std::sqrt(loudest);
    }
    return track;
}

struct Line {
    const char* voice;
    const char* speed;
    const char* text;
};
constexpr std::array kLines{
    Line{"en-us+m3", "120", "Good morning, my name is Thomas, how can I help you with the account?"},
    Line{"en-gb+f2", "230", "Yes please, I think that the last invoice is far too high this month."},
    Line{"en-us+f4", "170", "Perhaps."},
    Line{"en-us+whisper", "150", "She is asleep, so please speak softly, thanks."},
    Line{"de+m1", "140", "Ich hätte gern eine Auskunft über die Kosten, bitte, sechs Stück."},
    Line{"de+f3", "240", "Nein, tut mir leid, das geht heute nicht mehr."},
    Line{"fr+m7", "180", "Bonjour, c'est à propos de ma facture, s'il vous plaît."},
    Line{"fr+f5", "110", "Oui, bien sûr."},
    Line{"es+m2", "260", "Quisiera hablar con alguien de la oficina central ahora mismo."},
    Line{"ru+f1", "160", "Здравствуйте, я хотела бы узнать про свой заказ."},
    Line{"ru+m4", "200", "Да, хорошо, спасибо."},
    Line{"pl+klatt3", "150", "Proszę czekać, zaraz sprawdzę szczegóły w systemie."},
    Line{"hi+f2", "170", "नमस्ते, मैं आपकी क्या सहायता कर सकता हूँ?"},
    Line{"tr+m5", "190", "Hayır, teşekkür ederim, şu anda istemiyorum."},
    Line{"it+klatt", "130", "Certo, aspetti un attimo."},
    Line{"en-us+croak", "120", "Well, I suppose so, if it must be."},
    Line{"en-us+Andy", "160", "Hello, thanks for calling, who am I speaking with?"},
    Line{"en-gb+linda", "210", "No."},
    Line{"en-us+whisperf", "140", "The safe is shut, hush, half past five."},
    Line{"en-us+steph", "130", "Fifteen thousand? If that's the figure, forget it."},
    Line{"en-us+victor", "190", "Stop it. Hold on a sec. What?"},
    Line{"en-us+grandma", "120", "Oh, I see, half of that then."},
    Line{"en-gb+m8", "150", "Mm-hm."},
    Line{"de+anika", "170", "Ach so, das ist ja schade, schicken Sie es bitte trotzdem."},
    Line{"de+boris", "130", "Ja."},
    Line{"de+whisper", "150", "Psst, ich spreche ganz leise."},
    Line{"de+klatt5", "200", "Achtzehn Kisten Fisch, frisch, sofort."},
    Line{"fr+michel", "180", "Ça suffit, vous êtes très chère, c'est fini."},
    Line{"fr+f1", "150", "Non merci."},
    Line{"fr+klatt6", "160", "Oui."},
    Line{"es+marcelo", "220", "Sí, sí, hasta luego, gracias por su ayuda."},
    Line{"es+belinda", "140", "Fue difícil hacerlo así."},
    Line{"es+iven", "170", "Vale."},
    Line{"cmn+adam", "160", "你好，请问你是谁？"},
    Line{"cmn+aunty", "190", "不是，谢谢。"},
};

}  // namespace

Track spokenSentence(const Talker& talker, double seconds, int rate, std::mt19937& random) {
    return normalised(Tract(talker, rate, random).sentence(seconds), rate);
}

Track heldVowel(const Talker& talker, int vowel, double seconds, double unsteady, int rate, std::mt19937& random) {
    std::uniform_real_distribution<double> between(-1, 1);
    std::array<Resonance, kFormants> tract;
    const Shape& shape = kVowels[static_cast<std::size_t>(vowel)];
    Track sound(static_cast<std::size_t>(seconds * rate));
    double phase = 0;
    double period = 1;
    double strength = 1;
    double before = 0;
    for (std::size_t i = 0; i < sound.size(); ++i) {
        phase += talker.pitch * period / rate;
        if (phase >= 1) {
            phase -= 1;
            period = 1 + unsteady * between(random);
            strength = 1 + 3 * unsteady * between(random);
        }
        const double flow = strength * flowAt(phase);
        double value = flow - before;
        before = flow;
        for (std::size_t k = 0; k < kFormants; ++k) {
            const double hertz = (k < 3 ? shape[k] : 3500 + 900.0 * static_cast<double>(k - 3)) * talker.tract;
            value = tract[k].pass(value, hertz, 60 + 0.05 * hertz, rate);
        }
        const double near = static_cast<double>(std::min(i, sound.size() - 1 - i));
        sound[i] = value * std::min(1.0, near / (0.03 * rate));
    }
    return normalised(std::move(sound), rate);
}

std::vector<Track> espeakSentences(int rate, const QString& directory) {
    const QString program = QStandardPaths::findExecutable(u"espeak-ng"_s);
    std::vector<Track> sentences;
    for (const Line& line : kLines) {
        const QString file = directory + u"/sentence.wav"_s;
        if (program.isEmpty() ||
            QProcess::execute(program, {u"-v"_s, QString::fromUtf8(line.voice), u"-s"_s, QString::fromUtf8(line.speed),
                                        u"-w"_s, file, QString::fromUtf8(line.text)}) != 0) {
            continue;
        }
        const Voices read = readPcmWav(file);
        if (read.channels.empty()) {
            continue;
        }
        Track low = read.channels.front();
        if (read.rate > rate) {  // what the lower rate cannot hold is left out first
            Resonance first;
            Resonance second;
            for (double& value : low) {
                value = second.pass(first.pass(value, 0, 0.7 * rate, read.rate), 0, 0.7 * rate, read.rate);
            }
        }
        sentences.push_back(normalised(resampled(low, read.rate, rate), rate));
    }
    return sentences;
}

}  // namespace earmark::fixture
