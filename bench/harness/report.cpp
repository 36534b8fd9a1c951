#include "report.hpp"

namespace bench {
void write_report(std::ostream&, const std::vector<named_result>&) {}
} // namespace bench
