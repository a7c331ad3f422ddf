#include "models/providers/readdialect.h"

#include "models/providers/yoteldialect.h"

namespace earmark {

std::shared_ptr<const ReadDialect> readDialectFor(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return std::make_shared<const YotelDialect>();
        case Provider::Atoms:
        case Provider::Vatel:
        case Provider::Autocalls:
            return nullptr;
    }
    return nullptr;
}

}  // namespace earmark
