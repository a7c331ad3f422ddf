#include "models/domain/clock.h"

namespace earmark {

QString toIsoText(Moment moment) {
    using namespace std::chrono;
    // <chrono> instead of QDateTime: no time zone or locale can get in, and every year has the same form.
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss time{moment - day};
    const int year = static_cast<int>(date.year());
    return QString::asprintf("%s%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", year < 0 ? "-" : "", year < 0 ? -year : year,
                             static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                             static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                             static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
}

Moment SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::steady() const {
    return std::chrono::steady_clock::now();
}

}  // namespace earmark
