// Transcripts of any size for tests and benchmarks: both speakers, tools, other scripts, estimated times.
#pragma once

#include <memory>

#include "models/domain/calldetails.h"

namespace earmark::test {

inline std::shared_ptr<CallDetails> manyTurns(int count) {
    using namespace Qt::StringLiterals;
    static const QStringList kSaid{
        u"Hello, this is the service desk. What can I do for you today?"_s,
        u"My card was charged twice, once on Monday and once this morning, and nobody could tell me why. I would like "
        u"to have one of the two taken back, please, and a letter about it."_s,
        u"Yes."_s,
        u"שלום, אני רוצה לבטל את הכרטיס שלי היום"_s,
        u"வணக்கம், எனது அட்டை இரண்டு முறை வசூலிக்கப்பட்டது"_s,
        u"I see <unk> two charges of 49.90 here.\nThe second one is only reserved and goes away by itself."_s,
    };
    auto details = std::make_shared<CallDetails>();
    details->transcript.reserve(size_t(count));
    for (int i = 0; i < count; ++i) {
        Turn turn;
        turn.speaker = i % 2 == 0 ? Speaker::Agent : Speaker::Customer;
        turn.text = u"%1 (%2)"_s.arg(kSaid.at(i % kSaid.size())).arg(i);
        turn.offset = std::chrono::milliseconds(i * 4'200);
        turn.isEstimated = i % 3 == 1;
        if (i % 40 == 17) {
            turn.kind = i % 80 == 17 ? TurnKind::ToolCall : TurnKind::ToolOutput;
            turn.tool = ToolUse{u"look_up_charge"_s, u"{\"card\":\"ending 4242\",\"days\":[1,5]}"_s,
                                turn.kind == TurnKind::ToolOutput ? u"{\"charges\":2}"_s : QString()};
        } else if (i % 40 == 29) {
            turn.kind = TurnKind::Interruption;
            turn.text = u"The customer spoke over the agent"_s;
        }
        details->transcript.push_back(std::move(turn));
    }
    return details;
}

}  // namespace earmark::test
