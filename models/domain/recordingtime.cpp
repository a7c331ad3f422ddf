#include "models/domain/recordingtime.h"

namespace earmark {

std::optional<Moment> recordingBegan(const Call& call) {
    switch (call.provider) {
        case Provider::Yotel:
            return call.agentConnectTime;
        case Provider::Vatel:
            return call.answerTime;
        case Provider::Atoms:
        case Provider::Autocalls:
            break;
    }
    return std::nullopt;
}

}  // namespace earmark
