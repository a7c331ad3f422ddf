#include "ui/playback/listeningsettings.h"

#include <algorithm>
#include <cmath>

#include "models/audio/timestretch.h"
#include "ui/common/desksettings.h"
#include "ui/playback/player.h"

namespace earmark::listening {

namespace {

constexpr double kFirstOtherTempo = 1.5;

bool isNormal(double tempo) {
    return std::abs(tempo - 1) < 0.05;
}

/// A settings file can say anything.
double lawful(double tempo, double otherwise) {
    return std::isfinite(tempo) && tempo >= kSlowest && tempo <= kFastest ? tempo : otherwise;
}

}  // namespace

void applyTo(Player* player, const DeskSettings& settings) {
    player->setTempo(lawful(settings.value(kTempo, 1.0).toDouble(), 1));
    player->setAutoBack(
        std::clamp(std::chrono::milliseconds(settings.value(kAutoBack, qint64(kDefaultAutoBack.count())).toLongLong()),
                   std::chrono::milliseconds(0), std::chrono::milliseconds(5000)));
    player->setOutputDevice(settings.value(kDevice).toByteArray());
}

void chooseTempo(Player* player, DeskSettings* settings, double tempo) {
    player->setTempo(std::clamp(tempo, kSlowest, kFastest));
    settings->setValue(kTempo, player->tempo());
    if (!isNormal(player->tempo())) {
        settings->setValue(kLastTempo, player->tempo());
    }
}

void toggleTempo(Player* player, DeskSettings* settings) {
    const double other = lawful(settings->value(kLastTempo, kFirstOtherTempo).toDouble(), kFirstOtherTempo);
    chooseTempo(player, settings, isNormal(player->tempo()) ? other : 1);
}

}  // namespace earmark::listening
