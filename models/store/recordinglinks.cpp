// The part of CallsDatabase that lets go of signed recording links.
#include "models/store/callsdatabaseprivate.h"

namespace earmark {

namespace {

// A call that says it has no recording is not asked about again, so its link stays.
constexpr std::string_view kDropped =
    "UPDATE call_texts SET recording_url = NULL WHERE recording_url LIKE '%?%' AND call_row IN"
    " (SELECT c.call_row FROM calls c WHERE c.has_recording IS NOT 0 AND ";

}  // namespace

Done CallsDatabase::dropLink(const CallKey& key) {
    return d->connection->run(std::string(kDropped) + std::string(Private::kKeyIs) + ")", key.account, key.remoteId);
}

Done CallsDatabase::dropLinksToldBefore(Moment before) {
    return d->inTransaction([&]() -> Done {
        const std::string bit = std::to_string(callrow::HasRecordingUrl);
        auto done = d->connection->run(std::string(kDropped) + "c.refreshed_at < ?1 AND c.texts_present & " + bit + ")",
                                       before);
        // Without the bit the next pull need not look at them again.
        return !done ? done
                     : d->connection->run("UPDATE calls SET texts_present = texts_present & ~" + bit +
                                              " WHERE refreshed_at < ?1 AND texts_present & " + bit,
                                          before);
    });
}

}  // namespace earmark
