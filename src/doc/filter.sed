# What Doxygen sees of a header; every line stays where it is.
# Users write yunhu::client, without the version's inline namespace.
s/^YUNHU_NAMESPACE_BEGIN$/namespace yunhu {/
s/^YUNHU_NAMESPACE_END$/}/
# Symbol visibility is nothing to read.
s/YUNHU_EXPORT //g
# A specialisation of Boost's is nothing to read.
s/^template <.*> struct boost::.*//
# The fixed sections of a comment begin a line each.
/^ *\/\/\/ /s/(\/\/\/|[.;]) (Parameters|Completion|Completion signature|Errors|Cancellation|Thread safety|Lifetime|Source)((, [a-z ]+)*):/\1 <br><b>\2\3:<\/b>/g
