// What the supervisor chose about listening, by the names under which it is remembered. Main thread only.
#pragma once

#include <QString>
#include <chrono>

namespace earmark {

class DeskSettings;
class Player;

namespace listening {

inline constexpr QLatin1StringView kTempo{"player/tempo"};               ///< 0.5..3.0
inline constexpr QLatin1StringView kLastTempo{"player/lastTempo"};       ///< where the key for the last speed goes from 1.0
inline constexpr QLatin1StringView kAutoBack{"player/autoBack"};         ///< milliseconds, heard again after a pause
inline constexpr QLatin1StringView kDevice{"player/device"};             ///< id of an output device; "" = the system's
inline constexpr QLatin1StringView kReaction{"marks/reaction"};          ///< milliseconds that a mark is set back
inline constexpr QLatin1StringView kAutoPlayNext{"queue/autoPlayNext"};  ///< at the end of a recording the next call plays
inline constexpr QLatin1StringView kKeepPlaying{"queue/keepPlaying"};    ///< while it plays, the next call plays too
inline constexpr QLatin1StringView kPrefetch{"queue/prefetch"};          ///< the next two recordings are made ready
inline constexpr QLatin1StringView kCacheMegabytes{"cache/megabytes"};
inline constexpr QLatin1StringView kCacheDays{"cache/days"};       ///< 0 = for ever
inline constexpr QLatin1StringView kShowNames{"mpris/showNames"};  ///< the desktop's media control tells whose call it is

inline constexpr std::chrono::milliseconds kDefaultAutoBack{1000};
inline constexpr std::chrono::milliseconds kDefaultReaction{700};
inline constexpr int kDefaultCacheMegabytes = 2048;
inline constexpr int kDefaultCacheDays = 30;

/// Everything remembered that the player itself keeps.
void applyTo(Player* player, const DeskSettings& settings);
/// Sets the speed and remembers it.
void chooseTempo(Player* player, DeskSettings* settings, double tempo);
/// Between 1.0 and the other speed that was used last.
void toggleTempo(Player* player, DeskSettings* settings);

}  // namespace listening
}  // namespace earmark
