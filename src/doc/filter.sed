# What Doxygen sees of a header; every line stays where it is.
# Users write yunhu::client, without the version's inline namespace.
s/yunhu::inline v[0-9_]+/yunhu/
# A specialisation of Boost's is nothing to read.
s/^template <.*> struct boost::.*//
# The fixed sections of a comment begin a line each.
/^ *\/\/\/ /s/(\/\/\/|[.;]) (Parameters|Completion|Completion signature|Errors|Cancellation|Thread safety|Lifetime|Source)((, [a-z ]+)*):/\1 <br><b>\2\3:<\/b>/g
